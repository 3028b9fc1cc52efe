#include "engine/core/amount.h"

#include <gtest/gtest.h>

#include <limits>

#include "tests/support/draw.h"

namespace origo {
namespace {

constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();

TEST(Amount, AddsSubtractsAndCompares) {
  EXPECT_EQ(Cash(2) + Cash(3), Cash(5));
  EXPECT_EQ(Cash(2) - Cash(3), Cash(-1));
  EXPECT_EQ(-Cash(kMax), Cash(-kMax));
  EXPECT_LT(Cash(kMin), Cash(kMax));
  EXPECT_TRUE(Cash().is_zero());
  EXPECT_TRUE(Cash(1).is_positive());
  EXPECT_TRUE(Cash(-1).is_negative());
}

TEST(AmountDeathTest, OverflowStops) {
  EXPECT_DEATH(static_cast<void>(Cash(kMax) + Cash(1)), "invariant broken: !overflow");
  EXPECT_DEATH(static_cast<void>(Cash(kMin) - Cash(1)), "invariant broken: !overflow");
  EXPECT_DEATH(static_cast<void>(-Cash(kMin)), "invariant broken: !overflow");
}

struct Division {
  Int128 dividend;
  std::int64_t divisor;
  std::int64_t quotient;
};

TEST(DivideHalfUp, RoundsHalvesTowardsPlusInfinity) {
  const Division cases[] = {
      {0, 1, 0},
      {1, 2, 1},
      {-1, 2, 0},
      {3, 2, 2},
      {-3, 2, -1},
      {-2, 2, -1},
      {4, 3, 1},
      {5, 3, 2},
      {-4, 3, -1},
      {-5, 3, -2},
      {7, 7, 1},
      {-7, 7, -1},
      {499, 1000, 0},
      {500, 1000, 1},
      {501, 1000, 1},
      {-499, 1000, 0},
      {-500, 1000, 0},
      {-501, 1000, -1},
      {1'500'000, 1'000'000, 2},
      {-1'500'000, 1'000'000, -1},
      {-1'500'001, 1'000'000, -2},
      {kMax, 1, kMax},
      {kMin, 1, kMin},
      {Int128{kMax} * kMax, kMax, kMax},
      {Int128{kMin} * kMax, kMax, kMin},
  };
  for (const Division& c : cases)
    EXPECT_EQ(divide_half_up(c.dividend, c.divisor), c.quotient)
        << static_cast<std::int64_t>(c.dividend) << " / " << c.divisor;
}

// The nearest q has 2 |a - q b| <= b; at equality the upper one.
TEST(DivideHalfUp, IsTheNearest) {
  Draw draw(1);
  for (int i = 0; i < 100'000; ++i) {
    const std::int64_t b = draw.one_in(2) ? draw.between(1, 20) : draw.between(1, kMax / 4);
    const Int128 a =
        Int128{draw.between(-1'000, 1'000)} * (draw.one_in(2) ? 1 : b) + draw.between(-b, b);
    const Int128 twice_off = 2 * (a - Int128{divide_half_up(a, b)} * b);
    EXPECT_TRUE(-Int128{b} <= twice_off && twice_off < b);
  }
}

TEST(DivideFloor, IsTheLargestThatFits) {
  EXPECT_EQ(divide_floor(0, 5), 0);
  EXPECT_EQ(divide_floor(4, 5), 0);
  EXPECT_EQ(divide_floor(5, 5), 1);
  EXPECT_EQ(divide_floor(Int128{kMax} * 1000 + 999, 1000), kMax);
}

TEST(DivideDeathTest, RefusesWhatHasNoAnswer) {
  EXPECT_DEATH(static_cast<void>(divide_floor(-1, 5)), "dividend >= 0");
  EXPECT_DEATH(static_cast<void>(divide_floor(1, 0)), "divisor > 0");
  EXPECT_DEATH(static_cast<void>(divide_half_up(1, -1)), "divisor > 0");
  EXPECT_DEATH(static_cast<void>(divide_floor(Int128{kMax} + 1, 1)), "quotient <=");
  EXPECT_DEATH(static_cast<void>(divide_half_up(Int128{kMin} - 1, 1)), "quotient >=");
}

TEST(ProductFits, UpToTheSupplyCap) {
  EXPECT_TRUE(product_fits(kSupplyMax, 1));
  EXPECT_FALSE(product_fits(kSupplyMax, 2));
  EXPECT_FALSE(product_fits(kSupplyMax + 1, 1));
  EXPECT_TRUE(product_fits(std::int64_t{1} << 31, std::int64_t{1} << 31));
  EXPECT_FALSE(product_fits(kMax, kMax));
  EXPECT_TRUE(product_fits(kMax, 0));
}

}  // namespace
}  // namespace origo
