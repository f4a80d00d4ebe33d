#include "runtime/server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <thread>

#include "runtime/session.hpp"

namespace segue::runtime {
namespace {

namespace fs = std::filesystem;

bool is_alive(int pid) {
  // A zombie is dead: nothing here reaps what others started.
  std::ifstream status("/proc/" + std::to_string(pid) + "/stat");
  std::string line;
  if (!std::getline(status, line)) return false;
  return line.at(line.rfind(')') + 2) != 'Z';
}

template <typename Condition>
bool soon(const Condition& condition) {
  for (int i = 0; i < 600; ++i) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return false;
}

TEST(Server, AnswersAndIsGoneWithTheObject) {
  fs::path directory;
  int pid = 0;
  {
    const ThrowawayServer server;
    directory = server.directory();
    pid = server.pid();
    EXPECT_TRUE(fs::exists(directory));
    const auto session = connect(server.conninfo());
    EXPECT_EQ(session->exec("SELECT 1 + 1").scalar(), "2");
    EXPECT_EQ(session->server_version() / 10000, server.major());
    EXPECT_EQ(session->exec("SHOW listen_addresses").scalar(), "");
    EXPECT_EQ(connect(server.url())->exec("SELECT current_user").scalar(), "postgres");
  }
  EXPECT_FALSE(is_alive(pid));
  EXPECT_FALSE(fs::exists(directory));
}

TEST(Server, TakesSettingsAndDatabases) {
  ThrowawayServer server({.durable = true, .settings = {{"max_prepared_transactions", "7"}}});
  const auto session = connect(server.create_database("a \"b\" 'c'"));
  EXPECT_EQ(session->exec("SELECT current_database()").scalar(), "a \"b\" 'c'");
  EXPECT_EQ(session->exec("SHOW max_prepared_transactions").scalar(), "7");
  EXPECT_EQ(session->exec("SHOW fsync").scalar(), "on");
  EXPECT_EQ(connect(server.url("a \"b\" 'c'"))->exec("SELECT 1").scalar(), "1");
}

TEST(Server, ComesBackAfterACrash) {
  ThrowawayServer server({.durable = true});
  const auto session = connect(server.conninfo());
  session->exec("CREATE TABLE t AS SELECT 1 AS a");
  server.crash();
  EXPECT_THROW(session->exec("SELECT 1"), DatabaseError);
  EXPECT_THROW(connect(server.conninfo()), DatabaseError);
  server.restart();
  EXPECT_EQ(connect(server.conninfo())->exec("SELECT a FROM t").scalar(), "1");
}

TEST(Server, SeveralStartAtOnce) {
  std::array<std::unique_ptr<ThrowawayServer>, 3> servers;
  std::vector<std::thread> threads;
  for (auto& server : servers) {
    threads.emplace_back([&server] { server = std::make_unique<ThrowawayServer>(); });
  }
  for (std::thread& thread : threads) thread.join();
  // The threads that started them are gone; the servers are not.
  for (const auto& server : servers) {
    EXPECT_EQ(connect(server->conninfo())->exec("SELECT 1").scalar(), "1");
  }
}

TEST(Server, DoesNotOutliveAKilledParent) {
  std::array<int, 2> ends{};
  ASSERT_EQ(pipe(ends.data()), 0);
  const pid_t child = fork();
  if (child == 0) {
    const ThrowawayServer server;
    const std::string line =
        std::to_string(server.pid()) + ' ' + server.directory().string() + '\n';
    if (write(ends[1], line.data(), line.size()) < 0) _exit(1);
    pause();
    _exit(0);
  }
  close(ends[1]);
  std::string line;
  for (char c = 0; read(ends[0], &c, 1) == 1 && c != '\n';) line += c;
  close(ends[0]);
  const int pid = std::atoi(line.c_str());
  const fs::path directory = line.substr(line.find(' ') + 1);
  ASSERT_GT(pid, 0);
  ASSERT_TRUE(is_alive(pid));
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  EXPECT_TRUE(soon([&] { return !is_alive(pid); }));
  EXPECT_TRUE(soon([&] { return !fs::exists(directory); }));
}

TEST(Server, RunsForAnOrdinaryUserAsWell) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can become another user";
  const pid_t child = fork();
  if (child == 0) {
    if (setgid(65534) != 0 || setuid(65534) != 0) _exit(2);
    try {
      const ThrowawayServer server;
      _exit(connect(server.conninfo())->exec("SELECT 1").scalar() == "1" ? 0 : 3);
    } catch (const std::exception&) {
      _exit(4);
    }
  }
  int status = 0;
  waitpid(child, &status, 0);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST(Server, SaysWhatToInstall) {
  try {
    const ThrowawayServer server({.major = 9});
    FAIL() << "there is no PostgreSQL 9 here";
  } catch (const std::runtime_error& error) {
    EXPECT_THAT(error.what(), testing::StartsWith("PostgreSQL 9 is not installed here (found: "));
    EXPECT_THAT(error.what(), testing::HasSubstr("apt-get install postgresql"));
  }
}

// What the environment says is for another server.
TEST(Server, TheEnvironmentOfAnotherServerIsNotItsOwn) {
  const std::map<std::string, std::string> variables{{"PGPORT", "5433"},
                                                     {"PGHOSTADDR", "127.0.0.1"},
                                                     {"PGOPTIONS", "-csearch_path=nowhere"},
                                                     {"PGTARGETSESSIONATTRS", "standby"},
                                                     {"PGREQUIREPEER", "nobody"},
                                                     {"PGCHANNELBINDING", "require"}};
  for (const auto& [name, value] : variables) setenv(name.c_str(), value.c_str(), 1);
  {
    const ThrowawayServer server;
    const auto session = connect(server.conninfo());
    EXPECT_EQ(session->exec("SHOW port").scalar(), "5432");
    EXPECT_NE(session->exec("SHOW search_path").scalar(), "nowhere");
  }
  for (const auto& [name, value] : variables) unsetenv(name.c_str());
}

TEST(Server, LongTemporaryDirectoriesWork) {
  const fs::path directory = fs::temp_directory_path() / std::string(120, 'x');
  fs::create_directories(directory);
  fs::permissions(directory, fs::perms::all);
  const char* before = std::getenv("TMPDIR");
  const std::string kept = before == nullptr ? "" : before;
  setenv("TMPDIR", directory.c_str(), 1);
  {
    const ThrowawayServer server;
    EXPECT_THAT(server.directory().string(), testing::StartsWith(directory.string()));
    EXPECT_EQ(connect(server.conninfo())->exec("SELECT 1").scalar(), "1");
  }
  if (before == nullptr) {
    unsetenv("TMPDIR");
  } else {
    setenv("TMPDIR", kept.c_str(), 1);
  }
  fs::remove_all(directory);
}

}  // namespace
}  // namespace segue::runtime
