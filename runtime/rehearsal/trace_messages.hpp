// What PostgreSQL says at client_min_messages = debug1 of the work that a statement makes it do.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace segue::runtime::rehearsal {

struct WorkMessage {
  enum class Kind {
    rewrites,       // rewriting table "users"
    verifies,       // verifying table "users"
    builds,         // building index "users_a" on table "users" serially
    validates_key,  // validating foreign key constraint "users_team_fkey"
    is_proven,      // existing constraints on column "users.a" are sufficient to prove …
  };
  Kind kind = Kind::rewrites;
  std::string text;   // without "DEBUG:  " and without how many workers took part
  std::string name;   // of the table, index or constraint
  std::string table;  // builds: the index's table
};

// None: another message. Reads the words of PostgreSQL 13 to 18, in which they are the same.
std::optional<WorkMessage> parse_work(std::string_view notice);

// Whether it was asked for by the tracer alone.
bool is_debug(std::string_view notice);

}  // namespace segue::runtime::rehearsal
