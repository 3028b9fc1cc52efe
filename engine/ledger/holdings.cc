#include "engine/ledger/holdings.h"

#include <algorithm>

namespace origo {

void Holdings::issue(LotId lot, AccountId account, Units count) {
  ENSURE(count.is_positive());
  if (lots_.size() <= lot.value()) lots_.resize(lot.value() + std::size_t{1}, kNone);
  ENSURE(lots_[lot.value()] == kNone);
  pool_[open(account, lot)].serials.add(pages_, {.first = Serial(1), .count = count});
}

Units Holdings::available(AccountId account, LotId lot) const {
  const HoldingSlot slot = find(account, lot);
  return slot == kNone ? Units() : pool_[slot].available();
}

void Holdings::take_out(HoldingSlot slot, const SerialRange& range) {
  ENSURE(pool_[slot].available() >= range.count);
  pool_[slot].serials.take_out(pages_, range);
  close_if_empty(slot);
}

const std::vector<SerialRange>& Holdings::frozen(const Holding& holding) const {
  static const std::vector<SerialRange> kNothing;
  const auto found = frozen_.find({holding.lot, holding.account});
  return found == frozen_.end() ? kNothing : found->second;
}

Units Holdings::frozen_units(const Holding& holding) const {
  Units sum;
  for (const SerialRange& range : frozen(holding)) sum += range.count;
  return sum;
}

std::vector<SerialRange> Holdings::frozen(LotId lot) const {
  std::vector<SerialRange> all;
  for (auto at = frozen_.lower_bound({lot, AccountId()});
       at != frozen_.end() && at->first.first == lot;
       ++at) {
    for (const SerialRange& range : at->second) add_to(all, range);
  }
  return all;
}

std::vector<SerialRange> Holdings::ranges(const Holding& holding) const {
  std::vector<SerialRange> all = unfrozen(holding);
  for (const SerialRange& range : frozen(holding)) add_to(all, range);
  return all;
}

void Holdings::freeze(HoldingSlot slot, const SerialRange& range) {
  ENSURE(pool_[slot].available() >= range.count);
  pool_[slot].serials.take_out(pages_, range);
  add_to(frozen_[{pool_[slot].lot, pool_[slot].account}], range);
}

void Holdings::unfreeze(HoldingSlot slot, const SerialRange& range) {
  const auto found = frozen_.find({pool_[slot].lot, pool_[slot].account});
  ENSURE(found != frozen_.end());
  take_from(found->second, range);
  if (found->second.empty()) frozen_.erase(found);
  pool_[slot].serials.add(pages_, range);
}

HoldingSlot Holdings::first_of_lot(LotId lot) const {
  return lot.value() < lots_.size() ? lots_[lot.value()] : kNone;
}

Units Holdings::circulating(LotId lot) const {
  Units sum;
  for (HoldingSlot slot = first_of_lot(lot); slot != kNone; slot = pool_[slot].next_of_lot)
    sum += pool_[slot].total();
  for (const SerialRange& range : frozen(lot)) sum += range.count;
  return sum;
}

HoldingSlot Holdings::open(AccountId account, LotId lot) {
  ENSURE(account.is_set() && lot.is_set());
  const HoldingSlot known = find(account, lot);
  if (known != kNone) return known;
  const HoldingSlot slot = take();
  pool_[slot].account = account;
  pool_[slot].lot = lot;
  const HoldingSlot head = lots_[lot.value()];
  pool_[slot].next_of_lot = head;
  pool_[head].previous_of_lot = slot;
  lots_[lot.value()] = slot;
  link(slot);
  return slot;
}

HoldingSlot Holdings::take() {
  const HoldingSlot slot = pool_.take();
  const HoldingSlot beside = beside_.take();
  ENSURE(beside == slot);
  return slot;
}

// Enters a holding into the derived look-ups.
void Holdings::link(HoldingSlot slot) {
  const Holding& holding = pool_[slot];
  const std::uint32_t account = holding.account.value();
  index_.insert(pair_key(account, holding.lot.value()), slot);
  if (accounts_.size() <= account) accounts_.resize(account + std::size_t{1});
  OfAccount& of = accounts_[account];
  beside_[slot].older = of.latest;
  beside_[of.latest].newer = slot;
  of.latest = slot;
  ++of.live;
  ++of.opened;
}

void Holdings::unlink(HoldingSlot slot) {
  const Holding& holding = pool_[slot];
  const std::uint32_t account = holding.account.value();
  index_.erase(pair_key(account, holding.lot.value()));
  OfAccount& of = accounts_[account];
  const Beside beside = beside_[slot];
  beside_[beside.older].newer = beside.newer;
  (beside.newer == kNone ? of.latest : beside_[beside.newer].older) = beside.older;
  --of.live;
}

void Holdings::close_if_empty(HoldingSlot slot) {
  const Holding& holding = pool_[slot];
  if (!holding.serials.empty()) return;
  if (!frozen_.empty() && frozen_.count({holding.lot, holding.account}) > 0) return;
  ENSURE(holding.reserved.is_zero());
  (holding.previous_of_lot == kNone ? lots_[holding.lot.value()]
                                    : pool_[holding.previous_of_lot].next_of_lot) =
      holding.next_of_lot;
  pool_[holding.next_of_lot].previous_of_lot = holding.previous_of_lot;
  unlink(slot);
  pool_.give_back(slot);
  beside_.give_back(slot);
}

void Holdings::check_invariants(std::vector<std::string>& broken) const {
  for (HoldingSlot slot = 0; slot < pool_.places(); ++slot) {
    const Holding& holding = pool_[slot];
    if (!holding.account.is_set()) continue;
    if (holding.reserved.is_negative() || holding.reserved > holding.total())
      broken.push_back("holdings: acc-" + std::to_string(holding.account.value()) +
                       " reserves more of lot-" + std::to_string(holding.lot.value()) +
                       " than it has");
  }
  for (std::uint32_t lot = 1; lot < lots_.size(); ++lot) {
    std::vector<SerialRange> all;
    for (HoldingSlot slot = lots_[lot]; slot != kNone; slot = pool_[slot].next_of_lot) {
      const std::vector<SerialRange> own = unfrozen(pool_[slot]);
      all.insert(all.end(), own.begin(), own.end());
      const std::vector<SerialRange>& apart = frozen(pool_[slot]);
      all.insert(all.end(), apart.begin(), apart.end());
    }
    std::sort(all.begin(), all.end());
    for (std::size_t i = 1; i < all.size(); ++i) {
      if (end_of(all[i - 1]) > all[i].first)
        broken.push_back("holdings: serials of lot-" + std::to_string(lot) + " have two holders");
    }
  }
  for (const auto& [of, ranges] : frozen_) {
    const auto complain = [&, key = of](const char* what) {
      broken.push_back("holdings: acc-" + std::to_string(key.second.value()) + what +
                       std::to_string(key.first.value()));
    };
    if (ranges.empty() || find(of.second, of.first) == kNone)
      complain(" has nothing, yet frozen, of lot-");
    for (std::size_t i = 1; i < ranges.size(); ++i) {
      if (end_of(ranges[i - 1]) >= ranges[i].first) complain(" has touching frozen ranges of lot-");
    }
  }
}

void Holdings::encode(Encoder& out) const {
  out.put(pool_.places());
  for (HoldingSlot slot = 0; slot < pool_.places(); ++slot) {
    const Holding& holding = pool_[slot];
    out.put(holding.account);
    out.put(holding.lot);
    out.put(holding.previous_of_lot);
    out.put(holding.next_of_lot);
    out.put(holding.reserved);
    holding.serials.encode(pages_, out);
  }
  out.put(pool_.free_slots());
  out.put(lots_);
  out.put(frozen_);
}

void Holdings::decode(Decoder& in) {
  *this = Holdings();
  std::uint32_t places = 0;
  in.get(places);
  for (std::uint32_t i = 0; in.ok() && i < places; ++i) {
    Holding& holding = pool_[take()];
    in.get(holding.account);
    in.get(holding.lot);
    in.get(holding.previous_of_lot);
    in.get(holding.next_of_lot);
    in.get(holding.reserved);
    holding.serials.decode(pages_, in);
  }
  std::vector<HoldingSlot> free;
  in.get(free);
  in.get(lots_);
  in.get(frozen_);
  if (!in.ok() || free.size() > places) return in.fail();
  for (const HoldingSlot slot : free) {
    if (slot >= places || pool_[slot].account.is_set()) return in.fail();
    pool_.give_back(slot);
    beside_.give_back(slot);
  }
  for (HoldingSlot slot = 0; slot < places; ++slot) {
    if (!pool_[slot].account.is_set()) continue;
    if (pool_[slot].lot.value() >= lots_.size()) return in.fail();
    link(slot);
  }
}

}  // namespace origo
