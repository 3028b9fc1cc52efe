#pragma once

#include <string>
#include <vector>

#include "tests/model/pair.h"

namespace origo {

// Where core and twin begin to differ.
struct Difference {
  std::size_t step;
  std::string what;
};

// The fewest and plainest steps found that still make a difference after the set-up; the last one
// makes it. Requires: `steps`, applied to a copy of `set_up`, end in a difference.
struct Minimal {
  std::vector<Step> steps;
  std::string what;
};
[[nodiscard]] Minimal shrink(const Pair& set_up, const std::vector<Step>& steps);

// The minimal case as a scenario file: what the market rules, as the twin reads them, expect. It
// passes where the core agrees, but for what accounts lack: in a scenario all have enough. What is
// no market step is left out, and told in a note.
[[nodiscard]] std::string as_scenario(const Pair& set_up,
                                      const Minimal& minimal,
                                      const std::string& id);

}  // namespace origo
