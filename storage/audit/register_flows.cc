#include "storage/audit/register_flows.h"

#include <limits>

#include "engine/core/amount.h"

namespace origo::storage::audit {
namespace {

std::int64_t clamped(Int128 sum) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  return sum > kMost ? kMost : static_cast<std::int64_t>(sum);
}

}  // namespace

Units RegisterFlows::closing() const {
  const Int128 in = Int128{opening.value()} + issued.value() + entered_otherwise.value();
  const Int128 out =
      Int128{cancelled.value()} + expired.value() + withdrawn.value() + left_otherwise.value();
  return Units(clamped(in - out));
}

RegisterSum sum_of(const CertificatesMoved& moved) {
  if (!moved.from.is_set())
    return moved.reason == MoveReason::issuance ? &RegisterFlows::issued
                                                : &RegisterFlows::entered_otherwise;
  if (moved.to.is_set()) return &RegisterFlows::transferred;
  if (moved.reason == MoveReason::cancellation) return &RegisterFlows::cancelled;
  if (moved.reason == MoveReason::expiry) return &RegisterFlows::expired;
  if (moved.reason == MoveReason::withdrawal) return &RegisterFlows::withdrawn;
  return &RegisterFlows::left_otherwise;
}

void add_to(Units& sum, Units part) {
  sum = Units(clamped(Int128{sum.value()} + part.value()));
}

}  // namespace origo::storage::audit
