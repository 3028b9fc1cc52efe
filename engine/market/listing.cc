#include "engine/market/listing.h"

#include <algorithm>

#include "engine/market/desk.h"
#include "engine/market/settlements.h"
#include "engine/market/trading_sessions.h"

namespace origo {
namespace {

bool same_terms(const InstrumentTerms& a, const InstrumentTerms& b) {
  return a.currency == b.currency && a.tick_value == b.tick_value && a.dimension == b.dimension &&
         a.contract_size == b.contract_size;
}

struct Related {
  std::vector<InstrumentId> narrower;
  std::vector<InstrumentId> wider;
};

// Both ascending: registries are looked through by id.
bool is_within(const std::vector<RegistryId>& some, const std::vector<RegistryId>& all) {
  return std::includes(all.begin(), all.end(), some.begin(), some.end());
}

// Whether a clause on `name`, if the filter has one, lets any of `words` through.
bool lets_through(const std::vector<ClauseSpec>& filter,
                  std::string_view name,
                  const std::vector<std::string>& words) {
  return std::all_of(filter.begin(), filter.end(), [&](const ClauseSpec& clause) {
    if (clause.attribute != name) return true;
    return std::any_of(words.begin(), words.end(), [&](const std::string& word) {
      return std::find(clause.any_of.begin(), clause.any_of.end(), word) != clause.any_of.end();
    });
  });
}

}  // namespace

Result<MarketId> Listing::create(const CreateMarket& command) {
  std::vector<Venue>& venues = state_.market.venues;
  const bool taken = std::any_of(
      venues.begin(), venues.end(), [&](const Venue& venue) { return venue.code == command.code; });
  if (taken) return Reject::code_taken;
  const MarketId id(static_cast<std::uint32_t>(venues.size() + 1));
  Venue& venue = venues.emplace_back();
  venue.id = id;
  venue.code = command.code;
  venue.name = command.name;
  venue.settle_days = command.settle_days;
  TradingSessions(working_).expect_day_end(venue);
  working_.events.append(MarketCreated{.market = id, .details = command});
  Settlements(working_).begin(id);
  return id;
}

Result<MarketId> Listing::set(const SetFees& command) {
  if (state_.market.find(command.market) == nullptr) return Reject::market_unknown;
  std::vector<FeeSchedule>& schedules = state_.market.schedules;
  const auto keep = [&](const FeeSchedule& fees) {
    schedules.push_back(fees);
    return static_cast<std::uint32_t>(schedules.size() - 1);
  };
  Venue& venue = state_.market.venues[command.market.value() - 1];
  venue.fees = keep(command.fees);
  venue.tiers.clear();
  for (const FeeTier& tier : command.tiers)
    venue.tiers.push_back({.volume_from = tier.volume_from, .fees = keep(tier.fees)});
  working_.events.append(FeesSet{.fees = command});
  return command.market;
}

Result<InstrumentId> Listing::set(const SetReferencePrice& command) {
  if (state_.market.find(command.instrument) == nullptr) return Reject::instrument_unknown;
  Instrument& instrument = state_.market.get(command.instrument);
  if (command.price < instrument.terms.price_min || command.price > instrument.terms.price_max)
    return Reject::price_outside_collar;
  instrument.reference = command.price;
  instrument.day.set_by_hand = true;
  working_.events.append(ReferencePriceSet{.reference = command});
  Desk(working_).end_orders_outside_band(instrument);
  return command.instrument;
}

// The registries whose certificates could meet the filter and divide into contracts.
std::vector<RegistryId> Listing::delivering(const std::vector<ClauseSpec>& filter,
                                            const InstrumentTerms& terms) const {
  std::vector<RegistryId> found;
  for (const RegistryBook& book : state_.registry.books) {
    const SchemeId version = state_.registry.scheme_on(book.scheme, date_of(working_.now));
    if (!version.is_set()) continue;
    const Scheme& scheme = state_.registry.get(version);
    if (lets_through(filter, "registry", {book.code}) &&
        lets_through(filter, "scheme", {scheme.code}) &&
        lets_through(filter, "carrier", scheme.carriers) &&
        units_per_contract(terms, scheme.dimension, scheme.unit_size) > 0)
      found.push_back(book.id);
  }
  return found;
}

Result<InstrumentId> Listing::create(const CreateInstrument& command) {
  Market& market = state_.market;
  if (market.find(command.market) == nullptr) return Reject::market_unknown;
  const bool taken = std::any_of(
      market.instruments.begin(), market.instruments.end(), [&](const Instrument& known) {
        return known.code == command.code;
      });
  if (taken) return Reject::code_taken;
  std::vector<RegistryId> registries = delivering(command.filter, command.terms);
  // The words of a refused filter must not stay behind, so the vocabulary is tried out on a copy.
  Vocabulary words = state_.vocabulary;
  const Result<Filter> filter = make_filter(command.filter, words);
  if (!filter) return filter.refusal();
  if (registries.empty()) return Reject::instrument_undeliverable;
  const bool duplicate = std::any_of(
      market.instruments.begin(), market.instruments.end(), [&](const Instrument& known) {
        return known.filter == *filter && same_terms(known.terms, command.terms) &&
               known.registries == registries;
      });
  if (duplicate) return Reject::instrument_duplicate;
  const InstrumentId id(static_cast<std::uint32_t>(market.instruments.size() + 1));
  Related related;
  for (const Instrument& known : market.instruments) {
    if (!same_terms(known.terms, command.terms)) continue;
    const bool is_narrower =
        filter->implies(known.filter) && is_within(registries, known.registries);
    const bool is_wider = known.filter.implies(*filter) && is_within(known.registries, registries);
    if ((is_narrower || is_wider) && known.market != command.market)
      return Refusal(Reject::instrument_of_other_market, known.code);
    if (is_narrower) related.wider.push_back(known.id);
    if (is_wider) related.narrower.push_back(known.id);
  }
  for (const InstrumentId wide : related.wider) market.get(wide).narrower.push_back(id);
  for (const InstrumentId narrow : related.narrower) market.get(narrow).wider.push_back(id);
  state_.vocabulary = std::move(words);
  market.instruments.push_back({.id = id,
                                .market = command.market,
                                .code = command.code,
                                .name = command.name,
                                .spec = command.filter,
                                .filter = *filter,
                                .terms = command.terms,
                                .rules = command.rules,
                                .registries = std::move(registries),
                                .narrower = std::move(related.narrower),
                                .wider = std::move(related.wider),
                                .last = Price(),
                                .reference = Price(),
                                .volume = Quantity(),
                                .day = {},
                                .stops_waiting = 0,
                                .registry_set = 0});
  const std::uint32_t counted = command.rules.reference_trades;
  market.instruments.back().day.latest.resize(counted == 0 ? kReferenceTrades : counted);
  market.note_registries(market.instruments.back());
  market.books.emplace_back();
  working_.events.append(InstrumentCreated{.instrument = id, .details = command});
  return id;
}

}  // namespace origo
