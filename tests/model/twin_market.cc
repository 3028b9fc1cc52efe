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
  say(CalendarSet{.market = c.market, .day_ends = static_cast<std::uint32_t>(c.day_ends.size())});
  return done(c.market.value());
}

Answer Twin::execute(const SetFees& c) {
  venues_[c.market].fees = c.fees;
  venues_[c.market].tiers = c.tiers;
  say(FeesSet{.fees = c});
  return done(c.market.value());
}

Answer Twin::execute(const SetPhase& c) {
  if (venues_[c.market].phase == c.phase) return refuse(Reject::phase_invalid);
  venues_[c.market].phase = c.phase;
  say(PhaseChanged{.market = c.market, .phase = c.phase, .reason = c.reason});
  // DAY orders end with the day, those for continuous trading when a call begins.
  std::set<std::pair<Instant, OrderId>> days;
  std::vector<OrderId> continuous;
  for (const auto& [id, order] : orders_) {
    if (instruments_[order.details.instrument].details.market != c.market) continue;
    const TimeInForce tif = order.details.time_in_force;
    if (tif == TimeInForce::day) days.insert({order.expire_at, id});
    if (tif == TimeInForce::continuous_only) continuous.push_back(id);
  }
  if (c.phase == Phase::closed) {
    for (const auto& [at, id] : days) end(id, OrderEnd::day);
  }
  if (c.phase == Phase::call) end_all(continuous, OrderEnd::phase);
  if (c.phase == Phase::continuous) queue_through(c.market);
  fire_reached();
  return done(c.market.value());
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
