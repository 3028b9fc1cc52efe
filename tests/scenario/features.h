#pragma once

#include <string>

#include "tests/scenario/scenario_file.h"

namespace origo::scenario {

// What a scenario needs and the exchange does not offer, by name; empty: nothing.
[[nodiscard]] std::string missing_feature(const Scenario& scenario);

}  // namespace origo::scenario
