#include <map>

#include "engine/exchange.h"

// The sums that hold the exchange together, computed anew from the bottom.
namespace origo {
namespace {

using Broken = std::vector<std::string>;

std::string named(const char* prefix, std::uint64_t id) { return prefix + std::to_string(id); }

// issued = held + cancelled + expired, for each lot.
void check_lots(const State& state, Broken& broken) {
  for (const Lot& lot : state.registry.lots) {
    const Units sum = state.holdings.circulating(lot.id) + lot.cancelled + lot.expired;
    if (sum != lot.issued)
      broken.push_back(named("lots: lot-", lot.id.value()) + " has units that are nowhere or twice");
  }
}

// Measured = issued + carried, for each device and carrier.
void check_issuance(const State& state, Broken& broken) {
  std::map<std::pair<DeviceId, std::string>, Int128> measured;
  for (const Declaration& declaration : state.registry.declarations) {
    if (declaration.state != DeclarationState::issued) continue;
    Int128& sum = measured[{declaration.device, declaration.carrier}];
    sum += declaration.counted.value();
    if (declaration.lot.is_set()) {
      const Lot& lot = state.registry.get(declaration.lot);
      sum -= Int128{lot.issued.value()} * lot.unit_size;
    }
  }
  for (const auto& [key, left] : measured) {
    const Device& device = *state.registry.find(key.first);
    const auto carried = device.carried.find(key.second);
    const std::int64_t remainder = carried == device.carried.end() ? 0 : carried->second.value();
    if (left != remainder)
      broken.push_back(named("issuance: dev-", device.id.value()) +
                       " has issued and carried other than it produced");
  }
}

// reserved = promises of open orders and held exits, for each holding and each cash balance.
void check_reservations(const State& state, Broken& broken) {
  const Market& market = state.market;
  std::map<HoldingSlot, Units> units;
  std::map<CashSlot, Cash> cash;
  for (OrderSlot slot = 0; slot < market.orders.places(); ++slot) {
    const Order& order = market.orders[slot];
    if (!order.id.is_set()) continue;
    cash[order.cash] += order.reserved;
    Quantity promised;
    for (ReservationSlot r = order.first_reservation; r != kNoSlot;
         r = market.reservations[r].next_of_order) {
      const Reservation& reservation = market.reservations[r];
      promised += reservation.contracts;
      units[reservation.holding] += Units(reservation.contracts.value() * reservation.units_per_contract);
    }
    if (promised != (order.side == Side::sell ? order.open : Quantity()))
      broken.push_back(named("orders: ord-", order.id.value()) + " promises other than it has open");
    if (order.open.value() <= 0 || order.open > order.total || !order.resting)
      broken.push_back(named("orders: ord-", order.id.value()) + " is live without resting");
  }
  for (const auto& [id, exit] : state.registry.exits) {
    if (exit.is_cash) {
      cash[state.cash.find(exit.cash.account, exit.cash.currency)] += exit.cash.amount;
    } else {
      units[state.holdings.find(exit.certificates.from, exit.certificates.lot)] += exit.certificates.units;
    }
  }
  for (CashSlot slot = 0; slot < state.cash.balances().size(); ++slot) {
    if (state.cash.get(slot).reserved != cash[slot])
      broken.push_back(named("cash: acc-", state.cash.get(slot).account.value()) +
                       " reserves other than its orders and exits promise");
  }
  for (const Lot& lot : state.registry.lots) {
    for (HoldingSlot slot = state.holdings.first_of_lot(lot.id); slot != Holdings::kNone;
         slot = state.holdings.get(slot).next_of_lot) {
      if (state.holdings.get(slot).reserved != units[slot])
        broken.push_back(named("holdings: acc-", state.holdings.get(slot).account.value()) +
                         " reserves other than its orders and exits promise");
      units.erase(slot);
    }
  }
  for (const auto& [slot, promised] : units) {
    if (promised.is_positive()) broken.push_back(named("holdings: promise from the gone place ", slot));
  }
}

// Levels are the sums of their orders, in strict price order, and no book is crossed.
void check_books(const Market& market, Broken& broken) {
  std::size_t resting = 0;
  for (const Instrument& instrument : market.instruments) {
    const Book& book = market.book(instrument.id);
    for (const Side side : {Side::buy, Side::sell}) {
      const std::span<const Level> levels = book.side(side).worst_to_best();
      for (std::size_t i = 0; i < levels.size(); ++i) {
        Quantity open;
        std::uint32_t orders = 0;
        for (OrderSlot slot = levels[i].first; slot != kNoSlot; slot = market.orders[slot].next) {
          open += market.orders[slot].open;
          ++orders;
          if (market.orders[slot].price != levels[i].price || market.orders[slot].side != side)
            broken.push_back(named("books: ins-", instrument.id.value()) + " has an order astray");
        }
        resting += orders;
        if (open != levels[i].open || orders != levels[i].orders || orders == 0)
          broken.push_back(named("books: ins-", instrument.id.value()) + " has a level with a wrong sum");
        if (i > 0 && !book.side(side).worse(levels[i - 1].price, levels[i].price))
          broken.push_back(named("books: ins-", instrument.id.value()) + " has levels out of order");
      }
    }
    if (!book.bids.empty() && !book.asks.empty() && book.bids.best().price >= book.asks.best().price)
      broken.push_back(named("books: ins-", instrument.id.value()) + " is crossed");
  }
  if (resting != market.orders.live()) broken.push_back("books: a live order rests nowhere");
}

}  // namespace

std::vector<std::string> Exchange::check_invariants() const {
  Broken broken;
  state_.cash.check_invariants(broken);
  state_.holdings.check_invariants(broken);
  check_lots(state_, broken);
  check_issuance(state_, broken);
  check_reservations(state_, broken);
  check_books(state_.market, broken);
  return broken;
}

}  // namespace origo
