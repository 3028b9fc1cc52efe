#pragma once

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <vector>

#include "loadtest/base/sample_market.h"
#include "loadtest/bench/workload/measure.h"
#include "loadtest/bench/workload/trades.h"
#include "loadtest/workload/format.h"

namespace origo::loadtest {

// In which order the orders of a level are cancelled.
enum class BurstOrder : std::uint8_t { front_to_back, back_to_front, random };

// The orders of a burst as places in the level.
inline std::vector<std::uint64_t> places_of(BurstOrder order, std::uint64_t count) {
  std::vector<std::uint64_t> places(count);
  std::iota(places.begin(), places.end(), std::uint64_t{0});
  if (order == BurstOrder::back_to_front) std::reverse(places.begin(), places.end());
  Random random(3);
  for (std::uint64_t left = count; order == BurstOrder::random && left > 1; --left)
    std::swap(places[left - 1], places[random.below(left)]);
  return places;
}

// Nanoseconds a cancel when `count` orders of one level go one after another; the level is filled
// and emptied so often that at least `cancels` are measured, after once to warm up.
template <template <class> class Engine>
double cancel_burst(BurstOrder order, std::uint64_t count, std::uint64_t cancels) {
  using One = Engine<CountedTrades>;
  const std::uint64_t times = 1 + std::max<std::uint64_t>(1, cancels / count);
  FlowHeader header;
  header.accounts = 100;
  header.price_max = 10'000;
  header.order_max = times * count;
  One engine(typename One::Setting(header), header);
  const std::vector<std::uint64_t> places = places_of(order, count);
  double seconds = 0;
  for (std::uint64_t time = 0; time < times; ++time) {
    const auto command_for = [&](std::uint64_t place) {
      FlowCommand command;
      command.order = time * count + place + 1;
      command.price = 5'000;
      command.quantity = 1;
      command.account = static_cast<std::uint32_t>(place % header.accounts);
      return command;
    };
    for (std::uint64_t place = 0; place < count; ++place) engine.apply(command_for(place));
    const double start = seconds_now();
    for (const std::uint64_t place : places) {
      FlowCommand command = command_for(place);
      command.kind = FlowKind::cancel;
      engine.apply(command);
    }
    if (time > 0) seconds += seconds_now() - start;
  }
  return seconds * 1e9 / static_cast<double>((times - 1) * count);
}

}  // namespace origo::loadtest
