// Who still uses what contract removes: sessions that are called as the old release is, statements
// that PostgreSQL counted, writes that a tripwire noted.
#include <fmt/format.h>

#include <cstdlib>
#include <map>

#include "dsl/sql.hpp"
#include "dsl/utf8.hpp"
#include "runtime/gate_facts.hpp"

namespace segue::runtime {

namespace {

using dsl::sql::ColumnMention;
using dsl::sql::quote_literal;
using planner::OldColumn;
using planner::Plan;

std::uint64_t number(const Value& value) {
  return std::strtoull(value.value_or("0").c_str(), nullptr, 10);
}

// Everybody may see what sessions are called. Of what kind one is, another role's, is hidden from a
// role without pg_read_all_stats.
std::vector<OpenSessions> open_sessions(Session& session,
                                        const std::vector<std::string>& patterns) {
  std::string old = "false";
  for (const std::string& pattern : patterns)
    old += fmt::format(" OR application_name LIKE {}", quote_literal(pattern));
  const Rows rows = session.exec(fmt::format(
      "SELECT application_name, usename, pg_catalog.count(*), {} FROM pg_catalog.pg_stat_activity "
      "WHERE datname = pg_catalog.current_database() AND coalesce(backend_type, "
      "'client backend') = 'client backend' AND pid <> pg_catalog.pg_backend_pid() GROUP BY 1, 2, "
      "4 ORDER BY 1, 2",
      old));
  std::vector<OpenSessions> found;
  for (const auto& row : rows.rows)
    found.push_back({row[0].value_or(""), row[1].value_or(""), number(row[2]), row[3] == "t"});
  return found;
}

// What relations there are, asked once each.
class Relations {
 public:
  explicit Relations(Session& session) : session_(session) {}

  std::optional<dsl::sql::TableColumns> operator()(const std::string& schema,
                                                   const std::string& name) {
    const std::string quoted = planner::quoted({schema, name});
    const std::string text = schema.empty() ? dsl::sql::quote_identifier(name) : quoted;
    const auto known = known_.find(text);
    if (known != known_.end()) return known->second;
    auto& answer = known_[text];
    const Rows rows = session_.exec(
        "SELECT n.nspname, c.relname, a.attname FROM pg_catalog.pg_class c JOIN "
        "pg_catalog.pg_namespace n ON n.oid = c.relnamespace JOIN pg_catalog.pg_attribute a ON "
        "a.attrelid = c.oid WHERE c.oid = pg_catalog.to_regclass($1) AND a.attnum > 0 AND NOT "
        "a.attisdropped ORDER BY a.attnum",
        {text});
    for (const auto& row : rows.rows) {
      if (!answer) answer = {row[0].value_or(""), row[1].value_or(""), {}};
      answer->columns.push_back(row[2].value_or(""));
    }
    return answer;
  }

 private:
  Session& session_;
  std::map<std::string, std::optional<dsl::sql::TableColumns>> known_;
};

// Where pg_stat_statements is, quoted; empty: nowhere.
std::string home_of_statements(Session& session) {
  const Rows rows = session.exec(
      "SELECT pg_catalog.quote_ident(n.nspname) FROM pg_catalog.pg_extension e JOIN "
      "pg_catalog.pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = "
      "'pg_stat_statements'");
  return rows.empty() ? "" : rows.rows[0][0].value_or("") + ".pg_stat_statements";
}

bool has_column(Session& session, const std::string& relation, const std::string& column) {
  return !session
              .exec(
                  "SELECT FROM pg_catalog.pg_attribute WHERE attrelid = "
                  "pg_catalog.to_regclass($1) AND attname = $2",
                  {relation, column})
              .empty();
}

bool is_true(Session& session, const std::string& condition,
             const std::vector<Value>& values = {}) {
  return session.exec("SELECT " + condition, values).scalar() == "t";
}

// On one line, and cut.
std::string shortened(const std::string& text) {
  constexpr std::size_t longest = 160;
  std::string line;
  for (const char c : text) {
    const bool blank = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    if (!blank) line += c;
    if (blank && !line.empty() && line.back() != ' ') line += ' ';
  }
  while (!line.empty() && line.back() == ' ') line.pop_back();
  if (line.size() <= longest) return line;
  return std::string(dsl::clip(line, longest)) + "…";
}

// Calls since `since`. A statement that was counted then shows how often it was called later; one
// that was not, or that has fewer calls now, came or came back since. From pg_stat_statements 1.11
// (PostgreSQL 17) on each says itself when it came. What functions and PostgreSQL itself send
// (toplevel) is left out: bodies are looked at as they are.
Rows called_since(Session& session, const std::string& home, const std::string& change,
                  const std::string& since, const std::string& table) {
  const std::string came_later =
      has_column(session, home, "stats_since")
          ? fmt::format("s.stats_since >= {}::timestamptz OR ", quote_literal(since))
          : "";
  // Before 14 the statements of functions cannot be told but by the names that the plan gives.
  const std::string top = has_column(session, home, "toplevel")
                              ? "AND s.toplevel "
                              : "AND s.query NOT LIKE '% AS segue\\_%' ";
  return session.exec(fmt::format(
      "SELECT role, query, since FROM (SELECT pg_catalog.pg_get_userbyid(s.userid) AS role, "
      "s.query, pg_catalog.sum(CASE WHEN {}c.calls IS NULL OR s.calls < c.calls THEN s.calls ELSE "
      "s.calls - c.calls END) AS since FROM {} s LEFT JOIN segue.statement_count c ON c.change = "
      "{} "
      "AND c.role = s.userid AND c.queryid = s.queryid WHERE s.dbid = (SELECT oid FROM "
      "pg_catalog.pg_database WHERE datname = pg_catalog.current_database()) {}AND s.query NOT "
      "LIKE "
      "'%/* segue */%' AND pg_catalog.strpos(pg_catalog.lower(s.query), {}) > 0 GROUP BY 1, 2) x "
      "WHERE since > 0 ORDER BY since DESC, query",
      came_later, home, quote_literal(change), top, quote_literal(table)));
}

void read_statements(Session& session, const Plan& plan, const std::string& since,
                     OldReleaseFacts& facts) {
  const std::string home = home_of_statements(session);
  const auto unseen = [&](std::string why) { facts.statements_unseen = std::move(why); };
  if (home.empty()) return unseen("the extension pg_stat_statements is not in this database");
  if (!is_true(session, "pg_catalog.pg_has_role('pg_read_all_stats', 'USAGE')"))
    return unseen("this role may not read other roles' statements: GRANT pg_read_all_stats");
  const bool counted =
      is_true(session,
              "EXISTS (SELECT FROM segue.statement_count WHERE change = $1 AND at >= "
              "$2::timestamptz)",
              {plan.name, since}) ||
      has_column(session, home, "stats_since");
  if (!counted) {
    return unseen(
        "nobody counted the calls when the release was acknowledged: the extension was not there, "
        "or the role had no pg_read_all_stats");
  }
  Relations relations(session);
  const dsl::sql::RelationLookup lookup = [&](const std::string& schema, const std::string& name) {
    return relations(schema, name);
  };
  for (const OldColumn& old : plan.old_columns) {
    if (old.replaced_by == old.column) continue;  // a statement goes on naming it
    std::string table = old.table.name;
    for (char& c : table) {
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    for (const auto& row : called_since(session, home, plan.name, since, table).rows) {
      const std::string text = row[1].value_or("");
      const ColumnMention mention = dsl::sql::mention_in_statement(
          text, old.table.schema, old.table.name, old.column, lookup);
      if (mention == ColumnMention::none) continue;
      facts.statements.push_back(
          {row[0].value_or(""), shortened(text), number(row[2]),
           planner::quoted(old.table) + "." + dsl::sql::quote_identifier(old.column),
           mention == ColumnMention::named});
    }
  }
}

std::vector<Sighting> read_sightings(Session& session, const std::string& change,
                                     const std::string& since) {
  std::vector<Sighting> sightings;
  const Rows rows = session.exec(
      "SELECT app, role, relation, columns, pg_catalog.to_char(pg_catalog.max(at) AT TIME ZONE "
      "'UTC', 'YYYY-MM-DD HH24:MI:SS\"Z\"') FROM segue.sighting WHERE change = $1 AND at >= "
      "$2::timestamptz GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4",
      {change, since});
  for (const auto& row : rows.rows) {
    sightings.push_back({row[0].value_or(""), row[1].value_or(""), row[2].value_or(""),
                         row[3].value_or(""), row[4].value_or("")});
  }
  return sightings;
}

}  // namespace

OldReleaseFacts find_old_release(Session& session, const Plan& plan, const ChangeRecord& change,
                                 const std::vector<std::string>& patterns) {
  OldReleaseFacts facts;
  facts.patterns = patterns;
  // A ledger that an older segue made has none of this; the next apply or ack brings it up to date.
  const bool watched = is_true(session, "pg_catalog.to_regclass('segue.sighting') IS NOT NULL");
  if (watched) {
    for (const auto& row :
         session
             .exec("SELECT pattern FROM segue.old_release WHERE change = $1 ORDER BY 1",
                   {plan.name})
             .rows)
      facts.patterns.push_back(row[0].value_or(""));
  }
  facts.sessions = open_sessions(session, facts.patterns);
  const bool acknowledged = release_that_counts(change) != nullptr;
  if (!acknowledged || !watched) {
    facts.statements_unseen = "no release is acknowledged: who uses what is old may do so";
    return facts;
  }
  const ReleaseRecord& last = change.releases.back();
  facts.since = last.name;
  try {
    read_statements(session, plan, last.acknowledged_at, facts);
  } catch (const DatabaseError& error) {
    if (error.connection_lost()) throw;
    facts.statements_unseen = error.what();  // not loaded, or not readable
  }
  facts.sightings = read_sightings(session, plan.name, last.acknowledged_at);
  return facts;
}

}  // namespace segue::runtime
