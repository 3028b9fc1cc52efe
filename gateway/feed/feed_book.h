#pragma once

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "gateway/feed/book_feed.h"

namespace origo::gateway {

// What the feed keeps of one instrument, and what it has said.
struct BookFeed::Book {
  InstrumentId instrument;
  Levels bids;
  Levels asks;
  std::vector<Book*> narrower;
  std::vector<Book*> wider;
  std::deque<FeedTrade> trades;  // the last ones, oldest first
  std::optional<Price> last_price;
  Candle day;  // UTC; without trades: nothing traded
  std::optional<FeedReference> reference;
  const FeedPhase* phase = nullptr;  // of its market
  std::optional<PriceFinding>
      indicated;  // what its call would trade; nothing: not in a call, or not known yet
  std::optional<FeedAuction> auction;  // the last one
  // What was published: subscribers are at this state.
  std::string shown_l1;
  std::string shown_auction;
  std::string shown_stats;
  std::optional<LevelView>
      shown_levels;  // nothing: nobody has asked since nobody listens; likewise the next two
  std::optional<LevelView> shown_combined;
  std::optional<OrderView> shown_orders;
  std::vector<FeedTrade> new_trades;  // not published yet
  bool touched = false;
  bool auction_touched = false;  // what the auction channel says may have changed
  bool call_touched = false;     // and what its call would trade
  bool stats_touched = false;    // and its statistics

  [[nodiscard]] Topic topic(Channel channel) const {
    return {.channel = channel, .instrument = instrument.value()};
  }
};

}  // namespace origo::gateway
