#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "engine/core/event.h"
#include "engine/market/book.h"
#include "engine/market/order_table.h"
#include "gateway/feed/shown.h"

namespace origo::gateway {

// The orders of all books at their places, as far as they show: the queues that the core has,
// without owners and without what is hidden or waits.
class OrderQueues {
 public:
  struct Place {
    InstrumentId instrument;
    Side side = Side::buy;
    Price price;  // 0: at any price
  };
  // Behind all others at its price, in a new entry; it leaves the place that it has.
  void add(OrderId order, const Place& place, Quantity visible);
  // Of orders that stand nowhere: nothing.
  void remove(OrderId order);
  void show(OrderId order, Quantity visible);  // in its place; nothing: it leaves it
  void take(const Trade& trade);

  // The best `count` entries of one side, best first.
  [[nodiscard]] std::vector<ShownOrder> best(InstrumentId instrument,
                                             Side side,
                                             std::size_t count) const;

 private:
  void remove(OrderId order, OrderSlot slot);
  void show(OrderId order, OrderSlot slot, Quantity visible);

  BookStore
      store_;  // an order's total there is the number of its entry, its open quantity what it shows
  OrderTable by_id_;
  std::unordered_map<std::uint64_t, Book> books_;  // by instrument
  std::int64_t last_entry_ = 0;
};

}  // namespace origo::gateway
