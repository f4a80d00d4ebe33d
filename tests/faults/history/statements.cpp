#include "history/statements.hpp"

#include <fmt/format.h>

namespace segue::test::history {
namespace {

class Words {
 public:
  Words(const Step& step, const Wording& wording)
      : step_(step),
        subject_(wording.subject),
        wording_(wording),
        old_(step.release == Release::old_one),
        columns_(old_ ? subject_.old_columns : subject_.new_columns),
        table_(old_ ? subject_.name : subject_.new_table()),
        id_(wording.id(step.key)) {}

  std::string sql() const {
    switch (step_.verb) {
      case Verb::begin:
        return "BEGIN";
      case Verb::begin_as_replica:
        return "BEGIN; SET LOCAL session_replication_role = replica";
      case Verb::commit:
        return "COMMIT";
      case Verb::rollback:
        return "ROLLBACK";
      case Verb::insert:
        return insert(literals(written()));
      case Verb::insert_default:
        return insert(repeated("DEFAULT"));
      case Verb::insert_null:
        return insert(repeated("NULL"));
      case Verb::insert_both:
        return insert_both();
      case Verb::copy:
        return rows_elsewhere(
            fmt::format("COPY {} (id, {}) FROM '{}'", table_, list_of(columns_), wording_.file));
      case Verb::upsert:
        return upsert();
      case Verb::merge:
        return wording_.has_merge ? merge() : upsert();
      case Verb::update:
        return update(table_, set(columns_, literals(written())));
      case Verb::update_one: {
        const std::size_t place = static_cast<std::size_t>(step_.value) % columns_.size();
        return update(table_, columns_[place] + " = " + quoted(written()[place]));
      }
      case Verb::update_null:
        return update(table_, set(columns_, repeated("NULL")));
      case Verb::update_default:
        return update(table_, set(columns_, repeated("DEFAULT")));
      case Verb::update_both:
        return update_both();
      case Verb::touch:
        return update(table_, fmt::format("seen = {}", step_.value));
      case Verb::change_key:
        return update(subject_.name, fmt::format("id = {}", wording_.id(other_key(step_.key))));
      case Verb::remove:
        return fmt::format("DELETE FROM {} WHERE id = {}", subject_.name, id_);
      case Verb::read:
        return fmt::format("SELECT {} FROM {} WHERE id = {}", list_of(columns_), table_, id_);
      case Verb::fill:
        return wording_.fill(fmt::format("id = {}", id_));
    }
    return "";
  }

  Values written() const { return subject_.written(step_.release, step_.value); }

 private:
  static std::vector<std::string> literals(const Values& values) {
    std::vector<std::string> texts;
    for (const Value& value : values) texts.push_back(quoted(value));
    return texts;
  }
  std::vector<std::string> repeated(const char* word) const {
    return std::vector<std::string>(columns_.size(), word);
  }
  static std::string set(const std::vector<std::string>& columns,
                         const std::vector<std::string>& values) {
    std::string text;
    for (std::size_t i = 0; i < columns.size(); ++i)
      text += fmt::format("{}{} = {}", i == 0 ? "" : ", ", columns[i], values[i]);
    return text;
  }
  std::string update(const std::string& table, const std::string& what) const {
    return fmt::format("UPDATE {} SET {} WHERE id = {}", table, what, id_);
  }
  static std::string insert_into(const std::string& table, long long id,
                                 const std::vector<std::string>& columns,
                                 const std::vector<std::string>& values) {
    return fmt::format("INSERT INTO {} (id, {}) VALUES ({}, {})", table, list_of(columns), id,
                       list_of(values));
  }
  // Where the two sides are two tables, a row of one needs its row of the other.
  std::string rows_elsewhere(const std::string& statement, const char* conflict = "") const {
    if (!subject_.other_table) return statement;
    const std::string other =
        fmt::format("INSERT INTO {} (id) VALUES ({}){}",
                    old_ ? subject_.new_table() : subject_.name, id_, conflict);
    return old_ ? statement + "; " + other : other + "; " + statement;
  }
  std::string insert(const std::vector<std::string>& values) const {
    return rows_elsewhere(insert_into(table_, id_, columns_, values));
  }
  Values written_by(Release release) const { return subject_.written(release, step_.value); }
  std::string insert_both() const {
    std::vector<std::string> columns = subject_.old_columns;
    std::vector<std::string> values = literals(written_by(Release::old_one));
    const auto now = literals(written_by(Release::new_one));
    if (subject_.other_table) {
      return insert_into(subject_.name, id_, columns, values) + "; " +
             insert_into(subject_.new_table(), id_, subject_.new_columns, now);
    }
    columns.insert(columns.end(), subject_.new_columns.begin(), subject_.new_columns.end());
    values.insert(values.end(), now.begin(), now.end());
    return insert_into(table_, id_, columns, values);
  }
  std::string update_both() const {
    const std::string before = set(subject_.old_columns, literals(written_by(Release::old_one)));
    const std::string now = set(subject_.new_columns, literals(written_by(Release::new_one)));
    if (!subject_.other_table) return update(table_, before + ", " + now);
    return update(subject_.name, before) + "; " + update(subject_.new_table(), now);
  }
  std::string upsert() const {
    std::vector<std::string> excluded;
    for (const std::string& column : columns_) excluded.push_back("excluded." + column);
    return rows_elsewhere(insert_into(table_, id_, columns_, literals(written())) +
                              " ON CONFLICT (id) DO UPDATE SET " + set(columns_, excluded),
                          " ON CONFLICT DO NOTHING");
  }
  std::string merge() const {
    const auto values = literals(written());
    return rows_elsewhere(
        fmt::format("MERGE INTO {0} USING (SELECT {1}::bigint AS id) s ON {0}.id = s.id WHEN "
                    "MATCHED THEN UPDATE SET {2} WHEN NOT MATCHED THEN INSERT (id, {3}) VALUES "
                    "({1}, {4})",
                    table_, id_, set(columns_, values), list_of(columns_), list_of(values)),
        " ON CONFLICT DO NOTHING");
  }

  const Step& step_;
  const Subject& subject_;
  const Wording& wording_;
  bool old_;
  const std::vector<std::string>& columns_;
  std::string table_;
  long long id_;
};

}  // namespace

std::string quoted(const Value& value) {
  return value ? "'" + *value + "'" : "NULL";
}

std::string list_of(const std::vector<std::string>& columns, const std::string& prefix) {
  std::string text;
  for (const std::string& column : columns) text += (text.empty() ? "" : ", ") + prefix + column;
  return text;
}

std::string sql_of(const Step& step, const Wording& wording) {
  return Words(step, wording).sql();
}

std::string copied_rows(const Step& step, const Wording& wording) {
  std::string text = std::to_string(wording.id(step.key));
  for (const Value& value : Words(step, wording).written()) text += '\t' + value.value_or("\\N");
  return text + '\n';
}

}  // namespace segue::test::history
