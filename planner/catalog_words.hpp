// How a catalogue's values stand in a sentence about what differs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "planner/catalog.hpp"

namespace segue::planner {

std::string shown(const std::string& text);
std::string shown(bool value);
std::string shown(std::int32_t value);
std::string shown(const QualifiedName& name);
std::string shown(const std::optional<QualifiedName>& name);
std::string shown(const std::vector<std::string>& list);
std::string shown(const std::vector<QualifiedName>& list);
std::string shown(const std::vector<ColumnUse>& uses);
std::string shown(const std::optional<OwnedSequence>& sequence);
std::string shown(const std::vector<ColumnGrant>& grants);
std::string shown(const std::vector<IndexKeyPart>& keys);
std::string shown(ConstraintKind kind);
std::string shown(TableKind kind);
std::string shown(TypeKind kind);

}  // namespace segue::planner
