#include "engine/market/order_table.h"

#include <algorithm>
#include <utility>

#include "engine/core/ensure.h"

namespace origo {

OrderSlot OrderTable::find_scattered(OrderId id) const {
  return scattered_.find(id.value());
}

void OrderTable::insert_with_care(OrderId id, OrderSlot slot, const Pool<Order>& orders) {
  ENSURE(find(id, orders) == kNoSlot);
  const std::size_t enough = std::max(kPlacesFree, orders.live() * kPlacesPerOrder);
  while (slots_[id.value() & mask_] != kNoSlot && slots_.size() < enough) widen(orders);
  const OrderSlot old = std::exchange(slots_[id.value() & mask_], slot);
  if (old == kNoSlot) return;
  const OrderId moved = orders[old].id;
  scattered_.insert(moved.value(), old);
  scattered_last_ = std::max(scattered_last_, moved);
}

void OrderTable::erase_scattered(OrderId id, OrderSlot slot) {
  ENSURE(scattered_.find(id.value()) == slot);
  scattered_.erase(id.value());
}

// Doubles the places. Orders that had places of their own keep such: their ids differ in the low
// bits.
void OrderTable::widen(const Pool<Order>& orders) {
  const std::size_t places = std::max(kPlacesMin, slots_.size() * 2);
  const std::vector<OrderSlot> before =
      std::exchange(slots_, std::vector<OrderSlot>(places, kNoSlot));
  mask_ = places - 1;
  for (const OrderSlot slot : before) {
    if (slot != kNoSlot) slots_[orders[slot].id.value() & mask_] = slot;
  }
}

}  // namespace origo
