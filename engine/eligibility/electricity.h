#pragma once

#include <boost/describe.hpp>
#include <cstdint>

#include "engine/core/date.h"
#include "engine/eligibility/rule.h"

// When the electricity that an RFNBO is made from counts as renewable: five cases, one of which
// must hold. Source: [S4] table 2-4; Delegated Regulation (EU) 2023/1184, articles 3 to 7 and 11.
namespace origo {

enum class ElectricityCase : std::uint8_t {
  direct_line = 1,      // article 3
  agreement = 2,        // articles 4(4), 5 to 7: a power purchase agreement, from the grid
  renewable_zone = 3,   // article 4(1)
  low_carbon_zone = 4,  // article 4(2)
  redispatch = 5,       // article 4(3)
};
// Where the power plant stands, seen from the fuel plant.
enum class ZoneRelation : std::uint8_t {
  same = 1,
  adjoining = 2,
  adjoining_offshore = 3,
  other = 4
};
// What shows that fuel and electricity were made at one time.
enum class TimeMatch : std::uint8_t {
  none = 0,
  hour = 1,
  month = 2,        // calendar month; to the end of 2029
  stored_hour = 3,  // taken in that hour from storage behind the same connection
};
BOOST_DESCRIBE_ENUM(
    ElectricityCase, direct_line, agreement, renewable_zone, low_carbon_zone, redispatch)
BOOST_DESCRIBE_ENUM(ZoneRelation, same, adjoining, adjoining_offshore, other)
BOOST_DESCRIBE_ENUM(TimeMatch, none, hour, month, stored_hour)

inline constexpr std::int32_t kPlantLeadMonthsMax = 36;
inline constexpr int kWaiverFuelPlantBeforeYear =
    2027;  // started before it: age and aid don't matter
inline constexpr int kWaiverLastYear = 2037;
inline constexpr int kMonthlyMatchLastYear = 2029;
inline constexpr std::int64_t kPriceBelowCentsPerMwh = 2'000;     // 20 EUR
inline constexpr std::int64_t kAllowancePricePartPercent = 36;    // of the price of 1 t CO2
inline constexpr std::int64_t kRenewableSharePpmAbove = 900'000;  // 90 %
inline constexpr std::int64_t kZoneBelowMgPerMj = 18'000;         // 18 g CO2e

// What is shown of one source of electricity. What its case does not ask for is not looked at.
struct ElectricityUse {
  ElectricityCase path = ElectricityCase::direct_line;
  Date power_plant_start;           // of operation
  bool directly_connected = false;  // a direct line, or the same installation
  bool grid_import_used = false;
  bool aid_received = false;  // for operation or investment
  bool has_agreement = false;
  ZoneRelation zone = ZoneRelation::same;
  TimeMatch match = TimeMatch::none;
  // Day-ahead prices of the hour, in cents (EUR) per MWh; may be negative.
  std::int64_t power_zone_cents_per_mwh = 0;
  std::int64_t fuel_zone_cents_per_mwh = 0;
  std::int64_t allowance_cents_per_t = 0;  // price of an EU allowance, 0 or more; 0: not shown
  bool prices_shown = false;               // the prices above are known
  std::int64_t zone_renewable_ppm = 0;     // share in the zone in the year before, 0 to 1,000,000
  std::int64_t year_hours = 0;             // of the calendar year, 0 to 8,784
  std::int64_t fuel_hours = 0;             // in which fuel was made in that year, 0 to 8,784
  std::int64_t zone_mg_per_mj = 0;         // emission intensity of the zone, mg CO2e per MJ
  bool redispatch_avoided = false;  // downward redispatch was avoided, shown by the system operator
};
BOOST_DESCRIBE_STRUCT(ElectricityUse,
                      (),
                      (path,
                       power_plant_start,
                       directly_connected,
                       grid_import_used,
                       aid_received,
                       has_agreement,
                       zone,
                       match,
                       power_zone_cents_per_mwh,
                       fuel_zone_cents_per_mwh,
                       allowance_cents_per_t,
                       prices_shown,
                       zone_renewable_ppm,
                       year_hours,
                       fuel_hours,
                       zone_mg_per_mj,
                       redispatch_avoided))

// When and by which plant the fuel was made.
struct FuelMaking {
  Date plant_start;  // of the fuel plant's operation
  Date last_day;     // of the production
};

// Whether the electricity counts as renewable by the case that it claims.
// Failures: amount_out_of_range, then the case's own, in the order of the table.
[[nodiscard]] EligibilityRule judge_electricity(const ElectricityUse& use, const FuelMaking& fuel);

}  // namespace origo
