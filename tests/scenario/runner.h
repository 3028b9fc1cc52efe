#pragma once

#include <set>
#include <string>
#include <vector>

#include "engine/core/reject.h"
#include "tests/scenario/driver.h"
#include "tests/scenario/scenario_file.h"
#include "tests/scenario/scheme_files.h"

namespace origo::scenario {

enum class Ending : std::uint8_t { passed, failed, skipped };

struct ScenarioResult {
  std::string id;
  std::string title;
  Ending ending = Ending::passed;
  std::string reason;            // what failed and where, or the feature that is missing
  std::set<Reject> rejects;      // earned along the way
  std::vector<std::string> log;  // one line a step
};

// Runs one scenario from a fresh exchange to its end or first difference.
[[nodiscard]] ScenarioResult run_scenario(Driver& driver,
                                          SchemeFiles& files,
                                          const Scenario& scenario);

}  // namespace origo::scenario
