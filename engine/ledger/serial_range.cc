#include "engine/ledger/serial_range.h"

#include <algorithm>
#include <utility>

namespace origo {

SerialSplit split(const SerialRange& range, Units head_count) {
  ENSURE(head_count.is_positive());
  ENSURE(head_count < range.count);
  const SerialRange head{.first = range.first, .count = head_count};
  const SerialRange tail{.first = end_of(head), .count = range.count - head_count};
  ENSURE(end_of(tail) == end_of(range));
  return {.head = head, .tail = tail};
}

SerialRange intersection(const SerialRange& a, const SerialRange& b) {
  const Serial first = std::max(a.first, b.first);
  const Serial end = std::min(end_of(a), end_of(b));
  return {.first = first, .count = Units(std::max<std::int64_t>((end - first).value(), 0))};
}

void add_to(std::vector<SerialRange>& list, const SerialRange& range) {
  ENSURE(range.count.is_positive());
  auto at = std::ranges::upper_bound(list, range.first, {}, &SerialRange::first);
  ENSURE(at == list.end() || end_of(range) <= at->first);
  ENSURE(at == list.begin() || end_of(*std::prev(at)) <= range.first);
  at = list.insert(at, range);
  if (std::next(at) != list.end() && end_of(*at) == std::next(at)->first) {
    at->count += std::next(at)->count;
    list.erase(std::next(at));
  }
  if (at == list.begin() || end_of(*std::prev(at)) != at->first) return;
  std::prev(at)->count += at->count;
  list.erase(at);
}

void take_from(std::vector<SerialRange>& list, const SerialRange& range) {
  ENSURE(range.count.is_positive());
  auto at = std::ranges::upper_bound(list, range.first, {}, &SerialRange::first);
  ENSURE(at != list.begin());
  --at;
  ENSURE(end_of(range) <= end_of(*at));
  const SerialRange below{.first = at->first, .count = Units((range.first - at->first).value())};
  const SerialRange above{.first = end_of(range),
                          .count = Units((end_of(*at) - end_of(range)).value())};
  at = list.erase(at);
  if (above.count.is_positive()) at = list.insert(at, above);
  if (below.count.is_positive()) list.insert(at, below);
}

std::string print(const SerialRange& range) {
  std::string out = std::to_string(range.first.value());
  if (range.count > Units(1)) out += "-" + std::to_string(end_of(range).value() - 1);
  return out;
}

std::string print(const std::vector<SerialRange>& ranges) {
  std::string out;
  for (const SerialRange& range : ranges) out += (out.empty() ? "" : ",") + print(range);
  return out;
}

void SerialRanges::add(RangePages& pages, const SerialRange& range) {
  ENSURE(range.first.is_positive());
  ENSURE(range.count.is_positive());
  if (total_.is_zero()) {
    lowest_ = range;
  } else if (range.first < lowest_.first) {
    ENSURE(end_of(range) <= lowest_.first);
    if (end_of(range) == lowest_.first) {
      lowest_ = {.first = range.first, .count = range.count + lowest_.count};
    } else {
      insert(pages, std::exchange(lowest_, range));
    }
  } else {
    ENSURE(end_of(lowest_) <= range.first);
    if (end_of(lowest_) == range.first) {
      lowest_.count += range.count;
    } else {
      insert(pages, range);
    }
  }
  total_ += range.count;
}

// Makes room for one more item in the root.
void SerialRanges::grow(RangePages& pages) {
  if (height_ > 0 && !pages[root_].full()) return;
  const std::uint32_t above = pages.take();
  if (height_ > 0)
    pages[above].insert(0, {.first = pages[root_].items.back().first, .value = root_});
  root_ = above;
  ++height_;
  ENSURE(height_ <= kHeightMax);
}

namespace {

std::uint32_t slot_of(const RangePage::Item& item) {
  return static_cast<std::uint32_t>(item.value);
}

// Gives the lower half of a full page, the one at `at` of its parent, a page of its own.
void divide(RangePages& pages, std::uint32_t parent, std::uint32_t at) {
  constexpr std::uint32_t kUpper = RangePage::kItems - RangePage::kItems / 2;
  const std::uint32_t half = pages.take();
  RangePage& above = pages[parent];
  RangePage& upper = pages[slot_of(above.items[at])];
  RangePage& lower = pages[half];
  std::copy(upper.items.begin() + kUpper, upper.items.end(), lower.items.begin());
  lower.size = RangePage::kItems - kUpper;
  upper.size = kUpper;
  above.insert(at + 1, {.first = above.items[at].first, .value = half});
  above.items[at].first = upper.items[kUpper - 1].first;
}

// Among the ranges of a page with room, below the first `above`. Neighbours are merged.
void put(RangePage& page, std::uint32_t above, std::int64_t first, std::int64_t count) {
  RangePage::Item* const upper = above > 0 ? &page.items[above - 1] : nullptr;
  RangePage::Item* const lower = above < page.size ? &page.items[above] : nullptr;
  const bool meets_upper = upper != nullptr && first + count >= upper->first;
  const bool meets_lower = lower != nullptr && lower->first + lower->value >= first;
  ENSURE(!meets_upper || first + count == upper->first);
  ENSURE(!meets_lower || lower->first + lower->value == first);
  if (meets_lower && meets_upper) {
    lower->value += count + upper->value;
    page.erase(above - 1);
  } else if (meets_lower) {
    lower->value += count;
  } else if (meets_upper) {
    *upper = {.first = first, .value = upper->value + count};
  } else {
    page.insert(above, {.first = first, .value = count});
  }
}

}  // namespace

// Among the rest: down to its page, dividing full ones on the way, so that each parent has room.
void SerialRanges::insert(RangePages& pages, const SerialRange& range) {
  const std::int64_t first = range.first.value();
  if (near_ != kNone) {
    RangePage& page = pages[near_];
    if (page.spans(first) && !page.full())
      return put(page, page.above_from_latest(first), first, range.count.value());
  }
  grow(pages);
  bool divided = bottom_ == kNone;
  std::uint32_t slot = root_;
  for (std::uint32_t height = height_; height > 1; --height) {
    RangePage& page = pages[slot];
    std::uint32_t at = std::min(page.above(first), page.size - 1);
    if (pages[slot_of(page.items[at])].full()) {
      divide(pages, slot, at);
      divided = true;
      at = std::min(page.above(first), page.size - 1);
    }
    page.items[at].first = std::min(page.items[at].first, first);
    slot = slot_of(page.items[at]);
  }
  put(pages[slot], pages[slot].above(first), first, range.count.value());
  near_ = slot;
  if (divided) bottom_ = find_bottom(pages);
}

std::uint32_t SerialRanges::find_bottom(const RangePages& pages) const {
  if (height_ == 0) return kNone;
  std::uint32_t slot = root_;
  for (std::uint32_t height = height_; height > 1; --height)
    slot = slot_of(pages[slot].items[pages[slot].size - 1]);
  return slot;
}

// The bottom is empty: it goes, with the pages above it that have no other, and a root with one
// page below it gives way to that.
void SerialRanges::drop_bottom(RangePages& pages) {
  std::array<std::uint32_t, kHeightMax> path{};  // from the root down
  path[0] = root_;
  for (std::uint32_t depth = 1; depth < height_; ++depth) {
    const RangePage& page = pages[path[depth - 1]];
    path[depth] = slot_of(page.items[page.size - 1]);
  }
  if (near_ == bottom_) near_ = kNone;
  std::uint32_t depth = height_;
  while (depth > 0 && pages[path[depth - 1]].size == 0) {
    pages.give_back_clean(path[--depth]);
    if (depth > 0) --pages[path[depth - 1]].size;
  }
  if (depth == 0) height_ = 0;
  while (height_ > 1 && pages[root_].size == 1) {
    const std::uint32_t only = slot_of(pages[root_].items[0]);
    pages[root_].size = 0;
    pages.give_back_clean(std::exchange(root_, only));
    --height_;
  }
  bottom_ = find_bottom(pages);
}

// Up to `count` of the lowest range, which touches what was taken before; how many they were.
Units SerialRanges::take_touching(RangePages& pages, Units count) {
  if (lowest_.count <= count) return next_lowest(pages).count;
  lowest_ = split(lowest_, count).tail;
  return count;
}

namespace {

// Visits the ranges below a page, the lowest first.
template <class Visit>
void walk(const RangePages& pages, std::uint32_t slot, std::uint32_t height, Visit&& visit) {
  const RangePage& page = pages[slot];
  for (std::uint32_t i = page.size; i > 0; --i) {
    const RangePage::Item& item = page.items[i - 1];
    if (height > 1) {
      walk(pages, slot_of(item), height - 1, visit);
    } else {
      visit(SerialRange{.first = Serial(item.first), .count = Units(item.value)});
    }
  }
}

}  // namespace

std::vector<SerialRange> SerialRanges::ranges(const RangePages& pages) const {
  std::vector<SerialRange> all;
  const auto append = [&](const SerialRange& range) {
    ENSURE(all.empty() || end_of(all.back()) <= range.first);
    if (!all.empty() && end_of(all.back()) == range.first) {
      all.back().count += range.count;
    } else {
      all.push_back(range);
    }
  };
  if (!total_.is_zero()) append(lowest_);
  if (height_ > 0) walk(pages, root_, height_, append);
  return all;
}

void SerialRanges::take_out(RangePages& pages, const SerialRange& range) {
  ENSURE(range.count.is_positive());
  std::vector<SerialRange> all;
  take_lowest(pages, total_, [&](const SerialRange& each) { all.push_back(each); });
  bool found = false;
  for (SerialRange each : all) {
    if (each.first <= range.first && end_of(range) <= end_of(each)) {
      found = true;
      const SerialRange after{.first = end_of(range),
                              .count = Units((end_of(each) - end_of(range)).value())};
      if (after.count.is_positive()) add(pages, after);
      each.count = Units((range.first - each.first).value());
    }
    if (each.count.is_positive()) add(pages, each);
  }
  ENSURE(found);
}

void SerialRanges::decode(RangePages& pages, Decoder& in) {
  ENSURE(empty());
  std::vector<SerialRange> ranges;
  in.get(ranges);
  Serial end;  // of the range before
  for (const SerialRange& range : ranges) {
    // Sums of damaged input could overflow; the supply cap bounds what is sound.
    if (range.count.value() <= 0 || range.count.value() > kSupplyMax - total_.value())
      return in.fail();
    if (range.first <= end || range.first.value() > kSupplyMax) return in.fail();
    end = end_of(range);
    add(pages, range);
  }
}

}  // namespace origo
