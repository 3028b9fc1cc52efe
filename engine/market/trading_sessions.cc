#include "engine/market/trading_sessions.h"

#include <algorithm>
#include <utility>

#include "engine/core/index.h"
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
          .until_lifted = command.until_lifted});
  return venue.id;
}

void TradingSessions::follow(MarketId market) {
  Venue& venue = venue_of(market);
  std::size_t over = 0;
  while (over < venue.schedule.size() && over_at(venue, over) <= working_.now) ++over;
  if (over > 0) {
    const bool changed = change_by_calendar(venue, venue.schedule[over - 1].phase);
    const std::size_t done = changed ? over : over - 1;
    venue.schedule.erase(venue.schedule.begin(),
                         venue.schedule.begin() + static_cast<std::ptrdiff_t>(done));
    venue.change_at = {};
    if (!changed) {
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
bool TradingSessions::change_by_calendar(Venue& venue, Phase phase) {
  if (venue.until_lifted || venue.phase == phase) return true;
  Desk desk(working_);
  if (const Verdict bad = desk.check_leave(venue.id, phase)) {
    working_.events.append(PhaseChangeRefused{
        .market = venue.id, .phase = phase, .reason = bad->code, .detail = bad->detail});
    return false;
  }
  change(desk,
         venue,
         {.market = venue.id,
          .phase = phase,
          .reason = {},
          .cause = PhaseCause::calendar,
          .until_lifted = false});
  return true;
}

void TradingSessions::change(Desk& desk, Venue& venue, const PhaseChanged& to) {
  const bool differs = venue.phase != to.phase;
  if (differs) desk.leave_phase(venue.id, to.phase);
  venue.phase = to.phase;
  venue.until_lifted = to.until_lifted;
  venue.phase_reason = to.reason;
  working_.events.append(to);
  if (differs) desk.enter_phase(venue.id);
}

void TradingSessions::interrupt(Desk& desk, const Instrument& instrument) {
  Venue& venue = venue_of(instrument.market);
  const TradingRules rules = instrument.rules;
  change(desk, venue,
         {.market = venue.id,
          .phase = Phase::call,
          .reason = instrument.code,
          .cause = PhaseCause::collar,
          .until_lifted = false});
  const PhaseChange end{.at = Instant(working_.now.ns() + rules.volatility_call_s * kSecondNs),
                        .phase = Phase::continuous,
                        .random_ns = rules.volatility_random_s * kSecondNs};
  const bool fits = venue.schedule.empty() || end.at.ns() + end.random_ns < venue.schedule.front().at.ns();
  if (!fits) return;
  expect_no_more(venue);
  venue.schedule.insert(venue.schedule.begin(), end);
  expect_next(venue);
}

// What is expected of the venue's schedule is about to change.
void TradingSessions::expect_no_more(const Venue& venue) {
  if (const Instant due = due_at(state_.market, venue); due.is_set()) state_.due.erase(due_of(venue, due));
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
