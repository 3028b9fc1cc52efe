#pragma once

#include <compare>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "engine/core/amount.h"
#include "engine/core/command.h"
#include "engine/core/date.h"
#include "engine/core/event.h"
#include "engine/core/id.h"

// What subscribers are shown, and how that changes.
namespace origo::gateway {

// Where a price stands on its side: smaller is better. Orders at any price come before all others.
[[nodiscard]] constexpr std::int64_t rank_of(Side side, Price price) {
  if (price.is_zero()) return std::numeric_limits<std::int64_t>::min();
  return side == Side::buy ? -price.value() : price.value();
}

struct FeedTrade {
  TradeId trade;
  Price price;
  Quantity quantity;
  Side aggressor = Side::buy;
  Instant time;
};

// What a call has traded.
struct FeedAuction {
  Price price;
  Quantity volume;
  Side surplus_side = Side::buy;  // means nothing if surplus is 0
  Quantity surplus;
  CallKind call = CallKind::none;  // none: what a pre-open phase has gathered
  Instant time;
};

// A reference price and how it was made.
struct FeedReference {
  Price price;
  ReferenceMethod method = ReferenceMethod::previous;
  std::optional<Date> day =
      {};  // whose end decided it; nothing: set by hand in the day that goes on
  Quantity volume = {};
  std::uint32_t trades = 0;
};

// A price level; with nothing open: it is no longer shown.
struct ShownLevel {
  std::int64_t rank = 0;
  Price price;
  Quantity open;
  std::uint32_t orders = 0;
  [[nodiscard]] std::int64_t key() const { return rank; }
  bool operator==(const ShownLevel&) const = default;
};

// An order at its place. The entry's number counts up with the places of a book and says nothing
// about the order: one that loses its place, as an iceberg does with each peak, gets another
// number.
struct ShownOrder {
  std::int64_t rank = 0;
  std::uint64_t entry = 0;
  Price price;
  Quantity open;
  [[nodiscard]] std::pair<std::int64_t, std::uint64_t> key() const { return {rank, entry}; }
  bool operator==(const ShownOrder&) const = default;
};

inline ShownLevel gone(ShownLevel level) {
  level.open = Quantity();
  level.orders = 0;
  return level;
}
inline ShownOrder gone(ShownOrder order) {
  order.open = Quantity();
  return order;
}

// What of `next` differs from `shown`; what is no longer shown has nothing open. Both by ascending
// key.
template <class Item>
std::vector<Item> difference(const std::vector<Item>& shown, const std::vector<Item>& next) {
  std::vector<Item> changes;
  auto old = shown.begin();
  for (const Item& item : next) {
    while (old != shown.end() && old->key() < item.key()) changes.push_back(gone(*old++));
    const bool known = old != shown.end() && old->key() == item.key();
    if (!known || *old != item) changes.push_back(item);
    if (known) ++old;
  }
  for (; old != shown.end(); ++old) changes.push_back(gone(*old));
  return changes;
}

template <class Item>
struct BothSides {
  std::vector<Item> bids;  // best first
  std::vector<Item> asks;
  [[nodiscard]] bool empty() const { return bids.empty() && asks.empty(); }
};

template <class Item>
BothSides<Item> difference(const BothSides<Item>& shown, const BothSides<Item>& next) {
  return {.bids = difference(shown.bids, next.bids), .asks = difference(shown.asks, next.asks)};
}

}  // namespace origo::gateway
