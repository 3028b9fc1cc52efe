#include "loadtest/bench/workload/overlap.h"

#include <array>
#include <stdexcept>
#include <string>
#include <utility>

#include "loadtest/base/core_market.h"
#include "loadtest/bench/workload/measure.h"

namespace origo::loadtest {
namespace {

constexpr std::array<std::uint32_t, 4> kGroups{1, 4, 16, 64};
constexpr std::size_t kLive = 2000;      // orders of a group that are left to rest
constexpr std::int64_t kMiddle = 5'000;  // of prices
constexpr std::int64_t kVintage = 2024;  // of all certificates
constexpr std::int64_t kNoDevice = 1'000'000;

using Group = std::vector<InstrumentId>;

struct Listed {
  CoreMarket core;
  std::vector<Group> groups;
};

InstrumentId list(CoreMarket& core,
                  std::int64_t device,
                  std::int64_t oldest,
                  std::uint32_t number) {
  const Instrument& like = core.exchange().market().get(core.market().instruments.front());
  const Answer made = core.apply(
      core.user(Actor::market_operator),
      CreateInstrument{
          .market = like.market,
          .code = "OVER-" + std::to_string(number),
          .name = "Overlapping",
          .filter = {{.attribute = "device", .any_of = {}, .min = device, .max = device},
                     {.attribute = "vintage", .any_of = {}, .min = oldest, .max = kVintage}},
          .terms = like.terms});
  if (!made.ok()) throw std::runtime_error("listing an instrument: " + made.detail);
  return InstrumentId(static_cast<std::uint32_t>(made.id));
}

// A device for each group, whose certificates all instruments of the group deliver: its own takes
// any vintage, the others from a year on, so that each is narrower than those before it.
Listed list_all(std::uint32_t listed) {
  SampleMarketOptions options;
  options.instruments = kGroups.size();
  options.shared_lots = true;
  Listed all{.core = CoreMarket(options), .groups = {}};
  std::uint32_t number = 0;
  for (std::size_t g = 0; g < kGroups.size(); ++g) {
    const InstrumentId widest = all.core.market().instruments[g];
    const auto device = all.core.exchange().market().get(widest).spec.front().min;
    Group& group = all.groups.emplace_back(Group{widest});
    while (group.size() < kGroups[g]) {
      const auto place = static_cast<std::int64_t>(group.size());
      group.push_back(list(all.core, device, kVintage - kGroups.back() + place, ++number));
    }
  }
  while (all.core.exchange().market().instruments.size() < listed) {
    ++number;
    list(all.core, kNoDevice + number, kVintage, number);
  }
  return all;
}

// A book of kLive orders: half of the commands rest behind the middle, some take from it, the
// others cancel what rests. Applies them, and keeps them to be applied again.
std::vector<Command> record(CoreMarket& core, const Group& group, std::uint64_t count) {
  std::vector<Command> commands;
  commands.reserve(count);
  std::vector<OrderRef> resting;
  Random random(5);
  while (commands.size() < count) {
    const std::uint64_t instrument = random.next() % group.size();
    if (resting.size() > kLive) {
      const std::size_t place = random.below(resting.size());
      commands.emplace_back(CancelOrder{.target = resting[place]});
      resting[place] = resting.back();
      resting.pop_back();
      core.apply(core.trader(), commands.back());
      continue;
    }
    PlaceOrder order;
    order.account = core.market().accounts[random.below(core.market().accounts.size())];
    order.instrument = group[instrument];
    order.side = random.below(2) == 0 ? Side::buy : Side::sell;
    order.quantity = Quantity(static_cast<std::int64_t>(random.below(20)) + 1);
    const bool takes = random.below(6) == 0;
    if (takes) order.time_in_force = TimeInForce::ioc;
    const std::int64_t behind = takes ? -8 : static_cast<std::int64_t>(random.below(40)) + 1;
    order.price = Price(order.side == Side::buy ? kMiddle - behind : kMiddle + behind);
    commands.emplace_back(order);
    const Answer answer = core.apply(core.trader(), commands.back());
    if (answer.open.is_positive())
      resting.push_back(
          {.account = order.account, .order = OrderId(answer.id), .client_order_id = {}});
  }
  return commands;
}

// One market and the flow of each of its groups, which follow each other.
class Race {
 public:
  Race(Listed listed, std::size_t groups, std::uint64_t commands)
      : listed_(std::move(listed)), warm_up_(commands / 2) {
    CoreMarket core = listed_.core;
    for (std::size_t g = 0; g < groups; ++g)
      flows_.push_back(record(core, listed_.groups[g], warm_up_ + commands));
  }

  // Nanoseconds a command, for each group.
  [[nodiscard]] std::vector<double> run() const {
    CoreMarket core = listed_.core;
    std::vector<double> costs;
    for (const std::vector<Command>& flow : flows_) {
      for (std::size_t i = 0; i < warm_up_; ++i) core.apply(core.trader(), flow[i]);
      const double start = seconds_now();
      for (std::size_t i = warm_up_; i < flow.size(); ++i) core.apply(core.trader(), flow[i]);
      costs.push_back((seconds_now() - start) * 1e9 / static_cast<double>(flow.size() - warm_up_));
    }
    return costs;
  }

 private:
  Listed listed_;
  std::size_t warm_up_;
  std::vector<std::vector<Command>> flows_;
};

}  // namespace

std::vector<Overlap> measure_overlap(const OverlapOptions& options) {
  const Race alone(list_all(kGroups.size()), 1, options.commands);
  const Race among(list_all(options.listed), kGroups.size(), options.commands);
  std::vector<Overlap> result(1 + kGroups.size());
  std::vector<std::vector<double>> costs(result.size());
  std::vector<std::vector<double>> ratios(result.size());
  for (int round = 0; round < options.rounds; ++round) {
    std::vector<double> of_round = alone.run();
    for (const double cost : among.run()) of_round.push_back(cost);
    for (std::size_t i = 0; i < of_round.size(); ++i) {
      costs[i].push_back(of_round[i]);
      ratios[i].push_back(of_round[i] / of_round[1]);
    }
  }
  for (std::size_t i = 0; i < result.size(); ++i) {
    result[i] = {.instruments = i == 0 ? 1 : kGroups[i - 1],
                 .listed = i == 0 ? 1 : options.listed,
                 .ns_per_command = median(costs[i]),
                 .ratio = median(ratios[i])};
  }
  return result;
}

}  // namespace origo::loadtest
