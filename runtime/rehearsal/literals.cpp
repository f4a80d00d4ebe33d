#include "runtime/rehearsal/literals.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "dsl/sql.hpp"
#include "dsl/sql_lexer.hpp"

namespace segue::runtime::rehearsal {

namespace {

using dsl::sql::next_token;
using dsl::sql::Token;
using dsl::sql::TokenKind;

std::string array_element(const std::string& text) {
  std::string made = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') made += '\\';
    made += c;
  }
  return made + '"';
}

TypeValues arrays(const TypeValues& element) {
  TypeValues literals;
  literals.edges = {"{}", "{NULL}"};
  constexpr std::size_t few = 6;
  for (std::size_t i = 0; i < std::min(few, element.edges.size()); ++i) {
    literals.edges.push_back("{" + array_element(element.edges[i]) + "}");
  }
  if (element.edges.size() > 1) {
    const std::string first = array_element(element.edges.front());
    const std::string last = array_element(element.edges.back());
    literals.edges.push_back("{" + last + ",NULL," + first + "," + first + "}");
    literals.edges.push_back("{{" + first + "},{" + last + "}}");
  }
  for (const Shape& shape : element.shapes) {
    literals.shapes.emplace_back([shape](std::uint64_t n) {
      return "{" + array_element(shape(n)) + "," + array_element(shape(n + 1)) + "}";
    });
  }
  if (literals.shapes.empty() && !element.edges.empty()) {
    literals.shapes.emplace_back([edges = element.edges](std::uint64_t n) {
      return "{" + array_element(edges[n % edges.size()]) + "}";
    });
  }
  return literals;
}

const planner::Type* user_type(const planner::Catalog& catalog, const std::string& base) {
  for (const planner::Type& type : catalog.types) {
    if (planner::quoted(type.name) == base) return &type;
  }
  return nullptr;
}

TypeValues of_user_type(const planner::Type& type) {
  if (type.kind == planner::TypeKind::enumeration) {
    if (type.labels.empty()) return {};
    return {type.labels,
            {[labels = type.labels](std::uint64_t n) { return labels[n % labels.size()]; }}};
  }
  if (type.kind == planner::TypeKind::range) return {{"empty", "(,)"}, {}};
  return {};
}

bool fits_bare(std::string_view digits) {
  constexpr std::size_t digits_of_every_int = 9;
  return !digits.empty() && digits.size() <= digits_of_every_int &&
         std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; }) &&
         (digits.size() == 1 || digits.front() != '0');
}

// What stands between the quotes of '…' or E'…'.
std::string unquoted(std::string_view token) {
  const std::size_t open = token.find('\'');
  if (open == std::string_view::npos || token.size() < open + 2) return std::string(token);
  const bool escapes = open > 0 && (token.front() == 'E' || token.front() == 'e');
  std::string text;
  for (std::size_t i = open + 1; i + 1 < token.size(); ++i) {
    if (token[i] == '\'' || (escapes && token[i] == '\\')) ++i;
    if (i + 1 < token.size()) text += token[i];
  }
  return text;
}

}  // namespace

TypeText parse_type_text(std::string_view type) {
  TypeText text;
  while (type.ends_with("[]")) {
    text.is_array = true;
    type.remove_suffix(2);
  }
  std::size_t at = 0;
  int depth = 0;
  for (Token token = next_token(type, at); token.kind != TokenKind::end;
       at = token.end, token = next_token(type, at)) {
    const std::string_view word = type.substr(token.begin, token.end - token.begin);
    if (word == "(") {
      ++depth;
    } else if (word == ")") {
      --depth;
    } else if (depth > 0) {
      int number = 0;
      if (std::from_chars(word.data(), word.data() + word.size(), number).ec == std::errc()) {
        text.modifiers.push_back(number);
      }
    } else {
      const bool glued = word == "." || text.base.ends_with('.') || text.base.empty();
      if (!glued) text.base += ' ';
      text.base += word;
    }
    if (token.end == at) break;
  }
  return text;
}

std::string without_domains(const planner::Catalog& catalog, const std::string& type) {
  std::string found = type;
  constexpr int deepest = 32;
  for (int i = 0; i < deepest; ++i) {
    const TypeText text = parse_type_text(found);
    const planner::Type* domain = text.is_array ? nullptr : user_type(catalog, text.base);
    if (domain == nullptr || domain->kind != planner::TypeKind::domain) break;
    found = domain->base;
  }
  return found;
}

TypeValues literals_of(const planner::Catalog& catalog, const std::string& type) {
  const std::string plain = without_domains(catalog, type);
  const TypeText text = parse_type_text(plain);
  if (text.is_array) return arrays(literals_of(catalog, plain.substr(0, plain.find("[]"))));
  if (const planner::Type* own = user_type(catalog, text.base);
      own != nullptr && own->kind != planner::TypeKind::base) {
    return of_user_type(*own);
  }
  if (auto found = text_literals(text)) return *found;
  if (auto found = number_literals(text, catalog.major())) return *found;
  if (auto found = time_literals(text)) return *found;
  if (auto found = range_literals(text)) return *found;
  if (auto found = other_literals(text)) return *found;
  return {};
}

std::string sql_literal(const std::optional<std::string>& value, const std::string& type) {
  if (!value) return "NULL";
  const bool integer = type == "integer" || type == "bigint" || type == "smallint";
  if ((integer || type == "numeric") && fits_bare(*value)) return *value;
  if (type == "boolean") return *value;
  if (type == "text") return dsl::sql::quote_literal(*value);
  return dsl::sql::quote_literal(*value) + "::" + type;
}

Constants constants_in(std::string_view expression) {
  Constants constants;
  std::string before;
  std::size_t at = 0;
  for (Token token = next_token(expression, at); token.kind != TokenKind::end;
       token = next_token(expression, at)) {
    if (token.end <= at) break;
    at = token.end;
    const std::string text(expression.substr(token.begin, token.end - token.begin));
    if (token.kind == TokenKind::string) constants.strings.push_back(unquoted(text));
    if (token.kind == TokenKind::number) {
      constants.numbers.push_back(before == "-" ? "-" + text : text);
    }
    before = text;
  }
  return constants;
}

TypeValues literals_near(const Constants& constants, const TypeText& type) {
  TypeValues literals;
  const bool text = text_literals(type).has_value();
  const bool number = number_literals(type, 0).has_value();
  const bool time = time_literals(type).has_value();
  for (const std::string& constant : constants.strings) {
    literals.edges.push_back(constant);
    if (text) {
      std::string word = constant;
      std::erase_if(word, [](char c) { return c == '%' || c == '^' || c == '$'; });
      literals.edges.push_back(word);
      literals.shapes.emplace_back(
          [word](std::uint64_t n) { return fmt::format("{}{}", word, n); });
      literals.shapes.emplace_back(
          [word](std::uint64_t n) { return fmt::format("{}{}", n, word); });
      literals.shapes.emplace_back(
          [word](std::uint64_t n) { return fmt::format("a{}{}b", n, word); });
    }
    // Days after a bound of a partition or a CHECK: '2020-01-01', '2020-01-01 00:00:00+00'.
    const bool dated = constant.size() >= 10 && constant[4] == '-' && constant[7] == '-';
    if (time && dated) {
      const std::string month = constant.substr(0, 8);
      const std::string rest = constant.substr(10);
      literals.shapes.emplace_back([month, rest](std::uint64_t n) {
        return fmt::format("{}{:02}{}", month, n % 28 + 1, rest);
      });
      int year = 0;
      std::from_chars(constant.data(), constant.data() + 4, year);
      for (const int step : {-1, 1}) {
        literals.shapes.emplace_back([year = year + step, rest](std::uint64_t n) {
          return fmt::format("{:04}-{:02}-{:02}{}", year, n / 28 % 12 + 1, n % 28 + 1, rest);
        });
      }
    }
  }
  std::vector<std::string> numbers = constants.numbers;
  // PostgreSQL prints a negative constant as '-5'::integer.
  if (number) {
    numbers.insert(numbers.end(), constants.strings.begin(), constants.strings.end());
    literals.edges.clear();
  }
  for (const std::string& constant : numbers) {
    long long value = 0;
    const bool whole =
        std::from_chars(constant.data(), constant.data() + constant.size(), value).ptr ==
        constant.data() + constant.size();
    if (number) {
      literals.edges.push_back(constant);
      if (!whole || value > 4000000000000000000LL || value < -4000000000000000000LL) continue;
      literals.edges.push_back(fmt::format("{}", value + 1));
      literals.edges.push_back(fmt::format("{}", value - 1));
      literals.shapes.emplace_back([value](std::uint64_t n) {
        return fmt::format("{}", value + static_cast<long long>(n % 1000000007));
      });
      literals.shapes.emplace_back([value](std::uint64_t n) {
        return fmt::format("{}", value - 1 - static_cast<long long>(n % 1000000007));
      });
      // Between two bounds that may be close.
      literals.shapes.emplace_back([value](std::uint64_t n) {
        return fmt::format("{}", value + 1 + static_cast<long long>(n % 10));
      });
    }
    constexpr long long longest = 200;
    if (text && whole && value > 0 && value <= longest) {
      const auto length = static_cast<std::size_t>(value);
      literals.edges.push_back(std::string(length, 'z'));
      literals.shapes.emplace_back([length](std::uint64_t n) {
        std::string digits = fmt::format("{:0{}}", n, length);
        return digits.size() > length ? digits.substr(digits.size() - length) : digits;
      });
    }
  }
  return literals;
}

}  // namespace segue::runtime::rehearsal
