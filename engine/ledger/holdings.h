#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "engine/core/encoding.h"
#include "engine/core/id.h"
#include "engine/core/index.h"
#include "engine/core/pool.h"
#include "engine/ledger/serial_range.h"

namespace origo {

// Place of a holding in the pool; valid while the holding exists.
using HoldingSlot = std::uint32_t;

// What one account holds of one lot: one cache line.
struct Holding {
  AccountId account;  // unset: a free place
  LotId lot;
  HoldingSlot previous_of_lot = Index::kNone;
  HoldingSlot next_of_lot = Index::kNone;
  Units reserved;        // by sell orders and held exits
  SerialRanges serials;  // but for those that are frozen
  [[nodiscard]] Units total() const { return serials.total(); }
  [[nodiscard]] Units available() const { return serials.total() - reserved; }
};
static_assert(sizeof(Holding) == 64);

// Certificates in circulation: who holds which serials of which lot.
// Invariant: per lot the serials of all holders are disjoint; 0 <= reserved <= total for each
// holding.
class Holdings {
 public:
  static constexpr HoldingSlot kNone = Index::kNone;

  // A new lot's certificates 1..count enter circulation at `account`.
  void issue(LotId lot, AccountId account, Units count);

  [[nodiscard]] HoldingSlot find(AccountId account, LotId lot) const;
  // Finds it, and asks for its memory, which will be needed soon.
  [[nodiscard]] HoldingSlot bring(AccountId account, LotId lot) const;
  [[nodiscard]] const Holding& get(HoldingSlot slot) const { return pool_[slot]; }
  [[nodiscard]] Holding& get(HoldingSlot slot) { return pool_[slot]; }
  [[nodiscard]] Units available(AccountId account, LotId lot) const;
  // Which serials a holding is: ascending, never touching.
  [[nodiscard]] std::vector<SerialRange> ranges(const Holding& holding) const;
  [[nodiscard]] std::vector<SerialRange> unfrozen(const Holding& holding) const {
    return holding.serials.ranges(pages_);
  }
  // Serials of it that nobody may move or use up: not available, and passed over by deliveries.
  [[nodiscard]] const std::vector<SerialRange>& frozen(const Holding& holding) const;
  [[nodiscard]] Units frozen_units(const Holding& holding) const;
  // All of the lot that are frozen: ascending, never touching.
  [[nodiscard]] std::vector<SerialRange> frozen(LotId lot) const;
  // Requires: all of `range` is in `slot`, not frozen, and as many are available.
  void freeze(HoldingSlot slot, const SerialRange& range);
  // Requires: all of `range` is frozen in `slot`.
  void unfreeze(HoldingSlot slot, const SerialRange& range);

  void reserve(HoldingSlot slot, Units units);  // requires: available
  void release(HoldingSlot slot, Units units);  // requires: reserved

  // Moves the lowest serials of `slot` to `to`; `visit(range)` sees each piece. A holding that
  // becomes empty is gone afterwards. Requires: units are available in `slot`, and `to` is another
  // account.
  template <class Visit>
  void move(HoldingSlot slot, AccountId to, Units units, Visit&& visit) {
    ENSURE(pool_[slot].available() >= units);
    ENSURE(pool_[slot].account != to);
    const HoldingSlot target = open(to, pool_[slot].lot);
    pool_[slot].serials.take_lowest(pages_, units, [&](const SerialRange& range) {
      pool_[target].serials.add(pages_, range);
      visit(range);
    });
    close_if_empty(slot);
  }

  // Takes the lowest serials of `slot` out of circulation. Requires: units are available.
  template <class Visit>
  void remove(HoldingSlot slot, Units units, Visit&& visit) {
    ENSURE(pool_[slot].available() >= units);
    pool_[slot].serials.take_lowest(pages_, units, visit);
    close_if_empty(slot);
  }

  // Takes these serials of `slot` out of circulation. Requires: all are in it, none frozen, and as
  // many are available. Cost: the holding's ranges.
  void take_out(HoldingSlot slot, const SerialRange& range);

  // An account's holdings, to be walked in the order in which they began; a decoded copy has them
  // in the order of their slots. Those that began when `opened` was n or more are among the latest
  // `opened` - n.
  struct OfAccount {
    HoldingSlot latest = kNone;
    std::uint32_t live = 0;
    std::uint64_t opened = 0;  // also those that are gone
  };
  [[nodiscard]] OfAccount of(AccountId account) const {
    return account.value() < accounts_.size() ? accounts_[account.value()] : OfAccount();
  }
  template <class Visit>
  void for_each_of(AccountId account, Visit&& visit) const {  // visit(slot), the latest first
    for (HoldingSlot slot = of(account).latest; slot != kNone; slot = beside_[slot].older)
      visit(slot);
  }
  [[nodiscard]] HoldingSlot older_of_account(HoldingSlot slot) const { return beside_[slot].older; }
  [[nodiscard]] HoldingSlot newer_of_account(HoldingSlot slot) const { return beside_[slot].newer; }

  // A holder of `lot` to start from, then pool's next_of_lot; kNone: nobody.
  [[nodiscard]] HoldingSlot first_of_lot(LotId lot) const;

  [[nodiscard]] Units circulating(LotId lot) const;  // cost: the lot's holders
  [[nodiscard]] std::size_t size() const { return pool_.live(); }

  void check_invariants(std::vector<std::string>& broken) const;
  void encode(Encoder& out) const;
  void decode(Decoder& in);

 private:
  struct Beside {
    HoldingSlot older = kNone;
    HoldingSlot newer = kNone;
  };
  HoldingSlot open(AccountId account, LotId lot);  // finds or makes
  HoldingSlot take();
  void close_if_empty(HoldingSlot slot);
  void link(HoldingSlot slot);
  void unlink(HoldingSlot slot);

  Pool<Holding> pool_;
  Pool<Beside> beside_;              // in the slots of pool_
  RangePages pages_;                 // of all holdings' serials
  std::vector<HoldingSlot> lots_;    // by lot id: its latest holding
  std::vector<OfAccount> accounts_;  // by account id
  Index index_;                      // (account, lot) -> slot
  // Apart from the holdings, since there are few.
  std::map<std::pair<LotId, AccountId>, std::vector<SerialRange>> frozen_;
};

// ---- what every order and trade does, in line ----

inline HoldingSlot Holdings::find(AccountId account, LotId lot) const {
  return index_.find(pair_key(account.value(), lot.value()));
}

inline HoldingSlot Holdings::bring(AccountId account, LotId lot) const {
  const HoldingSlot slot = find(account, lot);
  if (slot != kNone) __builtin_prefetch(&pool_[slot]);
  return slot;
}

inline void Holdings::reserve(HoldingSlot slot, Units units) {
  ENSURE(units.is_positive());
  ENSURE(pool_[slot].available() >= units);
  pool_[slot].reserved += units;
}

inline void Holdings::release(HoldingSlot slot, Units units) {
  ENSURE(units.is_positive());
  ENSURE(pool_[slot].reserved >= units);
  pool_[slot].reserved -= units;
}

}  // namespace origo
