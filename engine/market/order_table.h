#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "engine/core/id.h"
#include "engine/core/index.h"
#include "engine/core/pool.h"

namespace origo {

// Place of an order in its pool; valid while the order lives.
using OrderSlot = std::uint32_t;
inline constexpr std::uint32_t kNoSlot = Index::kNone;

// From order ids to places. Ids that count up lie in pages of 256, found by two look-ups and no hash;
// orders that have outlived most of their page, and ids that come out of line, lie in a hash table beside
// them. So memory is bounded by the live orders (at most 16 bytes each in pages, and 64 KiB), however
// many have lived.
class OrderTable {
 public:
  [[nodiscard]] OrderSlot find(OrderId id) const {
    const OrderSlot slot = find_paged(id);
    if (slot != kNoSlot || scattered_live_ == 0) [[likely]] return slot;
    return scattered_.find(id.value());
  }
  void insert(OrderId id, OrderSlot slot);  // requires: not there
  void erase(OrderId id);                   // requires: there
  [[nodiscard]] std::size_t live() const { return paged_live_ + scattered_live_; }

 private:
  static constexpr std::uint64_t kPageSize = 256;
  static constexpr std::uint64_t kPagesFree = 64;    // kept however few orders live
  static constexpr std::uint64_t kGapMax = 1024;     // pages an id may run ahead of the last one
  struct Page {
    OrderSlot places[kPageSize];
    std::uint32_t live = 0;
    Page() { std::fill_n(places, kPageSize, kNoSlot); }
  };
  [[nodiscard]] OrderSlot find_paged(OrderId id) const {
    const std::uint64_t ahead = id.value() / kPageSize - first_page_;
    if (ahead >= count_) return kNoSlot;
    const std::uint32_t page = ring_[ring_place(ahead)];
    return page == kNoSlot ? kNoSlot : pages_[page].places[id.value() % kPageSize];
  }
  [[nodiscard]] std::size_t ring_place(std::uint64_t ahead) const {
    return static_cast<std::size_t>(start_ + ahead) & (ring_.size() - 1);
  }
  void append_page();
  void drop_first_page();

  std::vector<std::uint32_t> ring_;  // pages from first_page_ on; its size is a power of two
  std::uint64_t start_ = 0;          // of first_page_ in the ring
  std::uint64_t count_ = 0;          // pages in the ring, kNoSlot for empty ones
  std::uint64_t first_page_ = 0;
  std::size_t paged_live_ = 0;
  std::size_t scattered_live_ = 0;
  Pool<Page, 6> pages_;
  Index scattered_;
};

}  // namespace origo
