#include <algorithm>

#include "engine/market/desk.h"
#include "engine/market/fees.h"

// Matching by price, then time; each match settles at once, cash against certificates.
namespace origo {

// The best level of `side` that the order may trade with; kNoSlot: none. Collars are the buyer's: asks
// below its instrument's are out of its reach, and so is what waits behind them.
LevelSlot Desk::front(const Incoming& taker, const BookSide& side) const {
  const LevelSlot best = side.best();
  if (best == kNoSlot) return kNoSlot;
  const Price price = market_.store.levels[best].price;
  const bool barred = taker.floor > price;
  return side.better(taker.limit, price) || barred ? kNoSlot : best;
}

// The order that is next to trade with `taker`, over all books in its reach: by price, then by priority.
OrderSlot Desk::next_maker(const Incoming& taker) const {
  const Side side = opposite(order(taker.slot).side);
  const LevelSlot own = front(taker, market_.book(taker.instrument).side(side));
  OrderSlot found = own == kNoSlot ? kNoSlot : market_.store.levels[own].first;
  for (const InstrumentId other : taker.reach) {
    const BookSide& book = market_.book(other).side(side);
    const LevelSlot level = front(taker, book);
    if (level == kNoSlot) continue;
    const OrderSlot candidate = market_.store.levels[level].first;
    if (found == kNoSlot) {
      found = candidate;
      continue;
    }
    const Price best = level_of(order(found)).price;
    const Price price = market_.store.levels[level].price;
    const bool first = price == best ? market_.priority_of(order(candidate)) < market_.priority_of(order(found))
                                     : book.better(price, best);
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

// What the books in its reach hold for the order within its limit, counted up to `enough`.
Quantity Desk::available(const Incoming& taker, Quantity enough) const {
  if (order(taker.slot).self_trade != SelfTrade::allowed) return available_from_others(taker, enough);
  const Side side = opposite(order(taker.slot).side);
  Quantity found;
  const auto count = [&](InstrumentId instrument) {
    const BookSide& book = market_.book(instrument).side(side);
    if (found < enough && front(taker, book) != kNoSlot)
      found += quantity_within(market_.store, book, taker.limit, enough - found);
  };
  count(taker.instrument);
  for (const InstrumentId other : taker.reach) count(other);
  return found;
}

// The same where own orders do not count; with cancel_newest and cancel_both nothing counts from the first
// own order on. Source: market rules, "Orders", FOK.
Quantity Desk::available_from_others(const Incoming& taker, Quantity enough) const {
  const SelfTrade mode = order(taker.slot).self_trade;
  const bool stops = mode == SelfTrade::cancel_newest || mode == SelfTrade::cancel_both;
  const Side side = opposite(order(taker.slot).side);
  // visit(order, price) -> bool, false: no further in this book
  const auto walk = [&](InstrumentId instrument, auto&& visit) {
    const BookSide& book = market_.book(instrument).side(side);
    if (front(taker, book) == kNoSlot) return;
    book.for_each(market_.store, [&](const Level& level) {
      if (book.better(taker.limit, level.price)) return false;
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
      if (!stop.is_set() || any.better(price, stop_price) || (price == stop_price && place < stop)) {
        stop_price = price;
        stop = place;
      }
      return false;
    });
  }
  Quantity found;
  walk_all([&](const Order& maker, Price price) {
    const bool beyond = stop.is_set() && (any.better(stop_price, price) ||
                                          (price == stop_price && market_.priority_of(maker) >= stop));
    if (beyond || found >= enough) return false;
    if (!is_own(taker, maker)) found += maker.open;
    return true;
  });
  return found;
}

// Trades `taker` until nothing in its reach crosses; false: the prevention of self-trades ends it.
bool Desk::match(const Incoming& taker) {
  const Order& incoming = order(taker.slot);
  while (incoming.open.is_positive()) {
    const OrderSlot maker = next_maker(taker);
    if (maker == kNoSlot) return true;
    if (incoming.self_trade != SelfTrade::allowed && is_own(taker, order(maker))) {
      if (!prevent(taker, maker)) return false;
    } else {
      trade(taker, maker, std::min(incoming.open, order(maker).open));
    }
  }
  return true;
}

// What happens instead of a trade with an own order; false: the taker ends.
bool Desk::prevent(const Incoming& taker, OrderSlot own) {
  const Quantity mine = order(taker.slot).open;
  const Quantity theirs = order(own).open;
  switch (order(taker.slot).self_trade) {
    case SelfTrade::allowed:
    case SelfTrade::cancel_newest: return false;
    case SelfTrade::cancel_oldest: end(own, OrderEnd::stp); return true;
    case SelfTrade::cancel_both: end(own, OrderEnd::stp); return false;
    case SelfTrade::decrement: break;
  }
  if (theirs > mine) {
    shrink(own, mine, level_of(order(own)).price, instrument_of(order(own)));
    return false;
  }
  if (mine > theirs) shrink(taker.slot, theirs, taker.limit, market_.get(taker.instrument));
  end(own, OrderEnd::stp);
  return mine > theirs;
}

// One match at the maker's price: delivery, payment and fees in one step.
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
  const auto note = [&](Instrument& traded) {
    traded.last = price;
    traded.volume += quantity;
  };
  note(instrument);
  if (incoming.instrument != instrument.id) note(market_.get(incoming.instrument));
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
                       .taker_open = taker.open});
  deliver(id, taker_buys ? maker_slot : incoming.slot, buy.account, quantity);
  settle(id, buy, sell, taker_buys ? incoming.limit : price, value_of(price, quantity, instrument.terms), quantity,
         taker.side, instrument.terms);
  if (maker.open.is_zero()) {
    end(maker_slot, place.instrument(), OrderEnd::filled);
  } else {
    say_level(report_of(level));
  }
}

// Moves the contracts' certificates from the sell order's promises to the buyer, lowest serials first.
void Desk::deliver(TradeId id, OrderSlot sell_slot, AccountId buyer, Quantity quantity) {
  Order& sell = order(sell_slot);
  const auto hand_over = [&](HoldingSlot from, Units units) {
    const Holding& holding = state_.holdings.get(from);
    const AccountId seller = holding.account;
    const Lot& lot = state_.registry.get(holding.lot);
    const Account& receiver = state_.parties.get(buyer);
    const AccountId to = receiver.registry == lot.registry
                             ? buyer
                             : state_.parties.receiving_account(receiver.participant, lot.registry);
    ENSURE(to.is_set());
    if (to == seller) return;  // a trade with oneself moves nothing
    state_.holdings.move(from, to, units, [&](const SerialRange& range) {
      events_.append(CertificatesMoved{.lot = lot.id,
                                       .from = seller,
                                       .to = to,
                                       .range = range,
                                       .reason = MoveReason::trade,
                                       .reference = id.value()});
    });
  };
  if (!sell.is_split) {
    const HoldingPromise promised = sell.promise;
    const Units units(quantity.value() * promised.units_per_contract);
    state_.holdings.release(promised.holding, units);
    if (sell.open.is_zero()) {
      leave_holding(promised.holding);
      sell.promise = kNoPromise;
    }
    hand_over(promised.holding, units);
    return;
  }
  while (quantity.is_positive()) {
    const ReservationSlot at = sell.split.first;
    ENSURE(at != kNoSlot);
    Reservation& part = market_.reservations[at];
    const HoldingSlot from = part.holding;
    const Quantity some = std::min(quantity, part.contracts);
    const Units units(some.value() * part.units_per_contract);
    state_.holdings.release(from, units);
    part.contracts -= some;
    quantity -= some;
    if (part.contracts.is_zero()) drop_part(sell, at);
    hand_over(from, units);
  }
}

// The order's sums in a role; `fresh` for one that has none yet and ends with this fill.
FeeTally& Desk::tally_of(Order& order, bool as_maker, FeeTally& fresh) {
  if (order.extra == kNoSlot && order.open.is_zero()) return fresh;
  OrderExtra& extra = extra_of(order);
  return as_maker ? extra.as_maker : extra.as_taker;
}

// Pays the seller from the buyer's reservation, then fees, then rebates. A seller's fee takes at most
// the proceeds, a rebate at most what the venue has; what is short is caught up by the next fill.
void Desk::settle(TradeId id, Order& buy, Order& sell, Price buy_limit, Cash cash, Quantity quantity,
                  Side aggressor, const InstrumentTerms& terms) {
  const CashSlot venue = venue_cash(terms.currency);
  state_.cash.pay_reserved(buy.cash, sell.cash, cash);
  buy.reserved -= cash;

  const bool buy_made = aggressor == Side::sell;
  FeeTally fresh_buy;
  FeeTally fresh_sell;
  FeeTally& buyer_sums = tally_of(buy, buy_made, fresh_buy);
  FeeTally& seller_sums = tally_of(sell, !buy_made, fresh_sell);
  const auto owed = [&](const Order& of, bool as_maker, FeeTally& sums) {
    const FeeSchedule& fees = market_.schedules[of.fees];
    sums.notional += cash;
    sums.quantity += quantity;
    return fee_due(as_maker ? fees.maker : fees.taker, sums) - sums.paid;
  };
  Cash buyer_fee = owed(buy, buy_made, buyer_sums);
  Cash seller_fee = std::min(owed(sell, !buy_made, seller_sums), cash);
  if (buyer_fee.is_positive()) {
    state_.cash.pay_reserved(buy.cash, venue, buyer_fee);
    buy.reserved -= buyer_fee;
  }
  if (seller_fee.is_positive()) state_.cash.pay_available(sell.cash, venue, seller_fee);
  const auto pay_rebate = [&](CashSlot to, Cash& fee) {
    if (!fee.is_negative()) return;
    fee = -std::min(-fee, state_.cash.get(venue).available);
    state_.cash.pay_available(venue, to, -fee);
  };
  pay_rebate(buy.cash, buyer_fee);
  pay_rebate(sell.cash, seller_fee);
  buyer_sums.paid += buyer_fee;
  seller_sums.paid += seller_fee;

  const Cash needed = worst_case(buy, buy_limit, terms);
  ENSURE(needed <= buy.reserved);
  set_reserved(buy, needed);
  events_.append(TradeSettled{.trade = id,
                              .currency = terms.currency,
                              .cash = cash,
                              .buyer_fee = buyer_fee,
                              .seller_fee = seller_fee});
}

CashSlot Desk::venue_cash(Currency currency) {
  Market::VenueCash& known = market_.venue_cash;
  if (known.slot == kNoSlot || known.currency != currency)
    known = {.currency = currency, .slot = state_.cash.open(kVenueAccount, currency)};
  return known.slot;
}

// Lets the order stand in the book, behind all others at its price.
void Desk::rest(const Incoming& incoming) {
  const Order& resting = order(incoming.slot);
  const BookPlace place(incoming.instrument, resting.side);
  const LevelReport level = market_.book(incoming.instrument)
                                .side(resting.side)
                                .link(market_.store, incoming.slot, incoming.limit, place);
  if (market_.by_id.find(resting.id) == kNoSlot) {
    market_.enrol(incoming.slot);
    if (resting.extra != kNoSlot && market_.extras[resting.extra].expire_at.is_set())
      state_.due.insert(due_of(resting));
  }
  events_.append(OrderRested{.order = resting.id,
                             .instrument = incoming.instrument,
                             .side = resting.side,
                             .price = incoming.limit,
                             .open = resting.open});
  say_level(level);
}

Due Desk::due_of(const Order& dated) const {
  return {.at = market_.extras[dated.extra].expire_at, .kind = DueKind::order, .id = dated.id.value()};
}

LevelReport Desk::leave_book(OrderSlot slot) {
  const BookPlace place = level_of(order(slot)).place;
  return market_.book(place.instrument()).side(place.side()).unlink(market_.store, slot);
}

// Ends a live order: its place, its promises and its ids are free afterwards.
void Desk::end(OrderSlot slot, InstrumentId instrument, OrderEnd reason) {
  Order& ending = order(slot);
  const bool rested = ending.resting();
  LevelReport level{};
  if (rested) level = leave_book(slot);
  events_.append(OrderEnded{.order = ending.id,
                            .account = ending.account,
                            .instrument = instrument,
                            .side = ending.side,
                            .open = ending.open,
                            .filled = ending.filled(),
                            .reason = reason});
  if (rested) say_level(level);
  if (ending.side == Side::buy) {
    set_reserved(ending, Cash());
  } else {
    release_contracts(slot, ending.open);
  }
  if (rested || market_.by_id.find(ending.id) != kNoSlot) {
    if (ending.extra != kNoSlot && market_.extras[ending.extra].expire_at.is_set())
      state_.due.erase(due_of(ending));
    market_.strike(slot);
    return;
  }
  if (ending.extra != kNoSlot) market_.extras.give_back(ending.extra);
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
