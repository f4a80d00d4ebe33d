#include "dsl/grammar_info.hpp"

#include <tao/pegtl/contrib/analyze.hpp>
#include <tao/pegtl/visit.hpp>

#include "dsl/grammar.hpp"

namespace segue::dsl {
namespace {

using namespace grammar;  // NOLINT(google-build-using-namespace): the grammar is this file's
                          // subject

template <typename Rule>
struct collect {
  static void visit(GrammarInfo& info) {
    if constexpr (requires { Rule::word; }) info.keywords.emplace(Rule::word);
    constexpr std::string_view documented = "segue::dsl::grammar::rules::";
    const std::string_view name = peg::demangle<Rule>();
    if (name.starts_with(documented)) info.rules.emplace(name.substr(documented.size()));
  }
};

}  // namespace

GrammarInfo grammar_info() {
  GrammarInfo info;
  peg::visit<rules::change_file, collect>(info);
  info.problems = peg::analyze<rules::change_file>(-1);
  return info;
}

}  // namespace segue::dsl
