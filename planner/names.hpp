// Names that a plan makes: PostgreSQL's own defaults, and segue's temporary ones.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "planner/catalog.hpp"

namespace segue::planner {

// Whether a name is taken already; asked until it is not.
using NameTaken = std::function<bool(const std::string&)>;

// PostgreSQL's makeObjectName: name1_name2_label in at most 63 bytes, the longer of the two parts
// cut first and never inside a UTF-8 character. Empty name2 or label leave their underscore out.
std::string object_name(std::string_view name1, std::string_view name2, std::string_view label);

// As PostgreSQL chooses a free name: label, label1, label2, … (ChooseRelationName).
std::string choose_name(std::string_view name1, std::string_view name2, std::string_view label,
                        const NameTaken& taken);

// The middle part of an index's default name: its columns and "expr", joined
// (ChooseIndexNameAddition).
std::string index_name_addition(const std::vector<std::string>& columns);

// A temporary name that can be told as segue's own: segue_<what>_<hash of change and what>, in at
// most 63 bytes, the same for the same inputs.
std::string own_name(std::string_view change, std::string_view what);

}  // namespace segue::planner
