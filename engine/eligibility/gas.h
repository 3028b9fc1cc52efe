#pragma once

#include <boost/describe.hpp>
#include <cstdint>

#include "engine/core/date.h"
#include "engine/eligibility/emissions.h"
#include "engine/eligibility/rule.h"

// What a gas may be called: the classes of the EU gas package, and Green-e Renewable Fuels.
// Source: [S4] table 2-6 (Directive (EU) 2018/2001, article 2, points 28, 35 and 36); [S4] chapter
// 6, Green-e.
namespace origo {

enum class FuelKind : std::uint8_t {
  biogas = 1,               // biomethane too
  rfnbo = 2,                // renewable, of non-biological origin
  rcf = 3,                  // recycled carbon fuel
  other_hydrogen = 4,       // from non-renewable sources
  other_synthetic_gas = 5,  // made from such hydrogen
};
enum class GasClass : std::uint8_t {
  none = 0,
  renewable = 1,
  low_carbon_gas = 2,
  low_carbon_hydrogen = 3
};
BOOST_DESCRIBE_ENUM(FuelKind, biogas, rfnbo, rcf, other_hydrogen, other_synthetic_gas)
BOOST_DESCRIBE_ENUM(GasClass, none, renewable, low_carbon_gas, low_carbon_hydrogen)

struct GasVerdict {
  GasClass gas_class = GasClass::none;  // low-carbon hydrogen is low-carbon gas, too
  EligibilityRule failed = EligibilityRule::none;
};

// The class of a fuel in the EU gas package. Renewable gases need no saving for it, all others 70
// %. Failures: not_gaseous, amount_out_of_range, saving_below_threshold.
[[nodiscard]] GasVerdict classify_gas(FuelKind kind, bool gaseous, const FuelEmissions& emissions);

// What Green-e asks of renewable methane when it is certified.
struct GreenEGas {
  std::int64_t gas_mg_per_mj = 0;         // its carbon intensity, -10^9 to 10^9 mg CO2e per MJ
  std::int64_t fossil_gas_mg_per_mj = 0;  // that of the fossil gas it displaces, 1 to 10^9
  bool from_digestion_or_landfill = false;
  bool in_canada_or_us = false;
  bool legally_required = false;
  bool credit_sold = false;
};
BOOST_DESCRIBE_STRUCT(GreenEGas,
                      (),
                      (gas_mg_per_mj,
                       fossil_gas_mg_per_mj,
                       from_digestion_or_landfill,
                       in_canada_or_us,
                       legally_required,
                       credit_sold))

// Failures: amount_out_of_range, feedstock_not_allowed, place_not_allowed, legally_required,
// sold_before, intensity_not_10_below (exactly 10 % below is enough).
[[nodiscard]] EligibilityRule judge_green_e(const GreenEGas& gas);

// The last day on which gas injected on `injected` may be sold on a day of `year`: within 4
// calendar years to 2025, within 1 from 2026.
[[nodiscard]] Date green_e_sale_end(Date injected, int year);
// Failures: injected_too_long_before.
[[nodiscard]] EligibilityRule judge_green_e_sale(Date injected, Date sold);

}  // namespace origo
