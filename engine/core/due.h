#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <set>

#include "engine/core/date.h"
#include "engine/core/encoding.h"

namespace origo {

// What falls due by itself; at one instant in this order.
enum class DueKind : std::uint8_t {
  transfer_end = 1,  // id: watched lot; its certificates can no longer be traded
  expiry = 2,        // id: watched lot; its certificates can no longer be cancelled
  order = 3,         // id: order; GTD
  phase = 4,         // id: market; its calendar's next change of phase
  deadline = 5,      // id: proposal; nobody consented
  hold = 6,          // id: transfer; a held exit goes through
  day_order = 7,     // id: order; DAY: it takes part in the call that ends with its day
  settlement = 8,    // id: trade; certificates and cash change hands
  settle_day =
      9,  // id: market; its business day is over: trades settle a business day later than before
  day_end = 10,     // id: market; its trading day ends
  balance_end = 11  // id: site; the period of its mass balance is over
};
BOOST_DESCRIBE_ENUM(DueKind,
                    transfer_end,
                    expiry,
                    order,
                    phase,
                    deadline,
                    hold,
                    day_order,
                    settlement,
                    settle_day,
                    day_end,
                    balance_end)

struct Due {
  Instant at;
  DueKind kind = DueKind::order;
  std::uint64_t id = 0;
  auto operator<=>(const Due&) const = default;
};
BOOST_DESCRIBE_STRUCT(Due, (), (at, kind, id))

// All that is due some day, by (instant, kind, id).
using DueList = std::set<Due>;

}  // namespace origo
