#include <gtest/gtest.h>

#include <functional>
#include <set>

#include "tests/support/draw.h"
#include "tests/unit/engine/call_orders.h"

// The rules read literally, tick by tick and order by order, against find_price on random small
// calls.
namespace origo {
namespace {

using Ticks = std::vector<std::int64_t>;

std::int64_t asked_at(const Call& call, std::int64_t price) {
  std::int64_t total = 0;
  for (const CallOrder& buy : call.buys) {
    if (buy.price == 0 || buy.price >= price) total += buy.quantity;
  }
  return total;
}

std::int64_t offered_at(const Call& call, std::int64_t price) {
  std::int64_t total = 0;
  for (const CallOrder& sell : call.sells) {
    if (sell.price <= price) total += sell.quantity;
  }
  return total;
}

std::int64_t volume_at(const Call& call, std::int64_t price) {
  return std::min(asked_at(call, price), offered_at(call, price));
}

std::int64_t surplus_at(const Call& call, std::int64_t price) {
  return asked_at(call, price) - offered_at(call, price);
}

// The limits within the collar.
std::set<std::int64_t> limits_in(const Call& call) {
  std::set<std::int64_t> limits;
  for (const CallOrders* side : {&call.buys, &call.sells}) {
    for (const CallOrder& order : *side) {
      if (order.price >= call.price_min && order.price <= call.price_max)
        limits.insert(order.price);
    }
  }
  return limits;
}

Ticks candidates_in(AuctionRules rules, const Call& call) {
  const std::set<std::int64_t> limits = limits_in(call);
  if (limits.empty()) return {};
  const bool limits_only = rules == AuctionRules::t7 || rules == AuctionRules::xetra_nearest;
  if (limits_only && !call.tick_grid) return {limits.begin(), limits.end()};
  const std::int64_t beyond = rules == AuctionRules::jpx ? 1 : 0;
  Ticks ticks;
  for (std::int64_t price = *limits.begin() - beyond; price <= *limits.rbegin() + beyond; ++price) {
    if (price >= call.price_min && price <= call.price_max) ticks.push_back(price);
  }
  return ticks;
}

// Those for which `measure` is largest.
Ticks best_of(const Ticks& ticks, const std::function<std::int64_t(std::int64_t)>& measure) {
  Ticks best;
  for (const std::int64_t price : ticks) {
    if (!best.empty() && measure(price) < measure(best.front())) continue;
    if (!best.empty() && measure(price) > measure(best.front())) best.clear();
    best.push_back(price);
  }
  return best;
}

// The tick nearest to the reference; of two the higher.
std::int64_t nearest_of(const Ticks& ticks, std::int64_t reference) {
  return best_of(ticks, [&](std::int64_t price) { return -std::abs(price - reference); }).back();
}

// Euronext: what is left, and what lies beyond the limits if the book there is that of a limit that
// is left.
Ticks with_beyond(const Call& call, const Ticks& left) {
  const std::set<std::int64_t> limits = limits_in(call);
  Ticks all = left;
  for (std::int64_t price = call.price_min; price <= call.price_max; ++price) {
    for (const std::int64_t end : {*limits.begin(), *limits.rbegin()}) {
      const bool beyond = price < *limits.begin() || price > *limits.rbegin();
      const bool same = asked_at(call, price) == asked_at(call, end) &&
                        offered_at(call, price) == offered_at(call, end);
      if (beyond && same && std::count(left.begin(), left.end(), end) > 0) all.push_back(price);
    }
  }
  std::sort(all.begin(), all.end());
  return all;
}

// Where surpluses lie on both sides: the highest price with one to buy, the lowest with one to
// sell.
Ticks turn_of(const Call& call, const Ticks& left) {
  Ticks to_buy;
  Ticks to_sell;
  for (const std::int64_t price : left) {
    if (surplus_at(call, price) > 0) to_buy.push_back(price);
    if (surplus_at(call, price) < 0) to_sell.push_back(price);
  }
  return to_buy.empty() || to_sell.empty() ? left : Ticks{to_buy.back(), to_sell.front()};
}

std::int64_t fourth_step(AuctionRules rules, const Call& call, Ticks left) {
  if (rules != AuctionRules::euronext) left = turn_of(call, left);
  const std::int64_t middle = (left.front() + left.back()) / 2;
  const std::int64_t reference = call.reference == 0 ? middle : call.reference;
  if (rules == AuctionRules::euronext) return nearest_of(with_beyond(call, left), reference);
  if (rules == AuctionRules::xetra_nearest) return nearest_of(left, reference);
  return std::clamp(reference, left.front(), left.back());
}

std::int64_t price_by_steps(AuctionRules rules, const Call& call, Ticks left) {
  left = best_of(left, [&](std::int64_t price) { return volume_at(call, price); });
  if (rules == AuctionRules::midpoint) return (left.front() + left.back()) / 2;
  left = best_of(left, [&](std::int64_t price) { return -std::abs(surplus_at(call, price)); });
  const auto to_buy = [&](std::int64_t price) { return surplus_at(call, price) > 0; };
  const auto to_sell = [&](std::int64_t price) { return surplus_at(call, price) < 0; };
  if (std::all_of(left.begin(), left.end(), to_buy)) return left.back();
  if (std::all_of(left.begin(), left.end(), to_sell)) return left.front();
  return fourth_step(rules, call, left);
}

Found find_literally(AuctionRules rules, const Call& call) {
  const Ticks candidates = candidates_in(rules, call);
  std::int64_t price = call.reference;
  if (!candidates.empty()) {
    price = price_by_steps(rules, call, candidates);
  } else if (volume_at(call, call.price_min) > 0 && call.reference == 0) {
    return {.outcome = PriceOutcome::no_reference};
  }
  if (volume_at(call, price) == 0) return {.outcome = PriceOutcome::no_crossing};
  return found(price, volume_at(call, price), surplus_at(call, price));
}

// Orders of one side: few prices and sizes, so that many ties arise.
CallOrders draw_orders(Draw& draw, std::int64_t spread, std::int64_t largest) {
  CallOrders orders;
  for (std::uint64_t count = draw.below(6); count > 0; --count) {
    const std::int64_t price = draw.one_in(4) ? 0 : draw.between(20, 20 + spread);
    orders.push_back({.price = price, .quantity = draw.between(1, largest)});
  }
  return orders;
}

Call draw_call(Draw& draw) {
  const std::int64_t spread = draw.between(0, 12);
  const std::int64_t largest = draw.between(1, 3);
  Call call = {.buys = draw_orders(draw, spread, largest),
               .sells = draw_orders(draw, spread, largest)};
  call.price_min = draw.between(14, 20);
  call.price_max = draw.between(20 + spread, 26 + spread);
  call.tick_grid = draw.one_in(4);
  if (!draw.one_in(4)) call.reference = draw.between(call.price_min, call.price_max);
  return call;
}

TEST(CallOracle, AgreesOnRandomCalls) {
  Draw draw(20'240'611);
  for (int i = 0; i < 60'000; ++i) {
    const Call call = draw_call(draw);
    for (const AuctionRules rules : kAuctionRules)
      ASSERT_EQ(in_short(found_in(rules, call)), find_literally(rules, call))
          << "call " << i << ", rules " << static_cast<int>(rules) << ": " << call;
  }
}

// Orders are few, so that what the rules are about happens often.
TEST(CallOracle, DrawsEveryKindOfCall) {
  Draw draw(20'240'611);
  std::set<PriceOutcome> outcomes;
  int between_limits = 0;
  int turns = 0;
  for (int i = 0; i < 60'000; ++i) {
    const Call call = draw_call(draw);
    const Found at = find_literally(AuctionRules::t7, call);
    outcomes.insert(at.outcome);
    const Ticks candidates = candidates_in(AuctionRules::t7, call);
    if (at.outcome != PriceOutcome::found || candidates.empty()) continue;
    if (limits_in(call).count(at.price) == 0) ++between_limits;
    const Ticks most =
        best_of(candidates, [&](std::int64_t price) { return volume_at(call, price); });
    const Ticks left =
        best_of(most, [&](std::int64_t price) { return -std::abs(surplus_at(call, price)); });
    if (turn_of(call, left).size() < left.size()) ++turns;
  }
  EXPECT_EQ(outcomes.size(), 3u);
  EXPECT_GT(between_limits, 500);
  EXPECT_GT(turns, 100);
}

// Trades `volume` off one side, orders at any price first, then the best; what is left.
CallOrders served(CallOrders orders, std::int64_t volume, bool buys) {
  std::stable_sort(orders.begin(), orders.end(), [&](const CallOrder& a, const CallOrder& b) {
    if (a.price == 0 || b.price == 0) return a.price == 0 && b.price != 0;
    return buys ? a.price > b.price : a.price < b.price;
  });
  for (CallOrder& order : orders) {
    const std::int64_t quantity = std::min(volume, order.quantity);
    order.quantity -= quantity;
    volume -= quantity;
  }
  std::erase_if(orders, [](const CallOrder& order) { return order.quantity == 0; });
  return orders;
}

// What every rule set promises: nowhere could more trade, the price lies in the collar, and after
// trading by price nothing is left that could trade.
TEST(CallOracle, LeavesNothingThatCrosses) {
  Draw draw(7);
  for (int i = 0; i < 20'000; ++i) {
    const Call call = draw_call(draw);
    for (const AuctionRules rules : kAuctionRules) {
      const Found at = in_short(found_in(rules, call));
      if (at.outcome != PriceOutcome::found) continue;
      ASSERT_GE(at.price, call.price_min) << call;
      ASSERT_LE(at.price, call.price_max) << call;
      for (std::int64_t price = call.price_min; price <= call.price_max; ++price)
        ASSERT_LE(volume_at(call, price), at.volume) << call;
      Call rest = call;
      rest.buys = served(call.buys, at.volume, true);
      rest.sells = served(call.sells, at.volume, false);
      ASSERT_EQ(in_short(found_in(rules, rest)).outcome, PriceOutcome::no_crossing) << call;
    }
  }
}

}  // namespace
}  // namespace origo
