#include <algorithm>

#include "engine/market/desk.h"
#include "engine/market/fees.h"
#include "engine/registry/lot_ends.h"

// What open orders promise: whole contracts of lots for sells, cash for the worst case for buys.
namespace origo {
namespace {

std::string named(LotId lot) {
  return "lot-" + std::to_string(lot.value());
}

// The order in which an account's holdings are sold: soonest to expire first, then by lot. Dates
// before 1970 sort first as well.
std::uint64_t sale_key(const Lot& lot) {
  const std::uint32_t biased =
      static_cast<std::uint32_t>(lot.cancellable_until.days()) ^ 0x80000000U;
  return pair_key(biased, lot.id.value());
}

}  // namespace

// Whether the lot can be delivered into `instrument` at all, today; fills `found` in.
bool Desk::deliverable(LotId id, const Instrument& instrument, Sellable& found) const {
  const Lot& lot = state_.registry.get(id);
  const std::int64_t units = units_per_contract(instrument.terms, lot.dimension, lot.unit_size);
  const Date last_day = std::min(lot.transferable_until, lot.cancellable_until);
  const bool of_registry =
      std::find(instrument.registries.begin(), instrument.registries.end(), lot.registry) !=
      instrument.registries.end();
  if (units == 0 || now_ >= end_of(last_day) || !of_registry ||
      !instrument.filter.matches(lot.attributes))
    return false;
  found = {.key = sale_key(lot),
           .holding = kNoSlot,
           .units_per_contract = static_cast<std::uint32_t>(units),
           .lot = lot.id,
           .until = end_of(last_day)};
  return true;
}

// The lots that can be delivered into the instrument, if they are few; nullptr: many, or not all of
// the registry's lots are judged yet. Each is judged once, and each order waits for a bounded
// number of them.
InstrumentLots* Desk::find_few_lots(const Instrument& instrument) const {
  constexpr std::size_t kJudgedAtOnce = 1024;
  InstrumentLots& known = market_.standings.lots_of(instrument.id);
  const auto& lots = state_.registry.lots;
  if (known.seen == lots.size()) [[likely]]
    return known.lots.size() <= InstrumentLots::kFew ? &known : nullptr;
  const std::size_t end = std::min(lots.size(), known.seen + kJudgedAtOnce);
  for (; known.seen < end && known.lots.size() <= InstrumentLots::kFew; ++known.seen) {
    Sellable found;
    if (!deliverable(lots[known.seen].id, instrument, found)) continue;
    known.lots.insert(std::ranges::upper_bound(known.lots, found.key, {}, &Sellable::key), found);
  }
  return known.seen == lots.size() && known.lots.size() <= InstrumentLots::kFew ? &known : nullptr;
}

// Whether the account no longer has such a holding, or may no longer deliver it.
bool Desk::is_over(AccountId account, const Sellable& lot) const {
  const Holding& holding = state_.holdings.get(lot.holding);
  return holding.account != account || holding.lot != lot.lot || now_ >= lot.until;
}

// What the account can deliver into the instrument, up to date: each of its holdings is judged
// once.
Standing& Desk::look_through_holdings(AccountId account, const Instrument& instrument) const {
  Standing& standing = market_.standings.of(account, instrument.id);
  const Holdings::OfAccount held = state_.holdings.of(account);
  if (standing.seen == held.opened) [[likely]]
    return standing;
  HoldingSlot slot = held.latest;
  for (std::uint64_t unseen = held.opened - standing.seen; slot != kNoSlot && unseen > 1;
       --unseen) {
    const HoldingSlot older = state_.holdings.older_of_account(slot);
    if (older == kNoSlot) break;
    slot = older;
  }
  standing.seen = held.opened;
  // So that those that are gone never outnumber those that live.
  if (standing.sellable.size() > 2 * std::size_t{held.live} + 64)
    std::erase_if(standing.sellable, [&](const Sellable& lot) { return is_over(account, lot); });
  for (; slot != kNoSlot; slot = state_.holdings.newer_of_account(slot)) {
    Sellable found;
    if (!deliverable(state_.holdings.get(slot).lot, instrument, found)) continue;
    found.holding = slot;
    const auto at = std::ranges::lower_bound(standing.sellable, found.key, {}, &Sellable::key);
    if (at != standing.sellable.end() && at->key == found.key) {
      *at = found;
    } else {
      standing.sellable.insert(at, found);
    }
  }
  return standing;
}

// The lots that a sell order delivers: those it names, in its order, or the soonest to expire
// first.
Verdict Desk::pick_lots(AccountId account,
                        const Instrument& instrument,
                        Quantity quantity,
                        const std::vector<LotId>& nominated,
                        Picks& picks) const {
  Quantity missing = quantity;
  const Instant settles_at = market_.find(instrument.market)->settles_at;
  const auto ends_before = [&](Instant until) {
    return settles_at.is_set() && settles_at >= until;
  };
  bool too_late =
      false;  // there are certificates, but they would end before a trade of now settles
  const auto take = [&](HoldingSlot holding, std::uint32_t units_per_contract) {
    const std::int64_t available = state_.holdings.get(holding).available().value();
    if (available < units_per_contract) return;
    const Quantity contracts(std::min(missing.value(), available / units_per_contract));
    picks.push_back(
        {.holding = holding, .units_per_contract = units_per_contract, .contracts = contracts});
    missing -= contracts;
  };
  // From lots in the order of their sale; those that are over are dropped from the list.
  const auto take_from = [&](std::vector<Sellable>& lots, auto&& holding_of, auto&& is_over) {
    bool stale = false;
    for (const Sellable& lot : lots) {
      if (missing.is_zero()) break;
      if (is_over(lot)) {
        stale = true;
      } else if (const HoldingSlot holding = holding_of(lot); holding != kNoSlot) {
        if (ends_before(lot.until)) [[unlikely]] {
          too_late = too_late ||
                     state_.holdings.get(holding).available().value() >= lot.units_per_contract;
        } else {
          take(holding, lot.units_per_contract);
        }
      }
    }
    if (stale) std::erase_if(lots, is_over);
  };
  if (!nominated.empty()) {
    std::vector<LotId> sorted = nominated;
    std::sort(sorted.begin(), sorted.end());
    const auto twice = std::adjacent_find(sorted.begin(), sorted.end());
    if (twice != sorted.end()) return Refusal(Reject::lot_not_deliverable, named(*twice));
    for (const LotId lot : nominated) {
      const HoldingSlot slot = state_.holdings.find(account, lot);
      Sellable found;
      if (slot == kNoSlot || !deliverable(lot, instrument, found))
        return Refusal(Reject::lot_not_deliverable, named(lot));
      if (ends_before(found.until)) return Refusal(Reject::settlement_after_end, named(lot));
      if (missing.is_positive()) take(slot, found.units_per_contract);
    }
  } else {
    if (InstrumentLots* const known = find_few_lots(instrument)) {
      take_from(
          known->lots,
          [&](const Sellable& lot) { return state_.holdings.find(account, lot.lot); },
          [&](const Sellable& lot) { return now_ >= lot.until; });
    } else {
      take_from(
          look_through_holdings(account, instrument).sellable,
          [](const Sellable& lot) { return lot.holding; },
          [&](const Sellable& lot) { return is_over(account, lot); });
    }
  }
  if (missing.is_positive())
    return too_late ? Reject::settlement_after_end : Reject::certificates_not_available;
  return std::nullopt;
}

// Further contracts for an order that grows: as at its entry, but of nominated lots only those that
// it still promises.
Verdict Desk::pick_more(const Order& order, Quantity more, Picks& picks) const {
  std::vector<LotId> lots;
  if (order.nominated) {
    market_.for_each_promise(order, [&](HoldingSlot holding, std::uint32_t, Quantity) {
      const LotId lot = state_.holdings.get(holding).lot;
      if (std::find(lots.begin(), lots.end(), lot) == lots.end()) lots.push_back(lot);
    });
  }
  const Instrument& instrument = instrument_of(order);
  return pick_lots(order.account, instrument, more, lots, picks);
}

// Promises what was picked, after what the order promises already; more of the last lot joins it.
void Desk::promise(OrderSlot slot, const Picks& picks) {
  Order& sell = order(slot);
  for (const Pick& pick : picks) {
    const Holding& holding = state_.holdings.get(pick.holding);
    if (holding.reserved.is_zero()) watch_ends(state_, holding.lot, now_);
    state_.holdings.reserve(pick.holding, Units(pick.contracts.value() * pick.units_per_contract));
  }
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
      add_part(slot,
               {.holding = first.holding,
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
    state_.holdings.release(sell.promise.holding,
                            Units(contracts.value() * sell.promise.units_per_contract));
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
  (gone.previous == kNoSlot ? sell.split.first : market_.reservations[gone.previous].next) =
      gone.next;
  (gone.next == kNoSlot ? sell.split.last : market_.reservations[gone.next].previous) =
      gone.previous;
  market_.reservations.give_back(at);
}

// What a buy order's open part can cost at most, fees included. Price 0: at any price within the
// collar.
Cash Desk::worst_case(const Order& buy, Price price, const InstrumentTerms& terms) const {
  if (buy.open.is_zero()) return Cash();
  const Cash notional = value_of(price.is_zero() ? terms.price_max : price, buy.open, terms);
  static constexpr FeeTally kNothing{};
  const FeeTally& as_maker = buy.extra == kNoSlot ? kNothing : market_.extras[buy.extra].as_maker;
  const FeeTally& as_taker = buy.extra == kNoSlot ? kNothing : market_.extras[buy.extra].as_taker;
  return notional +
         fee_worst_case(market_.schedules[buy.fees], as_maker, as_taker, notional, buy.open);
}

void Desk::set_reserved(Order& buy, Cash needed) {
  if (needed > buy.reserved) state_.cash.reserve(buy.cash, needed - buy.reserved);
  if (needed < buy.reserved) state_.cash.release(buy.cash, buy.reserved - needed);
  buy.reserved = needed;
}

}  // namespace origo
