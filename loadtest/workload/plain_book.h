#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <unordered_map>
#include <utility>
#include <vector>

#include "loadtest/workload/format.h"

namespace origo::loadtest {

struct PlainOrder {
  std::uint64_t id = 0;
  std::int32_t price = 0;
  std::uint64_t open = 0;
  std::uint32_t instrument = 0;
  std::uint32_t account = 0;
  FlowSide side = FlowSide::buy;
};

// Price-time order books made to be read: the rules of docs/workload.md with a map of levels, a
// list of orders a level and a hash map of ids. It decides the expected result of every order-flow
// file, and its speed is the yardstick that other engines are measured against.
class PlainExchange {
 public:
  using OnTrade = std::function<void(const FlowTrade&)>;

  PlainExchange(std::uint32_t instruments, OnTrade on_trade)
      : books_(instruments), on_trade_(std::move(on_trade)) {}

  // False if the command names an order that does not rest; nothing happens then.
  bool apply(const FlowCommand& command) {
    switch (command.kind) {
      case FlowKind::limit:
      case FlowKind::market:
        enter(command);
        return true;
      case FlowKind::cancel:
        return cancel(command.order);
      case FlowKind::reduce:
        return reduce(command.order, command.quantity);
      case FlowKind::replace:
        if (!cancel(command.order)) return false;
        enter(command);
        return true;
    }
    return false;
  }

  [[nodiscard]] const PlainOrder* find(std::uint64_t id) const {
    const auto found = places_.find(id);
    return found == places_.end() ? nullptr : &*found->second;
  }
  [[nodiscard]] std::uint64_t resting() const { return places_.size(); }
  [[nodiscard]] std::uint64_t levels() const {
    std::uint64_t count = 0;
    for (const Book& book : books_) count += book.bids.size() + book.asks.size();
    return count;
  }

  // Calls visit(id, price, open), best price first, then oldest.
  template <class Visit>
  void for_each_resting(std::uint32_t instrument, FlowSide side, Visit&& visit) const {
    const auto walk = [&](const auto& levels) {
      for (const auto& [price, level] : levels) {
        for (const PlainOrder& order : level) visit(order.id, std::int64_t{price}, order.open);
      }
    };
    const Book& book = books_[instrument];
    side == FlowSide::buy ? walk(book.bids) : walk(book.asks);
  }

 private:
  using Level = std::list<PlainOrder>;  // oldest first
  struct Book {
    std::map<std::int32_t, Level, std::greater<>> bids;  // best first, both
    std::map<std::int32_t, Level> asks;
  };

  void enter(const FlowCommand& command) {
    const bool market = command.kind == FlowKind::market;
    const std::int32_t limit = command.price;
    Book& book = books_[command.instrument];
    if (command.side == FlowSide::buy) {
      trade_and_rest(
          command, book.asks, book.bids, [=](std::int32_t ask) { return market || ask <= limit; });
    } else {
      trade_and_rest(
          command, book.bids, book.asks, [=](std::int32_t bid) { return market || bid >= limit; });
    }
  }

  template <class Opposite, class Own, class Crosses>
  void trade_and_rest(const FlowCommand& command, Opposite& opposite, Own& own, Crosses crosses) {
    const bool fok = command.kind == FlowKind::limit && command.time_in_force == FlowTif::fok;
    if (fok && !can_fill(command.quantity, opposite, crosses)) return;
    const std::uint64_t open = trade(command, opposite, crosses);
    const bool rests = command.kind == FlowKind::replace ||
                       (command.kind == FlowKind::limit && command.time_in_force == FlowTif::gtc);
    if (open == 0 || !rests) return;
    Level& level = own[command.price];
    level.push_back({.id = command.order,
                     .price = command.price,
                     .open = open,
                     .instrument = command.instrument,
                     .account = command.account,
                     .side = command.side});
    places_[command.order] = std::prev(level.end());
  }

  template <class Opposite, class Crosses>
  static bool can_fill(std::uint64_t quantity, const Opposite& opposite, Crosses crosses) {
    std::uint64_t there = 0;
    for (const auto& [price, level] : opposite) {
      if (!crosses(price)) return false;
      for (const PlainOrder& maker : level) {
        there += maker.open;
        if (there >= quantity) return true;
      }
    }
    return false;
  }

  // Returns what stays open.
  template <class Opposite, class Crosses>
  std::uint64_t trade(const FlowCommand& command, Opposite& opposite, Crosses crosses) {
    std::uint64_t open = command.quantity;
    while (open > 0 && !opposite.empty() && crosses(opposite.begin()->first)) {
      Level& level = opposite.begin()->second;
      PlainOrder& maker = level.front();
      const std::uint64_t quantity = std::min(open, maker.open);
      open -= quantity;
      maker.open -= quantity;
      on_trade_({.instrument = command.instrument,
                 .taker = command.order,
                 .maker = maker.id,
                 .price = maker.price,
                 .quantity = quantity});
      if (maker.open > 0) continue;
      places_.erase(maker.id);
      level.pop_front();
      if (level.empty()) opposite.erase(opposite.begin());
    }
    return open;
  }

  bool reduce(std::uint64_t id, std::uint64_t by) {
    const auto found = places_.find(id);
    if (found == places_.end()) return false;
    if (by >= found->second->open) return cancel(id);
    found->second->open -= by;
    return true;
  }

  bool cancel(std::uint64_t id) {
    const auto found = places_.find(id);
    if (found == places_.end()) return false;
    const Level::iterator order = found->second;
    places_.erase(found);
    Book& book = books_[order->instrument];
    order->side == FlowSide::buy ? take_out(book.bids, order) : take_out(book.asks, order);
    return true;
  }

  template <class Levels>
  static void take_out(Levels& levels, Level::iterator order) {
    const auto level = levels.find(order->price);
    level->second.erase(order);
    if (level->second.empty()) levels.erase(level);
  }

  std::vector<Book> books_;
  std::unordered_map<std::uint64_t, Level::iterator> places_;
  OnTrade on_trade_;
};

}  // namespace origo::loadtest
