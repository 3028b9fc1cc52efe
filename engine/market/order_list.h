#pragma once

#include <cstdint>
#include <vector>

#include "engine/core/pool.h"
#include "engine/market/order.h"

namespace origo {

// The live orders of an account or a session, oldest first. An order that dies is only counted out;
// its entry goes when the dead outnumber the living, so that neither touches its neighbours.
class OrderList {
 public:
  void add(OrderSlot slot, OrderId id) {
    entries_.push_back(std::uint64_t{slot} << 32 | static_cast<std::uint32_t>(id.value()));
    ++live_;
  }
  // One of the orders has died and is no longer in the pool.
  void count_out(const Pool<Order>& orders) {
    ENSURE(live_ > 0);
    --live_;
    if (entries_.size() <= 2 * std::size_t{live_} + 16) return;
    // Without a branch on what lives: the orders lie anywhere, and so their lines come at the same
    // time.
    std::size_t kept = 0;
    for (const std::uint64_t entry : entries_) {
      entries_[kept] = entry;
      kept += static_cast<std::size_t>(lives(orders, entry));
    }
    entries_.resize(kept);
  }
  [[nodiscard]] std::uint32_t live() const { return live_; }
  // visit(slot); orders may die meanwhile, but none may be added.
  template <class Visit>
  void for_each(const Pool<Order>& orders, Visit&& visit) const {
    const std::vector<std::uint64_t> entries = entries_;
    for (const std::uint64_t entry : entries) {
      if (lives(orders, entry)) visit(static_cast<OrderSlot>(entry >> 32));
    }
  }

 private:
  [[nodiscard]] static bool lives(const Pool<Order>& orders, std::uint64_t entry) {
    const Order& order = orders[static_cast<OrderSlot>(entry >> 32)];
    const bool same =
        static_cast<std::uint32_t>(order.id.value()) == static_cast<std::uint32_t>(entry);
    return order.id.is_set() & same;
  }
  std::vector<std::uint64_t> entries_;  // slot << 32 | low half of the id
  std::uint32_t live_ = 0;
};

}  // namespace origo
