#include "engine/market/desk.h"

#include <algorithm>

namespace origo {

// ---- checks, in the market's order: state, phase, limits, collar, duplicate, promises ----

Verdict Desk::check_standing(const PlaceOrder& command) const {
  const Account& account = state_.parties.get(command.account);
  if (state_.parties.get(account.participant).frozen) return Reject::participant_frozen;
  if (account.frozen) return Reject::account_frozen;
  const Instrument* instrument = market_.find(command.instrument);
  if (instrument == nullptr) return Reject::instrument_unknown;
  if (market_.find(instrument->market)->phase != Phase::continuous) return Reject::phase_closed;
  return std::nullopt;
}

Verdict Desk::check_price(Price price, const InstrumentTerms& terms) const {
  if (price < terms.price_min || price > terms.price_max) return Reject::price_outside_collar;
  return std::nullopt;
}

// Whether the holder of `account` could take delivery of `instrument` from each registry it comes from.
bool Desk::can_receive(AccountId account_id, const Instrument& instrument) const {
  const Account& account = state_.parties.get(account_id);
  return std::all_of(
      instrument.registries.begin(), instrument.registries.end(), [&](RegistryId registry) {
        return account.registry == registry ||
               state_.parties.receiving_account(account.participant, registry).is_set();
      });
}

Verdict Desk::check_receivers(const PlaceOrder& command, const Instrument& instrument) const {
  if (!can_receive(command.account, instrument)) return Reject::receiving_account_missing;
  const Participant& holder =
      state_.parties.get(state_.parties.get(command.account).participant);
  const Date today = date_of(now_);
  for (const RegistryId registry : instrument.registries) {
    const SchemeId scheme = state_.registry.scheme_on(state_.registry.get(registry).scheme, today);
    if (!scheme.is_set()) continue;  // nothing can be issued or moved there today
    const std::vector<ParticipantKind>& receivers = state_.registry.get(scheme).receivers;
    const bool may = std::any_of(receivers.begin(), receivers.end(), [&](ParticipantKind kind) {
      return Parties::has_kind(holder, kind);
    });
    if (!may) return Refusal(Reject::receiver_barred, state_.registry.get(registry).code);
  }
  return std::nullopt;
}

Instant Desk::expiry_of(const PlaceOrder& command, const Instrument& instrument) const {
  if (command.time_in_force == TimeInForce::gtd) return command.expire_at;
  if (command.time_in_force != TimeInForce::day) return {};
  const std::vector<Instant>& ends = market_.find(instrument.market)->day_ends;
  const auto next_end = std::upper_bound(ends.begin(), ends.end(), now_);
  return next_end == ends.end() ? end_of(date_of(now_)) : *next_end;
}

// ---- commands ----

Result<Desk::Taken> Desk::place(const PlaceOrder& command) {
  if (const Verdict bad = check_standing(command)) return *bad;
  const Instrument& instrument = market_.get(command.instrument);
  if (command.quantity > instrument.terms.quantity_max) return Reject::quantity_off_limits;
  if (command.type == OrderType::limit) {
    if (const Verdict bad = check_price(command.price, instrument.terms)) return *bad;
  } else if (!command.protection_price.is_zero()) {
    if (const Verdict bad = check_price(command.protection_price, instrument.terms)) {
      return Refusal(bad->code, "protection_price");
    }
  }
  if (command.time_in_force == TimeInForce::gtd && command.expire_at <= now_) return Reject::expiry_past;
  if (command.client_order_id.is_set() &&
      market_.by_client_id.find({command.account, command.client_order_id}) != kNoSlot)
    return Reject::client_order_id_live;
  Picks picks;
  if (command.side == Side::sell) {
    if (const Verdict bad = pick_lots(command, instrument, picks)) return *bad;
  } else {
    if (const Verdict bad = check_receivers(command, instrument)) return *bad;
  }

  Order draft = draft_of(command, instrument);
  Cash needed;
  if (command.side == Side::buy) {
    needed = worst_case(draft);
    if (state_.cash.available(command.account, instrument.terms.currency) < needed)
      return Reject::cash_not_available;
  }

  // From here on the order is taken in.
  const OrderSlot slot = market_.orders.take();
  Order& order = market_.orders[slot];
  order = draft;
  order.cash = state_.cash.open(command.account, instrument.terms.currency);
  if (order.side == Side::buy) {
    set_reserved(order, needed);
  } else {
    reserve(slot, picks);
  }
  market_.last_order = next(market_.last_order);
  order.id = market_.last_order;
  market_.by_id.insert(order.id, slot);
  if (order.client_order_id.is_set())
    market_.by_client_id.insert({order.account, order.client_order_id}, slot);
  if (market_.account_orders.size() <= order.account.value())
    market_.account_orders.resize(order.account.value() + std::size_t{1});
  AccountOrders& own = market_.account_orders[order.account.value()];
  order.previous_of_account = own.last;
  (own.last == kNoSlot ? own.first : market_.orders[own.last].next_of_account) = slot;
  own.last = slot;
  if (order.expire_at.is_set())
    state_.due.insert({.at = order.expire_at, .kind = DueKind::order, .id = order.id.value()});
  events_.append(OrderAccepted{.order = order.id,
                               .account = order.account,
                               .instrument = order.instrument,
                               .side = order.side,
                               .type = order.type,
                               .time_in_force = order.time_in_force,
                               .price = command.price,
                               .quantity = order.total,
                               .expire_at = order.expire_at,
                               .client_order_id = order.client_order_id});
  return run(slot);
}

// The order that the command describes, not yet live.
Order Desk::draft_of(const PlaceOrder& command, const Instrument& instrument) const {
  Order order;
  order.account = command.account;
  order.instrument = command.instrument;
  order.side = command.side;
  order.type = command.type;
  order.time_in_force = command.time_in_force;
  order.price = command.price;
  if (command.type == OrderType::market) {
    const bool own_protection = !command.protection_price.is_zero();
    order.price = command.side == Side::sell ? instrument.terms.price_min
                  : own_protection           ? command.protection_price
                                             : instrument.terms.price_max;
  }
  order.total = command.quantity;
  order.open = command.quantity;
  order.client_order_id = command.client_order_id;
  order.expire_at = expiry_of(command, instrument);
  order.nominated = !command.lots.empty();
  order.fees = market_.find(instrument.market)->fees;
  return order;
}

// Trades what can be traded at once, then rests or ends the order by its kind.
Desk::Taken Desk::run(OrderSlot slot) {
  Order& order = market_.orders[slot];
  const OrderId id = order.id;
  const bool fok_fails = order.time_in_force == TimeInForce::fok && !can_fill(order);
  if (!fok_fails) match(slot);
  const Quantity filled = order.filled();
  const Quantity open = order.open;
  if (open.is_zero()) {
    end(slot, OrderEnd::filled);
  } else if (fok_fails) {
    end(slot, OrderEnd::fok);
  } else if (order.time_in_force == TimeInForce::ioc) {
    end(slot, OrderEnd::ioc);
  } else if (order.type == OrderType::market) {
    end(slot, OrderEnd::market_remainder);
  } else {
    rest(slot);
    return {.id = id, .filled = filled, .open = open};
  }
  return {.id = id, .filled = filled, .open = Quantity()};
}

// The live order that is meant. A foreign id answers like an unknown one.
Result<OrderSlot> Desk::find_target(const OrderRef& target) const {
  OrderSlot slot = kNoSlot;
  if (target.order.is_set()) {
    slot = market_.by_id.find(target.order);
  } else if (target.client_order_id.is_set()) {
    slot = market_.by_client_id.find({target.account, target.client_order_id});
  }
  if (slot == kNoSlot || market_.orders[slot].account != target.account) return Reject::order_unknown;
  return slot;
}

Result<Desk::Taken> Desk::amend(const AmendOrder& command) {
  const Result<OrderSlot> target = find_target(command.target);
  if (!target) return target.refusal();
  const Order& order = market_.orders[*target];
  const Quantity total = command.quantity.is_zero() ? order.total : command.quantity;
  const Price price = command.price.is_zero() ? order.price : command.price;
  return amend_to(*target, total, price);
}

Result<Desk::Taken> Desk::reduce(const ReduceOrder& command) {
  const Result<OrderSlot> target = find_target(command.target);
  if (!target) return target.refusal();
  const Order& order = market_.orders[*target];
  const Quantity by = std::min(command.by, order.open);
  return amend_to(*target, order.total - by, order.price);
}

Result<Desk::Taken> Desk::amend_to(OrderSlot slot, Quantity total, Price price) {
  Order& order = market_.orders[slot];
  const Instrument& instrument = market_.get(order.instrument);
  const OrderId id = order.id;
  const Quantity filled = order.filled();
  if (total == order.total && price == order.price) return Reject::quantity_unchanged;
  const Phase phase = market_.find(instrument.market)->phase;
  const bool requeues = total > order.total || price != order.price;
  if (requeues && phase != Phase::continuous) return Reject::phase_closed;
  if (total > instrument.terms.quantity_max) return Reject::quantity_off_limits;
  if (const Verdict bad = check_price(price, instrument.terms)) return *bad;
  if (total <= filled) {
    end(slot, OrderEnd::amend);
    return Taken{.id = id, .filled = Quantity(), .open = Quantity()};
  }
  // Promises for the new terms, judged before anything changes.
  Picks more;
  Cash needed;
  if (order.side == Side::buy) {
    Order amended = order;
    amended.total = total;
    amended.open = total - filled;
    amended.price = price;
    needed = worst_case(amended);
    if (needed > order.reserved + state_.cash.get(order.cash).available) return Reject::cash_not_available;
  } else if (total > order.total) {
    if (const Verdict bad = pick_more(order, total - order.total, more)) return *bad;
  }

  const Price price_before = order.price;
  if (requeues) {
    leave_book(slot);
  } else {
    market_.book(order.instrument).side(order.side).get(order.price).open -= order.total - total;
  }
  if (order.side == Side::sell && total < order.total) release_contracts(slot, order.total - total);
  if (order.side == Side::sell && total > order.total) reserve(slot, more);
  order.total = total;
  order.open = total - filled;
  order.price = price;
  if (order.side == Side::buy) set_reserved(order, needed);
  events_.append(OrderAmended{.order = id,
                              .instrument = order.instrument,
                              .side = order.side,
                              .price = price,
                              .quantity = total,
                              .open = order.open,
                              .requeued = requeues});
  say_level(order.instrument, order.side, price_before);
  if (!requeues) return Taken{.id = id, .filled = Quantity(), .open = order.open};
  Taken result = run(slot);
  result.filled -= filled;  // at once, by this amendment
  return result;
}

Result<Desk::Taken> Desk::cancel(const CancelOrder& command) {
  const Result<OrderSlot> target = find_target(command.target);
  if (!target) return target.refusal();
  const OrderId id = market_.orders[*target].id;
  end(*target, OrderEnd::user);
  return Taken{.id = id, .filled = Quantity(), .open = Quantity()};
}

Result<std::uint64_t> Desk::mass_cancel(const MassCancel& command) {
  if (command.instrument.is_set() && market_.find(command.instrument) == nullptr)
    return Reject::instrument_unknown;
  std::uint64_t ended = 0;
  if (market_.account_orders.size() <= command.account.value()) return ended;
  OrderSlot slot = market_.account_orders[command.account.value()].first;
  while (slot != kNoSlot) {
    const Order& order = market_.orders[slot];
    const OrderSlot following = order.next_of_account;
    const bool meant =
        (!command.instrument.is_set() || order.instrument == command.instrument) &&
        (command.side == 0 || order.side == static_cast<Side>(command.side)) &&
        order.price >= command.price_min &&
        (command.price_max.is_zero() || order.price <= command.price_max);
    if (meant) {
      end(slot, OrderEnd::mass);
      ++ended;
    }
    slot = following;
  }
  return ended;
}

// ---- what happens to orders without being asked ----

void Desk::end_orders_on_lot(LotId lot, OrderEnd reason) {
  // Ending an order gives back all its reservations, so each step starts anew at the holding's first.
  for (HoldingSlot holding = state_.holdings.first_of_lot(lot); holding != kNoSlot;
       holding = state_.holdings.get(holding).next_of_lot) {
    while (state_.holdings.get(holding).first_reservation != kNoSlot) {
      const ReservationSlot first = state_.holdings.get(holding).first_reservation;
      end(market_.reservations[first].order, reason);
    }
  }
}

void Desk::end_orders_of_account(AccountId account, OrderEnd reason) {
  if (market_.account_orders.size() <= account.value()) return;
  while (market_.account_orders[account.value()].first != kNoSlot)
    end(market_.account_orders[account.value()].first, reason);
}

void Desk::end_orders_without_receiver(ParticipantId participant, OrderEnd reason) {
  for (const AccountId account : state_.parties.get(participant).accounts) {
    if (market_.account_orders.size() <= account.value()) continue;
    OrderSlot slot = market_.account_orders[account.value()].first;
    while (slot != kNoSlot) {
      const Order& order = market_.orders[slot];
      const OrderSlot following = order.next_of_account;
      if (order.side == Side::buy && !can_receive(account, market_.get(order.instrument)))
        end(slot, reason);
      slot = following;
    }
  }
}

void Desk::end_day_orders(MarketId market) {
  std::vector<OrderSlot> slots;
  for (const Due& due : state_.due) {
    if (due.kind != DueKind::order) continue;
    const OrderSlot slot = market_.by_id.find(OrderId(due.id));
    ENSURE(slot != kNoSlot);
    const Order& order = market_.orders[slot];
    const bool meant = order.time_in_force == TimeInForce::day &&
                       market_.get(order.instrument).market == market;
    if (meant) slots.push_back(slot);
  }
  for (const OrderSlot slot : slots) end(slot, OrderEnd::day);
}

void Desk::expire_order(OrderId id) {
  const OrderSlot slot = market_.by_id.find(id);
  ENSURE(slot != kNoSlot);
  const bool day = market_.orders[slot].time_in_force == TimeInForce::day;
  end(slot, day ? OrderEnd::day : OrderEnd::expired);
}

}  // namespace origo
