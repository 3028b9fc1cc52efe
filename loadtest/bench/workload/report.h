#pragma once

#include <string>
#include <vector>

#include "loadtest/bench/workload/measure.h"

namespace origo::loadtest {

// One engine on one file. What was not measured is empty or 0.
struct Cell {
  std::string engine;
  std::string file;
  bool skipped = false;    // the engine cannot take the file
  std::string difference;  // from the expected result; empty: equal
  bool checked = false;
  double commands_per_second = 0;
  double ratio = 0;  // to the plain book, of the same round
  Latency latency;
  Latency latency_ratio;  // to the plain book
  MemoryUse memory;
};

struct Report {
  int rounds = 0;
  double stamp_cost_ns = 0;
  std::vector<std::string> files;
  std::vector<std::string> engines;
  std::vector<Cell> cells;

  [[nodiscard]] const Cell* find(const std::string& engine, const std::string& file) const;
  [[nodiscard]] bool all_equal() const;
};

// Up to three numbers in a printf format.
std::string formatted(const char* format, double first, double second = 0, double third = 0);
// "basic-i1000-d100k.wl" without the ending, which the eye does not need in a column.
std::string column_name(std::string file);

std::string table_of(const Report& report);
std::string json_of(const Report& report);

}  // namespace origo::loadtest
