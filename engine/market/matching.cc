#include <algorithm>

#include "engine/market/desk.h"
#include "engine/market/fees.h"

// Matching by price, then time; each match settles at once, cash against certificates.
namespace origo {

bool Desk::crosses(const Order& taker, Price resting) const {
  return taker.side == Side::buy ? resting <= taker.price : resting >= taker.price;
}

// Whether the opposite side holds enough within the order's limit to fill all of it.
bool Desk::can_fill(const Order& taker) const {
  const std::span<const Level> levels =
      market_.book(taker.instrument).side(opposite(taker.side)).worst_to_best();
  Quantity found;
  for (auto level = levels.rbegin(); level != levels.rend(); ++level) {
    if (found >= taker.open || !crosses(taker, level->price)) break;
    found += level->open;
  }
  return found >= taker.open;
}

// Trades `taker` against the best opposite orders, oldest first at each price, until nothing crosses.
void Desk::match(OrderSlot taker_slot) {
  Order& taker = market_.orders[taker_slot];
  BookSide& side = market_.book(taker.instrument).side(opposite(taker.side));
  while (taker.open.is_positive() && !side.empty() && crosses(taker, side.best().price)) {
    const OrderSlot maker_slot = side.best().first;
    trade(taker_slot, maker_slot, std::min(taker.open, market_.orders[maker_slot].open));
  }
}

// One match at the maker's price: delivery, payment and fees in one step.
void Desk::trade(OrderSlot taker_slot, OrderSlot maker_slot, Quantity quantity) {
  Order& taker = market_.orders[taker_slot];
  Order& maker = market_.orders[maker_slot];
  Instrument& instrument = market_.get(maker.instrument);
  const Price price = maker.price;
  const Side maker_side = maker.side;
  Order& buy = taker.side == Side::buy ? taker : maker;
  Order& sell = taker.side == Side::buy ? maker : taker;
  const OrderSlot sell_slot = taker.side == Side::buy ? maker_slot : taker_slot;

  taker.open -= quantity;
  maker.open -= quantity;
  market_.book(maker.instrument).side(maker_side).get(price).open -= quantity;
  instrument.last = price;
  instrument.volume += quantity;
  market_.last_trade = next(market_.last_trade);
  const TradeId id = market_.last_trade;
  events_.append(Trade{.trade = id,
                       .instrument = buy.instrument,
                       .sell_instrument = sell.instrument,
                       .price = price,
                       .quantity = quantity,
                       .aggressor = taker.side,
                       .maker = maker.id,
                       .taker = taker.id,
                       .buyer = buy.account,
                       .seller = sell.account,
                       .maker_open = maker.open,
                       .taker_open = taker.open});
  deliver(id, sell_slot, buy.account, quantity);
  settle(id, buy, sell, value_of(price, quantity, instrument.terms), quantity, taker.side);
  if (maker.open.is_zero()) {
    end(maker_slot, OrderEnd::filled);
  } else {
    say_level(maker.instrument, maker_side, price);
  }
}

// Moves the contracts' certificates from the sell order's promises to the buyer, lowest serials first.
void Desk::deliver(TradeId id, OrderSlot sell_slot, AccountId buyer, Quantity quantity) {
  while (quantity.is_positive()) {
    const ReservationSlot slot = market_.orders[sell_slot].first_reservation;
    ENSURE(slot != kNoSlot);
    Reservation& reservation = market_.reservations[slot];
    const HoldingSlot from = reservation.holding;
    const Quantity part = std::min(quantity, reservation.contracts);
    const Units units(part.value() * reservation.units_per_contract);
    state_.holdings.release(from, units);
    reservation.contracts -= part;
    quantity -= part;
    if (reservation.contracts.is_zero()) drop_reservation(slot);

    const AccountId seller = state_.holdings.get(from).account;
    const Lot& lot = state_.registry.get(state_.holdings.get(from).lot);
    const Account& receiver = state_.parties.get(buyer);
    const AccountId to = receiver.registry == lot.registry
                             ? buyer
                             : state_.parties.receiving_account(receiver.participant, lot.registry);
    ENSURE(to.is_set());
    if (to == seller) continue;  // a trade with oneself moves nothing
    state_.holdings.move(from, to, units, [&](const SerialRange& range) {
      events_.append(CertificatesMoved{.lot = lot.id,
                                       .from = seller,
                                       .to = to,
                                       .range = range,
                                       .reason = MoveReason::trade,
                                       .reference = id.value()});
    });
  }
}

// The order's additional fee in a role after another fill; negative: a rebate.
Cash Desk::tally(Order& order, bool as_maker, Cash notional, Quantity quantity) {
  const FeeSchedule& fees = market_.schedules[order.fees];
  FeeTally& sums = as_maker ? order.as_maker : order.as_taker;
  sums.notional += notional;
  sums.quantity += quantity;
  return fee_due(as_maker ? fees.maker : fees.taker, sums) - sums.paid;
}

// Pays the seller from the buyer's reservation, then fees, then rebates. A seller's fee takes at most
// the proceeds, a rebate at most what the venue has; what is short is caught up by the next fill.
void Desk::settle(TradeId id, Order& buy, Order& sell, Cash cash, Quantity quantity, Side aggressor) {
  const Currency currency = market_.get(buy.instrument).terms.currency;
  const CashSlot venue = state_.cash.open(kVenueAccount, currency);
  state_.cash.pay_reserved(buy.cash, sell.cash, cash);
  buy.reserved -= cash;

  const bool buy_made = aggressor == Side::sell;
  Cash buyer_fee = tally(buy, buy_made, cash, quantity);
  Cash seller_fee = std::min(tally(sell, !buy_made, cash, quantity), cash);
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
  (buy_made ? buy.as_maker : buy.as_taker).paid += buyer_fee;
  (buy_made ? sell.as_taker : sell.as_maker).paid += seller_fee;

  const Cash needed = worst_case(buy);
  ENSURE(needed <= buy.reserved);
  set_reserved(buy, needed);
  events_.append(TradeSettled{.trade = id,
                              .currency = currency,
                              .cash = cash,
                              .buyer_fee = buyer_fee,
                              .seller_fee = seller_fee});
}

// Lets the order stand in the book, behind all others at its price.
void Desk::rest(OrderSlot slot) {
  const Order& order = market_.orders[slot];
  link(market_.book(order.instrument).side(order.side), market_.orders, slot);
  events_.append(OrderRested{.order = order.id,
                             .instrument = order.instrument,
                             .side = order.side,
                             .price = order.price,
                             .open = order.open});
  say_level(order.instrument, order.side, order.price);
}

void Desk::leave_book(OrderSlot slot) {
  const Order& order = market_.orders[slot];
  unlink(market_.book(order.instrument).side(order.side), market_.orders, slot);
}

// Ends a live order: its place, its promises and its ids are free afterwards.
void Desk::end(OrderSlot slot, OrderEnd reason) {
  Order& order = market_.orders[slot];
  const bool rested = order.resting;
  if (rested) leave_book(slot);
  events_.append(OrderEnded{.order = order.id,
                            .account = order.account,
                            .instrument = order.instrument,
                            .side = order.side,
                            .open = order.open,
                            .filled = order.filled(),
                            .reason = reason});
  if (rested) say_level(order.instrument, order.side, order.price);
  if (order.side == Side::buy) {
    set_reserved(order, Cash());
  } else {
    release_contracts(slot, order.open);
  }
  ENSURE(order.first_reservation == kNoSlot);
  if (order.expire_at.is_set())
    state_.due.erase({.at = order.expire_at, .kind = DueKind::order, .id = order.id.value()});
  AccountOrders& own = market_.account_orders[order.account.value()];
  (order.previous_of_account == kNoSlot
       ? own.first
       : market_.orders[order.previous_of_account].next_of_account) = order.next_of_account;
  (order.next_of_account == kNoSlot ? own.last
                                    : market_.orders[order.next_of_account].previous_of_account) =
      order.previous_of_account;
  if (order.client_order_id.is_set()) market_.by_client_id.erase({order.account, order.client_order_id});
  market_.by_id.erase(order.id);
  market_.orders.give_back(slot);
}

// Tells how the level stands now.
void Desk::say_level(InstrumentId instrument, Side side, Price price) {
  const Level* level = market_.book(instrument).side(side).find(price);
  events_.append(LevelChanged{.instrument = instrument,
                              .side = side,
                              .price = price,
                              .open = level == nullptr ? Quantity() : level->open,
                              .orders = level == nullptr ? 0 : level->orders});
}

}  // namespace origo
