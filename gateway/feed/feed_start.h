#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/market/market.h"
#include "gateway/feed/shown.h"
#include "gateway/node/candle.h"

namespace origo::gateway {

// Where an instrument's feed starts: the state before the first batch.
struct FeedLevel {
  Side side = Side::buy;
  Price price;  // 0: at any price
  Quantity open;
  std::uint32_t orders = 0;
};
struct FeedOrder {
  OrderId order;
  Side side = Side::buy;
  Price price;  // likewise
  Quantity visible;
};
// Whose sells its buyers can take beside its own, and whose buys its sellers can fill.
struct FeedRelations {
  std::vector<InstrumentId> narrower = {};
  std::vector<InstrumentId> wider = {};
};
// What a market's instruments are in together.
struct FeedPhase {
  Phase phase = Phase::continuous;
  std::string reason = {};         // of who set it by hand
  bool until_lifted = false;       // the calendar does not change it
  CallKind call = CallKind::none;  // has begun and not uncrossed yet
  // Whether it goes on, though it may be halted.
  [[nodiscard]] bool in_call() const { return call != CallKind::none && phase != Phase::pre_open; }
};
struct FeedStart {
  InstrumentId instrument;
  std::vector<FeedLevel> levels;
  std::vector<FeedTrade> trades;       // oldest first; the newest gives the last price
  std::vector<FeedOrder> orders = {};  // those of a price as they stand there, the first first
  FeedRelations related = {};
  MarketId market = {};
  FeedPhase phase = {};                     // of the market
  std::optional<FeedAuction> auction = {};  // the last one
  Candle day = {};                          // of the UTC day so far; without trades: nothing traded
  std::optional<FeedReference> reference = {};
};

// The books of a state, without what only the history knows.
[[nodiscard]] FeedStart feed_start(const Market& market, const Instrument& instrument);

}  // namespace origo::gateway
