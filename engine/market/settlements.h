#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "engine/state.h"

// Settlement of trades in markets that settle later (T+n). Source: market rules, section 7.
namespace origo {

// The end of the business day that is `days` after the one at work at `at`. Business days are the
// calendar's; after its last one, or without a calendar, Monday to Friday, each to midnight UTC.
[[nodiscard]] Instant business_day_end(const std::vector<Instant>& day_ends,
                                       Instant at,
                                       std::uint32_t days);

// One side's view of a settlement that is still to come.
struct SettlementSide {
  const PendingSettlement* settlement;
  Side side;
  [[nodiscard]] AccountId account() const {
    return side == Side::buy ? settlement->buyer : settlement->seller;
  }
  [[nodiscard]] Cash fee() const {
    return side == Side::buy ? settlement->buyer_fee : settlement->seller_fee;
  }
  // Where the certificates of a delivery come from, or go to.
  [[nodiscard]] AccountId account_of(const PendingDelivery& delivery) const {
    return side == Side::buy ? delivery.to : delivery.from;
  }
  [[nodiscard]] bool concerns(AccountId account) const;
};
// Both sides of each settlement, by trade, the buyer's first; of `account`, or (unset) of all.
[[nodiscard]] std::vector<SettlementSide> settlement_sides(const Market& market,
                                                           AccountId account = {});

// What of balances and holdings is reserved for settlements that are still to come; of one account,
// or (unset) of all. Cost: all those settlements.
struct PendingSums {
  std::map<std::pair<AccountId, Currency>, Cash> cash;
  std::map<std::pair<AccountId, LotId>, Units> units;
  [[nodiscard]] Cash cash_of(AccountId account, Currency currency) const;
  [[nodiscard]] Units units_of(AccountId account, LotId lot) const;
};
[[nodiscard]] PendingSums pending_sums(const Market& market, AccountId account = {});

class Settlements {
 public:
  explicit Settlements(const Working& working) : working_(working), state_(working.state) {}

  // The market's business days are new, or its first one begins. Sells whose certificates would end
  // before a trade of now settles end.
  void begin(MarketId market);
  // The market's business day, which ended at `at`, is over.
  void begin_next_day(MarketId market, Instant at);
  // Of what the holding has reserved for settlements so much is given back, those of the newest
  // trades first, that no more than `left` is reserved, or none for settlements: certificates of it
  // are withdrawn.
  void unwind_beyond(HoldingSlot holding, Units left);
  // A settlement has fallen due: what both sides owe is reserved, so it happens, whoever is frozen
  // meanwhile.
  void complete(TradeId trade);

 private:
  void begin_day(Venue& venue, Instant at);
  void pay(const PendingSettlement& settlement);
  void deliver(const PendingSettlement& settlement);
  void unwind(TradeId trade, LotId lot);

  Working working_;
  State& state_;
};

}  // namespace origo
