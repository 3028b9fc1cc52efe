#include "engine/market/fees.h"

#include <algorithm>

namespace origo {
namespace {

constexpr std::int64_t kPpm = 1'000'000;
constexpr std::int32_t kRateMax = 100'000;  // 10 %
constexpr std::int64_t kPerContractMax = 1'000'000'000;

bool in_bounds(const FeeRate& rate) {
  const bool one_sign = (rate.rate_ppm >= 0 && rate.per_contract.value() >= 0) ||
                        (rate.rate_ppm <= 0 && rate.per_contract.value() <= 0);
  return one_sign && rate.rate_ppm >= -kRateMax && rate.rate_ppm <= kRateMax &&
         rate.per_contract.value() >= -kPerContractMax &&
         rate.per_contract.value() <= kPerContractMax;
}

bool charges(const FeeRate& rate) {
  return rate.rate_ppm > 0 || rate.per_contract.is_positive();
}

// The exact fee in millionths of a minor unit.
Int128 exact_fee(std::int64_t rate_ppm, Cash per_contract, Cash notional, Quantity quantity) {
  const Int128 by_value = Int128{rate_ppm} * notional.value();
  if (per_contract.is_zero()) [[likely]]
    return by_value;
  return by_value +
         Int128{per_contract.value() * kPpm} * quantity.value();  // kPerContractMax x kPpm fits
}

// What rounding may still add in a role: its unpaid fraction plus the half that rounds up.
Int128 rounding_left(const FeeRate& rate, const FeeTally& tally) {
  if (!charges(rate)) return 0;
  const Int128 exact = exact_fee(rate.rate_ppm, rate.per_contract, tally.notional, tally.quantity);
  return std::max(Int128{0}, exact - Int128{tally.paid.value()} * kPpm + kPpm / 2);
}

}  // namespace

bool is_sound(const FeeSchedule& fees) {
  return in_bounds(fees.maker) && in_bounds(fees.taker) &&
         fees.maker.rate_ppm + fees.taker.rate_ppm >= 0 &&
         !(fees.maker.per_contract + fees.taker.per_contract).is_negative();
}

Cash fee_due(const FeeRate& rate, const FeeTally& tally) {
  return Cash(divide_half_up(
      exact_fee(rate.rate_ppm, rate.per_contract, tally.notional, tally.quantity), kPpm));
}

Cash fee_worst_case(const FeeSchedule& fees,
                    const FeeTally& as_maker,
                    const FeeTally& as_taker,
                    Cash notional,
                    Quantity open) {
  if (open.is_zero()) return Cash();
  const std::int64_t rate = std::max({fees.maker.rate_ppm, fees.taker.rate_ppm, 0});
  const Cash per_contract = std::max({fees.maker.per_contract, fees.taker.per_contract, Cash()});
  const Int128 worst = exact_fee(rate, per_contract, notional, open) +
                       rounding_left(fees.maker, as_maker) + rounding_left(fees.taker, as_taker);
  return Cash(divide_floor(worst + kPpm - 1, kPpm));
}

}  // namespace origo
