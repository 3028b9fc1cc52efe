#pragma once

#include "engine/exchange.h"
#include "gateway/feed/feed_start.h"
#include "gateway/node/history.h"

namespace origo::gateway {

// What an instrument's feed begins with: its books, and what only the history knows (the last
// trades, the last auction, the day so far, how the reference price was made).
[[nodiscard]] FeedStart first_feed(const Exchange& exchange,
                                   const HistoryView& history,
                                   const Instrument& instrument);

}  // namespace origo::gateway
