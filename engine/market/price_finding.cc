#include "engine/market/price_finding.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "engine/core/ensure.h"

namespace origo {
namespace {

// Neighbouring prices at which the same quantities are asked for and offered. What is offered may
// come from any number of assets, each with a cap of its own, so sums are wide.
struct Candidate {
  Price low;
  Price high;
  Int128 demand = 0;
  Int128 supply = 0;
  [[nodiscard]] Int128 volume() const { return std::min(demand, supply); }
  [[nodiscard]] Int128 surplus() const { return demand - supply; }  // negative: on the sell side
  [[nodiscard]] Int128 surplus_size() const { return surplus() < 0 ? -surplus() : surplus(); }
};
using Candidates = std::vector<Candidate>;  // ascending, none twice

Price one_up(Price price) {
  return price + Price(1);
}
Price one_down(Price price) {
  return price - Price(1);
}
// Rounded down to the tick.
Price middle_of(Price low, Price high) {
  return Price(low.value() + (high.value() - low.value()) / 2);
}

// All limits within the collar, ascending, each once. What accepts more than the collar allows,
// accepts its edge.
std::vector<Price> limits_of(const CallBook& book) {
  std::vector<Price> buys;
  std::vector<Price> sells;
  for (const CallLimit& limit : book.buys.limits)
    buys.push_back(std::min(limit.price, book.price_max));
  for (const CallLimit& limit : book.sells.limits)
    sells.push_back(std::max(limit.price, book.price_min));
  std::reverse(buys.begin(), buys.end());
  ENSURE(std::is_sorted(buys.begin(), buys.end()));
  ENSURE(std::is_sorted(sells.begin(), sells.end()));
  std::vector<Price> all;
  std::merge(buys.begin(), buys.end(), sells.begin(), sells.end(), std::back_inserter(all));
  all.erase(std::unique(all.begin(), all.end()), all.end());
  std::erase_if(all, [&](Price price) { return price < book.price_min || price > book.price_max; });
  return all;
}

// The prices that the rules consider, still without quantities: the limits; for some rules also
// what lies between them, or one tick beyond them.
Candidates candidates_of(AuctionRules rules, const CallBook& book) {
  const bool limits_only = rules == AuctionRules::t7 || rules == AuctionRules::xetra_nearest;
  const bool between = !limits_only || book.tick_grid;
  const bool beyond = rules == AuctionRules::jpx;
  Candidates all;
  const auto add = [&](Price low, Price high) {
    if (low <= high) all.push_back({.low = low, .high = high});
  };
  const std::vector<Price> limits = limits_of(book);
  if (limits.empty()) return all;
  if (beyond && limits.front() > book.price_min)
    add(one_down(limits.front()), one_down(limits.front()));
  for (std::size_t i = 0; i < limits.size(); ++i) {
    if (between && i > 0) add(one_up(limits[i - 1]), one_down(limits[i]));
    add(limits[i], limits[i]);
  }
  if (beyond && limits.back() < book.price_max) add(one_up(limits.back()), one_up(limits.back()));
  return all;
}

// What is offered at each price or below, and asked for at each price or above.
void add_quantities(const CallBook& book, Candidates& candidates) {
  Int128 supply = book.sells.at_any_price.value();
  auto sell = book.sells.limits.begin();
  for (Candidate& candidate : candidates) {
    for (; sell != book.sells.limits.end() && sell->price <= candidate.low; ++sell)
      supply += sell->quantity.value();
    candidate.supply = supply;
  }
  Int128 demand = book.buys.at_any_price.value();
  auto buy = book.buys.limits.begin();
  for (auto at = candidates.rbegin(); at != candidates.rend(); ++at) {
    for (; buy != book.buys.limits.end() && buy->price >= at->high; ++buy)
      demand += buy->quantity.value();
    at->demand = demand;
  }
}

// Keeps the candidates with the smallest `measure`.
template <class Measure>
void keep_least(Candidates& candidates, Measure measure) {
  const auto least =
      std::min_element(candidates.begin(), candidates.end(), [&](const auto& a, const auto& b) {
        return measure(a) < measure(b);
      });
  const Int128 bound = measure(*least);
  std::erase_if(candidates,
                [&](const Candidate& candidate) { return measure(candidate) != bound; });
}

// Where some prices leave a surplus to buy and others the same to sell, what counts is the highest
// of the former and the lowest of the latter. Requires: not all are on one side.
void keep_turn(Candidates& left) {
  const auto sell =
      std::find_if(left.begin(), left.end(), [](const Candidate& c) { return c.surplus() < 0; });
  if (sell == left.end()) return;
  ENSURE(sell != left.begin());
  left = {*std::prev(sell), *sell};
}

// Beyond the outermost limit, if that is one of the other side's, all is as at that limit: only
// orders at any price trade there, and they name no end. So such a limit, if it is left, stands for
// the rest of the collar too.
void reach_out(const CallBook& book, Candidates& left) {
  const auto& buys = book.buys.limits;
  const auto& sells = book.sells.limits;
  const Price low = left.front().low;
  const Price high = left.back().high;
  const bool no_sell_below = sells.empty() || sells.front().price > low;
  const bool no_buy_below = buys.empty() || buys.back().price >= low;
  const bool no_buy_above = buys.empty() || buys.front().price < high;
  const bool no_sell_above = sells.empty() || sells.back().price <= high;
  if (no_sell_below && no_buy_below) left.front().low = book.price_min;
  if (no_buy_above && no_sell_above) left.back().high = book.price_max;
}

// The price nearest to `target`; of two equally near the higher.
Price nearest(const Candidates& left, Price target) {
  const auto distance = [&](Price price) { return std::max(price - target, target - price); };
  Price best = std::clamp(target, left.front().low, left.front().high);
  for (const Candidate& candidate : left) {
    const Price price = std::clamp(target, candidate.low, candidate.high);
    if (distance(price) <= distance(best)) best = price;
  }
  return best;
}

// Which of the prices of maximum volume.
Price choose(AuctionRules rules, const CallBook& book, Candidates left) {
  if (rules == AuctionRules::midpoint) return middle_of(left.front().low, left.back().high);
  keep_least(left, [](const Candidate& c) { return c.surplus_size(); });
  const auto all = [&](auto holds) { return std::all_of(left.begin(), left.end(), holds); };
  if (all([](const Candidate& c) { return c.surplus() > 0; })) return left.back().high;
  if (all([](const Candidate& c) { return c.surplus() < 0; })) return left.front().low;
  if (rules != AuctionRules::euronext) keep_turn(left);
  const Price middle = middle_of(left.front().low, left.back().high);
  const Price target = book.reference.is_zero() ? middle : book.reference;
  if (rules == AuctionRules::euronext) reach_out(book, left);
  const bool of_candidates =
      rules == AuctionRules::euronext || rules == AuctionRules::xetra_nearest;
  return of_candidates ? nearest(left, target)
                       : std::clamp(target, left.front().low, left.back().high);
}

Quantity capped(Int128 quantity) {
  return Quantity(static_cast<std::int64_t>(std::min(quantity, Int128{kSupplyMax})));
}

PriceFinding finding(Price price, Int128 demand, Int128 supply) {
  return {.outcome = PriceOutcome::found,
          .price = price,
          .volume = capped(std::min(demand, supply)),
          .surplus_side = demand >= supply ? Side::buy : Side::sell,
          .surplus = capped(std::max(demand, supply) - std::min(demand, supply))};
}

// Without limits that the collar allows only orders at any price can meet, at the reference price.
PriceFinding find_without_limits(const CallBook& book) {
  if (book.buys.at_any_price.is_zero() || book.sells.at_any_price.is_zero()) return {};
  if (book.reference.is_zero())
    return {.outcome = PriceOutcome::no_reference, .price = {}, .volume = {}, .surplus = {}};
  const Price price = std::clamp(book.reference, book.price_min, book.price_max);
  return finding(price, book.buys.at_any_price.value(), book.sells.at_any_price.value());
}

// What the side would trade at most at a price that its limits accept as `accepts` says.
template <class Accepts>
Int128 total_of(const CallSide& side, Accepts accepts) {
  Int128 total = side.at_any_price.value();
  for (const CallLimit& limit : side.limits) {
    if (!accepts(limit.price)) break;
    total += limit.quantity.value();
  }
  return total;
}

}  // namespace

PriceFinding find_price(AuctionRules rules, const CallBook& book) {
  Candidates candidates = candidates_of(rules, book);
  if (candidates.empty()) return find_without_limits(book);
  add_quantities(book, candidates);
  keep_least(candidates, [](const Candidate& c) { return -c.volume(); });
  if (candidates.front().volume() == 0) return {};
  const Price price = choose(rules, book, std::move(candidates));
  // The price may lie between two candidates: the same can trade there, but less may be left.
  return finding(price,
                 total_of(book.buys, [&](Price limit) { return limit >= price; }),
                 total_of(book.sells, [&](Price limit) { return limit <= price; }));
}

}  // namespace origo
