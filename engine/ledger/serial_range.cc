#include "engine/ledger/serial_range.h"

#include <algorithm>

namespace origo {

SerialSplit split(const SerialRange& range, Units head_count) {
  ENSURE(head_count.is_positive());
  ENSURE(head_count < range.count);
  const SerialRange head{.first = range.first, .count = head_count};
  const SerialRange tail{.first = end_of(head), .count = range.count - head_count};
  ENSURE(end_of(tail) == end_of(range));
  return {.head = head, .tail = tail};
}

std::string print(const SerialRange& range) {
  std::string out = std::to_string(range.first.value());
  if (range.count > Units(1)) out += "-" + std::to_string(end_of(range).value() - 1);
  return out;
}

void SerialRanges::add(const SerialRange& range) {
  ENSURE(range.first.is_positive());
  ENSURE(range.count.is_positive());
  const auto above = std::lower_bound(
      ranges_.begin(), ranges_.end(), range.first,
      [](const SerialRange& known, Serial first) { return known.first < first; });
  ENSURE(above == ranges_.end() || end_of(range) <= above->first);
  ENSURE(above == ranges_.begin() || end_of(*(above - 1)) <= range.first);
  total_ += range.count;
  const bool touches_above = above != ranges_.end() && end_of(range) == above->first;
  const bool touches_below = above != ranges_.begin() && end_of(*(above - 1)) == range.first;
  if (touches_below && touches_above) {
    (above - 1)->count += range.count + above->count;
    ranges_.erase(above);
  } else if (touches_below) {
    (above - 1)->count += range.count;
  } else if (touches_above) {
    above->first = range.first;
    above->count += range.count;
  } else {
    ranges_.insert(above, range);
  }
}

void SerialRanges::decode(Decoder& in) {
  in.get(ranges_);
  total_ = Units();
  for (const SerialRange& range : ranges_) {
    // Sums of damaged input could overflow; the supply cap bounds what is sound.
    if (range.count.value() <= 0 || range.count.value() > kSupplyMax - total_.value()) return in.fail();
    total_ += range.count;
  }
}

}  // namespace origo
