#pragma once

#include <vector>

#include "gateway/node/register_statistics.h"

// Whether a register's statistics and its ledger say the same.
namespace origo::gateway {

struct RegisterBalance {
  RegisterKind kind;
  RegisterFlows statistics;  // ever
  Units stock;               // closing of the newest month
  RegisterFlows ledger;      // issued, cancelled, expired, withdrawn, voided: by the lots
  Units held;                // by holders
  [[nodiscard]] bool agrees() const;
};

// One for each kind that either side has, in order. `totals` must be of the same command as the
// state. Cost: all lots and holdings.
[[nodiscard]] std::vector<RegisterBalance> reconcile(const Exchange& exchange,
                                                     const std::vector<RegisterTotal>& totals);

}  // namespace origo::gateway
