#pragma once

#include "engine/state.h"

namespace origo {

// Something of the lot is promised by a sell order or a held exit: from now on its ends fall due,
// and the orders that promise it then end. Lots that nobody ever promised cost nothing when they
// end, however many do so on one day.
void watch_ends(State& state, LotId lot, Instant now);

// Certificates of the lot are no longer reserved. Reserved ones don't expire; if their last day has
// passed meanwhile, now they may.
void write_off_late(State& state, LotId lot, Instant now);

}  // namespace origo
