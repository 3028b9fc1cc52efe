#include "tests/scenario/observer.h"

namespace origo::scenario {

void Observer::fill(OrderId order, Quantity quantity, Quantity open) {
  OrderState& state = orders_[order];
  state.filled += quantity;
  state.open = open;
}

void Observer::see(const Event& event) {
  if (const auto* accepted = std::get_if<OrderAccepted>(&event)) {
    orders_[accepted->order] = {.account = accepted->account,
                                .instrument = accepted->instrument,
                                .type = accepted->type,
                                .side = accepted->side,
                                .price = accepted->price,
                                .quantity = accepted->quantity,
                                .open = accepted->quantity};
  } else if (const auto* rested = std::get_if<OrderRested>(&event)) {
    OrderState& state = orders_[rested->order];
    state.resting = true;
    state.price = rested->price;
    state.open = rested->open;
  } else if (const auto* amended = std::get_if<OrderAmended>(&event)) {
    OrderState& state = orders_[amended->order];
    state.price = amended->price;
    state.quantity = amended->quantity;
    state.open = amended->open;
    if (amended->requeued) state.resting = false;
  } else if (const auto* trade = std::get_if<Trade>(&event)) {
    fill(trade->maker, trade->quantity, trade->maker_open);
    fill(trade->taker, trade->quantity, trade->taker_open);
    last_[trade->instrument] = trade->price;
    last_[trade->sell_instrument] = trade->price;
  } else if (const auto* ended = std::get_if<OrderEnded>(&event)) {
    OrderState& state = orders_[ended->order];
    state.open = Quantity();
    state.filled = ended->filled;
    state.resting = false;
    state.ended = true;
  }
}

const OrderState* Observer::find(OrderId order) const {
  const auto found = orders_.find(order);
  return found == orders_.end() ? nullptr : &found->second;
}

Price Observer::last(InstrumentId instrument) const {
  const auto found = last_.find(instrument);
  return found == last_.end() ? Price() : found->second;
}

}  // namespace origo::scenario
