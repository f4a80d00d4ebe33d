#include "tests/dsl/ebnf.hpp"

#include <algorithm>
#include <stdexcept>

#include "dsl/sql_lexer.hpp"

namespace segue::dsl::testing_support {
namespace {

using Kind = EbnfNode::Kind;

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  Ebnf read() {
    Ebnf ebnf;
    skip();
    while (at_ < text_.size()) {
      const auto name = word();
      expect('=');
      if (!ebnf.emplace(name, choice()).second) fail("defined twice: " + name);
      expect(';');
    }
    return ebnf;
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw std::runtime_error(what + " near: " + std::string(text_.substr(at_, 40)));
  }

  void skip() {
    while (at_ < text_.size() &&
           std::string_view(" \n").find(text_[at_]) != std::string_view::npos) {
      ++at_;
    }
  }

  bool looking_at(char c) const { return at_ < text_.size() && text_[at_] == c; }

  void expect(char c) {
    if (!looking_at(c)) fail(std::string("expected ") + c);
    ++at_;
    skip();
  }

  std::string word() {
    const auto begin = at_;
    while (at_ < text_.size() && sql::is_identifier_part(text_[at_])) ++at_;
    if (begin == at_) fail("expected a name");
    const auto found = std::string(text_.substr(begin, at_ - begin));
    skip();
    return found;
  }

  std::string until(char c) {
    const auto end = text_.find(c, ++at_);
    if (end == std::string_view::npos) fail(std::string("no closing ") + c);
    const auto found = std::string(text_.substr(at_, end - at_));
    at_ = end + 1;
    skip();
    return found;
  }

  EbnfNode choice() {
    EbnfNode node{Kind::choice, "", {sequence()}};
    while (looking_at('|')) {
      expect('|');
      node.parts.push_back(sequence());
    }
    return node.parts.size() == 1 ? node.parts.front() : node;
  }

  EbnfNode sequence() {
    EbnfNode node;
    while (at_ < text_.size() &&
           std::string_view("|;)]}").find(text_[at_]) == std::string_view::npos) {
      node.parts.push_back(part());
    }
    return node.parts.size() == 1 ? node.parts.front() : node;
  }

  EbnfNode part() {
    if (looking_at('"')) return {Kind::terminal, until('"'), {}};
    if (looking_at('?')) return {Kind::words, until('?'), {}};
    if (looking_at('[')) return enclosed(Kind::option, '[', ']');
    if (looking_at('{')) return enclosed(Kind::repetition, '{', '}');
    if (looking_at('(')) return enclosed(Kind::sequence, '(', ')');
    return {Kind::rule, word(), {}};
  }

  EbnfNode enclosed(Kind kind, char open, char close) {
    expect(open);
    EbnfNode node{kind, "", {choice()}};
    expect(close);
    return node;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

template <typename Visit>
void walk(const EbnfNode& node, const Visit& visit) {
  visit(node);
  for (const auto& part : node.parts) walk(part, visit);
}

class Writer {
 public:
  Writer(const Ebnf& ebnf, std::mt19937& random) : ebnf_(ebnf), random_(random) {}

  std::string rule(const std::string& name) {
    const auto& node = ebnf_.at(name);
    return node.kind == Kind::words ? example(name) : text(node);
  }

 private:
  std::size_t pick(std::size_t count) { return random_() % count; }
  std::string one_of(const std::vector<std::string>& choices) {
    return choices[pick(choices.size())];
  }

  // What a rule that is described in words may look like.
  std::string example(const std::string& name) {
    static const std::map<std::string, std::vector<std::string>> examples = {
        {"word", {"users", "a1", "größe", "_x", "Amount", "id$"}},
        {"quoted_word", {"\"Full Name\"", "\"a\"\"b\"", "\"select\"", "\"-- no\""}},
        {"raw_name", {"app.users", "lower", "\"C\"", "pg_catalog.\"default\"", "email"}},
        {"column", {"users.email", "app.users.\"Full Name\"", "\"T\".c"}},
        {"table", {"orders", "app.orders", "\"Order\""}},
        {"sql_text",
         {"table notes (id bigint primary key, body text)", "type mood as enum ('a', 'b')",
          "view v as select 1 as one"}},
        {"index_name", {"users_email_idx", "app.\"Idx\""}},
        {"type_name", {"mood", "app.mood"}},
        {"constraint_name", {"users.users_email_check", "app.users.\"C 1\""}},
        {"label", {"a", "0007_x", "x-y.z"}},
        {"integer", {"1", "42", "007"}},
        {"number", {"1", "2.5", "1e10", ".5"}},
        {"string", {"'x'", "'it''s'", "E'a\\'b'", "'; -- /* ('"}},
        {"dollar_string", {"$$a 'b' ($$", "$t$ $$ $t$"}},
        {"parentheses",
         {"(a + 1)", "(lower(email) || ')')", "(a /* ) */\n+ 1)", "(x -- )\n)", "(1)"}},
        {"square_brackets", {"[1]", "[ 2 ]"}},
    };
    return one_of(examples.at(name));
  }

  std::string text(const EbnfNode& node) {
    switch (node.kind) {
      case Kind::terminal:
        return pick(4) == 0 ? upper(node.text) : node.text;
      case Kind::rule:
        return rule(node.text);
      case Kind::words:
        return node.text;
      case Kind::choice:
        return text(node.parts[pick(node.parts.size())]);
      case Kind::option:
        return pick(2) == 0 ? "" : text(node.parts.front());
      case Kind::repetition:
        return repeated(node.parts.front());
      case Kind::sequence:
        break;
    }
    std::string out;
    for (const auto& part : node.parts) join(out, text(part));
    return out;
  }

  // Alternatives one level down, so that no clause comes twice.
  std::vector<EbnfNode> alternatives(const EbnfNode& node) {
    if (node.kind == Kind::rule && ebnf_.at(node.text).kind == Kind::choice) {
      return alternatives(ebnf_.at(node.text));
    }
    if (node.kind != Kind::choice) return {node};
    std::vector<EbnfNode> all;
    for (const auto& part : node.parts) {
      for (auto& inner : alternatives(part)) all.push_back(std::move(inner));
    }
    return all;
  }

  std::string repeated(const EbnfNode& node) {
    auto choices = alternatives(node);
    std::shuffle(choices.begin(), choices.end(), random_);
    choices.resize(pick(choices.size() + 1));
    std::string out;
    for (const auto& choice : choices) join(out, text(choice));
    return out;
  }

  void join(std::string& out, const std::string& next) {
    static const std::vector<std::string> blanks = {" ",         " ",    "  ",        "\t",
                                                    " /* c */ ", "\n  ", " -- c\n  ", "\r\n\t"};
    if (!out.empty() && !next.empty()) out += one_of(blanks);
    out += next;
  }

  static std::string upper(std::string word) {
    std::ranges::transform(word, word.begin(), [](char c) {
      return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    return word;
  }

  const Ebnf& ebnf_;
  std::mt19937& random_;
};

}  // namespace

Ebnf parse_ebnf(std::string_view text) {
  return Reader(text).read();
}

std::set<std::string> keywords_of(const Ebnf& ebnf) {
  std::set<std::string> words;
  for (const auto& [name, rule] : ebnf) {
    walk(rule, [&](const EbnfNode& node) {
      if (node.kind == Kind::terminal && sql::is_identifier_start(node.text.front())) {
        words.insert(node.text);
      }
    });
  }
  return words;
}

std::set<std::string> mentioned_rules(const Ebnf& ebnf) {
  std::set<std::string> names;
  for (const auto& [name, rule] : ebnf) {
    walk(rule, [&](const EbnfNode& node) {
      if (node.kind == Kind::rule) names.insert(node.text);
    });
  }
  return names;
}

std::string random_sentence(const Ebnf& ebnf, const std::string& rule, std::mt19937& random) {
  return Writer(ebnf, random).rule(rule);
}

}  // namespace segue::dsl::testing_support
