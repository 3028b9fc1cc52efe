#include "gateway/feed/order_queues.h"

#include <algorithm>

namespace origo::gateway {

void OrderQueues::add(OrderId order, const Place& place, Quantity visible) {
  remove(order);
  const OrderSlot slot = store_.orders.take();
  Order& entry = store_.orders[slot];
  entry.id = order;
  entry.total = Quantity(++last_entry_);
  entry.side = place.side;
  entry.open = visible;
  by_id_.insert(order, slot, store_.orders);
  const Queue queue = place.price.is_zero() ? Queue::any_price : Queue::book;
  const BookPlace where(place.instrument, place.side, queue);
  books_[place.instrument.value()].at(where).link(store_, slot, place.price, where);
}

void OrderQueues::remove(OrderId order) {
  const OrderSlot slot = by_id_.find(order, store_.orders);
  if (slot != kNoSlot) remove(order, slot);
}

void OrderQueues::remove(OrderId order, OrderSlot slot) {
  const BookPlace where = store_.levels[store_.orders[slot].level].place;
  books_.at(where.instrument().value()).at(where).unlink(store_, slot);
  by_id_.erase(order, slot);
  store_.orders.give_back(slot);
}

void OrderQueues::show(OrderId order, Quantity visible) {
  const OrderSlot slot = by_id_.find(order, store_.orders);
  if (slot != kNoSlot) show(order, slot, visible);
}

void OrderQueues::show(OrderId order, OrderSlot slot, Quantity visible) {
  if (!visible.is_positive()) return remove(order, slot);
  Order& entry = store_.orders[slot];
  Level& level = store_.levels[entry.level];
  level.open = level.open - entry.open + visible;
  entry.open = visible;
}

// Two orders that both stand, as when a call ends, trade their hidden parts first, and show no more
// than they have left. Otherwise the maker trades what it shows, and the taker stands nowhere.
void OrderQueues::take(const Trade& trade) {
  const OrderSlot maker = by_id_.find(trade.maker, store_.orders);
  const OrderSlot taker = by_id_.find(trade.taker, store_.orders);
  if (maker == kNoSlot) return;
  if (taker == kNoSlot) return show(trade.maker, maker, store_.orders[maker].open - trade.quantity);
  show(trade.maker, maker, std::min(store_.orders[maker].open, trade.maker_open));
  show(trade.taker, taker, std::min(store_.orders[taker].open, trade.taker_open));
}

std::vector<ShownOrder> OrderQueues::best(InstrumentId instrument,
                                          Side side,
                                          std::size_t count) const {
  std::vector<ShownOrder> shown;
  const auto book = books_.find(instrument.value());
  if (book == books_.end()) return shown;
  for (const BookSide* queue : {&book->second.at_any_price(side), &book->second.side(side)}) {
    queue->for_each(store_, [&](const Level& level) {
      for (OrderSlot slot = level.first; slot != kNoSlot && shown.size() < count;
           slot = store_.orders[slot].next) {
        const Order& entry = store_.orders[slot];
        shown.push_back({.rank = rank_of(side, level.price),
                         .entry = static_cast<std::uint64_t>(entry.total.value()),
                         .price = level.price,
                         .open = entry.open});
      }
      return shown.size() < count;
    });
  }
  return shown;
}

}  // namespace origo::gateway
