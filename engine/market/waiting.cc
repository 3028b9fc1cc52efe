#include <algorithm>
#include <tuple>

#include "engine/market/desk.h"

// Orders that wait: stops for a trade at their price, icebergs to show their next peak.
namespace origo {

bool Desk::is_through(Side side, Price stop_price, Price last) {
  if (last.is_zero()) return false;
  return side == Side::buy ? last >= stop_price : last <= stop_price;
}

void Desk::draw_place(Order& drawing) {
  market_.last_order = next(market_.last_order);
  extra_of(drawing).priority = market_.last_order;
}

// Puts a stop order behind all others at its stop price, outside the book.
void Desk::wait(OrderSlot slot, const Instrument& instrument) {
  Order& waiting = order(slot);
  const Price stop_price = market_.condition_of(waiting)->stop_price;
  const BookPlace place(instrument.id, waiting.side, Queue::stops);
  static_cast<void>(
      market_.book(instrument.id).at(place).link(market_.store, slot, stop_price, place));
  ++market_.get(instrument.id).stops_waiting;
  enrol_once(slot);
  events_.append(OrderWaiting{.order = waiting.id,
                              .instrument = instrument.id,
                              .side = waiting.side,
                              .stop_price = stop_price});
}

// Remembers how far the aggressor at work has moved an instrument on which stops wait.
void Desk::note_move(const Instrument& traded, Price price, Side aggressor) {
  const auto known = std::find_if(
      moves_.begin(), moves_.end(), [&](const Move& move) { return move.instrument == traded.id; });
  if (known == moves_.end()) {
    moves_.push_back({.instrument = traded.id,
                      .before = traded.last,
                      .low = price,
                      .high = price,
                      .aggressor = aggressor});
    return;
  }
  known->low = std::min(known->low, price);
  known->high = std::max(known->high, price);
}

// Takes the stops that the noted moves have reached out of their queues and puts them behind those
// that were reached before, in the order in which they fire.
void Desk::collect_reached(std::vector<Reached>& queue) {
  const auto first = static_cast<std::ptrdiff_t>(queue.size());
  for (const Move& move : moves_) {
    const Price last = market_.get(move.instrument).last;
    const Side moved = last == move.before  ? move.aggressor
                       : last > move.before ? Side::buy
                                            : Side::sell;
    for (const Side side : {Side::buy, Side::sell}) {
      const BookSide& stops = market_.book(move.instrument).stops(side);
      while (!stops.empty()) {
        const Level& level = market_.store.levels[stops.best()];
        const Price stop_price = level.price;
        if (side == Side::buy ? move.high < stop_price : move.low > stop_price) break;
        const OrderSlot slot = level.first;
        queue.push_back({.against_move = side != moved,
                         .side = side,
                         .stop_price = stop_price,
                         .place = market_.priority_of(order(slot)),
                         .slot = slot,
                         .instrument = move.instrument});
        static_cast<void>(leave_queue(slot));
      }
    }
  }
  moves_.clear();
  std::sort(queue.begin() + first, queue.end(), [](const Reached& a, const Reached& b) {
    const auto key = [](const Reached& one) {
      const std::int64_t ticks = one.stop_price.value();
      return std::tuple(
          one.against_move, one.side, one.side == Side::buy ? ticks : -ticks, one.place);
    };
    return key(a) < key(b);
  });
}

// The aggressor has finished: what its trades have reached fires, and what that reaches after it.
void Desk::fire_stops() {
  if (moves_.empty()) [[likely]]
    return;
  std::vector<Reached> queue;
  collect_reached(queue);
  for (std::size_t i = 0; i < queue.size(); ++i) {
    const Reached stop = queue[i];
    draw_place(order(stop.slot));
    static_cast<void>(trigger(stop.slot, market_.get(stop.instrument)));
    collect_reached(queue);
  }
}

// The stop price is reached: from now on it is the limit or market order that it says.
// Requires: it stands in no queue.
Desk::Taken Desk::trigger(OrderSlot slot, const Instrument& instrument) {
  Order& fired = order(slot);
  OrderExtra& extra = extra_of(fired);
  Condition& condition = market_.conditions[extra.condition];
  const Price limit = condition.limit;
  events_.append(StopTriggered{.order = fired.id,
                               .instrument = instrument.id,
                               .side = fired.side,
                               .stop_price = condition.stop_price});
  condition.stop_price = Price();
  if (!fired.is_iceberg) {
    market_.conditions.give_back(extra.condition);
    extra.condition = kNoSlot;
  }
  return run(incoming(slot, instrument, limit));
}

// Whether an iceberg that has just traded shows too little now.
bool Desk::needs_refresh(const Order& maker) const {
  if (!maker.is_iceberg) [[likely]]
    return false;
  const Condition& condition = *market_.condition_of(maker);
  return condition.hidden.is_positive() && maker.open - condition.hidden < condition.min_visible;
}

// Shows the next peak, behind all others at its price.
void Desk::refresh(OrderSlot slot) {
  Order& refreshed = order(slot);
  const Price price = level_of(refreshed).price;
  const BookPlace place = level_of(refreshed).place;
  static_cast<void>(leave_queue(slot));
  draw_place(refreshed);
  const LevelReport level = stand(slot, place, price);
  events_.append(OrderRefreshed{.order = refreshed.id,
                                .instrument = place.instrument(),
                                .side = refreshed.side,
                                .price = price,
                                .visible = shown(refreshed)});
  say_level(level);
}

}  // namespace origo
