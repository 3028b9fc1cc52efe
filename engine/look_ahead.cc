#include "engine/look_ahead.h"

namespace origo {
namespace {

void bring(const void* what) {
  __builtin_prefetch(what);
}

}  // namespace

ComingOrder::ComingOrder(const Command& command) {
  if (const auto* place = std::get_if<PlaceOrder>(&command)) {
    account = place->account;
    instrument = place->instrument;
    // It may be malformed still.
    side = place->side == Side::sell ? Side::sell : Side::buy;
    if (place->price.is_positive() && place->price.value() <= kSupplyMax) price = place->price;
  } else if (const auto* cancel = std::get_if<CancelOrder>(&command)) {
    order = cancel->target.order;
  } else if (const auto* reduce = std::get_if<ReduceOrder>(&command)) {
    order = reduce->target.order;
  } else if (const auto* amend = std::get_if<AmendOrder>(&command)) {
    order = amend->target.order;
  }
}

// The tables in which the order or its book is found.
void LookAhead::find(const ComingOrder& coming) const {
  market_.by_id.prefetch(coming.order);
  const Instrument* const instrument = market_.find(coming.instrument);
  if (instrument == nullptr) return;
  bring(&instrument->terms);
  bring(&instrument->last);
  bring(&market_.book(coming.instrument).side(Side::buy));
  bring(&market_.book(coming.instrument).side(Side::sell));
}

// A live order; for a new one the level where it would stand, the best one that it may trade with,
// and what the account holds to deliver.
void LookAhead::follow(const ComingOrder& coming) const {
  bring(&market_.store.orders[market_.by_id.hint(coming.order)]);
  if (!is_listed(coming.instrument)) return;
  const Book& book = market_.book(coming.instrument);
  const BookSide& others = book.side(opposite(coming.side));
  bring(&market_.store.levels[book.side(coming.side).hint(coming.price)]);
  bring(&market_.store.levels[others.best()]);
  if (coming.side == Side::buy && !others.reaches(coming.price)) return;
  const HoldingSlot holding = holding_of(coming);
  if (holding != Holdings::kNone) bring(&state_.holdings.get(holding));
}

// The orders beside it, its level, and what it has promised.
void LookAhead::surround(const ComingOrder& coming) const {
  const Order& order = market_.store.orders[market_.by_id.hint(coming.order)];
  bring(&market_.store.levels[order.level]);
  bring(&market_.store.orders[order.previous]);
  bring(&market_.store.orders[order.next]);
  if (order.side == Side::sell && !order.is_split && order.promise.holding != kNoSlot)
    bring(&state_.holdings.get(order.promise.holding));
  if (!is_listed(coming.instrument)) return;
  const Book& book = market_.book(coming.instrument);
  bring(
      &market_.store.orders[market_.store.levels[book.side(coming.side).hint(coming.price)].last]);
  bring(&market_.store.orders[market_.store.levels[book.side(opposite(coming.side)).best()].first]);
}

HoldingSlot LookAhead::holding_of(const ComingOrder& coming) const {
  const InstrumentLots* const known = market_.standings.find_lots_of(coming.instrument);
  if (known == nullptr || known->lots.size() != 1) return Holdings::kNone;
  return state_.holdings.find(coming.account, known->lots.front().lot);
}

}  // namespace origo
