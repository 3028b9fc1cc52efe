#pragma once

#include <cstdint>

#include "loadtest/workload/checksum.h"

// What an engine under measurement tells its trades to.
namespace origo::loadtest {

// In timed runs: enough to see afterwards that the work was done.
struct CountedTrades {
  static constexpr bool kChecked = false;
  explicit CountedTrades(std::uint32_t) {}
  void add(const FlowTrade& trade) {
    ++count;
    quantity += trade.quantity;
  }
  std::uint64_t count = 0;
  std::uint64_t quantity = 0;
};

// In checking runs.
struct CheckedTrades {
  static constexpr bool kChecked = true;
  explicit CheckedTrades(std::uint32_t instruments) : sums(instruments) {}
  void add(const FlowTrade& trade) {
    ++count;
    sums.add(trade);
  }
  std::uint64_t count = 0;
  TradeSums sums;
};

}  // namespace origo::loadtest
