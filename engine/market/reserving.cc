#include <algorithm>

#include "engine/market/desk.h"
#include "engine/market/fees.h"

// What open orders promise: whole contracts of lots for sells, cash for the worst case for buys.
namespace origo {

// How many contracts of `instrument` the holding's available units make; fills `pick` in.
Quantity Desk::deliverable(HoldingSlot slot, const Instrument& instrument, Pick& pick) const {
  const Holding& holding = state_.holdings.get(slot);
  const Lot& lot = state_.registry.get(holding.lot);
  const std::int64_t units = units_per_contract(instrument.terms, lot.dimension, lot.unit_size);
  const bool in_time = now_ < end_of(lot.transferable_until) && now_ < end_of(lot.cancellable_until);
  const bool of_registry = std::find(instrument.registries.begin(), instrument.registries.end(),
                                     lot.registry) != instrument.registries.end();
  if (units == 0 || !in_time || !of_registry || !instrument.filter.matches(lot.attributes))
    return Quantity();
  pick = {.holding = slot,
          .units_per_contract = units,
          .contracts = Quantity(divide_floor(holding.available().value(), units))};
  return pick.contracts;
}

// The lots that a sell order delivers: those it names, in its order, or the soonest to expire first.
Verdict Desk::pick_lots(const PlaceOrder& command, const Instrument& instrument, Picks& picks) const {
  Quantity missing = command.quantity;
  const auto take = [&](const Pick& found) {
    if (!found.contracts.is_positive() || !missing.is_positive()) return;
    picks.push_back(found);
    picks.back().contracts = std::min(found.contracts, missing);
    missing -= picks.back().contracts;
  };
  std::vector<LotId> sorted = command.lots;
  std::sort(sorted.begin(), sorted.end());
  const auto twice = std::adjacent_find(sorted.begin(), sorted.end());
  if (twice != sorted.end())
    return Refusal(Reject::lot_not_deliverable, "lot-" + std::to_string(twice->value()));
  for (const LotId lot : command.lots) {
    const HoldingSlot slot = state_.holdings.find(command.account, lot);
    if (slot == kNoSlot) return Refusal(Reject::lot_not_deliverable, "lot-" + std::to_string(lot.value()));
    Pick pick{};
    static_cast<void>(deliverable(slot, instrument, pick));
    if (pick.units_per_contract == 0)
      return Refusal(Reject::lot_not_deliverable, "lot-" + std::to_string(lot.value()));
    take(pick);
  }
  if (command.lots.empty()) {
    state_.holdings.for_each_of(command.account, [&](HoldingSlot slot) {
      Pick pick{};
      if (deliverable(slot, instrument, pick).is_positive()) take(pick);
      return missing.is_positive();
    });
  }
  if (missing.is_positive()) return Reject::certificates_not_available;
  return std::nullopt;
}

// Further contracts for an order that grows: as at its entry, but of nominated lots only those that it
// still promises.
Verdict Desk::pick_more(const Order& order, Quantity more, Picks& picks) const {
  PlaceOrder wanted;
  wanted.account = order.account;
  wanted.quantity = more;
  for (ReservationSlot slot = order.first_reservation; order.nominated && slot != kNoSlot;
       slot = market_.reservations[slot].next_of_order) {
    const LotId lot = state_.holdings.get(market_.reservations[slot].holding).lot;
    const bool known = std::find(wanted.lots.begin(), wanted.lots.end(), lot) != wanted.lots.end();
    if (!known) wanted.lots.push_back(lot);
  }
  return pick_lots(wanted, market_.get(order.instrument), picks);
}

void Desk::reserve(OrderSlot order_slot, const Picks& picks) {
  for (const Pick& pick : picks) {
    state_.holdings.reserve(pick.holding, Units(pick.contracts.value() * pick.units_per_contract));
    const ReservationSlot slot = market_.reservations.take();
    Reservation& reservation = market_.reservations[slot];
    Order& order = market_.orders[order_slot];
    Holding& holding = state_.holdings.get(pick.holding);
    reservation.order = order_slot;
    reservation.holding = pick.holding;
    reservation.units_per_contract = pick.units_per_contract;
    reservation.contracts = pick.contracts;
    reservation.previous_of_order = order.last_reservation;
    (order.last_reservation == kNoSlot ? order.first_reservation
                                       : market_.reservations[order.last_reservation].next_of_order) = slot;
    order.last_reservation = slot;
    reservation.next_of_holding = holding.first_reservation;
    if (holding.first_reservation != kNoSlot)
      market_.reservations[holding.first_reservation].previous_of_holding = slot;
    holding.first_reservation = slot;
  }
}

// Gives back promised contracts, the last to be delivered first.
void Desk::release_contracts(OrderSlot order_slot, Quantity contracts) {
  while (contracts.is_positive()) {
    const ReservationSlot slot = market_.orders[order_slot].last_reservation;
    ENSURE(slot != kNoSlot);
    Reservation& reservation = market_.reservations[slot];
    const Quantity part = std::min(contracts, reservation.contracts);
    state_.holdings.release(reservation.holding, Units(part.value() * reservation.units_per_contract));
    reservation.contracts -= part;
    contracts -= part;
    if (reservation.contracts.is_zero()) drop_reservation(slot);
  }
}

// Unlinks a used-up reservation from its order and its holding.
void Desk::drop_reservation(ReservationSlot slot) {
  const Reservation gone = market_.reservations[slot];
  ENSURE(gone.contracts.is_zero());
  Order& order = market_.orders[gone.order];
  Holding& holding = state_.holdings.get(gone.holding);
  (gone.previous_of_order == kNoSlot ? order.first_reservation
                                     : market_.reservations[gone.previous_of_order].next_of_order) =
      gone.next_of_order;
  (gone.next_of_order == kNoSlot ? order.last_reservation
                                 : market_.reservations[gone.next_of_order].previous_of_order) =
      gone.previous_of_order;
  (gone.previous_of_holding == kNoSlot
       ? holding.first_reservation
       : market_.reservations[gone.previous_of_holding].next_of_holding) = gone.next_of_holding;
  if (gone.next_of_holding != kNoSlot)
    market_.reservations[gone.next_of_holding].previous_of_holding = gone.previous_of_holding;
  market_.reservations.give_back(slot);
}

// What a buy order's open part can cost at most, fees included.
Cash Desk::worst_case(const Order& order) const {
  const InstrumentTerms& terms = market_.get(order.instrument).terms;
  const Cash notional = value_of(order.price, order.open, terms);
  return notional + fee_worst_case(market_.schedules[order.fees], order, notional, order.open);
}

void Desk::set_reserved(Order& order, Cash needed) {
  if (needed > order.reserved) state_.cash.reserve(order.cash, needed - order.reserved);
  if (needed < order.reserved) state_.cash.release(order.cash, order.reserved - needed);
  order.reserved = needed;
}

}  // namespace origo
