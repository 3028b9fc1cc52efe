#include "gateway/cli/base/allocation.h"

#include <algorithm>
#include <cstdint>
#include <numeric>

#include "engine/core/ensure.h"

namespace origo::gateway {
namespace {

// The days of `month` on which the site was in service; last < first: none.
Period days_in_service(const Site& site, const Period& month) {
  return {.first = std::max(site.in_service, month.first),
          .last = std::min(site.closed, month.last)};
}

}  // namespace

std::vector<Measured> divide_by_weight(Measured total, const std::vector<std::int64_t>& weights) {
  ENSURE(!total.is_negative());
  Int128 sum = 0;
  for (const std::int64_t weight : weights) {
    ENSURE(weight >= 0);
    sum += weight;
  }
  ENSURE(sum > 0);
  std::vector<Measured> shares;
  std::vector<Int128> remainders;
  Measured given;
  for (const std::int64_t weight : weights) {
    const Int128 exact = Int128{total.value()} * weight;
    const Measured share(static_cast<std::int64_t>(exact / sum));
    shares.push_back(share);
    remainders.push_back(exact % sum);
    given += share;
  }
  std::vector<std::size_t> order(weights.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return remainders[a] > remainders[b];
  });
  for (auto at = order.begin(); given < total; ++at) {
    ENSURE(at != order.end());
    shares[*at] += Measured(1);
    given += Measured(1);
  }
  return shares;
}

std::vector<Share> allocate(const MonthTotal& month, const std::vector<Site>& sites) {
  std::vector<Share> shares;
  std::vector<std::int64_t> weights;
  for (const Site& site : sites) {
    const Period days = days_in_service(site, month.month);
    if (days.last < days.first) continue;
    shares.push_back({.site = &site, .period = days, .energy = Measured(0)});
    weights.push_back(site.capacity.value() * (days.last.days() - days.first.days() + 1));
  }
  if (shares.empty()) return shares;
  const std::vector<Measured> energies = divide_by_weight(month.total, weights);
  for (std::size_t i = 0; i < shares.size(); ++i) shares[i].energy = energies[i];
  std::erase_if(shares, [](const Share& share) { return share.energy.is_zero(); });
  return shares;
}

}  // namespace origo::gateway
