#include "tests/dsl/meaning.hpp"

#include <fmt/format.h>

namespace segue::dsl::testing_support {
namespace {

// Prints field by field; every struct of change.hpp has its overload.
class Printer {
 public:
  std::string out;

  void put(const std::string& text) { out += '<' + text + '>'; }
  void put(bool value) { out += value ? "yes " : "no "; }
  void put(std::uint32_t value) { out += fmt::format("{} ", value); }
  void put(std::chrono::seconds value) { out += fmt::format("{}s ", value.count()); }
  void put(const Identifier& value) { put(value.name); }
  void put(const TypeName& value) { put(value.text); }
  void put(const Fragment& value) { put(value.text); }
  void put(const TableName& value) { all(value.schema, value.name); }
  void put(const ColumnName& value) { all(value.table, value.column); }
  void put(const Repair& value) { all(value.column, value.value); }
  void put(const StorageParameter& value) { all(value.name, value.value); }
  void put(const ForeignKeyTarget& value) {
    all(value.table, value.columns, value.on_delete, value.on_update, value.deferrable,
        value.initially_deferred);
  }
  void put(const IndexKey& value) {
    all(value.column, value.expression, value.collation, value.opclass, value.descending,
        value.nulls_first);
  }
  void put(const RenameTable& i) { intent("rename table", i.table, i.to); }
  void put(const RenameColumn& i) { intent("rename", i.column, i.to); }
  void put(const AddColumn& i) {
    intent("add", i.column, i.type, i.required, i.default_value, i.backfill, i.unique, i.check,
           i.references, i.comment);
  }
  void put(const RequireColumn& i) { intent("require", i.column, i.backfill); }
  void put(const RelaxColumn& i) { intent("relax", i.column); }
  void put(const DropColumn& i) { intent("drop", i.column, i.back); }
  void put(const RetypeColumn& i) {
    intent("retype", i.column, i.type, i.conversion, i.back, i.as);
  }
  void put(const WidenKey& i) { intent("widen", i.column, i.type); }
  void put(const MoveColumn& i) { intent("move", i.column, i.to, i.on); }
  void put(const EnumLabel& value) { put(value.text); }
  void put(const DropIndex& i) { intent("drop index", i.index); }
  void put(const DropConstraint& i) { intent("drop constraint", i.constraint); }
  void put(const DropTable& i) { intent("drop table", i.table); }
  void put(const AddPrimaryKey& i) { intent("primary key", i.table, i.columns); }
  void put(const SqlText& value) { put(value.text); }
  void put(const RunSql& i) {
    intent("sql", static_cast<std::uint32_t>(i.phase), i.body, i.undo, i.because);
  }
  void put(const CreateObject& i) { intent("create", i.sql); }
  void put(const ExtendType& i) { intent("extend type", i.type, i.label, i.neighbour, i.before); }
  void put(const SetDefault& i) { intent("default", i.column, i.value); }
  void put(const AddIndex& i) {
    intent("index", i.unique, i.table, i.keys, i.name, i.method, i.include, i.where, i.with);
  }
  void put(const AddUnique& i) { intent("unique", i.table, i.columns, i.name); }
  void put(const AddCheck& i) { intent("check", i.table, i.condition, i.name, i.repair); }
  void put(const AddReference& i) {
    intent("reference", i.table, i.columns, i.target, i.name, i.repair);
  }
  void put(const ComputedColumn& value) { all(value.name, value.type, value.value); }
  void put(const BackValue& value) { all(value.column, value.value); }
  void put(const SplitColumn& i) { intent("split", i.column, i.into, i.back); }
  void put(const MergeColumns& i) { intent("merge", i.table, i.columns, i.into, i.back); }
  void put(const Statement& value) {
    std::visit([&](const auto& intent) { put(intent); }, value.intent);
    put(value.options.via ? std::string(word_of(*value.options.via)) : std::string("no way"));
    all(value.options.batch, value.options.workers);
    out += '\n';
  }
  void put(const Header& value) {
    all(value.name, value.title, value.flag, value.soak, value.tripwire, value.after);
    out += '\n';
  }

  template <typename Value>
  void put(const std::optional<Value>& value) {
    if (value) {
      put(*value);
    } else {
      out += "- ";
    }
  }

  template <typename Value>
  void put(const std::vector<Value>& values) {
    out += '[';
    for (const auto& value : values) put(value);
    out += ']';
  }

 private:
  template <typename... Values>
  void all(const Values&... values) {
    (put(values), ...);
  }

  template <typename... Values>
  void intent(const char* name, const Values&... values) {
    out += fmt::format("{} ", name);
    all(values...);
  }
};

}  // namespace

std::string meaning(const Change& change) {
  Printer printer;
  printer.put(change.header);
  printer.put(change.statements);
  return printer.out;
}

}  // namespace segue::dsl::testing_support
