// DEPLOY.md: what the people who release the app have to know.
#pragma once

#include <string>

#include "planner/plan.hpp"

namespace segue::codegen {

std::string render_deploy_notes(const planner::Plan& plan);

}  // namespace segue::codegen
