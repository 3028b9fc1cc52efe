#include "gateway/node/candle.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "engine/core/ensure.h"

namespace origo::gateway {

namespace {

constexpr std::array<std::pair<Interval, std::string_view>, 8> kNames{
    {{Interval::minute, "1m"},
     {Interval::minutes_5, "5m"},
     {Interval::minutes_15, "15m"},
     {Interval::hour, "1h"},
     {Interval::day, "1d"},
     {Interval::week, "1w"},
     {Interval::month, "1mo"},
     {Interval::year, "1y"}}};
constexpr std::int64_t kMinuteNs = 60'000'000'000;

Instant floor(Instant at, std::int64_t span) {
  return Instant(at.ns() - at.ns() % span);
}

std::int64_t sum(std::int64_t a, std::int64_t b) {
  std::int64_t result = 0;
  return __builtin_add_overflow(a, b, &result) ? std::numeric_limits<std::int64_t>::max() : result;
}

}  // namespace

Instant start_of(Interval interval, Instant at) {
  const Date date = date_of(at);
  switch (interval) {
    case Interval::minute:
      return floor(at, kMinuteNs);
    case Interval::minutes_5:
      return floor(at, 5 * kMinuteNs);
    case Interval::minutes_15:
      return floor(at, 15 * kMinuteNs);
    case Interval::hour:
      return floor(at, 60 * kMinuteNs);
    case Interval::day:
      return origo::start_of(date);
    case Interval::week: {
      const std::int32_t since_monday = (date.days() + 3) % 7;  // 1970-01-01 was a Thursday
      return origo::start_of(Date(std::max(date.days() - since_monday, 0)));
    }
    case Interval::month:
      return origo::start_of(Date(date.days() - static_cast<std::int32_t>(civil(date).day) + 1));
    case Interval::year:
      return origo::start_of(*make_date(year_of(date), 1, 1));
  }
  ENSURE(false);
  return {};
}

std::optional<Interval> parse_interval(std::string_view text) {
  const auto found =
      std::ranges::find(kNames, text, &std::pair<Interval, std::string_view>::second);
  return found == kNames.end() ? std::nullopt : std::optional(found->first);
}

std::string to_string(Interval interval) {
  return std::string(
      std::ranges::find(kNames, interval, &std::pair<Interval, std::string_view>::first)->second);
}

void add_trade(
    Candle& candle, TradeId trade, std::int64_t price, std::int64_t amount, std::int64_t turnover) {
  if (candle.trades == 0) {
    candle.open = candle.high = candle.low = price;
    candle.first = trade;
  }
  candle.high = std::max(candle.high, price);
  candle.low = std::min(candle.low, price);
  candle.close = price;
  candle.volume = sum(candle.volume, amount);
  candle.turnover = sum(candle.turnover, turnover);
  if (candle.last != trade) ++candle.trades;
  candle.last = trade;
}

void merge(Candle& into, const Candle& other) {
  if (into.trades == 0) {
    const Instant start = into.start;
    into = other;
    into.start = start;
    return;
  }
  if (other.trades == 0) return;
  if (other.first < into.first) {
    into.open = other.open;
    into.first = other.first;
  }
  if (other.last >= into.last) {
    into.close = other.close;
    into.last = other.last;
  }
  into.high = std::max(into.high, other.high);
  into.low = std::min(into.low, other.low);
  into.volume = sum(into.volume, other.volume);
  into.turnover = sum(into.turnover, other.turnover);
  into.trades += other.trades;
}

std::int64_t average_of_instrument(const Candle& candle) {
  return divide_half_up(Int128{candle.turnover} * 1'000, candle.volume);
}

}  // namespace origo::gateway
