#include "runtime/stripes.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "dsl/sql.hpp"
#include "runtime/table_scan.hpp"

namespace segue::runtime {

namespace {

using dsl::sql::quote_identifier;
using planner::quoted;

// Enough pages for an average, too few to take time.
constexpr std::uint64_t pages_looked_at = 64;
// Fewer make transactions of so many rows that they are seen.
constexpr unsigned fewest_turns = 4;
// The largest share of a page, in even shares: above it more rows leave their page than the place
// in the page would make leave it.
constexpr double tolerance = 1.35;

bool is_integer(Session& session, const planner::QualifiedName& leaf, const std::string& column) {
  return !session
              .exec(
                  "SELECT FROM pg_catalog.pg_attribute WHERE attrelid = "
                  "pg_catalog.to_regclass($1) AND attname = $2 AND NOT attisdropped AND atttypid "
                  "IN ('int2'::pg_catalog.regtype, 'int4'::pg_catalog.regtype, "
                  "'int8'::pg_catalog.regtype)",
                  {quoted(leaf), column})
              .empty();
}

// Without its sign, so that a remainder is never below 0.
std::string by_column(const std::string& column, unsigned turns) {
  return fmt::format("(({} & 2147483647) % {})", quote_identifier(column), turns);
}

// A few pages in the middle, as SQL over ctid.
std::string pages_to_look_at(Session& session, const TableSize& size) {
  const std::uint64_t middle = size.blocks / 2;
  const std::uint64_t from = middle > pages_looked_at / 2 ? middle - pages_looked_at / 2 : 0;
  return block_condition(session.server_version(), size.block_size, from,
                         std::min(size.blocks, from + pages_looked_at));
}

// What the fullest of the pages has room for, as a part of its rows. Values stored out of line
// count as if they were in it: rather too little room than too much.
double room(Session& session, const planner::QualifiedName& leaf) {
  const TableSize size = size_of(session, leaf);
  // A row is padded to eight bytes and has four of the page's own; the page has a header of 24.
  const Rows rows = session.exec(fmt::format(
      "SELECT ({}.0 - 24) / pg_catalog.max(used) - 1 FROM (SELECT pg_catalog.sum("
      "(pg_catalog.pg_column_size(segue_row.*) + 7) / 8 * 8 + 4) AS used FROM ONLY {} AS segue_row "
      "WHERE {} GROUP BY pg_catalog.substr(pg_catalog.tidsend(ctid), 1, 4)) AS pages",
      size.block_size, quoted(leaf), pages_to_look_at(session, size)));
  const Value& found = rows.rows.front().front();
  return number_in(found);
}

// How much larger than an even share the largest one of a page is, on average.
double unevenness(Session& session, const planner::QualifiedName& leaf, const std::string& column,
                  unsigned turns) {
  const std::string pages = pages_to_look_at(session, size_of(session, leaf));
  // Six bytes: a page's number and a place in it.
  const Rows rows = session.exec(fmt::format(
      "SELECT pg_catalog.avg(most / pg_catalog.ceil(GREATEST(all_rows, 1) / {0}.0)) "
      "FROM (SELECT pg_catalog.max(share) AS most, pg_catalog.sum(share) AS all_rows FROM (SELECT "
      "pg_catalog.substr(pg_catalog.tidsend(ctid), 1, 4) AS page, pg_catalog.count(*) AS share "
      "FROM ONLY {1} WHERE {2} GROUP BY 1, {3}) AS shares GROUP BY page) AS pages",
      turns, quoted(leaf), pages, by_column(column, turns)));
  const Value& found = rows.rows.front().front();
  return number_in(found);
}

}  // namespace

// A third more than a share: its rows come back wider than they were.
unsigned turns_for(double room) {
  unsigned turns = fewest_turns;
  while (turns < stripes && room * turns < 4.0 / 3) turns *= 2;
  return std::min(turns, stripes);
}

std::string Striping::condition(unsigned turn) const {
  if (!column.empty()) return fmt::format("{} = {}", by_column(column, turns), turn);
  // The places 1 to n of a page: those that divide without a rest come one short, so they come
  // last.
  return fmt::format("pg_catalog.get_byte(pg_catalog.tidsend(ctid), 5) % {} = {}", turns,
                     (turn + 1) % turns);
}

Striping choose_striping(Session& session, const planner::QualifiedName& leaf,
                         const std::vector<std::string>& key) {
  // A fetch by ctid, which is all that there is then, does not clear away what a share left.
  if (session.server_version() < tid_range_scans_since)
    return {"", "block by block: stripes need the TID range scans of PostgreSQL 14", 1};
  const unsigned turns = turns_for(room(session, leaf));
  const std::string how =
      turns == stripes ? "stripes" : fmt::format("{} stripes, as pages have room,", turns);
  const auto by_place = [&](const std::string& why) {
    return Striping{"", fmt::format("{} by the row's place in its page: {}", how, why), turns};
  };
  for (const std::string& column : key) {
    if (!is_integer(session, leaf, column)) continue;
    const double found = unevenness(session, leaf, column, turns);
    if (found == 0) return by_place("there are no rows to look at");
    if (found <= tolerance)
      return {column,
              fmt::format("{} by {}: on the pages looked at the largest share is "
                          "{:.2f} of an even one",
                          how, quote_identifier(column), found),
              turns};
  }
  return by_place(key.empty() ? "the table has no key"
                              : "no integer key column lies in the rows' order");
}

}  // namespace segue::runtime
