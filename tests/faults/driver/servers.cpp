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

std::chrono::duration<double> moment_in(Stage& stage, int phase) {
  return std::chrono::duration<double>(
      std::uniform_real_distribution<double>(0, stage.usual(phase).count())(stage.random()));
}

Tally crashes(Stage& stage, const Effort& effort) {
  Tally tally;
  for (const int phase : effort.phases) {
    for (int i = 0; i < effort.repetitions; ++i) {
      Trial trial(stage, phase);
      Process process(trial.command());
      std::this_thread::sleep_for(moment_in(stage, phase));
      const bool hit = process.running();
      stage.server().crash();
      std::this_thread::sleep_for(milliseconds(200));
      stage.server().restart();
      trial.settle(process.wait(), hit, tally);
    }
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
      std::this_thread::sleep_for(moment_in(*small, phase));
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
      trial.settle(finished, hit, tally);
    }
  }
  tally.note = fmt::format("tmpfs of {} MB; segue met 'No space left' {} times, {} PANICs",
                           megabytes, refused, panics);
  return tally;
}

Tally in_recovery(Stage& stage, const Effort& effort) {
  Tally tally;
  const Standby standby(stage.server());
  for (const int phase : effort.phases) {
    Trial trial(stage, phase);
    standby.catch_up();
    const Finished finished = run(trial.command(standby.conninfo(trial.database())));
    if (finished.exit_code != 3 || finished.err.find("in recovery") == std::string::npos)
      tally.complain("on a standby: " + finished.both());
    trial.settle(finished, false, tally);
  }
  tally.note = "refused on the standby, then run on the primary";
  return tally;
}

// The primary is gone in the middle of a phase, and the standby takes over on a timeline of its
// own.
Tally promotions(Stage&, const Effort& effort) {
  Tally tally;
  // A pair of servers each time: seconds.
  const int repetitions = effort.repetitions / 3;
  const std::vector<int> phases = repetitions == 0 ? std::vector{3} : effort.phases;
  for (const int phase : phases) {
    for (int i = 0; i < std::max(1, repetitions); ++i) {
      Stage::Options options;
      options.durable = true;
      options.seed = static_cast<std::uint64_t>(phase * 100 + i);
      Stage stage(options);
      Standby standby(stage.server());
      // Else what was acknowledged could be on the old primary alone.
      const auto session = runtime::connect(stage.server().conninfo());
      session->exec("ALTER SYSTEM SET synchronous_standby_names = 'standby'");
      session->exec("SELECT pg_reload_conf()");
      Trial trial(stage, phase);
      Process process(trial.command());
      std::this_thread::sleep_for(moment_in(stage, phase));
      const bool hit = process.running();
      stage.server().crash();
      standby.promote();
      // It is the primary's twin, and would wait for a standby as well.
      const auto promoted = runtime::connect(standby.conninfo());
      promoted->exec("ALTER SYSTEM SET synchronous_standby_names = ''");
      promoted->exec("SELECT pg_reload_conf()");
      trial.moved_to(standby.conninfo(trial.database()));
      process.kill();  // its connection string names the old one
      trial.settle(process.wait(), hit, tally);
    }
  }
  return tally;
}

}  // namespace

const std::vector<Fault>& server_faults() {
  static const std::vector<Fault> faults{
      {"server crash (immediate stop) and restart", crashes, true},
      {"disk full", full_disks},
      {"server in recovery", in_recovery},
      {"standby promoted in the middle of a phase", promotions},
  };
  return faults;
}

}  // namespace segue::test
