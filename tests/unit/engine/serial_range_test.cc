#include "engine/ledger/serial_range.h"

#include <gtest/gtest.h>

#include <limits>
#include <set>
#include <vector>

#include "tests/support/draw.h"

namespace origo {
namespace {

constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();

SerialRange range(std::int64_t first, std::int64_t count) {
  return {.first = Serial(first), .count = Units(count)};
}

struct Split {
  SerialRange whole;
  std::int64_t head_count;
  SerialRange head;
  SerialRange tail;
};

TEST(SerialRange, SplitsWithoutLossOrOverlap) {
  const Split cases[] = {
      {range(1, 2), 1, range(1, 1), range(2, 1)},
      {range(1, 100), 40, range(1, 40), range(41, 60)},
      {range(7, 100), 99, range(7, 99), range(106, 1)},
      {range(1, kSupplyMax), 1, range(1, 1), range(2, kSupplyMax - 1)},
      {range(kMax - 10, 10), 9, range(kMax - 10, 9), range(kMax - 1, 1)},
  };
  for (const Split& c : cases) {
    const SerialSplit parts = split(c.whole, Units(c.head_count));
    EXPECT_EQ(parts.head, c.head);
    EXPECT_EQ(parts.tail, c.tail);
  }
}

TEST(SerialRangeDeathTest, SplitsOnlyInside) {
  EXPECT_DEATH(static_cast<void>(split(range(1, 5), Units(0))), "is_positive");
  EXPECT_DEATH(static_cast<void>(split(range(1, 5), Units(5))), "head_count < range.count");
}

TEST(SerialRange, Prints) {
  EXPECT_EQ(print(range(7, 1)), "7");
  EXPECT_EQ(print(range(1, 100)), "1-100");
}

TEST(SerialRanges, MergeNeighbours) {
  RangePages pages;
  SerialRanges ranges;
  ranges.add(pages, range(10, 5));
  ranges.add(pages, range(20, 5));
  EXPECT_EQ(ranges.ranges(pages).size(), 2u);
  ranges.add(pages, range(15, 5));  // fills the gap
  EXPECT_EQ(ranges.ranges(pages), std::vector{range(10, 15)});
  ranges.add(pages, range(5, 5));
  ranges.add(pages, range(25, 1));
  EXPECT_EQ(ranges.ranges(pages), std::vector{range(5, 21)});
  EXPECT_EQ(ranges.total(), Units(21));
}

TEST(SerialRangesDeathTest, NeverHoldASerialTwice) {
  const auto add_to_ten = [](SerialRange again) {
    RangePages pages;
    SerialRanges ranges;
    ranges.add(pages, range(10, 10));
    ranges.add(pages, again);
  };
  EXPECT_DEATH(add_to_ten(range(19, 1)), "invariant broken");
  EXPECT_DEATH(add_to_ten(range(9, 2)), "invariant broken");
  EXPECT_DEATH(add_to_ten(range(1, 100)), "invariant broken");
  EXPECT_DEATH(add_to_ten(range(10, 10)), "invariant broken");
  EXPECT_DEATH(add_to_ten(range(0, 1)), "is_positive");
  EXPECT_DEATH(add_to_ten(range(30, 0)), "is_positive");
  RangePages pages;
  SerialRanges ranges;
  ranges.add(pages, range(1, 3));
  EXPECT_DEATH(ranges.take_lowest(pages, Units(4), [](const SerialRange&) {}), "count <= total_");
}

using Serials = std::set<std::int64_t>;

Serials serials_of(const RangePages& pages, const SerialRanges& ranges) {
  Serials all;
  std::int64_t end_before = 0;
  for (const SerialRange& r : ranges.ranges(pages)) {
    EXPECT_GT(r.first.value(), end_before) << "ascending and not touching";
    end_before = end_of(r).value();
    for (std::int64_t s = r.first.value(); s < end_of(r).value(); ++s) all.insert(s);
  }
  return all;
}

// Two holders pass random counts to and fro; each must hold exactly what a plain set of numbers
// holds. In some rounds they begin with every other pair of serials, in trees of pages.
TEST(SerialRanges, AgreeWithASetOfNumbers) {
  Draw draw(3);
  RangePages pages;
  for (int round = 0; round < 200; ++round) {
    SerialRanges ranges[2];
    Serials numbers[2];
    const bool many = round % 50 == 0;
    const std::int64_t issued = many ? 3000 : draw.between(1, 60);
    for (std::int64_t s = 1; s <= issued; ++s) {
      const std::size_t holder = many ? static_cast<std::size_t>(s % 2) : 0;
      const std::int64_t place = many && s % 4 >= 2 ? issued + 1 - s : s;  // from both ends
      numbers[holder].insert(place);
      ranges[holder].add(pages, range(place, 1));
    }
    for (int step = 0; step < 60; ++step) {
      const std::size_t from = draw.below(2);
      if (ranges[from].empty()) continue;
      const std::int64_t count = draw.between(1, ranges[from].total().value());
      const bool leaves = draw.one_in(40);  // circulation
      std::vector<std::int64_t> taken;
      ranges[from].take_lowest(pages, Units(count), [&](const SerialRange& piece) {
        for (std::int64_t s = piece.first.value(); s < end_of(piece).value(); ++s)
          taken.push_back(s);
        if (!leaves) ranges[1 - from].add(pages, piece);
      });
      std::vector<std::int64_t> lowest;
      for (std::int64_t i = 0; i < count; ++i) {
        lowest.push_back(*numbers[from].begin());
        numbers[from].erase(numbers[from].begin());
      }
      ASSERT_EQ(taken, lowest);
      if (!leaves) numbers[1 - from].insert(lowest.begin(), lowest.end());
      for (const std::size_t holder : {0u, 1u}) {
        ASSERT_EQ(serials_of(pages, ranges[holder]), numbers[holder]);
        ASSERT_EQ(ranges[holder].total(), Units(static_cast<std::int64_t>(numbers[holder].size())));
      }
    }
    for (SerialRanges& left : ranges) {
      if (!left.empty()) left.take_lowest(pages, left.total(), [](const SerialRange&) {});
    }
    ASSERT_EQ(pages.live(), 0u) << "no page is lost";
  }
}

TEST(SerialRanges, RoundTripAndRefuseDamage) {
  RangePages pages;
  SerialRanges ranges;
  ranges.add(pages, range(1, 5));
  ranges.add(pages, range(10, 5));
  Bytes bytes;
  Encoder out(bytes);
  ranges.encode(pages, out);
  SerialRanges back;
  Decoder in(bytes);
  back.decode(pages, in);
  EXPECT_TRUE(in.ok() && in.at_end());
  EXPECT_EQ(serials_of(pages, back), serials_of(pages, ranges));
  EXPECT_EQ(back.total(), Units(10));
  for (const std::int64_t count : {std::int64_t{0}, std::int64_t{-1}, kSupplyMax, kMax}) {
    Bytes bad;
    Encoder encoder(bad);
    encoder.put(std::vector<SerialRange>{range(1, 5), range(10, count)});
    Decoder decoder(bad);
    SerialRanges damaged;
    damaged.decode(pages, decoder);
    EXPECT_FALSE(decoder.ok()) << count;
  }
}

TEST(SerialRanges, TakesOutJustWhatIsNamed) {
  RangePages pages;
  SerialRanges ranges;
  ranges.add(pages, {.first = Serial(1), .count = Units(10)});
  ranges.add(pages, {.first = Serial(21), .count = Units(10)});
  ranges.take_out(pages, {.first = Serial(24), .count = Units(3)});
  ranges.take_out(pages, {.first = Serial(1), .count = Units(2)});
  ranges.take_out(pages, {.first = Serial(10), .count = Units(1)});
  const std::vector<SerialRange> left = {{.first = Serial(3), .count = Units(7)},
                                         {.first = Serial(21), .count = Units(3)},
                                         {.first = Serial(27), .count = Units(4)}};
  EXPECT_EQ(ranges.ranges(pages), left);
  EXPECT_EQ(ranges.total(), Units(14));
  ranges.take_out(pages, {.first = Serial(3), .count = Units(7)});
  ranges.take_out(pages, {.first = Serial(21), .count = Units(3)});
  ranges.take_out(pages, {.first = Serial(27), .count = Units(4)});
  EXPECT_TRUE(ranges.empty());
}

TEST(SerialRangesDeathTest, TakesOutOnlyWhatIsThere) {
  RangePages pages;
  SerialRanges ranges;
  ranges.add(pages, {.first = Serial(1), .count = Units(10)});
  EXPECT_DEATH(ranges.take_out(pages, {.first = Serial(10), .count = Units(2)}),
               "invariant broken: found");
}

}  // namespace
}  // namespace origo
