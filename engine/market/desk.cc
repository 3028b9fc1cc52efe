#include "engine/market/desk.h"

#include <algorithm>

namespace origo {

// What only place() calls is in line there: an order passes through all of it.

// ---- checks, in the market's order: state, phase, limits, collar, duplicate, promises ----

// Whether its holder and the account itself may enter orders. No order changes that, so it is
// judged anew only after commands of other kinds.
inline Verdict Desk::check_entrant(AccountId account_id, AccountStanding& standing) const {
  if (standing.may_enter_as_of == state_.standing_version) [[likely]]
    return std::nullopt;
  const Account& account = state_.parties.get(account_id);
  const Participant& holder = state_.parties.get(account.participant);
  if (holder.frozen) return Reject::participant_frozen;
  if (account.frozen) return Reject::account_frozen;
  if (holder.killed) return Reject::participant_killed;
  standing.may_enter_as_of = state_.standing_version;
  return std::nullopt;
}

inline Verdict Desk::check_phase(Phase phase,
                                 const PlaceOrder& command,
                                 const TradingRules& rules) {
  if (!takes_orders(phase)) return Reject::phase_closed;
  const TimeInForce tif = command.time_in_force;
  const bool only_elsewhere = phase == Phase::continuous
                                  ? tif == TimeInForce::auction_only
                                  : tif == TimeInForce::continuous_only ||
                                        tif == TimeInForce::ioc || tif == TimeInForce::fok;
  if (only_elsewhere) return Reject::time_in_force_phase;
  if (command.type == OrderType::limit) [[likely]]
    return std::nullopt;
  const bool takes_limits =
      rules.limit_orders_only || (rules.auction == AuctionRules::jpx && gathers(phase));
  if (takes_limits) return Reject::order_type_barred;
  return std::nullopt;
}

// `limit` 0: an order without one, whose value nobody knows yet.
Verdict Desk::check_limits(Quantity total, Price limit, const InstrumentTerms& terms) const {
  if (total > terms.quantity_max || total < terms.quantity_min) return Reject::quantity_off_limits;
  const bool by_value = !terms.value_max.is_zero() || !terms.value_min.is_zero();
  if (limit.is_zero() || !by_value) return std::nullopt;
  // The limit may lie outside the collar still, so the product may be larger than any order's.
  const Int128 value = Int128{limit.value()} * total.value() * terms.tick_value.value();
  const bool too_large = !terms.value_max.is_zero() && value > terms.value_max.value();
  if (too_large || value < terms.value_min.value()) return Reject::order_value_off_limits;
  return std::nullopt;
}

Verdict Desk::check_price(Price price, const InstrumentTerms& terms) const {
  if (price < terms.price_min || price > terms.price_max) return Reject::price_outside_collar;
  return std::nullopt;
}

Verdict Desk::check_band(Price limit, const Instrument& instrument) const {
  if (instrument.rules.price_band_ppm == 0) [[likely]]
    return std::nullopt;
  const PriceRange range = price_range(instrument);
  if (limit < range.low || limit > range.high) return Reject::price_outside_band;
  return std::nullopt;
}

inline Verdict Desk::check_prices(const PlaceOrder& command, const Instrument& instrument) const {
  const InstrumentTerms& terms = instrument.terms;
  if (command.type == OrderType::limit) {
    if (const Verdict bad = check_price(command.price, terms)) return bad;
    if (const Verdict bad = check_band(command.price, instrument)) return bad;
  } else if (!command.protection_price.is_zero()) {
    if (const Verdict bad = check_price(command.protection_price, terms))
      return Refusal(bad->code, "protection_price");
  }
  if (command.stop_price.is_zero()) return std::nullopt;
  if (check_price(command.stop_price, terms)) return Reject::stop_price_invalid;
  if (instrument.rules.stop_through_refused &&
      is_through(command.side, command.stop_price, instrument.last))
    return Reject::stop_through;
  return std::nullopt;
}

inline Verdict Desk::check_ids(const PlaceOrder& command) const {
  if (command.client_order_id.is_set() &&
      market_.by_client_id.find({command.account, command.client_order_id}) != kNoSlot)
    return Reject::client_order_id_live;
  if (command.cancel_on_disconnect && !client_.is_set()) return Reject::session_missing;
  return std::nullopt;
}

// Whether the holder of `account` could take delivery of `instrument` from each registry it comes
// from.
bool Desk::can_receive(AccountId account_id, const Instrument& instrument) const {
  const Account& account = state_.parties.get(account_id);
  return std::all_of(
      instrument.registries.begin(), instrument.registries.end(), [&](RegistryId registry) {
        return account.registry == registry ||
               state_.parties.receiving_account(account.participant, registry).is_set();
      });
}

// Whether the holder of `account` may pass on what lies there, by today's rules of its registry.
inline Verdict Desk::check_sender(AccountId account_id, AccountStanding& standing) const {
  if (standing.may_sell_as_of == state_.standing_version && now_ < standing.may_sell_until)
      [[likely]]
    return std::nullopt;
  const Date today = date_of(now_);
  const Account& account = state_.parties.get(account_id);
  if (account.registry.is_set()) {
    const RegistryBook& book = state_.registry.get(account.registry);
    const SchemeId scheme = state_.registry.scheme_on(book.scheme, today);
    if (scheme.is_set()) {
      const std::vector<ParticipantKind>& senders = state_.registry.get(scheme).senders;
      const Participant& holder = state_.parties.get(account.participant);
      const bool may =
          senders.empty() || std::any_of(senders.begin(), senders.end(), [&](ParticipantKind kind) {
            return Parties::has_kind(holder, kind);
          });
      if (!may) return Refusal(Reject::sender_barred, book.code);
    }
  }
  standing.may_sell_as_of = state_.standing_version;
  standing.may_sell_until = end_of(today);
  return std::nullopt;
}

inline Verdict Desk::check_receivers(const PlaceOrder& command,
                                     const Instrument& instrument,
                                     AccountStanding& standing) const {
  AccountStanding::MayBuy& known = standing.may_buy(instrument.registry_set);
  if (known.as_of == state_.standing_version && known.registry_set == instrument.registry_set &&
      now_ < known.until) [[likely]]
    return std::nullopt;
  const Date today = date_of(now_);
  if (!can_receive(command.account, instrument)) return Reject::receiving_account_missing;
  const Participant& holder = state_.parties.get(state_.parties.get(command.account).participant);
  for (const RegistryId registry : instrument.registries) {
    const SchemeId scheme = state_.registry.scheme_on(state_.registry.get(registry).scheme, today);
    if (!scheme.is_set()) continue;  // nothing can be issued or moved there today
    const std::vector<ParticipantKind>& receivers = state_.registry.get(scheme).receivers;
    const bool may = std::any_of(receivers.begin(), receivers.end(), [&](ParticipantKind kind) {
      return Parties::has_kind(holder, kind);
    });
    if (!may) return Refusal(Reject::receiver_barred, state_.registry.get(registry).code);
  }
  known = {.as_of = state_.standing_version,
           .registry_set = instrument.registry_set,
           .until = end_of(today)};
  return std::nullopt;
}

inline Instant Desk::expiry_of(const PlaceOrder& command, const Instrument& instrument) const {
  if (command.time_in_force == TimeInForce::gtd) return command.expire_at;
  if (command.time_in_force != TimeInForce::day) return {};
  return market_.find(instrument.market)->day_end_after(now_);
}

// ---- commands ----

Result<Desk::Taken> Desk::place(const PlaceOrder& command) {
  AccountStanding& standing = market_.standings.of(command.account);
  if (const Verdict bad = check_entrant(command.account, standing)) return *bad;
  const Instrument* const found = market_.find(command.instrument);
  if (found == nullptr) return Reject::instrument_unknown;
  const Instrument& instrument = *found;
  const Phase phase = phase_of(instrument);
  if (const Verdict bad = check_phase(phase, command, instrument.rules)) return *bad;
  if (const Verdict bad = check_limits(command.quantity, command.price, instrument.terms))
    return *bad;
  if (const Verdict bad = check_prices(command, instrument)) return *bad;
  if (command.time_in_force == TimeInForce::gtd && command.expire_at <= now_)
    return Reject::expiry_past;
  if (const Verdict bad = check_ids(command)) return *bad;
  if (standing.cash == kNoSlot || standing.currency != instrument.terms.currency) {
    standing.currency = instrument.terms.currency;
    standing.cash = state_.cash.find(command.account, instrument.terms.currency);
  }
  Picks picks;
  if (command.side == Side::sell) {
    if (const Verdict bad = check_sender(command.account, standing)) return *bad;
    if (const Verdict bad =
            pick_lots(command.account, instrument, command.quantity, command.lots, picks))
      return *bad;
  } else {
    if (const Verdict bad = check_receivers(command, instrument, standing)) return *bad;
  }
  const OrderSlot slot = draft(command, instrument, standing.cash);
  Order& order = market_.store.orders[slot];
  Incoming taker = incoming(slot, instrument, limit_of(command, instrument.terms));
  const auto refuse = [&](Reject code) {
    market_.store.orders.give_back(slot);
    return code;
  };
  const bool in_call = gathers(phase);
  if (command.type == OrderType::market_to_limit && !in_call) {
    const OrderSlot best = next_maker(taker);
    if (best == kNoSlot) return refuse(Reject::no_liquidity);
    taker.limit = level_of(this->order(best)).price;
  }
  Cash needed;
  if (order.side == Side::buy) {
    needed = worst_case(order, taker.limit, instrument.terms);
    if (order.cash == kNoSlot || state_.cash.get(order.cash).available < needed)
      return refuse(Reject::cash_not_available);
  }
  if (const Verdict bad = check_entry(command, taker)) return refuse(bad->code);

  // From here on the order is taken in.
  if (order.cash == kNoSlot) {
    standing.cash = state_.cash.open(command.account, instrument.terms.currency);
    order.cash = standing.cash;
  }
  market_.last_order = next(market_.last_order);
  order.id = market_.last_order;
  if (order.side == Side::buy) {
    state_.cash.reserve(order.cash, needed);
    order.reserved = needed;
  } else {
    order.promise = kNoPromise;
    promise(slot, picks);
  }
  const Instant expire_at = expiry_of(command, instrument);
  if (command.client_order_id.is_set() || expire_at.is_set() || command.cancel_on_disconnect ||
      command.stop_price.is_positive() || command.peak.is_positive())
    take_extra(slot, command, instrument, taker.limit, expire_at);
  events_.append(OrderAccepted{.order = order.id,
                               .account = order.account,
                               .instrument = command.instrument,
                               .side = order.side,
                               .type = order.type,
                               .time_in_force = order.time_in_force,
                               .price = command.price,
                               .quantity = order.total,
                               .expire_at = expire_at,
                               .client_order_id = command.client_order_id});
  Taken taken{.id = order.id, .filled = Quantity(), .open = order.open};
  if (command.stop_price.is_zero()) {
    if (in_call && command.type != OrderType::limit && command.protection_price.is_zero())
      taker.limit = Price();
    taken = run(taker);
  } else if (!in_call && is_through(command.side, command.stop_price, instrument.last)) {
    taken = trigger(slot, instrument);
  } else {
    wait(slot, instrument);
  }
  fire_stops();
  return taken;
}

// The order with what the command says of it; it has no id and promises nothing yet.
inline OrderSlot Desk::draft(const PlaceOrder& command,
                             const Instrument& instrument,
                             CashSlot cash) {
  const OrderSlot slot = market_.store.orders.take();
  Order& drafted = order(slot);
  drafted.account = command.account;
  drafted.side = command.side;
  drafted.type = command.type;
  drafted.time_in_force = command.time_in_force;
  drafted.total = command.quantity;
  drafted.open = command.quantity;
  drafted.nominated = !command.lots.empty();
  drafted.post_only = command.post_only;
  drafted.self_trade = command.self_trade;
  drafted.fees = schedule_for(command.account, instrument);
  drafted.cash = cash;
  return slot;
}

// What an order asks of the book that it enters. A stop asks nothing of it yet; in a call nothing
// trades.
inline Verdict Desk::check_entry(const PlaceOrder& command, const Incoming& taker) const {
  if (!command.post_only && command.min_quantity.is_zero()) [[likely]]
    return std::nullopt;
  const bool in_call = gathers(phase_of(taker.listed));
  if (command.post_only && !in_call && next_maker(taker) != kNoSlot)
    return Reject::post_only_would_trade;
  if (command.min_quantity.is_positive() &&
      (in_call || available(taker, command.min_quantity) < command.min_quantity))
    return Reject::min_quantity_not_met;
  return std::nullopt;
}

// The schedule of the tier that the account's participant has reached in this market, this month.
inline std::uint32_t Desk::schedule_for(AccountId account, const Instrument& instrument) const {
  const Venue& venue = *market_.find(instrument.market);
  if (venue.tiers.empty()) [[likely]]
    return venue.fees;
  const auto traded = market_.volumes.find({.participant = state_.parties.get(account).participant,
                                            .market = instrument.market,
                                            .dimension = instrument.terms.dimension});
  std::uint32_t schedule = venue.fees;
  if (traded == market_.volumes.end() || traded->second.month != month_of(date_of(now_)))
    return schedule;
  for (const TierPlace& tier : venue.tiers) {
    if (tier.volume_from <= traded->second.amount) schedule = tier.fees;
  }
  return schedule;
}

// Keeps what only some orders have.
void Desk::take_extra(OrderSlot slot,
                      const PlaceOrder& command,
                      const Instrument& instrument,
                      Price limit,
                      Instant expire_at) {
  Order& taken = order(slot);
  OrderExtra& extra = extra_of(taken);
  extra.client_order_id = command.client_order_id;
  extra.expire_at = expire_at;
  if (command.cancel_on_disconnect) extra.session = client_;
  if (command.stop_price.is_zero() && command.peak.is_zero()) return;
  taken.is_iceberg = command.peak.is_positive();
  const Quantity least = std::max(instrument.rules.min_visible, Quantity(1));
  extra.condition = market_.conditions.take();
  market_.conditions[extra.condition] = {.stop_price = command.stop_price,
                                         .limit = limit,
                                         .peak = command.peak,
                                         .min_visible = command.min_visible.is_zero()
                                                            ? std::min(least, command.peak)
                                                            : command.min_visible,
                                         .hidden = Quantity()};
}

// The worst price at which the order may trade.
inline Price Desk::limit_of(const PlaceOrder& command, const InstrumentTerms& terms) {
  if (command.type == OrderType::limit) return command.price;
  if (command.side == Side::sell) return terms.price_min;
  return command.protection_price.is_zero() ? terms.price_max : command.protection_price;
}

Desk::Incoming Desk::incoming(OrderSlot slot, const Instrument& instrument, Price limit) const {
  const bool buys = order(slot).side == Side::buy;
  return {.slot = slot,
          .instrument = instrument.id,
          .listed = instrument,
          .limit = limit,
          .floor = buys ? instrument.terms.price_min : Price(),
          .reach = buys ? instrument.narrower : instrument.wider};
}

// Trades what can be traded at once, then rests or ends the order by its kind; one that `stood` in
// the book stands there again. In a call, and at any price, it only rests.
Desk::Taken Desk::run(const Incoming& incoming, bool stood) {
  const Order& order = market_.store.orders[incoming.slot];
  const OrderId id = order.id;
  if (incoming.limit.is_zero() || gathers(phase_of(incoming.listed))) [[unlikely]] {
    return join_call(incoming);
  }
  before_.clear();
  const bool fok_fails =
      order.time_in_force == TimeInForce::fok && available(incoming, order.open) < order.open;
  const Matched matched = fok_fails ? Matched::done : match(incoming);
  if (matched == Matched::outside) interrupt(incoming);
  const Quantity filled = order.filled();
  const Quantity open = order.open;
  if (open.is_zero()) {
    end(incoming.slot, incoming.instrument, OrderEnd::filled);
  } else if (matched == Matched::prevented) {
    end(incoming.slot, incoming.instrument, OrderEnd::stp);
  } else if (fok_fails) {
    end(incoming.slot, incoming.instrument, OrderEnd::fok);
  } else if (order.time_in_force == TimeInForce::ioc) {
    end(incoming.slot, incoming.instrument, OrderEnd::ioc);
  } else if (matched == Matched::outside && order.time_in_force == TimeInForce::continuous_only) {
    end(incoming.slot, incoming.instrument, OrderEnd::phase);
  } else if (order.type == OrderType::market && !stood && matched == Matched::done) {
    end(incoming.slot, incoming.instrument, OrderEnd::market_remainder);
  } else {
    rest(incoming);
    return {.id = id, .filled = filled, .open = open};
  }
  return {.id = id, .filled = filled, .open = Quantity()};
}

// A stop may fire when a collar has just begun a call: what no call takes ends then.
Desk::Taken Desk::join_call(const Incoming& incoming) {
  const Order& order = market_.store.orders[incoming.slot];
  const Taken taken{.id = order.id, .filled = order.filled(), .open = order.open};
  OrderEnd reason{};
  switch (order.time_in_force) {
    case TimeInForce::ioc:
      reason = OrderEnd::ioc;
      break;
    case TimeInForce::fok:
      reason = OrderEnd::fok;
      break;
    case TimeInForce::continuous_only:
      reason = OrderEnd::phase;
      break;
    case TimeInForce::gtc:
    case TimeInForce::day:
    case TimeInForce::gtd:
    case TimeInForce::auction_only:
      rest(incoming);
      return taken;
  }
  end(incoming.slot, incoming.instrument, reason);
  return {.id = taken.id, .filled = taken.filled, .open = Quantity()};
}

OrderExtra& Desk::extra_of(Order& order) {
  if (order.extra == kNoSlot) order.extra = market_.extras.take();
  return market_.extras[order.extra];
}

// The live order that is meant. A foreign id answers like an unknown one.
Result<OrderSlot> Desk::find_target(const OrderRef& target) const {
  OrderSlot slot = kNoSlot;
  if (target.order.is_set()) {
    slot = market_.find_order(target.order);
  } else if (target.client_order_id.is_set()) {
    slot = market_.by_client_id.find({target.account, target.client_order_id});
  }
  if (slot == kNoSlot || order(slot).account != target.account) return Reject::order_unknown;
  return slot;
}

Result<Desk::Taken> Desk::cancel(const CancelOrder& command) {
  const Result<OrderSlot> target = find_target(command.target);
  if (!target) return target.refusal();
  const OrderId id = order(*target).id;
  end(*target, OrderEnd::user);
  return Taken{.id = id, .filled = Quantity(), .open = Quantity()};
}

}  // namespace origo
