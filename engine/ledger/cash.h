#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "engine/core/amount.h"
#include "engine/core/currency.h"
#include "engine/core/encoding.h"
#include "engine/core/id.h"
#include "engine/core/index.h"

namespace origo {

// Cash of one account in one currency.
struct CashBalance {
  AccountId account;
  Currency currency;
  Cash available;  // free to use
  Cash reserved;   // promised to open buy orders and held withdrawals
};
BOOST_DESCRIBE_STRUCT(CashBalance, (), (account, currency, available, reserved))

// Place of a balance; stays valid for ever, since balances are never removed.
using CashSlot = std::uint32_t;

// Double-entry cash. Every movement is balanced inside one command; the outside world is the other
// side of deposits and withdrawals.
// Invariant: per currency, the sum of balances = deposits - withdrawals; no balance is negative.
class CashLedger {
 public:
  static constexpr CashSlot kNone = Index::kNone;

  [[nodiscard]] CashSlot find(AccountId account, Currency currency) const;
  CashSlot open(AccountId account, Currency currency);  // finds or makes
  [[nodiscard]] const CashBalance& get(CashSlot slot) const { return balances_[slot]; }
  [[nodiscard]] Cash available(AccountId account, Currency currency) const;
  [[nodiscard]] std::span<const CashBalance> balances() const { return balances_; }

  // Whether a deposit of `amount` keeps the currency's supply within kSupplyMax.
  [[nodiscard]] bool fits(Currency currency, Cash amount) const;
  void deposit(CashSlot slot, Cash amount);
  void withdraw_reserved(CashSlot slot, Cash amount);

  void reserve(CashSlot slot, Cash amount);  // requires: available
  void release(CashSlot slot, Cash amount);  // requires: reserved
  // Requires: the amount is reserved (available) at `from`; both in one currency.
  void pay_reserved(CashSlot from, CashSlot to, Cash amount);
  void pay_available(CashSlot from, CashSlot to, Cash amount);

  struct Totals {
    Cash deposits;
    Cash withdrawals;
  };
  [[nodiscard]] const std::map<Currency, Totals>& totals() const { return totals_; }

  void check_invariants(std::vector<std::string>& broken) const;
  void encode(Encoder& out) const;
  void decode(Decoder& in);

 private:
  std::vector<CashBalance> balances_;
  std::map<Currency, Totals> totals_;
  Index index_;  // (account, currency) -> slot
};
BOOST_DESCRIBE_STRUCT(CashLedger::Totals, (), (deposits, withdrawals))

// ---- what every order and trade does, in line ----

inline void CashLedger::reserve(CashSlot slot, Cash amount) {
  CashBalance& balance = balances_[slot];
  ENSURE(!amount.is_negative());
  ENSURE(balance.available >= amount);
  balance.available -= amount;
  balance.reserved += amount;
}

inline void CashLedger::release(CashSlot slot, Cash amount) {
  CashBalance& balance = balances_[slot];
  ENSURE(!amount.is_negative());
  ENSURE(balance.reserved >= amount);
  balance.reserved -= amount;
  balance.available += amount;
}

inline void CashLedger::pay_reserved(CashSlot from, CashSlot to, Cash amount) {
  release(from, amount);
  pay_available(from, to, amount);
}

inline void CashLedger::pay_available(CashSlot from, CashSlot to, Cash amount) {
  ENSURE(!amount.is_negative());
  ENSURE(balances_[from].currency == balances_[to].currency);
  ENSURE(balances_[from].available >= amount);
  balances_[from].available -= amount;
  balances_[to].available += amount;
}

}  // namespace origo
