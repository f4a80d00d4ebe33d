#include "runtime/status.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "runtime/errors.hpp"

namespace segue::runtime {

namespace {

using Json = nlohmann::ordered_json;
using planner::name_of;
using planner::number_of;
using planner::Phase;

// What the view gives: the latest complete phase, and one that is under way.
std::vector<ChangeRecord> read_view(Session& session) {
  std::vector<ChangeRecord> changes;
  const Rows rows = session.exec(
      "SELECT change, title, phase, running, "
      "pg_catalog.to_char(since AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'), "
      "app_release, applied_by "
      "FROM segue.status ORDER BY change");
  for (const auto& row : rows.rows) {
    ChangeRecord& change = changes.emplace_back();
    change.name = row[0].value_or("");
    change.title = row[1].value_or("");
    const int complete = std::atoi(row[2].value_or("0").c_str());
    for (int phase = 1; phase <= complete; ++phase) {
      PhaseRecord& record = change.phases.emplace_back();
      record.phase = static_cast<Phase>(phase);
      record.state = "complete";
      if (phase != complete) continue;
      record.finished_at = row[4].value_or("");
      record.app_release = row[5].value_or("");
      record.applied_by = row[6].value_or("");
    }
    if (row[3]) {
      PhaseRecord& record = change.phases.emplace_back();
      record.phase = static_cast<Phase>(std::atoi(row[3]->c_str()));
      record.state = "running";
    }
  }
  return changes;
}

const PhaseRecord* latest_complete(const ChangeRecord& change) {
  const PhaseRecord* latest = nullptr;
  for (const PhaseRecord& record : change.phases) {
    if (record.complete()) latest = &record;
  }
  return latest;
}

const PhaseRecord* under_way(const ChangeRecord& change) {
  for (const PhaseRecord& record : change.phases) {
    if (record.state == "running" || record.state == "undoing") return &record;
  }
  return nullptr;
}

std::string phase_cell(const ChangeRecord& change) {
  const PhaseRecord* latest = latest_complete(change);
  std::string text = latest == nullptr
                         ? "none"
                         : fmt::format("{} {}", number_of(latest->phase), name_of(latest->phase));
  if (const PhaseRecord* now = under_way(change)) {
    text += fmt::format(", {} {} {}", now->state == "undoing" ? "undoing" : "in",
                        number_of(now->phase), name_of(now->phase));
  }
  return text;
}

// To the second, for people.
std::string moment(const std::string& time) {
  constexpr std::size_t to_the_second = 19;
  if (time.size() < to_the_second) return "-";
  std::string text = time.substr(0, to_the_second) + "Z";
  std::replace(text.begin(), text.end(), 'T', ' ');
  return text;
}

std::string or_dash(const std::string& text) {
  return text.empty() ? "-" : text;
}

Json or_null(const std::string& text) {
  return text.empty() ? Json() : Json(text);
}

// The last phase that is complete; 0: none, or a change that nobody has heard of here.
int phase_of(const DatabaseStatus& status, const std::string& name) {
  for (const ChangeRecord& change : status.changes) {
    const PhaseRecord* latest = latest_complete(change);
    if (change.name == name && latest != nullptr) return number_of(latest->phase);
  }
  return 0;
}

// Columns that a terminal needs for it: bytes that begin a character.
std::size_t width_of(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  }));
}

}  // namespace

DatabaseStatus read_status(Session& session) {
  DatabaseStatus status;
  Ledger ledger(session);
  status.ledger = ledger.exists();
  if (!status.ledger) return status;
  try {
    status.changes = ledger.changes();
  } catch (const DatabaseError& error) {
    if (error.sqlstate() != sqlstate::insufficient_privilege) throw;
    status.changes = read_view(session);
  }
  return status;
}

std::optional<Expectation> read_expectation(const std::string& text) {
  // A change's name holds no colon.
  const std::size_t colon = text.find(':');
  if (colon == std::string::npos || colon == 0 || colon + 2 != text.size()) return std::nullopt;
  const char phase = text.back();
  if (phase < '1' || phase > '4') return std::nullopt;
  return Expectation{text.substr(0, colon), phase - '0'};
}

std::vector<Objection> not_met(const DatabaseStatus& status,
                               const std::vector<Expectation>& expectations) {
  std::vector<Objection> objections;
  for (const Expectation& expected : expectations) {
    const int phase = phase_of(status, expected.change);
    if (phase >= expected.phase) continue;
    const auto wanted = static_cast<Phase>(expected.phase);
    const std::string needs = fmt::format("phase {} ({}) of {} is expected here", expected.phase,
                                          name_of(wanted), expected.change);
    objections.push_back({"behind",
                          phase == 0
                              ? fmt::format("{}; none of its phases is complete", needs)
                              : fmt::format("{}; phase {} ({}) is the last one that is complete",
                                            needs, phase, name_of(static_cast<Phase>(phase))),
                          "Apply what is missing before this release starts."});
  }
  return objections;
}

std::string table_text(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width_of(row[i]));
  }
  std::string text;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += row[i];
      if (i + 1 < row.size()) line.append(widths[i] - width_of(row[i]) + 2, ' ');
    }
    text += line + '\n';
  }
  return text;
}

std::string status_text(const DatabaseStatus& status) {
  if (!status.ledger)
    return "No change has been applied to this database: it has no ledger (schema segue).\n";
  if (status.changes.empty()) return "No change has been applied to this database.\n";
  std::vector<std::vector<std::string>> rows{{"CHANGE", "PHASE", "SINCE", "RELEASE", "BY"}};
  for (const ChangeRecord& change : status.changes) {
    const PhaseRecord* latest = latest_complete(change);
    const PhaseRecord none;
    const PhaseRecord& shown = latest == nullptr ? none : *latest;
    std::string release = shown.app_release;
    if (!change.releases.empty()) release = change.releases.back().name + " (out)";
    rows.push_back({change.name, phase_cell(change), moment(shown.finished_at), or_dash(release),
                    or_dash(shown.applied_by)});
  }
  return table_text(rows);
}

std::string status_json(const DatabaseStatus& status,
                        const std::vector<Expectation>& expectations) {
  Json changes = Json::array();
  for (const ChangeRecord& change : status.changes) {
    const PhaseRecord* latest = latest_complete(change);
    const PhaseRecord* now = under_way(change);
    Json phases = Json::array();
    for (const PhaseRecord& record : change.phases) {
      phases.push_back({{"phase", number_of(record.phase)},
                        {"name", name_of(record.phase)},
                        {"state", record.state},
                        {"started_at", or_null(record.started_at)},
                        {"finished_at", or_null(record.finished_at)},
                        {"applied_by", or_null(record.applied_by)},
                        {"runner", or_null(record.runner)},
                        {"app_release", or_null(record.app_release)}});
    }
    Json releases = Json::array();
    for (const ReleaseRecord& release : change.releases) {
      releases.push_back({{"name", release.name},
                          {"acknowledged_at", release.acknowledged_at},
                          {"acknowledged_by", release.acknowledged_by}});
    }
    changes.push_back({{"change", change.name},
                       {"title", change.title},
                       {"phase", latest == nullptr ? 0 : number_of(latest->phase)},
                       {"running", now == nullptr ? Json() : Json(number_of(now->phase))},
                       {"since", latest == nullptr ? Json() : or_null(latest->finished_at)},
                       {"phases", phases},
                       {"releases", releases}});
  }
  Json object{{"ledger", status.ledger}, {"changes", changes}};
  if (!expectations.empty()) {
    Json expected = Json::array();
    for (const Expectation& one : expectations) {
      const int phase = phase_of(status, one.change);
      expected.push_back({{"change", one.change},
                          {"phase", one.phase},
                          {"found", phase},
                          {"met", phase >= one.phase}});
    }
    object["expected"] = expected;
  }
  return object.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace segue::runtime
