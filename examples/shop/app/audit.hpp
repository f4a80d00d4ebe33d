// Every row of the table against what the application was told.
#pragma once

#include <pqxx/pqxx>

#include "model.hpp"
#include "workload.hpp"

namespace shop {

// While no session is at work. `phase`: as Workload has it, it says which columns may be read.
Report audit(pqxx::connection& connection, const Model& model, int phase);

}  // namespace shop
