#pragma once

#include "engine/core/command.h"
#include "loadtest/workload/format.h"

// An order flow's words in the engine's.
namespace origo::loadtest {

[[nodiscard]] constexpr Side side_of(FlowSide side) { return side == FlowSide::buy ? Side::buy : Side::sell; }

[[nodiscard]] constexpr TimeInForce time_in_force_of(FlowTif tif) {
  if (tif == FlowTif::gtc) return TimeInForce::gtc;
  return tif == FlowTif::ioc ? TimeInForce::ioc : TimeInForce::fok;
}

}  // namespace origo::loadtest
