#include "engine/market/desk.h"

#include <algorithm>
#include <map>

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

Verdict Desk::check_receivers(const PlaceOrder& command, const Instrument& instrument,
                              Standing& standing) const {
  const Date today = date_of(now_);
  if (standing.may_buy_as_of == state_.standing_version && standing.may_buy_on == today) return std::nullopt;
  if (!can_receive(command.account, instrument)) return Reject::receiving_account_missing;
  const Participant& holder =
      state_.parties.get(state_.parties.get(command.account).participant);
  for (const RegistryId registry : instrument.registries) {
    const SchemeId scheme = state_.registry.scheme_on(state_.registry.get(registry).scheme, today);
    if (!scheme.is_set()) continue;  // nothing can be issued or moved there today
    const std::vector<ParticipantKind>& receivers = state_.registry.get(scheme).receivers;
    const bool may = std::any_of(receivers.begin(), receivers.end(), [&](ParticipantKind kind) {
      return Parties::has_kind(holder, kind);
    });
    if (!may) return Refusal(Reject::receiver_barred, state_.registry.get(registry).code);
  }
  standing.may_buy_as_of = state_.standing_version;
  standing.may_buy_on = today;
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
  Standing& standing = market_.standings.of(command.account, instrument.id);
  if (standing.cash == kNoSlot) standing.cash = state_.cash.find(command.account, instrument.terms.currency);
  Picks picks;
  if (command.side == Side::sell) {
    const Verdict bad =
        pick_lots(command.account, instrument, standing, command.quantity, command.lots, picks);
    if (bad) return *bad;
  } else {
    if (const Verdict bad = check_receivers(command, instrument, standing)) return *bad;
  }
  const OrderSlot slot = market_.store.orders.take();
  Order& order = market_.store.orders[slot];
  order.account = command.account;
  order.side = command.side;
  order.type = command.type;
  order.time_in_force = command.time_in_force;
  order.total = command.quantity;
  order.open = command.quantity;
  order.nominated = !command.lots.empty();
  order.post_only = command.post_only;
  order.self_trade = command.self_trade;
  order.fees = market_.find(instrument.market)->fees;
  order.cash = standing.cash;
  Incoming taker = incoming(slot, instrument, limit_of(command, instrument.terms));
  const auto refuse = [&](Reject code) {
    market_.store.orders.give_back(slot);
    return code;
  };
  if (command.type == OrderType::market_to_limit) {
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
  if (command.post_only && next_maker(taker) != kNoSlot)
    return refuse(Reject::post_only_would_trade);
  if (command.min_quantity.is_positive() && available(taker, command.min_quantity) < command.min_quantity)
    return refuse(Reject::min_quantity_not_met);

  // From here on the order is taken in.
  if (order.cash == kNoSlot) {
    standing.cash = state_.cash.open(command.account, instrument.terms.currency);
    order.cash = standing.cash;
  }
  market_.last_order = next(market_.last_order);
  order.id = market_.last_order;
  if (order.side == Side::buy) {
    order.reserved = Cash();
    set_reserved(order, needed);
  } else {
    order.promise = kNoPromise;
    promise(slot, picks);
  }
  const Instant expire_at = expiry_of(command, instrument);
  if (command.client_order_id.is_set() || expire_at.is_set()) {
    OrderExtra& extra = extra_of(order);
    extra.client_order_id = command.client_order_id;
    extra.expire_at = expire_at;
  }
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
  return run(taker);
}

// The worst price at which the order may trade.
Price Desk::limit_of(const PlaceOrder& command, const InstrumentTerms& terms) {
  if (command.type == OrderType::limit) return command.price;
  if (command.side == Side::sell) return terms.price_min;
  return command.protection_price.is_zero() ? terms.price_max : command.protection_price;
}

Desk::Incoming Desk::incoming(OrderSlot slot, const Instrument& instrument, Price limit) const {
  const bool buys = order(slot).side == Side::buy;
  return {.slot = slot,
          .instrument = instrument.id,
          .limit = limit,
          .floor = buys ? instrument.terms.price_min : Price(),
          .reach = buys ? instrument.narrower : instrument.wider};
}

// Trades what can be traded at once, then rests or ends the order by its kind.
Desk::Taken Desk::run(const Incoming& incoming) {
  const Order& order = market_.store.orders[incoming.slot];
  const OrderId id = order.id;
  const bool fok_fails =
      order.time_in_force == TimeInForce::fok && available(incoming, order.open) < order.open;
  const bool stopped = !fok_fails && !match(incoming);
  const Quantity filled = order.filled();
  const Quantity open = order.open;
  if (open.is_zero()) {
    end(incoming.slot, incoming.instrument, OrderEnd::filled);
  } else if (stopped) {
    end(incoming.slot, incoming.instrument, OrderEnd::stp);
  } else if (fok_fails) {
    end(incoming.slot, incoming.instrument, OrderEnd::fok);
  } else if (order.time_in_force == TimeInForce::ioc) {
    end(incoming.slot, incoming.instrument, OrderEnd::ioc);
  } else if (order.type == OrderType::market) {
    end(incoming.slot, incoming.instrument, OrderEnd::market_remainder);
  } else {
    rest(incoming);
    return {.id = id, .filled = filled, .open = open};
  }
  return {.id = id, .filled = filled, .open = Quantity()};
}

OrderExtra& Desk::extra_of(Order& order) {
  if (order.extra == kNoSlot) order.extra = market_.extras.take();
  return market_.extras[order.extra];
}

// The live order that is meant. A foreign id answers like an unknown one.
Result<OrderSlot> Desk::find_target(const OrderRef& target) const {
  OrderSlot slot = kNoSlot;
  if (target.order.is_set()) {
    slot = market_.by_id.find(target.order);
  } else if (target.client_order_id.is_set()) {
    slot = market_.by_client_id.find({target.account, target.client_order_id});
  }
  if (slot == kNoSlot || order(slot).account != target.account) return Reject::order_unknown;
  return slot;
}

Result<Desk::Taken> Desk::amend(const AmendOrder& command) {
  const Result<OrderSlot> target = find_target(command.target);
  if (!target) return target.refusal();
  const Quantity total = command.quantity.is_zero() ? order(*target).total : command.quantity;
  const Price price = command.price.is_zero() ? level_of(order(*target)).price : command.price;
  return amend_to(*target, total, price);
}

Result<Desk::Taken> Desk::reduce(const ReduceOrder& command) {
  const Result<OrderSlot> target = find_target(command.target);
  if (!target) return target.refusal();
  const Order& resting = order(*target);
  const Quantity by = std::min(command.by, resting.open);
  return amend_to(*target, resting.total - by, level_of(resting).price);
}

Result<Desk::Taken> Desk::amend_to(OrderSlot slot, Quantity total, Price price) {
  Order& amended = order(slot);
  const Instrument& instrument = instrument_of(amended);
  const OrderId id = amended.id;
  const Quantity filled = amended.filled();
  const Price price_before = level_of(amended).price;
  if (total == amended.total && price == price_before) return Reject::quantity_unchanged;
  const Phase phase = market_.find(instrument.market)->phase;
  const bool requeues = total > amended.total || price != price_before;
  if (requeues && phase != Phase::continuous) return Reject::phase_closed;
  if (total > instrument.terms.quantity_max) return Reject::quantity_off_limits;
  if (const Verdict bad = check_price(price, instrument.terms)) return *bad;
  const Incoming again = incoming(slot, instrument, price);
  if (requeues && amended.post_only && total > filled && next_maker(again) != kNoSlot)
    return Reject::post_only_would_trade;
  if (total <= filled) {
    end(slot, OrderEnd::amend);
    return Taken{.id = id, .filled = Quantity(), .open = Quantity()};
  }
  if (!requeues) {
    shrink(slot, amended.total - total, price, instrument);
    return Taken{.id = id, .filled = Quantity(), .open = amended.open};
  }
  // Promises for the new terms, judged before anything changes.
  Picks more;
  Cash needed;
  if (amended.side == Side::buy) {
    Order wanted = amended;
    wanted.total = total;
    wanted.open = total - filled;
    needed = worst_case(wanted, price, instrument.terms);
    if (needed > amended.reserved + state_.cash.get(amended.cash).available) return Reject::cash_not_available;
  } else if (total > amended.total) {
    if (const Verdict bad = pick_more(amended, total - amended.total, more)) return *bad;
  }

  const LevelReport level = leave_book(slot);
  if (amended.side == Side::sell && total < amended.total) release_contracts(slot, amended.total - total);
  if (amended.side == Side::sell && total > amended.total) promise(slot, more);
  amended.total = total;
  amended.open = total - filled;
  if (amended.side == Side::buy) set_reserved(amended, needed);
  say_amended(amended, instrument.id, price, requeues);
  say_level(level);
  market_.last_order = next(market_.last_order);
  extra_of(amended).priority = market_.last_order;
  Taken result = run(again);
  result.filled -= filled;  // at once, by this amendment
  return result;
}

// Takes `by` off what is open and keeps the order's place, if it has one. Requires: less than is open.
void Desk::shrink(OrderSlot slot, Quantity by, Price price, const Instrument& instrument) {
  Order& shrinking = order(slot);
  ENSURE(by < shrinking.open);
  if (shrinking.side == Side::sell) release_contracts(slot, by);
  shrinking.total -= by;
  shrinking.open -= by;
  if (shrinking.side == Side::buy) set_reserved(shrinking, worst_case(shrinking, price, instrument.terms));
  say_amended(shrinking, instrument.id, price, false);
  if (!shrinking.resting()) return;
  Level& level = market_.store.levels[shrinking.level];
  level.open -= by;
  say_level(report_of(level));
}

void Desk::say_amended(const Order& amended, InstrumentId instrument, Price price, bool requeued) {
  events_.append(OrderAmended{.order = amended.id,
                              .instrument = instrument,
                              .side = amended.side,
                              .price = price,
                              .quantity = amended.total,
                              .open = amended.open,
                              .requeued = requeued});
}

Result<Desk::Taken> Desk::cancel(const CancelOrder& command) {
  const Result<OrderSlot> target = find_target(command.target);
  if (!target) return target.refusal();
  const OrderId id = order(*target).id;
  end(*target, OrderEnd::user);
  return Taken{.id = id, .filled = Quantity(), .open = Quantity()};
}

Result<std::uint64_t> Desk::mass_cancel(const MassCancel& command) {
  if (command.instrument.is_set() && market_.find(command.instrument) == nullptr)
    return Reject::instrument_unknown;
  std::uint64_t ended = 0;
  market_.for_each_order_of(command.account, [&](OrderSlot slot) {
    const Level& level = level_of(order(slot));
    const bool meant =
        (!command.instrument.is_set() || level.place.instrument() == command.instrument) &&
        (command.side == 0 || level.place.side() == static_cast<Side>(command.side)) &&
        level.price >= command.price_min &&
        (command.price_max.is_zero() || level.price <= command.price_max);
    if (!meant) return;
    end(slot, OrderEnd::mass);
    ++ended;
  });
  return ended;
}

// ---- what happens to orders without being asked ----

void Desk::end_orders_on_lot(LotId lot, OrderEnd reason) {
  for (HoldingSlot holding = state_.holdings.first_of_lot(lot); holding != kNoSlot;
       holding = state_.holdings.get(holding).next_of_lot) {
    const std::uint32_t sells = state_.holdings.get(holding).sells;
    if (sells == kNoSlot) continue;
    std::map<OrderId, OrderSlot> meant;  // oldest first
    market_.lot_orders[sells].for_each(market_.store.orders, [&](OrderSlot slot) {
      market_.for_each_promise(order(slot), [&](HoldingSlot of, std::uint32_t, Quantity) {
        if (of == holding) meant.emplace(order(slot).id, slot);
      });
    });
    for (const auto& [id, slot] : meant) end(slot, reason);
  }
}

void Desk::end_orders_of_account(AccountId account, OrderEnd reason) {
  market_.for_each_order_of(account, [&](OrderSlot slot) { end(slot, reason); });
}

void Desk::end_orders_without_receiver(ParticipantId participant, OrderEnd reason) {
  for (const AccountId account : state_.parties.get(participant).accounts) {
    market_.for_each_order_of(account, [&](OrderSlot slot) {
      if (order(slot).side == Side::buy && !can_receive(account, instrument_of(order(slot)))) end(slot, reason);
    });
  }
}

void Desk::end_day_orders(MarketId market) {
  std::vector<OrderSlot> slots;
  for (const Due& due : state_.due) {
    if (due.kind != DueKind::order) continue;
    const OrderSlot slot = market_.by_id.find(OrderId(due.id));
    ENSURE(slot != kNoSlot);
    const bool meant = order(slot).time_in_force == TimeInForce::day &&
                       instrument_of(order(slot)).market == market;
    if (meant) slots.push_back(slot);
  }
  for (const OrderSlot slot : slots) end(slot, OrderEnd::day);
}

void Desk::expire_order(OrderId id) {
  const OrderSlot slot = market_.by_id.find(id);
  ENSURE(slot != kNoSlot);
  end(slot, order(slot).time_in_force == TimeInForce::day ? OrderEnd::day : OrderEnd::expired);
}

bool Desk::restore(const std::vector<OrderImage>& images) {
  struct Place {
    const OrderImage* image;
    OrderSlot slot;
  };
  std::vector<Place> queue;
  for (const OrderImage& image : images) {
    const bool sound = image.id.is_set() && market_.by_id.find(image.id) == kNoSlot &&
                       market_.find(image.instrument) != nullptr &&
                       state_.parties.find(image.account) != nullptr &&
                       image.fees < market_.schedules.size() && image.open.is_positive() &&
                       image.price.is_positive() && (image.side == Side::buy || !image.promised.empty());
    if (!sound) return false;
    const OrderSlot slot = market_.revive(image);
    Order& revived = order(slot);
    if (image.side == Side::buy) {
      revived.reserved = image.reserved;
    } else if (image.promised.size() == 1) {
      const PromisedContracts& only = image.promised.front();
      revived.promise = {.holding = only.holding, .units_per_contract = only.units_per_contract};
      join_holding(only.holding, slot);
    } else {
      revived.is_split = true;
      revived.split = kNoParts;
      for (const PromisedContracts& part : image.promised)
        add_part(slot, {.holding = part.holding,
                        .units_per_contract = part.units_per_contract,
                        .contracts = part.contracts});
    }
    market_.enrol(slot);
    queue.push_back({.image = &image, .slot = slot});
  }
  std::ranges::sort(queue, {}, [](const Place& place) { return place.image->priority; });
  for (const Place& place : queue) {
    const OrderImage& image = *place.image;
    market_.book(image.instrument)
        .side(image.side)
        .link(market_.store, place.slot, image.price, BookPlace(image.instrument, image.side));
  }
  return true;
}

}  // namespace origo
