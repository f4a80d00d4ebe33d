#include "codegen/snapshot.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "codegen/catalog_fields.hpp"
#include "planner/plan.hpp"

namespace segue::codegen {
namespace {

using planner::Catalog;
using testing::HasSubstr;

Catalog everything() {
  std::ifstream stream(SEGUE_SOURCE_DIR "/tests/runtime/everything.json");
  std::ostringstream text;
  text << stream.rdbuf();
  return read_snapshot(text.str());
}

std::string error_of(std::string_view json) {
  try {
    read_snapshot(json);
  } catch (const SnapshotError& error) {
    return error.what();
  }
  return "no error";
}

TEST(Snapshot, ComesBackAsItWas) {
  Catalog catalog = everything();
  EXPECT_EQ(write_snapshot(read_snapshot(write_snapshot(catalog))), write_snapshot(catalog));
  EXPECT_TRUE(read_snapshot(write_snapshot(catalog)) == catalog);
  EXPECT_TRUE(read_snapshot(write_snapshot({})) == Catalog{});

  catalog.tables.front().estimated_rows = 1e9;
  catalog.tables.front().bytes = 1LL << 40;
  EXPECT_TRUE(read_snapshot(write_snapshot(catalog, true)) == catalog);
  EXPECT_EQ(write_snapshot(catalog).find("estimated_rows"), std::string::npos);
}

TEST(Snapshot, OddNamesAndValuesSurvive) {
  Catalog catalog;
  planner::Table table;
  for (const char* name : {"a.b", "\"", "select", "Ünïcode 名前", "a\"\".\"b", "1"}) {
    table.name = {name, "x"};
    catalog.tables.push_back(table);
    table.name = {"x", name};
    catalog.tables.push_back(table);
  }
  EXPECT_TRUE(read_snapshot(write_snapshot(catalog)) == catalog);
  catalog.schemas = {"not UTF-8: \xFF"};
  EXPECT_EQ(read_snapshot(write_snapshot(catalog)).schemas.front(), "not UTF-8: \xEF\xBF\xBD");
}

TEST(Snapshot, IsReadable) {
  Catalog catalog;
  catalog.server_version = 150018;
  catalog.search_path = {"public"};
  catalog.tables.resize(1);
  catalog.tables[0].name = {"public", "users"};
  catalog.tables[0].columns.resize(1);
  catalog.tables[0].columns[0].name = "id";
  catalog.tables[0].columns[0].type = "bigint";
  catalog.tables[0].columns[0].not_null = true;
  catalog.tables[0].comment = std::string(90, 'x');
  EXPECT_EQ(write_snapshot(catalog),
            "{\n"
            " \"segue_snapshot\": 1,\n"
            " \"catalog\": {\n"
            "  \"server_version\": 150018,\n"
            "  \"search_path\": [\"public\"],\n"
            "  \"tables\": [\n"
            "   {\n"
            "    \"name\": \"public.users\",\n"
            "    \"columns\": [{\"name\":\"id\",\"type\":\"bigint\",\"not_null\":true}],\n"
            "    \"comment\": \"" +
                std::string(90, 'x') +
                "\"\n"
                "   }\n"
                "  ]\n"
                " }\n"
                "}\n");
}

TEST(Snapshot, MistakesAreNamed) {
  EXPECT_EQ(error_of(""), "not JSON");
  EXPECT_EQ(error_of("{"), "not JSON");
  EXPECT_EQ(error_of("[]"), "not a snapshot of segue's");
  EXPECT_EQ(error_of(R"({"segue_snapshot": 2})"),
            "a snapshot of version 2; this segue reads version 1");
  EXPECT_EQ(error_of(R"({"segue_snapshot": 1})"), "a snapshot without a catalogue");
  const auto in_catalog = [](const std::string& text) {
    return error_of(R"({"segue_snapshot": 1, "catalog": )" + text + "}");
  };
  EXPECT_EQ(in_catalog("3"), "not an object");
  EXPECT_EQ(in_catalog(R"({"tables": {}})"), "tables: not a list");
  EXPECT_EQ(in_catalog(R"({"tables": [{"name": "a.b"}, {"columns": [{"type": 7}]}]})"),
            "tables[1].columns[0].type: not a string");
  EXPECT_EQ(in_catalog(R"({"tables": [{"name": "users"}]})"),
            "tables[0].name: not a qualified name");
  EXPECT_EQ(in_catalog(R"({"tables": [{"name": "\"a.b"}]})"),
            "tables[0].name: not a qualified name");
  EXPECT_EQ(in_catalog(R"({"tables": [{"kind": "round"}]})"),
            "tables[0].kind: unknown word \"round\"");
  EXPECT_EQ(in_catalog(R"({"tables": [{"colour": 1}]})"), "tables[0]: unknown field \"colour\"");
  EXPECT_EQ(in_catalog(R"({"server_version": 3000000000})"), "server_version: too large a number");
  EXPECT_EQ(in_catalog(R"({"server_version": 1.5})"), "server_version: not a whole number");
  EXPECT_EQ(in_catalog(R"({"tables": [{"row_security": 1}]})"),
            "tables[0].row_security: not true or false");
}

// Changes each value of a structure in turn, and back.
template <typename Check>
class Changes {
 public:
  explicit Changes(Check check) : check_(std::move(check)) {}

  void each(std::string& value) { change(value, value + "x"); }
  void each(bool& value) { change(value, !value); }
  void each(std::int32_t& value) { change(value, value + 1); }
  void each(std::int64_t& value) { change(value, value + 1); }
  void each(double& value) { change(value, value + 1); }
  void each(planner::QualifiedName& value) {
    each(value.schema);
    each(value.name);
  }
  template <typename T>
  requires requires { Words<T>::list; }
  void each(T& value) {
    change(value, static_cast<T>((static_cast<std::size_t>(value) + 1) % Words<T>::list.size()));
  }
  template <typename T>
  void each(std::optional<T>& value) {
    if (value) {
      each(*value);
      change(value, std::optional<T>());
    } else {
      change(value, std::optional<T>(T{}));
    }
  }
  template <typename T>
  void each(std::vector<T>& values) {
    for (T& value : values) each(value);
    std::vector<T> longer = values;
    longer.emplace_back();
    change(values, longer);
  }
  template <typename T>
  requires requires { Fields<T>::list; }
  void each(T& value) {
    const std::string_view outer = field_;
    std::apply(
        [&](const auto&... fields) { ((field_ = fields.name, each(value.*(fields.member))), ...); },
        Fields<T>::list);
    field_ = outer;
  }

 private:
  template <typename T>
  void change(T& value, T other) {
    std::swap(value, other);
    check_(field_);
    std::swap(value, other);
  }

  Check check_;
  std::string_view field_;
};

// The two ways to tell drift agree about every single field of a catalogue.
TEST(Fingerprint, DiffersExactlyWhereDifferencesHaveASentence) {
  Catalog planned = planner::excerpt(everything(), {{"public", "users"}});
  planned.extensions.clear();  // no structure, whatever their names
  Catalog found = planned;
  const std::string before = fingerprint(planned);
  int count = 0;
  const auto check = [&](std::string_view field) {
    const bool structure = field != "owner" && field != "estimated_rows" && field != "bytes" &&
                           field != "server_version" && field != "search_path" &&
                           field != "schemas" && field != "builtin_types" && field != "in_flight" &&
                           field != "extensions" && field != "partition_key" &&
                           field != "partition_bound" && field != "of_type" && field != "made_as" &&
                           field != "schema" && field != "drawn_from";
    EXPECT_EQ(fingerprint(found) != before, structure) << field;
    EXPECT_EQ(!planner::differences(planned, found, {}).empty(), structure) << field;
    ++count;
  };
  Changes changes(check);
  changes.each(found);
  EXPECT_TRUE(found == planned);
  EXPECT_GT(count, 1000);
}

}  // namespace
}  // namespace segue::codegen
