// The EBNF of grammar.md as a value, and random sentences of it.
#pragma once

#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace segue::dsl::testing_support {

struct EbnfNode {
  enum class Kind { sequence, choice, option, repetition, terminal, rule, words };
  Kind kind = Kind::sequence;
  std::string text;  // of a terminal, a rule's name, or a description
  std::vector<EbnfNode> parts;
};

using Ebnf = std::map<std::string, EbnfNode>;

// Throws std::runtime_error with the place where the notation is broken.
Ebnf parse_ebnf(std::string_view text);

// Terminals that are words, not signs.
std::set<std::string> keywords_of(const Ebnf& ebnf);
// Every rule's name that some rule mentions.
std::set<std::string> mentioned_rules(const Ebnf& ebnf);

// One sentence of `rule`. A repetition takes each of its alternatives at most once.
std::string random_sentence(const Ebnf& ebnf, const std::string& rule, std::mt19937& random);

}  // namespace segue::dsl::testing_support
