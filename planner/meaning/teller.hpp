// What a change means: the plain statements of a maintenance window, and how the columns of the
// two releases follow from each other.
//
// Told from the statements alone. The recipes are not asked, so that a rehearsal that holds their
// steps against this finds their slips and does not repeat them.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

#include "planner/context.hpp"

namespace segue::planner {

// The order in which plain statements work, whatever the order of lines: what `using`, `backfill`
// and `=` read has its old name, but a renamed table its new one; what comes behind `rename` speaks
// of the end state.
enum class PlainSlot {
  rename_table,
  create_type,
  extend_type,
  add_column,
  compute,
  fill,
  author_expand,
  drop_foreign_key,
  drop_constraint,
  drop_index,
  make_way,
  retype,
  come_back,
  rename,
  create_table,
  mend,
  author_backfill,
  author_contract,
  drop_column,
  set_default,
  not_null,
  key,
  constraint,
  index,
  comment,
  create_view,
  drop_table
};

struct PlainPiece {
  PlainSlot slot = PlainSlot::add_column;
  int order = 0;  // within the slot; lower first
  std::string sql;
};

// What the statements add to, one after the other.
struct Teller {
  Context& context;
  Meaning meaning = {};
  std::vector<PlainPiece> pieces = {};

  void plain(PlainSlot slot, std::string sql, int order = 0) {
    pieces.push_back({slot, order, std::move(sql)});
  }
  void alter(PlainSlot slot, const Table& table, std::string_view what) {
    plain(slot, fmt::format("ALTER TABLE {} {}", quoted(table.name), what));
  }
  // The table's own triggers are not to see it, nor do they see a backfill.
  void update(PlainSlot slot, const Table& table, std::string_view set,
              std::string_view where = {}) {
    plain(slot, fmt::format("UPDATE {} SET {}{}{}", quoted(table.name), set,
                            where.empty() ? "" : " WHERE ", where));
  }
};

std::vector<std::string> names_of(const std::vector<dsl::Identifier>& identifiers);
// FOREIGN KEY (…) REFERENCES …
std::string foreign_key(Context& context, const std::vector<std::string>& columns,
                        const dsl::ForeignKeyTarget& target);

// ---- One for each intent
// ------------------------------------------------------------------

void tell(Teller& teller, const dsl::RenameColumn& intent);
void tell(Teller& teller, const dsl::RenameTable& intent);
void tell(Teller& teller, const dsl::AddColumn& intent);
void tell(Teller& teller, const dsl::RequireColumn& intent);
void tell(Teller& teller, const dsl::RelaxColumn& intent);
void tell(Teller& teller, const dsl::DropColumn& intent);
void tell(Teller& teller, const dsl::RetypeColumn& intent);
void tell(Teller& teller, const dsl::SplitColumn& intent);
void tell(Teller& teller, const dsl::MergeColumns& intent);
void tell(Teller& teller, const dsl::WidenKey& intent);
void tell(Teller& teller, const dsl::MoveColumn& intent);
void tell(Teller& teller, const dsl::SetDefault& intent);
void tell(Teller& teller, const dsl::AddIndex& intent);
void tell(Teller& teller, const dsl::AddUnique& intent);
void tell(Teller& teller, const dsl::AddPrimaryKey& intent);
void tell(Teller& teller, const dsl::AddCheck& intent);
void tell(Teller& teller, const dsl::AddReference& intent);
void tell(Teller& teller, const dsl::DropIndex& intent);
void tell(Teller& teller, const dsl::DropConstraint& intent);
void tell(Teller& teller, const dsl::DropTable& intent);
void tell(Teller& teller, const dsl::ExtendType& intent);
void tell(Teller& teller, const dsl::CreateObject& intent);
void tell(Teller& teller, const dsl::RunSql& intent);

}  // namespace segue::planner
