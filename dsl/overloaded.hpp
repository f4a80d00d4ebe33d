// One lambda for each alternative of a std::variant; one that is forgotten is a compile error.
#pragma once

namespace segue::dsl {

template <typename... Cases>
struct Overloaded : Cases... {
  using Cases::operator()...;
};

template <typename... Cases>
Overloaded(Cases...) -> Overloaded<Cases...>;

}  // namespace segue::dsl
