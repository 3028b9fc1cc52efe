#include <algorithm>

#include "engine/registry/lot_ends.h"
#include "engine/registry/office.h"

// Certificates in circulation: transfer, held exits, cancellation, expiry.
namespace origo {
namespace {

// Asks for a lot's memory, which will be needed soon: a large register is beyond the caches, so
// what a command needs of it is fetched at once.
void ask_for(const Lot* lot) {
  for (std::size_t at = 0; lot != nullptr && at < sizeof(Lot); at += 64)
    __builtin_prefetch(reinterpret_cast<const char*>(lot) + at);
}

}  // namespace

Instant Office::hold_until() const {
  return Instant(std::min(now_.ns() + state_.relaxations.exit_hold_ns, kInstantMax.ns()));
}

// An entry of the trusted list counts once it is as old as a hold is long.
bool Office::trusts(const Account& from, AccountId to) const {
  const auto found = from.trusted.find(to);
  return found != from.trusted.end() &&
         now_.ns() - found->second.ns() >= state_.relaxations.exit_hold_ns;
}

Result<TransferId> Office::transfer(const TransferCertificates& command) {
  const Lot* lot = registry_.find(command.lot);
  ask_for(lot);
  const HoldingSlot holding = state_.holdings.bring(command.from, command.lot);
  static_cast<void>(state_.holdings.bring(command.to, command.lot));
  const Account* from = state_.parties.find(command.from);
  const Account* to = state_.parties.find(command.to);
  if (from == nullptr) return Refusal(Reject::account_unknown, "from");
  if (to == nullptr) return Refusal(Reject::account_unknown, "to");
  if (const Verdict bad = check_unfrozen(command.from)) return Refusal(bad->code, "from");
  if (const Verdict bad = check_unfrozen(command.to)) return Refusal(bad->code, "to");
  if (lot == nullptr) return Reject::lot_unknown;
  if (!from->registry.is_set()) return Refusal(Reject::account_is_cash_only, "from");
  if (!to->registry.is_set()) return Refusal(Reject::account_is_cash_only, "to");
  if (from->registry != lot->registry) return Refusal(Reject::account_registry_mismatch, "from");
  if (to->registry != lot->registry) return Refusal(Reject::account_registry_mismatch, "to");
  const Scheme* scheme = scheme_today(lot->registry);
  if (scheme == nullptr) return Reject::scheme_unknown;
  const bool within = from->participant == to->participant;
  if (!within) {
    if (!scheme->senders.empty()) {
      if (const Verdict bad = check_holder(command.from, scheme->senders, Reject::sender_barred))
        return *bad;
    }
    if (const Verdict bad = check_holder(command.to, scheme->receivers, Reject::receiver_barred))
      return *bad;
  }
  if (now_ >= end_of(lot->cancellable_until)) return Reject::certificates_expired;
  if (now_ >= end_of(lot->transferable_until)) return Reject::transfer_period_ended;
  if (const Verdict bad = check_available(holding, command.units)) return *bad;

  registry_.last_transfer = next(registry_.last_transfer);
  const TransferId id = registry_.last_transfer;
  if (within || trusts(*from, command.to) || state_.relaxations.holds) {
    move(holding, command, id);
    return id;
  }
  Exit exit;
  exit.id = id;
  exit.certificates = command;
  exit.until = hold_until();
  watch_ends(state_, command.lot, now_);
  state_.holdings.reserve(holding, command.units);
  registry_.exits.emplace(id, exit);
  state_.due.insert({.at = exit.until, .kind = DueKind::hold, .id = id.value()});
  events_.append(TransferHeld{.transfer = id, .details = command, .until = exit.until});
  return id;
}

// Moves available units, lowest serials first.
void Office::move(HoldingSlot holding, const TransferCertificates& details, TransferId id) {
  state_.holdings.move(holding, details.to, details.units, [&](const SerialRange& range) {
    events_.append(CertificatesMoved{.lot = details.lot,
                                     .from = details.from,
                                     .to = details.to,
                                     .range = range,
                                     .reason = MoveReason::transfer,
                                     .reference = id.value()});
  });
  events_.append(CertificatesTransferred{.transfer = id, .details = details});
}

Verdict Office::check(const WithdrawCash& command) const {
  if (const Verdict bad = check_unfrozen(command.account)) return bad;
  if (state_.cash.available(command.account, command.currency) < command.amount)
    return Reject::cash_not_available;
  return std::nullopt;
}

Result<TransferId> Office::withdraw(const WithdrawCash& command) {
  if (const Verdict bad = check(command)) return *bad;
  registry_.last_transfer = next(registry_.last_transfer);
  Exit exit;
  exit.id = registry_.last_transfer;
  exit.is_cash = true;
  exit.cash = command;
  exit.until = hold_until();
  state_.cash.reserve(state_.cash.find(command.account, command.currency), command.amount);
  if (state_.relaxations.holds) {
    finish(exit);
    return exit.id;
  }
  registry_.exits.emplace(exit.id, exit);
  state_.due.insert({.at = exit.until, .kind = DueKind::hold, .id = exit.id.value()});
  events_.append(WithdrawalHeld{.transfer = exit.id, .details = command, .until = exit.until});
  return exit.id;
}

Result<TransferId> Office::recall(const RecallExit& command) {
  const auto found = registry_.exits.find(command.transfer);
  if (found == registry_.exits.end()) return Reject::transfer_unknown;
  const Exit exit = found->second;
  registry_.exits.erase(found);
  state_.due.erase({.at = exit.until, .kind = DueKind::hold, .id = exit.id.value()});
  give_back(exit);
  return exit.id;
}

// The hold has ended. If a freeze came meanwhile the exit does not go through.
void Office::complete_exit(TransferId id) {
  const auto found = registry_.exits.find(id);
  ENSURE(found != registry_.exits.end());
  const Exit exit = found->second;
  registry_.exits.erase(found);
  const bool frozen = exit.is_cash ? check_unfrozen(exit.cash.account).has_value()
                                   : check_unfrozen(exit.certificates.from).has_value() ||
                                         check_unfrozen(exit.certificates.to).has_value();
  if (frozen) {
    give_back(exit);
  } else {
    finish(exit);
  }
}

void Office::finish(const Exit& exit) {
  if (exit.is_cash) {
    state_.cash.withdraw_reserved(state_.cash.find(exit.cash.account, exit.cash.currency),
                                  exit.cash.amount);
    events_.append(CashWithdrawn{.withdrawal = exit.cash});
    return;
  }
  const TransferCertificates& details = exit.certificates;
  const HoldingSlot holding = state_.holdings.find(details.from, details.lot);
  state_.holdings.release(holding, details.units);
  move(holding, details, exit.id);
  write_off_late(state_, details.lot, now_);
}

void Office::give_back(const Exit& exit) {
  if (exit.is_cash) {
    state_.cash.release(state_.cash.find(exit.cash.account, exit.cash.currency), exit.cash.amount);
  } else {
    const TransferCertificates& details = exit.certificates;
    state_.holdings.release(state_.holdings.find(details.from, details.lot), details.units);
    write_off_late(state_, details.lot, now_);
  }
  events_.append(ExitRecalled{.transfer = exit.id});
}

Result<CancellationId> Office::cancel(const CancelCertificates& command,
                                      DeclarationId converted_into) {
  Lot* lot = find_by_id(registry_.lots, command.lot);
  ask_for(lot);
  const HoldingSlot holding = state_.holdings.bring(command.account, command.lot);
  const Account* account = state_.parties.find(command.account);
  if (account == nullptr) return Reject::account_unknown;
  if (const Verdict bad = check_unfrozen(command.account)) return *bad;
  if (lot == nullptr) return Reject::lot_unknown;
  if (!account->registry.is_set()) return Reject::account_is_cash_only;
  if (account->registry != lot->registry) return Reject::account_registry_mismatch;
  const Scheme* scheme = scheme_today(lot->registry);
  if (scheme == nullptr) return Reject::scheme_unknown;
  if (command.beneficiary.empty() && scheme->beneficiary_required)
    return Reject::beneficiary_missing;
  if (std::find(scheme->purposes.begin(), scheme->purposes.end(), command.purpose) ==
      scheme->purposes.end())
    return Reject::purpose_invalid;
  const std::vector<std::string>& without = scheme->mass_balance.split_purposes;
  if (lot->split_into.is_set() &&
      std::find(without.begin(), without.end(), command.purpose) == without.end())
    return Refusal(Reject::purpose_invalid, "split");
  const bool period_given = command.period != Period();
  if (!period_given && scheme->consumption_period_required)
    return Reject::consumption_period_missing;
  if (now_ >= end_of(lot->cancellable_until)) return Reject::certificates_expired;
  if (const Verdict bad = check_available(holding, command.units)) return *bad;

  // From here on the cancellation succeeds.
  CertificatesCancelled event;
  event.cancellation = CancellationId(registry_.cancellations.size() + 1);
  event.details = command;
  event.date = date_of(now_);
  std::vector<EndedRange>& ended = lot->ended;
  const auto first = static_cast<std::uint32_t>(ended.size());
  state_.holdings.remove(holding, command.units, [&](const SerialRange& range) {
    if (ended.size() > first) ended.back().next = static_cast<std::uint32_t>(ended.size());
    event.ranges.push_back(range);
    ended.push_back({.range = range,
                     .reason = MoveReason::cancellation,
                     .reference = event.cancellation.value(),
                     .converted_into = converted_into});
    events_.append(CertificatesMoved{.lot = command.lot,
                                     .from = command.account,
                                     .to = AccountId(),
                                     .range = range,
                                     .reason = MoveReason::cancellation,
                                     .reference = event.cancellation.value()});
  });
  lot->cancelled += command.units;
  registry_.cancellations.push_back({.lot = command.lot,
                                     .account = command.account,
                                     .purpose = state_.vocabulary.intern(command.purpose),
                                     .range = first,
                                     .period = command.period,
                                     .left = command.units});
  events_.append(event);
  return event.cancellation;
}

void Office::sweep(std::uint32_t limit) {
  while (limit > 0 && registry_.has_expired(now_)) {
    std::deque<LotId>& lots = registry_.to_write_off.begin()->second;
    const LotId lot = lots.front();
    HoldingSlot slot = state_.holdings.first_of_lot(lot);
    while (slot != Holdings::kNone && limit > 0) {
      const HoldingSlot following = state_.holdings.get(slot).next_of_lot;
      const AccountId account = state_.holdings.get(slot).account;
      const std::vector<SerialRange> frozen = state_.holdings.frozen(state_.holdings.get(slot));
      for (const SerialRange& range : frozen) state_.holdings.unfreeze(slot, range);
      const Units units = state_.holdings.get(slot).available();
      if (units.is_positive()) {
        state_.holdings.remove(slot, units, [&](const SerialRange& range) {
          registry_.get(lot).ended.push_back({.range = range, .reason = MoveReason::expiry});
          events_.append(CertificatesMoved{.lot = lot,
                                           .from = account,
                                           .to = AccountId(),
                                           .range = range,
                                           .reason = MoveReason::expiry,
                                           .reference = 0});
        });
        registry_.get(lot).expired += units;
        events_.append(CertificatesExpired{.lot = lot, .account = account, .units = units});
        --limit;
      }
      slot = following;
    }
    if (slot != Holdings::kNone || limit == 0) return;  // the rest waits for the next sweep
    lots.pop_front();
    if (lots.empty()) registry_.to_write_off.erase(registry_.to_write_off.begin());
    --limit;
  }
}

}  // namespace origo
