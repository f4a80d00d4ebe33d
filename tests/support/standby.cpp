#include "support/standby.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <stdexcept>
#include <thread>

#include "runtime/session.hpp"
#include "support/process.hpp"

namespace segue::test {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr auto patience = 60s;
constexpr int backup_functions_renamed = 150000;  // pg_start_backup -> pg_backup_start

void wait_until(const std::function<bool()>& reached, const std::string& what) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (!reached()) {
    if (std::chrono::steady_clock::now() > deadline) throw std::runtime_error(what);
    std::this_thread::sleep_for(10ms);
  }
}

// What belongs to the running primary alone.
void remove_what_is_not_copied(const fs::path& data) {
  for (const char* file : {"postmaster.pid", "postmaster.opts"}) fs::remove(data / file);
  for (const char* directory : {"pg_wal", "pg_replslot"}) {
    for (const auto& entry : fs::directory_iterator(data / directory)) {
      // Empty, archive_status would be made again; summaries (from 17 on) would not be.
      if (entry.is_directory() && std::string(directory) == "pg_wal") continue;
      fs::remove_all(entry.path());
    }
  }
}

// As root, a server runs as another user; what it opens has to be that user's.
void write_as_server(const fs::path& data, const std::string& name, const std::string& text) {
  write_text(data / name, text);
  struct stat owner {};
  if (stat((data / "PG_VERSION").c_str(), &owner) != 0 ||
      (owner.st_uid != geteuid() &&
       chown((data / name).c_str(), owner.st_uid, owner.st_gid) != 0)) {
    throw std::runtime_error(name + " cannot be given to the server's user");
  }
}

void copy_data(const runtime::ThrowawayServer& primary, const std::string& slot,
               const fs::path& data) {
  const auto session = runtime::connect(primary.conninfo());
  const bool renamed = session->server_version() >= backup_functions_renamed;
  // Keeps the log from the start of the copy on until the standby has fetched it.
  session->exec("SELECT pg_create_physical_replication_slot($1, true)", {slot});
  session->exec(renamed ? "SELECT pg_backup_start('standby', true)"
                        : "SELECT pg_start_backup('standby', true, false)");
  // Files come and go while a server writes; the log that follows makes up for it, so cp may
  // complain of those.
  const Finished copied = run({"cp", "-a", (primary.directory() / "data").string(), data.string()});
  const std::string label =
      session
          ->exec(renamed ? "SELECT labelfile FROM pg_backup_stop(false)"
                         : "SELECT labelfile FROM pg_stop_backup(false, false)")
          .scalar();
  if (!fs::exists(data / "PG_VERSION"))
    throw std::runtime_error("the primary's data cannot be copied: " + copied.both());
  remove_what_is_not_copied(data);
  write_as_server(data, "backup_label", label);
  write_as_server(data, "standby.signal", "");
}

runtime::ServerOptions options_for(const runtime::ThrowawayServer& primary,
                                   const std::string& name) {
  runtime::ServerOptions options;
  options.major = primary.major();
  options.make_data = [&primary, name](const fs::path& data) { copy_data(primary, name, data); };
  // A standby refuses to start with fewer than its primary.
  const auto session = runtime::connect(primary.conninfo());
  for (const char* setting : {"max_connections", "max_worker_processes", "max_wal_senders",
                              "max_prepared_transactions", "max_locks_per_transaction", "fsync"}) {
    options.settings[setting] = session->exec("SELECT current_setting($1)", {setting}).scalar();
  }
  options.durable = options.settings["fsync"] == "on";
  options.settings["primary_conninfo"] = primary.conninfo() + " application_name=" + name;
  options.settings["primary_slot_name"] = name;
  options.settings["hot_standby"] = "on";
  // Come back soon where the primary was gone for a moment.
  options.settings["wal_retrieve_retry_interval"] = "100ms";
  options.settings["wal_receiver_status_interval"] = "1s";
  return options;
}

}  // namespace

Standby::Standby(const runtime::ThrowawayServer& primary, const std::string& name)
    : name_(name), primary_(primary.conninfo()), server_(options_for(primary, name)) {
  wait_for_streaming();
}

Standby::~Standby() {
  try {
    server_.crash();
    // The primary lets go of a slot when it sees that its reader is gone.
    const auto session = runtime::connect(primary_);
    wait_until(
        [&] {
          return session
                     ->exec(
                         "SELECT count(pg_drop_replication_slot(slot_name)) FROM "
                         "pg_replication_slots WHERE slot_name = $1 AND NOT active",
                         {name_})
                     .scalar() == "1";
        },
        "its slot stays in use");
  } catch (const std::exception&) {
    // A primary that is gone keeps no slot; one of a test that ends keeps nothing either.
  }
}

std::string Standby::conninfo(const std::string& database) const {
  return server_.conninfo(database);
}

void Standby::wait_for_streaming() const {
  const auto session = runtime::connect(primary_);
  wait_until(
      [&] {
        return session
                   ->exec(
                       "SELECT count(*) FROM pg_stat_replication WHERE application_name = $1 AND "
                       "state = 'streaming'",
                       {name_})
                   .scalar() == "1";
      },
      "the standby does not stream");
}

void Standby::pause_replay() const {
  const auto session = runtime::connect(conninfo());
  session->exec("SELECT pg_wal_replay_pause()");
  // Asked for is not reached: the record in hand is still replayed.
  if (session->server_version() < 140000) return;
  wait_until(
      [&] {
        // The startup process looks when it comes to the next record.
        runtime::connect(primary_)->exec("SELECT pg_switch_wal()");
        return session->exec("SELECT pg_get_wal_replay_pause_state()").scalar() == "paused";
      },
      "replay is not paused");
}

void Standby::resume_replay() const {
  runtime::connect(conninfo())->exec("SELECT pg_wal_replay_resume()");
}

void Standby::delay(std::chrono::milliseconds lag) const {
  const auto session = runtime::connect(conninfo());
  session->exec(fmt::format("ALTER SYSTEM SET recovery_min_apply_delay = '{}ms'", lag.count()));
  session->exec("SELECT pg_reload_conf()");
}

std::uint64_t Standby::lag_bytes() const {
  const auto answer = runtime::connect(primary_)->exec(
      "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn)::bigint FROM pg_stat_replication "
      "WHERE application_name = $1 AND replay_lsn IS NOT NULL",
      {name_});
  if (answer.empty()) throw std::runtime_error("the primary knows no standby " + name_);
  const auto bytes = std::stoll(answer.scalar());
  return bytes < 0 ? 0 : static_cast<std::uint64_t>(bytes);
}

void Standby::catch_up() const {
  const auto primary = runtime::connect(primary_);
  // Where commits do not wait for the log, one that does takes them all with it.
  primary->exec(
      "BEGIN; SET LOCAL synchronous_commit = 'local'; "
      "SELECT pg_logical_emit_message(true, 'segue', ''); COMMIT");
  const std::string reached = primary->exec("SELECT pg_current_wal_lsn()").scalar();
  const auto session = runtime::connect(conninfo());
  wait_until(
      [&] {
        return session
                   ->exec("SELECT coalesce(pg_last_wal_replay_lsn() >= $1::pg_lsn, false)",
                          {reached})
                   .scalar() == "t";
      },
      "the standby does not catch up");
}

void Standby::promote() {
  const auto session = runtime::connect(conninfo());
  session->exec("SELECT pg_promote(true)");
  wait_until([&] { return session->exec("SELECT pg_is_in_recovery()").scalar() == "f"; },
             "the standby is not promoted");
}

}  // namespace segue::test
