#pragma once

#include <vector>

#include "engine/core/amount.h"
#include "engine/core/date.h"
#include "gateway/cli/base/demo_data.h"

// How the demo makes declarations of single sites from a national total: Origo's model, described
// in scripts/demo/SOURCES.md. The totals are the source's; the split is not.
namespace origo::gateway {

// Divides `total` in proportion to `weights`, by largest remainder; equal remainders: the earlier
// first.
//
// Requires: total >= 0; weights >= 0, not all zero.
// Ensures:  the shares add up to exactly `total`, and each is within 1 of its exact proportion.
[[nodiscard]] std::vector<Measured> divide_by_weight(Measured total,
                                                     const std::vector<std::int64_t>& weights);

struct Share {
  const Site* site = nullptr;
  Period period;  // the days in service within the month
  Measured energy;
};

// Splits a month's total over the sites in service in it, by capacity x days in service. In the
// order of `sites`; sites without a day in service, or with a share of 0, are left out.
//
// Ensures: the shares add up to exactly the month's total, unless no site was in service: then
// none.
[[nodiscard]] std::vector<Share> allocate(const MonthTotal& month, const std::vector<Site>& sites);

}  // namespace origo::gateway
