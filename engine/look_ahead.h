#pragma once

#include "engine/state.h"

namespace origo {

// A command about an order that will be applied soon, as far as it tells what the core will read
// then.
struct ComingOrder {
  AccountId account;
  InstrumentId instrument;  // of a new order; unset: it is about a live one
  Side side = Side::buy;
  Price price;
  OrderId order;  // the live one; unset: nothing is told

  ComingOrder() = default;
  explicit ComingOrder(const Command& command);
};

// Brings near what coming commands will read: a core with more orders than the caches hold waits
// for memory most of its time, and for many commands at once it waits hardly longer than for one.
// It only reads, and changes nothing. Each step follows what the one before has brought, so that
// steps for one command are taken with the commands before it, some apart.
class LookAhead {
 public:
  // How many commands before it each step is best taken.
  static constexpr std::size_t kFind = 12;
  static constexpr std::size_t kFollow = 8;
  static constexpr std::size_t kSurround = 4;

  explicit LookAhead(const State& state) : state_(state), market_(state.market) {}

  [[nodiscard]] bool pays() const { return market_.store.orders.live() > 10'000; }
  // Require: pays().
  void find(const ComingOrder& coming) const;
  void follow(const ComingOrder& coming) const;
  void surround(const ComingOrder& coming) const;

 private:
  [[nodiscard]] bool is_listed(InstrumentId id) const { return market_.find(id) != nullptr; }
  [[nodiscard]] HoldingSlot holding_of(const ComingOrder& coming) const;

  const State& state_;
  const Market& market_;
};

}  // namespace origo
