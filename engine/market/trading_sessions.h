#pragma once

#include "engine/core/result.h"
#include "engine/market/desk.h"
#include "engine/state.h"

namespace origo {

// Which phase a market is in: as its calendar says, or a market operator.
// Source: market rules, section 3.
class TradingSessions {
 public:
  explicit TradingSessions(Working working) : working_(working), state_(working.state) {}

  // Replaces the market's calendar. Of its changes that are past, the last holds at once.
  // Rejects: market_unknown, calendar_invalid.
  Result<MarketId> set(const SetCalendar& command);
  // Rejects: market_unknown, phase_invalid, reference_missing (detail: the instrument).
  Result<MarketId> set(const SetPhase& command);

  // A trade of the instrument would have been outside its collar: the market goes to a call, in the
  // middle of what `desk` does. The call ends as the instrument's rules say, or with the calendar's
  // next change before.
  void interrupt(Desk& desk, const Instrument& instrument);

  // A change of the market's calendar is due, or may have begun to be possible. Of several that
  // were missed only the last happens. One that is refused is tried again a minute later.
  void follow(MarketId market);
  // The market's trading day is over: each of its instruments gets its reference price. Of several
  // days that were missed only the first had trades, and only it is decided. Shape:
  // ReferencePriceDecided for each instrument that has a price, by id. Cost:  one walk over the
  // instruments. Source: market rules, section 8.
  void end_day(MarketId market);
  // Expects the end of the trading day that is now, and no other.
  void expect_day_end(Venue& venue);
  // Decides when the changes happen that have begun to be possible: by chance, within their random
  // part.
  void draw(std::uint64_t draw);

  // When a venue's next change is looked at; unset: it has none, or waits for a draw.
  [[nodiscard]] static Instant due_at(const Market& market, const Venue& venue);

 private:
  [[nodiscard]] Venue& venue_of(MarketId market) {
    return state_.market.venues[market.value() - 1];
  }
  bool change_by_calendar(Venue& venue, const PhaseChange& next);
  [[nodiscard]] static CallKind call_that_begins(const Venue& venue,
                                                 PhaseCause cause,
                                                 Instant day_end);
  void change(Desk& desk, Venue& venue, const PhaseChanged& to, Instant day_end);
  void expect_next(const Venue& venue);
  void expect_no_more(const Venue& venue);

  Working working_;
  State& state_;
};

}  // namespace origo
