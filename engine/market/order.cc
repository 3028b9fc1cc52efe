#include "engine/market/order.h"

namespace origo {

void OrderTable::insert(OrderId id, OrderSlot slot) {
  const std::uint64_t page = id.value() / kPageSize;
  if (pages_.empty()) first_page_ = page;
  ENSURE(page >= first_page_);
  while (page - first_page_ >= pages_.size()) pages_.emplace_back();
  Page& slots = pages_[page - first_page_];
  if (slots.places.empty()) {
    if (!spare_.empty()) {
      slots.places = std::move(spare_.back());
      spare_.pop_back();
    }
    slots.places.assign(kPageSize, kNoSlot);
  }
  ENSURE(slots.places[id.value() % kPageSize] == kNoSlot);
  slots.places[id.value() % kPageSize] = slot;
  ++slots.live;
}

void OrderTable::erase(OrderId id) {
  ENSURE(find(id) != kNoSlot);
  Page& slots = pages_[id.value() / kPageSize - first_page_];
  slots.places[id.value() % kPageSize] = kNoSlot;
  if (--slots.live > 0) return;
  // The newest page stays: its next ids are about to come.
  if (&slots != &pages_.back()) {
    if (spare_.size() < 16) spare_.push_back(std::move(slots.places));
    slots.places = {};
  }
  while (pages_.size() > 1 && pages_.front().live == 0) {
    pages_.pop_front();
    ++first_page_;
  }
}

}  // namespace origo
