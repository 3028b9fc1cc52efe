#pragma once

#include <vector>

#include "engine/core/market_commands.h"
#include "engine/core/result.h"

// What can be said against markets and instruments without any state.
namespace origo {

// Of the end of trading days, and of changes of phase, at most.
inline constexpr std::size_t kCalendarMax = 10'000;

[[nodiscard]] bool is_phase(Phase phase);
// Rejects: currency_invalid, instrument_terms_invalid (detail: which), notional_too_large.
[[nodiscard]] Verdict check_terms(const InstrumentTerms& terms);
[[nodiscard]] bool has_sound_collars(const TradingRules& rules);
// Rejects: too_many_items, schedule_invalid.
[[nodiscard]] Verdict check_schedule(const std::vector<PhaseChange>& changes);
// Rejects: fee_tiers_invalid.
[[nodiscard]] Verdict check_tiers(const std::vector<FeeTier>& tiers);

}  // namespace origo
