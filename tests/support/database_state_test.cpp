// The comparison that golden cases rest on must see what differs, and only that.
#include "support/database_state.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runtime/server.hpp"
#include "runtime/session.hpp"

namespace segue::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr const char* schema = R"(
  CREATE TABLE t (id bigserial PRIMARY KEY, a text, b integer CHECK (b > 0));
  CREATE INDEX t_a_idx ON t (a);
  CREATE VIEW v AS SELECT id, a FROM t;
  INSERT INTO t (a, b) VALUES ('x', 1), (NULL, 2), ('NULL', 3);
)";

class DatabaseComparison : public ::testing::Test {
 protected:
  std::vector<std::string> after(const std::string& sql) {
    const auto name = "d" + std::to_string(++count_);
    const auto conninfo = server_.create_database(name);
    const auto session = runtime::connect(conninfo);
    session->exec(schema);
    const auto before = read_state(conninfo);
    session->exec(sql);
    return compare(before, read_state(conninfo));
  }

 private:
  runtime::ThrowawayServer server_;
  int count_ = 0;
};

TEST_F(DatabaseComparison, SeesWhatDiffers) {
  EXPECT_THAT(after("SELECT 1"), IsEmpty());
  EXPECT_THAT(after("COMMENT ON COLUMN t.a IS 'new'"), Not(IsEmpty()));
  EXPECT_THAT(after("DELETE FROM t; ALTER TABLE t ALTER COLUMN a SET NOT NULL"), Not(IsEmpty()));
  EXPECT_THAT(after("ALTER TABLE t ALTER COLUMN b SET DEFAULT 7"), Not(IsEmpty()));
  EXPECT_THAT(after("DROP INDEX t_a_idx; CREATE INDEX t_a_idx ON t (a DESC)"), Not(IsEmpty()));
  EXPECT_THAT(after("ALTER TABLE t DROP CONSTRAINT t_b_check"), Not(IsEmpty()));
  EXPECT_THAT(after("CREATE OR REPLACE VIEW v AS SELECT id, upper(a) AS a FROM t"), Not(IsEmpty()));
  EXPECT_THAT(after("GRANT SELECT (a) ON t TO PUBLIC"), Not(IsEmpty()));
  EXPECT_THAT(after("CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'"), Not(IsEmpty()));
  EXPECT_THAT(after("UPDATE t SET a = 'NULL' WHERE a IS NULL"),
              ElementsAre(HasSubstr("rows of public.t differ: 1 expected, e.g. (,2,2)")));
  EXPECT_THAT(after("SELECT nextval('t_id_seq')"), ElementsAre(HasSubstr("sequences differ")));
}

TEST_F(DatabaseComparison, LetsTheOrderOfColumnsBe) {
  EXPECT_THAT(after("DROP VIEW v; ALTER TABLE t ADD COLUMN c text; UPDATE t SET c = a; ALTER TABLE "
                    "t DROP COLUMN a; "
                    "ALTER TABLE t RENAME COLUMN c TO a; CREATE INDEX t_a_idx ON t (a); "
                    "CREATE VIEW v AS SELECT id, a FROM t"),
              IsEmpty());
}

}  // namespace
}  // namespace segue::test
