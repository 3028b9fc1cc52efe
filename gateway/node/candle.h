#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/core/amount.h"
#include "engine/core/date.h"
#include "engine/core/id.h"

// Prices over time: what traded in each span, and how spans become longer ones.
namespace origo::gateway {

// The spans of UTC time that prices are asked for. Weeks begin on Monday; months and years are the
// calendar's.
enum class Interval : std::uint8_t {
  minute = 1,
  minutes_5 = 2,
  minutes_15 = 3,
  hour = 4,
  day = 5,
  week = 6,
  month = 7,
  year = 8
};
BOOST_DESCRIBE_ENUM(Interval, minute, minutes_5, minutes_15, hour, day, week, month, year)

// When the span that holds `at` begins.
[[nodiscard]] Instant start_of(Interval interval, Instant at);
// "1m", "5m", "15m", "1h", "1d", "1w", "1mo", "1y".
[[nodiscard]] std::optional<Interval> parse_interval(std::string_view text);
[[nodiscard]] std::string to_string(Interval interval);

// What traded in one span. Which unit prices and amounts have is said where candles are kept.
// Invariant: trades > 0; low <= open, close <= high.
struct Candle {
  Instant start;
  std::int64_t open = 0;
  std::int64_t high = 0;
  std::int64_t low = 0;
  std::int64_t close = 0;
  std::int64_t volume = 0;
  std::int64_t turnover =
      0;  // sum of price x amount; a sum beyond 64 bits stays at the largest number
  std::uint64_t trades = 0;
  TradeId first;  // trade: open
  TradeId last;   // and close
};
BOOST_DESCRIBE_STRUCT(Candle,
                      (),
                      (start, open, high, low, close, volume, turnover, trades, first, last))

// Adds a trade at `price` of `amount`, whose worth is `turnover`. The first gives the candle its
// prices; trades come in order. A trade that is delivered in parts counts once.
void add_trade(
    Candle& candle, TradeId trade, std::int64_t price, std::int64_t amount, std::int64_t turnover);
// The volume-weighted average price of an instrument's candle, in thousandths of a tick, rounded
// half up.
[[nodiscard]] std::int64_t average_of_instrument(const Candle& candle);
// Adds another candle, of a part of the same span or of other trades in it.
void merge(Candle& into, const Candle& other);

}  // namespace origo::gateway
