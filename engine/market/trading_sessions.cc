#include "engine/market/trading_sessions.h"

#include <algorithm>
#include <utility>

#include "engine/core/index.h"
#include "engine/market/reference_price.h"
#include "engine/market/settlements.h"

namespace origo {
namespace {

constexpr std::int64_t kSecondNs = 1'000'000'000;
constexpr std::int64_t kRetryNs = 60 * kSecondNs;

Due due_of(const Venue& venue, Instant at) {
  return {.at = at, .kind = DueKind::phase, .id = venue.id.value()};
}

// When the change of a venue's schedule has surely happened.
Instant over_at(const Venue& venue, std::size_t index) {
  if (index == 0 && venue.change_at.is_set()) return venue.change_at;
  const PhaseChange& change = venue.schedule[index];
  return Instant(change.at.ns() + change.random_ns);
}

}  // namespace

Instant TradingSessions::due_at(const Market& market, const Venue& venue) {
  if (venue.schedule.empty() || market.undrawn.contains(venue.id)) return {};
  return venue.change_at.is_set() ? venue.change_at : venue.schedule.front().at;
}

Result<MarketId> TradingSessions::set(const SetCalendar& command) {
  if (state_.market.find(command.market) == nullptr) return Reject::market_unknown;
  if (command.day_ends.front() <= working_.now) return Reject::calendar_invalid;
  Venue& venue = venue_of(command.market);
  expect_no_more(venue);
  venue.day_ends = command.day_ends;
  venue.schedule = command.phases;
  venue.change_at = {};
  venue.calendar_source = command.source;
  expect_day_end(venue);
  working_.events.append(
      CalendarSet{.market = venue.id,
                  .day_ends = static_cast<std::uint32_t>(command.day_ends.size()),
                  .phases = static_cast<std::uint32_t>(command.phases.size()),
                  .source = command.source});
  Settlements(working_).begin(venue.id);
  follow(venue.id);
  return venue.id;
}

Result<MarketId> TradingSessions::set(const SetPhase& command) {
  if (state_.market.find(command.market) == nullptr) return Reject::market_unknown;
  Venue& venue = venue_of(command.market);
  if (command.phase == venue.phase && command.until_lifted == venue.until_lifted)
    return Reject::phase_invalid;
  Desk desk(working_);
  if (command.phase != venue.phase) {
    if (const Verdict bad = desk.check_leave(venue.id, command.phase)) return *bad;
  }
  change(desk,
         venue,
         {.market = venue.id,
          .phase = command.phase,
          .reason = command.reason,
          .cause = PhaseCause::by_hand,
          .until_lifted = command.until_lifted},
         venue.day_end);
  return venue.id;
}

void TradingSessions::follow(MarketId market) {
  Venue& venue = venue_of(market);
  std::size_t over = 0;
  while (over < venue.schedule.size() && over_at(venue, over) <= working_.now) ++over;
  if (over > 0) {
    // Off the schedule first: what the change brings about may put the end of a volatility call
    // there.
    const PhaseChange last = venue.schedule[over - 1];
    venue.schedule.erase(venue.schedule.begin(),
                         venue.schedule.begin() + static_cast<std::ptrdiff_t>(over));
    venue.change_at = {};
    if (!change_by_calendar(venue, last)) {
      venue.schedule.insert(venue.schedule.begin(), last);
      venue.change_at = Instant(working_.now.ns() + kRetryNs);
      // Not before the next change, unless its random part has begun: then this one is still tried.
      if (venue.schedule.size() > 1 && venue.schedule[1].at > working_.now)
        venue.change_at = std::min(venue.change_at, venue.schedule[1].at);
    }
  }
  expect_next(venue);
}

void TradingSessions::draw(std::uint64_t draw) {
  for (const MarketId market : std::exchange(state_.market.undrawn, {})) {
    Venue& venue = venue_of(market);
    const PhaseChange& next = venue.schedule.front();
    const auto part = mix(draw ^ market.value()) % static_cast<std::uint64_t>(next.random_ns + 1);
    venue.change_at =
        std::max(working_.now, Instant(next.at.ns() + static_cast<std::int64_t>(part)));
    expect_next(venue);
  }
}

// False: it was refused.
bool TradingSessions::change_by_calendar(Venue& venue, const PhaseChange& next) {
  // The day of the change: of those that were missed it need not be the one that goes on.
  const Instant day_end = venue.day_end_after(Instant(next.at.ns() - 1));
  // A volatility call that lasts into the closing call becomes it.
  const bool becomes_closing =
      next.phase == Phase::call && venue.call != CallKind::closing &&
      call_that_begins(venue, PhaseCause::calendar, day_end) == CallKind::closing;
  if (venue.until_lifted || (venue.phase == next.phase && !becomes_closing)) return true;
  Desk desk(working_);
  if (venue.phase != next.phase) {
    if (const Verdict bad = desk.check_leave(venue.id, next.phase)) {
      working_.events.append(PhaseChangeRefused{
          .market = venue.id, .phase = next.phase, .reason = bad->code, .detail = bad->detail});
      return false;
    }
  }
  change(desk,
         venue,
         {.market = venue.id,
          .phase = next.phase,
          .reason = {},
          .cause = PhaseCause::calendar,
          .until_lifted = false},
         day_end);
  return true;
}

void TradingSessions::change(Desk& desk, Venue& venue, const PhaseChanged& to, Instant day_end) {
  const bool differs = venue.phase != to.phase;
  if (differs) desk.leave_phase(venue.id, to.phase);
  PhaseChanged said = to;
  if (to.phase == Phase::call) {
    const CallKind begins = call_that_begins(venue, to.cause, day_end);
    if (venue.call == CallKind::none || begins == CallKind::closing) venue.call = begins;
    said.call = venue.call;
  }
  venue.phase = to.phase;
  venue.until_lifted = to.until_lifted;
  venue.phase_reason = to.reason;
  if (to.phase == Phase::call || to.phase == Phase::continuous) venue.opened = true;
  working_.events.append(said);
  if (differs) desk.enter_phase(venue.id, to.cause);
}

CallKind TradingSessions::call_that_begins(const Venue& venue, PhaseCause cause, Instant day_end) {
  if (cause == PhaseCause::collar) return CallKind::volatility;
  if (!venue.schedule.empty() && !venue.trades_again_before(day_end)) return CallKind::closing;
  return venue.opened ? CallKind::intraday : CallKind::opening;
}

void TradingSessions::interrupt(Desk& desk, const Instrument& instrument) {
  Venue& venue = venue_of(instrument.market);
  const TradingRules rules = instrument.rules;
  change(desk,
         venue,
         {.market = venue.id,
          .phase = Phase::call,
          .reason = instrument.code,
          .cause = PhaseCause::collar,
          .until_lifted = false},
         venue.day_end);
  const PhaseChange end{.at = Instant(working_.now.ns() + rules.volatility_call_s * kSecondNs),
                        .phase = Phase::continuous,
                        .random_ns = rules.volatility_random_s * kSecondNs};
  const bool fits =
      venue.schedule.empty() || end.at.ns() + end.random_ns < venue.schedule.front().at.ns();
  if (!fits) return;
  expect_no_more(venue);
  venue.schedule.insert(venue.schedule.begin(), end);
  expect_next(venue);
}

void TradingSessions::end_day(MarketId market) {
  // A call whose end nobody has drawn is of this day, if it is over.
  if (state_.market.undrawn.erase(market) > 0) follow(market);
  Venue& venue = venue_of(market);
  const Date day = date_of(Instant(venue.day_end.ns() - 1));
  for (Instrument& instrument : state_.market.instruments) {
    if (instrument.market != market) continue;
    origo::end_day(instrument, day, working_.events);
    Desk(working_).end_orders_outside_band(instrument);
  }
  venue.opened = venue.phase == Phase::continuous || venue.phase == Phase::call;
  expect_day_end(venue);
}

void TradingSessions::expect_day_end(Venue& venue) {
  const auto due = [&] {
    return Due{.at = venue.day_end, .kind = DueKind::day_end, .id = venue.id.value()};
  };
  state_.due.erase(due());
  venue.day_end = venue.day_end_after(working_.now);
  state_.due.insert(due());
}

// What is expected of the venue's schedule is about to change.
void TradingSessions::expect_no_more(const Venue& venue) {
  if (const Instant due = due_at(state_.market, venue); due.is_set())
    state_.due.erase(due_of(venue, due));
  state_.market.undrawn.erase(venue.id);
}

void TradingSessions::expect_next(const Venue& venue) {
  if (venue.schedule.empty()) return;
  const PhaseChange& next = venue.schedule.front();
  const bool open = next.at <= working_.now && next.random_ns > 0 && !venue.change_at.is_set();
  if (open) {
    state_.market.undrawn.insert(venue.id);
  } else {
    state_.due.insert(due_of(venue, due_at(state_.market, venue)));
  }
}

}  // namespace origo
