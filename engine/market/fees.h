#pragma once

#include "engine/core/command.h"
#include "engine/market/order.h"

namespace origo {

// Whether a schedule is sound: rates within 10 %, per-contract amounts within 10^9, both of one
// sign in a role, and taker plus maker not negative, so that a rebate is always paid for by a fee.
// Source: market rules, "Settlement and fees".
[[nodiscard]] bool is_sound(const FeeSchedule& fees);

// What the role owes in all on its sums so far, rounded half up; negative: a rebate.
[[nodiscard]] Cash fee_due(const FeeRate& rate, const FeeTally& tally);

// The most that a buy order can still have to pay in fees for `open` contracts worth `notional`, in
// any split between roles. Shrinks by at least the fee with every fill.
[[nodiscard]] Cash fee_worst_case(const FeeSchedule& fees,
                                  const FeeTally& as_maker,
                                  const FeeTally& as_taker,
                                  Cash notional,
                                  Quantity open);

}  // namespace origo
