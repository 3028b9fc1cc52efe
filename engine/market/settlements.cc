#include "engine/market/settlements.h"

#include <algorithm>

#include "engine/market/desk.h"
#include "engine/registry/lot_ends.h"

namespace origo {
namespace {

// 1970-01-01 was a Thursday.
bool is_weekday(Date date) {
  const std::int32_t day = (date.days() + 4) % 7;  // 0: Sunday
  return day >= 1 && day <= 5;
}

Due settle_day_of(const Venue& venue) {
  return {.at = venue.settle_day_ends, .kind = DueKind::settle_day, .id = venue.id.value()};
}

}  // namespace

Instant business_day_end(const std::vector<Instant>& day_ends, Instant at, std::uint32_t days) {
  const auto today = std::upper_bound(day_ends.begin(), day_ends.end(), at);
  const auto left = static_cast<std::uint32_t>(day_ends.end() - today);
  if (days < left) return today[days];
  Date day = left == 0 ? date_of(at) : date_of(Instant(day_ends.back().ns() - 1));
  for (std::uint32_t missing = left == 0 ? days : days - left + 1; missing > 0;) {
    day = add_days(day, 1);
    if (is_weekday(day)) --missing;
  }
  return end_of(day);
}

bool SettlementSide::concerns(AccountId of) const {
  return account() == of ||
         std::any_of(settlement->deliveries.begin(),
                     settlement->deliveries.end(),
                     [&](const PendingDelivery& delivery) { return account_of(delivery) == of; });
}

std::vector<SettlementSide> settlement_sides(const Market& market, AccountId account) {
  std::vector<SettlementSide> sides;
  for (const auto& [id, settlement] : market.settlements) {
    for (const Side side : {Side::buy, Side::sell}) {
      const SettlementSide view{.settlement = &settlement, .side = side};
      if (!account.is_set() || view.concerns(account)) sides.push_back(view);
    }
  }
  return sides;
}

Cash PendingSums::cash_of(AccountId account, Currency currency) const {
  const auto found = cash.find({account, currency});
  return found == cash.end() ? Cash() : found->second;
}

Units PendingSums::units_of(AccountId account, LotId lot) const {
  const auto found = units.find({account, lot});
  return found == units.end() ? Units() : found->second;
}

PendingSums pending_sums(const Market& market, AccountId account) {
  PendingSums sums;
  const auto counts = [&](AccountId of) { return !account.is_set() || of == account; };
  for (const auto& [id, settlement] : market.settlements) {
    if (counts(settlement.buyer))
      sums.cash[{settlement.buyer, settlement.currency}] += settlement.buyer_owes();
    if (counts(kVenueAccount))
      sums.cash[{kVenueAccount, settlement.currency}] += settlement.venue_owes();
    for (const PendingDelivery& delivery : settlement.deliveries) {
      if (counts(delivery.from)) sums.units[{delivery.from, delivery.lot}] += delivery.units;
    }
  }
  return sums;
}

void Settlements::begin(MarketId market) {
  Venue& venue = state_.market.venues[market.value() - 1];
  if (venue.settle_days == 0) return;
  if (venue.settle_day_ends.is_set()) state_.due.erase(settle_day_of(venue));
  begin_day(venue, working_.now);
}

void Settlements::begin_next_day(MarketId market, Instant at) {
  begin_day(state_.market.venues[market.value() - 1], at);
}

void Settlements::begin_day(Venue& venue, Instant at) {
  venue.settles_at = business_day_end(venue.day_ends, at, venue.settle_days);
  venue.settle_day_ends = business_day_end(venue.day_ends, at, 0);
  state_.due.insert(settle_day_of(venue));
  Desk(working_).end_orders_settling_late(venue.id);
}

void Settlements::complete(TradeId trade) {
  const auto found = state_.market.settlements.find(trade);
  ENSURE(found != state_.market.settlements.end());
  const PendingSettlement settlement = found->second;
  state_.market.settlements.erase(found);
  deliver(settlement);
  pay(settlement);
  working_.events.append(TradeSettled{.trade = settlement.trade,
                                      .currency = settlement.currency,
                                      .cash = settlement.cash,
                                      .buyer_fee = settlement.buyer_fee,
                                      .seller_fee = settlement.seller_fee});
}

void Settlements::unwind_beyond(HoldingSlot slot, Units left) {
  const AccountId holder = state_.holdings.get(slot).account;
  const LotId lot = state_.holdings.get(slot).lot;
  std::vector<TradeId> trades;  // the newest last
  for (const auto& [id, settlement] : state_.market.settlements) {
    if (std::any_of(settlement.deliveries.begin(),
                    settlement.deliveries.end(),
                    [&](const PendingDelivery& delivery) {
                      return delivery.from == holder && delivery.lot == lot;
                    }))
      trades.push_back(id);
  }
  for (; state_.holdings.get(slot).reserved > left && !trades.empty(); trades.pop_back())
    unwind(trades.back(), lot);
}

void Settlements::unwind(TradeId trade, LotId lot) {
  const auto found = state_.market.settlements.find(trade);
  ENSURE(found != state_.market.settlements.end());
  const PendingSettlement settlement = found->second;
  state_.market.settlements.erase(found);
  state_.due.erase({.at = settlement.due, .kind = DueKind::settlement, .id = trade.value()});
  const auto release = [&](AccountId account, Cash owed) {
    if (owed.is_positive())
      state_.cash.release(state_.cash.find(account, settlement.currency), owed);
  };
  release(settlement.buyer, settlement.buyer_owes());
  release(kVenueAccount, settlement.venue_owes());
  for (const PendingDelivery& delivery : settlement.deliveries) {
    state_.holdings.release(state_.holdings.find(delivery.from, delivery.lot), delivery.units);
    write_off_late(state_, delivery.lot, working_.now);
  }
  working_.events.append(SettlementUnwound{.trade = trade, .lot = lot});
}

// The same payments as at once: price, fees, rebates.
void Settlements::pay(const PendingSettlement& settlement) {
  CashLedger& cash = state_.cash;
  const CashSlot buyer = cash.find(settlement.buyer, settlement.currency);
  const CashSlot seller = cash.find(settlement.seller, settlement.currency);
  const CashSlot venue = cash.find(kVenueAccount, settlement.currency);
  if (const Cash promised = settlement.venue_owes(); promised.is_positive())
    cash.release(venue, promised);
  cash.pay_reserved(buyer, seller, settlement.cash);
  if (settlement.buyer_fee.is_positive()) cash.pay_reserved(buyer, venue, settlement.buyer_fee);
  if (settlement.seller_fee.is_positive()) cash.pay_available(seller, venue, settlement.seller_fee);
  if (settlement.buyer_fee.is_negative()) cash.pay_available(venue, buyer, -settlement.buyer_fee);
  if (settlement.seller_fee.is_negative())
    cash.pay_available(venue, seller, -settlement.seller_fee);
}

void Settlements::deliver(const PendingSettlement& settlement) {
  for (const PendingDelivery& delivery : settlement.deliveries) {
    const HoldingSlot from = state_.holdings.find(delivery.from, delivery.lot);
    state_.holdings.release(from, delivery.units);
    if (delivery.to != delivery.from) {
      state_.holdings.move(from, delivery.to, delivery.units, [&](const SerialRange& range) {
        working_.events.append(CertificatesMoved{.lot = delivery.lot,
                                                 .from = delivery.from,
                                                 .to = delivery.to,
                                                 .range = range,
                                                 .reason = MoveReason::trade,
                                                 .reference = settlement.trade.value()});
      });
    }
    write_off_late(state_, delivery.lot, working_.now);
  }
}

}  // namespace origo
