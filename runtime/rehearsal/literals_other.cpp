// Documents, networks, bits, shapes, ranges and the rest.
#include <fmt/format.h>

#include <map>

#include "runtime/rehearsal/literals.hpp"

namespace segue::runtime::rehearsal {

namespace {

std::string number(std::uint64_t n) {
  return fmt::format("{}", n);
}

TypeValues documents(bool binary) {
  TypeValues literals;
  literals.edges = {"null",
                    "{}",
                    "[]",
                    "\"\"",
                    "0",
                    "1.0",
                    "1.00",
                    "\"caf\u00e9 \U0001F600\"",
                    R"({"b": 1, "a": 2})",
                    R"({"a": 2, "b": 1})",
                    R"({"a": null})",
                    R"({"deep": {"list": [1, {"x": "it's \"so\" \\ \n"}]}})"};
  // Only json keeps these apart: a key that is there twice, white space.
  if (!binary) literals.edges.insert(literals.edges.end(), {R"({"a": 1, "a": 2})", "{ }"});
  literals.shapes = {
      [](std::uint64_t n) { return fmt::format(R"({{"id": {}, "name": "n{}"}})", n, n); },
      [](std::uint64_t n) { return fmt::format("[{}]", n); },
      [](std::uint64_t n) { return fmt::format("\"{}\"", n); }, number};
  return literals;
}

TypeValues bits(const TypeText& type, bool varying) {
  const std::size_t length = type.modifiers.empty()
                                 ? (varying ? 8U : 1U)
                                 : static_cast<std::size_t>(type.modifiers.front());
  TypeValues literals;
  literals.edges = {std::string(length, '0'), std::string(length, '1')};
  if (varying) literals.edges.emplace_back("");
  literals.shapes = {[length](std::uint64_t n) {
    std::string made(length, '0');
    for (std::size_t i = 0; i < length && n > 0; ++i, n /= 2) {
      if (n % 2 == 1) made[length - 1 - i] = '1';
    }
    return made;
  }};
  return literals;
}

const std::map<std::string, TypeValues, std::less<>>& simple_types() {
  static const std::map<std::string, TypeValues, std::less<>> types{
      {"boolean",
       {{"true", "false"}, {[](std::uint64_t n) { return n % 2 == 0 ? "true" : "false"; }}}},
      {"uuid",
       {{"00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"},
        {[](std::uint64_t n) {
          return fmt::format("{:08x}-0000-4000-8000-{:012x}", (n * 2654435761U) & 0xffffffffU, n);
        }}}},
      {"bytea",
       {{"\\x", "\\x00", "\\xff", "\\x5c5c", "\\xdeadbeef", "\\x" + std::string(4000, 'a')},
        {[](std::uint64_t n) { return fmt::format("\\x{:016x}", n); }}}},
      {"inet",
       {{"0.0.0.0/0", "127.0.0.1", "10.0.0.0/8", "::1", "2001:db8::1/64"}, {[](std::uint64_t n) {
          return fmt::format("10.{}.{}.{}", n / 65536 % 256, n / 256 % 256, n % 256);
        }}}},
      {"cidr", {{"0.0.0.0/0", "10.0.0.0/8", "2001:db8::/32"}, {[](std::uint64_t n) {
                  return fmt::format("10.{}.{}.{}/32", n / 65536 % 256, n / 256 % 256, n % 256);
                }}}},
      {"macaddr", {{"00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff"}, {[](std::uint64_t n) {
                     return fmt::format("02:00:{:02x}:{:02x}:{:02x}:{:02x}", n >> 24U & 255U,
                                        n >> 16U & 255U, n >> 8U & 255U, n & 255U);
                   }}}},
      {"macaddr8", {{"00:00:00:00:00:00:00:00"}, {[](std::uint64_t n) {
                      return fmt::format("02:00:00:00:{:02x}:{:02x}:{:02x}:{:02x}", n >> 24U & 255U,
                                         n >> 16U & 255U, n >> 8U & 255U, n & 255U);
                    }}}},
      {"xml", {{"<a/>", "<a b=\"1\">caf\u00e9</a>", "text alone"}, {[](std::uint64_t n) {
                 return fmt::format("<n>{}</n>", n);
               }}}},
      {"tsvector", {{"", "'a':1", "'it''s':1 'fat':2"}, {[](std::uint64_t n) {
                      return fmt::format("'w{}':1", n);
                    }}}},
      {"tsquery",
       {{"'a'", "'fat' & 'rat'"}, {[](std::uint64_t n) { return fmt::format("'w{}'", n); }}}},
      {"point",
       {{"(0,0)", "(1.5,-2)"}, {[](std::uint64_t n) { return fmt::format("({},{})", n, n % 7); }}}},
      {"line", {{"{1,-1,0}"}, {[](std::uint64_t n) { return fmt::format("{{1,-1,{}}}", n); }}}},
      {"lseg",
       {{"[(0,0),(1,1)]"}, {[](std::uint64_t n) { return fmt::format("[(0,0),({},1)]", n); }}}},
      {"box", {{"(1,1),(0,0)"}, {[](std::uint64_t n) { return fmt::format("({},1),(0,0)", n); }}}},
      {"path", {{"[(0,0),(1,1)]", "((0,0),(1,1),(1,0))"}, {[](std::uint64_t n) {
                  return fmt::format("[(0,0),({},1)]", n);
                }}}},
      {"polygon", {{"((0,0),(1,1),(1,0))"}, {[](std::uint64_t n) {
                     return fmt::format("((0,0),({},1),(1,0))", n);
                   }}}},
      {"circle", {{"<(0,0),1>", "<(0,0),0>"}, {[](std::uint64_t n) {
                    return fmt::format("<({},0),1>", n);
                  }}}},
      {"pg_lsn", {{"0/0"}, {[](std::uint64_t n) { return fmt::format("0/{:X}", n); }}}},
      {"regclass", {{"pg_catalog.pg_class", "0"}, {}}},
      {"regtype", {{"integer"}, {}}},
      {"regproc", {{"now"}, {}}},
      {"hstore",
       {{"", "a=>1", "a=>NULL"}, {[](std::uint64_t n) { return fmt::format("n=>{}", n); }}}},
      {"ltree", {{"", "a", "a.b.c"}, {[](std::uint64_t n) { return fmt::format("top.n{}", n); }}}},
  };
  return types;
}

// Ranges of different numbers do not overlap, so that exclusion constraints take them.
TypeValues ranges(const Shape& from, const Shape& to) {
  TypeValues literals;
  literals.edges = {"empty"};
  literals.shapes = {
      [from, to](std::uint64_t n) { return fmt::format("[\"{}\",\"{}\")", from(n), to(n)); }};
  return literals;
}

Shape day(int month) {
  return [month](std::uint64_t n) {
    return fmt::format("{}-{:02}-{:02}", 2001 + n / 28 % 7000, month, n % 28 + 1);
  };
}

}  // namespace

std::optional<TypeValues> range_literals(const TypeText& type) {
  std::string_view base = type.base;
  const bool multirange = base.ends_with("multirange");
  std::optional<TypeValues> literals;
  if (base.starts_with("int4") || base.starts_with("int8") || base.starts_with("num")) {
    literals = ranges([](std::uint64_t n) { return number(n * 10); },
                      [](std::uint64_t n) { return number(n * 10 + 5); });
    literals->edges.insert(literals->edges.end(), {"(,-1]", "[-1,-1]"});
  } else if (base.starts_with("date") || base.starts_with("ts")) {
    // A day of one month for each number: they never meet.
    literals = ranges([month = day(1)](std::uint64_t n) { return month(n) + " 08:00"; },
                      [month = day(1)](std::uint64_t n) { return month(n) + " 09:00"; });
    if (base.starts_with("date")) {
      literals->shapes = {
          [month = day(1)](std::uint64_t n) { return fmt::format("[{},{}]", month(n), month(n)); }};
    }
    literals->edges.emplace_back("(,1990-01-01)");
  }
  if (!literals || (!base.ends_with("range"))) return std::nullopt;
  if (multirange) {
    for (std::string& edge : literals->edges) edge = edge == "empty" ? "{}" : "{" + edge + "}";
    const Shape single = literals->shapes.front();
    literals->shapes = {[single](std::uint64_t n) { return "{" + single(n) + "}"; }};
  }
  return literals;
}

std::optional<TypeValues> other_literals(const TypeText& type) {
  const std::string_view base = type.base;
  if (base == "json") return documents(false);
  if (base == "jsonb") return documents(true);
  if (base == "bit") return bits(type, false);
  if (base == "bit varying") return bits(type, true);
  // Those of an extension stand with its schema.
  const std::size_t dot = base.rfind('.');
  const auto found =
      simple_types().find(dot == std::string_view::npos ? base : base.substr(dot + 1));
  if (found == simple_types().end()) return std::nullopt;
  return found->second;
}

}  // namespace segue::runtime::rehearsal
