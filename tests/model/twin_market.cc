#include <algorithm>
#include <cstdlib>

#include "engine/core/index.h"
#include "tests/model/twin.h"

// Markets, their phases, fees and instruments in the plain model.
namespace origo {

Answer Twin::execute(const CreateMarket& c) {
  const MarketId id = next_key(venues_);
  venues_[id].settle_days = c.settle_days;
  venues_[id].day_end = day_end(venues_[id], now_);
  say(MarketCreated{.market = id, .details = c});
  if (c.settle_days > 0) begin_business_day(id, now_);
  return done(id.value());
}

Answer Twin::execute(const SetCalendar& c) {
  Venue& venue = venues_[c.market];
  if (c.day_ends.front() <= now_) return refuse(Reject::calendar_invalid);
  venue.day_ends = c.day_ends;
  venue.schedule = c.phases;
  venue.change_at = {};
  venue.undrawn = false;
  venue.day_end = day_end(venue, now_);
  say(CalendarSet{.market = c.market,
                  .day_ends = static_cast<std::uint32_t>(c.day_ends.size()),
                  .phases = static_cast<std::uint32_t>(c.phases.size()),
                  .source = c.source});
  if (venue.settle_days > 0) begin_business_day(c.market, now_);
  follow(c.market);
  return done(c.market.value());
}

Answer Twin::execute(const SetFees& c) {
  venues_[c.market].fees = c.fees;
  venues_[c.market].tiers = c.tiers;
  say(FeesSet{.fees = c});
  return done(c.market.value());
}

Answer Twin::execute(const SetPhase& c) {
  const Venue& venue = venues_[c.market];
  if (venue.phase == c.phase && venue.until_lifted == c.until_lifted)
    return refuse(Reject::phase_invalid);
  const Reject bad = change(c.market,
                            {.market = c.market,
                             .phase = c.phase,
                             .reason = c.reason,
                             .cause = PhaseCause::by_hand,
                             .until_lifted = c.until_lifted},
                            venue.day_end);
  return bad == Reject::accepted ? done(c.market.value()) : refuse(bad);
}

// Everything that a change of phase brings with it; or why it cannot be.
Reject Twin::change(MarketId market, const PhaseChanged& to, Instant day_end) {
  Venue& venue = venues_[market];
  const bool differs = venue.phase != to.phase;
  // A halt leaves a call as it is, and before a call nothing trades at the close.
  const bool uncrosses = differs && venue.uncross_due &&
                         (to.phase == Phase::continuous ||
                          (to.phase == Phase::closed && venue.call != CallKind::none));
  if (uncrosses && lacks_reference(market)) return Reject::reference_missing;
  if (to.phase == Phase::call || to.phase == Phase::pre_open) venue.uncross_due = true;
  if (differs) moves_.clear();
  if (uncrosses) {
    CallKind call = venue.call;
    const bool closes = to.phase == Phase::closed && !trades_again(venue, venue.day_end);
    if (!closes && call == CallKind::closing) call = CallKind::intraday;
    if (closes) call = CallKind::closing;
    venue.uncross_due = false;
    venue.call = CallKind::none;
    end_call(market, call);
  }
  PhaseChanged said = to;
  if (to.phase == Phase::call) {
    const CallKind begins = beginning(venue, to.cause, day_end);
    const bool goes_on = venue.call != CallKind::none && begins != CallKind::closing;
    said.call = goes_on ? venue.call : begins;
    venue.call = said.call;
  }
  venue.phase = to.phase;
  venue.until_lifted = to.until_lifted;
  if (to.phase == Phase::call || to.phase == Phase::continuous) venue.opened = true;
  say(said);
  if (!differs) return Reject::accepted;
  if (to.phase == Phase::closed && to.cause == PhaseCause::by_hand && venue.schedule.empty())
    end_days(market);
  if (to.phase == Phase::call || to.phase == Phase::pre_open) end_continuous_only(market);
  if (to.phase == Phase::continuous) {
    cross_lattice(market);
    note_last_prices(market);
    queue_reached();
    fire_reached();
  }
  return Reject::accepted;
}

// When the first of the schedule is looked at; unset: never, or when a tick has drawn.
Instant Twin::looked_at(const Venue& venue) {
  if (venue.schedule.empty() || venue.undrawn) return {};
  return venue.change_at.is_set() ? venue.change_at : venue.schedule.front().at;
}

// Goes over to the last phase that the schedule surely has reached.
void Twin::follow(MarketId market) {
  Venue& venue = venues_[market];
  const auto surely = [&](std::size_t at) {
    if (at == 0 && venue.change_at.is_set()) return venue.change_at;
    return Instant(venue.schedule[at].at.ns() + venue.schedule[at].random_ns);
  };
  std::size_t reached = 0;
  while (reached < venue.schedule.size() && surely(reached) <= now_) ++reached;
  if (reached > 0) {
    const PhaseChange at = venue.schedule[reached - 1];
    const Phase phase = at.phase;
    venue.schedule.erase(venue.schedule.begin(),
                         venue.schedule.begin() + static_cast<std::ptrdiff_t>(reached));
    venue.change_at = {};
    Reject bad = Reject::accepted;
    const Instant end = day_end(venue, Instant(at.at.ns() - 1));  // of the day of that change
    const bool becomes_closing = phase == Phase::call && venue.call != CallKind::closing &&
                                 beginning(venue, PhaseCause::calendar, end) == CallKind::closing;
    if (!venue.until_lifted && (venue.phase != phase || becomes_closing))
      bad = change(market,
                   {.market = market, .phase = phase, .reason = "", .cause = PhaseCause::calendar},
                   end);
    if (bad != Reject::accepted) {
      std::string where;
      for (const auto& [id, instrument] : instruments_) {
        bool missing = false;
        static_cast<void>(call_price(instrument, missing));
        if (where.empty() && instrument.details.market == market && missing)
          where = instrument.details.code;
      }
      say(PhaseChangeRefused{.market = market, .phase = phase, .reason = bad, .detail = where});
    }
    std::vector<PhaseChange>& left = venue.schedule;
    if (bad != Reject::accepted) {
      left.insert(left.begin(), at);
      venue.change_at = Instant(now_.ns() + 60'000'000'000);
      const bool sooner = left.size() > 1 && left[1].at > now_ && left[1].at < venue.change_at;
      if (sooner) venue.change_at = left[1].at;
    }
  }
  venue.undrawn = !venue.schedule.empty() && !venue.change_at.is_set() &&
                  venue.schedule.front().random_ns > 0 && venue.schedule.front().at <= now_;
}

// By the same mixing of the draw as the core's: chance has no second way to come out.
void Twin::draw_ends(std::uint64_t draw) {
  for (auto& [id, venue] : venues_) {
    if (!venue.undrawn) continue;
    venue.undrawn = false;
    const PhaseChange& first = venue.schedule.front();
    const auto part = static_cast<std::int64_t>(mix(draw ^ id.value()) %
                                                static_cast<std::uint64_t>(first.random_ns + 1));
    venue.change_at = std::max(now_, Instant(first.at.ns() + part));
  }
}

// ---- collars ----

const Twin::Instrument& Twin::bought(const Order& taker, const Order& maker) const {
  const Order& buy = taker.details.side == Side::buy ? taker : maker;
  return instruments_.at(buy.details.instrument);
}

// Too far from the last price before the aggressor, or from the reference price.
bool Twin::is_outside(const Order& taker, const Order& maker) const {
  const Instrument& instrument = bought(taker, maker);
  const Order& buy = taker.details.side == Side::buy ? taker : maker;
  const auto moved = moves_.find(buy.details.instrument);
  const std::int64_t last = moved == moves_.end() ? instrument.last : moved->second.before;
  const auto beyond = [&](std::int64_t base, std::uint32_t ppm) {
    return ppm > 0 && base > 0 && std::abs(maker.price - base) * 1'000'000 > base * ppm;
  };
  return beyond(last, instrument.details.rules.dynamic_collar_ppm) ||
         beyond(instrument.reference, instrument.details.rules.static_collar_ppm);
}

void Twin::interrupt(const Order& taker, const Order& maker) {
  const CreateInstrument& details = bought(taker, maker).details;
  Venue& venue = venues_[details.market];
  venue.phase = Phase::call;
  venue.uncross_due = true;
  venue.until_lifted = false;
  venue.call = beginning(venue, PhaseCause::collar, {});
  say(PhaseChanged{.market = details.market,
                   .phase = Phase::call,
                   .reason = details.code,
                   .cause = PhaseCause::collar,
                   .call = venue.call});
  end_continuous_only(details.market, taker.id);
  const auto second = [](std::uint32_t seconds) { return std::int64_t{seconds} * 1'000'000'000; };
  const PhaseChange end{.at = Instant(now_.ns() + second(details.rules.volatility_call_s)),
                        .phase = Phase::continuous,
                        .random_ns = second(details.rules.volatility_random_s)};
  if (!venue.schedule.empty() && end.at.ns() + end.random_ns >= venue.schedule.front().at.ns())
    return;
  venue.schedule.insert(venue.schedule.begin(), end);
  venue.change_at = {};
  venue.undrawn = false;
}

void Twin::end_days(MarketId market) {
  std::set<std::pair<Instant, OrderId>> days;
  for (const auto& [id, order] : orders_) {
    if (instruments_[order.details.instrument].details.market == market &&
        order.details.time_in_force == TimeInForce::day)
      days.insert({order.expire_at, id});
  }
  for (const auto& [at, id] : days) end(id, OrderEnd::day);
}

// But for one that is at work, and for stops that are about to fire.
void Twin::end_continuous_only(MarketId market, OrderId but) {
  std::vector<OrderId> ending;
  for (const auto& [id, order] : orders_) {
    const bool fires = std::find(reached_.begin(), reached_.end(), id) != reached_.end();
    if (instruments_[order.details.instrument].details.market == market && id != but && !fires &&
        order.details.time_in_force == TimeInForce::continuous_only)
      ending.push_back(id);
  }
  end_all(ending, OrderEnd::phase);
}

// ---- trading days and their reference prices ----

Instant Twin::day_end(const Venue& venue, Instant after) {
  for (const Instant end : venue.day_ends) {
    if (end > after) return end;
  }
  return end_of(date_of(after));
}

// Whether its calendar has a call or continuous trading to come on this day.
bool Twin::trades_again(const Venue& venue, Instant day_end) {
  return std::any_of(venue.schedule.begin(), venue.schedule.end(), [&](const PhaseChange& c) {
    return c.at < day_end && (c.phase == Phase::continuous || c.phase == Phase::call);
  });
}

CallKind Twin::beginning(const Venue& venue, PhaseCause cause, Instant day_end) {
  if (cause == PhaseCause::collar) return CallKind::volatility;
  if (!venue.schedule.empty() && !trades_again(venue, day_end)) return CallKind::closing;
  return venue.opened ? CallKind::intraday : CallKind::opening;
}

void Twin::end_trading_day(MarketId market) {
  if (venues_[market].undrawn) follow(market);
  Venue& venue = venues_[market];
  const Date day = date_of(Instant(venue.day_end.ns() - 1));
  for (auto& [id, instrument] : instruments_) {
    if (instrument.details.market != market) continue;
    decide_reference(id, instrument, day);
    end_outside_band(id);
  }
  venue.opened = venue.phase == Phase::continuous || venue.phase == Phase::call;
  venue.day_end = day_end(venue, now_);
}

void Twin::decide_reference(InstrumentId id, Instrument& instrument, Date day) {
  std::vector<PastTrade> made_of;
  ReferenceMethod method = ReferenceMethod::previous;
  if (instrument.set_by_hand) {
    method = ReferenceMethod::set_by_hand;
  } else if (!instrument.closing.empty()) {
    method = ReferenceMethod::closing_call;
    made_of = instrument.closing;
  } else if (!instrument.day.empty()) {
    method = ReferenceMethod::vwap;
    const std::uint32_t said = instrument.details.rules.reference_trades;
    const std::size_t counted = std::min<std::size_t>(said == 0 ? 10 : said, instrument.day.size());
    made_of.assign(instrument.day.end() - static_cast<std::ptrdiff_t>(counted),
                   instrument.day.end());
  }
  instrument.set_by_hand = false;
  instrument.closing.clear();
  instrument.day.clear();
  std::int64_t worth = 0;
  std::int64_t volume = 0;
  for (const PastTrade& trade : made_of) {
    worth += trade.price * trade.quantity;
    volume += trade.quantity;
  }
  if (volume > 0) instrument.reference = worth / volume + (worth % volume * 2 >= volume ? 1 : 0);
  if (instrument.reference == 0) return;
  say(ReferencePriceDecided{.instrument = id,
                            .day = day,
                            .price = Price(instrument.reference),
                            .method = method,
                            .volume = Quantity(volume),
                            .trades = static_cast<std::uint32_t>(made_of.size())});
}

// Orders whose limit a new reference price leaves too far away.
void Twin::end_outside_band(InstrumentId instrument) {
  std::vector<OrderId> outside;
  for (const auto& [id, order] : orders_) {
    const bool has_limit = order.details.type != OrderType::market && order.price != 0;
    if (order.details.instrument == instrument && has_limit &&
        outside_band(instruments_[instrument], order.price))
      outside.push_back(id);
  }
  end_all(outside, OrderEnd::band);
}

// What a call falls back on; before there is one, the last trade's price.
Answer Twin::execute(const SetReferencePrice& c) {
  const auto found = instruments_.find(c.instrument);
  if (found == instruments_.end()) return refuse(Reject::instrument_unknown);
  const InstrumentTerms& terms = found->second.details.terms;
  if (c.price < terms.price_min || c.price > terms.price_max)
    return refuse(Reject::price_outside_collar);
  found->second.reference = c.price.value();
  found->second.set_by_hand = true;
  say(ReferencePriceSet{.reference = c});
  end_outside_band(c.instrument);
  return done(c.instrument.value());
}

Answer Twin::execute(const CreateInstrument& c) {
  const InstrumentId id = next_key(instruments_);
  Instrument& instrument = instruments_[id];
  instrument.details = c;
  for (const auto& [registry, office] : offices_) {
    bool delivers = c.terms.dimension == office.scheme.dimension &&
                    c.terms.contract_size % office.scheme.unit_size == 0;
    for (const ClauseSpec& clause : c.filter) {
      const auto says = [&](const std::string& word) {
        return std::find(clause.any_of.begin(), clause.any_of.end(), word) != clause.any_of.end();
      };
      if (clause.attribute == "registry" && !says(office.details.code)) delivers = false;
      if (clause.attribute == "scheme" && !says(office.scheme.code)) delivers = false;
    }
    if (delivers) instrument.registries.push_back(registry);
  }
  say(InstrumentCreated{.instrument = id, .details = c});
  return done(id.value());
}

}  // namespace origo
