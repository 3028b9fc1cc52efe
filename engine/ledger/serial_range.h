#pragma once

#include <span>
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
// The lowest are taken first, so what is taken leaves a gap in front, which new low ranges fill; it is
// closed when it is half of all. So taking moves nothing, and adding moves the shorter side.
class SerialRanges {
 public:

  [[nodiscard]] Units total() const { return total_; }
  [[nodiscard]] bool empty() const { return total_.is_zero(); }
  [[nodiscard]] std::span<const SerialRange> ranges() const { return std::span(ranges_).subspan(gap_); }

  // Requires: no serial of `range` is in here.
  void add(const SerialRange& range);

  // Takes the lowest `count` serials out and calls `visit(range)` for each piece, ascending.
  // Requires: 0 < count <= total().
  template <class Visit>
  void take_lowest(Units count, Visit&& visit) {
    ENSURE(count.is_positive());
    ENSURE(count <= total_);
    total_ -= count;
    while (count.is_positive()) {
      SerialRange& lowest = ranges_[gap_];
      if (lowest.count <= count) {
        count -= lowest.count;
        visit(lowest);
        ++gap_;
        continue;
      }
      const SerialSplit parts = split(lowest, count);
      count = Units();
      visit(parts.head);
      lowest = parts.tail;
    }
    close_wide_gap();
  }

  void encode(Encoder& out) const { out.put(ranges()); }
  void decode(Decoder& in);

 private:
  void insert(std::size_t at, const SerialRange& range);
  void erase(std::size_t at);
  void close_wide_gap() {
    if (2 * std::size_t{gap_} < ranges_.size()) return;
    ranges_.erase(ranges_.begin(), ranges_.begin() + gap_);
    gap_ = 0;
  }

  boost::container::small_vector<SerialRange, 1> ranges_;
  std::uint32_t gap_ = 0;  // places in front that hold nothing
  Units total_;            // Invariant: the sum of ranges()[i].count
};

}  // namespace origo
