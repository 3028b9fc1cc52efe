#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/core/currency.h"
#include "engine/core/date.h"
#include "engine/core/index.h"
#include "engine/core/pool.h"
#include "engine/ledger/cash.h"
#include "engine/ledger/holdings.h"

// What the desk has found out. It is derived from the rest of the state and never encoded: it saves
// looking again, and changes nothing.
namespace origo {

// A lot that can be delivered into an instrument.
struct Sellable {
  std::uint64_t key = 0;                  // soonest to expire first, then by lot
  HoldingSlot holding = Holdings::kNone;  // of an account; kNone: of anyone who has some
  std::uint32_t units_per_contract = 0;
  LotId lot;
  Instant until;  // the end of the last day on which it can be delivered
};

// Those lots of an instrument, ascending by key; some may be over. Where they are many, it suffices
// to know that they are.
struct InstrumentLots {
  static constexpr std::size_t kFew = 4;
  std::vector<Sellable> lots;
  std::size_t seen = 0;  // of the registry's lots, in the order of their ids
};

// Of an account: where its cash is, and what it was found able to do, each as of a
// State::standing_version.
class AccountStanding {
 public:
  struct MayBuy {
    std::uint64_t as_of = 0;
    std::uint32_t registry_set = 0;  // from which it can receive
    Instant until;                   // the end of that day
  };
  [[nodiscard]] MayBuy& may_buy(std::uint32_t registry_set) {
    return may_buy_[registry_set % may_buy_.size()];
  }

  Currency currency;
  CashSlot cash = CashLedger::kNone;  // in that currency
  UserId trader;                      // had the right to give orders for it
  std::uint64_t trader_as_of = 0;
  std::uint64_t may_enter_as_of = 0;  // neither it nor its holder is frozen or killed
  std::uint64_t may_sell_as_of = 0;   // it may pass on what lies there
  Instant may_sell_until;             // the end of that day

 private:
  std::array<MayBuy, 3> may_buy_;
};

// Of an account in an instrument that takes many lots: the holdings that it could deliver.
struct Standing {
  std::uint64_t seen = 0;          // of the account's holdings, as Holdings::OfAccount counts them
  std::vector<Sellable> sellable;  // ascending by key; some may be over
};

class Standings {
 public:
  // References stay valid until another account or instrument is asked for.
  [[nodiscard]] AccountStanding& of(AccountId account) {
    if (accounts_.size() <= account.value()) accounts_.resize(account.value() + std::size_t{1});
    return accounts_[account.value()];
  }
  [[nodiscard]] bool knows_trader(AccountId account, UserId user, std::uint64_t as_of) const {
    return account.value() < accounts_.size() && accounts_[account.value()].trader_as_of == as_of &&
           accounts_[account.value()].trader == user;
  }
  [[nodiscard]] InstrumentLots& lots_of(InstrumentId instrument) {
    if (instruments_.size() <= instrument.value())
      instruments_.resize(instrument.value() + std::size_t{1});
    return instruments_[instrument.value()];
  }
  [[nodiscard]] const InstrumentLots* find_lots_of(InstrumentId instrument) const {
    return instrument.value() < instruments_.size() ? &instruments_[instrument.value()] : nullptr;
  }
  [[nodiscard]] Standing& of(AccountId account, InstrumentId instrument) {
    const std::uint64_t key = pair_key(account.value(), instrument.value());
    std::uint32_t slot = index_.find(key);
    if (slot == Index::kNone) [[unlikely]] {
      slot = pool_.take();
      index_.insert(key, slot);
    }
    return pool_[slot];
  }

 private:
  std::vector<AccountStanding> accounts_;    // by id
  std::vector<InstrumentLots> instruments_;  // by id
  Pool<Standing, 8> pool_;
  Index index_;
};

}  // namespace origo
