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
  const auto first = ranges_.begin() + gap_;
  const auto above =
      std::lower_bound(first, ranges_.end(), range.first,
                       [](const SerialRange& known, Serial serial) { return known.first < serial; });
  ENSURE(above == ranges_.end() || end_of(range) <= above->first);
  ENSURE(above == first || end_of(*(above - 1)) <= range.first);
  total_ += range.count;
  const bool touches_above = above != ranges_.end() && end_of(range) == above->first;
  const bool touches_below = above != first && end_of(*(above - 1)) == range.first;
  const auto at = static_cast<std::size_t>(above - ranges_.begin());
  if (touches_below && touches_above) {
    ranges_[at - 1].count += range.count + above->count;
    erase(at);
  } else if (touches_below) {
    ranges_[at - 1].count += range.count;
  } else if (touches_above) {
    above->first = range.first;
    above->count += range.count;
  } else {
    insert(at, range);
  }
}

// Into the gap, if that is nearer than the end.
void SerialRanges::insert(std::size_t at, const SerialRange& range) {
  if (gap_ == 0 || at - gap_ > ranges_.size() - at) {
    ranges_.insert(ranges_.begin() + static_cast<std::ptrdiff_t>(at), range);
    return;
  }
  std::move(ranges_.begin() + gap_, ranges_.begin() + static_cast<std::ptrdiff_t>(at), ranges_.begin() + gap_ - 1);
  --gap_;
  ranges_[at - 1] = range;
}

void SerialRanges::erase(std::size_t at) {
  if (at - gap_ > ranges_.size() - at) {
    ranges_.erase(ranges_.begin() + static_cast<std::ptrdiff_t>(at));
    return;
  }
  const auto place = ranges_.begin() + static_cast<std::ptrdiff_t>(at);
  std::move_backward(ranges_.begin() + gap_, place, place + 1);
  ++gap_;
  close_wide_gap();
}

void SerialRanges::decode(Decoder& in) {
  in.get(ranges_);
  gap_ = 0;
  total_ = Units();
  for (const SerialRange& range : ranges_) {
    // Sums of damaged input could overflow; the supply cap bounds what is sound.
    if (range.count.value() <= 0 || range.count.value() > kSupplyMax - total_.value()) return in.fail();
    total_ += range.count;
  }
}

}  // namespace origo
