#include <algorithm>

#include "engine/market/desk.h"

// Changes of live orders: in the book, at any price in a call, or waiting for a stop price.
namespace origo {

// What holds of a queued order now.
Desk::Amended Desk::terms_of(const Order& queued) const {
  const Level& level = level_of(queued);
  if (level.place.queue() != Queue::stops)
    return {.total = queued.total, .price = level.price, .stop_price = {}};
  return {.total = queued.total,
          .price = market_.condition_of(queued)->limit,
          .stop_price = level.price};
}

Result<Desk::Taken> Desk::amend(const AmendOrder& command) {
  const Result<OrderSlot> target = find_target(command.target);
  if (!target) return target.refusal();
  const Order& meant = order(*target);
  const BookPlace place = level_of(meant).place;
  if (command.stop_price.is_positive() && place.queue() != Queue::stops)
    return Reject::stop_not_waiting;
  const bool priced = meant.type == OrderType::limit ||
                      (meant.type == OrderType::market_to_limit && place.queue() == Queue::book);
  if (command.price.is_positive() && !priced) return Reject::price_on_market_order;
  Amended to = terms_of(meant);
  if (!command.quantity.is_zero()) to.total = command.quantity;
  if (!command.price.is_zero()) to.price = command.price;
  if (!command.stop_price.is_zero()) to.stop_price = command.stop_price;
  if (to.total <= meant.filled() && instrument_of(meant).rules.amend_below_filled_refused)
    return Reject::below_filled;
  return amend_to(*target, to);
}

Result<Desk::Taken> Desk::reduce(const ReduceOrder& command) {
  const Result<OrderSlot> target = find_target(command.target);
  if (!target) return target.refusal();
  Amended to = terms_of(order(*target));
  to.total -= std::min(command.by, order(*target).open);
  return amend_to(*target, to);
}

Result<Desk::Taken> Desk::amend_to(OrderSlot slot, const Amended& to) {
  Order& amended = order(slot);
  const Instrument& instrument = instrument_of(amended);
  const OrderId id = amended.id;
  const Quantity filled = amended.filled();
  const Amended from = terms_of(amended);
  const bool same_prices = to.price == from.price && to.stop_price == from.stop_price;
  if (same_prices && to.total == from.total) return Reject::quantity_unchanged;
  const bool grows = !same_prices || to.total > from.total;
  if (grows) {
    if (const Verdict bad = check_growth(amended, to, instrument)) return *bad;
  }
  if (to.total <= filled) {
    end(slot, OrderEnd::amend);
    return Taken{.id = id, .filled = Quantity(), .open = Quantity()};
  }
  if (!grows) {
    shrink(slot, from.total - to.total, to.price, instrument);
    return Taken{.id = id, .filled = Quantity(), .open = amended.open};
  }
  // Promises for the new terms, judged before anything changes.
  Picks more;
  Cash needed;
  if (amended.side == Side::buy) {
    Order wanted = amended;
    wanted.total = to.total;
    wanted.open = to.total - filled;
    needed = worst_case(wanted, to.price, instrument.terms);
    if (needed > amended.reserved + state_.cash.get(amended.cash).available)
      return Reject::cash_not_available;
  } else if (to.total > from.total) {
    if (const Verdict bad = pick_more(amended, to.total - from.total, more)) return *bad;
  }
  const bool asks_the_book = amended.post_only && phase_of(instrument) == Phase::continuous;
  if (asks_the_book && next_maker(incoming(slot, instrument, to.price)) != kNoSlot)
    return Reject::post_only_would_trade;

  if (amended.side == Side::sell && to.total < from.total)
    release_contracts(slot, from.total - to.total);
  if (amended.side == Side::sell && to.total > from.total) promise(slot, more);
  if (amended.side == Side::buy) set_reserved(amended, needed);
  const bool keeps_place = same_prices && amended.is_iceberg && !waits(amended) &&
                           !instrument.rules.iceberg_raise_requeues;
  if (keeps_place) return raise_hidden(slot, to.total);
  Taken result = requeue(slot, to, instrument);
  fire_stops();
  result.filled -= filled;  // at once, by this amendment
  return result;
}

// What an amendment that asks for more than a reduction must stand: it is judged like an entry.
Verdict Desk::check_growth(const Order& growing,
                           const Amended& to,
                           const Instrument& instrument) const {
  const Account& account = state_.parties.get(growing.account);
  if (state_.parties.get(account.participant).killed) return Reject::participant_killed;
  const Phase phase = phase_of(instrument);
  if (!takes_orders(phase)) return Reject::phase_closed;
  const bool ends = to.total <= growing.filled();
  if (!ends) {
    const Price limit = growing.type == OrderType::limit ? to.price : Price();
    if (const Verdict bad = check_limits(to.total, limit, instrument.terms)) return bad;
  }
  if (!to.price.is_zero()) {
    if (const Verdict bad = check_price(to.price, instrument.terms)) return bad;
    if (growing.type != OrderType::market) {
      if (const Verdict bad = check_band(to.price, instrument)) return bad;
    }
  }
  if (!to.stop_price.is_zero()) {
    if (check_price(to.stop_price, instrument.terms)) return Reject::stop_price_invalid;
    if (instrument.rules.stop_through_refused &&
        is_through(growing.side, to.stop_price, instrument.last))
      return Reject::stop_through;
  }
  return std::nullopt;
}

// Out of its queue and in again with the new terms, behind all others.
Desk::Taken Desk::requeue(OrderSlot slot, const Amended& to, const Instrument& instrument) {
  Order& amended = order(slot);
  const bool waiting = waits(amended);
  const Quantity filled = amended.filled();
  const LevelReport level = leave_queue(slot);
  amended.total = to.total;
  amended.open = to.total - filled;
  const bool has_limit = amended.type != OrderType::market;
  say_amended(amended, instrument.id, waiting && !has_limit ? Price() : to.price, Quantity(), true);
  draw_place(amended);
  if (!waiting) {
    say_level(level);
    return run(incoming(slot, instrument, to.price), true);
  }
  Condition& condition = *market_.condition_of(amended);
  condition.limit = to.price;
  condition.stop_price = to.stop_price;
  if (phase_of(instrument) == Phase::continuous &&
      is_through(amended.side, to.stop_price, instrument.last))
    return trigger(slot, instrument);
  wait(slot, instrument);
  return {.id = amended.id, .filled = filled, .open = amended.open};
}

// More of an iceberg, all of it hidden: what is shown keeps its place.
Desk::Taken Desk::raise_hidden(OrderSlot slot, Quantity total) {
  Order& raised = order(slot);
  Level& level = market_.store.levels[raised.level];
  const Quantity more = total - raised.total;
  raised.total += more;
  raised.open += more;
  market_.condition_of(raised)->hidden += more;
  level.hidden += more;
  say_amended(raised, level.place.instrument(), level.price, shown(raised), false);
  say_level(report_of(level));
  return {.id = raised.id, .filled = Quantity(), .open = raised.open};
}

// Takes `by` off what is open, off the hidden part first, and keeps the order's place, if it has
// one. Requires: less than is open. `price` as in Amended.
void Desk::shrink(OrderSlot slot, Quantity by, Price price, const Instrument& instrument) {
  Order& shrinking = order(slot);
  ENSURE(by < shrinking.open);
  if (shrinking.side == Side::sell) release_contracts(slot, by);
  const Quantity from_hidden = std::min(by, market_.hidden_of(shrinking));
  if (from_hidden.is_positive()) market_.condition_of(shrinking)->hidden -= from_hidden;
  shrinking.total -= by;
  shrinking.open -= by;
  if (shrinking.side == Side::buy)
    set_reserved(shrinking, worst_case(shrinking, price, instrument.terms));
  const bool waiting = shrinking.queued() && waits(shrinking);
  const bool has_limit = !waiting || shrinking.type != OrderType::market;
  const Quantity visible = shrinking.queued() && !waiting ? shown(shrinking) : Quantity();
  say_amended(shrinking, instrument.id, has_limit ? price : Price(), visible, false);
  if (!shrinking.queued()) return;
  Level& level = market_.store.levels[shrinking.level];
  level.open -= by - from_hidden;
  level.hidden -= from_hidden;
  if (!waiting) say_level(report_of(level));
}

void Desk::say_amended(
    const Order& amended, InstrumentId instrument, Price price, Quantity visible, bool requeued) {
  events_.append(OrderAmended{.order = amended.id,
                              .instrument = instrument,
                              .side = amended.side,
                              .price = price,
                              .quantity = amended.total,
                              .open = amended.open,
                              .visible = visible,
                              .requeued = requeued});
}

}  // namespace origo
