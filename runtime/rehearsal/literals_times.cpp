// Dates and times: leap days, the ends of the calendar, what daylight saving leaves out.
#include <fmt/format.h>

#include "runtime/rehearsal/literals.hpp"

namespace segue::runtime::rehearsal {

namespace {

// Day n after 2001-01-01, in months of 28 days: a date for every n, and none twice for a long time.
std::string day(std::uint64_t n) {
  return fmt::format("{}-{:02}-{:02}", 2001 + n / 336 % 7000, n / 28 % 12 + 1, n % 28 + 1);
}

std::string second_of_day(std::uint64_t n) {
  n %= 86400;
  return fmt::format("{:02}:{:02}:{:02}", n / 3600, n / 60 % 60, n % 60);
}

std::string moment(std::uint64_t n) {
  return fmt::format("{} {}", day(n), second_of_day(n * 7919));
}

TypeValues timestamps(bool with_zone) {
  TypeValues literals;
  const std::string zone = with_zone ? "+00" : "";
  for (const char* edge :
       {"1970-01-01 00:00:00", "2000-02-29 12:00:00", "2024-03-31 02:30:00", "2024-10-27 02:30:00",
        "1999-12-31 23:59:59.999999", "2038-01-19 03:14:08", "0001-01-01 00:00:00",
        "9999-12-31 23:59:59.999999"}) {
    literals.edges.push_back(edge + zone);
  }
  if (with_zone) literals.edges.emplace_back("2024-03-31 01:30:00.123456+05:30");
  literals.edges.insert(literals.edges.end(), {"infinity", "-infinity"});
  literals.shapes = {[zone](std::uint64_t n) { return moment(n) + zone; }};
  return literals;
}

}  // namespace

std::optional<TypeValues> time_literals(const TypeText& type) {
  const std::string_view base = type.base;
  if (base == "date") {
    return TypeValues{{"1970-01-01", "2000-02-29", "1900-01-01", "9999-12-31", "0001-01-01",
                       "4713-01-01 BC", "infinity", "-infinity"},
                      {day}};
  }
  if (base == "timestamp without time zone" || base == "timestamp") return timestamps(false);
  if (base == "timestamp with time zone") return timestamps(true);
  if (base == "time without time zone" || base == "time") {
    return TypeValues{{"00:00:00", "24:00:00", "23:59:59.999999", "12:00:00"}, {second_of_day}};
  }
  if (base == "time with time zone") {
    return TypeValues{{"00:00:00+00", "23:59:59.999999-12", "02:30:00+05:30"},
                      {[](std::uint64_t n) { return second_of_day(n) + "+00"; }}};
  }
  if (base.starts_with("interval")) {
    return TypeValues{
        {"0", "1 mon", "30 days", "1 day", "24:00:00", "-1 year", "1 mon -1 day",
         "00:00:00.000001"},
        {[](std::uint64_t n) { return fmt::format("{} days {}", n, second_of_day(n)); },
         [](std::uint64_t n) { return fmt::format("{} days", n); }}};
  }
  return std::nullopt;
}

}  // namespace segue::runtime::rehearsal
