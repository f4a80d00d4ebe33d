#include "runtime/rehearsal/psql.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "runtime/child_process.hpp"

namespace segue::runtime::rehearsal {

namespace {

namespace fs = std::filesystem;

class ScratchDirectory {
 public:
  ScratchDirectory() {
    path_ = (fs::temp_directory_path() / "segue-psql-XXXXXX").string();
    if (mkdtemp(path_.data()) == nullptr) throw std::runtime_error("cannot make " + path_);
  }
  ~ScratchDirectory() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;
  fs::path operator/(const char* name) const { return fs::path(path_) / name; }

 private:
  std::string path_;
};

fs::path psql_path() {
  const char* const path = std::getenv("PATH");
  std::istringstream places(path == nullptr ? "" : path);
  for (std::string place; std::getline(places, place, ':');) {
    fs::path file = fs::path(place) / "psql";
    if (access(file.c_str(), X_OK) == 0) return file;
  }
  return {};
}

// "psql:…/file.sql:12: ERROR:  …" and the lines that go with it.
PsqlAnswer first_error(const fs::path& log) {
  std::ifstream stream(log);
  PsqlAnswer answer;
  for (std::string line; std::getline(stream, line);) {
    const auto error = line.find("ERROR:");
    const auto place = line.find("file.sql:");
    if (error != std::string::npos && answer.message.empty()) {
      answer.message = line.substr(error);
      if (place != std::string::npos)
        answer.line = static_cast<std::size_t>(std::strtoul(line.c_str() + place + 9, nullptr, 10));
    } else if (!answer.message.empty() &&
               (line.starts_with("HINT:") || line.starts_with("DETAIL:"))) {
      answer.message += "\n" + line;
    }
  }
  if (answer.message.empty()) answer.message = "psql failed and said nothing of an error";
  return answer;
}

}  // namespace

bool psql_is_installed() {
  return !psql_path().empty();
}

PsqlAnswer run_psql(const std::string& conninfo, const std::string& text) {
  const ScratchDirectory scratch;
  const fs::path file = scratch / "file.sql";
  const fs::path log = scratch / "log";
  std::ofstream(file, std::ios::binary) << text;
  const int code = wait_for(spawn({psql_path().string(), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d",
                                   conninfo, "-f", file.string()},
                                  Account{}, log));
  if (code == 0) return {true, "", 0};
  return first_error(log);
}

std::string step_at(const planner::Plan& plan, planner::Phase phase, const std::string& text,
                    std::size_t line) {
  std::string found;
  std::istringstream lines(text);
  std::size_t number = 0;
  for (std::string one; std::getline(lines, one) && ++number <= line;) {
    for (const planner::Step& step : plan.steps) {
      if (step.phase == phase && one.starts_with(fmt::format("-- ── {} ", step.id)))
        found = fmt::format("{} {}", step.id, step.title);
    }
  }
  return found;
}

}  // namespace segue::runtime::rehearsal
