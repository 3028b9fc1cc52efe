#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

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

// Disjoint ranges of serials, of which the lowest go first. Most holders have one range. The others lie in
// descending order in chunks, so that one comes or goes without moving all the rest; where two chunks meet,
// neighbours may lie apart, but whoever takes or reads them sees them merged.
class SerialRanges {
 public:
  SerialRanges() = default;
  SerialRanges(const SerialRanges& other)
      : lowest_(other.lowest_), total_(other.total_), rest_(other.rest_ ? std::make_unique<Rest>(*other.rest_) : nullptr) {}
  SerialRanges(SerialRanges&&) noexcept = default;
  SerialRanges& operator=(SerialRanges other) noexcept {
    lowest_ = other.lowest_;
    total_ = other.total_;
    rest_ = std::move(other.rest_);
    return *this;
  }
  ~SerialRanges() = default;

  [[nodiscard]] Units total() const { return total_; }
  [[nodiscard]] bool empty() const { return total_.is_zero(); }
  // Ascending, never touching: neighbours are merged.
  [[nodiscard]] std::vector<SerialRange> ranges() const;

  // Requires: no serial of `range` is in here.
  void add(const SerialRange& range);

  // Takes the lowest `count` serials out and calls `visit(range)` for each range, ascending, never touching.
  // Requires: 0 < count <= total().
  template <class Visit>
  void take_lowest(Units count, Visit&& visit) {
    ENSURE(count.is_positive());
    ENSURE(count <= total_);
    total_ -= count;
    while (lowest_.count <= count) {
      SerialRange taken = next_lowest();
      while (taken.count < count && lowest_.count.is_positive() && lowest_.first == end_of(taken))
        taken.count += take_touching(count - taken.count);
      count -= taken.count;
      visit(taken);
      if (count.is_zero()) return;
    }
    visit(SerialRange{.first = lowest_.first, .count = count});
    lowest_ = split(lowest_, count).tail;
  }

  // Takes just these serials out. Requires: all of `range` is in here. Cost: all ranges.
  void take_out(const SerialRange& range);

  void encode(Encoder& out) const { out.put(ranges()); }
  void decode(Decoder& in);

 private:
  static constexpr std::uint32_t kChunk = 32;
  struct Chunk {  // descending; in two arrays, so that a place is found by comparing many at once
    std::array<std::int64_t, kChunk> firsts;
    std::array<std::int64_t, kChunk> counts;
  };
  struct Part {
    std::int64_t lowest;  // no range of the chunk begins below it
    std::uint32_t chunk;
    std::uint32_t size;
  };
  struct Rest {
    std::vector<Part> parts;  // descending
    std::vector<Chunk> chunks;
    std::vector<std::uint32_t> free;
    std::size_t near = 0;  // the part in which the last one was put: the next often follows it
  };
  SerialRange next_lowest();  // returns the lowest range; the one after it takes its place
  Units take_touching(Units count);
  void insert(const SerialRange& range);
  std::uint32_t take_chunk();
  [[nodiscard]] std::size_t find_part(std::int64_t first) const;
  std::size_t divide(std::size_t part, std::int64_t first);

  SerialRange lowest_;  // count 0: none at all
  Units total_;         // Invariant: the sum of all counts
  std::unique_ptr<Rest> rest_;
};

}  // namespace origo
