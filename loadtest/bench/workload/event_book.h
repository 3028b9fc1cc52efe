#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <unordered_map>
#include <vector>

#include "engine/core/event.h"
#include "loadtest/workload/format.h"

namespace origo::loadtest {

// Every resting order by place, told by the core's events alone.
class EventBook {
 public:
  explicit EventBook(std::size_t instruments) : sides_(2 * instruments) {}

  void on(const OrderRested& event) {
    Level& level = sides_[place(event.instrument, event.side)][key(event.side, event.price)];
    level.push_back({.id = event.order, .price = event.price, .open = event.visible});
    places_[event.order.value()] = {
        .instrument = event.instrument, .side = event.side, .entry = std::prev(level.end())};
  }
  void on(const OrderAmended& event) {
    const auto found = places_.find(event.order.value());
    if (found == places_.end()) return;
    if (event.requeued) {
      take_out(found);
    } else {
      found->second.entry->open = event.open;
    }
  }
  void on(const Trade& event) {
    const auto found = places_.find(event.maker.value());
    if (found != places_.end()) found->second.entry->open = event.maker_open;
  }
  void on(const OrderEnded& event) {
    const auto found = places_.find(event.order.value());
    if (found != places_.end()) take_out(found);
  }
  template <class Other>
  void on(const Other&) {}

  // Best price first, then by priority: visit(order id, price, open).
  template <class Visit>
  void for_each(InstrumentId instrument, Side side, Visit&& visit) const {
    for (const auto& [price, level] : sides_[place(instrument, side)]) {
      for (const Entry& entry : level) visit(entry.id, entry.price, entry.open);
    }
  }

 private:
  struct Entry {
    OrderId id;
    Price price;
    Quantity open;
  };
  using Level = std::list<Entry>;
  struct Place {
    InstrumentId instrument;
    Side side = Side::buy;
    Level::iterator entry;
  };
  using Places = std::unordered_map<std::uint64_t, Place>;

  static std::size_t place(InstrumentId instrument, Side side) {
    return 2 * (instrument.value() - 1) + (side == Side::sell ? 1 : 0);
  }
  // Ascending from the best.
  static std::int64_t key(Side side, Price price) {
    return side == Side::buy ? -price.value() : price.value();
  }

  void take_out(Places::iterator found) {
    const Place& gone = found->second;
    auto& levels = sides_[place(gone.instrument, gone.side)];
    const auto level = levels.find(key(gone.side, gone.entry->price));
    level->second.erase(gone.entry);
    if (level->second.empty()) levels.erase(level);
    places_.erase(found);
  }

  std::vector<std::map<std::int64_t, Level>> sides_;
  Places places_;
};

}  // namespace origo::loadtest
