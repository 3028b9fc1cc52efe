#include "engine/market/desk.h"
#include "engine/market/trading_sessions.h"

// Collars of continuous trading: what would trade outside them goes to a volatility call.
// Source: market rules, section 3.
namespace origo {
namespace {

constexpr std::int64_t kMillion = 1'000'000;

bool is_beyond(Price price, Price base, std::uint32_t ppm) {
  if (ppm == 0 || base.is_zero()) return false;
  const Int128 distance =
      price > base ? price.value() - base.value() : base.value() - price.value();
  return distance * kMillion > Int128{base.value()} * ppm;
}

bool has_collar(const TradingRules& rules) {
  return rules.dynamic_collar_ppm > 0 || rules.static_collar_ppm > 0;
}

}  // namespace

// Whether a trade at `price` is too far from the last price before the aggressor, or from the
// reference price. Collars are judged at the buy order's instrument.
bool Desk::is_outside(const Instrument& bought, Price price) const {
  if (!has_collar(bought.rules)) [[likely]]
    return false;
  Price last = bought.last;
  for (const Before& before : before_) {
    if (before.instrument == bought.id) last = before.last;
  }
  return is_beyond(price, last, bought.rules.dynamic_collar_ppm) ||
         is_beyond(price, bought.reference, bought.rules.static_collar_ppm);
}

// Whose buy order it would be: the taker's, or one of the other book's.
const Instrument& Desk::bought_by(const Incoming& taker, InstrumentId other) const {
  return market_.get(order(taker.slot).side == Side::buy ? taker.instrument : other);
}

// The first price in the order's reach at which it would be outside a collar; 0: none.
Price Desk::first_outside(const Incoming& taker) const {
  const Side side = opposite(order(taker.slot).side);
  Price first;
  const auto look = [&](InstrumentId other) {
    const Instrument& bought = bought_by(taker, other);
    if (!has_collar(bought.rules)) return;
    const BookSide& book = market_.book(other).side(side);
    for_each_in_reach(taker, book, [&](const Level& level) {
      if (!is_outside(bought, level.price)) return true;
      if (first.is_zero() || book.better(level.price, first)) first = level.price;
      return false;
    });
  };
  look(taker.instrument);
  for (const InstrumentId other : taker.reach) look(other);
  return first;
}

// Before the first trade of the aggressor there.
void Desk::note_before(const Instrument& traded) {
  for (const Before& before : before_) {
    if (before.instrument == traded.id) return;
  }
  before_.push_back({.instrument = traded.id, .last = traded.last});
}

// The market goes to a volatility call.
void Desk::interrupt(const Incoming& taker) {
  const OrderSlot maker = next_maker(taker);
  ENSURE(maker != kNoSlot);
  const Instrument& bought = bought_by(taker, level_of(order(maker)).place.instrument());
  TradingSessions({.state = state_, .events = events_, .now = now_, .client = client_})
      .interrupt(*this, bought);
}

}  // namespace origo
