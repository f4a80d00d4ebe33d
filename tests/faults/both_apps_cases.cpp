#include "both_apps_cases.hpp"

#include <fmt/format.h>

#include <utility>

namespace segue::test {

namespace {

using Values = std::vector<std::pair<std::string, std::string>>;  // column, SQL

// A release that writes these columns of a table and finds them again.
Release writes(const std::string& table, const Values& values, const std::string& key = "id") {
  std::string columns = key;
  std::string inserted = "{id}";
  std::string set;
  std::string check;
  for (const auto& [column, value] : values) {
    columns += ", " + column;
    inserted += ", " + value;
    set += fmt::format("{}{} = {}", set.empty() ? "" : ", ", column, value);
    check +=
        fmt::format("{}{} IS NOT DISTINCT FROM ({})", check.empty() ? "" : " AND ", column, value);
  }
  return {fmt::format("INSERT INTO {} ({}) VALUES ({})", table, columns, inserted),
          fmt::format("UPDATE {} SET {} WHERE {} = {{id}}", table, set, key),
          fmt::format("SELECT {} FROM {} WHERE {} = {{id}}", check, table, key)};
}

Release checked(Release release, const std::string& table, const std::string& condition) {
  release.check = fmt::format("SELECT {} FROM {} WHERE id = {{id}}", condition, table);
  return release;
}

// A table with its rows; `value` gives what the old release's write 0 did.
std::string table(const std::string& name, const std::string& columns, const std::string& value) {
  return fmt::format(
      "CREATE TABLE {} (id bigint PRIMARY KEY, {}); INSERT INTO {} SELECT g, {} FROM "
      "generate_series(1, {{rows}}) AS g;",
      name, columns, name, value);
}

const std::string text = "'v{n}'";

// One release throughout, which names the column as both types are.
Case same(const std::string& name, std::string schema, std::string change, Release release) {
  Case one{name, std::move(schema), std::move(change), std::move(release), {}};
  one.old_until = stage::never;
  return one;
}

// From phase 3 on releases write both sides by themselves; those that write one alone are gone.
Case by_app(Case one) {
  one.old_until = stage::before_backfill;
  one.new_from = stage::before_backfill;
  return one;
}

// … and none runs while the old side goes.
Case by_app_to_the_end(Case one) {
  one = by_app(std::move(one));
  one.waits_at_contract = true;
  return one;
}

void renames(std::vector<Case>& cases) {
  cases.push_back({"rename", table("r_copy", "a text NOT NULL UNIQUE", "'v' || g || '-0'"),
                   "rename r_copy.a -> b", writes("r_copy", {{"a", "'v{id}-{n}'"}}),
                   writes("r_copy", {{"b", "'v{id}-{n}'"}})});
  Case view{"rename via view", table("r_view", "a text NOT NULL", "'v0'"),
            "rename r_view.a -> b via view", writes("r_view", {{"a", text}}),
            writes("r_view", {{"b", text}})};
  view.new_from = view.new_reads = stage::expanded;
  cases.push_back(view);
  cases.push_back(by_app_to_the_end({"rename via app", table("r_app", "a text", "'v0'"),
                                     "rename r_app.a -> b via app", writes("r_app", {{"a", text}}),
                                     writes("r_app", {{"a", text}, {"b", text}}),
                                     writes("r_app", {{"b", text}})}));
  Case whole{"rename table", table("r_table", "a text", "'v0'"), "rename table r_table -> r_folk",
             writes("r_table", {{"a", text}}), writes("r_folk", {{"a", text}})};
  whole.new_from = whole.new_reads = stage::expanded;
  cases.push_back(whole);
}

void columns(std::vector<Case>& cases) {
  cases.push_back({"add", table("c_add", "a text", "'v0'"),
                   "add c_add.phone varchar(20) required\n  backfill ('n' || id::text)",
                   writes("c_add", {{"a", text}}),
                   checked(writes("c_add", {{"a", text}, {"phone", "'{n}'"}}), "c_add",
                           "a = 'v{n}' AND phone IS NOT NULL")});
  const std::string sometimes = "nullif('v{n}', 'v' || {n} / 2 * 2)";
  const std::string filled = "coalesce(nullif('v{n}', 'v' || {n} / 2 * 2), 'none')";
  cases.push_back({"require", table("c_require", "a text", "NULL"),
                   "require c_require.a\n  backfill 'none'",
                   checked(writes("c_require", {{"a", sometimes}}), "c_require",
                           fmt::format("coalesce(a, 'none') = {}", filled)),
                   writes("c_require", {{"a", filled}})});
  cases.push_back(by_app({"add via app", table("c_both", "a text", "'v0'"),
                          "add c_both.phone text required\n  backfill ('n' || id::text) via app",
                          writes("c_both", {{"a", text}}),
                          checked(writes("c_both", {{"a", text}, {"phone", "'{n}'"}}), "c_both",
                                  "a = 'v{n}' AND phone IS NOT NULL")}));
  cases.push_back(by_app({"require via app", table("c_filled", "a text", "NULL"),
                          "require c_filled.a\n  backfill 'none' via app",
                          checked(writes("c_filled", {{"a", sometimes}}), "c_filled",
                                  fmt::format("coalesce(a, 'none') = {}", filled)),
                          checked(writes("c_filled", {{"a", filled}}), "c_filled",
                                  fmt::format("coalesce(a, 'none') = {}", filled))}));
  cases.push_back(
      {"relax", table("c_relax", "a text NOT NULL", "'v0'"), "relax c_relax.a",
       writes("c_relax", {{"a", text}}), writes("c_relax", {{"a", text}}),
       checked(writes("c_relax", {{"a", "NULL"}}), "c_relax", "a IS NULL OR a = 'v{n}'")});
  cases.push_back({"drop", table("c_drop", "a text, gone text NOT NULL", "'v0', 'v0!'"),
                   "drop c_drop.gone\n  back (a || '!')",
                   checked(writes("c_drop", {{"a", text}, {"gone", "'v{n}!'"}}), "c_drop",
                           "a = 'v{n}' AND gone IS NOT NULL"),
                   writes("c_drop", {{"a", text}})});
  Case kept{"drop via app",
            table("c_kept", "a text, gone text NOT NULL", "'v0', 'v0!'"),
            "drop c_kept.gone via app",
            writes("c_kept", {{"a", text}, {"gone", "'v{n}!'"}}),
            writes("c_kept", {{"a", text}, {"gone", "'v{n}!'"}}),
            writes("c_kept", {{"a", text}})};
  kept.new_reads = stage::dual_write;
  kept.waits_at_contract = true;
  cases.push_back(kept);
  Case gone{"drop table",
            table("c_gone", "a text", "'v0'"),
            "drop table c_gone",
            writes("c_gone", {{"a", text}}),
            {}};
  cases.push_back(gone);
  cases.push_back(same("default", table("c_default", "a text, b text DEFAULT 'x'", "'v0', 'x'"),
                       "default c_default.b 'y'", writes("c_default", {{"a", text}})));
  Case wide = same("widen",
                   "CREATE TABLE w_key (id integer PRIMARY KEY); INSERT INTO w_key SELECT "
                   "generate_series(0, 4);" +
                       table("w_child", "key integer NOT NULL REFERENCES w_key", "0"),
                   "widen w_key.id -> bigint", writes("w_child", {{"key", "{n} % 5"}}));
  cases.push_back(wide);
}

void types(std::vector<Case>& cases) {
  cases.push_back(same("retype in place", table("t_place", "a varchar(30)", "'v0'"),
                       "retype t_place.a -> varchar(60)", writes("t_place", {{"a", text}})));
  cases.push_back(same("retype under a view",
                       table("t_view", "a integer NOT NULL", "0") +
                           "CREATE VIEW t_seen AS SELECT id, a FROM t_view WHERE a >= 0;",
                       "retype t_view.a -> bigint\nindex t_view(a)",
                       checked(writes("t_view", {{"a", "{n}"}}), "t_seen", "a = {n}")));
  cases.push_back({"cents -> numeric", table("t_cents", "cents integer NOT NULL", "0"),
                   "retype t_cents.cents -> numeric(12,2) as total\n  using (cents / 100.0)\n  "
                   "back ((total * 100)::integer)",
                   writes("t_cents", {{"cents", "{n} * 100"}}),
                   writes("t_cents", {{"total", "{n}"}})});
  cases.push_back(
      same("text -> enum",
           "CREATE TYPE t_mood AS ENUM ('bad', 'ok', 'good');" +
               table("t_enum", "mood text", "'bad'") + "CREATE INDEX ON t_enum (mood);",
           "retype t_enum.mood -> t_mood using (mood::t_mood)",
           checked(writes("t_enum", {{"mood", "'{word}'"}}), "t_enum", "mood::text = '{word}'")));
  cases.push_back(same(
      "timestamp -> timestamptz",
      table("t_stamp", "at timestamp", "timestamp '2024-01-01'") +
          "CREATE INDEX ON t_stamp (at, id);",
      "retype t_stamp.at -> timestamptz\n  using (at at time zone 'UTC')\nindex t_stamp(at)",
      checked(writes("t_stamp", {{"at", "timestamp '2024-01-01' + {n} * interval '1 minute'"}}),
              "t_stamp", "at = timestamp '2024-01-01' + {n} * interval '1 minute'")));
  cases.push_back(same("json -> jsonb", table("t_json", "doc json", "'{\"n\": 0}'"),
                       "retype t_json.doc -> jsonb",
                       checked(writes("t_json", {{"doc", "'{\"n\": {n}}'"}}), "t_json",
                               "(doc->>'n')::integer = {n}")));
  cases.push_back(by_app_to_the_end(
      {"retype via app", table("t_app", "cents integer NOT NULL", "0"),
       "retype t_app.cents -> numeric(12,2) as total\n  using (cents / 100.0)\n  via app",
       writes("t_app", {{"cents", "{n} * 100"}}),
       writes("t_app", {{"cents", "{n} * 100"}, {"total", "{n}"}}),
       writes("t_app", {{"total", "{n}"}})}));
  cases.push_back(same(
      "extend type",
      "CREATE TYPE t_kind AS ENUM ('bad', 'ok', 'good');" +
          table("t_extend", "kind t_kind", "'bad'"),
      "extend type t_kind with 'new' before 'ok'",
      checked(writes("t_extend", {{"kind", "'{word}'"}}), "t_extend", "kind::text = '{word}'")));
}

// A value that the one table held, and the other has at the end.
void moves(std::vector<Case>& cases) {
  const auto schema = [](const std::string& name) {
    return table(name + "_user", "bio text", "'v0'") +
           fmt::format(
               "CREATE TABLE {0}_profile (user_id bigint PRIMARY KEY REFERENCES {0}_user); INSERT "
               "INTO {0}_profile SELECT id FROM {0}_user;",
               name);
  };
  // A release that writes the value in one of the tables, or in both.
  const auto release = [](const std::string& name, bool in_user, bool in_profile) {
    const auto bio = [](bool holds) {
      return holds ? std::pair{", bio", ", 'v{n}'"} : std::pair{"", ""};
    };
    const auto [user, user_value] = bio(in_user);
    const auto [profile, profile_value] = bio(in_profile);
    const std::string of_user = name + "_user SET bio = 'v{n}' WHERE id = {id}";
    const std::string of_profile = name + "_profile SET bio = 'v{n}' WHERE user_id = {id}";
    return Release{
        fmt::format("INSERT INTO {0}_user (id{1}) VALUES ({{id}}{2}); INSERT INTO {0}_profile "
                    "(user_id{3}) VALUES ({{id}}{4})",
                    name, user, user_value, profile, profile_value),
        (in_user ? "UPDATE " + of_user : "") + (in_user && in_profile ? "; " : "") +
            (in_profile ? "UPDATE " + of_profile : ""),
        in_user
            ? fmt::format("SELECT bio = 'v{{n}}' FROM {}_user WHERE id = {{id}}", name)
            : fmt::format("SELECT bio = 'v{{n}}' FROM {}_profile WHERE user_id = {{id}}", name)};
  };
  const auto change = [](const std::string& name) {
    return fmt::format(
        "move {0}_user.bio -> {0}_profile.bio on ({0}_profile.user_id = {0}_user.id)", name);
  };
  cases.push_back(
      {"move", schema("m"), change("m"), release("m", true, false), release("m", false, true)});
  cases.push_back(by_app_to_the_end({"move via app", schema("n"), change("n") + " via app",
                                     release("n", true, false), release("n", true, true),
                                     release("n", false, true)}));
}

void mappings(std::vector<Case>& cases) {
  const std::string halves =
      "split {0}.n -> a text = (split_part(n, ' ', 1)), b text = (split_part(n, ' ', 2))\n";
  const auto split = [&](const std::string& name) {
    return fmt::format(fmt::runtime(halves), name);
  };
  const std::string whole = "'a{n} b{n}'";
  const Values parts = {{"a", "'a{n}'"}, {"b", "'b{n}'"}};
  cases.push_back({"split", table("m_split", "n text NOT NULL", "'a0 b0'"),
                   split("m_split") + "  back (concat_ws(' ', a, b))",
                   writes("m_split", {{"n", whole}}), writes("m_split", parts)});
  Case way{"split one way", table("m_way", "n text", "'a0 b0'"), split("m_way"),
           writes("m_way", {{"n", whole}}), writes("m_way", parts)};
  way.new_from = stage::before_contract;
  way.once = true;
  cases.push_back(way);
  cases.push_back(by_app_to_the_end(
      {"split via app", table("m_app", "n text", "'a0 b0'"),
       split("m_app") + "  back (concat_ws(' ', a, b)) via app", writes("m_app", {{"n", whole}}),
       writes("m_app", {{"n", whole}, {"a", "'a{n}'"}, {"b", "'b{n}'"}}), writes("m_app", parts)}));
  const std::string day = "date '2024-01-01' + {n}";
  const std::string hour = "time '10:00'";
  cases.push_back({"merge",
                   table("m_merge", "day date, hour time", "date '2024-01-01', time '10:00'"),
                   "merge m_merge(day, hour) -> starts timestamp = (day + hour)\n  back day = "
                   "(starts::date), hour = (starts::time)",
                   writes("m_merge", {{"day", day}, {"hour", hour}}),
                   writes("m_merge", {{"starts", fmt::format("({}) + {}", day, hour)}})});
  moves(cases);
}

void rules(std::vector<Case>& cases) {
  cases.push_back(same("index", table("i_index", "a text", "'v0'"), "index i_index(lower(a))",
                       writes("i_index", {{"a", text}})));
  cases.push_back(same("unique", table("i_unique", "a text", "'v' || g || '-0'"),
                       "unique i_unique(a)", writes("i_unique", {{"a", "'v{id}-{n}'"}})));
  cases.push_back(
      same("primary key",
           "CREATE TABLE i_key (k bigint, a text); INSERT INTO i_key SELECT g, 'v0' FROM "
           "generate_series(1, {rows}) AS g; CREATE INDEX ON i_key (k);",
           "primary key i_key(k)", writes("i_key", {{"a", text}}, "k")));
  const std::string signs = "CASE WHEN {n} % 2 = 0 THEN -{n} ELSE {n} END";
  cases.push_back({"check", table("i_check", "a integer", "0"),
                   "check i_check (a >= 0)\n  repair a = 0",
                   checked(writes("i_check", {{"a", signs}}), "i_check",
                           fmt::format("greatest(a, 0) = greatest({}, 0)", signs)),
                   writes("i_check", {{"a", fmt::format("greatest({}, 0)", signs)}})});
  cases.push_back(
      by_app({"check via app", table("i_right", "a integer", "0"),
              "check i_right (a >= 0)\n  repair a = 0 via app",
              checked(writes("i_right", {{"a", signs}}), "i_right",
                      fmt::format("greatest(a, 0) = greatest({}, 0)", signs)),
              checked(writes("i_right", {{"a", fmt::format("greatest({}, 0)", signs)}}), "i_right",
                      fmt::format("greatest(a, 0) = greatest({}, 0)", signs))}));
  const std::string known = "nullif(nullif({n} % 7, 5), 6)";
  cases.push_back({"reference",
                   "CREATE TABLE i_target (id bigint PRIMARY KEY); INSERT INTO i_target SELECT "
                   "generate_series(0, 4);" +
                       table("i_refers", "t bigint", "0"),
                   "reference i_refers(t) -> i_target(id)\n  repair t = null",
                   checked(writes("i_refers", {{"t", "{n} % 7"}}), "i_refers",
                           fmt::format("nullif(nullif(t, 5), 6) IS NOT DISTINCT FROM {}", known)),
                   writes("i_refers", {{"t", known}})});
  cases.push_back(
      by_app({"reference via app",
              "CREATE TABLE i_goal (id bigint PRIMARY KEY); INSERT INTO i_goal SELECT "
              "generate_series(0, 4);" +
                  table("i_found", "t bigint", "0"),
              "reference i_found(t) -> i_goal(id)\n  repair t = null via app",
              checked(writes("i_found", {{"t", "{n} % 7"}}), "i_found",
                      fmt::format("nullif(nullif(t, 5), 6) IS NOT DISTINCT FROM {}", known)),
              checked(writes("i_found", {{"t", known}}), "i_found",
                      fmt::format("nullif(nullif(t, 5), 6) IS NOT DISTINCT FROM {}", known))}));
  cases.push_back(
      same("drop index, drop constraint",
           table("i_drop", "a text CONSTRAINT i_small CHECK (length(a) < 100)", "'v0'") +
               "CREATE INDEX i_drop_a ON i_drop (a);",
           "drop index i_drop_a\ndrop constraint i_drop.i_small", writes("i_drop", {{"a", text}})));
  Case made{"create",
            "",
            "create type i_word as enum ('bad', 'ok', 'good')\ncreate table i_made (id bigint "
            "primary key, a text, w i_word)\ncreate view i_seen as select id, a, w from i_made",
            {},
            checked(writes("i_made", {{"a", text}, {"w", "'{word}'"}}), "i_seen",
                    "a = 'v{n}' AND w = '{word}'")};
  made.new_from = stage::expanded;
  made.once = true;
  cases.push_back(made);
  cases.push_back(
      same("sql", table("i_sql", "a text", "'v0'"),
           "sql expand $$ alter table i_sql add column if not exists b text $$\n  undo $$ "
           "alter table i_sql drop column if exists b $$",
           writes("i_sql", {{"a", text}})));
}

}  // namespace

std::vector<Case> statement_cases() {
  std::vector<Case> cases;
  renames(cases);
  columns(cases);
  types(cases);
  mappings(cases);
  rules(cases);
  return cases;
}

}  // namespace segue::test
