#include <algorithm>

#include "engine/market/desk.h"
#include "engine/market/fees.h"

// What a match moves, or where trades settle later reserves: certificates to the buyer, cash to the
// seller, fees to the venue and rebates from it.
namespace origo {

PendingSettlement* Desk::begin_settlement(TradeId id,
                                          const Instrument& instrument,
                                          AccountId buyer,
                                          AccountId seller) {
  const Venue& venue = *market_.find(instrument.market);
  if (!venue.settles_at.is_set()) [[likely]]
    return nullptr;
  PendingSettlement& settlement = market_.settlements[id];
  settlement.trade = id;
  settlement.market = venue.id;
  settlement.buyer = buyer;
  settlement.seller = seller;
  settlement.currency = instrument.terms.currency;
  settlement.due = venue.settles_at;
  return &settlement;
}

// Moves the contracts' certificates from the sell order's promises to the buyer, lowest serials
// first.
void Desk::deliver(
    TradeId id, OrderSlot sell_slot, AccountId buyer, Quantity quantity, PendingSettlement* later) {
  Order& sell = order(sell_slot);
  const auto hand_over = [&](HoldingSlot from, Units units) {
    const Holding& holding = state_.holdings.get(from);
    const AccountId seller = holding.account;
    const Lot& lot = state_.registry.get(holding.lot);
    const Account& receiver = state_.parties.get(buyer);
    const AccountId to = receiver.registry == lot.registry
                             ? buyer
                             : state_.parties.receiving_account(receiver.participant, lot.registry);
    ENSURE(to.is_set());
    if (later != nullptr) [[unlikely]] {
      later->deliveries.push_back({.lot = lot.id, .from = seller, .to = to, .units = units});
      return;
    }
    state_.holdings.release(from, units);
    if (to == seller) return;  // a trade with oneself moves nothing
    state_.holdings.move(from, to, units, [&](const SerialRange& range) {
      events_.append(CertificatesMoved{.lot = lot.id,
                                       .from = seller,
                                       .to = to,
                                       .range = range,
                                       .reason = MoveReason::trade,
                                       .reference = id.value()});
    });
  };
  if (!sell.is_split) {
    const HoldingPromise promised = sell.promise;
    const Units units(quantity.value() * promised.units_per_contract);
    if (sell.open.is_zero()) sell.promise = kNoPromise;
    hand_over(promised.holding, units);
    return;
  }
  while (quantity.is_positive()) {
    const ReservationSlot at = sell.split.first;
    ENSURE(at != kNoSlot);
    Reservation& part = market_.reservations[at];
    const HoldingSlot from = part.holding;
    const Quantity some = std::min(quantity, part.contracts);
    const Units units(some.value() * part.units_per_contract);
    part.contracts -= some;
    quantity -= some;
    if (part.contracts.is_zero()) drop_part(sell, at);
    hand_over(from, units);
  }
}

// The order's sums in a role; `fresh` for one that has none yet and ends with this fill.
FeeTally& Desk::tally_of(Order& order, bool as_maker, FeeTally& fresh) {
  if (order.extra == kNoSlot && order.open.is_zero()) return fresh;
  OrderExtra& extra = extra_of(order);
  return as_maker ? extra.as_maker : extra.as_taker;
}

// Pays the seller from the buyer's reservation, then fees, then rebates. A seller's fee takes at
// most the proceeds, a rebate at most what the venue has; what is short is caught up by the next
// fill.
void Desk::settle(TradeId id,
                  Order& buy,
                  Order& sell,
                  Price buy_limit,
                  Cash cash,
                  Quantity quantity,
                  Side aggressor,
                  const InstrumentTerms& terms,
                  PendingSettlement* later) {
  const CashSlot venue = venue_cash(terms.currency);
  if (later == nullptr) [[likely]]
    state_.cash.pay_reserved(buy.cash, sell.cash, cash);
  buy.reserved -= cash;

  const bool buy_made = aggressor == Side::sell;
  FeeTally fresh_buy;
  FeeTally fresh_sell;
  FeeTally& buyer_sums = tally_of(buy, buy_made, fresh_buy);
  FeeTally& seller_sums = tally_of(sell, !buy_made, fresh_sell);
  const auto owed = [&](const Order& of, bool as_maker, FeeTally& sums) {
    const FeeSchedule& fees = market_.schedules[of.fees];
    sums.notional += cash;
    sums.quantity += quantity;
    return fee_due(as_maker ? fees.maker : fees.taker, sums) - sums.paid;
  };
  Cash buyer_fee = owed(buy, buy_made, buyer_sums);
  Cash seller_fee = std::min(owed(sell, !buy_made, seller_sums), cash);
  if (buyer_fee.is_positive()) {
    if (later == nullptr) [[likely]]
      state_.cash.pay_reserved(buy.cash, venue, buyer_fee);
    buy.reserved -= buyer_fee;
  }
  if (later != nullptr) [[unlikely]] {
    schedule(*later, cash, buyer_fee, seller_fee, venue);
  } else {
    if (seller_fee.is_positive()) state_.cash.pay_available(sell.cash, venue, seller_fee);
    const auto pay_rebate = [&](CashSlot to, Cash& fee) {
      if (!fee.is_negative()) return;
      fee = -std::min(-fee, state_.cash.get(venue).available);
      state_.cash.pay_available(venue, to, -fee);
    };
    pay_rebate(buy.cash, buyer_fee);
    pay_rebate(sell.cash, seller_fee);
  }
  buyer_sums.paid += buyer_fee;
  seller_sums.paid += seller_fee;

  const Cash needed = worst_case(buy, buy_limit, terms);
  ENSURE(needed <= buy.reserved);
  set_reserved(buy, needed);
  if (later != nullptr) [[unlikely]] {
    events_.append(SettlementScheduled{.settlement = *later});
    return;
  }
  events_.append(TradeSettled{.trade = id,
                              .currency = terms.currency,
                              .cash = cash,
                              .buyer_fee = buyer_fee,
                              .seller_fee = seller_fee});
}

// Fixes what a settlement that is still to come will pay: as at once, but that a rebate beyond the
// other side's fee is reserved by the venue. The buyer's reservation is the settlement's from now
// on.
void Desk::schedule(
    PendingSettlement& settlement, Cash cash, Cash& buyer_fee, Cash& seller_fee, CashSlot venue) {
  Cash left =
      state_.cash.get(venue).available + std::max(buyer_fee, Cash()) + std::max(seller_fee, Cash());
  for (Cash* const fee : {&buyer_fee, &seller_fee}) {
    if (!fee->is_negative()) continue;
    *fee = -std::min(-*fee, left);
    left += *fee;
  }
  settlement.cash = cash;
  settlement.buyer_fee = buyer_fee;
  settlement.seller_fee = seller_fee;
  if (const Cash owed = settlement.venue_owes(); owed.is_positive())
    state_.cash.reserve(venue, owed);
  state_.due.insert(
      {.at = settlement.due, .kind = DueKind::settlement, .id = settlement.trade.value()});
}

CashSlot Desk::venue_cash(Currency currency) {
  Market::VenueCash& known = market_.venue_cash;
  if (known.slot == kNoSlot || known.currency != currency)
    known = {.currency = currency, .slot = state_.cash.open(kVenueAccount, currency)};
  return known.slot;
}

// For fee tiers, in markets that have them. A trade with oneself counts for nothing.
void Desk::count_volume(const Instrument& instrument,
                        AccountId buyer,
                        AccountId seller,
                        Quantity quantity) {
  if (market_.find(instrument.market)->tiers.empty()) [[likely]]
    return;
  const ParticipantId bought = state_.parties.get(buyer).participant;
  const ParticipantId sold = state_.parties.get(seller).participant;
  if (bought == sold) return;
  const std::int32_t month = month_of(date_of(now_));
  const Int128 amount = Int128{quantity.value()} * instrument.terms.contract_size;
  for (const ParticipantId participant : {bought, sold}) {
    MonthVolume& volume = market_.volumes[{.participant = participant,
                                           .market = instrument.market,
                                           .dimension = instrument.terms.dimension}];
    if (volume.month != month) volume = {.month = month, .amount = 0};
    volume.amount =
        static_cast<std::int64_t>(std::min(Int128{volume.amount} + amount, Int128{kSupplyMax}));
  }
}

}  // namespace origo
