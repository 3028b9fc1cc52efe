#include "engine/market/market_syntax.h"

#include "engine/market/fees.h"

namespace origo {
namespace {

constexpr std::int64_t kQuantityMax = 1'000'000'000;
constexpr std::int64_t kContractSizeMax = 1'000'000'000'000'000;
constexpr std::uint32_t kCollarMaxPpm = 10'000'000;
constexpr std::size_t kFeeTiersMax = 16;
constexpr std::int64_t kRandomPartMaxNs = 3'600'000'000'000;

}  // namespace

bool is_phase(Phase phase) {
  return phase >= Phase::continuous && phase <= Phase::pre_open;
}

Verdict check_terms(const InstrumentTerms& terms) {
  if (!is_valid(terms.currency)) return Reject::currency_invalid;
  const auto bad = [](const char* which) {
    return Refusal(Reject::instrument_terms_invalid, which);
  };
  if (!terms.tick_value.is_positive()) return bad("tick_value");
  if (terms.dimension != Dimension::energy_wh && terms.dimension != Dimension::mass_gco2e)
    return bad("dimension");
  if (terms.contract_size < 1 || terms.contract_size > kContractSizeMax)
    return bad("contract_size");
  if (!terms.quantity_max.is_positive() || terms.quantity_max.value() > kQuantityMax)
    return bad("quantity_max");
  if (!terms.price_min.is_positive()) return bad("price_min");
  if (terms.price_max < terms.price_min) return bad("price_max");
  if (terms.quantity_min.is_negative() || terms.quantity_min > terms.quantity_max)
    return bad("quantity_min");
  if (terms.value_min.is_negative() || terms.value_max.is_negative()) return bad("value_min");
  if (!terms.value_max.is_zero() && terms.value_max < terms.value_min) return bad("value_max");
  if (!product_fits(terms.price_max.value(), terms.quantity_max.value()))
    return Reject::notional_too_large;
  const std::int64_t largest = terms.price_max.value() * terms.quantity_max.value();
  if (!product_fits(largest, terms.tick_value.value())) return Reject::notional_too_large;
  return std::nullopt;
}

bool has_sound_collars(const TradingRules& rules) {
  const bool has_collar = rules.dynamic_collar_ppm > 0 || rules.static_collar_ppm > 0;
  if (!has_collar) return rules.volatility_call_s == 0 && rules.volatility_random_s == 0;
  return rules.dynamic_collar_ppm <= kCollarMaxPpm && rules.static_collar_ppm <= kCollarMaxPpm &&
         rules.volatility_call_s >= 1 && rules.volatility_call_s <= 86'400 &&
         rules.volatility_random_s <= 3'600;
}

Verdict check_schedule(const std::vector<PhaseChange>& changes) {
  if (changes.size() > kCalendarMax) return Refusal(Reject::too_many_items, "phases");
  const PhaseChange* before = nullptr;
  for (const PhaseChange& change : changes) {
    const bool sound = is_phase(change.phase) && change.at.ns() > 0 && change.at <= kInstantMax &&
                       change.random_ns >= 0 && change.random_ns <= kRandomPartMaxNs;
    if (!sound) return Reject::schedule_invalid;
    const bool follows =
        before == nullptr ||
        (before->at.ns() + before->random_ns < change.at.ns() && before->phase != change.phase);
    if (!follows) return Reject::schedule_invalid;
    before = &change;
  }
  return std::nullopt;
}

Verdict check_tiers(const std::vector<FeeTier>& tiers) {
  if (tiers.size() > kFeeTiersMax) return Reject::fee_tiers_invalid;
  std::int64_t below = 0;
  for (const FeeTier& tier : tiers) {
    if (tier.volume_from <= below || !is_sound(tier.fees)) return Reject::fee_tiers_invalid;
    below = tier.volume_from;
  }
  return std::nullopt;
}

}  // namespace origo
