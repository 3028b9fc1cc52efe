#include <algorithm>

#include "tests/model/twin.h"

// Changes to live orders of the plain model: amendments, reductions, cancels.
namespace origo {

// A foreign order is as unknown as one that never was.
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
  const bool has_limit = order->details.type != OrderType::market && order->price != 0;
  if (!c.stop_price.is_zero() && !order->waiting) return refuse(Reject::stop_not_waiting);
  if (!c.price.is_zero() && !has_limit) return refuse(Reject::price_on_market_order);
  const auto kept = [](auto wanted, std::int64_t now) {
    return wanted.is_zero() ? now : wanted.value();
  };
  const Amended to{.total = kept(c.quantity, order->total),
                   .price = kept(c.price, order->price),
                   .stop_price = kept(c.stop_price, order->stop_price)};
  const bool below_filled = to.total <= order->total - order->open;
  if (below_filled &&
      instruments_[order->details.instrument].details.rules.amend_below_filled_refused)
    return refuse(Reject::below_filled);
  const Answer answer = amend_to(*order, to);
  fire_reached();
  return answer;
}

Answer Twin::execute(const ReduceOrder& c) {
  if (c.by.value() < 1) return refuse(Reject::quantity_not_positive);
  if (!owns(c.target.account)) return refuse(Reject::account_unknown);
  Order* order = find_target(c.target);
  if (order == nullptr) return refuse(Reject::order_unknown);
  return amend_to(*order,
                  {.total = order->total - std::min(c.by.value(), order->open),
                   .price = order->price,
                   .stop_price = order->stop_price});
}

Answer Twin::amend_to(Order& order, const Amended& to) {
  const bool same_prices = to.price == order.price && to.stop_price == order.stop_price;
  if (same_prices && to.total == order.total) return refuse(Reject::quantity_unchanged);
  const bool takes_away = same_prices && to.total < order.total;
  if (!takes_away) {
    if (const auto bad = change_error(order, to)) return refuse(*bad);
  }
  if (to.total <= order.total - order.open) {
    const OrderId id = order.id;
    end(id, OrderEnd::amend);
    return done(id.value());
  }
  const TradingRules& rules = instruments_[order.details.instrument].details.rules;
  const bool raises_hidden = same_prices && order.resting && order.details.peak.value() > 0 &&
                             !rules.iceberg_raise_requeues;
  return takes_away || raises_hidden ? keep_place(order, to) : requeue(order, to);
}

// All amendments that do not only take away are judged like an entry, and what ends the order by
// its prices.
std::optional<Reject> Twin::change_error(const Order& order, const Amended& to) {
  const Instrument& instrument = instruments_[order.details.instrument];
  const TradingRules& rules = instrument.details.rules;
  const Phase phase = phase_of(order);
  const bool ends = to.total <= order.total - order.open;
  if (participants_.at(accounts_.at(order.details.account).participant).killed)
    return Reject::participant_killed;
  if (phase == Phase::halt || phase == Phase::closed) return Reject::phase_closed;
  const bool has_limit = order.details.type != OrderType::market && to.price != 0;
  const bool judged_by_value = order.details.type == OrderType::limit;
  const Reject limits =
      ends ? Reject::accepted : off_limits(instrument, to.total, judged_by_value ? to.price : 0);
  if (limits != Reject::accepted) return limits;
  if (has_limit && outside_collar(instrument, to.price)) return Reject::price_outside_collar;
  if (has_limit && outside_band(instrument, to.price)) return Reject::price_outside_band;
  Order amended = order;
  amended.price = to.price;
  if (has_limit) amended.worst = to.price;
  amended.stop_price = to.stop_price;
  if (order.waiting) {
    if (outside_collar(instrument, to.stop_price)) return Reject::stop_price_invalid;
    if (rules.stop_through_refused && is_through(amended)) return Reject::stop_through;
  }
  if (ends) return std::nullopt;
  const std::int64_t more = to.total - order.total;
  amended.open += more;
  amended.total += more;
  if (order.details.side == Side::buy) {
    const Currency currency = instrument.details.terms.currency;
    const std::int64_t left = cash_available(order.details.account, currency) + order.reserved;
    if (worst_case(amended) > left) return Reject::cash_not_available;
  } else if (more > 0) {
    const Reject bad = promise_more(amended, more);
    if (bad != Reject::accepted) return bad;
  }
  if (order.details.post_only && phase == Phase::continuous && best_opposite(amended).is_set())
    return Reject::post_only_would_trade;
  return std::nullopt;
}

// Gives the order its new terms; what it promises follows.
void Twin::adopt(Order& order, const Amended& to) {
  const std::int64_t more = to.total - order.total;
  if (order.details.type != OrderType::market && to.price != 0) order.worst = to.price;
  order.price = to.price;
  order.stop_price = to.stop_price;
  order.total += more;
  order.open += more;
  if (order.details.side == Side::buy) {
    order.reserved = worst_case(order);
  } else if (more > 0) {
    static_cast<void>(promise_more(order, more));
  } else {
    unpromise(order, -more);
  }
}

// A decrease, or an iceberg's hidden part grows: both touch the hidden part first.
Answer Twin::keep_place(Order& order, const Amended& to) {
  adopt(order, to);
  if (order.resting && order.details.peak.is_zero()) order.visible = order.open;
  order.visible = std::min(order.visible, order.open);
  say_amended(order, false);
  if (order.resting) say_level(order.details.instrument, order.details.side, order.price);
  Answer answer = done(order.id.value());
  answer.open = Quantity(order.open);
  return answer;
}

Answer Twin::requeue(Order& order, const Amended& to) {
  const std::int64_t price_before = order.price;
  const bool rested = order.resting;
  if (rested) leave(order);
  adopt(order, to);
  say_amended(order, true);
  if (rested) say_level(order.details.instrument, order.details.side, price_before);
  order.place = ++orders_taken_;
  return order.waiting ? wait(order) : enter(order);
}

void Twin::say_amended(const Order& order, bool requeued) {
  const bool without_price = order.waiting && order.details.type == OrderType::market;
  say(OrderAmended{.order = order.id,
                   .instrument = order.details.instrument,
                   .side = order.details.side,
                   .price = Price(without_price ? 0 : order.price),
                   .quantity = Quantity(order.total),
                   .open = Quantity(order.open),
                   .visible = Quantity(order.visible),
                   .requeued = requeued});
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
    // A market order that waits has no price but the one it waits for.
    const bool by_stop = order.waiting && order.details.type == OrderType::market;
    const std::int64_t price = by_stop ? order.stop_price : order.price;
    if (price < c.price_min.value()) continue;
    if (!c.price_max.is_zero() && price > c.price_max.value()) continue;
    meant.push_back(id);
  }
  end_all(meant, OrderEnd::mass);
  return done(meant.size());
}

}  // namespace origo
