#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/core/encoding.h"
#include "engine/core/pool.h"
#include "engine/core/registry_events.h"

namespace origo {

// The serial after the last one of `range`.
[[nodiscard]] constexpr Serial end_of(const SerialRange& range) {
  return range.first + Serial(range.count.value());
}

struct SerialSplit {
  SerialRange head;
  SerialRange tail;
};

// Cuts `range` after its first `head_count` units; head and tail together are exactly `range`.
[[nodiscard]] SerialSplit split(const SerialRange& range, Units head_count);

// What both have in common; count 0: nothing.
[[nodiscard]] SerialRange intersection(const SerialRange& a, const SerialRange& b);

// Ranges in a short list, ascending and never touching: one more comes, or is taken out again.
// Requires: none of it is in the list; all of it is.
void add_to(std::vector<SerialRange>& list, const SerialRange& range);
void take_from(std::vector<SerialRange>& list, const SerialRange& range);

// "1-100", or "7" for a single serial.
[[nodiscard]] std::string print(const SerialRange& range);
// "1-60,81-100"
[[nodiscard]] std::string print(const std::vector<SerialRange>& ranges);

// A page of the tree in which a holding keeps its ranges beyond the lowest, in descending order: at
// the bottom ranges, above them the pages below. All holdings' pages lie in one pool, so that
// trade, which cuts ranges and merges them, allocates nothing once the pool has grown.
struct RangePage {
  struct Item {
    std::int64_t first;  // serial; of a page below: none of its ranges begins before it
    std::int64_t value;  // how many serials; or the page's slot
  };
  static constexpr std::uint32_t kItems = 31;
  std::array<Item, kItems> items;
  std::uint32_t size = 0;
  std::uint32_t latest = 0;  // where an item came last; may lie beyond the end by now
  [[nodiscard]] bool full() const { return size == kItems; }
  // Whether `first` lies between its items, so that it belongs to no other page.
  [[nodiscard]] bool spans(std::int64_t first) const {
    return size > 1 && items[size - 1].first < first && first < items[0].first;
  }
  // How many items begin above `first`: found without a branch, as no processor can guess it.
  [[nodiscard]] std::uint32_t above(std::int64_t first) const {
    std::uint32_t found = 0;
    for (std::uint32_t step = 16; step > 0; step /= 2)
      found += static_cast<std::uint32_t>(found + step <= size &&
                                          items[found + step - 1].first > first) *
               step;
    return found;
  }
  // The same, looked for from where the last item came: what is delivered together comes in
  // ascending order.
  [[nodiscard]] std::uint32_t above_from_latest(std::int64_t first) const {
    std::uint32_t found = std::min(latest, size);
    while (found > 0 && items[found - 1].first <= first) --found;
    while (found < size && items[found].first > first) ++found;
    return found;
  }
  void insert(std::uint32_t at, const Item& item) {
    std::copy_backward(items.begin() + at, items.begin() + size, items.begin() + size + 1);
    items[at] = item;
    ++size;
    latest = at;
  }
  void erase(std::uint32_t at) {
    std::copy(items.begin() + at + 1, items.begin() + size, items.begin() + at);
    --size;
  }
};
static_assert(RangePage::kItems == 16 + 8 + 4 + 2 + 1);
using RangePages = Pool<RangePage, 4>;

// Disjoint ranges of serials, of which the lowest go first. Most holders have one range, which lies
// in here; the others in a tree of pages, so that one comes or goes without moving all the rest.
// Where two pages meet, neighbours may lie apart, but whoever takes or reads them sees them merged.
// All calls get the same pool; a copy belongs to a copy of the pool.
class SerialRanges {
 public:
  [[nodiscard]] Units total() const { return total_; }
  [[nodiscard]] bool empty() const { return total_.is_zero(); }
  // Ascending, never touching: neighbours are merged.
  [[nodiscard]] std::vector<SerialRange> ranges(const RangePages& pages) const;

  // Requires: no serial of `range` is in here.
  void add(RangePages& pages, const SerialRange& range);

  // Takes the lowest `count` serials out and calls `visit(range)` for each range, ascending, never
  // touching. Requires: 0 < count <= total().
  template <class Visit>
  void take_lowest(RangePages& pages, Units count, Visit&& visit) {
    ENSURE(count.is_positive());
    ENSURE(count <= total_);
    total_ -= count;
    while (lowest_.count <= count) {
      SerialRange taken = next_lowest(pages);
      while (taken.count < count && lowest_.count.is_positive() && lowest_.first == end_of(taken))
        taken.count += take_touching(pages, count - taken.count);
      count -= taken.count;
      visit(taken);
      if (count.is_zero()) return;
    }
    visit(SerialRange{.first = lowest_.first, .count = count});
    lowest_ = split(lowest_, count).tail;
  }

  // Takes just these serials out. Requires: all of `range` is in here. Cost: all ranges.
  void take_out(RangePages& pages, const SerialRange& range);

  void encode(const RangePages& pages, Encoder& out) const { out.put(ranges(pages)); }
  // Into an empty one.
  void decode(RangePages& pages, Decoder& in);

 private:
  static constexpr std::uint32_t kNone = RangePages::kNone;
  static constexpr std::uint32_t kHeightMax = 12;
  SerialRange next_lowest(
      RangePages& pages) {  // returns the lowest range; the one after it takes its place
    const SerialRange taken = lowest_;
    lowest_ = {};
    if (bottom_ == kNone) return taken;
    RangePage& page = pages[bottom_];
    const RangePage::Item& next = page.items[--page.size];
    lowest_ = {.first = Serial(next.first), .count = Units(next.value)};
    ENSURE(end_of(taken) <= lowest_.first);
    if (page.size == 0) [[unlikely]]
      drop_bottom(pages);
    return taken;
  }
  Units take_touching(RangePages& pages, Units count);
  void insert(RangePages& pages, const SerialRange& range);
  void grow(RangePages& pages);
  void drop_bottom(RangePages& pages);
  [[nodiscard]] std::uint32_t find_bottom(const RangePages& pages) const;

  SerialRange lowest_;  // count 0: none at all
  Units total_;         // Invariant: the sum of all counts
  std::uint32_t root_ = kNone;
  std::uint32_t height_ = 0;      // of the tree; 1: the root holds ranges
  std::uint32_t bottom_ = kNone;  // the page with the lowest ranges
  std::uint32_t near_ = kNone;    // the page where the last one was put: the next often follows it
};

}  // namespace origo
