#include "loadtest/bench/workload/uncross.h"

#include <stdexcept>

#include "engine/market/call_book.h"
#include "loadtest/base/core_market.h"
#include "loadtest/bench/workload/measure.h"

namespace origo::loadtest {
namespace {

constexpr std::int64_t kUncrossMiddle = 5'000;  // of prices
constexpr std::int64_t kUncrossReach = 500;     // buys up to it above the middle, sells below

struct Ended {
  std::uint64_t trades = 0;
  double seconds = 0;
  double finding_seconds = 0;
};

void change_phase(CoreMarket& core, Phase phase) {
  const Answer answer =
      core.apply(core.user(Actor::market_operator),
                 SetPhase{.market = MarketId(1), .phase = phase, .reason = "measured"});
  if (!answer.ok()) throw std::runtime_error("the call cannot end");
}

// As many buys as sells of the same sizes, at any price that crosses, from all accounts.
Ended end_call(std::uint64_t orders) {
  CoreMarket core(SampleMarketOptions{});
  change_phase(core, Phase::call);
  Random random(3);
  const auto& accounts = core.market().accounts;
  for (std::uint64_t i = 0; i < orders; ++i) {
    PlaceOrder order;
    order.account = accounts[random.below(accounts.size())];
    order.instrument = core.market().instruments.front();
    order.side = i % 2 == 0 ? Side::buy : Side::sell;
    const auto through = static_cast<std::int64_t>(random.below(kUncrossReach));
    order.price =
        Price(order.side == Side::buy ? kUncrossMiddle + through : kUncrossMiddle - through);
    order.quantity = Quantity(static_cast<std::int64_t>(1 + i / 2 % 20));
    if (!core.apply(core.trader(), order).ok()) throw std::runtime_error("an order was refused");
  }
  const Market& market = core.exchange().market();
  Ended ended;
  const double before = seconds_now();
  const PriceFinding found = find_call_price(market, market.instruments.front());
  ended.finding_seconds = seconds_now() - before;
  if (found.outcome != PriceOutcome::found) throw std::runtime_error("the call finds no price");
  const double start = seconds_now();
  change_phase(core, Phase::continuous);
  ended.seconds = seconds_now() - start;
  ended.trades = market.last_trade.value();
  if (market.store.orders.live() != 0) throw std::runtime_error("an order did not trade");
  return ended;
}

}  // namespace

std::vector<UncrossCost> measure_uncross(const std::vector<std::uint64_t>& sizes, int rounds) {
  std::vector<UncrossCost> costs(sizes.size());
  std::vector<std::vector<double>> seconds(sizes.size());
  std::vector<std::vector<double>> finding(sizes.size());
  std::vector<std::vector<double>> ratios(sizes.size());
  for (int round = 0; round < rounds; ++round) {
    for (std::size_t i = 0; i < sizes.size(); ++i) {
      const auto orders = static_cast<double>(sizes[i]);
      const Ended ended = end_call(sizes[i]);
      costs[i].trades = ended.trades;
      seconds[i].push_back(ended.seconds);
      finding[i].push_back(ended.finding_seconds / orders);
      const double first = seconds[0].back() / static_cast<double>(sizes[0]);
      ratios[i].push_back(ended.seconds / orders / first);
    }
  }
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    costs[i].orders = sizes[i];
    costs[i].milliseconds = median(seconds[i]) * 1e3;
    costs[i].ns_per_order = median(seconds[i]) * 1e9 / static_cast<double>(sizes[i]);
    costs[i].finding_ns = median(finding[i]) * 1e9;
    costs[i].ratio = median(ratios[i]);
  }
  return costs;
}

}  // namespace origo::loadtest
