#include <algorithm>
#include <map>
#include <utility>

#include "engine/registry/office.h"

// Certificates that the issuing body takes back: withdrawal, and the correction of what was
// declared.
namespace origo {
// The serials that a withdrawal reaches, ascending: of those that count, named or (first 0) the
// latest. Those that were withdrawn or voided before don't count.
std::vector<Office::Reached> Office::reach(const Taking& taking) const {
  const Lot& lot = registry_.get(taking.lot);
  std::vector<Reached> counting;
  for (HoldingSlot slot = state_.holdings.first_of_lot(lot.id); slot != Holdings::kNone;
       slot = state_.holdings.get(slot).next_of_lot) {
    const Holding& holding = state_.holdings.get(slot);
    for (const SerialRange& range : state_.holdings.unfrozen(holding))
      counting.push_back({.range = range, .holding = slot, .ended = 0, .frozen = false});
    for (const SerialRange& range : state_.holdings.frozen(holding))
      counting.push_back({.range = range, .holding = slot, .ended = 0, .frozen = true});
  }
  for (std::size_t i = 0; i < lot.ended.size(); ++i) {
    if (lot.ended[i].reason != MoveReason::withdrawal && !lot.ended[i].voided.is_set())
      counting.push_back(
          {.range = lot.ended[i].range, .holding = Holdings::kNone, .ended = i, .frozen = false});
  }
  std::sort(counting.begin(), counting.end(), [](const Reached& a, const Reached& b) {
    return a.range.first < b.range.first;
  });
  std::vector<Reached> reached;
  if (!taking.first.is_zero()) {
    const SerialRange named{.first = taking.first, .count = taking.units};
    for (Reached each : counting) {
      each.range = intersection(each.range, named);
      if (each.range.count.is_positive()) reached.push_back(each);
    }
    return reached;
  }
  Units left = taking.units;
  for (auto each = counting.rbegin(); each != counting.rend() && left.is_positive(); ++each) {
    const Units count = std::min(left, each->range.count);
    each->range = {.first = end_of(each->range) - Serial(count.value()), .count = count};
    reached.push_back(*each);
    left -= count;
  }
  std::reverse(reached.begin(), reached.end());
  return reached;
}

void Office::add_losses(const Taking& taking, std::vector<Loss>& losses) const {
  std::map<HoldingSlot, Units> taken;
  for (const Reached& each : reach(taking)) {
    if (each.holding != Holdings::kNone && !each.frozen) taken[each.holding] += each.range.count;
  }
  for (const auto& [holding, units] : taken)
    losses.push_back({.holding = holding, .left = state_.holdings.get(holding).total() - units});
}

// Held exits that the holding can no longer afford are taken back, the newest first.
void Office::recall_beyond(HoldingSlot holding, Units left) {
  const AccountId account = state_.holdings.get(holding).account;
  const LotId lot = state_.holdings.get(holding).lot;
  std::vector<TransferId> waiting;
  for (const auto& [id, exit] : registry_.exits) {
    if (!exit.is_cash && exit.certificates.from == account && exit.certificates.lot == lot)
      waiting.push_back(id);
  }
  for (; state_.holdings.get(holding).reserved > left && !waiting.empty(); waiting.pop_back())
    static_cast<void>(recall({.transfer = waiting.back()}));
}

// A part of what had ended otherwise is void; the rest of it stays as it was.
void Office::make_void(Lot& lot, const Reached& part, WithdrawalId id) {
  const std::size_t place = cut_ended(lot, part.ended, part.range);
  EndedRange& voided = lot.ended[place];
  voided.voided = id;
  if (voided.reason != MoveReason::cancellation) return;
  const CancellationId cancellation(voided.reference);
  lot.voided += part.range.count;
  events_.append(ClaimVoided{
      .withdrawal = id, .lot = lot.id, .cancellation = cancellation, .range = part.range});
  if (!voided.claim.is_set()) {
    registry_.get(cancellation).left -= part.range.count;
    return;
  }
  lot.claimed -= part.range.count;
  events_.append(UseVoided{.withdrawal = id,
                           .lot = lot.id,
                           .cancellation = cancellation,
                           .claim = voided.claim,
                           .range = part.range});
}

// Requires: nothing that is taken is reserved.
WithdrawalId Office::take_back(const Taking& taking, const std::string& reason) {
  const WithdrawalId id(static_cast<std::uint32_t>(registry_.withdrawals.size() + 1));
  Lot& lot = registry_.get(taking.lot);
  Withdrawal record{.id = id,
                    .lot = lot.id,
                    .correction = taking.correction,
                    .date = date_of(now_),
                    .requested = taking.units,
                    .withdrawn = {},
                    .voided = {},
                    .reason = reason};
  std::map<AccountId, Units> lost;
  std::vector<DeclarationId> made;
  const Units voided_before = lot.voided;
  for (const Reached& part : reach(taking)) {
    if (part.holding == Holdings::kNone) {
      const EndedRange& ended = lot.ended[part.ended];
      for (const DeclarationId into : {ended.converted_into, ended.captured_into}) {
        if (into.is_set()) made.push_back(into);
      }
      make_void(lot, part, id);
      continue;
    }
    const AccountId holder = state_.holdings.get(part.holding).account;
    if (part.frozen) state_.holdings.unfreeze(part.holding, part.range);
    state_.holdings.take_out(part.holding, part.range);
    lot.ended.push_back(
        {.range = part.range, .reason = MoveReason::withdrawal, .reference = id.value()});
    lost[holder] += part.range.count;
    record.withdrawn += part.range.count;
    events_.append(CertificatesMoved{.lot = lot.id,
                                     .from = holder,
                                     .to = AccountId(),
                                     .range = part.range,
                                     .reason = MoveReason::withdrawal,
                                     .reference = id.value()});
  }
  lot.withdrawn += record.withdrawn;
  record.voided = lot.voided - voided_before;
  for (const auto& [account, units] : lost)
    events_.append(
        HoldingWithdrawn{.withdrawal = id, .lot = lot.id, .account = account, .units = units});
  registry_.withdrawals.push_back(record);
  events_.append(CertificatesWithdrawn{.withdrawal = id,
                                       .lot = lot.id,
                                       .correction = taking.correction,
                                       .requested = record.requested,
                                       .withdrawn = record.withdrawn,
                                       .voided = record.voided,
                                       .shortfall = record.shortfall(),
                                       .reason = reason});
  flag_outputs(id, made);
  return id;
}

Verdict Office::check(const WithdrawCertificates& command) const {
  const Lot* lot = registry_.find(command.lot);
  if (lot == nullptr) return Reject::lot_unknown;
  const bool within = command.units <= lot->issued &&
                      (command.first.is_zero() ||
                       command.first.value() - 1 <= lot->issued.value() - command.units.value());
  if (!within) return Reject::serials_not_in_lot;
  if (reach({.lot = command.lot, .first = command.first, .units = command.units}).empty())
    return Reject::nothing_to_withdraw;
  return std::nullopt;
}

std::vector<Office::Loss> Office::losses(const WithdrawCertificates& command) const {
  std::vector<Loss> losses;
  add_losses({.lot = command.lot, .first = command.first, .units = command.units}, losses);
  return losses;
}

Result<WithdrawalId> Office::withdraw(const WithdrawCertificates& command) {
  if (const Verdict bad = check(command)) return *bad;
  return take_back({.lot = command.lot, .first = command.first, .units = command.units},
                   command.reason);
}

Result<Office::Correction> Office::plan(const CorrectDeclaration& command) const {
  const Declaration* declaration = registry_.find(command.declaration);
  if (declaration == nullptr) return Reject::declaration_unknown;
  const Device& device = *registry_.find(declaration->device);
  const Date today = date_of(now_);
  const SchemeId version = registry_.scheme_on(registry_.get(device.registry).scheme, today);
  if (!version.is_set()) return Reject::scheme_unknown;
  const Scheme& scheme = registry_.get(version);
  const Result<Measured> counted = count(scheme, command.gross, command.deductions);
  if (!counted) return counted.refusal();
  if (*counted == declaration->counted) return Reject::correction_unchanged;
  if (const Verdict bad = check_yield(*declaration, *counted)) return *bad;

  Correction planned{.counted = *counted, .fewer = {}, .more = {}};
  if (declaration->state != DeclarationState::issued) return planned;
  const auto carried = device.carried.find(declaration->line());
  if (carried != device.carried.end()) {
    planned.more.carried_in = carried->second.amount;
    planned.more.co2_in = planned.more.co2_out = carried->second.co2;
  }
  const Int128 change = Int128{counted->value()} - declaration->counted.value();
  Int128 whole = change + planned.more.carried_in.value();
  if (whole < 0) {
    planned.fewer = Units(divide_floor(-whole + scheme.unit_size - 1, scheme.unit_size));
    planned.more.carried_out = Measured(
        static_cast<std::int64_t>(whole + Int128{planned.fewer.value()} * scheme.unit_size));
    return planned;
  }
  Remainder apart;  // carried, and not to be added up to units
  if (keeps_apart(scheme, *declaration)) {
    apart.amount =
        change < 0 ? Measured(static_cast<std::int64_t>(whole)) : planned.more.carried_in;
    apart.co2 = std::exchange(planned.more.co2_in, Measured());
    whole -= apart.amount.value();
  }
  if (const Verdict bad = plan_units(*declaration, version, whole, planned.more)) return *bad;
  planned.more.carried_out += apart.amount;
  planned.more.co2_out += apart.co2;
  if (planned.more.units.is_positive()) {
    if (const Verdict bad = check_unfrozen(declaration->account)) return *bad;
  }
  return planned;
}

// Where the units come from that a correction takes back: the latest of the declaration's lots
// first, then the latest of the device's others in that carrier, into which its remainder went.
// Cost: the registry's lots.
std::vector<Office::Taking> Office::takings(const CorrectDeclaration& command, Units fewer) const {
  std::vector<Taking> all;
  const Declaration& corrected = *registry_.find(command.declaration);
  const auto take_from = [&](const Lot& lot) {
    const Units units = std::min(fewer, lot.issued - lot.corrected);
    if (!units.is_positive()) return;
    all.push_back({.lot = lot.id, .first = {}, .units = units, .correction = command.declaration});
    fewer -= units;
  };
  for (const bool own : {true, false}) {
    for (auto lot = registry_.lots.rbegin(); lot != registry_.lots.rend() && fewer.is_positive();
         ++lot) {
      const bool same_line = lot->device == corrected.device &&
                             registry_.find(lot->declaration)->line() == corrected.line();
      if (same_line && own == (lot->declaration == corrected.id)) take_from(*lot);
    }
  }
  ENSURE(fewer.is_zero());  // no more was issued than counted
  return all;
}

Verdict Office::check(const CorrectDeclaration& command) const {
  const Result<Correction> planned = plan(command);
  if (!planned) return planned.refusal();
  return std::nullopt;
}

std::vector<Office::Loss> Office::losses(const CorrectDeclaration& command) const {
  std::vector<Loss> losses;
  const Result<Correction> planned = plan(command);
  if (!planned || planned->fewer.is_zero()) return losses;
  for (const Taking& taking : takings(command, planned->fewer)) add_losses(taking, losses);
  return losses;
}

Result<DeclarationId> Office::correct(const CorrectDeclaration& command) {
  const Result<Correction> planned = plan(command);
  if (!planned) return planned.refusal();
  Declaration& declaration = registry_.get(command.declaration);
  const Measured before = declaration.counted;
  const bool issued = declaration.state == DeclarationState::issued;
  declaration.gross = command.gross;
  declaration.counted = planned->counted;
  events_.append(DeclarationCorrected{.details = command,
                                      .counted_before = before,
                                      .counted = planned->counted,
                                      .carried_out = planned->more.carried_out});
  if (!issued) return command.declaration;
  registry_.get(declaration.device).carried[declaration.line()] = {
      .amount = planned->more.carried_out, .co2 = planned->more.co2_out};
  if (planned->fewer.is_positive()) {
    for (const Taking& taking : takings(command, planned->fewer)) {
      registry_.get(taking.lot).corrected += taking.units;
      take_back(taking, command.reason);
    }
  }
  if (planned->more.units.is_positive())
    bring_out(command.declaration, planned->more, planned->counted - before);
  return command.declaration;
}

}  // namespace origo
