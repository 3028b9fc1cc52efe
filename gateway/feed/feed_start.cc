#include "gateway/feed/feed_start.h"

namespace origo::gateway {
namespace {

void add(const Market& market, Side side, const Level& level, FeedStart& start) {
  start.levels.push_back(
      {.side = side, .price = level.price, .open = level.open, .orders = level.orders});
  for (OrderSlot slot = level.first; slot != kNoSlot; slot = market.store.orders[slot].next) {
    const Order& order = market.store.orders[slot];
    start.orders.push_back({.order = order.id,
                            .side = side,
                            .price = level.price,
                            .visible = order.open - market.hidden_of(order)});
  }
}

}  // namespace

FeedStart feed_start(const Market& market, const Instrument& instrument) {
  const Venue& venue = *market.find(instrument.market);
  FeedStart start{.instrument = instrument.id,
                  .levels = {},
                  .trades = {},
                  .orders = {},
                  .related = {.narrower = instrument.narrower, .wider = instrument.wider},
                  .market = venue.id,
                  .phase = {.phase = venue.phase,
                            .reason = venue.phase_reason,
                            .until_lifted = venue.until_lifted,
                            .call = venue.call}};
  const Book& book = market.book(instrument.id);
  for (const Side side : {Side::buy, Side::sell}) {
    for (const BookSide* queue : {&book.at_any_price(side), &book.side(side)}) {
      queue->for_each(market.store, [&](const Level& level) {
        add(market, side, level, start);
        return true;
      });
    }
  }
  return start;
}

}  // namespace origo::gateway
