#include <algorithm>
#include <functional>

#include "tests/model/twin.h"

// Certificates in the plain model: how they begin, move and end.
namespace origo {
namespace {

Date last_day_of(const Clock& clock, Period period, Date issued) {
  if (clock.basis == ClockBasis::none) return kNever;
  Date basis = issued;
  if (clock.basis == ClockBasis::production_start) basis = period.first;
  if (clock.basis == ClockBasis::production_end) basis = period.last;
  return add_days(add_months(basis, clock.months), clock.days);
}

std::int64_t sum_of(const std::list<SerialRange>& ranges) {
  std::int64_t sum = 0;
  for (const SerialRange& range : ranges) sum += range.count.value();
  return sum;
}

// Sorted, neighbours merged.
void put_into(std::list<SerialRange>& ranges, SerialRange range) {
  ranges.push_back(range);
  ranges.sort();
  for (auto at = ranges.begin(); std::next(at) != ranges.end();) {
    const auto above = std::next(at);
    if (at->first.value() + at->count.value() == above->first.value()) {
      at->count += above->count;
      ranges.erase(above);
    } else {
      ++at;
    }
  }
}

// What of `ranges` lies from `first` to before `end`, and (other) what does not.
std::list<SerialRange> cut(const std::list<SerialRange>& ranges,
                           std::int64_t first,
                           std::int64_t end,
                           std::list<SerialRange>& other) {
  std::list<SerialRange> within;
  for (const SerialRange& range : ranges) {
    const std::int64_t from = range.first.value();
    const std::int64_t to = from + range.count.value();
    const auto add = [](std::list<SerialRange>& list, std::int64_t low, std::int64_t high) {
      if (low < high) list.push_back({.first = Serial(low), .count = Units(high - low)});
    };
    add(other, from, std::min(to, first));
    add(within, std::max(from, first), std::min(to, end));
    add(other, std::max(from, end), to);
  }
  return within;
}

}  // namespace

// A node knows ten attributes from its beginning.
Answer Twin::execute(const DefineAttribute& c) {
  const AttributeId id(10 + ++attributes_);
  say(AttributeDefined{.attribute = id, .definition = c});
  return done(id.value());
}

Answer Twin::execute(const LoadScheme& c) {
  schemes_.push_back(c.scheme);
  const SchemeId id(static_cast<std::uint32_t>(schemes_.size()));
  say(SchemeLoaded{
      .scheme = id, .code = c.scheme.code, .valid_from = c.scheme.valid_from, .source = c.source});
  return done(id.value());
}

Answer Twin::execute(const CreateRegistry& c) {
  const RegistryId id = next_key(offices_);
  for (const Scheme& scheme : schemes_) {
    if (scheme.code == c.scheme) offices_[id] = {.details = c, .scheme = scheme};
  }
  say(RegistryCreated{.registry = id, .details = c});
  return done(id.value());
}

Answer Twin::execute(const RegisterDevice& c) {
  const DeviceId id = next_key(plants_);
  plants_[id].details = c;
  say(DeviceRegistered{.device = id, .details = c});
  return done(id.value());
}

Answer Twin::execute(const ApproveDevice& c) {
  say(DeviceApproved{.device = c.device});
  return done(c.device.value());
}

Answer Twin::execute(const DeclareProduction& c) {
  if (participants_[plants_[c.device].details.producer].frozen)
    return refuse(Reject::participant_frozen);
  const DeclarationId id = next_key(declared_);
  declared_[id].details = c;
  say(ProductionDeclared{.declaration = id, .details = c});
  return done(id.value());
}

Answer Twin::execute(const RequestIssuance& c) {
  const auto found = declared_.find(c.declaration);
  if (found == declared_.end()) return refuse(Reject::declaration_unknown);
  if (plants_[found->second.details.device].details.producer != users_[principal_])
    return refuse(Reject::declaration_unknown);
  if (found->second.state != 0) return refuse(Reject::issuance_already_requested);
  if (participants_[users_[principal_]].frozen) return refuse(Reject::participant_frozen);
  if (frozen(c.account) != Reject::accepted) return refuse(frozen(c.account));
  found->second.state = 1;
  found->second.account = c.account;
  say(IssuanceRequested{.declaration = c.declaration, .account = c.account});
  return done(c.declaration.value());
}

Answer Twin::execute(const ApproveIssuance& c) {
  const auto found = declared_.find(c.declaration);
  if (found == declared_.end()) return refuse(Reject::declaration_unknown);
  Declared& declared = found->second;
  if (declared.state != 1) return refuse(Reject::issuance_not_requested);
  Plant& plant = plants_[declared.details.device];
  if (participants_[plant.details.producer].frozen) return refuse(Reject::participant_frozen);
  if (frozen(declared.account) != Reject::accepted) return refuse(frozen(declared.account));
  const Office& office = offices_[plant.details.registry];
  const std::int64_t carried_in = plant.carried;
  const std::int64_t whole = declared.details.gross.value() + carried_in;
  const std::int64_t units = whole / office.scheme.unit_size;
  const Period period = declared.details.period;
  const Lot lot{
      .registry = plant.details.registry,
      .period = period,
      .carrier = declared.details.carrier,
      .country = plant.details.country,
      .fields = declared.details.fields,
      .unit_size = office.scheme.unit_size,
      .issued = units,
      .transferable_until = last_day_of(office.scheme.transferable, period, date_of(now_)),
      .cancellable_until = last_day_of(office.scheme.cancellable, period, date_of(now_))};
  if (units > 0 && now_ >= end_of(lot.cancellable_until))
    return refuse(Reject::certificates_expired);
  plant.carried = whole % office.scheme.unit_size;
  declared.state = 2;
  LotId id;
  if (units > 0) {
    id = next_key(lots_);
    lots_[id] = lot;
  }
  say(CertificatesIssued{.declaration = c.declaration,
                         .lot = id,
                         .account = declared.account,
                         .units = Units(units),
                         .counted = declared.details.gross,
                         .carried_in = Measured(carried_in),
                         .carried_out = Measured(plant.carried),
                         .transferable_until = lot.transferable_until,
                         .cancellable_until = lot.cancellable_until});
  if (units > 0) {
    const SerialRange all{.first = Serial(1), .count = Units(units)};
    put(declared.account, id, all);
    say(CertificatesMoved{.lot = id,
                          .from = {},
                          .to = declared.account,
                          .range = all,
                          .reason = MoveReason::issuance,
                          .reference = c.declaration.value()});
  }
  return done(id.value());
}

Answer Twin::execute(const TransferCertificates& c) {
  if (c.units.value() < 1) return refuse(Reject::units_not_positive);
  if (c.from == c.to) return refuse(Reject::same_account);
  if (!owns(c.from)) return refuse(Reject::account_unknown);
  const Account& from = accounts_[c.from];
  const Account& to = accounts_[c.to];
  if (frozen(c.from) != Reject::accepted) return refuse(frozen(c.from));
  if (frozen(c.to) != Reject::accepted) return refuse(frozen(c.to));
  const auto found = lots_.find(c.lot);
  if (found == lots_.end()) return refuse(Reject::lot_unknown);
  const Lot& lot = found->second;
  if (!from.registry.is_set() || !to.registry.is_set()) return refuse(Reject::account_is_cash_only);
  if (from.registry != lot.registry || to.registry != lot.registry)
    return refuse(Reject::account_registry_mismatch);
  const bool within = from.participant == to.participant;
  if (!within && !has_kind(c.to, offices_[lot.registry].scheme.receivers))
    return refuse(Reject::receiver_barred);
  if (now_ >= end_of(lot.cancellable_until)) return refuse(Reject::certificates_expired);
  if (now_ >= end_of(lot.transferable_until)) return refuse(Reject::transfer_period_ended);
  if (const Reject bad = short_of(c.from, c.lot, c.units); bad != Reject::accepted)
    return refuse(bad);
  const TransferId id(++transfers_);
  const auto trust = from.trusted.find(c.to);
  if (within || (trust != from.trusted.end() && trust->second.ns() + hold_ns_ <= now_.ns())) {
    move(c, MoveReason::transfer, id.value());
    say(CertificatesTransferred{.transfer = id, .details = c});
    return done(id.value());
  }
  const Instant until(now_.ns() + hold_ns_);
  exits_[id] = {.is_cash = false, .certificates = c, .cash = {}, .until = until};
  say(TransferHeld{.transfer = id, .details = c, .until = until});
  return done(id.value());
}

Answer Twin::execute(const CancelCertificates& c) {
  if (c.units.value() < 1) return refuse(Reject::units_not_positive);
  if (!owns(c.account)) return refuse(Reject::account_unknown);
  if (frozen(c.account) != Reject::accepted) return refuse(frozen(c.account));
  const auto found = lots_.find(c.lot);
  if (found == lots_.end()) return refuse(Reject::lot_unknown);
  if (!accounts_[c.account].registry.is_set()) return refuse(Reject::account_is_cash_only);
  if (accounts_[c.account].registry != found->second.registry)
    return refuse(Reject::account_registry_mismatch);
  if (c.beneficiary.empty()) return refuse(Reject::beneficiary_missing);
  if (c.purpose != "disclosure") return refuse(Reject::purpose_invalid);
  if (now_ >= end_of(found->second.cancellable_until)) return refuse(Reject::certificates_expired);
  if (const Reject bad = short_of(c.account, c.lot, c.units); bad != Reject::accepted)
    return refuse(bad);
  CertificatesCancelled cancelled{.cancellation = CancellationId(++cancellations_),
                                  .details = c,
                                  .date = date_of(now_),
                                  .ranges = take_lowest(c.account, c.lot, c.units.value())};
  for (const SerialRange& range : cancelled.ranges) {
    say(CertificatesMoved{.lot = c.lot,
                          .from = c.account,
                          .to = {},
                          .range = range,
                          .reason = MoveReason::cancellation,
                          .reference = cancelled.cancellation.value()});
  }
  say(cancelled);
  return done(cancelled.cancellation.value());
}

// ---- certificates ----

std::vector<SerialRange> Twin::ranges(AccountId account, LotId lot) const {
  const auto found = holdings_.find({account, lot});
  if (found == holdings_.end()) return {};
  std::list<SerialRange> all = found->second.ranges;
  for (const SerialRange& range : found->second.frozen) put_into(all, range);
  return {all.begin(), all.end()};
}

Reject Twin::short_of(AccountId account, LotId lot, Units units) const {
  const std::int64_t there = units_available(account, lot);
  if (there >= units.value()) return Reject::accepted;
  const auto found = holdings_.find({account, lot});
  const std::int64_t frozen = found == holdings_.end() ? 0 : sum_of(found->second.frozen);
  return there + frozen >= units.value() ? Reject::certificates_frozen
                                         : Reject::units_not_available;
}

std::int64_t Twin::units_of(AccountId account, LotId lot) const {
  std::int64_t sum = 0;
  for (const SerialRange& range : ranges(account, lot)) sum += range.count.value();
  return sum;
}

std::int64_t Twin::units_reserved(AccountId account, LotId lot) const {
  std::int64_t sum = 0;
  for (const auto& [id, order] : orders_) {
    if (order.details.account != account) continue;
    for (const Promise& promise : order.promises) {
      if (promise.lot == lot) sum += promise.contracts * promise.units_per_contract;
    }
  }
  sum += units_pending(account, lot);
  for (const auto& [id, exit] : exits_) {
    if (!exit.is_cash && exit.certificates.from == account && exit.certificates.lot == lot)
      sum += exit.certificates.units.value();
  }
  return sum;
}

std::int64_t Twin::units_pending(AccountId account, LotId lot) const {
  std::int64_t sum = 0;
  for (const auto& [id, pending] : pending_) {
    for (const PendingDelivery& delivery : pending.deliveries) {
      if (delivery.from == account && delivery.lot == lot) sum += delivery.units.value();
    }
  }
  return sum;
}

std::int64_t Twin::units_available(AccountId account, LotId lot) const {
  const auto found = holdings_.find({account, lot});
  if (found == holdings_.end()) return 0;
  return sum_of(found->second.ranges) - units_reserved(account, lot);
}

std::vector<SerialRange> Twin::take_lowest(AccountId account, LotId lot, std::int64_t units) {
  std::vector<SerialRange> taken;
  std::list<SerialRange>& from = holdings_.at({account, lot}).ranges;
  while (units > 0) {
    SerialRange& lowest = from.front();
    const std::int64_t count = std::min(units, lowest.count.value());
    taken.push_back({.first = lowest.first, .count = Units(count)});
    units -= count;
    lowest.first += Serial(count);
    lowest.count -= Units(count);
    if (lowest.count.is_zero()) from.pop_front();
  }
  if (from.empty() && holdings_.at({account, lot}).frozen.empty()) holdings_.erase({account, lot});
  return taken;
}

void Twin::put(AccountId account, LotId lot, SerialRange range) {
  Holding& holding = holdings_[{account, lot}];
  if (holding.opened == 0) holding.opened = ++holdings_opened_;
  put_into(holding.ranges, range);
}

// The newest orders that deliver of the lot end, then the newest held transfers come back, until no
// more than `left` is promised.
void Twin::end_beyond(AccountId account, LotId lot, std::int64_t left) {
  std::set<OrderId, std::greater<>> promised;
  for (const auto& [id, order] : orders_) {
    if (order.details.account != account) continue;
    for (const Promise& promise : order.promises) {
      if (promise.lot == lot) promised.insert(id);
    }
  }
  for (const OrderId id : promised) {
    if (units_reserved(account, lot) > left) end(id, OrderEnd::frozen);
  }
  std::set<TransferId, std::greater<>> held;
  for (const auto& [id, exit] : exits_) {
    if (!exit.is_cash && exit.certificates.from == account && exit.certificates.lot == lot)
      held.insert(id);
  }
  for (const TransferId id : held) {
    if (units_reserved(account, lot) <= left) return;
    const Exit exit = exits_.at(id);
    exits_.erase(id);
    give_back(id, exit);
  }
}

Answer Twin::execute(const FreezeCertificates& c) {
  const auto lot = lots_.find(c.lot);
  if (lot == lots_.end()) return refuse(Reject::lot_unknown);
  const std::int64_t first = std::max<std::int64_t>(c.first.value(), 1);
  const std::int64_t there = lot->second.issued - first + 1;
  if (there <= 0 || c.units.value() > there) return refuse(Reject::serials_not_in_lot);
  const std::int64_t end = first + (c.units.is_zero() ? there : c.units.value());
  std::map<AccountId, std::list<SerialRange>> meant;
  CertificatesFrozen told{.details = c, .units = {}, .spared = {}};
  for (const auto& [key, holding] : holdings_) {
    if (key.second != c.lot) continue;
    std::list<SerialRange> rest;
    std::list<SerialRange> parts =
        cut(c.frozen ? holding.ranges : holding.frozen, first, end, rest);
    const std::int64_t owed = c.frozen ? units_pending(key.first, c.lot) : 0;
    std::int64_t spare = std::max<std::int64_t>(owed - sum_of(rest), 0);
    told.spared += Units(spare);
    while (spare > 0) {
      SerialRange& lowest = parts.front();
      const std::int64_t some = std::min(spare, lowest.count.value());
      spare -= some;
      lowest.first += Serial(some);
      lowest.count -= Units(some);
      if (lowest.count.is_zero()) parts.pop_front();
    }
    if (parts.empty()) continue;
    meant[key.first] = parts;
    told.units += Units(sum_of(parts));
  }
  if (meant.empty()) return refuse(Reject::freeze_unchanged);
  for (const auto& [account, parts] : meant) {
    if (c.frozen)
      end_beyond(account, c.lot, sum_of(holdings_.at({account, c.lot}).ranges) - sum_of(parts));
  }
  for (const auto& [account, parts] : meant) {
    Holding& holding = holdings_.at({account, c.lot});
    std::list<SerialRange>& from = c.frozen ? holding.ranges : holding.frozen;
    std::list<SerialRange>& to = c.frozen ? holding.frozen : holding.ranges;
    for (const SerialRange& part : parts) {
      std::list<SerialRange> rest;
      cut(from, part.first.value(), part.first.value() + part.count.value(), rest);
      from = rest;
      put_into(to, part);
      say(HoldingFrozen{.lot = c.lot, .account = account, .frozen = c.frozen, .range = part});
    }
  }
  say(told);
  return done(c.lot.value());
}

void Twin::move(const TransferCertificates& what, MoveReason reason, std::uint64_t reference) {
  for (const SerialRange& range : take_lowest(what.from, what.lot, what.units.value())) {
    put(what.to, what.lot, range);
    say(CertificatesMoved{.lot = what.lot,
                          .from = what.from,
                          .to = what.to,
                          .range = range,
                          .reason = reason,
                          .reference = reference});
  }
}

std::vector<AccountId> Twin::holders(LotId lot) const {
  std::map<std::uint64_t, AccountId, std::greater<>> newest;
  for (const auto& [key, holding] : holdings_) {
    if (key.second == lot) newest[holding.opened] = key.first;
  }
  std::vector<AccountId> found;
  for (const auto& [opened, account] : newest) found.push_back(account);
  return found;
}

Answer Twin::execute(const Tick& c) {
  sweep(c.sweep_limit);
  draw_ends(c.draw);
  return done(0);
}

Answer Twin::execute(const QuarantineRecord& c) {
  say(RecordQuarantined{.quarantine = c});
  return done(0);
}

void Twin::sweep(std::uint32_t limit) {
  while (limit > 0 && !to_sweep_.empty()) {
    const LotId lot = to_sweep_.begin()->second;
    const std::vector<AccountId> all = holders(lot);
    std::size_t seen = 0;
    for (; seen < all.size() && limit > 0; ++seen) {
      Holding& holding = holdings_.at({all[seen], lot});
      for (const SerialRange& range : holding.frozen) put_into(holding.ranges, range);
      holding.frozen.clear();
      const std::int64_t units = units_available(all[seen], lot);
      if (units == 0) continue;
      for (const SerialRange& range : take_lowest(all[seen], lot, units)) {
        say(CertificatesMoved{.lot = lot,
                              .from = all[seen],
                              .to = {},
                              .range = range,
                              .reason = MoveReason::expiry,
                              .reference = 0});
      }
      say(CertificatesExpired{.lot = lot, .account = all[seen], .units = Units(units)});
      --limit;
    }
    if (seen < all.size() || limit == 0) return;
    to_sweep_.erase(to_sweep_.begin());
    --limit;
  }
}

void Twin::finish(TransferId id, const Exit& exit) {
  if (exit.is_cash) {
    cash_[{exit.cash.account, exit.cash.currency}] -= exit.cash.amount.value();
    say(CashWithdrawn{.withdrawal = exit.cash});
    return;
  }
  move(exit.certificates, MoveReason::transfer, id.value());
  say(CertificatesTransferred{.transfer = id, .details = exit.certificates});
  sweep_late(exit.certificates.lot);
}

// Held certificates don't expire; now that they no longer are, they may.
void Twin::sweep_late(LotId lot) {
  const Date last_day = lots_[lot].cancellable_until;
  if (now_ >= end_of(last_day)) to_sweep_.insert({last_day, lot});
}

void Twin::give_back(TransferId id, const Exit& exit) {
  if (!exit.is_cash) sweep_late(exit.certificates.lot);
  say(ExitRecalled{.transfer = id});
}

// ---- due work: the earliest thing due by now, again and again ----

void Twin::do_due_work() {
  enum Kind {
    transfer_end,
    expiry_end,
    order_end,
    phase_change,
    hold_end,
    day_end,
    settlement,
    business_day_end,
    trading_day_end
  };
  struct Work {
    Instant at;
    Kind kind;
    std::uint64_t id;
    auto operator<=>(const Work&) const = default;
  };
  while (true) {
    std::set<Work> due;
    const auto add = [&](Instant at, Kind kind, std::uint64_t id) {
      if (at <= now_) due.insert({at, kind, id});
    };
    for (const auto& [id, lot] : lots_) {
      if (!lot.transfer_ended) add(end_of(lot.transferable_until), transfer_end, id.value());
      if (!lot.expired) add(end_of(lot.cancellable_until), expiry_end, id.value());
    }
    for (const auto& [id, order] : orders_) {
      const bool day = order.details.time_in_force == TimeInForce::day;
      if (order.expire_at.is_set()) add(order.expire_at, day ? day_end : order_end, id.value());
    }
    for (const auto& [id, venue] : venues_) {
      if (const Instant at = looked_at(venue); at.is_set()) add(at, phase_change, id.value());
      add(venue.day_end, trading_day_end, id.value());
    }
    for (const auto& [id, exit] : exits_) add(exit.until, hold_end, id.value());
    for (const auto& [id, pending] : pending_) add(pending.due, settlement, id.value());
    for (const auto& [id, venue] : venues_) {
      if (venue.settle_days > 0) add(venue.day_over, business_day_end, id.value());
    }
    if (due.empty()) return;
    const Work first = *due.begin();
    const LotId lot(static_cast<std::uint32_t>(first.id));
    switch (first.kind) {
      case transfer_end:
        lots_[lot].transfer_ended = true;
        end_on_lot(lot, OrderEnd::certificate_expired);
        break;
      case expiry_end:
        lots_[lot].expired = true;
        end_on_lot(lot, OrderEnd::certificate_expired);
        to_sweep_.insert({lots_[lot].cancellable_until, lot});
        break;
      case phase_change:
        follow(MarketId(static_cast<std::uint32_t>(first.id)));
        break;
      case trading_day_end:
        end_trading_day(MarketId(static_cast<std::uint32_t>(first.id)));
        break;
      case order_end:
        end(OrderId(first.id), OrderEnd::expired);
        break;
      case day_end:
        end(OrderId(first.id), OrderEnd::day);
        break;
      case settlement:
        complete(TradeId(first.id));
        break;
      case business_day_end:
        begin_business_day(MarketId(static_cast<std::uint32_t>(first.id)), first.at);
        break;
      case hold_end: {
        const TransferId id(first.id);
        const Exit exit = exits_[id];
        exits_.erase(id);
        const bool stopped = exit.is_cash ? frozen(exit.cash.account) != Reject::accepted
                                          : frozen(exit.certificates.from) != Reject::accepted ||
                                                frozen(exit.certificates.to) != Reject::accepted;
        if (stopped) {
          give_back(id, exit);
        } else {
          finish(id, exit);
        }
        break;
      }
    }
  }
}

}  // namespace origo
