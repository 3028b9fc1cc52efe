#include "engine/market/book.h"

#include <algorithm>

namespace origo {

std::size_t BookSide::position(Price price) const {
  // Near the best, a few steps beat a search.
  std::size_t at = levels_.size();
  for (int steps = 0; steps < 8; ++steps) {
    if (at == 0 || worse(levels_[at - 1].price, price)) return at;
    --at;
  }
  const auto end = levels_.begin() + static_cast<std::ptrdiff_t>(at);
  const auto found = std::lower_bound(levels_.begin(), end, price, [&](const Level& level, Price p) {
    return worse(level.price, p);
  });
  return static_cast<std::size_t>(found - levels_.begin());
}

const Level* BookSide::find(Price price) const {
  const std::size_t at = position(price);
  return at < levels_.size() && levels_[at].price == price ? &levels_[at] : nullptr;
}

Level& BookSide::open(Price price) {
  const std::size_t at = position(price);
  if (at < levels_.size() && levels_[at].price == price) return levels_[at];
  Level level;
  level.price = price;
  return *levels_.insert(levels_.begin() + static_cast<std::ptrdiff_t>(at), level);
}

Level& BookSide::get(Price price) {
  const std::size_t at = position(price);
  ENSURE(at < levels_.size() && levels_[at].price == price);
  return levels_[at];
}

void BookSide::close(Price price) {
  const std::size_t at = position(price);
  ENSURE(at < levels_.size() && levels_[at].price == price);
  ENSURE(levels_[at].orders == 0);
  ENSURE(levels_[at].open.is_zero());
  levels_.erase(levels_.begin() + static_cast<std::ptrdiff_t>(at));
}

void link(BookSide& side, Pool<Order>& orders, OrderSlot slot) {
  Order& order = orders[slot];
  ENSURE(!order.resting);
  ENSURE(order.open.is_positive());
  Level& level = side.open(order.price);
  order.previous = level.last;
  order.next = kNoSlot;
  if (level.last != kNoSlot) {
    orders[level.last].next = slot;
  } else {
    level.first = slot;
  }
  level.last = slot;
  level.open += order.open;
  ++level.orders;
  order.resting = true;
}

void unlink(BookSide& side, Pool<Order>& orders, OrderSlot slot) {
  Order& order = orders[slot];
  ENSURE(order.resting);
  Level& level = side.get(order.price);
  if (order.previous != kNoSlot) {
    orders[order.previous].next = order.next;
  } else {
    level.first = order.next;
  }
  if (order.next != kNoSlot) {
    orders[order.next].previous = order.previous;
  } else {
    level.last = order.previous;
  }
  order.previous = kNoSlot;
  order.next = kNoSlot;
  order.resting = false;
  level.open -= order.open;
  --level.orders;
  if (level.orders == 0) side.close(order.price);
}

}  // namespace origo
