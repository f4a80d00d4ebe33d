// Every fault of the table.
#pragma once

#include <string>
#include <vector>

#include "driver/stage.hpp"

namespace segue::test {

// How often each fault is played.
struct Effort {
  int moments = 200;    // random moments per phase, of kill -9
  int every = 1;        // of the requests of a phase, each n-th
  int repetitions = 5;  // per phase, of what takes seconds
  int jobs = 2;         // so many at a time
  std::vector<int> phases{1, 2, 3, 4};
};

// Each n-th of them, and the first.
inline std::vector<int> every(const std::vector<int>& numbers, int n) {
  std::vector<int> some;
  for (std::size_t i = 0; i < numbers.size(); i += static_cast<std::size_t>(n))
    some.push_back(numbers[i]);
  return some;
}

using FaultFunction = Tally (*)(Stage&, const Effort&);
struct Fault {
  const char* name;
  FaultFunction play;
  bool durable = false;  // needs a server that survives a power cut
};

const std::vector<Fault>& kill_faults();
const std::vector<Fault>& network_faults();
const std::vector<Fault>& server_faults();
const std::vector<Fault>& lock_faults();
const std::vector<Fault>& surrounding_faults();

}  // namespace segue::test
