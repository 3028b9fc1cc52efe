#include <algorithm>

#include "tests/model/twin.h"

// Calls in the plain model: the price that lets most trade, who trades at it, and what is left.
namespace origo {
namespace {

using Ticks = std::vector<std::int64_t>;

// Those for which `measure` is largest.
template <class Measure>
Ticks best_of(const Ticks& ticks, Measure measure) {
  Ticks best;
  for (const std::int64_t price : ticks) {
    if (!best.empty() && measure(price) < measure(best.front())) continue;
    if (!best.empty() && measure(price) > measure(best.front())) best.clear();
    best.push_back(price);
  }
  return best;
}

}  // namespace

std::int64_t Twin::asked_at(const Instrument& instrument, std::int64_t price) const {
  std::int64_t sum = 0;
  for (const auto& [limit, queue] : instrument.bids) {
    for (const OrderId id : queue) {
      if (limit == 0 || limit >= price) sum += orders_.at(id).open;
    }
  }
  return sum;
}

std::int64_t Twin::offered_at(const Instrument& instrument, std::int64_t price) const {
  std::int64_t sum = 0;
  for (const auto& [limit, queue] : instrument.asks) {
    for (const OrderId id : queue) {
      if (limit <= price) sum += orders_.at(id).open;
    }
  }
  return sum;
}

// By rule set t7, the default: most volume; then the smallest surplus; then the highest price if
// all is surplus to buy, the lowest if all is to sell; else the reference price, or what is nearest
// to it. The other rule sets are proved where prices are found. Nothing: no price, because nothing
// can trade (`missing` false) or because none is known (`missing` true).
std::optional<std::int64_t> Twin::call_price(const Instrument& instrument, bool& missing) const {
  const auto [low, high] = range_of(instrument);
  const std::int64_t reference = instrument.reference == 0 ? instrument.last : instrument.reference;
  const auto surplus = [&](std::int64_t price) {
    return asked_at(instrument, price) - offered_at(instrument, price);
  };
  const auto volume = [&](std::int64_t price) {
    return std::min(asked_at(instrument, price), offered_at(instrument, price));
  };
  missing = false;
  std::set<std::int64_t> limits;
  // A market order that stands at its worst price may accept more than the band.
  for (const auto& [limit, queue] : instrument.bids) {
    if (limit != 0 && limit >= low) limits.insert(std::min(limit, high));
  }
  for (const auto& [limit, queue] : instrument.asks) {
    if (limit != 0 && limit <= high) limits.insert(std::max(limit, low));
  }
  if (limits.empty()) {
    if (volume(low) == 0) return std::nullopt;
    missing = reference == 0;
    if (missing) return std::nullopt;
    return std::clamp(reference, low, high);
  }
  Ticks left = best_of(Ticks(limits.begin(), limits.end()), volume);
  if (volume(left.front()) == 0) return std::nullopt;
  left = best_of(left, [&](std::int64_t price) { return -std::abs(surplus(price)); });
  Ticks to_buy;
  Ticks to_sell;
  for (const std::int64_t price : left) {
    if (surplus(price) > 0) to_buy.push_back(price);
    if (surplus(price) < 0) to_sell.push_back(price);
  }
  if (to_buy.size() == left.size()) return left.back();
  if (to_sell.size() == left.size()) return left.front();
  // With surpluses of both sides the price lies where one turns into the other.
  if (!to_buy.empty() && !to_sell.empty()) left = {to_buy.back(), to_sell.front()};
  const std::int64_t wanted = reference == 0 ? (left.front() + left.back()) / 2 : reference;
  return std::clamp(wanted, left.front(), left.back());
}

// Whether a call of the market that ends now would lack a price.
bool Twin::lacks_reference(MarketId market) const {
  for (const auto& [id, instrument] : instruments_) {
    bool missing = false;
    if (instrument.details.market != market) continue;
    static_cast<void>(call_price(instrument, missing));
    if (missing) return true;
  }
  return false;
}

void Twin::end_call(MarketId market, CallKind call) {
  std::map<InstrumentId, std::int64_t> prices;
  for (const auto& [id, instrument] : instruments_) {
    if (instrument.details.market == market) prices[id] = uncross(id, call);
  }
  std::vector<OrderId> auction_only;
  std::map<InstrumentId, std::vector<OrderId>> without_limit;
  for (const auto& [id, order] : orders_) {
    const InstrumentId instrument = order.details.instrument;
    if (prices.count(instrument) == 0) continue;
    const bool is_market = order.details.type == OrderType::market;
    if (order.details.time_in_force == TimeInForce::auction_only) {
      auction_only.push_back(id);
    } else if (order.resting && (is_market || order.price == 0)) {
      without_limit[instrument].push_back(id);
    }
  }
  end_all(auction_only, OrderEnd::auction_end);
  for (const auto& [instrument, left] : without_limit) {
    for (const OrderId id : left) settle_leftover(orders_[id], prices[instrument]);
  }
}

// The price; 0: there is none.
std::int64_t Twin::uncross(InstrumentId id, CallKind call) {
  Instrument& instrument = instruments_[id];
  if (call == CallKind::closing) instrument.closing.clear();
  bool missing = false;
  const std::optional<std::int64_t> found = call_price(instrument, missing);
  if (!found) return 0;
  const std::int64_t asked = asked_at(instrument, *found);
  const std::int64_t offered = offered_at(instrument, *found);
  say(Uncrossed{.instrument = id,
                .price = Price(*found),
                .volume = Quantity(std::min(asked, offered)),
                .surplus_side = asked < offered ? Side::sell : Side::buy,
                .surplus = Quantity(std::abs(asked - offered)),
                .call = call});
  for (std::int64_t left = std::min(asked, offered); left > 0;) {
    Order& buy = orders_[first_in_call(instrument.bids, true)];
    Order& sell = orders_[first_in_call(instrument.asks, false)];
    const std::int64_t quantity = std::min({left, buy.open, sell.open});
    cross(buy, sell, *found, quantity, true);
    if (call == CallKind::closing)
      instrument.closing.push_back({.price = *found, .quantity = quantity});
    left -= quantity;
  }
  return *found;
}

// Orders at any price first, then the best price, then the older place.
OrderId Twin::first_in_call(const std::map<std::int64_t, std::list<OrderId>>& levels, bool buys) {
  const bool any_price = levels.begin()->first == 0;
  return buys && !any_price ? levels.rbegin()->second.front() : levels.begin()->second.front();
}

void Twin::settle_leftover(Order& order, std::int64_t price) {
  const TradingRules& rules = instruments_[order.details.instrument].details.rules;
  const bool to_limit = order.details.type == OrderType::market_to_limit;
  if (to_limit ? rules.market_to_limit_stays : rules.market_orders_stay) return;
  if (!to_limit || price == 0) return end(order.id, OrderEnd::market_remainder);
  leave(order);
  say_level(order.details.instrument, order.details.side, 0);
  order.place = ++orders_taken_;
  order.price = price;
  order.worst = price;
  if (order.details.side == Side::buy) order.reserved = worst_case(order);
  stand(order);
}

// Two standing orders trade; the younger counts as the taker. What they hide is used up first.
void Twin::cross(
    Order& buy, Order& sell, std::int64_t price, std::int64_t quantity, bool uncrossed) {
  const bool buyer_took = buy.place > sell.place;
  exchange({.maker = buyer_took ? sell : buy,
            .taker = buyer_took ? buy : sell,
            .price = price,
            .quantity = quantity,
            .uncrossed = uncrossed,
            .both_stood = true});
  for (Order* order : {&buy, &sell}) {
    order->visible = std::min(order->visible, order->open);
    if (order->open == 0) {
      end(order->id, OrderEnd::filled);
    } else {
      say_level(order->details.instrument, order->details.side, order->price);
    }
  }
}

// What calls leave crossed over the lattice, for they use an instrument's own orders only: the best
// buy is served first, by the best sell that it reaches, at the older order's price.
void Twin::cross_lattice(MarketId market) {
  while (true) {
    Order* best = nullptr;
    for (auto& [id, order] : orders_) {
      const bool buys = order.resting && order.price != 0 && order.details.side == Side::buy &&
                        instruments_[order.details.instrument].details.market == market;
      if (!buys || !best_opposite(order).is_set()) continue;
      const bool better = best == nullptr || order.price > best->price ||
                          (order.price == best->price && order.place < best->place);
      if (better) best = &order;
    }
    if (best == nullptr) return;
    Order& sell = orders_[best_opposite(*best)];
    const std::int64_t price = best->place < sell.place ? best->price : sell.price;
    cross(*best, sell, price, std::min(best->open, sell.open), false);
  }
}

}  // namespace origo
