#include "tests/scenario/observer.h"

#include <algorithm>

namespace origo::scenario {
namespace {

void fill(OrderState& state, Quantity quantity, Quantity open) {
  state.filled += quantity;
  state.open = open;
}

}  // namespace

void Observer::see(const Event& event) {
  if (const auto* accepted = std::get_if<OrderAccepted>(&event)) {
    orders_[accepted->order] = {.account = accepted->account,
                                .instrument = accepted->instrument,
                                .type = accepted->type,
                                .side = accepted->side,
                                .price = accepted->price,
                                .quantity = accepted->quantity,
                                .open = accepted->quantity};
  } else if (const auto* trade = std::get_if<Trade>(&event)) {
    see_trade(*trade);
  } else if (const auto* ended = std::get_if<OrderEnded>(&event)) {
    see_end(*ended);
  } else {
    see_book(event);
  }
}

// What changes an order's place, or how much of it is seen there.
void Observer::see_book(const Event& event) {
  if (const auto* rested = std::get_if<OrderRested>(&event)) {
    OrderState& state = orders_[rested->order];
    state.resting = true;
    state.price = rested->price;
    state.visible = rested->visible;
  } else if (const auto* refreshed = std::get_if<OrderRefreshed>(&event)) {
    orders_[refreshed->order].visible = refreshed->visible;
  } else if (const auto* waiting = std::get_if<OrderWaiting>(&event)) {
    orders_[waiting->order].waiting = true;
  } else if (const auto* triggered = std::get_if<StopTriggered>(&event)) {
    orders_[triggered->order].waiting = false;
  } else if (const auto* amended = std::get_if<OrderAmended>(&event)) {
    OrderState& state = orders_[amended->order];
    state.price = amended->price;
    state.quantity = amended->quantity;
    state.open = amended->open;
    state.visible = amended->visible;
    if (amended->requeued) state.resting = false;
  }
}

// An order that comes in takes from what the other shows; two that stand both trade hidden parts
// first.
void Observer::see_trade(const Trade& trade) {
  OrderState& maker = orders_[trade.maker];
  OrderState& taker = orders_[trade.taker];
  fill(maker, trade.quantity, trade.maker_open);
  fill(taker, trade.quantity, trade.taker_open);
  maker.visible =
      taker.resting ? std::min(maker.visible, maker.open) : maker.visible - trade.quantity;
  taker.visible = std::min(taker.visible, taker.open);
  last_[trade.instrument] = trade.price;
  last_[trade.sell_instrument] = trade.price;
}

void Observer::see_end(const OrderEnded& ended) {
  OrderState& state = orders_[ended.order];
  state.open = Quantity();
  state.visible = Quantity();
  state.filled = ended.filled;
  state.resting = false;
  state.waiting = false;
  state.ended = true;
}

const OrderState* Observer::find(OrderId order) const {
  const auto found = orders_.find(order);
  return found == orders_.end() ? nullptr : &found->second;
}

BookCount Observer::count(InstrumentId instrument, Side side) const {
  BookCount sum;
  for (const auto& [id, state] : orders_) {
    if (!state.resting || state.instrument != instrument || state.side != side) continue;
    ++sum.orders;
    sum.open += state.open;
  }
  return sum;
}

Price Observer::last(InstrumentId instrument) const {
  const auto found = last_.find(instrument);
  return found == last_.end() ? Price() : found->second;
}

}  // namespace origo::scenario
