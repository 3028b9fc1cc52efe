#pragma once

#include <vector>

#include "engine/registry/registry.h"

// What certificates say of captured CO2: where it came from, and how much of it they hold.
namespace origo {

// The attributes that lots get from the core where CO2 is captured or counted.
inline constexpr const char* kCo2Source = "co2_source";         // symbol: a Co2Source, each one
inline constexpr const char* kCo2Counting = "co2_counting";     // symbol: a Co2Counting
inline constexpr const char* kCo2Share = "co2_user_share_ppm";  // number
inline constexpr const char* kCo2Programme = "co2_programme";   // symbol

// What the attribute kCo2Source says, ascending; none: nothing.
[[nodiscard]] std::vector<Co2Source> co2_sources(const Vocabulary& vocabulary,
                                                 const AttributeValues& values);
// The same with all that the eligibility table asks of each source, from the flags co2_priced,
// co2_criteria_met, co2_released_naturally, co2_credited and co2_burnt_for_itself.
[[nodiscard]] std::vector<CapturedCo2> captured_co2(const Vocabulary& vocabulary,
                                                    const AttributeValues& values);

// g of captured CO2 in units of a lot, rounded down: of certificates of CO2 their own mass, of fuel
// its share of what the lot holds. Requires: no more units than were issued.
[[nodiscard]] Int128 co2_in(const Lot& lot, Units units);
// g of captured CO2 in what is declared: what was declared, and what fuel brought that was used up.
[[nodiscard]] Int128 co2_in(const Registry& registry, const Declaration& declaration);
// g that the certificates of captured CO2 stand for which were used up for a declaration.
[[nodiscard]] Int128 co2_compensated(const Registry& registry, const Declaration& declaration);
// g for which the capturer must be compensated: what the user does not report of the CO2 declared,
// rounded up; 0 where the programme asks for none.
[[nodiscard]] std::int64_t co2_given_up(const Declaration& declaration);

}  // namespace origo
