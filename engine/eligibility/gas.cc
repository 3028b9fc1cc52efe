#include "engine/eligibility/gas.h"

namespace origo {
namespace {

using Rule = EligibilityRule;

constexpr int kShortVintageFromYear = 2026;
constexpr std::int32_t kVintageMonths = 12;
constexpr std::int32_t kVintageMonthsBefore = 48;

}  // namespace

GasVerdict classify_gas(FuelKind kind, bool gaseous, const FuelEmissions& emissions) {
  if (!gaseous) return {.failed = Rule::not_gaseous};
  if (kind == FuelKind::biogas || kind == FuelKind::rfnbo)
    return {.gas_class = GasClass::renewable};
  const Rule failed = judge_emissions(emissions).failed;
  if (failed != Rule::none) return {.failed = failed};
  return {.gas_class = kind == FuelKind::other_hydrogen ? GasClass::low_carbon_hydrogen
                                                        : GasClass::low_carbon_gas};
}

EligibilityRule judge_green_e(const GreenEGas& gas) {
  const bool in_range = -kIntensityMaxMgPerMj <= gas.gas_mg_per_mj &&
                        gas.gas_mg_per_mj <= kIntensityMaxMgPerMj && 0 < gas.fossil_gas_mg_per_mj &&
                        gas.fossil_gas_mg_per_mj <= kIntensityMaxMgPerMj;
  if (!in_range) return Rule::amount_out_of_range;
  if (!gas.from_digestion_or_landfill) return Rule::feedstock_not_allowed;
  if (!gas.in_canada_or_us) return Rule::place_not_allowed;
  if (gas.legally_required) return Rule::legally_required;
  if (gas.credit_sold) return Rule::sold_before;
  return gas.gas_mg_per_mj * 10 <= gas.fossil_gas_mg_per_mj * 9 ? Rule::none
                                                                : Rule::intensity_not_10_below;
}

Date green_e_sale_end(Date injected, int year) {
  return add_months(injected, year < kShortVintageFromYear ? kVintageMonthsBefore : kVintageMonths);
}

EligibilityRule judge_green_e_sale(Date injected, Date sold) {
  return sold <= green_e_sale_end(injected, year_of(sold)) ? Rule::none
                                                           : Rule::injected_too_long_before;
}

}  // namespace origo
