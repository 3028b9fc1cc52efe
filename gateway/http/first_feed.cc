#include "gateway/http/first_feed.h"

#include <spdlog/spdlog.h>

#include <optional>

namespace origo::gateway {

namespace {

constexpr std::size_t kTradesShown = 50;  // of each instrument, by the feed's first snapshot

std::optional<FeedReference> feed_reference(const HistoryView& history,
                                            const Instrument& instrument) {
  if (instrument.day.set_by_hand)
    return FeedReference{.price = instrument.reference, .method = ReferenceMethod::set_by_hand};
  const auto last = history.references().last(instrument.id);
  if (!last.ok() || !last.value) return std::nullopt;
  const ReferencePriceDecided& decided = last.value->decided;
  return FeedReference{.price = decided.price,
                       .method = decided.method,
                       .day = decided.day,
                       .volume = decided.volume,
                       .trades = decided.trades};
}

}  // namespace

FeedStart first_feed(const Exchange& exchange,
                     const HistoryView& history,
                     const Instrument& instrument) {
  FeedStart start = feed_start(exchange.market(), instrument);
  const auto trades = history.trades(instrument.id, {.limit = kTradesShown});
  if (!trades.ok()) spdlog::warn("the feed begins without trades: {}", trades.status.message);
  for (auto entry = trades.value.rbegin(); entry != trades.value.rend(); ++entry) {
    start.trades.push_back({.trade = entry->trade.trade,
                            .price = entry->trade.price,
                            .quantity = entry->trade.quantity,
                            .aggressor = entry->trade.aggressor,
                            .time = entry->time});
  }
  const auto auction = history.last_auction(instrument.id);
  if (auction.ok() && auction.value) {
    const Uncrossed& last = auction.value->uncrossed;
    start.auction = FeedAuction{.price = last.price,
                                .volume = last.volume,
                                .surplus_side = last.surplus_side,
                                .surplus = last.surplus,
                                .call = last.call,
                                .time = auction.value->time};
  }
  const auto today =
      history.prices().candles(instrument.id, Interval::day, {.from = exchange.time(), .limit = 1});
  if (today.ok() && !today.value.entries.empty()) start.day = today.value.entries.front();
  start.reference = feed_reference(history, instrument);
  return start;
}

}  // namespace origo::gateway
