// A key and two tables that reference it widen under an application that inserts, updates, joins
// and deletes all the while, and a segue that is killed in every phase.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <map>
#include <random>
#include <thread>

#include "runtime/server.hpp"
#include "runtime/session.hpp"
#include "support/process.hpp"

namespace segue::test {
namespace {

using runtime::DatabaseError;
using runtime::Session;
using std::chrono::milliseconds;
using std::chrono::steady_clock;
using ::testing::HasSubstr;

// Users; half as many orders and logins. The test suite sets fewer.
int rows() {
  const char* const text = std::getenv("SEGUE_WIDEN_ROWS");
  return text == nullptr ? 1'000'000 : std::atoi(text);
}

constexpr int writers = 3;
constexpr std::size_t phases = 5;  // 0: before the first

// What one instance of the application did, and how long it ever had to wait, by phase.
class Client {
 public:
  Client(const std::string& conninfo, int number, int users)
      : session_(runtime::connect(conninfo, "app")),
        random_(static_cast<unsigned>(number) + 1),
        number_(number),
        users_(users) {}

  void run(const std::atomic<bool>& stop, const std::atomic<int>& phase) {
    try {
      while (!stop) work(phase);
    } catch (const std::exception& problem) {
      failure = problem.what();
    }
  }

  std::array<milliseconds, phases> longest{};
  std::array<int, phases> statements{};
  std::string failure;
  std::map<int, std::string> names;  // users of its own that are there, by id
  std::map<int, int> orders;         // orders of its own: the user's id

 private:
  std::string timed(const std::atomic<int>& phase, const std::string& sql) {
    const auto before = static_cast<std::size_t>(phase);
    const auto start = steady_clock::now();
    const auto answer = session_->exec(sql);
    const auto took = std::chrono::duration_cast<milliseconds>(steady_clock::now() - start);
    longest.at(before) = std::max(longest.at(before), took);
    ++statements.at(before);
    return answer.rows.empty() ? "" : answer.rows.front().front().value_or("");
  }

  int any_user() { return 1 + static_cast<int>(random_() % static_cast<unsigned>(users_)); }

  // One of the users that this client made itself; 0 where there is none.
  int own_user() {
    if (names.empty()) return 0;
    auto place = names.lower_bound(static_cast<int>(random_() % static_cast<unsigned>(last_ + 1)));
    return place == names.end() ? names.begin()->first : place->first;
  }

  void work(const std::atomic<int>& phase) {
    const auto name = fmt::format("c{}-{}", number_, random_() % 100000);
    const int own = own_user();
    switch (random_() % 8) {
      case 0: {
        const int id = std::stoi(
            timed(phase, fmt::format("INSERT INTO users (name) VALUES ('{}') RETURNING id", name)));
        names[id] = name;
        last_ = id;
        break;
      }
      case 1: {
        const int user = own == 0 ? any_user() : own;
        const int id = std::stoi(timed(
            phase,
            fmt::format("INSERT INTO orders (user_id, amount) VALUES ({}, 1) RETURNING id", user)));
        if (own != 0) orders[id] = own;
        break;
      }
      case 2:
        timed(phase, fmt::format("UPDATE users SET name = name WHERE id = {}", any_user()));
        break;
      case 3:
        if (own == 0) break;
        timed(phase, fmt::format("UPDATE users SET name = '{}' WHERE id = {}", name, own));
        names[own] = name;
        break;
      case 4:
        if (own == 0 || orders.empty()) break;
        timed(phase, fmt::format("UPDATE orders SET user_id = {} WHERE id = {}", own,
                                 orders.rbegin()->first));
        orders.rbegin()->second = own;
        break;
      case 5:
        timed(phase, fmt::format("SELECT count(*) FROM users u JOIN orders o ON o.user_id = u.id "
                                 "LEFT JOIN logins l ON l.user_id = u.id WHERE u.id = {}",
                                 any_user()));
        break;
      case 6:
        timed(phase, fmt::format("INSERT INTO logins (user_id) VALUES ({})", any_user()));
        break;
      default:
        if (own == 0 || names.size() < 50) break;
        timed(phase, fmt::format("DELETE FROM users WHERE id = {}", own));
        names.erase(own);
        std::erase_if(orders, [&](const auto& order) { return order.second == own; });
        break;
    }
  }

  std::unique_ptr<Session> session_;
  std::mt19937 random_;
  int number_;
  int users_;
  int last_ = 0;
};

// Holds prepared statements through all phases, as a driver does. PostgreSQL gives the plan of a
// statement up once the type of what it returns is another: nothing short of a new PREPARE helps.
class PreparedReader {
 public:
  explicit PreparedReader(const std::string& conninfo)
      : session_(runtime::connect(conninfo, "app")) {
    prepare();
  }

  void run(const std::atomic<bool>& stop) {
    try {
      while (!stop) {
        for (const std::string& name : {std::string("by_id"), std::string("counting")}) read(name);
        std::this_thread::sleep_for(milliseconds(2));
      }
    } catch (const std::exception& problem) {
      failure = problem.what();
    }
  }

  int replanned = 0;
  std::string failure;

 private:
  void prepare() {
    session_->exec(
        "DEALLOCATE ALL; PREPARE by_id(bigint) AS SELECT id, name FROM users WHERE id = $1; "
        "PREPARE counting(bigint) AS SELECT count(*) FROM orders WHERE user_id = $1");
  }
  void read(const std::string& name) {
    try {
      session_->exec(fmt::format("EXECUTE {}(1)", name));
    } catch (const DatabaseError& error) {
      if (std::string(error.what()).find("cached plan must not change result type") ==
          std::string::npos)
        throw;
      ++replanned;
      prepare();
    }
  }

  std::unique_ptr<Session> session_;
};

class WidenKey : public ::testing::Test {
 protected:
  void SetUp() override {
    runtime::ServerOptions options;
    options.durable = true;
    options.settings["max_wal_size"] = "4GB";
    server_ = std::make_unique<runtime::ThrowawayServer>(options);
    conninfo_ = server_->create_database("widen");
    session_ = runtime::connect(conninfo_);
  }

  void load() {
    session_->exec(R"(
      CREATE TABLE users (id serial PRIMARY KEY, name text NOT NULL);
      CREATE TABLE orders (id serial PRIMARY KEY, amount integer NOT NULL,
                           user_id integer NOT NULL REFERENCES users ON DELETE CASCADE);
      CREATE INDEX orders_user_id_idx ON orders (user_id);
      CREATE TABLE logins (id serial PRIMARY KEY, at timestamptz DEFAULT now(),
                           user_id integer REFERENCES users ON DELETE SET NULL);
      CREATE INDEX logins_user_id_idx ON logins (user_id);)");
    session_->exec(fmt::format(
        "INSERT INTO users (name) SELECT 'user ' || i FROM generate_series(1, {0}) i;"
        "INSERT INTO orders (user_id, amount) SELECT 1 + (i::bigint * 7919) % {0}, i FROM "
        "generate_series(1, {1}) i;"
        "INSERT INTO logins (user_id) SELECT 1 + (i::bigint * 104729) % {0} FROM "
        "generate_series(1, {1}) i; ANALYZE;",
        rows(), rows() / 2));
    write_text(directory_.path() / "wide.segue", "widen users.id -> bigint\n");
    const auto planned = segue({"plan", "wide.segue", "--db", conninfo_, "--out", "plan"});
    ASSERT_EQ(planned.exit_code, 0) << planned.both();
  }

  Finished segue(std::vector<std::string> words) const {
    words.insert(words.begin(), SEGUE_BINARY);
    return run(words, directory_.path());
  }

  // Killed a moment after its start, then run to its end.
  void apply(int phase) const {
    std::vector<std::string> words{SEGUE_BINARY,          "apply", "plan",   "--phase",
                                   std::to_string(phase), "--db",  conninfo_};
    if (phase == 4) words.insert(words.end(), {"--release", "v2", "--skip-soak", "a test"});
    Process killed(words, directory_.path());
    std::this_thread::sleep_for(milliseconds(phase == 3 ? 1500 : 60));
    killed.kill();
    static_cast<void>(killed.wait());
    const auto done = run(words, directory_.path());
    ASSERT_EQ(done.exit_code, 0) << "phase " << phase << ": " << done.both();
  }

  std::string ask(const std::string& sql) const { return session_->exec(sql).scalar(); }

  TemporaryDirectory directory_;
  std::unique_ptr<runtime::ThrowawayServer> server_;
  std::string conninfo_;
  std::unique_ptr<Session> session_;
};

TEST_F(WidenKey, TheApplicationNeverWaitsASecondAndLosesNothing) {
  load();
  ASSERT_FALSE(HasFatalFailure());
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < writers; ++i)
    clients.push_back(std::make_unique<Client>(conninfo_, i, rows()));
  PreparedReader reader(conninfo_);
  std::atomic<bool> stop{false};
  std::atomic<int> phase{0};
  std::vector<std::thread> threads;
  for (auto& client : clients)
    threads.emplace_back([&client, &stop, &phase] { client->run(stop, phase); });
  threads.emplace_back([&] { reader.run(stop); });

  std::array<double, phases> seconds{};
  for (int number = 1; number <= 4 && !HasFatalFailure(); ++number) {
    phase = number;
    const auto start = steady_clock::now();
    apply(number);
    seconds.at(static_cast<std::size_t>(number)) =
        std::chrono::duration<double>(steady_clock::now() - start).count();
  }
  // The application goes on: what it writes now goes through the swapped columns alone.
  std::this_thread::sleep_for(milliseconds(300));
  stop = true;
  for (auto& thread : threads) thread.join();

  for (std::size_t number = 1; number < phases; ++number) {
    milliseconds longest{};
    int statements = 0;
    for (const auto& client : clients) {
      longest = std::max(longest, client->longest.at(number));
      statements += client->statements.at(number);
    }
    fmt::print("phase {}: {:.1f} s, {} statements of the application, the longest waited {} ms\n",
               number, seconds.at(number), statements, longest.count());
    EXPECT_LT(longest, milliseconds(1000)) << "phase " << number;
    EXPECT_GT(statements, 0) << "phase " << number;
  }
  fmt::print("prepared statements that had to be prepared again: {}\n", reader.replanned);
  EXPECT_EQ(reader.failure, "");
  // One statement returns the key; the other one's result is what it was.
  EXPECT_EQ(reader.replanned, 1);

  // Every row that the application wrote is there as it was written last, and no other.
  std::map<int, std::string> names;
  for (const auto& row :
       session_->exec(fmt::format("SELECT id, name FROM users WHERE id > {}", rows())).rows)
    names[std::stoi(*row[0])] = *row[1];
  std::map<int, int> orders;
  for (const auto& row :
       session_->exec(fmt::format("SELECT id, user_id FROM orders WHERE user_id > {}", rows()))
           .rows)
    orders[std::stoi(*row[0])] = std::stoi(*row[1]);
  std::map<int, std::string> wanted_names;
  std::map<int, int> wanted_orders;
  for (const auto& client : clients) {
    EXPECT_EQ(client->failure, "");
    wanted_names.insert(client->names.begin(), client->names.end());
    wanted_orders.insert(client->orders.begin(), client->orders.end());
  }
  EXPECT_EQ(names, wanted_names);
  EXPECT_EQ(orders, wanted_orders);
  EXPECT_GT(names.size(), 0U);
  EXPECT_EQ(ask("SELECT count(*) FROM users"),
            std::to_string(static_cast<std::size_t>(rows()) + names.size()));
  EXPECT_EQ(ask("SELECT string_agg(DISTINCT format_type(atttypid, atttypmod), ',') FROM "
                "pg_attribute WHERE attrelid IN ('users'::regclass, 'orders'::regclass, "
                "'logins'::regclass) AND (attname = 'user_id' OR attrelid = 'users'::regclass AND "
                "attname = 'id')"),
            "bigint");
  EXPECT_EQ(ask("SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND convalidated AND "
                "confrelid = 'users'::regclass"),
            "2");
  EXPECT_EQ(ask("SELECT count(*) FROM pg_trigger WHERE tgname LIKE '%segue%'"), "0");
  EXPECT_EQ(ask("SELECT count(*) FROM pg_attribute WHERE attname LIKE 'segue%' AND NOT "
                "attisdropped AND attrelid > 16384 AND attrelid IN ('users'::regclass, "
                "'orders'::regclass, 'logins'::regclass)"),
            "0");
  // Room beyond the old type, by the sequence as well.
  session_->exec(
      "SELECT setval('users_id_seq', 3000000000); INSERT INTO users (name) VALUES ('x')");
  session_->exec("INSERT INTO orders (user_id, amount) VALUES (3000000001, 1)");
  EXPECT_EQ(ask("SELECT count(*) FROM users JOIN orders ON user_id = users.id WHERE users.id > "
                "2147483647"),
            "1");
}

// While both pairs of columns are there, a change of the key reaches both by the one foreign key or
// the other, and a value beyond the old type is refused as before.
TEST_F(WidenKey, KeysThatChangeWhileBothPairsAreThere) {
  session_->exec(R"(
    CREATE TABLE cities (id integer PRIMARY KEY);
    CREATE TABLE streets (id integer PRIMARY KEY, city integer DEFAULT 1 REFERENCES cities
                            ON UPDATE CASCADE ON DELETE SET DEFAULT,
                          twin integer REFERENCES cities ON UPDATE SET NULL ON DELETE SET NULL);
    INSERT INTO cities SELECT generate_series(1, 9);
    INSERT INTO streets SELECT i, i, i FROM generate_series(1, 9) i;)");
  write_text(directory_.path() / "cities.segue", "widen cities.id -> bigint\n");
  const auto planned = segue({"plan", "cities.segue", "--db", conninfo_, "--out", "cities"});
  ASSERT_EQ(planned.exit_code, 0) << planned.both();
  for (int phase = 1; phase <= 3; ++phase) {
    const auto done =
        segue({"apply", "cities", "--phase", std::to_string(phase), "--db", conninfo_});
    ASSERT_EQ(done.exit_code, 0) << done.both();
    session_->exec(fmt::format("UPDATE cities SET id = id + 10 WHERE id = {}", phase + 1));
    session_->exec(fmt::format("DELETE FROM cities WHERE id = {}", phase + 5));
  }
  EXPECT_EQ(ask("SELECT string_agg(coalesce(city::text, '-') || '/' || coalesce(twin::text, '-'), "
                "' ' ORDER BY id) FROM streets"),
            "1/1 12/- 13/- 14/- 5/5 1/- 1/- 1/- 9/9");
  try {
    session_->exec("INSERT INTO cities VALUES (3000000000)");
    ADD_FAILURE() << "the old column cannot hold it";
  } catch (const DatabaseError& error) {
    EXPECT_THAT(error.what(), HasSubstr("integer out of range"));
  }
  const auto verified = segue({"verify", "cities", "--db", conninfo_});
  EXPECT_EQ(verified.exit_code, 0) << verified.both();
  const auto done = segue({"apply", "cities", "--phase", "4", "--db", conninfo_, "--release", "v2",
                           "--skip-soak", "a test"});
  ASSERT_EQ(done.exit_code, 0) << done.both();
  session_->exec("UPDATE cities SET id = 3000000000 WHERE id = 12");
  EXPECT_EQ(ask("SELECT city FROM streets WHERE id = 2"), "3000000000");
}

}  // namespace
}  // namespace segue::test
