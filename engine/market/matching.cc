#include <algorithm>

#include "engine/market/desk.h"
#include "engine/market/fees.h"

// Matching by price, then time; each match settles at once, cash against certificates.
namespace origo {

// The best level of `side` that the order may trade with; null: none.
inline const Level* Desk::front(const Incoming& taker, const BookSide& side) const {
  if (!side.reaches(taker.limit)) return nullptr;
  const Level& best = market_.store.levels[side.best()];
  return best.price >= taker.floor ? &best : front_above_floor(taker, side);
}

const Level* Desk::front_above_floor(const Incoming& taker, const BookSide& side) const {
  const Level* found = nullptr;
  for_each_in_reach(taker, side, [&](const Level& level) {
    found = &level;
    return false;
  });
  return found;
}

// The order that is next to trade with `taker`, over all books in its reach: by price, then by
// priority.
OrderSlot Desk::next_maker(const Incoming& taker) const {
  const Side side = opposite(order(taker.slot).side);
  const Level* const own = front(taker, market_.book(taker.instrument).side(side));
  OrderSlot found = own == nullptr ? kNoSlot : own->first;
  for (const InstrumentId other : taker.reach) {
    const BookSide& book = market_.book(other).side(side);
    const Level* const level = front(taker, book);
    if (level == nullptr) continue;
    const OrderSlot candidate = level->first;
    if (found == kNoSlot) {
      found = candidate;
      continue;
    }
    const Price best = level_of(order(found)).price;
    const bool first = level->price == best ? market_.priority_of(order(candidate)) <
                                                  market_.priority_of(order(found))
                                            : book.better(level->price, best);
    if (first) found = candidate;
  }
  return found;
}

// Whether both orders are of one participant.
bool Desk::is_own(const Incoming& taker, const Order& maker) const {
  const AccountId account = order(taker.slot).account;
  return account == maker.account ||
         state_.parties.get(account).participant == state_.parties.get(maker.account).participant;
}

// What the books in its reach hold for the order within its limit and the collars, counted up to
// `enough`.
Quantity Desk::available(const Incoming& unbounded, Quantity enough) const {
  Incoming taker = unbounded;
  if (const Price outside = first_outside(taker); !outside.is_zero())
    taker.limit = order(taker.slot).side == Side::buy ? outside - Price(1) : outside + Price(1);
  if (order(taker.slot).self_trade != SelfTrade::allowed)
    return available_from_others(taker, enough);
  const Side side = opposite(order(taker.slot).side);
  Quantity found;
  const auto count = [&](InstrumentId instrument) {
    for_each_in_reach(taker, market_.book(instrument).side(side), [&](const Level& level) {
      if (found < enough) found += level.open + level.hidden;
      return found < enough;
    });
  };
  count(taker.instrument);
  for (const InstrumentId other : taker.reach) count(other);
  return found;
}

// The same where own orders do not count; with cancel_newest and cancel_both nothing counts from
// the first own order on. Source: market rules, "Orders", FOK.
Quantity Desk::available_from_others(const Incoming& taker, Quantity enough) const {
  const SelfTrade mode = order(taker.slot).self_trade;
  const bool stops = mode == SelfTrade::cancel_newest || mode == SelfTrade::cancel_both;
  const Side side = opposite(order(taker.slot).side);
  // visit(order, price) -> bool, false: no further in this book
  const auto walk = [&](InstrumentId instrument, auto&& visit) {
    for_each_in_reach(taker, market_.book(instrument).side(side), [&](const Level& level) {
      for (OrderSlot at = level.first; at != kNoSlot; at = order(at).next) {
        if (!visit(order(at), level.price)) return false;
      }
      return true;
    });
  };
  const auto walk_all = [&](auto&& visit) {
    walk(taker.instrument, visit);
    for (const InstrumentId other : taker.reach) walk(other, visit);
  };
  const BookSide& any = market_.book(taker.instrument).side(side);
  Price stop_price;
  OrderId stop;  // unset: nowhere
  if (stops) {
    walk_all([&](const Order& maker, Price price) {
      if (!is_own(taker, maker)) return true;
      const OrderId place = market_.priority_of(maker);
      if (!stop.is_set() || any.better(price, stop_price) ||
          (price == stop_price && place < stop)) {
        stop_price = price;
        stop = place;
      }
      return false;
    });
  }
  Quantity found;
  walk_all([&](const Order& maker, Price price) {
    const bool beyond =
        stop.is_set() && (any.better(stop_price, price) ||
                          (price == stop_price && market_.priority_of(maker) >= stop));
    if (beyond || found >= enough) return false;
    // A peak that is shown later stands behind the own order.
    const bool at_stop = stop.is_set() && price == stop_price;
    if (!is_own(taker, maker)) found += at_stop ? shown(maker) : maker.open;
    return true;
  });
  return found;
}

// Trades `taker` until nothing in its reach crosses, or something ends it before.
Desk::Matched Desk::match(const Incoming& taker) {
  const Order& incoming = order(taker.slot);
  while (incoming.open.is_positive()) {
    const OrderSlot maker = next_maker(taker);
    if (maker == kNoSlot) return Matched::done;
    const Level& level = level_of(order(maker));
    if (incoming.self_trade != SelfTrade::allowed && is_own(taker, order(maker))) {
      if (!prevent(taker, maker)) return Matched::prevented;
    } else if (is_outside(bought_by(taker, level.place.instrument()), level.price)) {
      return Matched::outside;
    } else {
      trade(taker, maker, std::min(incoming.open, shown(order(maker))));
    }
  }
  return Matched::done;
}

// What happens instead of a trade with an own order; false: the taker ends.
bool Desk::prevent(const Incoming& taker, OrderSlot own) {
  const Quantity mine = order(taker.slot).open;
  const Quantity theirs = order(own).open;
  switch (order(taker.slot).self_trade) {
    case SelfTrade::allowed:
    case SelfTrade::cancel_newest:
      return false;
    case SelfTrade::cancel_oldest:
      end(own, OrderEnd::stp);
      return true;
    case SelfTrade::cancel_both:
      end(own, OrderEnd::stp);
      return false;
    case SelfTrade::decrement:
      break;
  }
  if (theirs > mine) {
    shrink(own, mine, level_of(order(own)).price, instrument_of(order(own)));
    return false;
  }
  if (mine > theirs) shrink(taker.slot, theirs, taker.limit, market_.get(taker.instrument));
  end(own, OrderEnd::stp);
  return mine > theirs;
}

// What a trade is to one of its instruments.
void Desk::note_trade(Instrument& traded, Price price, Quantity quantity, Side aggressor) {
  if (traded.stops_waiting > 0) [[unlikely]]
    note_move(traded, price, aggressor);
  if (traded.rules.dynamic_collar_ppm > 0) [[unlikely]]
    note_before(traded);
  traded.last = price;
  traded.volume += quantity;
  traded.day.note(price, quantity);
}

// One match at the maker's price: delivery, payment and fees in one step, or all of them reserved
// in one step.
void Desk::trade(const Incoming& incoming, OrderSlot maker_slot, Quantity quantity) {
  Order& taker = order(incoming.slot);
  Order& maker = order(maker_slot);
  Level& level = market_.store.levels[maker.level];
  const BookPlace place = level.place;
  Instrument& instrument = market_.get(place.instrument());
  const Price price = level.price;
  const bool taker_buys = taker.side == Side::buy;
  Order& buy = taker_buys ? taker : maker;
  Order& sell = taker_buys ? maker : taker;

  taker.open -= quantity;
  maker.open -= quantity;
  level.open -= quantity;
  note_trade(instrument, price, quantity, taker.side);
  if (incoming.instrument != instrument.id)
    note_trade(market_.get(incoming.instrument), price, quantity, taker.side);
  market_.last_trade = next(market_.last_trade);
  const TradeId id = market_.last_trade;
  events_.append(Trade{.trade = id,
                       .instrument = taker_buys ? incoming.instrument : place.instrument(),
                       .sell_instrument = taker_buys ? place.instrument() : incoming.instrument,
                       .price = price,
                       .quantity = quantity,
                       .aggressor = taker.side,
                       .maker = maker.id,
                       .taker = taker.id,
                       .buyer = buy.account,
                       .seller = sell.account,
                       .maker_open = maker.open,
                       .taker_open = taker.open,
                       .uncrossed = false,
                       .with_itself = false});
  PendingSettlement* const later = begin_settlement(id, instrument, buy.account, sell.account);
  deliver(id, taker_buys ? maker_slot : incoming.slot, buy.account, quantity, later);
  settle(id,
         buy,
         sell,
         taker_buys ? incoming.limit : price,
         value_of(price, quantity, instrument.terms),
         quantity,
         taker.side,
         instrument.terms,
         later);
  count_volume(instrument, buy.account, sell.account, quantity);
  if (maker.open.is_zero()) {
    end(maker_slot, place.instrument(), OrderEnd::filled);
  } else if (needs_refresh(maker)) {
    refresh(maker_slot);
  } else {
    say_level(report_of(level));
  }
}

// Lets the order stand in the book, behind all others at its price; at price 0 with those at any
// price.
void Desk::rest(const Incoming& incoming) {
  const Order& resting = order(incoming.slot);
  const Queue queue = incoming.limit.is_zero() ? Queue::any_price : Queue::book;
  const LevelReport level =
      stand(incoming.slot, BookPlace(incoming.instrument, resting.side, queue), incoming.limit);
  enrol_once(incoming.slot);
  events_.append(OrderRested{.order = resting.id,
                             .instrument = incoming.instrument,
                             .side = resting.side,
                             .price = incoming.limit,
                             .visible = shown(resting)});
  say_level(level);
}

// Into the queue of its price; an iceberg shows a full peak then.
LevelReport Desk::stand(OrderSlot slot, BookPlace place, Price price) {
  Order& standing = order(slot);
  Quantity hidden;
  if (standing.is_iceberg) {
    Condition& condition = *market_.condition_of(standing);
    hidden = standing.open - std::min(condition.peak, standing.open);
    condition.hidden = hidden;
  }
  return market_.book(place.instrument()).at(place).link(market_.store, slot, price, place, hidden);
}

// Makes a live order known to the look-ups, the first time it waits or rests.
void Desk::enrol_once(OrderSlot slot) {
  const Order& taken = order(slot);
  if (market_.find_order(taken.id) != kNoSlot) return;
  market_.enrol(slot);
  if (taken.extra != kNoSlot && market_.extras[taken.extra].expire_at.is_set())
    state_.due.insert(due_of(taken));
}

Due Desk::due_of(const Order& dated) const {
  return {.at = market_.extras[dated.extra].expire_at,
          .kind = dated.time_in_force == TimeInForce::day ? DueKind::day_order : DueKind::order,
          .id = dated.id.value()};
}

// Out of the book, or out of the queue in which it waits.
LevelReport Desk::leave_queue(OrderSlot slot) {
  const Order& leaving = order(slot);
  const BookPlace place = level_of(leaving).place;
  const LevelReport level = market_.book(place.instrument())
                                .at(place)
                                .unlink(market_.store, slot, market_.hidden_of(leaving));
  if (leaving.is_iceberg) market_.condition_of(order(slot))->hidden = Quantity();
  if (place.queue() == Queue::stops) --market_.get(place.instrument()).stops_waiting;
  return level;
}

// Ends a live order: its place, its promises and its ids are free afterwards.
void Desk::end(OrderSlot slot, InstrumentId instrument, OrderEnd reason) {
  Order& ending = order(slot);
  const bool queued = ending.queued();
  const LevelReport level = queued ? leave_queue(slot) : LevelReport{};
  events_.append(OrderEnded{.order = ending.id,
                            .account = ending.account,
                            .instrument = instrument,
                            .side = ending.side,
                            .open = ending.open,
                            .filled = ending.filled(),
                            .reason = reason});
  if (queued && level.place.queue() != Queue::stops) say_level(level);
  if (ending.side == Side::buy) {
    set_reserved(ending, Cash());
  } else {
    release_contracts(slot, ending.open);
  }
  if (queued || market_.find_order(ending.id) != kNoSlot) {
    if (ending.extra != kNoSlot && market_.extras[ending.extra].expire_at.is_set())
      state_.due.erase(due_of(ending));
    market_.strike(slot);
    return;
  }
  if (ending.extra != kNoSlot) market_.drop_extra(ending.extra);
  market_.store.orders.give_back(slot);
}

// Tells how the level stands now.
void Desk::say_level(const LevelReport& level) {
  events_.append(LevelChanged{.instrument = level.place.instrument(),
                              .side = level.place.side(),
                              .price = level.price,
                              .open = level.open,
                              .orders = level.orders});
}

}  // namespace origo
