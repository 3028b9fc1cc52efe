#include "engine/market/price_finding.h"

#include <algorithm>

namespace origo {
namespace {

// Neighbouring prices at which the same quantities are asked for and offered.
struct Candidate {
  Price low;
  Price high;
  Quantity demand;
  Quantity supply;
  [[nodiscard]] Quantity volume() const { return std::min(demand, supply); }
  [[nodiscard]] Quantity surplus() const { return demand - supply; }  // negative: on the sell side
  [[nodiscard]] Quantity surplus_size() const { return std::max(demand, supply) - volume(); }
};

Price one_up(Price price) { return price + Price(1); }
Price one_down(Price price) { return price - Price(1); }

// All limits within the collar, ascending, each once.
std::vector<Price> limits_of(const CallBook& book) {
  std::vector<Price> buys;
  std::vector<Price> sells;
  for (const CallLimit& limit : book.buys.limits) buys.push_back(limit.price);
  for (const CallLimit& limit : book.sells.limits) sells.push_back(limit.price);
  std::reverse(buys.begin(), buys.end());
  std::vector<Price> all;
  std::set_union(buys.begin(), buys.end(), sells.begin(), sells.end(), std::back_inserter(all));
  std::erase_if(all, [&](Price price) { return price < book.price_min || price > book.price_max; });
  return all;
}

// The prices that the rules consider, ascending, without quantities: the limits; for some rules also what
// lies between them, or one tick beyond them.
std::vector<Candidate> prices_of(AuctionRules rules, const CallBook& book) {
  const bool gaps = rules == AuctionRules::euronext || rules == AuctionRules::midpoint || rules == AuctionRules::jpx;
  std::vector<Candidate> all;
  const auto add = [&](Price low, Price high) {
    if (low <= high) all.push_back({.low = low, .high = high, .demand = {}, .supply = {}});
  };
  const std::vector<Price> limits = limits_of(book);
  if (rules == AuctionRules::jpx && !limits.empty() && limits.front() > book.price_min)
    add(one_down(limits.front()), one_down(limits.front()));
  for (std::size_t i = 0; i < limits.size(); ++i) {
    if (gaps && i > 0) add(one_up(limits[i - 1]), one_down(limits[i]));
    add(limits[i], limits[i]);
  }
  if (rules == AuctionRules::jpx && !limits.empty() && limits.back() < book.price_max)
    add(one_up(limits.back()), one_up(limits.back()));
  return all;
}

// What is offered at each price or below, and asked for at each price or above.
void add_quantities(const CallBook& book, std::vector<Candidate>& candidates) {
  Quantity supply = book.sells.at_any_price;
  auto sell = book.sells.limits.begin();
  for (Candidate& candidate : candidates) {
    for (; sell != book.sells.limits.end() && sell->price <= candidate.low; ++sell) supply += sell->quantity;
    candidate.supply = supply;
  }
  Quantity demand = book.buys.at_any_price;
  auto buy = book.buys.limits.begin();
  for (auto at = candidates.rbegin(); at != candidates.rend(); ++at) {
    for (; buy != book.buys.limits.end() && buy->price >= at->high; ++buy) demand += buy->quantity;
    at->demand = demand;
  }
}

// Keeps the candidates with the smallest `measure`.
template <class Measure>
void keep_least(std::vector<Candidate>& candidates, Measure measure) {
  const auto least = std::min_element(candidates.begin(), candidates.end(), [&](const auto& a, const auto& b) {
    return measure(a) < measure(b);
  });
  const auto bound = measure(*least);
  std::erase_if(candidates, [&](const Candidate& candidate) { return measure(candidate) != bound; });
}

Price middle_of(Price low, Price high) { return Price(low.value() + (high.value() - low.value()) / 2); }

// Of surviving candidates the price nearest to `target`; of two equally near the higher.
Price nearest(const std::vector<Candidate>& candidates, Price target) {
  Price best;
  std::int64_t best_distance = 0;
  for (const Candidate& candidate : candidates) {
    const Price price = std::clamp(target, candidate.low, candidate.high);
    const std::int64_t distance =
        price > target ? price.value() - target.value() : target.value() - price.value();
    if (best.is_zero() || distance <= best_distance) {
      best = price;
      best_distance = distance;
    }
  }
  return best;
}

// Which of the prices of maximum volume and minimum surplus: where all of them leave a surplus on one side,
// the one that the other side likes; else what the rules say of the reference.
Price choose(AuctionRules rules, const CallBook& book, const std::vector<Candidate>& left) {
  const Price low = left.front().low;
  const Price high = left.back().high;
  const auto all = [&](auto holds) { return std::all_of(left.begin(), left.end(), holds); };
  if (all([](const Candidate& c) { return c.surplus().is_positive(); })) return high;
  if (all([](const Candidate& c) { return c.surplus().is_negative(); })) return low;
  const Price target = book.reference.is_zero() ? middle_of(low, high) : book.reference;
  const bool of_candidates = rules == AuctionRules::xetra_nearest || rules == AuctionRules::euronext;
  return of_candidates ? nearest(left, target) : std::clamp(target, low, high);
}

PriceFinding finding(Price price, Quantity demand, Quantity supply) {
  return {.outcome = PriceOutcome::found,
          .price = price,
          .volume = std::min(demand, supply),
          .surplus_side = demand >= supply ? Side::buy : Side::sell,
          .surplus = std::max(demand, supply) - std::min(demand, supply)};
}

}  // namespace

PriceFinding find_price(AuctionRules rules, const CallBook& book) {
  std::vector<Candidate> candidates = prices_of(rules, book);
  if (candidates.empty()) {
    if (book.buys.at_any_price.is_zero() || book.sells.at_any_price.is_zero()) return {};
    if (book.reference.is_zero()) return {.outcome = PriceOutcome::no_reference, .price = {}, .volume = {}, .surplus = {}};
    return finding(book.reference, book.buys.at_any_price, book.sells.at_any_price);
  }
  add_quantities(book, candidates);
  keep_least(candidates, [](const Candidate& c) { return -c.volume(); });
  if (candidates.front().volume().is_zero()) return {};
  Price price;
  if (rules == AuctionRules::midpoint) {
    price = middle_of(candidates.front().low, candidates.back().high);
  } else {
    keep_least(candidates, [](const Candidate& c) { return c.surplus_size(); });
    price = choose(rules, book, candidates);
  }
  // At a price between two candidates the same can trade, but more or less may be left.
  const auto sum = [&](const CallSide& side, auto within) {
    Quantity total = side.at_any_price;
    for (const CallLimit& limit : side.limits) {
      if (!within(limit.price)) break;
      total += limit.quantity;
    }
    return total;
  };
  return finding(price,
                 sum(book.buys, [&](Price limit) { return limit >= price; }),
                 sum(book.sells, [&](Price limit) { return limit <= price; }));
}

}  // namespace origo
