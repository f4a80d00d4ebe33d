// The shop's three changes one after another on one database, each planned from what the one before
// left there.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runtime/server.hpp"
#include "runtime/session.hpp"
#include "support/database_state.hpp"
#include "support/process.hpp"

namespace segue::test {
namespace {

using ::testing::IsEmpty;

const std::filesystem::path shop = std::filesystem::path(SEGUE_SOURCE_DIR) / "examples" / "shop";

constexpr const char* plain_ddl = R"sql(
  SET session_replication_role = replica;
  ALTER TABLE users RENAME COLUMN full_name TO display_name;
  ALTER TABLE users ADD COLUMN phone varchar(20);
  UPDATE users SET phone = 'unknown';
  ALTER TABLE users ALTER COLUMN phone SET NOT NULL;

  ALTER TABLE orders ADD COLUMN channel text CHECK (channel IN ('web', 'app', 'phone', 'unknown'));
  UPDATE orders SET channel = 'unknown';
  ALTER TABLE orders ALTER COLUMN channel SET NOT NULL, ALTER COLUMN channel SET DEFAULT 'web';
  CREATE INDEX ON orders (channel, placed_at DESC) INCLUDE (total_cents) WHERE status <> 'cancelled';
  UPDATE products SET description = '' WHERE description IS NULL;
  ALTER TABLE products ALTER COLUMN description SET NOT NULL;
  ALTER TABLE carts ALTER COLUMN updated_at SET DEFAULT clock_timestamp();

  UPDATE coupons SET percent_off = 100 WHERE percent_off > 100;
  ALTER TABLE coupons ADD CONSTRAINT coupons_percent_off_range CHECK (percent_off BETWEEN 0 AND 100),
    DROP COLUMN legacy_id;
  UPDATE users SET referred_by = NULL WHERE referred_by NOT IN (SELECT id FROM users);
  ALTER TABLE users ADD FOREIGN KEY (referred_by) REFERENCES users (id) ON DELETE SET NULL;
  ALTER TABLE payments ADD UNIQUE (order_id, provider);
  ALTER TABLE users ALTER COLUMN country DROP DEFAULT;
  ALTER TABLE reviews ALTER COLUMN stars DROP NOT NULL;
)sql";

std::string load(runtime::ThrowawayServer& server, const std::string& name) {
  auto conninfo = server.create_database(name);
  for (const auto* file : {"schema.sql", "data.sql"}) {
    const auto done = run({"psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-v", "users=2000", "-d",
                           conninfo, "-f", (shop / file).string()});
    EXPECT_EQ(done.exit_code, 0) << done.both();
  }
  return conninfo;
}

TEST(ShopChanges, GoOneAfterAnother) {
  runtime::ThrowawayServer server;
  const TemporaryDirectory directory;
  const auto conninfo = load(server, "by_segue");
  for (const std::string name : {"0001_display_name", "0002_order_channel", "0003_tidy_up"}) {
    const auto plan = (directory.path() / name).string();
    const auto planned = run({SEGUE_BINARY, "plan", (shop / "changes" / (name + ".segue")).string(),
                              "--db", conninfo, "--out", plan});
    ASSERT_EQ(planned.exit_code, 0) << name << ": " << planned.both();
    for (int phase = 1; phase <= 4; ++phase) {
      std::vector<std::string> command{SEGUE_BINARY,          "apply", plan,    "--phase",
                                       std::to_string(phase), "--db",  conninfo};
      if (phase == 4) {
        for (const auto* word : {"--release", "next", "--skip-soak", "a test"})
          command.emplace_back(word);
      }
      const auto done = run(command);
      ASSERT_EQ(done.exit_code, 0) << name << ", phase " << phase << ": " << done.both();
    }
  }
  const auto expected = load(server, "by_hand");
  runtime::connect(expected)->exec(plain_ddl);
  EXPECT_THAT(compare(read_state(expected), read_state(conninfo)), IsEmpty());
}

}  // namespace
}  // namespace segue::test
