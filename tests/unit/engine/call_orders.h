#pragma once

#include <algorithm>
#include <cstdint>
#include <ostream>
#include <vector>

#include "engine/market/price_finding.h"

// Call books written as their orders.
namespace origo {

constexpr AuctionRules kAuctionRules[] = {AuctionRules::t7,
                                          AuctionRules::xetra_nearest,
                                          AuctionRules::euronext,
                                          AuctionRules::jpx,
                                          AuctionRules::midpoint};

struct CallOrder {
  std::int64_t price;  // 0: at any price
  std::int64_t quantity;
};
using CallOrders = std::vector<CallOrder>;

// One side of a call as find_price takes it. `best_first` compares prices.
template <class BestFirst>
CallSide call_side(CallOrders orders, BestFirst best_first) {
  std::stable_sort(orders.begin(), orders.end(), [&](const CallOrder& a, const CallOrder& b) {
    return best_first(a.price, b.price);
  });
  CallSide side;
  for (const CallOrder& order : orders) {
    if (order.price == 0) {
      side.at_any_price += Quantity(order.quantity);
    } else if (!side.limits.empty() && side.limits.back().price == Price(order.price)) {
      side.limits.back().quantity += Quantity(order.quantity);
    } else {
      side.limits.push_back({.price = Price(order.price), .quantity = Quantity(order.quantity)});
    }
  }
  return side;
}

// Everything that the price of a call depends on.
struct Call {
  CallOrders buys;
  CallOrders sells;
  std::int64_t reference = 0;
  std::int64_t price_min = 1;
  std::int64_t price_max = 1'000'000'000;
  bool tick_grid = false;
};

inline PriceFinding found_in(AuctionRules rules, const Call& call) {
  return find_price(rules,
                    {.buys = call_side(call.buys, std::greater<>()),
                     .sells = call_side(call.sells, std::less<>()),
                     .reference = Price(call.reference),
                     .price_min = Price(call.price_min),
                     .price_max = Price(call.price_max),
                     .tick_grid = call.tick_grid});
}

// A finding in short: surplus above 0 on the buy side, below 0 on the sell side.
struct Found {
  PriceOutcome outcome;
  std::int64_t price = 0;
  std::int64_t volume = 0;
  std::int64_t surplus = 0;
  bool operator==(const Found&) const = default;
};
inline Found found(std::int64_t price, std::int64_t volume, std::int64_t surplus) {
  return {.outcome = PriceOutcome::found, .price = price, .volume = volume, .surplus = surplus};
}
inline Found in_short(const PriceFinding& finding) {
  const bool sells = finding.surplus_side == Side::sell;
  return {.outcome = finding.outcome,
          .price = finding.price.value(),
          .volume = finding.volume.value(),
          .surplus = sells ? -finding.surplus.value() : finding.surplus.value()};
}

inline std::ostream& operator<<(std::ostream& out, const Found& found) {
  if (found.outcome == PriceOutcome::no_crossing) return out << "no crossing";
  if (found.outcome == PriceOutcome::no_reference) return out << "no reference";
  return out << found.volume << " at " << found.price << ", surplus " << found.surplus;
}
inline std::ostream& operator<<(std::ostream& out, const CallOrders& orders) {
  for (const CallOrder& order : orders) out << ' ' << order.quantity << '@' << order.price;
  return out;
}
inline std::ostream& operator<<(std::ostream& out, const Call& call) {
  return out << "buys" << call.buys << "; sells" << call.sells << "; reference " << call.reference
             << "; collar " << call.price_min << ".." << call.price_max
             << (call.tick_grid ? "; every tick" : "");
}

}  // namespace origo
