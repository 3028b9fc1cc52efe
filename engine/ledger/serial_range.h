#pragma once

#include <string>

#include <boost/container/small_vector.hpp>

#include "engine/core/event.h"

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

// "1-100", or "7" for a single serial.
[[nodiscard]] std::string print(const SerialRange& range);

// Disjoint ranges, ascending, never touching: neighbours are merged. Most holders have one.
class SerialRanges {
 public:
  using Storage = boost::container::small_vector<SerialRange, 1>;

  [[nodiscard]] Units total() const { return total_; }
  [[nodiscard]] bool empty() const { return ranges_.empty(); }
  [[nodiscard]] const Storage& ranges() const { return ranges_; }

  // Requires: no serial of `range` is in here.
  void add(const SerialRange& range);

  // Takes the lowest `count` serials out and calls `visit(range)` for each piece, ascending.
  // Requires: 0 < count <= total().
  template <class Visit>
  void take_lowest(Units count, Visit&& visit) {
    ENSURE(count.is_positive());
    ENSURE(count <= total_);
    total_ -= count;
    std::size_t whole = 0;
    while (count.is_positive()) {
      SerialRange& lowest = ranges_[whole];
      if (lowest.count <= count) {
        count -= lowest.count;
        visit(lowest);
        ++whole;
        continue;
      }
      const SerialSplit parts = split(lowest, count);
      count = Units();
      visit(parts.head);
      lowest = parts.tail;
    }
    ranges_.erase(ranges_.begin(), ranges_.begin() + static_cast<std::ptrdiff_t>(whole));
  }

  void encode(Encoder& out) const { out.put(ranges_); }
  void decode(Decoder& in);

 private:
  Storage ranges_;
  Units total_;  // Invariant: the sum of ranges_[i].count
};

}  // namespace origo
