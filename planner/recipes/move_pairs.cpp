#include "planner/recipes/move_pairs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "planner/recipes/parts.hpp"
#include "planner/type_shape.hpp"

namespace segue::planner {

namespace {

using dsl::sql::quote_identifier;

// A column of the condition, and on which side of the move it is.
struct Side {
  const dsl::sql::ColumnUse* use = nullptr;
  bool of_source = false;
  dsl::Span span;
};

dsl::Span span_of(const dsl::Fragment& fragment, const dsl::sql::ColumnUse& use) {
  return {fragment.span.begin + static_cast<std::uint32_t>(use.begin),
          fragment.span.begin + static_cast<std::uint32_t>(use.name_end)};
}

// What stands between two columns, without blanks and parentheses.
std::string between(const std::string& text, std::size_t from, std::size_t to) {
  std::string out;
  for (const char c : text.substr(from, to - from)) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isspace(byte) == 0 && c != '(' && c != ')')
      out += static_cast<char>(std::tolower(byte));
  }
  return out;
}

// column = column [AND column = column …], and nothing else.
bool is_pairing(const std::string& text, const std::vector<dsl::sql::ColumnUse>& uses) {
  if (uses.empty() || uses.size() % 2 != 0) return false;
  if (!between(text, 0, uses.front().begin).empty()) return false;
  for (std::size_t i = 0; i + 1 < uses.size(); ++i) {
    const std::string link = between(text, uses[i].name_end, uses[i + 1].begin);
    if (link != (i % 2 == 0 ? "=" : "and")) return false;
  }
  return between(text, uses.back().name_end, text.size()).empty();
}

bool means(const dsl::sql::ColumnUse& use, const Table& table) {
  if (use.qualifiers.empty()) return table.column(use.name) != nullptr;
  if (use.qualifiers.back() != table.name.name) return false;
  return use.qualifiers.size() == 1 || use.qualifiers.front() == table.name.schema;
}

std::optional<Side> side_of(Context& context, const dsl::Fragment& on,
                            const dsl::sql::ColumnUse& use, const Table& from, const Table& to) {
  const dsl::Span span = span_of(on, use);
  const bool source = means(use, from);
  const bool target = means(use, to);
  if (source == target) {
    context.error(span,
                  source ? fmt::format("\"{}\" may be a column of either table", use.name)
                         : fmt::format("\"{}\" is a column of neither {} nor {}", use.name,
                                       quoted(from.name), quoted(to.name)),
                  fmt::format("write it with its table: {}.{}", quote_identifier(to.name.name),
                              quote_identifier(use.name)));
    return std::nullopt;
  }
  return Side{&use, source, span};
}

bool compare_alike(const std::string& a, const std::string& b) {
  const TypeShape first = shape_of_type(a);
  const TypeShape second = shape_of_type(b);
  const auto string = [](const TypeShape& type) {
    return !type.array && (type.name == "text" || type.name == "varchar");
  };
  return (first.name == second.name && first.array == second.array) ||
         (is_integer(first) && is_integer(second)) || (string(first) && string(second));
}

// The column as it is now and will be: one that the file changes pairs other rows while it does.
const Column* steady(Context& context, const Table& table, const Side& side) {
  const auto column = context.column(table, {side.use->name, side.span});
  if (!column) return nullptr;
  if (column->base != nullptr && !column->renamed() && column->shadow.empty()) return column->base;
  context.error(side.span,
                fmt::format("column \"{}\" of {} pairs the rows and is changed by this file",
                            side.use->name, quoted(table.name)),
                "change it in a change before or after this one");
  return nullptr;
}

bool is_unique(const Table& table, const std::vector<std::string>& columns) {
  return std::any_of(table.indexes.begin(), table.indexes.end(), [&](const Index& index) {
    return index.unique && index.valid && index.predicate.empty() &&
           std::all_of(index.keys.begin(), index.keys.end(), [&](const IndexKeyPart& part) {
             return !part.column.empty() &&
                    std::find(columns.begin(), columns.end(), part.column) != columns.end();
           });
  });
}

bool one_to_one(Context& context, const dsl::MoveColumn& intent, const Table& from, const Table& to,
                const std::vector<PairedColumns>& pairs) {
  std::vector<std::string> sources;
  std::vector<std::string> targets;
  for (const PairedColumns& pair : pairs) {
    sources.push_back(pair.source);
    targets.push_back(pair.target);
  }
  if (!is_unique(to, targets)) {
    context.error(
        intent.on.span,
        fmt::format("a row of {} may pair with several of {}: ({}) is not unique there",
                    quoted(from.name), quoted(to.name), joined(targets)),
        fmt::format("unique {}({}) in a change before this one", quoted(to.name), joined(targets)));
    return false;
  }
  if (!is_unique(from, sources)) {
    context.error(intent.on.span,
                  fmt::format("several rows of {} may pair with one of {}, and which of their "
                              "values would it take? ({}) is not unique",
                              quoted(from.name), quoted(to.name), joined(sources)),
                  fmt::format("unique {}({}) in a change before this one; or add the column, and "
                              "let the application choose",
                              quoted(from.name), joined(sources)));
    return false;
  }
  return true;
}

}  // namespace

std::optional<std::vector<PairedColumns>> pairs_of(Context& context, const dsl::MoveColumn& intent,
                                                   const Table& from, const Table& to) {
  const auto parsed = dsl::sql::parse_expression(intent.on.text);
  const auto* expression = std::get_if<dsl::sql::Expression>(&parsed);
  if (expression == nullptr) return std::nullopt;  // the parser has said so
  std::vector<dsl::sql::ColumnUse> uses = expression->columns;
  std::sort(uses.begin(), uses.end(),
            [](const auto& a, const auto& b) { return a.begin < b.begin; });
  if (!is_pairing(intent.on.text, uses)) {
    context.error(intent.on.span, "`on` takes equalities between columns of the two tables",
                  fmt::format("as on ({}.column = {}.column), joined by `and`",
                              quote_identifier(to.name.name), quote_identifier(from.name.name)));
    return std::nullopt;
  }
  std::vector<PairedColumns> pairs;
  for (std::size_t i = 0; i < uses.size(); i += 2) {
    const auto left = side_of(context, intent.on, uses[i], from, to);
    const auto right = side_of(context, intent.on, uses[i + 1], from, to);
    if (!left || !right) return std::nullopt;
    if (left->of_source == right->of_source) {
      context.error(left->span, "both sides are columns of one table",
                    "an equality pairs a row of one table with a row of the other");
      return std::nullopt;
    }
    const Side& source = left->of_source ? *left : *right;
    const Side& target = left->of_source ? *right : *left;
    const Column* from_column = steady(context, from, source);
    const Column* to_column = steady(context, to, target);
    if (from_column == nullptr || to_column == nullptr) return std::nullopt;
    if (!compare_alike(from_column->type, to_column->type)) {
      context.error(
          left->span,
          fmt::format("{} is {} and {} is {}", quote_identifier(from_column->name),
                      from_column->type, quote_identifier(to_column->name), to_column->type),
          "columns of one type pair rows; retype one of them in a change before this");
      return std::nullopt;
    }
    pairs.push_back({from_column->name, to_column->name});
  }
  if (!one_to_one(context, intent, from, to, pairs)) return std::nullopt;
  return pairs;
}

}  // namespace segue::planner
