#include <algorithm>

#include "tests/model/twin.h"

// Markets, their phases, fees and instruments in the plain model.
namespace origo {

Answer Twin::execute(const CreateMarket& c) {
  const MarketId id = next_key(venues_);
  venues_[id];
  say(MarketCreated{.market = id, .details = c});
  return done(id.value());
}

Answer Twin::execute(const SetCalendar& c) {
  venues_[c.market].day_ends = c.day_ends;
  say(CalendarSet{.market = c.market,
                  .day_ends = static_cast<std::uint32_t>(c.day_ends.size()),
                  .phases = 0,
                  .source = c.source});
  return done(c.market.value());
}

Answer Twin::execute(const SetFees& c) {
  venues_[c.market].fees = c.fees;
  venues_[c.market].tiers = c.tiers;
  say(FeesSet{.fees = c});
  return done(c.market.value());
}

Answer Twin::execute(const SetPhase& c) {
  Venue& venue = venues_[c.market];
  if (venue.phase == c.phase) return refuse(Reject::phase_invalid);
  // A halt leaves a call as it is.
  if (c.phase == Phase::call) venue.uncross_due = true;
  const bool uncrosses =
      venue.uncross_due && (c.phase == Phase::continuous || c.phase == Phase::closed);
  if (uncrosses && lacks_reference(c.market)) return refuse(Reject::reference_missing);
  moves_.clear();
  if (uncrosses) {
    venue.uncross_due = false;
    end_call(c.market);
  }
  venue.phase = c.phase;
  say(PhaseChanged{.market = c.market, .phase = c.phase, .reason = c.reason});
  if (c.phase == Phase::closed) end_days(c.market);
  if (c.phase == Phase::call) end_continuous_only(c.market);
  if (c.phase == Phase::continuous) {
    cross_lattice(c.market);
    note_last_prices(c.market);
    queue_reached();
    fire_reached();
  }
  return done(c.market.value());
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

void Twin::end_continuous_only(MarketId market) {
  std::vector<OrderId> ending;
  for (const auto& [id, order] : orders_) {
    if (instruments_[order.details.instrument].details.market == market &&
        order.details.time_in_force == TimeInForce::continuous_only)
      ending.push_back(id);
  }
  end_all(ending, OrderEnd::phase);
}

// What a call falls back on; before it is set, the last trade's price.
Answer Twin::execute(const SetReferencePrice& c) {
  const auto found = instruments_.find(c.instrument);
  if (found == instruments_.end()) return refuse(Reject::instrument_unknown);
  const InstrumentTerms& terms = found->second.details.terms;
  if (c.price < terms.price_min || c.price > terms.price_max)
    return refuse(Reject::price_outside_collar);
  found->second.reference = c.price.value();
  say(ReferencePriceSet{.reference = c});
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
