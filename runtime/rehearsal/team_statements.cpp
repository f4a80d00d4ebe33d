#include "runtime/rehearsal/team_statements.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>

#include "dsl/sql_split.hpp"

namespace segue::runtime::rehearsal {

namespace {

struct Text {
  std::string place;
  std::string sql;
};

// As RFC 4180 has it: fields in quotes hold commas, line ends and doubled quotes.
std::vector<std::vector<std::string>> csv_lines(const std::string& text) {
  std::vector<std::vector<std::string>> lines;
  std::vector<std::string> line;
  std::string field;
  bool quoted = false;
  const auto end_field = [&] {
    line.push_back(std::move(field));
    field.clear();
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c != '"') {
        field += c;
      } else if (i + 1 < text.size() && text[i + 1] == '"') {
        field += c;
        ++i;
      } else {
        quoted = false;
      }
    } else if (c == '"') {
      quoted = true;
    } else if (c == ',') {
      end_field();
    } else if (c == '\n') {
      end_field();
      lines.push_back(std::move(line));
      line.clear();
    } else if (c != '\r') {
      field += c;
    }
  }
  if (!field.empty() || !line.empty()) {
    end_field();
    lines.push_back(std::move(line));
  }
  return lines;
}

std::vector<Text> from_csv(const std::string& file, const std::string& text) {
  const auto lines = csv_lines(text);
  const auto header = lines.empty() ? std::vector<std::string>{} : lines.front();
  const auto column = std::find(header.begin(), header.end(), "query");
  if (column == header.end())
    throw std::runtime_error(fmt::format("{}: no column \"query\" in its first line", file));
  const auto place = static_cast<std::size_t>(column - header.begin());
  std::vector<Text> texts;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    if (place < lines[i].size())
      texts.push_back({fmt::format("{}, query {}", file, i), lines[i][place]});
  }
  return texts;
}

std::vector<Text> from_json(const std::string& file, const std::string& text) {
  const nlohmann::json json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_array())
    throw std::runtime_error(fmt::format("{}: not a JSON list of queries", file));
  std::vector<Text> texts;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const nlohmann::json& one = json[i];
    if (!one.is_object() || !one.contains("query") || !one["query"].is_string())
      throw std::runtime_error(fmt::format("{}: entry {} has no \"query\"", file, i + 1));
    texts.push_back({fmt::format("{}, query {}", file, i + 1), one["query"].get<std::string>()});
  }
  return texts;
}

std::vector<Text> from_sql(const std::string& file, const std::string& text) {
  std::vector<Text> texts;
  std::map<std::uint32_t, int> on_line;
  for (const dsl::sql::StatementText& one : dsl::sql::split_statements(text)) {
    if (one.is_meta) continue;
    // Each is prepared under the name of its place.
    const int number = ++on_line[one.line];
    texts.push_back({fmt::format("{}:{}{}", file, one.line,
                                 number == 1 ? "" : fmt::format(", statement {}", number)),
                     std::string(one.text)});
  }
  return texts;
}

}  // namespace

TeamStatements read_team_statements(Release release, const std::string& file,
                                    const std::string& text) {
  const std::filesystem::path path = file;
  const std::string name = path.filename().string();
  const std::string ending = path.extension().string();
  const std::vector<Text> texts = ending == ".csv"    ? from_csv(name, text)
                                  : ending == ".json" ? from_json(name, text)
                                                      : from_sql(name, text);
  TeamStatements result;
  for (const Text& one : texts) {
    auto parsed = dsl::sql::parse_app_statement(one.sql);
    if (const auto* error = std::get_if<dsl::sql::ParseError>(&parsed)) {
      result.notes.push_back(fmt::format("{}: left out: {}", one.place, error->message));
      continue;
    }
    auto& shape = std::get<dsl::sql::AppStatement>(parsed);
    if (shape.kind == dsl::sql::AppStatement::Kind::other) {
      result.notes.push_back(
          fmt::format("{}: left out: it neither reads nor writes rows", one.place));
      continue;
    }
    result.statements.push_back({release, one.place, one.sql, std::move(shape)});
  }
  return result;
}

}  // namespace segue::runtime::rehearsal
