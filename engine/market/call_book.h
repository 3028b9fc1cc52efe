#pragma once

#include "engine/market/market.h"
#include "engine/market/price_finding.h"

namespace origo {

// The price that the instrument's call would find now, over its own orders, hidden parts included.
// Cost: linear in its price levels.
[[nodiscard]] PriceFinding find_call_price(const Market& market, const Instrument& instrument);

}  // namespace origo
