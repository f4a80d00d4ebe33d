// Tablespaces of another machine, on a throwaway server.
#pragma once

#include "runtime/session.hpp"

namespace segue::runtime {

// Makes the tablespace that a statement missed, in the server's own directory: what is planned from
// a file names tablespaces as what is planned from the database does. False: that was not the
// error. Not within a transaction. Throws DatabaseError.
bool make_missing_tablespace(Session& session, const DatabaseError& error);

}  // namespace segue::runtime
