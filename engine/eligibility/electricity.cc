#include "engine/eligibility/electricity.h"

#include "engine/core/amount.h"

namespace origo {
namespace {

using Rule = EligibilityRule;

constexpr std::int64_t kPriceMax = 1'000'000'000;  // cents, in either direction
constexpr std::int64_t kHoursMax = 366 * 24;
constexpr std::int64_t kShareWholePpm = 1'000'000;
constexpr std::int64_t kZoneMaxMgPerMj = 1'000'000'000;
constexpr Date kStartMin{-25'567};  // 1900-01-01: calendar arithmetic stays within the calendar

bool within(std::int64_t low, std::int64_t value, std::int64_t high) {
  return low <= value && value <= high;
}

bool in_range(const ElectricityUse& use) {
  return kStartMin <= use.power_plant_start && use.power_plant_start <= kNever &&
         within(-kPriceMax, use.power_zone_cents_per_mwh, kPriceMax) &&
         within(-kPriceMax, use.fuel_zone_cents_per_mwh, kPriceMax) &&
         within(0, use.allowance_cents_per_t, kPriceMax) &&
         within(0, use.zone_renewable_ppm, kShareWholePpm) &&
         within(0, use.year_hours, kHoursMax) && within(0, use.fuel_hours, kHoursMax) &&
         within(0, use.zone_mg_per_mj, kZoneMaxMgPerMj);
}

// The power plant started at most 36 months before the fuel plant.
bool is_new(const ElectricityUse& use, const FuelMaking& fuel) {
  return add_months(use.power_plant_start, kPlantLeadMonthsMax) >= fuel.plant_start;
}

// Fuel plants that ran early enough are let off the age and aid of their power, for a time.
bool is_waived(const FuelMaking& fuel) {
  return year_of(fuel.plant_start) < kWaiverFuelPlantBeforeYear &&
         year_of(fuel.last_day) <= kWaiverLastYear;
}

Rule judge_zone(const ElectricityUse& use) {
  switch (use.zone) {
    case ZoneRelation::same:
    case ZoneRelation::adjoining_offshore:
      return Rule::none;
    case ZoneRelation::adjoining:
      return use.prices_shown && use.power_zone_cents_per_mwh >= use.fuel_zone_cents_per_mwh
                 ? Rule::none
                 : Rule::zone_cheaper;
    case ZoneRelation::other:
      break;
  }
  return Rule::zone_not_allowed;
}

// So cheap an hour that renewable electricity sets the price.
bool is_cheap(const ElectricityUse& use) {
  if (!use.prices_shown) return false;
  return use.fuel_zone_cents_per_mwh < kPriceBelowCentsPerMwh ||
         use.fuel_zone_cents_per_mwh * 100 < use.allowance_cents_per_t * kAllowancePricePartPercent;
}

bool is_matched(const ElectricityUse& use, const FuelMaking& fuel) {
  switch (use.match) {
    case TimeMatch::hour:
    case TimeMatch::stored_hour:
      return true;
    case TimeMatch::month:
      if (year_of(fuel.last_day) <= kMonthlyMatchLastYear) return true;
      break;
    case TimeMatch::none:
      break;
  }
  return is_cheap(use);
}

Rule judge_place_and_time(const ElectricityUse& use, const FuelMaking& fuel) {
  if (const Rule failed = judge_zone(use); failed != Rule::none) return failed;
  return is_matched(use, fuel) ? Rule::none : Rule::not_matched_in_time;
}

Rule judge_direct_line(const ElectricityUse& use, const FuelMaking& fuel) {
  if (!is_new(use, fuel)) return Rule::plant_too_old;
  if (!use.directly_connected) return Rule::not_connected;
  return use.grid_import_used ? Rule::grid_import_used : Rule::none;
}

Rule judge_agreement(const ElectricityUse& use, const FuelMaking& fuel) {
  if (!use.has_agreement) return Rule::agreement_missing;
  if (!is_waived(fuel)) {
    if (!is_new(use, fuel)) return Rule::plant_too_old;
    if (use.aid_received) return Rule::aid_received;
  }
  return judge_place_and_time(use, fuel);
}

Rule judge_renewable_zone(const ElectricityUse& use) {
  if (use.zone_renewable_ppm <= kRenewableSharePpmAbove) return Rule::share_not_above_90;
  const bool fits = use.fuel_hours * kShareWholePpm <= use.year_hours * use.zone_renewable_ppm;
  return fits ? Rule::none : Rule::too_many_fuel_hours;
}

Rule judge_low_carbon_zone(const ElectricityUse& use, const FuelMaking& fuel) {
  if (use.zone_mg_per_mj >= kZoneBelowMgPerMj) return Rule::zone_not_below_18;
  if (!use.has_agreement) return Rule::agreement_missing;
  return judge_place_and_time(use, fuel);
}

}  // namespace

EligibilityRule judge_electricity(const ElectricityUse& use, const FuelMaking& fuel) {
  if (!in_range(use)) return Rule::amount_out_of_range;
  switch (use.path) {
    case ElectricityCase::direct_line:
      return judge_direct_line(use, fuel);
    case ElectricityCase::agreement:
      return judge_agreement(use, fuel);
    case ElectricityCase::renewable_zone:
      return judge_renewable_zone(use);
    case ElectricityCase::low_carbon_zone:
      return judge_low_carbon_zone(use, fuel);
    case ElectricityCase::redispatch:
      break;
  }
  return use.redispatch_avoided ? Rule::none : Rule::redispatch_not_shown;
}

}  // namespace origo
