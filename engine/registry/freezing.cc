#include <algorithm>
#include <map>

#include "engine/market/settlements.h"
#include "engine/registry/office.h"

// Certificates that a registry freezes by their serials, whoever holds them.
namespace origo {
namespace {

// How many serials of the lot there are from the first named one on; 0: it is not one of them.
Units serials_from(const FreezeCertificates& command, const Lot& lot) {
  return Units(std::max<std::int64_t>(
      lot.issued.value() - std::max<std::int64_t>(command.first.value(), 1) + 1, 0));
}

SerialRange named_by(const FreezeCertificates& command, const Lot& lot) {
  return {.first = std::max(command.first, Serial(1)),
          .count = command.units.is_zero() ? serials_from(command, lot) : command.units};
}

void drop_lowest(std::vector<SerialRange>& ranges, Units units) {
  while (units.is_positive()) {
    SerialRange& lowest = ranges.front();
    const Units some = std::min(units, lowest.count);
    units -= some;
    if (some == lowest.count) {
      ranges.erase(ranges.begin());
    } else {
      lowest = split(lowest, some).tail;
    }
  }
}

}  // namespace

Verdict Office::check_available(HoldingSlot slot, Units units) const {
  if (slot == Holdings::kNone) return Reject::units_not_available;
  const Holding& holding = state_.holdings.get(slot);
  if (holding.available() >= units) return std::nullopt;
  if (holding.available() + state_.holdings.frozen_units(holding) >= units)
    return Reject::certificates_frozen;
  return Reject::units_not_available;
}

// What a command does to each holder, by account.
std::vector<Office::Freezing> Office::plan(const FreezeCertificates& command) const {
  const SerialRange named = named_by(command, registry_.get(command.lot));
  const PendingSums pending = pending_sums(state_.market);
  std::map<AccountId, Freezing> parts;
  for (HoldingSlot slot = state_.holdings.first_of_lot(command.lot); slot != Holdings::kNone;
       slot = state_.holdings.get(slot).next_of_lot) {
    const Holding& holding = state_.holdings.get(slot);
    Freezing part{.holding = slot, .ranges = {}, .units = {}, .spared = {}};
    for (const SerialRange& range :
         command.frozen ? state_.holdings.unfrozen(holding) : state_.holdings.frozen(holding)) {
      const SerialRange meant = intersection(range, named);
      if (!meant.count.is_positive()) continue;
      part.ranges.push_back(meant);
      part.units += meant.count;
    }
    if (command.frozen) {
      const Units free = holding.total() - pending.units_of(holding.account, command.lot);
      part.spared = std::max(part.units - free, Units());
      drop_lowest(part.ranges, part.spared);
      part.units -= part.spared;
    }
    parts.emplace(holding.account, part);
  }
  std::vector<Freezing> by_account;
  for (const auto& [account, part] : parts) by_account.push_back(part);
  return by_account;
}

Verdict Office::check(const FreezeCertificates& command) const {
  const Lot* lot = registry_.find(command.lot);
  if (lot == nullptr) return Reject::lot_unknown;
  const Units serials = serials_from(command, *lot);
  if (serials.is_zero() || command.units > serials) return Reject::serials_not_in_lot;
  const std::vector<Freezing> parts = plan(command);
  if (std::ranges::none_of(parts, [](const Freezing& part) { return part.units.is_positive(); }))
    return Reject::freeze_unchanged;
  return std::nullopt;
}

std::vector<Office::Loss> Office::losses(const FreezeCertificates& command) const {
  std::vector<Loss> losses;
  if (!command.frozen) return losses;
  for (const Freezing& part : plan(command)) {
    if (part.units.is_positive())
      losses.push_back({.holding = part.holding,
                        .left = state_.holdings.get(part.holding).total() - part.units});
  }
  return losses;
}

Result<LotId> Office::freeze(const FreezeCertificates& command) {
  if (const Verdict bad = check(command)) return *bad;
  CertificatesFrozen event{.details = command, .units = {}, .spared = {}};
  for (const Freezing& part : plan(command)) {
    event.units += part.units;
    event.spared += part.spared;
    for (const SerialRange& range : part.ranges) {
      if (command.frozen) {
        state_.holdings.freeze(part.holding, range);
      } else {
        state_.holdings.unfreeze(part.holding, range);
      }
      events_.append(HoldingFrozen{.lot = command.lot,
                                   .account = state_.holdings.get(part.holding).account,
                                   .frozen = command.frozen,
                                   .range = range});
    }
  }
  events_.append(event);
  return command.lot;
}

}  // namespace origo
