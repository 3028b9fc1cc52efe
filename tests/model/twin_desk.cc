#include <algorithm>
#include <functional>

#include "tests/model/twin.h"

// The order book of the plain model.
namespace origo {
namespace {

__extension__ using Wide = __int128;

Wide floor_divide(Wide dividend, Wide divisor) {
  const Wide quotient = dividend / divisor;
  return dividend % divisor < 0 ? quotient - 1 : quotient;
}

Wide millionths(const FeeRate& rate, std::int64_t notional, std::int64_t quantity) {
  return Wide{rate.rate_ppm} * notional + Wide{rate.per_contract.value()} * quantity * 1'000'000;
}

bool charges(const FeeRate& rate) {
  return rate.rate_ppm > 0 || rate.per_contract.value() > 0;
}

}  // namespace

// ---- what an order promises ----

bool Twin::matches(const Lot& lot, const std::vector<ClauseSpec>& filter) const {
  for (const ClauseSpec& clause : filter) {
    const auto says = [&](const std::string& word) {
      return std::find(clause.any_of.begin(), clause.any_of.end(), word) != clause.any_of.end();
    };
    const Office& office = offices_.at(lot.registry);
    const int vintage = year_of(lot.period.last);
    const bool fits =
        (clause.attribute == "carrier" && says(lot.carrier)) ||
        (clause.attribute == "scheme" && says(office.scheme.code)) ||
        (clause.attribute == "registry" && says(office.details.code)) ||
        (clause.attribute == "vintage" && clause.min <= vintage && vintage <= clause.max);
    if (!fits) return false;
  }
  return true;
}

// 0: the lot cannot deliver here and now.
std::int64_t Twin::units_per_contract(const Lot& lot, const Instrument& instrument) const {
  const std::vector<RegistryId>& from = instrument.registries;
  const bool of_registry = std::find(from.begin(), from.end(), lot.registry) != from.end();
  const bool in_time =
      now_ < end_of(lot.transferable_until) && now_ < end_of(lot.cancellable_until);
  if (!of_registry || !in_time || !matches(lot, instrument.details.filter)) return 0;
  return instrument.details.terms.contract_size / lot.unit_size;
}

std::int64_t Twin::contracts_in(AccountId account, LotId lot, const Instrument& instrument) const {
  const std::int64_t units = units_per_contract(lots_.at(lot), instrument);
  return units == 0 ? 0 : units_available(account, lot) / units;
}

Reject Twin::pick(const PlaceOrder& c, const std::vector<LotId>& nominated, Promises& into) {
  const Instrument& instrument = instruments_[c.instrument];
  std::vector<LotId> lots = nominated;
  if (nominated.empty()) {
    std::set<std::pair<Date, LotId>> soonest;
    for (const auto& [id, lot] : lots_) soonest.insert({lot.cancellable_until, id});
    for (const auto& [until, id] : soonest) lots.push_back(id);
  }
  std::int64_t missing = c.quantity.value();
  std::set<LotId> seen;
  for (const LotId lot : lots) {
    if (!nominated.empty()) {
      if (units_of(c.account, lot) == 0) return Reject::lot_not_deliverable;
      if (units_per_contract(lots_[lot], instrument) == 0) return Reject::lot_not_deliverable;
      if (!seen.insert(lot).second) return Reject::lot_not_deliverable;
    }
    const std::int64_t contracts = std::min(missing, contracts_in(c.account, lot, instrument));
    if (contracts == 0) continue;
    into.push_back({.lot = lot,
                    .units_per_contract = units_per_contract(lots_[lot], instrument),
                    .contracts = contracts});
    missing -= contracts;
  }
  return missing > 0 ? Reject::certificates_not_available : Reject::accepted;
}

void Twin::unpromise(Order& order, std::int64_t contracts) {
  while (contracts > 0) {
    Promise& last = order.promises.back();
    const std::int64_t part = std::min(contracts, last.contracts);
    last.contracts -= part;
    contracts -= part;
    if (last.contracts == 0) order.promises.pop_back();
  }
}

AccountId Twin::receiver(AccountId buyer, RegistryId registry) const {
  if (accounts_.at(buyer).registry == registry) return buyer;
  for (const AccountId account : participants_.at(accounts_.at(buyer).participant).accounts) {
    if (accounts_.at(account).registry == registry && !accounts_.at(account).frozen) return account;
  }
  return {};
}

bool Twin::can_receive(AccountId buyer, const Instrument& instrument) const {
  for (const RegistryId registry : instrument.registries) {
    if (!receiver(buyer, registry).is_set()) return false;
  }
  return true;
}

// rate x cumulative notional, rounded half up.
std::int64_t Twin::fee_due(const FeeRate& rate, const Role& role) {
  const Wide exact = millionths(rate, role.notional, role.quantity);
  if (exact % 1'000'000 == 500'000) ++halved_fees_;
  if (exact % 1'000'000 == -500'000) ++halved_rebates_;
  return static_cast<std::int64_t>(floor_divide(exact + 500'000, 1'000'000));
}

// All open contracts at the order's price, the dearer role's fee on them, and what rounding may
// add.
std::int64_t Twin::worst_case(const Order& order) const {
  if (order.open == 0) return 0;
  const InstrumentTerms& terms = instruments_.at(order.details.instrument).details.terms;
  const std::int64_t notional = order.price * order.open * terms.tick_value.value();
  const FeeRate dearest{
      .rate_ppm = std::max({order.fees.maker.rate_ppm, order.fees.taker.rate_ppm, 0}),
      .per_contract =
          std::max({order.fees.maker.per_contract, order.fees.taker.per_contract, Cash(0)})};
  Wide fee = millionths(dearest, notional, order.open);
  const auto add_rounding = [&](const FeeRate& rate, const Role& role) {
    const Wide unpaid =
        millionths(rate, role.notional, role.quantity) - Wide{role.paid} * 1'000'000;
    if (charges(rate)) fee += std::max(Wide{0}, unpaid + 500'000);
  };
  add_rounding(order.fees.maker, order.maker);
  add_rounding(order.fees.taker, order.taker);
  return notional + static_cast<std::int64_t>(-floor_divide(-fee, 1'000'000));
}

// ---- entry ----

std::optional<Reject> Twin::syntax_error(const PlaceOrder& c) const {
  const bool market = c.type == OrderType::market;
  const bool limit = c.type == OrderType::limit;
  const bool gtd = c.time_in_force == TimeInForce::gtd;
  if (c.quantity.value() < 1) return Reject::quantity_not_positive;
  if (!limit && c.price.value() != 0) return Reject::price_on_market_order;
  if (market && gtd) return Reject::time_in_force_invalid;
  if (limit && c.price.value() < 1) return Reject::price_not_positive;
  if (c.protection_price.value() != 0 && !(market && c.side == Side::buy))
    return Reject::price_on_market_order;
  if (gtd != c.expire_at.is_set()) return Reject::expiry_missing;
  if (c.side == Side::buy && !c.lots.empty()) return Reject::lots_on_buy;
  if (c.min_quantity.value() < 0 || c.min_quantity > c.quantity) return Reject::min_quantity_invalid;
  const bool rests = limit && c.time_in_force != TimeInForce::ioc && c.time_in_force != TimeInForce::fok;
  if (c.post_only && (!rests || c.min_quantity.value() > 0)) return Reject::post_only_invalid;
  return std::nullopt;
}

Instant Twin::expiry(const PlaceOrder& c) const {
  if (c.time_in_force == TimeInForce::gtd) return c.expire_at;
  if (c.time_in_force != TimeInForce::day) return {};
  for (const Instant end : venues_.at(instruments_.at(c.instrument).details.market).day_ends) {
    if (end > now_) return end;
  }
  return end_of(date_of(now_));
}

Answer Twin::execute(const PlaceOrder& c) {
  if (const auto bad = syntax_error(c)) return refuse(*bad);
  if (!owns(c.account)) return refuse(Reject::account_unknown);
  if (frozen(c.account) != Reject::accepted) return refuse(frozen(c.account));
  const Instrument& instrument = instruments_.at(c.instrument);
  const InstrumentTerms& terms = instrument.details.terms;
  const Venue& venue = venues_[instrument.details.market];
  if (venue.phase != Phase::continuous) return refuse(Reject::phase_closed);
  if (c.quantity > terms.quantity_max) return refuse(Reject::quantity_off_limits);
  const bool market = c.type != OrderType::limit;
  const Price limit = market ? c.protection_price : c.price;
  const bool has_limit = !market || limit.value() != 0;
  if (has_limit && (limit < terms.price_min || limit > terms.price_max))
    return refuse(Reject::price_outside_collar);
  if (c.time_in_force == TimeInForce::gtd && c.expire_at <= now_)
    return refuse(Reject::expiry_past);
  for (const auto& [id, order] : orders_) {
    if (c.client_order_id.is_set() && order.details.account == c.account &&
        order.details.client_order_id == c.client_order_id)
      return refuse(Reject::client_order_id_live);
  }

  Order order{
      .details = c, .total = c.quantity.value(), .open = c.quantity.value(), .fees = venue.fees};
  order.expire_at = expiry(c);
  order.price =
      has_limit ? limit.value() : (c.side == Side::buy ? terms.price_max : terms.price_min).value();
  if (c.side == Side::sell) {
    Promises promises;
    const Reject bad = pick(c, c.lots, promises);
    if (bad != Reject::accepted) return refuse(bad);
    order.promises.assign(promises.begin(), promises.end());
  }
  if (c.side == Side::buy) {
    if (!can_receive(c.account, instrument)) return refuse(Reject::receiving_account_missing);
    for (const RegistryId registry : instrument.registries) {
      if (!has_kind(c.account, offices_[registry].scheme.receivers))
        return refuse(Reject::receiver_barred);
    }
  }
  if (c.type == OrderType::market_to_limit) {
    const OrderId best = best_opposite(order);
    if (!best.is_set()) return refuse(Reject::no_liquidity);
    order.price = orders_[best].price;
  }
  if (c.side == Side::buy) {
    order.reserved = worst_case(order);
    if (cash_available(c.account, terms.currency) < order.reserved)
      return refuse(Reject::cash_not_available);
  }
  if (c.post_only && best_opposite(order).is_set()) return refuse(Reject::post_only_would_trade);
  if (fillable(order) < c.min_quantity.value()) return refuse(Reject::min_quantity_not_met);
  order.id = OrderId(++orders_taken_);
  order.place = orders_taken_;
  orders_[order.id] = order;
  say(OrderAccepted{.order = order.id,
                    .account = c.account,
                    .instrument = c.instrument,
                    .side = c.side,
                    .type = c.type,
                    .time_in_force = c.time_in_force,
                    .price = c.price,
                    .quantity = c.quantity,
                    .expire_at = order.expire_at,
                    .client_order_id = c.client_order_id});
  return match(orders_[order.id]);
}

// ---- the end of orders ----

void Twin::say_level(InstrumentId id, Side side, std::int64_t price) {
  LevelChanged level{
      .instrument = id, .side = side, .price = Price(price), .open = {}, .orders = 0};
  const auto& levels = side == Side::buy ? instruments_[id].bids : instruments_[id].asks;
  const auto found = levels.find(price);
  if (found != levels.end()) {
    for (const OrderId order : found->second) {
      level.open += Quantity(orders_[order].open);
      ++level.orders;
    }
  }
  say(level);
}

void Twin::end(OrderId id, OrderEnd reason) {
  const Order order = orders_[id];
  if (order.resting) {
    auto& levels = side_of(order);
    levels[order.price].remove(id);
    if (levels[order.price].empty()) levels.erase(order.price);
  }
  say(OrderEnded{.order = id,
                 .account = order.details.account,
                 .instrument = order.details.instrument,
                 .side = order.details.side,
                 .open = Quantity(order.open),
                 .filled = Quantity(order.total - order.open),
                 .reason = reason});
  if (order.resting) say_level(order.details.instrument, order.details.side, order.price);
  orders_.erase(id);
}

void Twin::end_all_of(AccountId account, OrderEnd reason) {
  std::vector<OrderId> all;
  for (const auto& [id, order] : orders_) {
    if (order.details.account == account) all.push_back(id);
  }
  for (const OrderId id : all) end(id, reason);
}

// By holder, the newest holding first; then by promise, the newest first.
void Twin::end_on_lot(LotId lot, OrderEnd reason) {
  for (const AccountId holder : holders(lot)) {
    std::set<OrderId> promised;
    for (const auto& [id, order] : orders_) {
      if (order.details.account != holder) continue;
      for (const Promise& promise : order.promises) {
        if (promise.lot == lot) promised.insert(id);
      }
    }
    for (const OrderId id : promised) end(id, reason);
  }
}

// ---- changes ----

Twin::Order* Twin::find_target(const OrderRef& target) {
  for (auto& [id, order] : orders_) {
    const bool named = target.order.is_set()
                           ? id == target.order
                           : target.client_order_id.is_set() &&
                                 order.details.client_order_id == target.client_order_id;
    if (named && order.details.account == target.account) return &order;
  }
  return nullptr;
}

Answer Twin::execute(const AmendOrder& c) {
  if (!owns(c.target.account)) return refuse(Reject::account_unknown);
  Order* order = find_target(c.target);
  if (order == nullptr) return refuse(Reject::order_unknown);
  return amend_to(*order,
                  c.quantity.is_zero() ? order->total : c.quantity.value(),
                  c.price.is_zero() ? order->price : c.price.value());
}

Answer Twin::execute(const ReduceOrder& c) {
  if (c.by.value() < 1) return refuse(Reject::quantity_not_positive);
  if (!owns(c.target.account)) return refuse(Reject::account_unknown);
  Order* order = find_target(c.target);
  if (order == nullptr) return refuse(Reject::order_unknown);
  return amend_to(*order, order->total - std::min(c.by.value(), order->open), order->price);
}

Answer Twin::amend_to(Order& order, std::int64_t total, std::int64_t price) {
  const Instrument& instrument = instruments_[order.details.instrument];
  const InstrumentTerms& terms = instrument.details.terms;
  const OrderId id = order.id;
  const Side side = order.details.side;
  if (total == order.total && price == order.price) return refuse(Reject::quantity_unchanged);
  const bool loses_priority = total > order.total || price != order.price;
  if (loses_priority && venues_[instrument.details.market].phase != Phase::continuous)
    return refuse(Reject::phase_closed);
  if (total > terms.quantity_max.value()) return refuse(Reject::quantity_off_limits);
  if (price < terms.price_min.value() || price > terms.price_max.value())
    return refuse(Reject::price_outside_collar);
  const std::int64_t filled = order.total - order.open;
  Order moved = order;
  moved.price = price;
  if (loses_priority && order.details.post_only && total > filled && best_opposite(moved).is_set())
    return refuse(Reject::post_only_would_trade);
  if (total <= filled) {
    end(id, OrderEnd::amend);
    return done(id.value());
  }
  Order amended = order;
  amended.price = price;
  amended.total = total;
  amended.open = total - filled;
  if (side == Side::buy) {
    amended.reserved = worst_case(amended);
    const std::int64_t left =
        cash_available(order.details.account, terms.currency) + order.reserved;
    if (amended.reserved > left) return refuse(Reject::cash_not_available);
  } else if (total < order.total) {
    unpromise(amended, order.total - total);
  } else {
    // What was nominated stays nominated.
    std::vector<LotId> nominated;
    if (!order.details.lots.empty()) {
      for (const Promise& promise : order.promises) {
        const bool known =
            std::find(nominated.begin(), nominated.end(), promise.lot) != nominated.end();
        if (!known) nominated.push_back(promise.lot);
      }
    }
    Promises more;
    PlaceOrder wanted = order.details;
    wanted.quantity = Quantity(total - order.total);
    if (total > order.total) {
      const Reject bad = pick(wanted, nominated, more);
      if (bad != Reject::accepted) return refuse(bad);
    }
    for (const Promise& promise : more) {
      if (promise.lot == amended.promises.back().lot) {
        amended.promises.back().contracts += promise.contracts;
      } else {
        amended.promises.push_back(promise);
      }
    }
  }
  if (loses_priority) {
    auto& levels = side_of(order);
    levels[order.price].remove(id);
    if (levels[order.price].empty()) levels.erase(order.price);
    amended.resting = false;
  }
  const std::int64_t price_before = order.price;
  order = amended;
  say(OrderAmended{.order = id,
                   .instrument = order.details.instrument,
                   .side = side,
                   .price = Price(price),
                   .quantity = Quantity(total),
                   .open = Quantity(order.open),
                   .visible = Quantity(loses_priority ? 0 : order.open),
                   .requeued = loses_priority});
  say_level(order.details.instrument, side, price_before);
  if (loses_priority) order.place = ++orders_taken_;
  if (loses_priority) return match(order);
  Answer answer = done(id.value());
  answer.open = Quantity(order.open);
  return answer;
}

Answer Twin::execute(const CancelOrder& c) {
  if (!owns(c.target.account)) return refuse(Reject::account_unknown);
  const Order* order = find_target(c.target);
  if (order == nullptr) return refuse(Reject::order_unknown);
  const OrderId id = order->id;
  end(id, OrderEnd::user);
  return done(id.value());
}

Answer Twin::execute(const MassCancel& c) {
  if (!c.price_max.is_zero() && c.price_min > c.price_max) return refuse(Reject::range_invalid);
  if (!owns(c.account)) return refuse(Reject::account_unknown);
  std::vector<OrderId> meant;
  for (const auto& [id, order] : orders_) {
    if (order.details.account != c.account) continue;
    if (c.instrument.is_set() && order.details.instrument != c.instrument) continue;
    if (c.side != 0 && order.details.side != static_cast<Side>(c.side)) continue;
    if (order.price < c.price_min.value()) continue;
    if (!c.price_max.is_zero() && order.price > c.price_max.value()) continue;
    meant.push_back(id);
  }
  for (const OrderId id : meant) end(id, OrderEnd::mass);
  return done(meant.size());
}

std::vector<Twin::LevelView> Twin::levels(InstrumentId id) const {
  std::vector<LevelView> all;
  const Instrument& instrument = instruments_.at(id);
  const auto add = [&](Side side, std::int64_t price, const std::list<OrderId>& queue) {
    LevelView level{.side = side, .price = price, .open = 0, .orders = 0};
    for (const OrderId order : queue) {
      level.open += orders_.at(order).open;
      ++level.orders;
    }
    all.push_back(level);
  };
  for (auto level = instrument.bids.rbegin(); level != instrument.bids.rend(); ++level)
    add(Side::buy, level->first, level->second);
  for (const auto& [price, queue] : instrument.asks) add(Side::sell, price, queue);
  return all;
}

}  // namespace origo
