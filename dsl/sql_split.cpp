#include "dsl/sql_split.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <utility>

namespace segue::dsl::sql {

namespace {

bool begins_word(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return std::isalpha(byte) != 0 || c == '_' || byte >= 0x80U;
}

bool continues_word(char c) {
  return begins_word(c) || std::isdigit(static_cast<unsigned char>(c)) != 0 || c == '$';
}

class Splitter {
 public:
  explicit Splitter(std::string_view text) : text_(text) {}

  std::vector<StatementText> split() {
    while (at_ < text_.size()) step();
    end_statement(text_.size());
    return std::move(found_);
  }

 private:
  void step() {
    const char c = text_[at_];
    if (c == '\n') {
      ++line_;
      ++at_;
    } else if (std::isspace(static_cast<unsigned char>(c)) != 0) {
      ++at_;
    } else if (looking_at("--")) {
      at_ = std::min(text_.find('\n', at_), text_.size());
    } else if (looking_at("/*")) {
      skip_comment();
    } else if (c == '\\' && !open_) {
      take_meta();
    } else if (c == ';' && depth_ == 0 && blocks_ == 0) {
      end_statement(at_);
      ++at_;
    } else {
      token(c);
    }
  }

  void token(char c) {
    if (!open_) {
      open_ = true;
      begin_ = at_;
      begin_line_ = line_;
    }
    if (c == '\'') {
      skip_quoted('\'', false);
    } else if (c == '"') {
      skip_quoted('"', false);
    } else if ((c == 'e' || c == 'E') && at_ + 1 < text_.size() && text_[at_ + 1] == '\'') {
      ++at_;
      skip_quoted('\'', true);
    } else if (c == '$' && skip_dollar_quoted()) {
      // done
    } else if (begins_word(c)) {
      take_word();
    } else if (std::isdigit(static_cast<unsigned char>(c)) != 0) {
      while (at_ < text_.size() && continues_word(text_[at_])) ++at_;
    } else {
      if (c == '(') ++depth_;
      if (c == ')' && depth_ > 0) --depth_;
      ++at_;
    }
  }

  bool looking_at(std::string_view what) const { return text_.substr(at_).starts_with(what); }

  void advance_to(std::size_t end) {
    end = std::min(end, text_.size());
    line_ += static_cast<std::uint32_t>(std::count(text_.begin() + static_cast<std::ptrdiff_t>(at_),
                                                   text_.begin() + static_cast<std::ptrdiff_t>(end),
                                                   '\n'));
    at_ = end;
  }

  void skip_comment() {
    std::size_t i = at_ + 2;
    for (int level = 1; level > 0 && i < text_.size();) {
      const std::string_view two = text_.substr(i, 2);
      const bool bracket = two == "/*" || two == "*/";
      if (bracket) level += two == "/*" ? 1 : -1;
      i += bracket ? 2 : 1;
    }
    advance_to(i);
  }

  void skip_quoted(char quote, bool backslashes) {
    std::size_t i = at_ + 1;
    for (; i < text_.size(); ++i) {
      if (backslashes && text_[i] == '\\') {
        ++i;
      } else if (text_[i] == quote) {
        // A doubled one is one inside; taking it for an end and a new beginning comes to the same.
        break;
      }
    }
    advance_to(i + 1);
  }

  bool skip_dollar_quoted() {
    std::size_t end = at_ + 1;
    if (end < text_.size() && begins_word(text_[end])) {
      while (end < text_.size() && continues_word(text_[end]) && text_[end] != '$') ++end;
    }
    if (end >= text_.size() || text_[end] != '$') return false;
    const std::string_view tag = text_.substr(at_, end + 1 - at_);
    const std::size_t close = text_.find(tag, end + 1);
    advance_to(close == std::string_view::npos ? text_.size() : close + tag.size());
    return true;
  }

  void take_word() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && continues_word(text_[at_])) ++at_;
    std::string word(text_.substr(begin, at_ - begin));
    std::transform(word.begin(), word.end(), word.begin(), [](char c) {
      return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    });
    // Only CREATE FUNCTION and CREATE PROCEDURE have statements inside without quotes.
    if (in_routine_ && depth_ == 0) {
      // BEGIN alone may be a name.
      const bool begins = word == "atomic" && previous_word_ == "begin";
      if (begins || (blocks_ > 0 && word == "case")) ++blocks_;
      if (word == "end" && blocks_ > 0) --blocks_;
    }
    if (words_ < first_words_.size()) first_words_[words_++] = word;
    in_routine_ = is_routine();
    previous_word_ = std::move(word);
  }

  // CREATE [OR REPLACE] FUNCTION | PROCEDURE
  bool is_routine() const {
    if (words_ < 2 || first_words_[0] != "create") return false;
    const std::size_t place = first_words_[1] == "or" ? 3 : 1;
    return place < words_ &&
           (first_words_[place] == "function" || first_words_[place] == "procedure");
  }

  void take_meta() {
    const std::size_t end = std::min(text_.find('\n', at_), text_.size());
    std::string_view line = text_.substr(at_, end - at_);
    if (line.ends_with('\r')) line.remove_suffix(1);
    found_.push_back({.text = line, .line = line_, .is_meta = true});
    at_ = end;
  }

  void end_statement(std::size_t end) {
    if (open_) {
      std::string_view statement = text_.substr(begin_, end - begin_);
      while (!statement.empty() &&
             std::isspace(static_cast<unsigned char>(statement.back())) != 0) {
        statement.remove_suffix(1);
      }
      found_.push_back({.text = statement, .line = begin_line_, .is_meta = false});
    }
    open_ = false;
    depth_ = 0;
    blocks_ = 0;
    words_ = 0;
    previous_word_.clear();
    in_routine_ = false;
  }

  std::string_view text_;
  std::vector<StatementText> found_;
  std::size_t at_ = 0;
  std::uint32_t line_ = 1;
  // The statement in hand.
  bool open_ = false;
  std::size_t begin_ = 0;
  std::uint32_t begin_line_ = 1;
  int depth_ = 0;   // of brackets
  int blocks_ = 0;  // of BEGIN ATOMIC and CASE
  std::array<std::string, 4> first_words_;
  std::size_t words_ = 0;
  std::string previous_word_;
  bool in_routine_ = false;
};

}  // namespace

std::vector<StatementText> split_statements(std::string_view text) {
  return Splitter(text).split();
}

}  // namespace segue::dsl::sql
