#pragma once

#include <cstdint>
#include <vector>

#include "engine/core/date.h"
#include "engine/core/index.h"
#include "engine/core/pool.h"
#include "engine/ledger/cash.h"
#include "engine/ledger/holdings.h"

namespace origo {

// A holding that an account could deliver into an instrument.
struct Sellable {
  std::uint64_t key = 0;  // Holdings::sale_key: soonest to expire first, then by lot
  HoldingSlot holding = Holdings::kNone;
  std::uint32_t units_per_contract = 0;
  LotId lot;
  Date last_day;  // on which it can be delivered
};

// What the desk has found out about one account in one instrument. Derived from the rest of the state and
// never encoded: it saves looking again, and changes nothing.
struct Standing {
  CashSlot cash = CashLedger::kNone;     // of the account, in the instrument's currency
  std::uint64_t may_buy_as_of = 0;       // State::standing_version at which it was found able to receive
  Date may_buy_on;
  std::uint32_t holdings_epoch = 0;      // how far Holdings::opened_by has been looked through
  std::uint32_t holdings_seen = 0;
  std::vector<Sellable> sellable;        // ascending by key
};

class Standings {
 public:
  Standing& of(AccountId account, InstrumentId instrument) {
    const std::uint64_t key = pair_key(account.value(), instrument.value());
    std::uint32_t slot = index_.find(key);
    if (slot == Index::kNone) [[unlikely]] {
      slot = pool_.take();
      index_.insert(key, slot);
    }
    return pool_[slot];
  }

 private:
  Pool<Standing, 8> pool_;
  Index index_;
};

}  // namespace origo
