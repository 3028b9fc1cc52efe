#include "engine/ledger/serial_range.h"

#include <algorithm>
#include <cstring>

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
  if (total_.is_zero()) {
    lowest_ = range;
  } else if (range.first < lowest_.first) {
    ENSURE(end_of(range) <= lowest_.first);
    if (end_of(range) == lowest_.first) {
      lowest_ = {.first = range.first, .count = range.count + lowest_.count};
    } else {
      insert(std::exchange(lowest_, range));
    }
  } else {
    ENSURE(end_of(lowest_) <= range.first);
    if (end_of(lowest_) == range.first) {
      lowest_.count += range.count;
    } else {
      insert(range);
    }
  }
  total_ += range.count;
}

// Among the rest. Neighbours in its chunk are merged.
void SerialRanges::insert(const SerialRange& range) {
  if (rest_ == nullptr) rest_ = std::make_unique<Rest>();
  const std::int64_t first = range.first.value();
  const std::int64_t end = end_of(range).value();
  if (rest_->parts.empty()) rest_->parts.push_back({.lowest = first, .chunk = take_chunk(), .size = 0});
  std::size_t at = find_part(first);
  if (rest_->parts[at].size == kChunk) at = divide(at, first);
  rest_->near = at;
  Part& part = rest_->parts[at];
  part.lowest = std::min(part.lowest, first);
  Chunk& chunk = rest_->chunks[part.chunk];
  std::uint32_t above = 0;  // how many lie above it
  for (std::uint32_t i = 0; i < kChunk; ++i)
    above += static_cast<std::uint32_t>(i < part.size) & static_cast<std::uint32_t>(chunk.firsts[i] > first);
  const bool meets_above = above > 0 && end >= chunk.firsts[above - 1];
  const bool meets_below = above < part.size && chunk.firsts[above] + chunk.counts[above] >= first;
  ENSURE(!meets_above || end == chunk.firsts[above - 1]);
  ENSURE(!meets_below || chunk.firsts[above] + chunk.counts[above] == first);
  const auto shift = [&](std::uint32_t from, std::uint32_t to) {  // those from `from` on
    std::memmove(&chunk.firsts[to], &chunk.firsts[from], (part.size - from) * sizeof(std::int64_t));
    std::memmove(&chunk.counts[to], &chunk.counts[from], (part.size - from) * sizeof(std::int64_t));
    part.size = part.size - from + to;
  };
  if (meets_below && meets_above) {
    chunk.counts[above] += range.count.value() + chunk.counts[above - 1];
    shift(above, above - 1);
  } else if (meets_below) {
    chunk.counts[above] += range.count.value();
  } else if (meets_above) {
    chunk.firsts[above - 1] = first;
    chunk.counts[above - 1] += range.count.value();
  } else {
    shift(above, above + 1);
    chunk.firsts[above] = first;
    chunk.counts[above] = range.count.value();
  }
}

std::size_t SerialRanges::find_part(std::int64_t first) const {
  const std::vector<Part>& parts = rest_->parts;
  const std::size_t near = std::min(rest_->near, parts.size() - 1);
  if (parts[near].lowest <= first && (near == 0 || parts[near - 1].lowest > first)) return near;
  const auto found =
      std::partition_point(parts.begin(), parts.end(), [&](const Part& part) { return part.lowest > first; });
  return std::min(static_cast<std::size_t>(found - parts.begin()), parts.size() - 1);
}

std::uint32_t SerialRanges::take_chunk() {
  if (rest_->free.empty()) {
    rest_->chunks.emplace_back();
    return static_cast<std::uint32_t>(rest_->chunks.size() - 1);
  }
  const std::uint32_t chunk = rest_->free.back();
  rest_->free.pop_back();
  return chunk;
}

// Gives the lower half of a full part a chunk of its own; returns the half in which `first` belongs.
std::size_t SerialRanges::divide(std::size_t at, std::int64_t first) {
  constexpr std::uint32_t kHalf = kChunk / 2;
  const Part lower{.lowest = rest_->parts[at].lowest, .chunk = take_chunk(), .size = kHalf};
  Part& upper = rest_->parts[at];
  const Chunk& full = rest_->chunks[upper.chunk];
  Chunk& half = rest_->chunks[lower.chunk];
  std::copy_n(full.firsts.begin() + kHalf, kHalf, half.firsts.begin());
  std::copy_n(full.counts.begin() + kHalf, kHalf, half.counts.begin());
  upper.size = kHalf;
  upper.lowest = full.firsts[kHalf - 1];
  const bool stays = first >= upper.lowest;
  rest_->parts.insert(rest_->parts.begin() + static_cast<std::ptrdiff_t>(at) + 1, lower);
  return stays ? at : at + 1;
}

SerialRange SerialRanges::next_lowest() {
  const SerialRange taken = lowest_;
  lowest_ = {};
  if (rest_ == nullptr || rest_->parts.empty()) return taken;
  Part& part = rest_->parts.back();
  const Chunk& chunk = rest_->chunks[part.chunk];
  --part.size;
  __builtin_prefetch(&chunk.firsts[part.size] - 8);
  __builtin_prefetch(&chunk.counts[part.size] - 8);
  lowest_ = {.first = Serial(chunk.firsts[part.size]), .count = Units(chunk.counts[part.size])};
  ENSURE(end_of(taken) <= lowest_.first);
  if (part.size == 0) {
    rest_->free.push_back(part.chunk);
    rest_->parts.pop_back();
  }
  return taken;
}

// Up to `count` of the lowest range, which touches what was taken before; how many they were.
Units SerialRanges::take_touching(Units count) {
  if (lowest_.count <= count) return next_lowest().count;
  lowest_ = split(lowest_, count).tail;
  return count;
}

std::vector<SerialRange> SerialRanges::ranges() const {
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
  if (rest_ == nullptr) return all;
  for (auto part = rest_->parts.rbegin(); part != rest_->parts.rend(); ++part) {
    const Chunk& chunk = rest_->chunks[part->chunk];
    for (std::uint32_t i = part->size; i > 0; --i)
      append({.first = Serial(chunk.firsts[i - 1]), .count = Units(chunk.counts[i - 1])});
  }
  return all;
}

void SerialRanges::take_out(const SerialRange& range) {
  ENSURE(range.count.is_positive());
  const std::vector<SerialRange> all = ranges();
  *this = SerialRanges();
  bool found = false;
  for (SerialRange each : all) {
    const bool holds = each.first <= range.first && end_of(range) <= end_of(each);
    if (holds) {
      found = true;
      const SerialRange after{.first = end_of(range), .count = Units((end_of(each) - end_of(range)).value())};
      if (after.count.is_positive()) add(after);
      each.count = Units((range.first - each.first).value());
    }
    if (each.count.is_positive()) add(each);
  }
  ENSURE(found);
}

void SerialRanges::decode(Decoder& in) {
  *this = SerialRanges();
  std::vector<SerialRange> ranges;
  in.get(ranges);
  Serial end;  // of the range before
  for (const SerialRange& range : ranges) {
    // Sums of damaged input could overflow; the supply cap bounds what is sound.
    if (range.count.value() <= 0 || range.count.value() > kSupplyMax - total_.value()) return in.fail();
    if (range.first <= end || range.first.value() > kSupplyMax) return in.fail();
    end = end_of(range);
    add(range);
  }
}

}  // namespace origo
