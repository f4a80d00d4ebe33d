// Values by type, as text that the type reads: edge values, and ordinary ones without end.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "planner/catalog.hpp"

namespace segue::runtime::rehearsal {

// Another value for another number; equal numbers give equal values.
using Shape = std::function<std::string(std::uint64_t)>;

struct TypeValues {
  std::vector<std::string> edges;  // what breaks migrations; most of them are accepted
  std::vector<Shape> shapes;       // kinds of ordinary values; a constraint may take one of them
};

// A type as format_type prints it, taken apart: "timestamp(3) with time zone[]".
struct TypeText {
  std::string base;  // "timestamp with time zone", "app.mood"
  std::vector<int> modifiers;
  bool is_array = false;
};
TypeText parse_type_text(std::string_view type);

// Domains down to what they are made of; array elements stay as they are.
std::string without_domains(const planner::Catalog& catalog, const std::string& type);

// Of any type; nothing where a type of somebody's own gives no hint (a composite: its fields are
// not in the catalogue).
TypeValues literals_of(const planner::Catalog& catalog, const std::string& type);

// By family; none: another family's type.
std::optional<TypeValues> text_literals(const TypeText& type);
std::optional<TypeValues> number_literals(const TypeText& type, int server_major);
std::optional<TypeValues> time_literals(const TypeText& type);
std::optional<TypeValues> other_literals(const TypeText& type);
std::optional<TypeValues> range_literals(const TypeText& type);

// The first `characters` code points.
std::string first_characters(const std::string& text, std::size_t characters);

// A value of the type as it stands in SQL: 7, true, 'Ada', '007'::character varying(20).
std::string sql_literal(const std::optional<std::string>& value, const std::string& type);

// The constants that a CHECK, a predicate or a partition's bounds hold: their texts, unquoted.
struct Constants {
  std::vector<std::string> strings;
  std::vector<std::string> numbers;  // with their sign
};
Constants constants_in(std::string_view expression);

// Values near those constants, for a type that holds them.
TypeValues literals_near(const Constants& constants, const TypeText& type);

}  // namespace segue::runtime::rehearsal
