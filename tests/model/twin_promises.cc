#include <algorithm>

#include "tests/model/twin.h"

// What orders of the plain model promise: certificates, cash, and fees by tier.
namespace origo {
namespace {

__extension__ using Wide = __int128;

Wide floor_divide(Wide dividend, Wide divisor) {
  const Wide quotient = dividend / divisor;
  return dividend % divisor < 0 ? quotient - 1 : quotient;
}

Wide millionths(const FeeRate& rate, std::int64_t notional, std::int64_t quantity) {
  return Wide{rate.rate_ppm} * notional + Wide{rate.per_contract.value()} * quantity * 1'000'000;
}

bool charges(const FeeRate& rate) {
  return rate.rate_ppm > 0 || rate.per_contract.value() > 0;
}

}  // namespace

bool Twin::matches(const Lot& lot, const std::vector<ClauseSpec>& filter) const {
  for (const ClauseSpec& clause : filter) {
    const auto says = [&](const std::string& word) {
      return std::find(clause.any_of.begin(), clause.any_of.end(), word) != clause.any_of.end();
    };
    const Office& office = offices_.at(lot.registry);
    const int vintage = year_of(lot.period.last);
    const bool fits =
        (clause.attribute == "carrier" && says(lot.carrier)) ||
        (clause.attribute == "scheme" && says(office.scheme.code)) ||
        (clause.attribute == "registry" && says(office.details.code)) ||
        (clause.attribute == "country" && says(lot.country)) ||
        std::any_of(lot.fields.begin(),
                    lot.fields.end(),
                    [&](const Field& field) {
                      return clause.attribute == field.name && says(field.value);
                    }) ||
        (clause.attribute == "vintage" && clause.min <= vintage && vintage <= clause.max);
    if (!fits) return false;
  }
  return true;
}

// 0: the lot cannot deliver here and now.
std::int64_t Twin::units_per_contract(const Lot& lot, const Instrument& instrument) const {
  const std::vector<RegistryId>& from = instrument.registries;
  const bool of_registry = std::find(from.begin(), from.end(), lot.registry) != from.end();
  const bool in_time =
      now_ < end_of(lot.transferable_until) && now_ < end_of(lot.cancellable_until);
  if (!of_registry || !in_time || !matches(lot, instrument.details.filter)) return 0;
  return instrument.details.terms.contract_size / lot.unit_size;
}

std::int64_t Twin::contracts_in(AccountId account, LotId lot, const Instrument& instrument) const {
  const std::int64_t units = units_per_contract(lots_.at(lot), instrument);
  return units == 0 ? 0 : units_available(account, lot) / units;
}

Reject Twin::pick(const PlaceOrder& c, const std::vector<LotId>& nominated, Promises& into) {
  const Instrument& instrument = instruments_[c.instrument];
  std::vector<LotId> lots = nominated;
  if (nominated.empty()) {
    std::set<std::pair<Date, LotId>> soonest;
    for (const auto& [id, lot] : lots_) soonest.insert({lot.cancellable_until, id});
    for (const auto& [until, id] : soonest) lots.push_back(id);
  }
  std::int64_t missing = c.quantity.value();
  const Instant settles_at = venues_[instrument.details.market].settles_at;
  bool too_late = false;
  const std::set<LotId> different(nominated.begin(), nominated.end());
  if (different.size() < nominated.size()) return Reject::lot_not_deliverable;
  for (const LotId lot : lots) {
    if (!nominated.empty()) {
      if (units_of(c.account, lot) == 0) return Reject::lot_not_deliverable;
      if (units_per_contract(lots_[lot], instrument) == 0) return Reject::lot_not_deliverable;
      if (ends_before(lots_[lot], settles_at)) return Reject::settlement_after_end;
    }
    if (ends_before(lots_[lot], settles_at)) {
      too_late = too_late || contracts_in(c.account, lot, instrument) > 0;
      continue;
    }
    const std::int64_t contracts = std::min(missing, contracts_in(c.account, lot, instrument));
    if (contracts == 0) continue;
    into.push_back({.lot = lot,
                    .units_per_contract = units_per_contract(lots_[lot], instrument),
                    .contracts = contracts});
    missing -= contracts;
  }
  if (missing == 0) return Reject::accepted;
  return too_late ? Reject::settlement_after_end : Reject::certificates_not_available;
}

// Further contracts for an order that grows; what was nominated stays nominated.
Reject Twin::promise_more(Order& order, std::int64_t contracts) {
  std::vector<LotId> nominated;
  if (!order.details.lots.empty()) {
    for (const Promise& promise : order.promises) {
      const bool known =
          std::find(nominated.begin(), nominated.end(), promise.lot) != nominated.end();
      if (!known) nominated.push_back(promise.lot);
    }
  }
  PlaceOrder wanted = order.details;
  wanted.quantity = Quantity(contracts);
  Promises more;
  const Reject bad = pick(wanted, nominated, more);
  if (bad != Reject::accepted) return bad;
  for (const Promise& promise : more) {
    if (promise.lot == order.promises.back().lot) {
      order.promises.back().contracts += promise.contracts;
    } else {
      order.promises.push_back(promise);
    }
  }
  return Reject::accepted;
}

void Twin::unpromise(Order& order, std::int64_t contracts) {
  while (contracts > 0) {
    Promise& last = order.promises.back();
    const std::int64_t part = std::min(contracts, last.contracts);
    last.contracts -= part;
    contracts -= part;
    if (last.contracts == 0) order.promises.pop_back();
  }
}

AccountId Twin::receiver(AccountId buyer, RegistryId registry) const {
  if (accounts_.at(buyer).registry == registry) return buyer;
  for (const AccountId account : participants_.at(accounts_.at(buyer).participant).accounts) {
    if (accounts_.at(account).registry == registry && !accounts_.at(account).frozen) return account;
  }
  return {};
}

bool Twin::can_receive(AccountId buyer, const Instrument& instrument) const {
  for (const RegistryId registry : instrument.registries) {
    if (!receiver(buyer, registry).is_set()) return false;
  }
  return true;
}

Reject Twin::barred_receiver(AccountId buyer, const Instrument& instrument) const {
  if (!can_receive(buyer, instrument)) return Reject::receiving_account_missing;
  for (const RegistryId registry : instrument.registries) {
    if (!has_kind(buyer, offices_.at(registry).scheme.receivers)) return Reject::receiver_barred;
  }
  return Reject::accepted;
}

// rate x cumulative notional, rounded half up.
std::int64_t Twin::fee_due(const FeeRate& rate, const Role& role) {
  const Wide exact = millionths(rate, role.notional, role.quantity);
  if (exact % 1'000'000 == 500'000) ++halved_fees_;
  if (exact % 1'000'000 == -500'000) ++halved_rebates_;
  return static_cast<std::int64_t>(floor_divide(exact + 500'000, 1'000'000));
}

// All open contracts at the order's worst price, the dearer role's fee on them, and what rounding
// may add.
std::int64_t Twin::worst_case(const Order& order) const {
  if (order.open == 0) return 0;
  const InstrumentTerms& terms = instruments_.at(order.details.instrument).details.terms;
  const std::int64_t notional = order.worst * order.open * terms.tick_value.value();
  const FeeRate dearest{
      .rate_ppm = std::max({order.fees.maker.rate_ppm, order.fees.taker.rate_ppm, 0}),
      .per_contract =
          std::max({order.fees.maker.per_contract, order.fees.taker.per_contract, Cash(0)})};
  Wide fee = millionths(dearest, notional, order.open);
  const auto add_rounding = [&](const FeeRate& rate, const Role& role) {
    const Wide unpaid =
        millionths(rate, role.notional, role.quantity) - Wide{role.paid} * 1'000'000;
    if (charges(rate)) fee += std::max(Wide{0}, unpaid + 500'000);
  };
  add_rounding(order.fees.maker, order.maker);
  add_rounding(order.fees.taker, order.taker);
  return notional + static_cast<std::int64_t>(-floor_divide(-fee, 1'000'000));
}

// ---- fee tiers: by what a participant has traded in the market this calendar month ----

Twin::Traded Twin::traded_by(AccountId account, const Instrument& instrument) const {
  const CivilDate today = civil(date_of(now_));
  return {.participant = accounts_.at(account).participant,
          .market = instrument.details.market,
          .dimension = instrument.details.terms.dimension,
          .month = std::int64_t{today.year} * 12 + today.month};
}

FeeSchedule Twin::schedule_of(AccountId account, const Instrument& instrument) const {
  const Venue& venue = venues_.at(instrument.details.market);
  const auto found = traded_.find(traded_by(account, instrument));
  const std::int64_t volume = found == traded_.end() ? 0 : found->second;
  FeeSchedule fees = venue.fees;
  for (const FeeTier& tier : venue.tiers) {
    if (tier.volume_from <= volume) fees = tier.fees;
  }
  return fees;
}

// Trades of a participant with itself count for nothing.
void Twin::count_volume(const Order& buy, const Order& sell, std::int64_t contracts) {
  const Instrument& instrument = instruments_[sell.details.instrument];
  if (venues_[instrument.details.market].tiers.empty() || same_participant(buy, sell)) return;
  for (const Order* order : {&buy, &sell})
    traded_[traded_by(order->details.account, instrument)] +=
        contracts * instrument.details.terms.contract_size;
}

}  // namespace origo
