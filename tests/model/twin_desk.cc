#include <algorithm>
#include <cstdlib>

#include "tests/model/twin.h"

// How orders enter the plain model, and how they end.
namespace origo {
namespace {

bool is_immediate(TimeInForce tif) {
  return tif == TimeInForce::ioc || tif == TimeInForce::fok;
}

// The checks that follow stop price and peak, which are told last.
std::optional<Reject> condition_error(const PlaceOrder& c) {
  const bool takes_stop = c.type != OrderType::market_to_limit && !c.post_only &&
                          c.min_quantity.is_zero() && c.time_in_force != TimeInForce::auction_only;
  if (c.stop_price.value() < 0) return Reject::stop_price_invalid;
  if (c.stop_price.value() > 0 && !takes_stop) return Reject::stop_barred;
  if (c.peak.value() < 0 || c.peak > c.quantity) return Reject::peak_invalid;
  const bool rests = c.type == OrderType::limit && !is_immediate(c.time_in_force);
  if (c.peak.value() > 0 && !rests) return Reject::peak_barred;
  if (c.min_visible.value() < 0 || c.min_visible > c.peak) return Reject::min_visible_invalid;
  return std::nullopt;
}

Reject barred_in(Phase phase, TimeInForce tif) {
  if (phase == Phase::halt || phase == Phase::closed) return Reject::phase_closed;
  const bool barred = phase == Phase::continuous
                          ? tif == TimeInForce::auction_only
                          : is_immediate(tif) || tif == TimeInForce::continuous_only;
  return barred ? Reject::time_in_force_phase : Reject::accepted;
}

}  // namespace

// ---- entry: the checks in the market's order ----

std::optional<Reject> Twin::syntax_error(const PlaceOrder& c) {
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
  if (c.min_quantity.value() < 0 || c.min_quantity > c.quantity)
    return Reject::min_quantity_invalid;
  const bool rests = limit && !is_immediate(c.time_in_force);
  if (c.post_only && (!rests || c.min_quantity.value() > 0)) return Reject::post_only_invalid;
  return condition_error(c);
}

// `limit` 0: an order without one, whose value nobody knows beforehand.
Reject Twin::off_limits(const Instrument& instrument, std::int64_t total, std::int64_t limit) {
  const InstrumentTerms& terms = instrument.details.terms;
  if (total > terms.quantity_max.value() || total < terms.quantity_min.value())
    return Reject::quantity_off_limits;
  if (limit == 0) return Reject::accepted;
  const std::int64_t value = limit * total * terms.tick_value.value();
  const bool too_large = terms.value_max.value() != 0 && value > terms.value_max.value();
  if (too_large || value < terms.value_min.value()) return Reject::order_value_off_limits;
  return Reject::accepted;
}

bool Twin::outside_collar(const Instrument& instrument, std::int64_t price) {
  const InstrumentTerms& terms = instrument.details.terms;
  return price != 0 && (price < terms.price_min.value() || price > terms.price_max.value());
}

std::pair<std::int64_t, std::int64_t> Twin::range_of(const Instrument& instrument) {
  std::int64_t low = instrument.details.terms.price_min.value();
  std::int64_t high = instrument.details.terms.price_max.value();
  while (low <= high && outside_band(instrument, low)) ++low;
  while (low <= high && outside_band(instrument, high)) --high;
  return {low, high};
}

bool Twin::outside_band(const Instrument& instrument, std::int64_t limit) {
  const std::int64_t base = instrument.reference;
  const std::uint32_t ppm = instrument.details.rules.price_band_ppm;
  return ppm > 0 && base > 0 && std::abs(limit - base) * 1'000'000 > base * ppm;
}

Phase Twin::phase_of(const Order& order) const {
  return venues_.at(instruments_.at(order.details.instrument).details.market).phase;
}

// What is wrong before anything is promised.
std::optional<Reject> Twin::entry_error(const PlaceOrder& c) const {
  if (frozen(c.account) != Reject::accepted) return frozen(c.account);
  if (participants_.at(accounts_.at(c.account).participant).killed)
    return Reject::participant_killed;
  const auto found = instruments_.find(c.instrument);
  if (found == instruments_.end()) return Reject::instrument_unknown;
  const Instrument& instrument = found->second;
  const Phase phase = venues_.at(instrument.details.market).phase;
  if (const Reject bad = barred_in(phase, c.time_in_force); bad != Reject::accepted) return bad;
  if (instrument.details.rules.limit_orders_only && c.type != OrderType::limit)
    return Reject::order_type_barred;
  const Reject limits = off_limits(instrument, c.quantity.value(), c.price.value());
  if (limits != Reject::accepted) return limits;
  if (outside_collar(instrument, c.price.value())) return Reject::price_outside_collar;
  if (c.type == OrderType::limit && outside_band(instrument, c.price.value()))
    return Reject::price_outside_band;
  if (outside_collar(instrument, c.protection_price.value())) return Reject::price_outside_collar;
  if (outside_collar(instrument, c.stop_price.value())) return Reject::stop_price_invalid;
  if (c.stop_price.value() > 0 && instrument.details.rules.stop_through_refused &&
      is_through(drafted(c)))
    return Reject::stop_through;
  if (c.time_in_force == TimeInForce::gtd && c.expire_at <= now_) return Reject::expiry_past;
  for (const auto& [id, order] : orders_) {
    if (c.client_order_id.is_set() && order.details.account == c.account &&
        order.details.client_order_id == c.client_order_id)
      return Reject::client_order_id_live;
  }
  if (c.cancel_on_disconnect && !client_.is_set()) return Reject::session_missing;
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

// The order as it will be, without a number and without promises.
Twin::Order Twin::drafted(const PlaceOrder& c) const {
  const Instrument& instrument = instruments_.at(c.instrument);
  const InstrumentTerms& terms = instrument.details.terms;
  Order order{.details = c,
              .stop_price = c.stop_price.value(),
              .total = c.quantity.value(),
              .open = c.quantity.value(),
              .expire_at = expiry(c),
              .fees = schedule_of(c.account, instrument)};
  if (c.cancel_on_disconnect) order.session = client_;
  const Price edge = c.side == Side::buy ? terms.price_max : terms.price_min;
  const Price limit = c.type == OrderType::limit ? c.price : c.protection_price;
  order.worst = limit.is_zero() ? edge.value() : limit.value();
  const bool in_call = venues_.at(instrument.details.market).phase != Phase::continuous;
  const bool at_any_price = in_call && limit.is_zero() && c.stop_price.is_zero();
  order.price = at_any_price ? 0 : order.worst;
  return order;
}

Answer Twin::execute(const PlaceOrder& c) {
  if (const auto bad = syntax_error(c)) return refuse(*bad);
  if (!owns(c.account)) return refuse(Reject::account_unknown);
  if (const auto bad = entry_error(c)) return refuse(*bad);
  const Instrument& instrument = instruments_[c.instrument];
  Order order = drafted(c);
  if (c.side == Side::sell) {
    Promises promises;
    const Reject bad = pick(c, c.lots, promises);
    if (bad != Reject::accepted) return refuse(bad);
    order.promises.assign(promises.begin(), promises.end());
  } else {
    const Reject bad = barred_receiver(c.account, instrument);
    if (bad != Reject::accepted) return refuse(bad);
  }
  // Nothing trades in a call.
  const bool trades = phase_of(order) == Phase::continuous;
  if (c.type == OrderType::market_to_limit && trades) {
    const OrderId best = best_opposite(order);
    if (!best.is_set()) return refuse(Reject::no_liquidity);
    order.worst = orders_[best].price;
    order.price = order.worst;
  }
  if (c.side == Side::buy) {
    order.reserved = worst_case(order);
    if (cash_available(c.account, instrument.details.terms.currency) < order.reserved)
      return refuse(Reject::cash_not_available);
  }
  if (c.post_only && trades && best_opposite(order).is_set())
    return refuse(Reject::post_only_would_trade);
  const std::int64_t at_once = trades && c.min_quantity.value() > 0 ? fillable(order) : 0;
  if (at_once < c.min_quantity.value()) return refuse(Reject::min_quantity_not_met);

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
  const Answer answer = order.stop_price > 0 ? wait(orders_[order.id]) : enter(orders_[order.id]);
  fire_reached();
  return answer;
}

// An order that does not wait for a stop price: it trades; in a call, or for the next one, it
// stands.
Answer Twin::enter(Order& order) {
  if (phase_of(order) == Phase::continuous && order.price != 0) return aggress(order);
  return join_call(order);
}

// A stop that fires when a collar has just begun a call may be none that a call takes.
Answer Twin::join_call(Order& order) {
  const OrderId id = order.id;
  switch (order.details.time_in_force) {
    case TimeInForce::ioc:
      end(id, OrderEnd::ioc);
      return done(id.value());
    case TimeInForce::fok:
      end(id, OrderEnd::fok);
      return done(id.value());
    case TimeInForce::continuous_only:
      end(id, OrderEnd::phase);
      return done(id.value());
    case TimeInForce::gtc:
    case TimeInForce::day:
    case TimeInForce::gtd:
    case TimeInForce::auction_only:
      break;
  }
  stand(order);
  Answer answer = done(order.id.value());
  answer.open = Quantity(order.open);
  return answer;
}

// ---- the place in the book ----

void Twin::stand(Order& order) {
  const std::int64_t peak = order.details.peak.value();
  order.visible = peak == 0 ? order.open : std::min(peak, order.open);
  order.resting = true;
  order.has_stood = true;
  side_of(order)[order.price].push_back(order.id);
  say(OrderRested{.order = order.id,
                  .instrument = order.details.instrument,
                  .side = order.details.side,
                  .price = Price(order.price),
                  .visible = Quantity(order.visible)});
  say_level(order.details.instrument, order.details.side, order.price);
}

void Twin::leave(Order& order) {
  auto& levels = side_of(order);
  levels[order.price].remove(order.id);
  if (levels[order.price].empty()) levels.erase(order.price);
  order.resting = false;
  order.visible = 0;
}

void Twin::say_level(InstrumentId id, Side side, std::int64_t price) {
  LevelChanged level{
      .instrument = id, .side = side, .price = Price(price), .open = {}, .orders = 0};
  const auto& levels = side == Side::buy ? instruments_[id].bids : instruments_[id].asks;
  const auto found = levels.find(price);
  if (found != levels.end()) {
    for (const OrderId order : found->second) {
      level.open += Quantity(orders_[order].visible);
      ++level.orders;
    }
  }
  say(level);
}

// ---- the end of orders ----

void Twin::end(OrderId id, OrderEnd reason) {
  Order& order = orders_[id];
  const bool rested = order.resting;
  if (rested) leave(order);
  say(OrderEnded{.order = id,
                 .account = order.details.account,
                 .instrument = order.details.instrument,
                 .side = order.details.side,
                 .open = Quantity(order.open),
                 .filled = Quantity(order.total - order.open),
                 .reason = reason});
  if (rested) say_level(order.details.instrument, order.details.side, order.price);
  orders_.erase(id);
}

void Twin::end_all(const std::vector<OrderId>& all, OrderEnd reason) {
  for (const OrderId id : all) end(id, reason);
}

void Twin::end_all_of(AccountId account, OrderEnd reason) {
  std::vector<OrderId> all;
  for (const auto& [id, order] : orders_) {
    if (order.details.account == account) all.push_back(id);
  }
  end_all(all, reason);
}

// By holder, the newest holding first; then by promise, the oldest order first.
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

// ---- what can be compared ----

std::vector<Twin::LevelView> Twin::levels(InstrumentId id) const {
  std::vector<LevelView> all;
  const Instrument& instrument = instruments_.at(id);
  const auto add = [&](Side side, std::int64_t price, const std::list<OrderId>& queue) {
    LevelView level{.side = side, .price = price, .open = 0, .orders = 0};
    for (const OrderId order : queue) {
      level.open += orders_.at(order).visible;
      ++level.orders;
    }
    all.push_back(level);
  };
  const auto at_any_price = instrument.bids.find(0);
  if (at_any_price != instrument.bids.end()) add(Side::buy, 0, at_any_price->second);
  for (auto level = instrument.bids.rbegin(); level != instrument.bids.rend(); ++level) {
    if (level->first != 0) add(Side::buy, level->first, level->second);
  }
  for (const auto& [price, queue] : instrument.asks) add(Side::sell, price, queue);
  return all;
}

std::vector<Twin::OrderView> Twin::orders() const {
  std::vector<OrderView> all;
  for (const auto& [id, order] : orders_) {
    all.push_back({.id = id,
                   .place = order.place,
                   .price = order.price,
                   .stop_price = order.stop_price,
                   .total = order.total,
                   .open = order.open,
                   .visible = order.visible,
                   .reserved = order.reserved,
                   .fees = order.fees,
                   .session = order.session});
  }
  return all;
}

std::int64_t Twin::last_price(InstrumentId instrument) const {
  return instruments_.at(instrument).last;
}

}  // namespace origo
