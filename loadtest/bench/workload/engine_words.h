#pragma once

#include "engine/core/command.h"
#include "loadtest/workload/format.h"

// An order flow's words in the engine's.
namespace origo::loadtest {

[[nodiscard]] constexpr Side side_of(FlowSide side) {
  return static_cast<Side>(static_cast<unsigned>(side) + 1);
}

inline constexpr TimeInForce kTimesInForce[] = {
    TimeInForce::gtc, TimeInForce::ioc, TimeInForce::fok};

[[nodiscard]] constexpr TimeInForce time_in_force_of(FlowTif tif) {
  return kTimesInForce[static_cast<std::size_t>(tif)];
}

}  // namespace origo::loadtest
