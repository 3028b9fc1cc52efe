#pragma once

#include "engine/core/events.h"
#include "engine/market/market.h"

namespace origo {

// The trading day `day` of the instrument has ended. Its reference price is, the first that there
// is: what a market operator has set in the course of it; the price of its closing call; the
// volume-weighted average of its last trades, rounded to the nearest tick, halves upwards; the day
// before's. It holds from now on, until the next.
//
// Shape:  ReferencePriceDecided, or nothing where there is no price yet.
// Source: market rules, section 8.
void end_day(Instrument& instrument, Date day, Events& events);

}  // namespace origo
