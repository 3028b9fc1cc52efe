#include <algorithm>

#include "engine/market/desk.h"
#include "engine/market/fees.h"

// What open orders promise: whole contracts of lots for sells, cash for the worst case for buys.
namespace origo {
namespace {

std::string named(LotId lot) { return "lot-" + std::to_string(lot.value()); }

}  // namespace

// Whether the holding's lot can deliver into `instrument` at all, today; fills `found` in.
bool Desk::deliverable(HoldingSlot slot, const Instrument& instrument, Sellable& found) const {
  const Lot& lot = state_.registry.get(state_.holdings.get(slot).lot);
  const std::int64_t units = units_per_contract(instrument.terms, lot.dimension, lot.unit_size);
  const Date last_day = std::min(lot.transferable_until, lot.cancellable_until);
  const bool of_registry = std::find(instrument.registries.begin(), instrument.registries.end(),
                                     lot.registry) != instrument.registries.end();
  if (units == 0 || now_ >= end_of(last_day) || !of_registry ||
      !instrument.filter.matches(lot.attributes))
    return false;
  found = {.key = state_.holdings.sale_key(lot.id),
           .holding = slot,
           .units_per_contract = static_cast<std::uint32_t>(units),
           .lot = lot.id,
           .last_day = last_day};
  return true;
}

// Brings `standing.sellable` up to date: each holding of the account is judged once for an instrument.
void Desk::look_through_holdings(Standing& standing, AccountId account, const Instrument& instrument) const {
  const Holdings::Opened* opened = state_.holdings.opened_by(account);
  if (opened == nullptr) return;
  if (standing.holdings_epoch != opened->epoch) {
    standing.holdings_epoch = opened->epoch;
    standing.holdings_seen = 0;
    standing.sellable.clear();
  }
  for (; standing.holdings_seen < opened->slots.size(); ++standing.holdings_seen) {
    const HoldingSlot slot = opened->slots[standing.holdings_seen];
    Sellable found;
    if (state_.holdings.get(slot).account != account || !deliverable(slot, instrument, found)) continue;
    const auto at = std::lower_bound(
        standing.sellable.begin(), standing.sellable.end(), found.key,
        [](const Sellable& known, std::uint64_t key) { return known.key < key; });
    if (at != standing.sellable.end() && at->key == found.key) {
      *at = found;
    } else {
      standing.sellable.insert(at, found);
    }
  }
}

// The lots that a sell order delivers: those it names, in its order, or the soonest to expire first.
Verdict Desk::pick_lots(AccountId account, const Instrument& instrument, Standing& standing,
                        Quantity quantity, const std::vector<LotId>& nominated, Picks& picks) const {
  Quantity missing = quantity;
  const auto take = [&](const Sellable& from) {
    const std::int64_t available = state_.holdings.get(from.holding).available().value();
    if (available < from.units_per_contract) return;
    const Quantity contracts(std::min(missing.value(), available / from.units_per_contract));
    picks.push_back(
        {.holding = from.holding, .units_per_contract = from.units_per_contract, .contracts = contracts});
    missing -= contracts;
  };
  if (nominated.empty()) {
    look_through_holdings(standing, account, instrument);
    const Date today = date_of(now_);
    const auto is_over = [&](const Sellable& from) {  // it is gone, or its time is
      const Holding& holding = state_.holdings.get(from.holding);
      return holding.account != account || holding.lot != from.lot || from.last_day < today;
    };
    bool stale = false;
    for (const Sellable& from : standing.sellable) {
      if (missing.is_zero()) break;
      if (is_over(from)) {
        stale = true;
      } else {
        take(from);
      }
    }
    if (stale) std::erase_if(standing.sellable, is_over);
  } else {
    std::vector<LotId> sorted = nominated;
    std::sort(sorted.begin(), sorted.end());
    const auto twice = std::adjacent_find(sorted.begin(), sorted.end());
    if (twice != sorted.end()) return Refusal(Reject::lot_not_deliverable, named(*twice));
    for (const LotId lot : nominated) {
      const HoldingSlot slot = state_.holdings.find(account, lot);
      Sellable found;
      if (slot == kNoSlot || !deliverable(slot, instrument, found))
        return Refusal(Reject::lot_not_deliverable, named(lot));
      if (missing.is_positive()) take(found);
    }
  }
  if (missing.is_positive()) return Reject::certificates_not_available;
  return std::nullopt;
}

// Further contracts for an order that grows: as at its entry, but of nominated lots only those that it
// still promises.
Verdict Desk::pick_more(const Order& order, Quantity more, Picks& picks) const {
  std::vector<LotId> lots;
  if (order.nominated) {
    market_.for_each_promise(order, [&](HoldingSlot holding, std::uint32_t, Quantity) {
      const LotId lot = state_.holdings.get(holding).lot;
      if (std::find(lots.begin(), lots.end(), lot) == lots.end()) lots.push_back(lot);
    });
  }
  const Instrument& instrument = instrument_of(order);
  Standing& standing = market_.standings.of(order.account, instrument.id);
  return pick_lots(order.account, instrument, standing, more, lots, picks);
}

// Promises what was picked, after what the order promises already; more of the last lot joins it.
void Desk::promise(OrderSlot slot, const Picks& picks) {
  Order& sell = order(slot);
  for (const Pick& pick : picks)
    state_.holdings.reserve(pick.holding, Units(pick.contracts.value() * pick.units_per_contract));
  const bool one = picks.size() == 1 && !sell.is_split;
  if (one && sell.promise.holding == kNoSlot) {
    sell.promise = {.holding = picks[0].holding, .units_per_contract = picks[0].units_per_contract};
    return;
  }
  if (one && sell.promise.holding == picks[0].holding) return;
  if (!sell.is_split) {
    const HoldingPromise first = sell.promise;
    sell.is_split = true;
    sell.split = kNoParts;
    if (first.holding != kNoSlot) {
      add_part(slot, {.holding = first.holding,
                      .units_per_contract = first.units_per_contract,
                      .contracts = sell.open});
    }
  }
  for (const Pick& pick : picks) add_part(slot, pick);
}

void Desk::add_part(OrderSlot slot, const Pick& pick) {
  Order& sell = order(slot);
  if (sell.split.last != kNoSlot && market_.reservations[sell.split.last].holding == pick.holding) {
    market_.reservations[sell.split.last].contracts += pick.contracts;
    return;
  }
  const ReservationSlot at = market_.reservations.take();
  Reservation& part = market_.reservations[at];
  part.holding = pick.holding;
  part.units_per_contract = pick.units_per_contract;
  part.contracts = pick.contracts;
  part.previous = sell.split.last;
  (sell.split.last == kNoSlot ? sell.split.first : market_.reservations[sell.split.last].next) = at;
  sell.split.last = at;
}

// Gives back promised contracts, the last to be delivered first.
void Desk::release_contracts(OrderSlot slot, Quantity contracts) {
  Order& sell = order(slot);
  if (!sell.is_split) {
    if (contracts.is_zero()) return;
    state_.holdings.release(sell.promise.holding, Units(contracts.value() * sell.promise.units_per_contract));
    if (contracts < sell.open) return;
    sell.promise = kNoPromise;
    return;
  }
  while (contracts.is_positive()) {
    const ReservationSlot at = sell.split.last;
    ENSURE(at != kNoSlot);
    Reservation& part = market_.reservations[at];
    const Quantity some = std::min(contracts, part.contracts);
    state_.holdings.release(part.holding, Units(some.value() * part.units_per_contract));
    part.contracts -= some;
    contracts -= some;
    if (part.contracts.is_zero()) drop_part(sell, at);
  }
}

// Unlinks a used-up part from its order and its holding.
void Desk::drop_part(Order& sell, ReservationSlot at) {
  const Reservation gone = market_.reservations[at];
  ENSURE(gone.contracts.is_zero());
  (gone.previous == kNoSlot ? sell.split.first : market_.reservations[gone.previous].next) = gone.next;
  (gone.next == kNoSlot ? sell.split.last : market_.reservations[gone.next].previous) = gone.previous;
  market_.reservations.give_back(at);
}

// What a buy order's open part can cost at most, fees included. Price 0: at any price within the collar.
Cash Desk::worst_case(const Order& buy, Price price, const InstrumentTerms& terms) const {
  if (buy.open.is_zero()) return Cash();
  const Cash notional = value_of(price.is_zero() ? terms.price_max : price, buy.open, terms);
  static constexpr FeeTally kNothing{};
  const FeeTally& as_maker = buy.extra == kNoSlot ? kNothing : market_.extras[buy.extra].as_maker;
  const FeeTally& as_taker = buy.extra == kNoSlot ? kNothing : market_.extras[buy.extra].as_taker;
  return notional + fee_worst_case(market_.schedules[buy.fees], as_maker, as_taker, notional, buy.open);
}

void Desk::set_reserved(Order& buy, Cash needed) {
  if (needed > buy.reserved) state_.cash.reserve(buy.cash, needed - buy.reserved);
  if (needed < buy.reserved) state_.cash.release(buy.cash, buy.reserved - needed);
  buy.reserved = needed;
}

}  // namespace origo
