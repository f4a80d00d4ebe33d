#include "dsl/sql_script.hpp"

#include <algorithm>
#include <array>

#include "dsl/sql_tree.hpp"

namespace segue::dsl::sql {
namespace {

bool is_one_of(const std::string& word, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, word) != words.end();
}

class StatementReader {
 public:
  explicit StatementReader(ScriptStatement& out) : out_(out) {}

  void read(const std::string& kind, const Tree& node) {
    refuse(kind, node);
    touch(kind, node);
    repeat(kind, node);
    if (kind == "AlterTableStmt") {
      for (const auto& item : child(node, "cmds")) command(child(item, "AlterTableCmd"));
    }
    if (kind == "IndexStmt") index(node);
    if (kind == "DropStmt") drop(node);
    if (is_one_of(kind, {"UpdateStmt", "DeleteStmt", "MergeStmt", "InsertStmt"})) {
      hazard("sql-data",
             "It writes rows in one transaction, whatever their number, and holds their locks to "
             "its end.",
             "Keep it small, or let a statement with a backfill do it in batches.");
    }
    if (is_one_of(kind, {"DoStmt", "CallStmt", "SelectStmt"})) {
      hazard("sql-opaque", "What it calls can do anything, and nothing here can tell.",
             "Read what it calls.");
    }
    if (is_one_of(kind, {"TruncateStmt", "LockStmt", "ReindexStmt"})) {
      hazard("sql-lock", "It holds a lock that stops writers to its end.",
             "Look for a way that does not, or keep the table small.");
    }
    if (kind == "RefreshMatViewStmt" && !node.value("concurrent", false)) {
      hazard("sql-lock", "It stops readers of the materialized view until it is computed.",
             "REFRESH … CONCURRENTLY, by hand.");
    }
    if (kind == "ClusterStmt") hazard("sql-rewrite", rewrites, "It is no work for a live table.");
    if (kind == "RenameStmt")
      hazard("sql-old-release", old_release,
             "Use a `rename` statement, which keeps both names alive.");
  }

 private:
  static constexpr const char* rewrites =
      "It rewrites the table under a lock that stops everybody.";
  static constexpr const char* old_release =
      "A release that knows the old state fails from then on.";

  void hazard(std::string code, std::string message, std::string advice) {
    out_.hazards.push_back({std::move(code), std::move(message), std::move(advice)});
  }

  void refuse(const std::string& kind, const Tree& node) {
    if (kind == "TransactionStmt")
      out_.refused =
          "a step is one transaction already: BEGIN, COMMIT and their like have no place in it";
    if (is_one_of(kind, {"VacuumStmt", "CreatedbStmt", "DropdbStmt", "AlterSystemStmt",
                         "CreateTableSpaceStmt", "DropTableSpaceStmt"})) {
      out_.refused = "PostgreSQL does not run it in a transaction: run it by hand";
    }
    if (kind == "VariableSetStmt" && !node.value("is_local", false))
      out_.refused = "a SET would outlive the step: write SET LOCAL";
    if (kind == "CopyStmt")
      out_.refused = "COPY reads from a client or the server's files: load the rows by hand";
    const bool concurrently = node.value("concurrent", false);
    if (kind == "RefreshMatViewStmt" && concurrently) return;
    if (kind == "ReindexStmt") {
      for (const auto& item : child(node, "params")) {
        if (child(item, "DefElem").value("defname", "") == "concurrently")
          out_.refused = "REINDEX CONCURRENTLY cannot be told from one that failed: run it by hand";
      }
    }
    if (kind == "AlterTableStmt") {
      for (const auto& item : child(node, "cmds")) {
        const auto& part = child(child(child(item, "AlterTableCmd"), "def"), "PartitionCmd");
        if (part.value("concurrent", false))
          out_.refused = "DETACH … CONCURRENTLY does not run in a transaction: run it by hand";
      }
    }
  }

  void touch(Touched::Kind kind, const Tree& range, std::string name = {}) {
    if (range.is_null()) return;
    const bool alone = name.empty();
    out_.touched.push_back({kind, range.value("schemaname", ""),
                            alone ? "" : range.value("relname", ""),
                            alone ? range.value("relname", "") : std::move(name)});
  }

  void touch_named(Touched::Kind kind, const Tree& list) {
    const auto names = names_of(list);
    if (!names.empty())
      out_.touched.push_back(
          {kind, names.size() > 1 ? names[names.size() - 2] : "", "", names.back()});
  }

  void touch(const std::string& kind, const Tree& node) {
    using enum Touched::Kind;
    if (kind == "ViewStmt") touch(view, child(node, "view"));
    if (kind == "CreateStmt") touch(table, child(node, "relation"));
    if (kind == "CreateTableAsStmt")
      touch(node.value("objtype", "") == "OBJECT_MATVIEW" ? view : table,
            child(child(node, "into"), "rel"));
    if (kind == "CreateFunctionStmt") touch_named(function, child(node, "funcname"));
    if (is_one_of(kind, {"CreateEnumStmt", "CreateRangeStmt", "AlterEnumStmt"}))
      touch_named(type, child(node, "typeName"));
    if (kind == "CreateDomainStmt") touch_named(type, child(node, "domainname"));
    if (kind == "CompositeTypeStmt") touch(type, child(node, "typevar"));
    if (kind == "IndexStmt" && node.contains("idxname"))
      touch(index, child(node, "relation"), node.value("idxname", ""));
    if (kind == "CreateTrigStmt")
      touch(trigger, child(node, "relation"), node.value("trigname", ""));
    if (kind == "CreatePolicyStmt")
      touch(policy, child(node, "table"), node.value("policy_name", ""));
    if (kind == "AlterTableStmt") {
      for (const auto& item : child(node, "cmds")) {
        const auto& def = child(child(item, "AlterTableCmd"), "def");
        if (const auto& one = child(def, "ColumnDef"); one.contains("colname"))
          touch(column, child(node, "relation"), one.value("colname", ""));
        if (const auto& one = child(def, "Constraint"); one.contains("conname"))
          touch(constraint, child(node, "relation"), one.value("conname", ""));
      }
    }
    if (kind != "DropStmt") return;
    const auto type_of = node.value("removeType", "");
    for (const auto& item : child(node, "objects")) {
      if (is_one_of(type_of, {"OBJECT_VIEW", "OBJECT_MATVIEW"}))
        touch_named(view, child(child(item, "List"), "items"));
      if (type_of == "OBJECT_FUNCTION")
        touch_named(function, child(child(item, "ObjectWithArgs"), "objname"));
    }
  }

  // What fails, or doubles its effect, the second time.
  void repeat(const std::string& kind, const Tree& node) {
    const auto once = [&](std::string reason) { out_.once = std::move(reason); };
    if (is_one_of(kind, {"CreateStmt", "CreateSeqStmt", "CreateTableAsStmt"}) &&
        !node.value("if_not_exists", false))
      once("CREATE without IF NOT EXISTS fails when it is there");
    if (is_one_of(kind, {"CreateSchemaStmt", "CreateExtensionStmt"}) &&
        !node.value("if_not_exists", false))
      once("CREATE without IF NOT EXISTS fails when it is there");
    if (kind == "IndexStmt" && !node.value("concurrent", false) &&
        !node.value("if_not_exists", false))
      once("CREATE INDEX without IF NOT EXISTS fails when it is there");
    if (is_one_of(kind, {"ViewStmt", "CreateFunctionStmt", "CreateTrigStmt", "RuleStmt"}) &&
        !node.value("replace", false))
      once("CREATE without OR REPLACE fails when it is there");
    if (is_one_of(kind,
                  {"CreateEnumStmt", "CompositeTypeStmt", "CreateRangeStmt", "CreateDomainStmt",
                   "CreatePolicyStmt", "RenameStmt", "CreatePublicationStmt"})) {
      once("it fails when it has happened already");
    }
    if (kind == "AlterEnumStmt" && !node.value("skipIfNewValExists", false))
      once("ADD VALUE without IF NOT EXISTS fails when it is there");
    if (kind == "InsertStmt" && !node.contains("onConflictClause") &&
        child(child(child(node, "selectStmt"), "SelectStmt"), "whereClause").is_null()) {
      once("INSERT without ON CONFLICT writes its rows again");
    }
    if (kind == "UpdateStmt" && reads_itself(node))
      once("UPDATE computes a column from itself, again and again");
  }

  static bool reads_itself(const Tree& update) {
    for (const auto& item : child(update, "targetList")) {
      const auto& target = child(item, "ResTarget");
      if (mentions(child(target, "val"), target.value("name", ""))) return true;
    }
    return false;
  }

  static bool mentions(const Tree& node, const std::string& column) {
    if (node.key() == "ColumnRef") {
      const auto names = names_of(child(node, "fields"));
      if (!names.empty() && names.back() == column) return true;
    }
    return std::any_of(node.begin(), node.end(),
                       [&](const Tree& part) { return mentions(part, column); });
  }

  void command(const Tree& node) {
    const auto kind = node.value("subtype", "");
    const bool missing_ok = node.value("missing_ok", false);
    const auto& constraint = child(child(node, "def"), "Constraint");
    if (kind == "AT_AddColumn" && !missing_ok)
      out_.once = "ADD COLUMN without IF NOT EXISTS fails when it is there";
    if (kind == "AT_DropColumn" || kind == "AT_DropConstraint") {
      if (!missing_ok) out_.once = "DROP without IF EXISTS fails when it is gone";
    }
    if (kind == "AT_DropColumn")
      hazard("sql-old-release", old_release, "Use a `drop` statement, which waits for phase 4.");
    if (kind == "AT_AddConstraint") {
      out_.once = "ADD CONSTRAINT fails when it is there";
      if (!constraint.value("skip_validation", false) && !constraint.contains("indexname")) {
        hazard("sql-scan", "It reads the whole table under a lock that stops writers.",
               "Use a `check`, `unique`, `primary key` or `reference` statement, or NOT VALID and "
               "VALIDATE.");
      }
    }
    if (kind == "AT_AddColumn") {
      const auto& column = child(child(node, "def"), "ColumnDef");
      const auto type = names_of(child(child(column, "typeName"), "names"));
      if (!type.empty() && type.back().find("serial") != std::string::npos)
        hazard("sql-rewrite", rewrites, "Add the column, then a sequence and the default.");
      for (const auto& item : child(column, "constraints")) {
        const auto& one = child(item, "Constraint");
        const auto what = one.value("contype", "");
        const bool computed =
            what == "CONSTR_DEFAULT" && child(child(one, "raw_expr"), "A_Const").is_null();
        if (computed || what == "CONSTR_IDENTITY" || what == "CONSTR_GENERATED")
          hazard("sql-rewrite", "It may rewrite the table under a lock that stops everybody.",
                 "Use an `add` statement.");
      }
    }
    if (kind == "AT_AlterColumnType")
      hazard("sql-rewrite",
             "It may rewrite the table and its indexes under a lock that stops everybody.",
             "Only few changes of type are a matter of the catalogue alone.");
    if (is_one_of(kind,
                  {"AT_SetLogged", "AT_SetUnLogged", "AT_SetTableSpace", "AT_SetAccessMethod"}))
      hazard("sql-rewrite", rewrites, "It is no work for a live table.");
    if (kind == "AT_SetNotNull")
      hazard("sql-scan",
             "It reads the whole table under a lock that stops everybody, unless a valid CHECK "
             "proves it.",
             "Use a `require` statement.");
    if (kind == "AT_AttachPartition")
      hazard("sql-scan",
             "It reads the new partition under lock, unless a valid CHECK proves its bounds.",
             "Add that CHECK first.");
  }

  void index(const Tree& node) {
    if (!node.value("concurrent", false)) {
      hazard("sql-lock", "It stops writers while the index is built.",
             "Use an `index` statement, or CONCURRENTLY.");
      return;
    }
    const auto& table = child(node, "relation");
    out_.concurrent = ConcurrentStatement{false, table.value("schemaname", ""),
                                          table.value("relname", ""), node.value("idxname", "")};
    if (out_.concurrent->index.empty())
      out_.refused = "an index built CONCURRENTLY needs a name here, to tell whether it is there";
  }

  void drop(const Tree& node) {
    if (!node.value("missing_ok", false))
      out_.once = "DROP without IF EXISTS fails when it is gone";
    const auto& objects = child(node, "objects");
    if (!node.value("concurrent", false)) {
      const auto type = node.value("removeType", "");
      if (is_one_of(type, {"OBJECT_TABLE", "OBJECT_VIEW", "OBJECT_MATVIEW", "OBJECT_FUNCTION",
                           "OBJECT_TYPE", "OBJECT_SEQUENCE", "OBJECT_SCHEMA"})) {
        hazard("sql-old-release", old_release, "Drop it in `sql contract`.");
      }
      return;
    }
    if (objects.size() != 1) {
      out_.refused = "CONCURRENTLY drops one index at a time";
      return;
    }
    const auto names = names_of(child(child(objects[0], "List"), "items"));
    out_.concurrent = ConcurrentStatement{true, names.size() > 1 ? names[names.size() - 2] : "", "",
                                          names.empty() ? "" : names.back()};
    out_.once.clear();  // it is looked for first
  }

  ScriptStatement& out_;
};

}  // namespace

std::variant<std::vector<ScriptStatement>, ParseError> parse_script(std::string_view text) {
  auto parsed = parse_statements(text);
  if (auto* error = std::get_if<ParseError>(&parsed)) return std::move(*error);
  const auto& statements = std::get<Tree>(parsed);
  std::vector<ScriptStatement> out;
  for (const auto& item : statements) {
    ScriptStatement one;
    const auto number = [&](const char* key) {
      const Tree* found = item.find(key);
      return found == nullptr
                 ? std::size_t{0}
                 : static_cast<std::size_t>(std::max<std::int64_t>(found->number(), 0));
    };
    const Token first = next_token(text, number("stmt_location"));
    const auto length = number("stmt_len");
    one.begin = first.begin;
    one.end = length == 0 ? text.size() : number("stmt_location") + length;
    const auto& statement = child(item, "stmt");
    if (!statement.empty()) StatementReader(one).read(statement[0].key(), statement[0]);
    out.push_back(std::move(one));
  }
  if (out.empty()) return ParseError{"there is no statement in it", 0};
  for (auto& one : out) {
    if (one.concurrent && out.size() > 1 && one.refused.empty())
      one.refused =
          "CONCURRENTLY cannot share a transaction: write it as a statement `sql` of its own";
  }
  return out;
}

}  // namespace segue::dsl::sql
