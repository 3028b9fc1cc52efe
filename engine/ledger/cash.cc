#include "engine/ledger/cash.h"

namespace origo {

CashSlot CashLedger::find(AccountId account, Currency currency) const {
  return index_.find(pair_key(account.value(), currency.packed));
}

CashSlot CashLedger::open(AccountId account, Currency currency) {
  ENSURE(is_valid(currency));
  const CashSlot known = find(account, currency);
  if (known != kNone) return known;
  const auto slot = static_cast<CashSlot>(balances_.size());
  balances_.push_back({.account = account, .currency = currency, .available = {}, .reserved = {}});
  index_.insert(pair_key(account.value(), currency.packed), slot);
  return slot;
}

Cash CashLedger::available(AccountId account, Currency currency) const {
  const CashSlot slot = find(account, currency);
  return slot == kNone ? Cash() : balances_[slot].available;
}

bool CashLedger::fits(Currency currency, Cash amount) const {
  const auto found = totals_.find(currency);
  const Cash supply =
      found == totals_.end() ? Cash() : found->second.deposits - found->second.withdrawals;
  // Deposits alone are counted too, so that the running total never overflows either.
  const Cash deposits = found == totals_.end() ? Cash() : found->second.deposits;
  return amount.value() <= kSupplyMax - supply.value() &&
         amount.value() <= kSupplyMax - deposits.value();
}

void CashLedger::deposit(CashSlot slot, Cash amount) {
  ENSURE(amount.is_positive());
  CashBalance& balance = balances_[slot];
  ENSURE(fits(balance.currency, amount));
  balance.available += amount;
  totals_[balance.currency].deposits += amount;
}

void CashLedger::withdraw_reserved(CashSlot slot, Cash amount) {
  ENSURE(amount.is_positive());
  CashBalance& balance = balances_[slot];
  ENSURE(balance.reserved >= amount);
  balance.reserved -= amount;
  totals_[balance.currency].withdrawals += amount;
}

void CashLedger::check_invariants(std::vector<std::string>& broken) const {
  std::map<Currency, Cash> sums;
  for (const CashBalance& balance : balances_) {
    if (balance.available.is_negative() || balance.reserved.is_negative())
      broken.push_back("cash: negative balance of acc-" + std::to_string(balance.account.value()));
    sums[balance.currency] += balance.available + balance.reserved;
  }
  for (const auto& [currency, sum] : sums) {
    const auto found = totals_.find(currency);
    const Totals totals = found == totals_.end() ? Totals{} : found->second;
    if (sum != totals.deposits - totals.withdrawals)
      broken.push_back("cash: sum of " + to_string(currency) + " is not deposits - withdrawals");
  }
}

void CashLedger::encode(Encoder& out) const {
  out.put(balances_);
  out.put(totals_);
}

void CashLedger::decode(Decoder& in) {
  in.get(balances_);
  in.get(totals_);
  index_.clear();
  for (std::uint32_t slot = 0; slot < balances_.size(); ++slot)
    index_.insert(pair_key(balances_[slot].account.value(), balances_[slot].currency.packed), slot);
}

}  // namespace origo
