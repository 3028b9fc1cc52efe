#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "loadtest/bench/workload/overlap.h"
#include "loadtest/bench/workload/report.h"
#include "loadtest/bench/workload/uncross.h"

namespace origo::loadtest {

// A burst of cancels in each order, for one engine and one size.
struct CancelCost {
  std::string engine;
  std::uint64_t cancels = 0;
  double front_to_back_ns = 0;  // a cancel; medians
  double back_to_front_ns = 0;
  double random_ns = 0;
};

// One engine on one rough flow.
struct RoughCost {
  std::string engine;
  std::string file;
  double commands_per_second = 0;  // median
  double to_calm = 0;  // its time for a command to that on the calm flow, of the same round
};

// All that the page on matching quotes.
struct Table {
  Report flows;  // the five of the table
  std::vector<RoughCost> rough;
  std::vector<CancelCost> cancels;
  std::vector<Overlap> overlaps;
  std::vector<UncrossCost> uncrosses;
  std::size_t empty_book_bytes = 0;  // with a shelf of its own
  std::size_t next_book_bytes = 0;   // one more on the shelf
};

std::string markdown_of(const Table& table);
// Its part on uncrosses alone.
std::string markdown_of(const std::vector<UncrossCost>& uncrosses);

}  // namespace origo::loadtest
