#pragma once

#include <cstdint>
#include <vector>

#include "engine/core/command.h"

// The price of a call, as a pure function of what is offered and asked for.
// Source: market rules, "Call auction"; docs/auctions.md says what is taken from which venue.
namespace origo {

// What one side holds at one limit, hidden parts included.
struct CallLimit {
  Price price;
  Quantity quantity;
};
struct CallSide {
  std::vector<CallLimit> limits;  // best first
  Quantity at_any_price;
};
struct CallBook {
  CallSide buys;
  CallSide sells;
  Price reference;  // 0: none
  Price price_min;  // the collar: no candidate lies outside
  Price price_max;
  bool tick_grid = false;  // the candidates: order limits; or every tick between them
};

enum class PriceOutcome : std::uint8_t {
  found,
  no_crossing,   // nothing can trade
  no_reference,  // only orders at any price can trade, and nothing says at which
};
struct PriceFinding {
  PriceOutcome outcome = PriceOutcome::no_crossing;
  Price price;
  Quantity volume;
  Side surplus_side = Side::buy;  // of what is left at the price; means nothing if surplus is 0
  Quantity surplus;               // kSupplyMax: that, or more
};

// The price at which most can trade and, among several such, the one that the rules choose.
//
// Requires: limits of each side in price order, best first.
// Ensures:  at no price of the collar could more trade; the price lies in the collar; when the
// volume
//           has traded, best prices first, no two limits that are left cross.
// Cost:     linear in the number of limits, however wide the gaps between them.
[[nodiscard]] PriceFinding find_price(AuctionRules rules, const CallBook& book);

}  // namespace origo
