#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/core/id.h"
#include "engine/core/index.h"
#include "engine/core/pool.h"
#include "engine/market/order.h"

namespace origo {

// From order ids to the places of live orders. Each id has one place in a table, found by its low
// bits: ids that count up lie side by side, and no hash is computed. The order itself says whether
// it is the one that is meant. When a new id comes to a place that an old order holds, the old one
// moves to a hash table beside it. So memory is bounded by the most orders that ever lived at once,
// at 16 to 32 bytes each and 64 KiB, however many have lived.
class OrderTable {
 public:
  [[nodiscard]] OrderSlot find(OrderId id, const Pool<Order>& orders) const {
    const OrderSlot slot = slots_[id.value() & mask_];
    if (slot != kNoSlot && orders[slot].id == id) [[likely]]
      return slot;
    return id > scattered_last_ ? kNoSlot : find_scattered(id);
  }
  // Requires: no live order has this id, and orders[slot] has it from now on.
  void insert(OrderId id, OrderSlot slot, const Pool<Order>& orders) {
    OrderSlot& own = slots_[id.value() & mask_];
    if (own != kNoSlot) [[unlikely]]
      return insert_with_care(id, slot, orders);
    own = slot;
  }
  // Requires: it was inserted so.
  void erase(OrderId id, OrderSlot slot) {
    OrderSlot& own = slots_[id.value() & mask_];
    if (own != slot) [[unlikely]]
      return erase_scattered(id, slot);
    own = kNoSlot;
  }
  [[nodiscard]] std::size_t places() const { return slots_.size(); }
  // Where the order probably is: kNoSlot, or a place in the pool.
  [[nodiscard]] OrderSlot hint(OrderId id) const { return slots_[id.value() & mask_]; }
  // Brings the place of `id` near, for a find() that comes soon.
  [[gnu::always_inline]] void prefetch(OrderId id) const {
    __builtin_prefetch(&slots_[id.value() & mask_]);
  }

 private:
  static constexpr std::size_t kPlacesMin = 256;
  static constexpr std::size_t kPlacesFree = 16384;  // so many before an old order has to move
  static constexpr std::size_t kPlacesPerOrder = 4;
  [[nodiscard]] OrderSlot find_scattered(OrderId id) const;
  void insert_with_care(OrderId id, OrderSlot slot, const Pool<Order>& orders);
  void erase_scattered(OrderId id, OrderSlot slot);
  void widen(const Pool<Order>& orders);

  std::vector<OrderSlot> slots_ = std::vector<OrderSlot>(1, kNoSlot);
  std::uint64_t mask_ = 0;  // places - 1
  OrderId scattered_last_;  // the highest id that ever came into
  Index scattered_;
};

}  // namespace origo
