#include "engine/market/call_book.h"

namespace origo {
namespace {

CallSide side_of(const Market& market, const Book& book, Side side) {
  CallSide out;
  book.side(side).for_each(market.store, [&](const Level& level) {
    out.limits.push_back({.price = level.price, .quantity = level.open + level.hidden});
    return true;
  });
  book.at_any_price(side).for_each(market.store, [&](const Level& level) {
    out.at_any_price += level.open;
    return true;
  });
  return out;
}

}  // namespace

PriceFinding find_call_price(const Market& market, const Instrument& instrument) {
  const Book& book = market.book(instrument.id);
  CallBook call;
  call.buys = side_of(market, book, Side::buy);
  call.sells = side_of(market, book, Side::sell);
  call.reference = instrument.reference.is_zero() ? instrument.last : instrument.reference;
  const PriceRange range = price_range(instrument);
  call.tick_grid = instrument.rules.auction_tick_grid;
  call.price_min = range.low;
  call.price_max = range.high;
  return find_price(instrument.rules.auction, call);
}

}  // namespace origo
