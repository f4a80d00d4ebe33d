#include "runtime/reporter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "runtime/verify.hpp"

namespace segue::runtime {

namespace {

using planner::number_of;
using planner::Phase;
using planner::Plan;
using planner::Step;

// Often enough to see life, seldom enough for a log and for the terminal's sake.
constexpr std::chrono::seconds plain_interval{10};
constexpr std::chrono::milliseconds terminal_interval{200};

std::string progress_text(const Progress& progress) {
  const double share = progress.blocks_total == 0 ? 1.0
                                                  : static_cast<double>(progress.blocks_done) /
                                                        static_cast<double>(progress.blocks_total);
  std::string text = fmt::format(
      "  {}{}{}: {:.0f} %, {} rows, {} rows/s", progress.step, progress.step.empty() ? "" : " ",
      progress.activity, std::floor(std::min(share, 1.0) * 100), count_text(progress.rows),
      count_text(static_cast<std::uint64_t>(progress.rows_per_second())));
  if (const auto left = progress.seconds_left())
    text += fmt::format(", {} left", duration_text(*left));
  return text;
}

std::string outcome_text(const StepOutcome& outcome) {
  if (outcome.found_done) return "was done already";
  std::string text = fmt::format("done in {}", duration_text(outcome.seconds));
  if (outcome.rows) text += fmt::format(", {} rows", count_text(*outcome.rows));
  if (outcome.attempts > 1) {
    text += fmt::format(", at try {}, longest wait for a lock {:.0f} ms", outcome.attempts,
                        outcome.lock_wait_ms);
  }
  if (outcome.app_wait_ms > 0)
    text += fmt::format(", an app waited {} behind it", duration_text(outcome.app_wait_ms / 1000));
  return text;
}

class Lines : public Reporter {
 public:
  Lines(std::ostream& out, const Clock& clock, bool terminal)
      : out_(out),
        clock_(clock),
        terminal_(terminal),
        last_progress_(terminal ? std::chrono::steady_clock::time_point{} : clock.now()) {}

  void phase_begins(const Plan& plan, Phase phase) override {
    line(fmt::format("{}: phase {} ({})", plan.name, number_of(phase), name_of(phase)));
  }
  void phase_ends(const Plan& plan, Phase phase, double seconds) override {
    line(fmt::format("{}: phase {} ({}) complete, {}", plan.name, number_of(phase), name_of(phase),
                     duration_text(seconds)));
  }
  void step_begins(const Step& step) override {
    last_progress_ = clock_.now();
    if (terminal_) {
      over(fmt::format("  {} {} …", step.id, step.title));
    }
  }
  void step_ends(const Step& step, const StepOutcome& outcome) override {
    line(fmt::format("  {} {}: {}", step.id, step.title, outcome_text(outcome)));
  }
  void undo_begins(const Step& step) override {
    line(fmt::format("  undo {} {}", step.id, step.title));
  }
  void waits(const std::string& step, const std::string& why) override {
    line(fmt::format("  {}{}waits: {}", step, step.empty() ? "" : " ", why));
  }
  void paces(const std::string& step, const pacing::Pace& pace) override {
    if (pace.waits) {
      waits(step, pace.why);
      return;
    }
    line(fmt::format("  {} goes with {} rows at a time, {:.0f} % of the time, {}: {}", step,
                     count_text(pace.rows), pace.duty * 100,
                     pace.workers == 1 ? "1 worker" : fmt::format("{} workers", pace.workers),
                     pace.why));
  }
  void advances(const Progress& progress) override {
    const auto now = clock_.now();
    if (terminal_) {
      if (now - last_progress_ < terminal_interval) return;
      over(progress_text(progress));
    } else {
      if (now - last_progress_ < plain_interval) return;
      line(progress_text(progress));
    }
    last_progress_ = now;
  }
  void verified(const VerificationResult& result) override {
    line(fmt::format("  verified: {} on all {} rows of {}", result.promise,
                     count_text(result.findings.checked), planner::quoted(result.table)));
  }
  void says(const std::string& message) override { line(message); }

 private:
  static constexpr const char* back_and_erase = "\r\x1b[K";

  void line(const std::string& text) {
    if (terminal_) out_ << back_and_erase;
    out_ << text << std::endl;
  }
  void over(const std::string& text) { out_ << back_and_erase << text << std::flush; }

  std::ostream& out_;
  const Clock& clock_;
  bool terminal_;
  std::chrono::steady_clock::time_point last_progress_;
};

class JsonLines final : public Reporter {
 public:
  JsonLines(std::ostream& out, const Clock& clock) : out_(out), clock_(clock) {}

  void phase_begins(const Plan& plan, Phase phase) override {
    line({{"event", "phase-begins"}, {"change", plan.name}, {"phase", number_of(phase)}});
  }
  void phase_ends(const Plan& plan, Phase phase, double seconds) override {
    line({{"event", "phase-complete"},
          {"change", plan.name},
          {"phase", number_of(phase)},
          {"seconds", seconds}});
  }
  void step_begins(const Step& step) override {
    line({{"event", "step-begins"}, {"step", step.id}, {"title", step.title}});
  }
  void step_ends(const Step& step, const StepOutcome& outcome) override {
    nlohmann::ordered_json object{{"event", "step-done"},
                                  {"step", step.id},
                                  {"found_done", outcome.found_done},
                                  {"seconds", outcome.seconds},
                                  {"attempts", outcome.attempts},
                                  {"lock_wait_ms", outcome.lock_wait_ms},
                                  {"app_wait_ms", outcome.app_wait_ms}};
    if (outcome.rows) object["rows"] = *outcome.rows;
    line(object);
  }
  void undo_begins(const Step& step) override {
    line({{"event", "undo-begins"}, {"step", step.id}, {"title", step.title}});
  }
  void waits(const std::string& step, const std::string& why) override {
    line({{"event", "waits"}, {"step", step}, {"why", why}});
  }
  void paces(const std::string& step, const pacing::Pace& pace) override {
    line({{"event", pace.waits ? "waits" : "pace"},
          {"step", step},
          {"code", pace.code},
          {"why", pace.why},
          {"rows", pace.rows},
          {"duty", pace.duty},
          {"workers", pace.workers}});
  }
  void advances(const Progress& progress) override {
    const auto now = clock_.now();
    if (now - last_progress_ < std::chrono::seconds(1)) return;
    last_progress_ = now;
    nlohmann::ordered_json object{{"event", "progress"},
                                  {"step", progress.step},
                                  {"activity", progress.activity},
                                  {"rows", progress.rows},
                                  {"blocks_done", progress.blocks_done},
                                  {"blocks_total", progress.blocks_total},
                                  {"rows_per_second", progress.rows_per_second()}};
    if (const auto left = progress.seconds_left()) object["seconds_left"] = *left;
    line(object);
  }
  void verified(const VerificationResult& result) override {
    line({{"event", "verified"},
          {"table", planner::quoted(result.table)},
          {"promise", result.promise},
          {"rows", result.findings.checked},
          {"differ", result.findings.found}});
  }
  void says(const std::string& message) override {
    line({{"event", "message"}, {"message", message}});
  }

 private:
  void line(const nlohmann::ordered_json& object) {
    out_ << object.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace)
         << std::endl;
  }

  std::ostream& out_;
  const Clock& clock_;
  std::chrono::steady_clock::time_point last_progress_{};
};

class Silence final : public Reporter {
 public:
  void phase_begins(const Plan&, Phase) override {}
  void phase_ends(const Plan&, Phase, double) override {}
  void step_begins(const Step&) override {}
  void step_ends(const Step&, const StepOutcome&) override {}
  void undo_begins(const Step&) override {}
  void waits(const std::string&, const std::string&) override {}
  void paces(const std::string&, const pacing::Pace&) override {}
  void advances(const Progress&) override {}
  void verified(const VerificationResult&) override {}
  void says(const std::string&) override {}
};

}  // namespace

std::optional<double> Progress::seconds_left() const {
  if (blocks_done <= blocks_at_start || seconds <= 0) return std::nullopt;
  const double rate = static_cast<double>(blocks_done - blocks_at_start) / seconds;
  const std::uint64_t left = blocks_total > blocks_done ? blocks_total - blocks_done : 0;
  return static_cast<double>(left) / rate;
}

std::unique_ptr<Reporter> make_reporter(ReportStyle style, std::ostream& out, const Clock& clock) {
  if (style == ReportStyle::json) return std::make_unique<JsonLines>(out, clock);
  return std::make_unique<Lines>(out, clock, style == ReportStyle::terminal);
}

std::unique_ptr<Reporter> make_silent_reporter() {
  return std::make_unique<Silence>();
}

std::string duration_text(double seconds) {
  if (seconds < 1) return fmt::format("{:.0f} ms", seconds * 1000);
  if (seconds < 10) return fmt::format("{:.1f} s", seconds);
  const auto whole = static_cast<std::uint64_t>(std::llround(seconds));
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {} s", whole / 60, whole % 60);
  if (whole < 86400) return fmt::format("{} h {} min", whole / 3600, whole % 3600 / 60);
  return fmt::format("{} d {} h", whole / 86400, whole % 86400 / 3600);
}

std::string count_text(std::uint64_t count) {
  std::string digits = std::to_string(count);
  for (std::size_t i = digits.size(); i > 3; i -= 3) digits.insert(i - 3, ",");
  return digits;
}

}  // namespace segue::runtime
