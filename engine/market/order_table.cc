#include "engine/market/order_table.h"

namespace origo {

void OrderTable::insert(OrderId id, OrderSlot slot) {
  ENSURE(scattered_live_ == 0 || scattered_.find(id.value()) == kNoSlot);
  const std::uint64_t page_number = id.value() / kPageSize;
  if (count_ == 0) first_page_ = page_number;
  const std::uint64_t ahead = page_number - first_page_;
  if (page_number < first_page_ || ahead >= count_ + kGapMax) {
    scattered_.insert(id.value(), slot);
    ++scattered_live_;
    return;
  }
  const bool grows = ahead >= count_;
  while (ahead >= count_) append_page();
  std::uint32_t& page = ring_[ring_place(ahead)];
  if (page == kNoSlot) page = pages_.take();
  Page& own = pages_[page];
  ENSURE(own.places[id.value() % kPageSize] == kNoSlot);
  own.places[id.value() % kPageSize] = slot;
  ++own.live;
  ++paged_live_;
  if (!grows) return;
  while (count_ > kPagesFree && (count_ - kPagesFree) * kPageSize > 4 * paged_live_) drop_first_page();
}

void OrderTable::erase(OrderId id) {
  if (find_paged(id) == kNoSlot) {
    ENSURE(scattered_.find(id.value()) != kNoSlot);
    scattered_.erase(id.value());
    --scattered_live_;
    return;
  }
  const std::uint64_t ahead = id.value() / kPageSize - first_page_;
  std::uint32_t& page = ring_[ring_place(ahead)];
  pages_[page].places[id.value() % kPageSize] = kNoSlot;
  --paged_live_;
  if (--pages_[page].live > 0 || ahead + 1 == count_) return;  // the newest page fills soon
  pages_.give_back(page);
  page = kNoSlot;
  while (count_ > 1 && ring_[ring_place(0)] == kNoSlot) drop_first_page();
}

void OrderTable::append_page() {
  if (count_ == ring_.size()) {
    std::vector<std::uint32_t> wider(std::max<std::size_t>(16, ring_.size() * 2), kNoSlot);
    for (std::uint64_t i = 0; i < count_; ++i) wider[i] = ring_[ring_place(i)];
    ring_ = std::move(wider);
    start_ = 0;
  }
  ring_[ring_place(count_)] = kNoSlot;
  ++count_;
}

// What still lives in the first page goes to the scattered ones.
void OrderTable::drop_first_page() {
  const std::uint32_t page = ring_[ring_place(0)];
  if (page != kNoSlot) {
    for (std::uint64_t i = 0; i < kPageSize; ++i) {
      if (pages_[page].places[i] == kNoSlot) continue;
      scattered_.insert(first_page_ * kPageSize + i, pages_[page].places[i]);
      ++scattered_live_;
      --paged_live_;
    }
    pages_.give_back(page);
  }
  ++start_;
  --count_;
  ++first_page_;
}

}  // namespace origo
