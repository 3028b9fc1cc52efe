#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/amount.h"
#include "engine/core/date.h"

// The real data behind the demo: scripts/demo/sites.csv and monthly.csv.
namespace origo::gateway {

// A site that injects biomethane into the French grid.
struct Site {
  std::uint32_t id = 0;  // the source's
  std::string name;
  std::string kind;  // "Agricole autonome", ...
  std::string commune;
  std::string departement;
  std::string region;
  Date in_service;
  Date closed = kNever;  // last day; kNever: open
  Measured capacity;     // Wh a year
  std::string grid_operator;
  std::string grid_level;
  std::string injection_point;
};

// What all sites of France injected in one month.
struct MonthTotal {
  Period month;
  Measured total;  // Wh
};

// Data, or why there is none: `error` names line and column.
struct Sites {
  std::vector<Site> rows;
  std::string error;
};
struct MonthTotals {
  std::vector<MonthTotal> rows;
  std::string error;
};
[[nodiscard]] Sites parse_sites(std::string_view csv);
[[nodiscard]] MonthTotals parse_months(std::string_view csv);

}  // namespace origo::gateway
