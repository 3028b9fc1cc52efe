#pragma once

#include <cstdint>
#include <vector>

namespace origo::loadtest {

// What the end of a call costs that holds `orders` in one instrument, all of which can trade.
struct UncrossCost {
  std::uint64_t orders = 0;
  std::uint64_t trades = 0;
  double milliseconds = 0;  // in all, settlement included; medians of the rounds
  double finding_ns = 0;    // of it for finding the price, an order
  double ns_per_order = 0;
  double ratio = 0;  // to the first size, of the same round
};

// The whole core; `sizes` in turn, each with a call of its own.
std::vector<UncrossCost> measure_uncross(const std::vector<std::uint64_t>& sizes, int rounds);

}  // namespace origo::loadtest
