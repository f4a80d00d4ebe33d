// The server crashes, is full, is in recovery, or another one takes its place.
#include <fmt/format.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <thread>

#include "driver/faults.hpp"
#include "runtime/session.hpp"
#include "support/standby.hpp"

namespace segue::test {
namespace {

using std::chrono::milliseconds;

// One run in each phase, begun so that each is at its own moment when the fault comes: a fault that
// takes the whole server meets all of them.
class UnderWay {
 public:
  UnderWay(Stage& stage, const std::vector<int>& phases) {
    std::vector<std::pair<std::chrono::duration<double>, int>> moments;
    for (const int phase : phases) moments.emplace_back(stage.moment(phase), phase);
    std::sort(moments.rbegin(), moments.rend());
    for (const auto& [moment, phase] : moments)
      trials_.push_back(std::make_unique<Trial>(stage, phase));
    auto latest = moments.front().first;
    for (std::size_t i = 0; i < moments.size(); ++i) {
      std::this_thread::sleep_for(latest - moments[i].first);
      latest = moments[i].first;
      processes_.push_back(std::make_unique<Process>(trials_[i]->command()));
    }
    std::this_thread::sleep_for(latest);
    for (auto& process : processes_) hit_.push_back(process->running());
  }

  std::vector<std::unique_ptr<Trial>>& trials() { return trials_; }
  void kill() {
    for (auto& process : processes_) process->kill();
  }
  Tally settle(int jobs) {
    std::vector<Play> plays;
    for (std::size_t i = 0; i < trials_.size(); ++i)
      plays.emplace_back([this, i] { return trials_[i]->settle(processes_[i]->wait(), hit_[i]); });
    return play(plays, jobs);
  }

 private:
  std::vector<std::unique_ptr<Trial>> trials_;
  std::vector<std::unique_ptr<Process>> processes_;
  std::vector<bool> hit_;
};

Tally crashes(Stage& stage, const Effort& effort) {
  Tally tally;
  for (int i = 0; i < effort.repetitions; ++i) {
    UnderWay runs(stage, effort.phases);
    stage.server().crash();
    std::this_thread::sleep_for(milliseconds(200));
    stage.server().restart();
    tally.add(runs.settle(effort.jobs));
  }
  return tally;
}

// An old snapshot of somebody else, or a writer of the table, keeps CREATE INDEX CONCURRENTLY from
// its end, so that the crash finds it in its middle and leaves an index that is not valid.
Tally crash_in_a_build(Stage& stage, bool by_snapshot) {
  constexpr int backfill = 3;
  constexpr auto patience = std::chrono::seconds(60);
  Trial trial(stage, backfill);
  const auto holder = runtime::connect(trial.conninfo(), "report");
  holder->exec(by_snapshot ? "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM pg_class"
                           : "BEGIN; LOCK TABLE visits IN ROW EXCLUSIVE MODE");
  const auto watcher = runtime::connect(trial.conninfo(), "watcher");
  const std::string waits =
      fmt::format("SELECT FROM pg_stat_progress_create_index WHERE datname = '{}' AND phase = '{}'",
                  trial.database(),
                  by_snapshot ? "waiting for old snapshots" : "waiting for writers before build");
  Process process(trial.command());
  const auto start = std::chrono::steady_clock::now();
  while (watcher->exec(waits).empty() && process.running() &&
         std::chrono::steady_clock::now() - start < patience)
    std::this_thread::sleep_for(milliseconds(5));
  const bool hit = !watcher->exec(waits).empty();
  stage.server().crash();
  std::this_thread::sleep_for(milliseconds(200));
  stage.server().restart();
  Tally tally = trial.settle(process.wait(), hit);
  if (!hit) tally.complain("no index was in the middle of its build");
  return tally;
}

Tally crashes_in_builds(Stage& stage, const Effort& effort) {
  Tally tally;
  for (int i = 0; i < effort.repetitions; ++i) {
    for (const bool by_snapshot : {true, false}) tally.add(crash_in_a_build(stage, by_snapshot));
  }
  return tally;
}

// A file system of its own, where this machine lets us have one.
class SmallFileSystem {
 public:
  explicit SmallFileSystem(int megabytes) {
    mounted_ = mount("segue", place_.path().c_str(), "tmpfs", 0,
                     fmt::format("size={}m,mode=0777", megabytes).c_str()) == 0;
  }
  ~SmallFileSystem() {
    // Lazily: a process of a server may still be on its way out.
    if (mounted_) umount2(place_.path().c_str(), MNT_DETACH);
  }
  SmallFileSystem(const SmallFileSystem&) = delete;
  SmallFileSystem& operator=(const SmallFileSystem&) = delete;
  bool mounted() const { return mounted_; }
  const std::filesystem::path& path() const { return place_.path(); }

  void fill() const {
    std::ofstream file(path() / "ballast", std::ios::binary);
    const std::string block(64 * 1024, 'x');
    while (file.write(block.data(), static_cast<std::streamsize>(block.size())).flush()) {
    }
    // What is left of a block: byte by page.
    std::ofstream rest(path() / "rest", std::ios::binary);
    const std::string page(4096, 'x');
    while (rest.write(page.data(), static_cast<std::streamsize>(page.size())).flush()) {
    }
  }
  void empty() const {
    std::filesystem::remove(path() / "ballast");
    std::filesystem::remove(path() / "rest");
  }

 private:
  TemporaryDirectory place_;
  bool mounted_ = false;
};

// Sets where temporary directories are made; the server's is one.
class TemporaryPlace {
 public:
  explicit TemporaryPlace(const std::filesystem::path& place) {
    if (const char* before = std::getenv("TMPDIR")) before_ = before;
    setenv("TMPDIR", place.c_str(), 1);
  }
  ~TemporaryPlace() {
    if (before_.empty()) {
      unsetenv("TMPDIR");
    } else {
      setenv("TMPDIR", before_.c_str(), 1);
    }
  }
  TemporaryPlace(const TemporaryPlace&) = delete;
  TemporaryPlace& operator=(const TemporaryPlace&) = delete;

 private:
  std::string before_;
};

// The server's whole directory is on it: tables, indexes and the log. A full log is a PANIC.
Tally full_disks(Stage&, const Effort& effort) {
  constexpr int megabytes = 320;
  Tally tally;
  const SmallFileSystem disk(megabytes);
  if (!disk.mounted()) {
    tally.note = "not played: this machine lets us mount no small file system";
    return tally;
  }
  chmod(disk.path().c_str(), 0777);
  Stage::Options options;
  options.durable = true;
  options.rows = 20000;
  options.last_phase = effort.phases.back();
  options.settings = {{"max_wal_size", "64MB"}, {"min_wal_size", "32MB"}};
  std::unique_ptr<Stage> small;
  {
    const TemporaryPlace place(disk.path());
    small = std::make_unique<Stage>(options);
  }
  int panics = 0;
  int refused = 0;
  for (const int phase : effort.phases) {
    for (int i = 0; i < effort.repetitions; ++i) {
      Trial trial(*small, phase);
      Process process(trial.command());
      std::this_thread::sleep_for(small->moment(phase));
      disk.fill();
      const bool hit = process.running();
      // A server that went down is started when there is room again, as people would do.
      std::this_thread::sleep_for(milliseconds(600));
      disk.empty();
      if (!small->server().running()) {
        ++panics;
        small->server().restart();
      }
      const Finished finished = process.wait();
      if (finished.both().find("No space left on device") != std::string::npos) ++refused;
      tally.add(trial.settle(finished, hit));
    }
  }
  tally.note = fmt::format("tmpfs of {} MB; segue met 'No space left' {} times, {} PANICs",
                           megabytes, refused, panics);
  return tally;
}

Tally on_a_standby(const Standby& standby, Stage& stage, int phase) {
  Trial trial(stage, phase);
  standby.catch_up();
  const Finished finished = run(trial.command(standby.conninfo(trial.database())));
  Tally tally = trial.settle(finished, false);
  if (finished.exit_code != 3 || finished.err.find("in recovery") == std::string::npos)
    tally.complain("on a standby: " + finished.both());
  return tally;
}

Tally in_recovery(Stage& stage, const Effort& effort) {
  const Standby standby(stage.server());
  std::vector<Play> plays;
  for (const int phase : effort.phases)
    plays.emplace_back([&, phase] { return on_a_standby(standby, stage, phase); });
  Tally tally = play(plays, effort.jobs);
  tally.note = "refused on the standby, then run on the primary";
  return tally;
}

void wait_for_standbys(const std::string& conninfo, const char* names) {
  const auto session = runtime::connect(conninfo);
  session->exec(fmt::format("ALTER SYSTEM SET synchronous_standby_names = '{}'", names));
  session->exec("SELECT pg_reload_conf()");
}

// The primary is gone in the middle of a phase, and the standby takes over on a timeline of its
// own.
Tally promotions(Stage& stage, const Effort& effort) {
  Tally tally;
  for (int i = 0; i < std::max(1, effort.repetitions / 2); ++i) {
    Standby standby(stage.server());
    // Else what was acknowledged could be on the old primary alone.
    wait_for_standbys(stage.server().conninfo(), "standby");
    UnderWay runs(stage, effort.phases);
    stage.server().crash();
    standby.promote();
    // It is the primary's twin, and would wait for a standby as well.
    wait_for_standbys(standby.conninfo(), "");
    for (const auto& trial : runs.trials()) trial->moved_to(standby.conninfo(trial->database()));
    runs.kill();  // their connection string names the old one
    tally.add(runs.settle(effort.jobs));
    stage.server().restart();
    wait_for_standbys(stage.server().conninfo(), "");
  }
  return tally;
}

}  // namespace

const std::vector<Fault>& server_faults() {
  static const std::vector<Fault> faults{
      {"disk full", full_disks},
      {"server in recovery", in_recovery},
      {"server crash (immediate stop) and restart", crashes, true},
      {"server crash in the middle of CREATE INDEX CONCURRENTLY", crashes_in_builds, true},
      {"standby promoted in the middle of a phase", promotions, true},
  };
  return faults;
}

}  // namespace segue::test
