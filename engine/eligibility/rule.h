#pragma once

#include <boost/describe.hpp>
#include <cstdint>

namespace origo {

// The condition that an eligibility check found broken first, in the order in which they are listed
// here for each check; none: all hold. Numbers are public: appended, never reused.
enum class EligibilityRule : std::uint8_t {
  none = 0,
  // What is measured. Source: Delegated Regulation (EU) 2023/1185, annex; [S4] 2.3.
  amount_out_of_range = 1,     // an input is negative, or above its limit
  saving_below_threshold = 2,  // emissions are not 70 % below the fossil comparator
  // Captured CO2. Source: [S4] table 2-5.
  co2_burnt_for_itself = 10,  // fuel was burnt to make it
  co2_credited = 11,          // its capture has a credit of its own
  co2_not_priced = 12,        // from an ETS activity without effective carbon pricing upstream
  co2_too_late = 13,  // from an ETS activity, built into the fuel after that source's last year
  co2_criteria_not_met =
      14,  // biogenic: the RED criteria; recycled: the threshold of the fuel burnt
  co2_not_released_before = 15,  // geological, and was not released naturally before
  // Electricity. Source: [S4] table 2-4.
  plant_too_old = 30,  // the power plant started more than 36 months before the fuel plant
  aid_received = 31,   // operating or investment aid
  not_connected = 32,  // neither a direct connection nor the same installation
  grid_import_used = 33,
  agreement_missing = 34,    // no power purchase agreement
  zone_not_allowed = 35,     // neither the same bidding zone nor an adjoining one that counts
  zone_cheaper = 36,         // adjoining zone whose day-ahead price is below that of the fuel's
  not_matched_in_time = 37,  // hour, month, storage or price
  share_not_above_90 = 38,   // of renewable electricity in the zone
  too_many_fuel_hours = 39,  // above the hours of the year times that share
  zone_not_below_18 = 40,    // g CO2e per MJ
  redispatch_not_shown = 41,
  electricity_missing = 42,  // an RFNBO without the electricity it is from
  // Gas classes. Source: [S4] table 2-6.
  not_gaseous = 60,
  // Green-e. Source: [S4] chapter 6, Green-e.
  feedstock_not_allowed = 70,  // neither anaerobic digestion nor landfill gas
  place_not_allowed = 71,      // neither Canada nor the United States
  legally_required = 72,
  sold_before = 73,             // a credit for it was sold
  intensity_not_10_below = 74,  // carbon intensity above 90 % of that of fossil gas
  injected_too_long_before = 75,
};
BOOST_DESCRIBE_ENUM(EligibilityRule,
                    none,
                    amount_out_of_range,
                    saving_below_threshold,
                    co2_burnt_for_itself,
                    co2_credited,
                    co2_not_priced,
                    co2_too_late,
                    co2_criteria_not_met,
                    co2_not_released_before,
                    plant_too_old,
                    aid_received,
                    not_connected,
                    grid_import_used,
                    agreement_missing,
                    zone_not_allowed,
                    zone_cheaper,
                    not_matched_in_time,
                    share_not_above_90,
                    too_many_fuel_hours,
                    zone_not_below_18,
                    redispatch_not_shown,
                    electricity_missing,
                    not_gaseous,
                    feedstock_not_allowed,
                    place_not_allowed,
                    legally_required,
                    sold_before,
                    intensity_not_10_below,
                    injected_too_long_before)

}  // namespace origo
