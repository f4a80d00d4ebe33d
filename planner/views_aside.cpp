#include "planner/views_aside.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "planner/carry.hpp"
#include "planner/names.hpp"
#include "planner/row_types.hpp"

namespace segue::planner {

namespace {

using dsl::sql::quote_literal;

// Read when the step runs: grants and comments need not be those of the day of the plan, and a view
// that was replaced meanwhile comes back as it is now. What default privileges give a new view goes
// before the old one's grants come.
constexpr const char* keep =
    R"(SELECT pg_catalog.set_config({setting}, coalesce(pg_catalog.string_agg(act.sql, ';' ORDER BY v.nth, act.kind, act.nth), ''), {local}) IS NOT NULL
       AS "views kept"
  FROM pg_catalog.unnest(ARRAY[{names}]) WITH ORDINALITY AS v (name, nth)
  JOIN pg_catalog.pg_class c ON c.oid = pg_catalog.to_regclass(v.name) AND c.relkind = 'v'
 CROSS JOIN LATERAL (
    SELECT 1, 0, pg_catalog.format('CREATE VIEW %s (%s)%s AS %s', v.name,
             (SELECT pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ', ' ORDER BY a.attnum)
                FROM pg_catalog.pg_attribute a
               WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
             ' WITH (' || pg_catalog.array_to_string(c.reloptions, ', ') || ')',
             pg_catalog.rtrim(pg_catalog.pg_get_viewdef(c.oid), ';'))
    UNION ALL
    SELECT 2, 0, pg_catalog.format('ALTER VIEW %s OWNER TO %s', v.name, c.relowner::pg_catalog.regrole)
     WHERE c.relowner <> pg_catalog.quote_ident(current_user)::pg_catalog.regrole
    UNION ALL
    SELECT DISTINCT 3, 0, pg_catalog.format('REVOKE ALL ON %s FROM %s', v.name,
             CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::pg_catalog.regrole::text END)
      FROM pg_catalog.pg_default_acl d, pg_catalog.aclexplode(d.defaclacl) a
     WHERE d.defaclobjtype = 'r' AND a.grantee <> c.relowner
    UNION ALL
    SELECT 4, 0, pg_catalog.format('GRANT %s ON %s TO %s%s', a.privilege_type, v.name,
             CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::pg_catalog.regrole::text END,
             CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
      FROM pg_catalog.aclexplode(c.relacl) a WHERE a.grantee <> c.relowner
    UNION ALL
    SELECT 4, a.attnum, pg_catalog.format('GRANT %s (%I) ON %s TO %s%s', g.privilege_type, a.attname, v.name,
             CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE g.grantee::pg_catalog.regrole::text END,
             CASE WHEN g.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
      FROM pg_catalog.pg_attribute a, pg_catalog.aclexplode(a.attacl) g
     WHERE a.attrelid = c.oid AND NOT a.attisdropped
    UNION ALL
    SELECT 5, d.objsubid, CASE d.objsubid
             WHEN 0 THEN pg_catalog.format('COMMENT ON VIEW %s IS %L', v.name, d.description)
             ELSE pg_catalog.format('COMMENT ON COLUMN %s.%I IS %L', v.name,
                    (SELECT a.attname FROM pg_catalog.pg_attribute a
                      WHERE a.attrelid = c.oid AND a.attnum = d.objsubid), d.description) END
      FROM pg_catalog.pg_description d
     WHERE d.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objoid = c.oid
    UNION ALL
    SELECT 6, a.attnum, pg_catalog.format('ALTER VIEW %s ALTER COLUMN %I SET DEFAULT %s', v.name, a.attname,
             pg_catalog.pg_get_expr(d.adbin, d.adrelid))
      FROM pg_catalog.pg_attrdef d JOIN pg_catalog.pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
     WHERE d.adrelid = c.oid
    UNION ALL
    SELECT 7, 0, pg_catalog.rtrim(pg_catalog.pg_get_ruledef(r.oid), ';')
      FROM pg_catalog.pg_rewrite r WHERE r.ev_class = c.oid AND r.rulename <> '_RETURN'
    UNION ALL
    SELECT 7, 0, pg_catalog.pg_get_triggerdef(t.oid)
      FROM pg_catalog.pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal
  ) AS act (kind, nth, sql);
)";

std::string setting_of(const Context& context, const std::string& what) {
  const std::string own = own_name(context.change_name(), what + "views aside");
  return "segue.views" + own.substr(own.rfind('_'));
}

// The columns of a relation whose values are others after the swap, not the same ones in a type
// that compares with the old one.
using Converted = std::map<QualifiedName, std::set<std::string>>;

class Overlook {
 public:
  explicit Overlook(const Context& context) : context_(context) {
    for (const auto& [name, draft] : context.draft.tables) {
      for (const Rename& rename : draft.renames) {
        if (rename.type.empty() || !rename.keeps_name()) continue;
        if (!rename.keys_match) convert(*draft.table, rename.from);
        look(*draft.table, rename.from);
      }
    }
    std::reverse(above_.begin(), above_.end());
  }
  Overlook(const Context& context, const Table& table, const std::string& column)
      : context_(context), names_stay_(true) {
    look(table, column);
    std::reverse(above_.begin(), above_.end());
  }

  ViewsAside take() {
    for (const View* view : above_) {
      std::string reason = why_not(*view);
      if (!reason.empty()) reasons_.emplace(view, std::move(reason));
    }
    while (pass_on_reasons()) {
    }
    ViewsAside aside;
    for (const View* view : above_) {
      const auto reason = reasons_.find(view);
      if (reason == reasons_.end()) {
        aside.views.push_back(view);
      } else {
        const bool droppable =
            view->extension.empty() && user_of_view(context_.catalog, *view).empty();
        aside.left.push_back({view, direct_.contains(view), droppable, reason->second});
      }
    }
    return aside;
  }

 private:
  void convert(const Table& root, const std::string& column) {
    for (const Table* table : tree_of(context_.catalog, root))
      converted_[table->name].insert(column);
  }

  void look(const Table& root, const std::string& column) {
    for (const Table* table : tree_of(context_.catalog, root)) {
      for (const View* view : context_.catalog.views_of(table->name)) {
        if (!uses(view->uses, table->name, column)) continue;
        direct_.insert(view);
        climb(*view);
      }
    }
  }

  // Whatever reads a view is noted before the view itself.
  void climb(const View& view) {
    if (!seen_.insert(&view).second) return;
    for (const View* reader : context_.catalog.views_of(view.name)) climb(*reader);
    above_.push_back(&view);
  }

  // One that cannot step aside holds those that it reads; and those that read it go when somebody
  // drops it. Whether there was one more.
  bool pass_on_reasons() {
    const std::size_t before = reasons_.size();
    for (auto view = above_.rbegin(); view != above_.rend(); ++view) {
      for (const View* reader : context_.catalog.views_of((*view)->name)) {
        if (reasons_.contains(reader)) {
          reasons_.emplace(*view, fmt::format("{} stands on it", quoted(reader->name)));
        } else if (reasons_.contains(*view)) {
          reasons_.emplace(reader, fmt::format("it stands on {}", quoted((*view)->name)));
        }
      }
    }
    return reasons_.size() > before;
  }

  std::string why_not(const View& view) {
    if (view.materialized) return "it is materialized, and filling it takes its time";
    if (!view.extension.empty())
      return fmt::format("it belongs to extension \"{}\"", view.extension);
    if (const std::string user = user_of_view(context_.catalog, view); !user.empty())
      return fmt::format("{} stands on it", user);
    for (const ColumnUse& use : view.uses) {
      if (!names_stay_ && goes(use))
        return fmt::format("it reads {} too, whose name goes in this change",
                           dsl::sql::quote_identifier(use.column));
    }
    const dsl::sql::RelationLookup lookup = [&](const std::string& schema,
                                                const std::string& name) {
      return columns_of(schema, name);
    };
    for (const ColumnUse& use : view.uses) {
      const auto relation = converted_.find(use.table);
      if (relation == converted_.end() || !relation->second.contains(use.column)) continue;
      const auto places = dsl::sql::shown_only(view.definition, use.table.schema, use.table.name,
                                               use.column, lookup);
      if (!places)
        return fmt::format("it does more than show {}, whose values it would find in another type",
                           dsl::sql::quote_identifier(use.column));
      for (const std::size_t place : *places) {
        if (place < view.columns.size()) converted_[view.name].insert(view.columns[place]);
      }
    }
    return {};
  }

  // Whether this change takes the name away: what the view reads then is decided in phase 3, or by
  // a person.
  bool goes(const ColumnUse& use) const {
    const auto draft = context_.draft.tables.find(use.table);
    if (draft == context_.draft.tables.end()) return false;
    const std::vector<Rename>& renames = draft->second.renames;
    return holds(draft->second.dropped, use.column) ||
           std::any_of(renames.begin(), renames.end(), [&](const Rename& rename) {
             return rename.from == use.column && !rename.keeps_name();
           });
  }

  std::optional<dsl::sql::TableColumns> columns_of(const std::string& schema,
                                                   const std::string& name) const {
    const Table* table = schema.empty() ? context_.catalog.table_by_search_path(name)
                                        : context_.catalog.table({schema, name});
    if (table != nullptr) {
      dsl::sql::TableColumns columns{table->name.schema, table->name.name, {}};
      for (const Column& column : table->columns) columns.columns.push_back(column.name);
      return columns;
    }
    std::vector<std::string> schemas = context_.catalog.catalog().search_path;
    if (!schema.empty()) schemas = {schema};
    for (const std::string& one : schemas) {
      if (const View* view = context_.catalog.view({one, name}))
        return dsl::sql::TableColumns{one, name, view->columns};
    }
    return std::nullopt;
  }

  const Context& context_;
  bool names_stay_ = false;  // in phase 1 every column is there
  Converted converted_;
  std::set<const View*> direct_;
  std::set<const View*> seen_;
  std::vector<const View*> above_;
  std::map<const View*, std::string> reasons_;
};

}  // namespace

ViewsAside views_over_retyped(const Context& context) {
  return Overlook(context).take();
}

ViewsAside views_over(const Context& context, const Table& table, const std::string& column) {
  return Overlook(context, table, column).take();
}

std::string set_views_aside(const Context& context, const std::vector<const View*>& views,
                            const std::string& what, bool in_transaction) {
  std::string names;
  std::string drop;
  for (const View* view : views)
    names += fmt::format("{}{}", names.empty() ? "" : ", ", quote_literal(quoted(view->name)));
  for (auto view = views.rbegin(); view != views.rend(); ++view)
    drop += fmt::format("{}{}", drop.empty() ? "" : ", ", quoted((*view)->name));
  return fmt::format(
             fmt::runtime(keep), fmt::arg("setting", quote_literal(setting_of(context, what))),
             fmt::arg("local", in_transaction ? "true" : "false"), fmt::arg("names", names)) +
         fmt::format("DROP VIEW IF EXISTS {} RESTRICT;\n", drop);
}

std::string bring_views_back(const Context& context, const std::string& what) {
  return fmt::format(
      "DO $segue$\nBEGIN\n  EXECUTE pg_catalog.current_setting({});\nEND\n$segue$;\n",
      quote_literal(setting_of(context, what)));
}

}  // namespace segue::planner
