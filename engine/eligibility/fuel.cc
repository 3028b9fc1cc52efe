#include "engine/eligibility/fuel.h"

#include <algorithm>

#include "engine/core/ensure.h"

namespace origo {
namespace {

using Rule = EligibilityRule;

// The first that failed; none: all hold.
Rule first_failed(const std::vector<Rule>& rules) {
  const auto failed =
      std::find_if(rules.begin(), rules.end(), [](Rule rule) { return rule != Rule::none; });
  return failed == rules.end() ? Rule::none : *failed;
}

Rule judge_rfnbo(const FuelVerdict& verdict) {
  if (verdict.electricity.empty()) return Rule::electricity_missing;
  const Rule electricity = first_failed(verdict.electricity);
  return electricity == Rule::none ? verdict.saving : electricity;
}

}  // namespace

bool is_sound(const FuelEvidence& evidence) {
  if (evidence.co2.size() > kFuelSourcesMax || evidence.electricity.size() > kFuelSourcesMax ||
      evidence.green_e.size() > 1)
    return false;
  if (judge_emissions(evidence.emissions).failed == Rule::amount_out_of_range) return false;
  const bool co2 =
      std::all_of(evidence.co2.begin(), evidence.co2.end(), [](const BuiltInCo2& source) {
        return 0 <= source.deducted_mg_per_mj && source.deducted_mg_per_mj <= kIntensityMaxMgPerMj;
      });
  const bool electricity = std::all_of(
      evidence.electricity.begin(), evidence.electricity.end(), [](const ElectricityUse& use) {
        return judge_electricity(use, {}) != Rule::amount_out_of_range;
      });
  const bool green_e =
      std::all_of(evidence.green_e.begin(), evidence.green_e.end(), [](const GreenEGas& gas) {
        return judge_green_e(gas) != Rule::amount_out_of_range;
      });
  return co2 && electricity && green_e;
}

FuelVerdict judge_fuel(const FuelEvidence& evidence, const FuelMaking& making) {
  FuelVerdict verdict;
  FuelEmissions emissions = evidence.emissions;
  for (const BuiltInCo2& source : evidence.co2) {
    verdict.co2.push_back(judge_co2(source.origin, making.last_day));
    if (verdict.co2.back() == Rule::none) emissions.e_ex_use_mg_per_mj += source.deducted_mg_per_mj;
  }
  // A sum above the limit of a term is as good as the limit: nothing emits as much.
  emissions.e_ex_use_mg_per_mj = std::min(emissions.e_ex_use_mg_per_mj, kIntensityMaxMgPerMj);
  const EmissionsVerdict emitted = judge_emissions(emissions);
  ENSURE(emitted.failed != Rule::amount_out_of_range);
  verdict.total_mg_per_mj = emitted.total_mg_per_mj;
  verdict.saving_ppm = emitted.saving_ppm;
  verdict.saving = emitted.failed;

  for (const ElectricityUse& use : evidence.electricity)
    verdict.electricity.push_back(judge_electricity(use, making));
  const GasVerdict gas = classify_gas(evidence.kind, evidence.gaseous, emissions);
  verdict.gas_class = gas.gas_class;
  verdict.gas = gas.failed;
  if (evidence.kind == FuelKind::rfnbo) {
    verdict.rfnbo = judge_rfnbo(verdict);
    // Without renewable electricity it is no RFNBO, and so no renewable gas.
    const bool renewable =
        !verdict.electricity.empty() && first_failed(verdict.electricity) == Rule::none;
    if (!renewable && gas.failed == Rule::none) {
      verdict.gas_class = GasClass::none;
      verdict.gas = verdict.rfnbo;
    }
  }
  if (!evidence.green_e.empty()) verdict.green_e = judge_green_e(evidence.green_e.front());
  return verdict;
}

}  // namespace origo
