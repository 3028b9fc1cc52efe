#include <algorithm>
#include <map>

#include "engine/exchange.h"
#include "engine/market/settlements.h"
#include "engine/market/trading_sessions.h"
#include "engine/registry/balance_check.h"
#include "engine/registry/captured_co2.h"
#include "engine/rights.h"

// The sums that hold the exchange together, computed anew from the bottom.
namespace origo {
namespace {

using Broken = std::vector<std::string>;

std::string named(const char* prefix, std::uint64_t id) {
  return prefix + std::to_string(id);
}

// issued = held + cancelled + expired + withdrawn, for each lot; the ranges held and ended tile it.
void check_lots(const State& state, Broken& broken) {
  for (const Lot& lot : state.registry.lots) {
    const auto complain = [&](const char* of) {
      broken.push_back(named("lots: lot-", lot.id.value()) + of);
    };
    const Units sum =
        state.holdings.circulating(lot.id) + lot.cancelled + lot.expired + lot.withdrawn;
    if (sum != lot.issued) complain(" has units that are nowhere or twice");
    std::vector<SerialRange> all;
    for (HoldingSlot slot = state.holdings.first_of_lot(lot.id); slot != Holdings::kNone;
         slot = state.holdings.get(slot).next_of_lot) {
      const std::vector<SerialRange> held = state.holdings.ranges(state.holdings.get(slot));
      all.insert(all.end(), held.begin(), held.end());
    }
    std::map<MoveReason, Units> ended;
    Units voided;
    for (const EndedRange& range : lot.ended) {
      all.push_back(range.range);
      ended[range.reason] += range.range.count;
      if (range.reason == MoveReason::cancellation && range.voided.is_set())
        voided += range.range.count;
    }
    std::sort(all.begin(), all.end());
    Serial next(1);
    for (const SerialRange& range : all) {
      if (range.first != next) complain(" has serials that are nowhere or twice");
      next = end_of(range);
    }
    if (next.value() != lot.issued.value() + 1)
      complain(" has more or fewer serials than were issued");
    if (ended[MoveReason::cancellation] != lot.cancelled ||
        ended[MoveReason::expiry] != lot.expired ||
        ended[MoveReason::withdrawal] != lot.withdrawn || voided != lot.voided)
      complain(" has ended ranges that its sums don't know");
    if (lot.corrected > lot.issued) complain(" is corrected by more than was issued");
  }
}

// Of each cancellation: used + left + void without a claim = cancelled, as its ranges tile it; what
// is left can be found by its chain; nothing else is claimed. Of each lot: claimed = used and not
// void.
void check_claims(const State& state, Broken& broken) {
  const Registry& registry = state.registry;
  const auto is_left = [](const EndedRange& range) {
    return !range.claim.is_set() && !range.voided.is_set();
  };
  std::vector<Units> left(registry.cancellations.size());
  for (const Lot& lot : registry.lots) {
    const auto complain = [&](const char* of) {
      broken.push_back(named("claims: lot-", lot.id.value()) + of);
    };
    Units claimed;
    for (const EndedRange& range : lot.ended) {
      const bool cancelled = range.reason == MoveReason::cancellation;
      if (range.claim.is_set() && (!cancelled || range.converted_into.is_set()))
        complain(" claims what nobody may use");
      if (range.claim > registry.last_claim) complain(" has a claim that nobody made");
      if (range.claim.is_set() && !range.voided.is_set()) claimed += range.range.count;
      if (!cancelled || !is_left(range)) continue;
      if (registry.find(CancellationId(range.reference)) == nullptr) {
        complain(" was cancelled by nobody");
      } else {
        left[range.reference - 1] += range.range.count;
      }
    }
    if (claimed != lot.claimed) complain(" has claims that its sum does not know");
    if (lot.claimed + lot.voided > lot.cancelled) complain(" is claimed beyond what was cancelled");
  }
  for (std::size_t i = 0; i < left.size(); ++i) {
    const Cancellation& cancellation = registry.cancellations[i];
    const std::vector<EndedRange>& ended = registry.get(cancellation.lot).ended;
    Units found;
    Serial end;
    for (std::uint32_t at = cancellation.range;; at = ended[at].next) {
      const EndedRange& range = ended[at];
      if (range.reference != i + 1 || range.range.first < end) {
        broken.push_back(named("claims: can-", i + 1) + " has a chain that leads astray");
        break;
      }
      end = end_of(range.range);
      if (is_left(range)) found += range.range.count;
      if (range.next == 0) break;
    }
    if (cancellation.left != left[i] || found != left[i])
      broken.push_back(named("claims: can-", i + 1) + " has other certificates left than it knows");
  }
}

// Measured = issued - corrected + carried, and captured CO2 = that in lots + that carried, for each
// device and line.
void check_issuance(const State& state, Broken& broken) {
  std::map<std::pair<DeviceId, ProductionLine>, Int128> measured;
  std::map<std::pair<DeviceId, ProductionLine>, Int128> co2;
  for (const Declaration& declaration : state.registry.declarations) {
    if (declaration.state != DeclarationState::issued) continue;
    measured[{declaration.device, declaration.line()}] += declaration.counted.value();
    co2[{declaration.device, declaration.line()}] += co2_in(state.registry, declaration);
  }
  for (const Lot& lot : state.registry.lots) {
    const Declaration& declaration = *state.registry.find(lot.declaration);
    measured[{lot.device, declaration.line()}] -=
        Int128{(lot.issued - lot.corrected).value()} * lot.unit_size;
    co2[{lot.device, declaration.line()}] -= lot.co2.value();
  }
  for (const auto& [key, left] : measured) {
    const Device& device = *state.registry.find(key.first);
    const auto carried = device.carried.find(key.second);
    const Remainder remainder = carried == device.carried.end() ? Remainder() : carried->second;
    if (left != remainder.amount.value())
      broken.push_back(named("issuance: dev-", device.id.value()) +
                       " has issued and carried other than it produced");
    if (co2[key] != remainder.co2.value())
      broken.push_back(named("issuance: dev-", device.id.value()) +
                       " has lost captured CO2, or found some");
  }
}

// What was used up, and whose carbon was captured again, is what declarations say of their inputs
// and sources; no more carbon is captured than cancelled certificates held; options don't mix, and
// nothing is issued before the capturer is compensated.
void check_carbon(const State& state, Broken& broken) {
  const Registry& registry = state.registry;
  std::map<std::pair<LotId, DeclarationId>, Units> used;
  std::map<std::pair<LotId, DeclarationId>, Units> captured;
  for (const Lot& lot : registry.lots) {
    for (const EndedRange& ended : lot.ended) {
      if (ended.converted_into.is_set()) used[{lot.id, ended.converted_into}] += ended.range.count;
      if (!ended.captured_into.is_set()) continue;
      captured[{lot.id, ended.captured_into}] += ended.range.count;
      if (ended.reason != MoveReason::cancellation || ended.converted_into.is_set())
        broken.push_back(named("carbon: lot-", lot.id.value()) + " was captured without burning");
    }
  }
  std::map<LotId, Int128> mass;
  for (const Declaration& declaration : registry.declarations) {
    const auto complain = [&](const char* of) {
      broken.push_back(named("carbon: dcl-", declaration.id.value()) + of);
    };
    for (const ConversionInput& input : declaration.inputs) {
      used[{input.lot, declaration.id}] -= input.units;
      const std::vector<FuelCo2>& held = registry.find(registry.get(input.lot).declaration)->co2;
      if (held.empty()) continue;
      if (declaration.co2.empty() ||
          declaration.co2.front().programme.counting != held.front().programme.counting)
        complain(" mixes ways of counting CO2");
    }
    for (const CarbonSource& source : declaration.sources) {
      captured[{source.lot, declaration.id}] -= source.units;
      mass[source.lot] += source.mass.value();
    }
    if (declaration.state == DeclarationState::issued &&
        co2_compensated(registry, declaration) < co2_given_up(declaration))
      complain(" was issued without compensation of the capturer");
  }
  for (const auto* sums : {&used, &captured}) {
    for (const auto& [key, left] : *sums) {
      if (!left.is_zero())
        broken.push_back(named("carbon: dcl-", key.second.value()) +
                         " has used other certificates than it says");
    }
  }
  for (const auto& [lot, grams] : mass) {
    if (grams > registry.get(lot).co2.value())
      broken.push_back(named("carbon: lot-", lot.value()) + " gave more carbon than it held");
  }
}

// reserved = promises of open orders, pending settlements and held exits, for each holding and each
// cash balance.
void check_reservations(const State& state, Broken& broken) {
  const Market& market = state.market;
  std::map<HoldingSlot, Units> units;
  std::map<CashSlot, Cash> cash;
  for (const OrderImage& order : market.live_orders()) {
    cash[order.cash] += order.reserved;
    Quantity promised;
    for (const PromisedContracts& part : order.promised) {
      promised += part.contracts;
      units[part.holding] += Units(part.contracts.value() * part.units_per_contract);
    }
    if (promised != (order.side == Side::sell ? order.open : Quantity()))
      broken.push_back(named("orders: ord-", order.id.value()) +
                       " promises other than it has open");
    if (order.open.value() <= 0 || order.open > order.total)
      broken.push_back(named("orders: ord-", order.id.value()) + " is live with nothing open");
  }
  for (const auto& [id, exit] : state.registry.exits) {
    if (exit.is_cash) {
      cash[state.cash.find(exit.cash.account, exit.cash.currency)] += exit.cash.amount;
    } else {
      units[state.holdings.find(exit.certificates.from, exit.certificates.lot)] +=
          exit.certificates.units;
    }
  }
  const PendingSums pending = pending_sums(market);
  for (const auto& [of, amount] : pending.cash)
    cash[state.cash.find(of.first, of.second)] += amount;
  for (const auto& [of, amount] : pending.units)
    units[state.holdings.find(of.first, of.second)] += amount;
  for (CashSlot slot = 0; slot < state.cash.balances().size(); ++slot) {
    if (state.cash.get(slot).reserved != cash[slot])
      broken.push_back(named("cash: acc-", state.cash.get(slot).account.value()) +
                       " reserves other than its orders, settlements and exits promise");
  }
  for (const Lot& lot : state.registry.lots) {
    for (HoldingSlot slot = state.holdings.first_of_lot(lot.id); slot != Holdings::kNone;
         slot = state.holdings.get(slot).next_of_lot) {
      if (state.holdings.get(slot).reserved != units[slot])
        broken.push_back(named("holdings: acc-", state.holdings.get(slot).account.value()) +
                         " reserves other than its orders, settlements and exits promise");
      units.erase(slot);
    }
  }
  for (const auto& [slot, promised] : units) {
    if (promised.is_positive())
      broken.push_back(named("holdings: promise from the gone place ", slot));
  }
}

// What is wrong with one queue: levels are the sums of their orders, in strict price order, and go
// by priority. Returns how many orders it holds.
std::size_t check_queue(const Market& market,
                        BookPlace place,
                        const BookSide& queue,
                        const auto& complain) {
  std::size_t queued = 0;
  const Level* before = nullptr;
  queue.for_each(market.store, [&](const Level& level) {
    Quantity open;
    Quantity hidden;
    std::uint32_t orders = 0;
    OrderId last;
    for (OrderSlot slot = level.first; slot != kNoSlot; slot = market.store.orders[slot].next) {
      const Order& order = market.store.orders[slot];
      open += order.open;
      hidden += market.hidden_of(order);
      ++orders;
      if (&market.store.levels[order.level] != &level || order.side != place.side())
        complain(" has an order astray");
      if (market.priority_of(order) <= last) complain(" has a queue out of order");
      if (market.find_order(order.id) != slot) complain(" has an order that cannot be found");
      last = market.priority_of(order);
    }
    queued += orders;
    if (open - hidden != level.open || hidden != level.hidden || orders != level.orders ||
        orders == 0)
      complain(" has a level with a wrong sum");
    if (level.place.packed != place.packed) complain(" has a level astray");
    if (before != nullptr && !queue.better(before->price, level.price))
      complain(" has levels out of order");
    before = &level;
    return true;
  });
  return queued;
}

// Every live order stands in one queue, and in continuous trading no book is crossed and no stop is
// through. Asks below a buyer's collar are out of its reach.
void check_books(const Market& market, Broken& broken) {
  std::size_t queued = 0;
  for (const Instrument& instrument : market.instruments) {
    const Book& book = market.book(instrument.id);
    const auto complain = [&](const char* of) {
      broken.push_back(named("books: ins-", instrument.id.value()) + of);
    };
    std::size_t waiting = 0;
    for (const Side side : {Side::buy, Side::sell}) {
      queued += check_queue(market, BookPlace(instrument.id, side), book.side(side), complain);
      queued += check_queue(market,
                            BookPlace(instrument.id, side, Queue::any_price),
                            book.at_any_price(side),
                            complain);
      waiting += check_queue(
          market, BookPlace(instrument.id, side, Queue::stops), book.stops(side), complain);
    }
    queued += waiting;
    if (waiting != instrument.stops_waiting) complain(" has more or fewer stops than it knows of");
    if (market.find(instrument.market)->phase != Phase::continuous) continue;
    const auto uncross = [&](const BookSide& asks) {
      if (book.side(Side::buy).empty() || asks.empty()) return;
      const Price bid = market.store.levels[book.side(Side::buy).best()].price;
      asks.for_each(market.store, [&](const Level& ask) {
        if (bid < ask.price) return false;
        if (ask.price >= instrument.terms.price_min) complain(" is crossed");
        return ask.price < instrument.terms.price_min;
      });
    };
    uncross(book.side(Side::sell));
    for (const InstrumentId narrow : instrument.narrower)
      uncross(market.book(narrow).side(Side::sell));
    const auto reached = [&](const BookSide& stops, bool above) {
      if (stops.empty() || instrument.last.is_zero()) return;
      const Price stop_price = market.store.levels[stops.best()].price;
      if (above ? instrument.last >= stop_price : instrument.last <= stop_price)
        complain(" has a stop that was reached");
    };
    reached(book.stops(Side::buy), true);
    reached(book.stops(Side::sell), false);
  }
  if (queued != market.store.orders.live()) broken.push_back("books: a live order stands nowhere");
}

// Each market's next change of phase will be looked at, or drawn, and its trading day ends.
void check_schedules(const State& state, Broken& broken) {
  std::size_t due = 0;
  for (const Due& each : state.due) due += each.kind == DueKind::phase ? 1 : 0;
  for (const Venue& venue : state.market.venues) {
    const Instant at = TradingSessions::due_at(state.market, venue);
    if (!at.is_set()) continue;
    --due;
    if (state.due.count({.at = at, .kind = DueKind::phase, .id = venue.id.value()}) == 0)
      broken.push_back(named("schedules: mkt-", venue.id.value()) +
                       " has a change that nobody looks at");
  }
  if (due != 0) broken.push_back("schedules: more is due than there are changes");
  std::size_t day_ends = 0;
  for (const Due& each : state.due) day_ends += each.kind == DueKind::day_end ? 1 : 0;
  if (day_ends != state.market.venues.size())
    broken.push_back("schedules: more or fewer trading days end than go on");
  for (const Venue& venue : state.market.venues) {
    if (state.due.count({.at = venue.day_end, .kind = DueKind::day_end, .id = venue.id.value()}) ==
        0)
      broken.push_back(named("schedules: mkt-", venue.id.value()) +
                       " has a trading day that never ends");
  }
  for (const MarketId id : state.market.undrawn) {
    if (state.market.find(id)->schedule.empty())
      broken.push_back(named("schedules: mkt-", id.value()) + " waits for a draw without a change");
  }
}

// Each pending settlement will happen, each market that settles later knows when, and no sell waits
// whose certificates would end before.
void check_settlements(const State& state, Broken& broken) {
  std::size_t settlements = 0;
  std::size_t days = 0;
  for (const Due& due : state.due) {
    settlements += due.kind == DueKind::settlement ? 1 : 0;
    days += due.kind == DueKind::settle_day ? 1 : 0;
  }
  if (settlements != state.market.settlements.size())
    broken.push_back("settlements: more or fewer than are due");
  for (const auto& [id, settlement] : state.market.settlements) {
    if (!state.due.contains({.at = settlement.due, .kind = DueKind::settlement, .id = id.value()}))
      broken.push_back(named("settlements: trd-", id.value()) + " never settles");
  }
  for (const Venue& venue : state.market.venues) {
    const bool later = venue.settle_days > 0;
    if (later != venue.settles_at.is_set() || later != venue.settle_day_ends.is_set())
      broken.push_back(named("settlements: mkt-", venue.id.value()) +
                       " does not know when trades settle");
    if (!later) continue;
    --days;
    if (!state.due.contains(
            {.at = venue.settle_day_ends, .kind = DueKind::settle_day, .id = venue.id.value()}))
      broken.push_back(named("settlements: mkt-", venue.id.value()) + " has a day that never ends");
  }
  if (days != 0) broken.push_back("settlements: more days end than there are markets");
  for (const OrderImage& order : state.market.live_orders()) {
    const Instant settles_at =
        state.market.find(state.market.get(order.instrument).market)->settles_at;
    for (const PromisedContracts& part : order.promised) {
      const Lot& lot = state.registry.get(state.holdings.get(part.holding).lot);
      if (settles_at >= end_of(std::min(lot.transferable_until, lot.cancellable_until)))
        broken.push_back(named("settlements: ord-", order.id.value()) +
                         " promises what would end before");
    }
  }
}

// No order's limit lies outside its instrument's band.
void check_bands(const Market& market, Broken& broken) {
  for (const OrderImage& order : market.live_orders()) {
    const Instrument& instrument = market.get(order.instrument);
    if (instrument.rules.price_band_ppm == 0 || order.type == OrderType::market ||
        order.price.is_zero())
      continue;
    const PriceRange range = price_range(instrument);
    if (order.price < range.low || order.price > range.high)
      broken.push_back(named("bands: ord-", order.id.value()) + " lies outside");
  }
}

// Each proposal will expire, and its proposer may still give its command.
void check_proposals(const State& state, Broken& broken) {
  std::size_t deadlines = 0;
  for (const Due& due : state.due) deadlines += due.kind == DueKind::deadline ? 1 : 0;
  if (deadlines != state.proposals.open.size())
    broken.push_back("proposals: more or fewer than deadlines");
  for (const auto& [id, proposal] : state.proposals.open) {
    if (state.due.count({.at = proposal.until, .kind = DueKind::deadline, .id = id.value()}) == 0)
      broken.push_back(named("proposals: pro-", id.value()) + " never expires");
    if (authorise(state, proposal.proposer, proposal.command))
      broken.push_back(named("proposals: pro-", id.value()) + " outlives its proposer's right");
  }
}

}  // namespace

std::vector<std::string> Exchange::check_invariants() const {
  Broken broken;
  state_.cash.check_invariants(broken);
  state_.holdings.check_invariants(broken);
  check_lots(state_, broken);
  check_claims(state_, broken);
  check_issuance(state_, broken);
  check_balances(state_, broken);
  check_carbon(state_, broken);
  check_reservations(state_, broken);
  check_books(state_.market, broken);
  check_schedules(state_, broken);
  check_settlements(state_, broken);
  check_bands(state_.market, broken);
  check_proposals(state_, broken);
  return broken;
}

}  // namespace origo
