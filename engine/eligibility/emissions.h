#pragma once

#include <boost/describe.hpp>
#include <cstdint>

#include "engine/core/date.h"
#include "engine/eligibility/rule.h"

// The greenhouse gas of renewable fuels of non-biological origin (RFNBO) and recycled carbon fuels
// (RCF). Source: Delegated Regulation (EU) 2023/1185, annex; Directive (EU) 2018/2001, articles
// 25(2) and 29a; [S4] 2.3 and table 2-5.
namespace origo {

inline constexpr std::int64_t kFossilComparatorMgPerMj = 94'000;  // 94 g CO2e per MJ
inline constexpr std::int64_t kSavingMinPercent = 70;
// No single term is larger, in either direction: 1 t CO2e per MJ, so that no sum overflows.
inline constexpr std::int64_t kIntensityMaxMgPerMj = 1'000'000'000;

// The terms of E = e_i + e_p + e_td + e_u - e_ccs with e_i = e_i_elastic + e_i_rigid - e_ex_use.
// Units: milligrams CO2e per MJ of fuel, each 0 to kIntensityMaxMgPerMj.
struct FuelEmissions {
  std::int64_t e_i_elastic_mg_per_mj = 0;  // inputs whose supply grows with demand
  std::int64_t e_i_rigid_mg_per_mj = 0;    // inputs taken from another use
  std::int64_t e_ex_use_mg_per_mj = 0;     // what the inputs would have emitted anyway
  std::int64_t e_p_mg_per_mj = 0;          // processing
  std::int64_t e_td_mg_per_mj = 0;         // transport and distribution
  std::int64_t e_u_mg_per_mj = 0;          // use
  std::int64_t e_ccs_mg_per_mj = 0;        // captured and stored
};
BOOST_DESCRIBE_STRUCT(FuelEmissions,
                      (),
                      (e_i_elastic_mg_per_mj,
                       e_i_rigid_mg_per_mj,
                       e_ex_use_mg_per_mj,
                       e_p_mg_per_mj,
                       e_td_mg_per_mj,
                       e_u_mg_per_mj,
                       e_ccs_mg_per_mj))

struct EmissionsVerdict {
  std::int64_t total_mg_per_mj = 0;  // E; may be negative
  std::int64_t saving_ppm = 0;       // below the comparator, rounded down; negative: above it
  EligibilityRule failed = EligibilityRule::none;
};

// Whether the fuel emits at least 70 % less than the comparator. Judged exactly, not on the rounded
// saving: E of 28,200 mg per MJ still does. Failures: amount_out_of_range (then nothing is
// computed), saving_below_threshold.
[[nodiscard]] EmissionsVerdict judge_emissions(const FuelEmissions& emissions);

// Where captured CO2 comes from.
enum class Co2Source : std::uint8_t {
  ets_power = 1,  // electricity generation under the EU emissions trading system (Directive
                  // 2003/87/EC, Annex I)
  ets_other = 2,  // another activity under it
  biogenic = 3,   // production or combustion of biofuels, bioliquids, biomass fuels
  air = 4,
  geological = 5,
  recycled = 6,  // combustion of RFNBO or RCF
};
BOOST_DESCRIBE_ENUM(Co2Source, ets_power, ets_other, biogenic, air, geological, recycled)

struct CapturedCo2 {
  Co2Source source = Co2Source::air;
  bool carbon_priced = false;  // ETS: effective carbon pricing upstream
  bool criteria_met = false;   // biogenic: RED criteria; recycled: the burnt fuel met the threshold
  bool released_naturally_before = false;  // geological
  bool credited = false;                   // its capture has a credit of its own
  bool burnt_for_itself = false;           // fuel was burnt for the purpose of making it
};
BOOST_DESCRIBE_STRUCT(
    CapturedCo2,
    (),
    (source, carbon_priced, criteria_met, released_naturally_before, credited, burnt_for_itself))

// The last year in which CO2 of the source may be built into a fuel and deducted; 0: no end.
[[nodiscard]] int last_year_of(Co2Source source);

// Whether captured CO2 that was built into a fuel on `built_in` may be deducted in e_ex_use.
// Failures: co2_*.
[[nodiscard]] EligibilityRule judge_co2(const CapturedCo2& co2, Date built_in);

}  // namespace origo
