// From a failing run to the smallest one that still fails, and its telling.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "runtime/rehearsal/run.hpp"

namespace segue::runtime::rehearsal {

namespace {

using Clock = std::chrono::steady_clock;

// A tail of what was sent, for a failure that does not come again by itself.
constexpr std::size_t untold_lines = 6;
constexpr std::size_t most_lines = 12;

class Shrinker {
 public:
  Shrinker(Stage& stage, const codegen::ReviewedPlan& plan, const PlayOptions& options,
           const Played& played, Seconds budget)
      : stage_(stage),
        plan_(plan),
        options_(options),
        violation_(*played.violation),
        deadline_(Clock::now() + std::chrono::duration_cast<Clock::duration>(budget)) {
    for (const Sent& sent : played.sent) {
      if (belongs(sent)) script_.push_back(sent);
    }
    for (const Chance& chance : played.chances) {
      if (belongs(chance)) chances_.push_back(chance);
    }
  }

  // The script that is left, and what came of it.
  std::pair<std::vector<Sent>, Violation> run() {
    if (!violation_.mismatch && !violation_.statement) {
      // No statement saw it: most likely none is needed.
      if (fails({})) return {{}, std::move(violation_)};
      if (!fails(script_)) return {{}, std::move(violation_)};
    } else if (!reduce_to_row()) {
      return {script_tail(), std::move(violation_)};
    }
    for (std::size_t piece = std::max<std::size_t>(script_.size() / 2, 1);; piece /= 2) {
      drop_pieces(piece);
      if (piece == 1 || Clock::now() > deadline_) break;
    }
    gather();
    find_first_moment();
    return {std::move(script_), std::move(violation_)};
  }

 private:
  template <typename Thing>
  bool belongs(const Thing& thing) const {
    return thing.moment.starts_with(fmt::format("{}/", violation_.leg));
  }
  bool touches_row(const Sent& sent) const {
    const std::size_t table =
        violation_.mismatch ? violation_.mismatch->table : violation_.statement->table;
    if (sent.statement.table != table) return false;
    std::vector<Key> keys;
    if (violation_.mismatch) {
      keys = {violation_.mismatch->key};
    } else {
      keys = violation_.statement->keys;
      keys.insert(keys.end(), violation_.statement->new_keys.begin(),
                  violation_.statement->new_keys.end());
    }
    return std::any_of(keys.begin(), keys.end(), [&](const Key& key) {
      const auto has = [&](const std::vector<Key>& list) {
        return std::find(list.begin(), list.end(), key) != list.end();
      };
      return has(sent.statement.keys) || has(sent.statement.new_keys);
    });
  }
  // Most failures need the writes of one row and nothing else; or none at all.
  bool reduce_to_row() {
    if (violation_.mismatch && fails({})) {
      script_.clear();
      return true;
    }
    std::vector<Sent> of_row;
    for (const Sent& sent : script_) {
      if (touches_row(sent)) of_row.push_back(sent);
    }
    if (fails(of_row)) {
      script_ = std::move(of_row);
      return true;
    }
    return fails(script_);
  }
  void drop_pieces(std::size_t piece) {
    for (std::size_t at = 0; at < script_.size() && Clock::now() < deadline_;) {
      std::vector<Sent> rest = script_;
      const auto begin = rest.begin() + static_cast<std::ptrdiff_t>(at);
      rest.erase(begin, begin + static_cast<std::ptrdiff_t>(std::min(piece, rest.size() - at)));
      if (fails(rest)) {
        script_ = std::move(rest);
      } else {
        at += piece;
      }
    }
  }
  // Statements that may as well come together need one moment to be told, not two.
  void gather() {
    for (std::size_t i = script_.size(); i-- > 1 && Clock::now() < deadline_;) {
      if (script_[i - 1].moment == script_[i].moment) continue;
      for (const bool later : {true, false}) {
        std::vector<Sent> together = script_;
        if (later) {
          together[i - 1].moment = together[i].moment;
        } else {
          together[i].moment = together[i - 1].moment;
        }
        if (!fails(together)) continue;
        script_ = std::move(together);
        break;
      }
    }
  }
  // From which moment on does it fail? What ran just before that is to blame.
  void find_first_moment() {
    std::set<Release> needed;
    for (const Sent& sent : script_) {
      if (sent.moment != script_.front().moment) return;
      needed.insert(sent.statement.release);
    }
    std::vector<std::string> moments;
    for (const Chance& chance : chances_) {
      if (std::includes(chance.releases.begin(), chance.releases.end(), needed.begin(),
                        needed.end()))
        moments.push_back(chance.moment);
      if (!script_.empty() && chance.moment == script_.front().moment) break;
    }
    for (std::size_t low = 0, high = moments.size(); low + 1 < high && !script_.empty();) {
      const std::size_t middle = (low + high - 1) / 2;
      std::vector<Sent> earlier = script_;
      for (Sent& sent : earlier) sent.moment = moments[middle];
      if (fails(earlier)) {
        script_ = std::move(earlier);
        high = middle + 1;
      } else {
        low = middle + 1;
      }
    }
  }
  bool fails(const std::vector<Sent>& script) {
    if (Clock::now() > deadline_) return false;
    std::vector<Sent> alone = script;
    for (Sent& sent : alone) sent.moment = "0" + sent.moment.substr(sent.moment.find('/'));
    PlayOptions options = options_;
    options.legs = {options_.legs[violation_.leg]};
    options.script = &alone;
    Played played = play(stage_, plan_, options);
    if (!played.violation || !played.violation->same_as(violation_)) return false;
    const std::size_t leg = violation_.leg;
    violation_ = std::move(*played.violation);
    violation_.leg = leg;
    return true;
  }
  std::vector<Sent> script_tail() const {
    std::vector<Sent> tail;
    for (const Sent& sent : script_) {
      if (touches_row(sent)) tail.push_back(sent);
    }
    if (tail.size() > untold_lines)
      tail.erase(tail.begin(), tail.end() - static_cast<std::ptrdiff_t>(untold_lines));
    return tail;
  }

  Stage& stage_;
  const codegen::ReviewedPlan& plan_;
  const PlayOptions& options_;
  Violation violation_;
  Clock::time_point deadline_;
  std::vector<Sent> script_;
  std::vector<Chance> chances_;
};

// "0/2.1 after" -> what segue had done by then.
std::string said_by_segue(const planner::Plan& plan, const std::string& moment) {
  const std::string what = moment.substr(moment.find('/') + 1);
  const auto blank = what.find(' ');
  for (const planner::Step& step : plan.steps) {
    if (step.id != what.substr(0, blank)) continue;
    const std::string when = what.substr(blank + 1);
    return fmt::format("{}{} {}",
                       when == "before"          ? "before "
                       : when == "undo"          ? "undoes "
                       : when == "killed before" ? "is killed before "
                       : when == "killed behind" ? "is killed behind "
                       : when == "after"         ? ""
                                                 : "within ",
                       step.id, step.title);
  }
  return what;
}

}  // namespace

Story tell(const Stage& stage, const std::vector<Sent>& script, const Violation& violation) {
  Story story;
  story.promise = violation.promise;
  story.phase = violation.phase;
  story.step = violation.step;
  story.saw = violation.saw;
  story.should_see = violation.should_see;
  story.because = violation.because;
  std::string moment;
  for (const Sent& sent : script) {
    if (sent.moment != moment) {
      moment = sent.moment;
      story.lines.push_back({"segue", said_by_segue(stage.plan(), moment), ""});
    }
    const Statement& statement = sent.statement;
    const Side& side =
        stage.shapes().tables[statement.table].side_of(statement.schema, statement.both);
    story.lines.push_back(
        {std::string(name_of(statement.release)), to_sql(whole(statement), side), "ok"});
  }
  const auto without_leg = [](const std::string& text) {
    return text.substr(text.find('/') == std::string::npos ? 0 : text.find('/') + 1);
  };
  if (!violation.moment.empty() && without_leg(violation.moment) != without_leg(moment))
    story.lines.push_back({"segue", said_by_segue(stage.plan(), violation.moment), ""});
  if (story.lines.size() > most_lines) {
    const std::size_t before = story.lines.size() - untold_lines;
    story.lines.erase(story.lines.begin(),
                      story.lines.begin() + static_cast<std::ptrdiff_t>(before));
    story.lines.insert(
        story.lines.begin(),
        {"…", fmt::format("{} lines before; no time was left to drop them", before), ""});
  }
  if (violation.statement && !story.lines.empty() && story.lines.back().who != "segue")
    story.lines.back().came = violation.saw;
  return story;
}

Story shrink(Stage& stage, const codegen::ReviewedPlan& plan, const PlayOptions& options,
             const Played& played, Seconds budget) {
  const auto [script, violation] = Shrinker(stage, plan, options, played, budget).run();
  Story story = tell(stage, script, violation);
  story.seed = options.seed;
  return story;
}

}  // namespace segue::runtime::rehearsal
