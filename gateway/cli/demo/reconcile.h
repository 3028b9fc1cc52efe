#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "gateway/cli/demo/demo.h"

namespace origo::gateway {

// What the node holds now of the demo's registry, as its queries tell.
struct Reconciliation {
  Measured published;           // by the source
  Measured declared;            // of all declarations
  std::int64_t issued = 0;      // certificates of 1 MWh
  std::int64_t held = 0;        // by lot
  std::int64_t cancelled = 0;   // by lot
  std::int64_t expired = 0;     // by lot
  std::int64_t withdrawn = 0;   // by lot
  std::int64_t holdings = 0;    // by account
  std::int64_t reserved = 0;    // of the holdings, for open orders
  std::int64_t statements = 0;  // units on cancellation statements
  Measured carried;             // by device, less than a certificate each
  std::size_t lots = 0;
  std::vector<std::string> differences;  // what does not add up; empty: all does
};

// Asks the node for every device, declaration, lot, holding and statement of the registry, and
// compares them with each other and with the published months.
[[nodiscard]] Reconciliation reconcile(const Stage& stage, Session& session);

// The closing lines.
void print(const Reconciliation& result, const Stage& stage);

}  // namespace origo::gateway
