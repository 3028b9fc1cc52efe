#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "engine/market/desk.h"

// What happens to live orders at once or without being asked: mass cancels, sessions, phases,
// expiry; and how they come back from a snapshot.
namespace origo {

// Visits the orders in all queues of the instrument. They must not end meanwhile.
template <class Visit>
void Desk::for_each_queued(const Instrument& instrument, Visit&& visit) const {
  const Book& book = market_.book(instrument.id);
  for (const Side side : {Side::buy, Side::sell}) {
    for (const BookSide* queue : {&book.side(side), &book.at_any_price(side), &book.stops(side)}) {
      queue->for_each(market_.store, [&](const Level& level) {
        for (OrderSlot slot = level.first; slot != kNoSlot; slot = order(slot).next) visit(slot);
        return true;
      });
    }
  }
}

Result<std::uint64_t> Desk::mass_cancel(const MassCancel& command) {
  if (command.instrument.is_set() && market_.find(command.instrument) == nullptr)
    return Reject::instrument_unknown;
  std::uint64_t ended = 0;
  market_.for_each_order_of(command.account, [&](OrderSlot slot) {
    const Order& candidate = order(slot);
    const BookPlace place = level_of(candidate).place;
    const Amended terms = terms_of(candidate);
    const bool unlimited = waits(candidate) && candidate.type == OrderType::market;
    const Price price = unlimited ? terms.stop_price : terms.price;
    const bool meant = (!command.instrument.is_set() || place.instrument() == command.instrument) &&
                       (command.side == 0 || place.side() == static_cast<Side>(command.side)) &&
                       price >= command.price_min &&
                       (command.price_max.is_zero() || price <= command.price_max);
    if (!meant) return;
    end(slot, OrderEnd::mass);
    ++ended;
  });
  return ended;
}

std::uint64_t Desk::end_session(ClientId client) {
  const auto found = market_.sessions.find(client);
  if (found == market_.sessions.end()) return 0;
  std::uint64_t ended = 0;
  const OrderList orders = found->second;  // the entry goes with its last order
  orders.for_each(market_.store.orders, [&](OrderSlot slot) {
    end(slot, OrderEnd::disconnect);
    ++ended;
  });
  return ended;
}

// Visits what the sells of `holder` promise: visit(order, holding). They must not end meanwhile.
template <class Visit>
void Desk::for_each_promise_of(AccountId holder, Visit&& visit) const {
  market_.for_each_order_of(holder, [&](OrderSlot slot) {
    if (order(slot).side != Side::sell) return;
    market_.for_each_promise(order(slot),
                             [&](HoldingSlot of, std::uint32_t, Quantity) { visit(slot, of); });
  });
}

// Lot by lot, holder by holder, the oldest order first; but each holder's orders are looked through
// once.
void Desk::end_orders_on_lots(std::span<const LotId> lots, OrderEnd reason) {
  std::map<HoldingSlot, std::size_t> ranks;  // of holdings of which something is promised
  std::set<AccountId> holders;
  for (const LotId lot : lots) {
    for (HoldingSlot slot = state_.holdings.first_of_lot(lot); slot != kNoSlot;
         slot = state_.holdings.get(slot).next_of_lot) {
      const Holding& holding = state_.holdings.get(slot);
      if (holding.reserved.is_zero()) continue;
      ranks.emplace(slot, ranks.size());
      holders.insert(holding.account);
    }
  }
  std::set<std::pair<std::size_t, OrderId>> meant;
  for (const AccountId holder : holders) {
    for_each_promise_of(holder, [&](OrderSlot slot, HoldingSlot of) {
      if (const auto rank = ranks.find(of); rank != ranks.end())
        meant.emplace(rank->second, order(slot).id);
    });
  }
  for (const auto& [rank, id] : meant) {
    const OrderSlot slot = market_.find_order(id);
    if (slot != kNoSlot) end(slot, reason);  // else it has ended with another lot
  }
}

void Desk::end_orders_beyond(HoldingSlot holding, Units left, OrderEnd reason) {
  const Holding& promised = state_.holdings.get(holding);
  if (promised.reserved <= left) return;
  std::map<OrderId, OrderSlot> orders;
  for_each_promise_of(promised.account, [&](OrderSlot slot, HoldingSlot of) {
    if (of == holding) orders.emplace(order(slot).id, slot);
  });
  for (auto each = orders.rbegin(); each != orders.rend() && promised.reserved > left; ++each) {
    end(each->second, reason);
  }
}

void Desk::end_orders_of_account(AccountId account, OrderEnd reason) {
  market_.for_each_order_of(account, [&](OrderSlot slot) { end(slot, reason); });
}

void Desk::end_orders_settling_late(MarketId market) {
  const Instant settles_at = market_.find(market)->settles_at;
  if (!settles_at.is_set()) return;
  std::map<OrderId, OrderSlot> late;
  for (const Instrument& instrument : market_.instruments) {
    if (instrument.market != market) continue;
    for_each_queued(instrument, [&](OrderSlot slot) {
      if (order(slot).side != Side::sell) return;
      market_.for_each_promise(order(slot), [&](HoldingSlot holding, std::uint32_t, Quantity) {
        const Lot& lot = state_.registry.get(state_.holdings.get(holding).lot);
        if (settles_at >= end_of(std::min(lot.transferable_until, lot.cancellable_until)))
          late.emplace(order(slot).id, slot);
      });
    });
  }
  for (const auto& [id, slot] : late) end(slot, OrderEnd::certificate_expired);
}

void Desk::end_orders_outside_band(const Instrument& instrument) {
  if (instrument.rules.price_band_ppm == 0) return;
  std::map<OrderId, OrderSlot> outside;
  for_each_queued(instrument, [&](OrderSlot slot) {
    const Price limit = terms_of(order(slot)).price;
    const bool has_limit = order(slot).type != OrderType::market && limit.is_positive();
    if (has_limit && check_band(limit, instrument)) outside.emplace(order(slot).id, slot);
  });
  for (const auto& [id, slot] : outside) end(slot, OrderEnd::band);
}

void Desk::end_orders_without_receiver(ParticipantId participant, OrderEnd reason) {
  for (const AccountId account : state_.parties.get(participant).accounts) {
    market_.for_each_order_of(account, [&](OrderSlot slot) {
      if (order(slot).side == Side::buy && !can_receive(account, instrument_of(order(slot))))
        end(slot, reason);
    });
  }
}

// The day is over. Soonest due first, then oldest.
void Desk::end_day_orders(MarketId market) {
  std::vector<OrderSlot> slots;
  for (const Due& due : state_.due) {
    if (due.kind != DueKind::day_order) continue;
    const OrderSlot slot = market_.find_order(OrderId(due.id));
    ENSURE(slot != kNoSlot);
    if (instrument_of(order(slot)).market == market) slots.push_back(slot);
  }
  for (const OrderSlot slot : slots) end(slot, OrderEnd::day);
}

// Ends the market's orders of one kind, the oldest first.
void Desk::end_all(MarketId market, TimeInForce kind, OrderEnd reason) {
  std::map<OrderId, OrderSlot> meant;
  for (const Instrument& instrument : market_.instruments) {
    if (instrument.market != market) continue;
    for_each_queued(instrument, [&](OrderSlot slot) {
      if (order(slot).time_in_force == kind) meant.emplace(order(slot).id, slot);
    });
  }
  for (const auto& [id, slot] : meant) end(slot, reason);
}

// Continuous trading begins: stops that were reached meanwhile fire, buys first.
void Desk::fire_reached_meanwhile(MarketId market) {
  for (const Instrument& instrument : market_.instruments) {
    if (instrument.market == market && instrument.stops_waiting > 0 && !instrument.last.is_zero())
      note_move(instrument, instrument.last, Side::buy);
  }
  fire_stops();
}

void Desk::enter_phase(MarketId market, PhaseCause cause) {
  switch (market_.find(market)->phase) {
    case Phase::continuous:
      cross_lattice(market);
      fire_reached_meanwhile(market);
      break;
    case Phase::call:
    case Phase::pre_open:
      end_all(market, TimeInForce::continuous_only, OrderEnd::phase);
      break;
    case Phase::closed:
      // Where a calendar says what comes next, it also says when the day ends.
      if (cause == PhaseCause::by_hand && market_.find(market)->schedule.empty())
        end_day_orders(market);
      break;
    case Phase::halt:
      break;
  }
}

void Desk::expire_order(OrderId id) {
  const OrderSlot slot = market_.find_order(id);
  ENSURE(slot != kNoSlot);
  end(slot, order(slot).time_in_force == TimeInForce::day ? OrderEnd::day : OrderEnd::expired);
}

bool Desk::restore(const std::vector<OrderImage>& images) {
  struct Place {
    const OrderImage* image;
    OrderSlot slot;
  };
  std::vector<Place> places;
  for (const OrderImage& image : images) {
    const bool sound = image.id.is_set() && market_.find_order(image.id) == kNoSlot &&
                       market_.find(image.instrument) != nullptr &&
                       state_.parties.find(image.account) != nullptr &&
                       image.fees < market_.schedules.size() && image.open.is_positive() &&
                       (image.price.is_positive() || image.type != OrderType::limit) &&
                       !image.hidden.is_negative() && image.hidden < image.open &&
                       (image.side == Side::buy || !image.promised.empty());
    if (!sound) return false;
    const OrderSlot slot = market_.revive(image);
    Order& revived = order(slot);
    if (image.side == Side::buy) {
      revived.reserved = image.reserved;
    } else if (image.promised.size() == 1) {
      const PromisedContracts& only = image.promised.front();
      revived.promise = {.holding = only.holding, .units_per_contract = only.units_per_contract};
    } else {
      revived.is_split = true;
      revived.split = kNoParts;
      for (const PromisedContracts& part : image.promised)
        add_part(slot,
                 {.holding = part.holding,
                  .units_per_contract = part.units_per_contract,
                  .contracts = part.contracts});
    }
    market_.enrol(slot);
    places.push_back({.image = &image, .slot = slot});
  }
  std::ranges::sort(places, {}, [](const Place& place) { return place.image->priority; });
  for (const Place& place : places) {
    const OrderImage& image = *place.image;
    const Queue queue = image.waiting           ? Queue::stops
                        : image.price.is_zero() ? Queue::any_price
                                                : Queue::book;
    const BookPlace at(image.instrument, image.side, queue);
    const Price price = image.waiting ? image.stop_price : image.price;
    market_.book(image.instrument).at(at).link(market_.store, place.slot, price, at, image.hidden);
    if (image.waiting) ++market_.get(image.instrument).stops_waiting;
  }
  return true;
}

}  // namespace origo
