#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include <boost/describe.hpp>

#include "engine/core/command.h"
#include "engine/core/encoding.h"
#include "engine/core/index.h"
#include "engine/ledger/cash.h"
#include "engine/ledger/holdings.h"

namespace origo {

// Place of an order in the pool; valid while the order lives.
using OrderSlot = std::uint32_t;
// Place of a reservation in the pool.
using ReservationSlot = std::uint32_t;
inline constexpr std::uint32_t kNoSlot = Index::kNone;

// What an order has paid in one role. The fee of all of it is computed on the sums; a fill pays the
// difference, so rounding never accumulates.
struct FeeTally {
  Cash notional;
  Quantity quantity;
  Cash paid;
};
BOOST_DESCRIBE_STRUCT(FeeTally, (), (notional, quantity, paid))

// A live order.
struct Order {
  OrderId id;  // unset: a free place
  AccountId account;
  InstrumentId instrument;
  Side side = Side::buy;
  OrderType type = OrderType::limit;
  TimeInForce time_in_force = TimeInForce::gtc;
  bool resting = false;    // linked into its level
  bool nominated = false;  // a sell that named its lots: it delivers no others
  Price price;     // limit; a market buy's protection price; 0 for a market sell
  Quantity total;
  Quantity open;   // total = open + filled
  ClientOrderId client_order_id;
  Instant expire_at;
  Cash reserved;   // buys: at the worst case of what is open
  FeeTally as_maker;
  FeeTally as_taker;
  std::uint32_t fees = 0;           // the schedule of its entry, by place in Market::schedules
  CashSlot cash = kNoSlot;          // of its account, in the instrument's currency
  ReservationSlot first_reservation = kNoSlot;  // sells: what is delivered first
  ReservationSlot last_reservation = kNoSlot;
  OrderSlot previous = kNoSlot;  // in its level, by priority
  OrderSlot next = kNoSlot;
  OrderSlot previous_of_account = kNoSlot;  // in order of entry
  OrderSlot next_of_account = kNoSlot;
  [[nodiscard]] Quantity filled() const { return total - open; }
};
BOOST_DESCRIBE_STRUCT(Order, (),
                      (id, account, instrument, side, type, time_in_force, resting, nominated, price, total,
                       open, client_order_id, expire_at, reserved, as_maker, as_taker, fees, cash,
                       first_reservation, last_reservation, previous, next, previous_of_account,
                       next_of_account))

// Whole contracts of one holding, promised to one sell order. Linked into both.
struct Reservation {
  OrderSlot order = kNoSlot;
  HoldingSlot holding = kNoSlot;
  std::int64_t units_per_contract = 0;
  Quantity contracts;
  ReservationSlot previous_of_order = kNoSlot;
  ReservationSlot next_of_order = kNoSlot;
  ReservationSlot previous_of_holding = kNoSlot;
  ReservationSlot next_of_holding = kNoSlot;
};
BOOST_DESCRIBE_STRUCT(Reservation, (),
                      (order, holding, units_per_contract, contracts, previous_of_order, next_of_order,
                       previous_of_holding, next_of_holding))

// A pool of T addressed by index; freed places are used again, last freed first.
template <class T>
class Pool {
 public:
  std::uint32_t take() {
    if (free_.empty()) {
      items_.emplace_back();
      return static_cast<std::uint32_t>(items_.size() - 1);
    }
    const std::uint32_t slot = free_.back();
    free_.pop_back();
    return slot;
  }
  void give_back(std::uint32_t slot) {
    items_[slot] = T();
    free_.push_back(slot);
  }
  T& operator[](std::uint32_t slot) { return items_[slot]; }
  const T& operator[](std::uint32_t slot) const { return items_[slot]; }
  [[nodiscard]] std::size_t live() const { return items_.size() - free_.size(); }
  [[nodiscard]] std::uint32_t places() const { return static_cast<std::uint32_t>(items_.size()); }
  void reserve(std::size_t count) {
    items_.reserve(count);
    free_.reserve(count);
  }
  void encode(Encoder& out) const {
    out.put(items_);
    out.put(free_);
  }
  void decode(Decoder& in) {
    in.get(items_);
    in.get(free_);
  }

 private:
  std::vector<T> items_;
  std::vector<std::uint32_t> free_;
};

// From order ids, which count up, to places: pages of 256, freed when their last order has died.
class OrderTable {
 public:
  [[nodiscard]] OrderSlot find(OrderId id) const {
    const std::uint64_t page = id.value() / kPageSize;
    if (page < first_page_ || page - first_page_ >= pages_.size()) return kNoSlot;
    const Page& slots = pages_[page - first_page_];
    return slots.places.empty() ? kNoSlot : slots.places[id.value() % kPageSize];
  }
  void insert(OrderId id, OrderSlot slot);
  void erase(OrderId id);

 private:
  static constexpr std::uint64_t kPageSize = 256;
  struct Page {
    std::vector<OrderSlot> places;  // empty: no live order in this page
    std::uint32_t live = 0;
  };
  std::deque<Page> pages_;
  std::uint64_t first_page_ = 0;
  std::vector<std::vector<OrderSlot>> spare_;
};

}  // namespace origo
