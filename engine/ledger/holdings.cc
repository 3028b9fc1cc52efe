#include "engine/ledger/holdings.h"

#include <algorithm>

namespace origo {

void Holdings::issue(LotId lot, AccountId account, Units count, Date sell_by) {
  ENSURE(count.is_positive());
  if (lots_.size() <= lot.value()) lots_.resize(lot.value() + std::size_t{1});
  ENSURE(lots_[lot.value()].first == kNone);
  lots_[lot.value()].sell_by = sell_by;
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

HoldingSlot Holdings::first_of_lot(LotId lot) const {
  return lot.value() < lots_.size() ? lots_[lot.value()].first : kNone;
}

Units Holdings::circulating(LotId lot) const {
  Units sum;
  for (HoldingSlot slot = first_of_lot(lot); slot != kNone; slot = pool_[slot].next_of_lot)
    sum += pool_[slot].total();
  return sum;
}

// Dates before 1970 sort first as well.
std::uint64_t Holdings::sale_key(LotId lot) const {
  const std::uint32_t biased =
      static_cast<std::uint32_t>(lots_[lot.value()].sell_by.days()) ^ 0x80000000U;
  return pair_key(biased, lot.value());
}

HoldingSlot Holdings::open(AccountId account, LotId lot) {
  ENSURE(account.is_set() && lot.is_set());
  const HoldingSlot known = find(account, lot);
  if (known != kNone) return known;
  HoldingSlot slot = static_cast<HoldingSlot>(pool_.size());
  if (free_.empty()) {
    pool_.emplace_back();
  } else {
    slot = free_.back();
    free_.pop_back();
  }
  pool_[slot].account = account;
  pool_[slot].lot = lot;
  const HoldingSlot head = lots_[lot.value()].first;
  pool_[slot].next_of_lot = head;
  if (head != kNone) pool_[head].previous_of_lot = slot;
  lots_[lot.value()].first = slot;
  link(slot);
  return slot;
}

// Enters a holding into the derived look-ups.
void Holdings::link(HoldingSlot slot) {
  const Holding& holding = pool_[slot];
  const std::uint32_t account = holding.account.value();
  if (by_account_.size() <= account) by_account_.resize(account + std::size_t{1});
  by_account_[account].insert(sale_key(holding.lot));
  index_.insert(pair_key(account, holding.lot.value()), slot);
  if (opened_.size() <= account) opened_.resize(account + std::size_t{1});
  opened_[account].slots.push_back(slot);
  ++opened_[account].live;
}

void Holdings::unlink(HoldingSlot slot) {
  const Holding& holding = pool_[slot];
  const std::uint32_t account = holding.account.value();
  by_account_[account].erase(sale_key(holding.lot));
  index_.erase(pair_key(account, holding.lot.value()));
  Opened& opened = opened_[account];
  --opened.live;
  if (opened.slots.size() <= 2 * std::size_t{opened.live} + 64) return;
  ++opened.epoch;
  opened.slots.clear();
  for_each_of(holding.account, [&](HoldingSlot other) {
    opened.slots.push_back(other);
    return true;
  });
}

void Holdings::close_if_empty(HoldingSlot slot) {
  Holding& holding = pool_[slot];
  if (!holding.serials.empty()) return;
  ENSURE(holding.reserved.is_zero());
  if (holding.previous_of_lot != kNone) {
    pool_[holding.previous_of_lot].next_of_lot = holding.next_of_lot;
  } else {
    lots_[holding.lot.value()].first = holding.next_of_lot;
  }
  if (holding.next_of_lot != kNone)
    pool_[holding.next_of_lot].previous_of_lot = holding.previous_of_lot;
  unlink(slot);
  holding = Holding();
  free_.push_back(slot);
}

void Holdings::check_invariants(std::vector<std::string>& broken) const {
  for (const Holding& holding : pool_) {
    if (!holding.account.is_set()) continue;
    if (holding.reserved.is_negative() || holding.reserved > holding.total())
      broken.push_back("holdings: acc-" + std::to_string(holding.account.value()) +
                       " reserves more of lot-" + std::to_string(holding.lot.value()) +
                       " than it has");
  }
  for (std::uint32_t lot = 1; lot < lots_.size(); ++lot) {
    std::vector<SerialRange> all;
    for (HoldingSlot slot = lots_[lot].first; slot != kNone; slot = pool_[slot].next_of_lot) {
      const std::vector<SerialRange> own = ranges(pool_[slot]);
      all.insert(all.end(), own.begin(), own.end());
    }
    std::sort(all.begin(), all.end());
    for (std::size_t i = 1; i < all.size(); ++i) {
      if (end_of(all[i - 1]) > all[i].first)
        broken.push_back("holdings: serials of lot-" + std::to_string(lot) + " have two holders");
    }
  }
}

void Holdings::encode(Encoder& out) const {
  out.put(static_cast<std::uint32_t>(pool_.size()));
  for (const Holding& holding : pool_) {
    out.put(holding.account);
    out.put(holding.lot);
    out.put(holding.previous_of_lot);
    out.put(holding.next_of_lot);
    out.put(holding.reserved);
    holding.serials.encode(pages_, out);
  }
  out.put(free_);
  out.put(lots_);
}

void Holdings::decode(Decoder& in) {
  *this = Holdings();
  std::uint32_t size = 0;
  in.get(size);
  for (std::uint32_t i = 0; in.ok() && i < size; ++i) {
    Holding& holding = pool_.emplace_back();
    in.get(holding.account);
    in.get(holding.lot);
    in.get(holding.previous_of_lot);
    in.get(holding.next_of_lot);
    in.get(holding.reserved);
    holding.serials.decode(pages_, in);
  }
  in.get(free_);
  in.get(lots_);
  if (!in.ok()) return;
  for (HoldingSlot slot = 0; slot < pool_.size(); ++slot) {
    if (!pool_[slot].account.is_set()) continue;
    if (pool_[slot].lot.value() >= lots_.size()) return in.fail();
    link(slot);
  }
}

}  // namespace origo
