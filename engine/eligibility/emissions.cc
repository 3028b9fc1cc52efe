#include "engine/eligibility/emissions.h"

#include <algorithm>
#include <array>

#include "engine/core/amount.h"

namespace origo {
namespace {

constexpr std::int64_t kSavingWholePpm = 1'000'000;

// Largest whole number not above dividend / divisor, also below zero.
std::int64_t divide_down(Int128 dividend, std::int64_t divisor) {
  const Int128 quotient = dividend / divisor;
  return static_cast<std::int64_t>(dividend % divisor < 0 ? quotient - 1 : quotient);
}

}  // namespace

EmissionsVerdict judge_emissions(const FuelEmissions& e) {
  const std::array terms = {e.e_i_elastic_mg_per_mj,
                            e.e_i_rigid_mg_per_mj,
                            e.e_ex_use_mg_per_mj,
                            e.e_p_mg_per_mj,
                            e.e_td_mg_per_mj,
                            e.e_u_mg_per_mj,
                            e.e_ccs_mg_per_mj};
  const bool in_range = std::all_of(terms.begin(), terms.end(), [](std::int64_t term) {
    return 0 <= term && term <= kIntensityMaxMgPerMj;
  });
  if (!in_range) return {.failed = EligibilityRule::amount_out_of_range};
  const std::int64_t e_i = e.e_i_elastic_mg_per_mj + e.e_i_rigid_mg_per_mj - e.e_ex_use_mg_per_mj;
  EmissionsVerdict verdict;
  verdict.total_mg_per_mj =
      e_i + e.e_p_mg_per_mj + e.e_td_mg_per_mj + e.e_u_mg_per_mj - e.e_ccs_mg_per_mj;
  const std::int64_t saved = kFossilComparatorMgPerMj - verdict.total_mg_per_mj;
  verdict.saving_ppm = divide_down(Int128{saved} * kSavingWholePpm, kFossilComparatorMgPerMj);
  if (saved * 100 < kFossilComparatorMgPerMj * kSavingMinPercent)
    verdict.failed = EligibilityRule::saving_below_threshold;
  return verdict;
}

int last_year_of(Co2Source source) {
  switch (source) {
    case Co2Source::ets_power:
      return 2035;
    case Co2Source::ets_other:
      return 2040;
    case Co2Source::biogenic:
    case Co2Source::air:
    case Co2Source::geological:
    case Co2Source::recycled:
      break;
  }
  return 0;
}

EligibilityRule judge_co2(const CapturedCo2& co2, Date built_in) {
  if (co2.burnt_for_itself) return EligibilityRule::co2_burnt_for_itself;
  if (co2.credited) return EligibilityRule::co2_credited;
  switch (co2.source) {
    case Co2Source::ets_power:
    case Co2Source::ets_other:
      if (!co2.carbon_priced) return EligibilityRule::co2_not_priced;
      if (year_of(built_in) > last_year_of(co2.source)) return EligibilityRule::co2_too_late;
      break;
    case Co2Source::biogenic:
    case Co2Source::recycled:
      if (!co2.criteria_met) return EligibilityRule::co2_criteria_not_met;
      break;
    case Co2Source::geological:
      if (!co2.released_naturally_before) return EligibilityRule::co2_not_released_before;
      break;
    case Co2Source::air:
      break;
  }
  return EligibilityRule::none;
}

}  // namespace origo
