#include <algorithm>
#include <tuple>

#include "tests/model/twin.h"

// Orders of the plain model that wait for a stop price, and icebergs that show their next peak.
namespace origo {

// Whether the last trade price is at or beyond the stop price.
bool Twin::is_through(const Order& order) const {
  const std::int64_t last = instruments_.at(order.details.instrument).last;
  if (last == 0) return false;
  return order.details.side == Side::buy ? last >= order.stop_price : last <= order.stop_price;
}

// Waits outside the book, or fires at once at the place that it has just drawn. In a call nothing
// fires.
Answer Twin::wait(Order& order) {
  if (phase_of(order) == Phase::continuous && is_through(order)) return fire(order);
  order.waiting = true;
  say(OrderWaiting{.order = order.id,
                   .instrument = order.details.instrument,
                   .side = order.details.side,
                   .stop_price = Price(order.stop_price)});
  Answer answer = done(order.id.value());
  answer.open = Quantity(order.open);
  return answer;
}

// From here on it is the limit or market order that it says.
Answer Twin::fire(Order& order) {
  say(StopTriggered{.order = order.id,
                    .instrument = order.details.instrument,
                    .side = order.details.side,
                    .stop_price = Price(order.stop_price)});
  order.waiting = false;
  order.stop_price = 0;
  return aggress(order);
}

void Twin::note_price(InstrumentId id, std::int64_t price, Side aggressor) {
  Instrument& instrument = instruments_[id];
  Move& move = moves_.try_emplace(id, Move{instrument.last, price, price, aggressor}).first->second;
  move.low = std::min(move.low, price);
  move.high = std::max(move.high, price);
  instrument.last = price;
}

// The stops that the aggressor's trades have reached fire after all that were reached before: first
// those on the side of the move, buys before sells, what is reached first, the older place.
void Twin::queue_reached() {
  std::set<std::tuple<bool, bool, std::int64_t, std::uint64_t, OrderId>> found;
  for (const auto& [id, order] : orders_) {
    const auto traded = moves_.find(order.details.instrument);
    const bool queued = std::find(reached_.begin(), reached_.end(), id) != reached_.end();
    if (!order.waiting || queued || traded == moves_.end()) continue;
    const Move& move = traded->second;
    const bool buys = order.details.side == Side::buy;
    if (buys ? move.high < order.stop_price : move.low > order.stop_price) continue;
    const std::int64_t last = instruments_[order.details.instrument].last;
    Side moved = move.aggressor;
    if (last > move.before) moved = Side::buy;
    if (last < move.before) moved = Side::sell;
    found.insert({moved != order.details.side,
                  !buys,
                  buys ? order.stop_price : -order.stop_price,
                  order.place,
                  id});
  }
  for (const auto& rank : found) reached_.push_back(std::get<OrderId>(rank));
}

// What was reached while nothing could fire counts as reached now.
void Twin::note_last_prices(MarketId market) {
  for (const auto& [id, instrument] : instruments_) {
    if (instrument.details.market == market && instrument.last != 0)
      note_price(id, instrument.last, Side::buy);
  }
}

void Twin::fire_reached() {
  while (!reached_.empty()) {
    Order& next = orders_.at(reached_.front());
    reached_.pop_front();
    next.place = ++orders_taken_;
    fire(next);
  }
}

// ---- icebergs ----

bool Twin::is_used_up(const Order& maker) const {
  if (maker.details.peak.is_zero() || maker.visible == maker.open) return false;
  const TradingRules& rules = instruments_.at(maker.details.instrument).details.rules;
  std::int64_t least = 1;
  if (rules.min_visible.value() > 0) least = rules.min_visible.value();
  if (maker.details.min_visible.value() > 0) least = maker.details.min_visible.value();
  return maker.visible < least;
}

// The next peak stands behind all others at its price.
void Twin::refresh(Order& maker) {
  std::list<OrderId>& queue = side_of(maker)[maker.price];
  queue.remove(maker.id);
  queue.push_back(maker.id);
  maker.place = ++orders_taken_;
  maker.visible = std::min(maker.details.peak.value(), maker.open);
  say(OrderRefreshed{.order = maker.id,
                     .instrument = maker.details.instrument,
                     .side = maker.details.side,
                     .price = Price(maker.price),
                     .visible = Quantity(maker.visible)});
}

}  // namespace origo
