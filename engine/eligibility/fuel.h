#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <vector>

#include "engine/eligibility/electricity.h"
#include "engine/eligibility/emissions.h"
#include "engine/eligibility/gas.h"

// All that is shown of one production of fuel, and all that follows from it.
namespace origo {

inline constexpr std::size_t kFuelSourcesMax = 16;  // of electricity, and of captured CO2

// Captured CO2 that was built into the fuel.
struct BuiltInCo2 {
  CapturedCo2 origin;
  std::int64_t deducted_mg_per_mj =
      0;  // what it would take off e_ex_use, 0 to kIntensityMaxMgPerMj
};
BOOST_DESCRIBE_STRUCT(BuiltInCo2, (), (origin, deducted_mg_per_mj))

struct FuelEvidence {
  FuelKind kind = FuelKind::biogas;
  bool gaseous = true;
  FuelEmissions emissions;                  // e_ex_use without captured CO2
  std::vector<BuiltInCo2> co2;              // at most kFuelSourcesMax
  std::vector<ElectricityUse> electricity;  // of an RFNBO: every source, at least one
  std::vector<GreenEGas> green_e;           // what Green-e asks for; at most one
};
BOOST_DESCRIBE_STRUCT(FuelEvidence, (), (kind, gaseous, emissions, co2, electricity, green_e))

struct FuelVerdict {
  std::int64_t total_mg_per_mj = 0;                // E, after what may be deducted
  std::int64_t saving_ppm = 0;                     // rounded down
  EligibilityRule saving = EligibilityRule::none;  // 70 % below the comparator
  std::vector<EligibilityRule> co2;                // by source; those that fail are not deducted
  std::vector<EligibilityRule> electricity;        // by source
  EligibilityRule rfnbo = EligibilityRule::none;   // of an RFNBO: electricity and saving
  GasClass gas_class = GasClass::none;
  EligibilityRule gas = EligibilityRule::none;      // why it has no class
  EligibilityRule green_e = EligibilityRule::none;  // where Green-e is asked for
};
BOOST_DESCRIBE_STRUCT(
    FuelVerdict,
    (),
    (total_mg_per_mj, saving_ppm, saving, co2, electricity, rfnbo, gas_class, gas, green_e))

// Whether every amount lies within its limits and no list is too long.
[[nodiscard]] bool is_sound(const FuelEvidence& evidence);

// Applies all rules to a production. Requires: is_sound(evidence).
[[nodiscard]] FuelVerdict judge_fuel(const FuelEvidence& evidence, const FuelMaking& making);

}  // namespace origo
