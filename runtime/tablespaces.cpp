#include "runtime/tablespaces.hpp"

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "dsl/sql.hpp"

namespace segue::runtime {

bool make_missing_tablespace(Session& session, const DatabaseError& error) {
  // SET default_tablespace has its own words for it.
  if (error.sqlstate() != "42704" && error.sqlstate() != "22023") return false;
  constexpr std::string_view before = "ablespace \"";
  const std::string message = error.what();
  const std::size_t begin = message.find(before);
  if (begin == std::string::npos) return false;
  const std::size_t end = message.find('"', begin + before.size());
  if (end == std::string::npos) return false;
  const std::string name = message.substr(begin + before.size(), end - begin - before.size());
  const Rows known =
      session.exec("SELECT FROM pg_catalog.pg_settings WHERE name = 'allow_in_place_tablespaces'");
  if (known.empty()) return false;  // a server of before August 2022
  session.exec("SET allow_in_place_tablespaces = on");
  session.exec(fmt::format("CREATE TABLESPACE {} LOCATION ''", dsl::sql::quote_identifier(name)));
  session.exec("RESET allow_in_place_tablespaces");
  return true;
}

}  // namespace segue::runtime
