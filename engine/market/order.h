#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <vector>

#include "engine/core/command.h"
#include "engine/core/encoding.h"
#include "engine/core/index.h"
#include "engine/core/pool.h"
#include "engine/ledger/cash.h"
#include "engine/ledger/holdings.h"

namespace origo {

// Place of an order in its pool; valid while the order lives.
using OrderSlot = std::uint32_t;
inline constexpr std::uint32_t kNoSlot = Index::kNone;
using LevelSlot = std::uint32_t;
using ExtraSlot = std::uint32_t;
using ReservationSlot = std::uint32_t;

// What an order has paid in one role. The fee of all of it is computed on the sums; a fill pays the
// difference, so rounding never accumulates.
struct FeeTally {
  Cash notional;
  Quantity quantity;
  Cash paid;
  bool operator==(const FeeTally&) const = default;
};
BOOST_DESCRIBE_STRUCT(FeeTally, (), (notional, quantity, paid))

// Where a sell order with one lot has its promise; the contracts are those that are open.
struct HoldingPromise {
  HoldingSlot holding;  // kNoSlot: nothing is promised
  std::uint32_t units_per_contract;
};
inline constexpr HoldingPromise kNoPromise{.holding = kNoSlot, .units_per_contract = 0};
// A sell order with several lots: its reservations, in the order of delivery.
struct SplitPromise {
  ReservationSlot first;
  ReservationSlot last;
};
inline constexpr SplitPromise kNoParts{.first = kNoSlot, .last = kNoSlot};

// A live order, as matching sees it: one cache line. What few orders have lies in OrderExtra; price
// and instrument of a resting order are those of its level.
struct alignas(64) Order {
  OrderId id;     // unset: a free place
  Quantity open;  // total = open + filled
  Quantity total;
  union {
    Cash reserved{};         // buys
    HoldingPromise promise;  // sells
    SplitPromise split;      // sells marked `is_split`
  };
  OrderSlot previous = kNoSlot;  // in its level, by priority
  OrderSlot next = kNoSlot;
  LevelSlot level = kNoSlot;  // kNoSlot: in no queue
  AccountId account;
  CashSlot cash = kNoSlot;  // of the account, in the instrument's currency
  ExtraSlot extra = kNoSlot;
  std::uint32_t fees = 0;  // the schedule of its entry, by place in Market::schedules
  Side side = Side::buy;
  OrderType type = OrderType::limit;
  TimeInForce time_in_force = TimeInForce::gtc;
  SelfTrade self_trade : 4 = SelfTrade::allowed;
  bool post_only : 1 = false;
  bool nominated : 1 = false;  // a sell that named its lots: it delivers no others
  bool is_split : 1 = false;
  bool is_iceberg : 1 = false;
  // Stands in a queue: in the book, or waits for its stop price.
  [[nodiscard]] bool queued() const { return level != kNoSlot; }
  [[nodiscard]] Quantity filled() const { return total - open; }
};
static_assert(sizeof(Order) == 64);

using ConditionSlot = std::uint32_t;

// What orders have that wait for a stop price, or show only a part of themselves.
struct Condition {
  Price stop_price;      // 0: none, or reached
  Price limit;           // while it waits: the worst price at which it may trade then
  Quantity peak;         // 0: shows all
  Quantity min_visible;  // shows the next peak below this; at least 1
  Quantity hidden;       // of what is open, while it stands in the book
};

// What only some orders need.
struct OrderExtra {
  ClientOrderId client_order_id;
  Instant expire_at;
  OrderId priority;  // drawn when it lost its place; unset: its id
  FeeTally as_maker;
  FeeTally as_taker;
  ClientId session;  // ends with it; unset: with none
  ConditionSlot condition = kNoSlot;
  bool operator==(const OrderExtra&) const = default;
};

// Whole contracts of one holding, promised to one split sell order.
struct Reservation {
  HoldingSlot holding = kNoSlot;
  std::uint32_t units_per_contract = 0;
  Quantity contracts;
  ReservationSlot previous = kNoSlot;
  ReservationSlot next = kNoSlot;
};

// All of a live order, in one value: for queries, and for what a snapshot keeps.
struct PromisedContracts {
  HoldingSlot holding = kNoSlot;
  std::uint32_t units_per_contract = 0;
  Quantity contracts;
};
struct OrderImage {
  OrderId id;
  OrderId priority;
  AccountId account;
  InstrumentId instrument;
  Side side = Side::buy;
  OrderType type = OrderType::limit;
  TimeInForce time_in_force = TimeInForce::gtc;
  Price price;  // limit; 0: at any price; of a market order that waits: its worst price
  Quantity total;
  Quantity open;
  ClientOrderId client_order_id;
  Instant expire_at;
  std::uint32_t fees = 0;
  CashSlot cash = kNoSlot;
  Cash reserved;
  bool nominated = false;
  bool post_only = false;
  SelfTrade self_trade = SelfTrade::allowed;
  bool waiting = false;  // for its stop price, outside the book
  Price stop_price;      // while it waits
  Quantity peak;
  Quantity min_visible;
  Quantity hidden;
  ClientId session;
  std::vector<PromisedContracts> promised;
  FeeTally as_maker;
  FeeTally as_taker;
  [[nodiscard]] Quantity filled() const { return total - open; }
  [[nodiscard]] Quantity visible() const { return waiting ? Quantity() : open - hidden; }
};
BOOST_DESCRIBE_STRUCT(PromisedContracts, (), (holding, units_per_contract, contracts))
BOOST_DESCRIBE_STRUCT(OrderImage,
                      (),
                      (id,
                       priority,
                       account,
                       instrument,
                       side,
                       type,
                       time_in_force,
                       price,
                       total,
                       open,
                       client_order_id,
                       expire_at,
                       fees,
                       cash,
                       reserved,
                       nominated,
                       post_only,
                       self_trade,
                       waiting,
                       stop_price,
                       peak,
                       min_visible,
                       hidden,
                       session,
                       promised,
                       as_maker,
                       as_taker))

}  // namespace origo
