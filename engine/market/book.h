#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <boost/describe.hpp>

#include "engine/market/order.h"

namespace origo {

// The resting orders of one side at one price, oldest first.
struct Level {
  Price price;
  Quantity open;  // Invariant: the sum of the orders' open quantities
  OrderSlot first = kNoSlot;
  OrderSlot last = kNoSlot;
  std::uint32_t orders = 0;
};
BOOST_DESCRIBE_STRUCT(Level, (), (price, open, first, last, orders))

// One side of an instrument's book: levels from worst to best, so that the best is at the end, where
// most of the traffic is and inserting moves least.
class BookSide {
 public:
  explicit BookSide(Side side) : side_(side) {}

  [[nodiscard]] bool empty() const { return levels_.empty(); }
  [[nodiscard]] Level& best() { return levels_.back(); }
  [[nodiscard]] const Level& best() const { return levels_.back(); }
  [[nodiscard]] std::span<const Level> worst_to_best() const { return levels_; }

  // nullptr: no order rests at `price`.
  [[nodiscard]] const Level* find(Price price) const;
  // The level at `price`, made if it is not there.
  Level& open(Price price);
  // Requires: the level exists.
  [[nodiscard]] Level& get(Price price);
  // Requires: the level exists and has no orders.
  void close(Price price);

  // Whether `a` is a worse price than `b` for the resting side.
  [[nodiscard]] bool worse(Price a, Price b) const { return side_ == Side::buy ? a < b : a > b; }

  void encode(Encoder& out) const { out.put(levels_); }
  void decode(Decoder& in) { in.get(levels_); }

 private:
  [[nodiscard]] std::size_t position(Price price) const;  // of the first level not worse than `price`
  Side side_;
  std::vector<Level> levels_;
};

struct Book {
  BookSide bids{Side::buy};
  BookSide asks{Side::sell};
  [[nodiscard]] BookSide& side(Side s) { return s == Side::buy ? bids : asks; }
  [[nodiscard]] const BookSide& side(Side s) const { return s == Side::buy ? bids : asks; }
};

[[nodiscard]] constexpr Side opposite(Side side) { return side == Side::buy ? Side::sell : Side::buy; }

// Puts the order at the back of its level; takes it out of its place. Both keep the level's sums;
// `unlink` closes a level that has become empty.
void link(BookSide& side, Pool<Order>& orders, OrderSlot slot);
void unlink(BookSide& side, Pool<Order>& orders, OrderSlot slot);

}  // namespace origo
