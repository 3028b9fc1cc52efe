#include "engine/market/price_finding.h"

#include <gtest/gtest.h>

#include <limits>

#include "tests/unit/engine/call_orders.h"

namespace origo {
namespace {

void expect_in_all(const Call& call, const Found& expected) {
  for (const AuctionRules rules : kAuctionRules)
    EXPECT_EQ(in_short(found_in(rules, call)), expected) << static_cast<int>(rules) << ": " << call;
}

TEST(PriceFinding, FindsNothingWhereNothingCrosses) {
  const Found none = {.outcome = PriceOutcome::no_crossing};
  expect_in_all({.buys = {}, .sells = {}}, none);
  expect_in_all({.buys = {}, .sells = {}, .reference = 10}, none);
  expect_in_all({.buys = {{10, 5}}, .sells = {}, .reference = 10}, none);
  expect_in_all({.buys = {}, .sells = {{10, 5}}, .reference = 10}, none);
  expect_in_all({.buys = {{0, 5}}, .sells = {}, .reference = 10}, none);
  expect_in_all({.buys = {{0, 5}, {10, 5}}, .sells = {}, .reference = 10}, none);
  expect_in_all({.buys = {{10, 5}}, .sells = {{11, 5}}, .reference = 10}, none);
}

TEST(PriceFinding, FindsTheOnlyPrice) {
  for (const std::int64_t reference : {0, 1, 10, 99})
    expect_in_all({.buys = {{10, 5}}, .sells = {{10, 3}}, .reference = reference}, found(10, 3, 2));
}

TEST(PriceFinding, NeedsAReferenceForOrdersAtAnyPriceOnly) {
  const Found none = {.outcome = PriceOutcome::no_reference};
  expect_in_all({.buys = {{0, 5}}, .sells = {{0, 7}}}, none);
  expect_in_all({.buys = {{0, 5}}, .sells = {{0, 7}}, .reference = 10}, found(10, 5, -2));
  // The reference may be older than the collar.
  expect_in_all({.buys = {{0, 5}}, .sells = {{0, 5}}, .reference = 10, .price_min = 12},
                found(12, 5, 0));
  expect_in_all({.buys = {{0, 5}}, .sells = {{0, 5}}, .reference = 10, .price_max = 8},
                found(8, 5, 0));
}

struct Reference {
  std::int64_t reference;
  std::int64_t t7;
  std::int64_t xetra_nearest;
  std::int64_t euronext;
  std::int64_t jpx;
  std::int64_t midpoint;
};

// No surplus from 20 to 25, and no limit between.
TEST(PriceFinding, PutsTheReferenceIntoTheRangeThatIsLeft) {
  const Reference cases[] = {
      {0, 22, 20, 22, 22, 22},  // none: the middle, rounded down
      {1, 20, 20, 20, 20, 22},
      {19, 20, 20, 20, 20, 22},
      {20, 20, 20, 20, 20, 22},
      {21, 21, 20, 21, 21, 22},
      {22, 22, 20, 22, 22, 22},
      {23, 23, 25, 23, 23, 22},
      {25, 25, 25, 25, 25, 22},
      {26, 25, 25, 25, 25, 22},
      {1'000'000, 25, 25, 25, 25, 22},
  };
  for (const Reference& c : cases) {
    const Call call = {.buys = {{25, 5}}, .sells = {{20, 5}}, .reference = c.reference};
    EXPECT_EQ(in_short(found_in(AuctionRules::t7, call)), found(c.t7, 5, 0)) << call;
    EXPECT_EQ(in_short(found_in(AuctionRules::xetra_nearest, call)), found(c.xetra_nearest, 5, 0))
        << call;
    EXPECT_EQ(in_short(found_in(AuctionRules::euronext, call)), found(c.euronext, 5, 0)) << call;
    EXPECT_EQ(in_short(found_in(AuctionRules::jpx, call)), found(c.jpx, 5, 0)) << call;
    EXPECT_EQ(in_short(found_in(AuctionRules::midpoint, call)), found(c.midpoint, 5, 0)) << call;
  }
}

// Between the limits nothing is left, at each of them something is.
TEST(PriceFinding, TakesEveryTickAsACandidateIfToldTo) {
  Call call = {.buys = {{24, 5}, {20, 3}}, .sells = {{20, 5}, {24, 3}}, .reference = 18};
  EXPECT_EQ(in_short(found_in(AuctionRules::t7, call)), found(20, 5, 3));
  EXPECT_EQ(in_short(found_in(AuctionRules::xetra_nearest, call)), found(20, 5, 3));
  call.tick_grid = true;
  EXPECT_EQ(in_short(found_in(AuctionRules::t7, call)), found(21, 5, 0));
  EXPECT_EQ(in_short(found_in(AuctionRules::xetra_nearest, call)), found(21, 5, 0));
  EXPECT_EQ(in_short(found_in(AuctionRules::euronext, call)), found(21, 5, 0));
}

TEST(PriceFinding, TakesTheHigherOfTwoLimitsEquallyNear) {
  const Call call = {.buys = {{24, 5}}, .sells = {{20, 5}}, .reference = 22};
  EXPECT_EQ(in_short(found_in(AuctionRules::xetra_nearest, call)), found(24, 5, 0));
}

// What one side takes at any price has no end but the collar.
TEST(PriceFinding, ReachesBeyondTheLimitsForEuronextOnly) {
  Call call = {
      .buys = {{0, 5}}, .sells = {{20, 5}}, .reference = 30, .price_min = 15, .price_max = 28};
  EXPECT_EQ(in_short(found_in(AuctionRules::t7, call)), found(20, 5, 0));
  EXPECT_EQ(in_short(found_in(AuctionRules::xetra_nearest, call)), found(20, 5, 0));
  EXPECT_EQ(in_short(found_in(AuctionRules::jpx, call)), found(21, 5, 0));
  EXPECT_EQ(in_short(found_in(AuctionRules::midpoint, call)), found(20, 5, 0));
  EXPECT_EQ(in_short(found_in(AuctionRules::euronext, call)), found(28, 5, 0));
  call.buys.push_back({20, 1});  // a buy that would not follow
  EXPECT_EQ(in_short(found_in(AuctionRules::euronext, call)), found(20, 5, 1));
  call = {.buys = {{20, 5}}, .sells = {{0, 5}}, .reference = 10, .price_min = 15};
  EXPECT_EQ(in_short(found_in(AuctionRules::euronext, call)), found(15, 5, 0));
  call.reference = 0;
  EXPECT_EQ(in_short(found_in(AuctionRules::euronext, call)), found(20, 5, 0));
}

// A collar may have become narrower than what stands in the book.
TEST(PriceFinding, StaysInTheCollar) {
  const Call call = {
      .buys = {{30, 5}}, .sells = {{10, 5}}, .reference = 40, .price_min = 15, .price_max = 25};
  for (const AuctionRules rules : kAuctionRules) {
    const Found at = in_short(found_in(rules, call));
    EXPECT_EQ(at.volume, 5);
    EXPECT_EQ(at.price, rules == AuctionRules::midpoint ? 20 : 25);
  }
  expect_in_all({.buys = {{30, 5}}, .sells = {{28, 5}}, .price_max = 25},
                {.outcome = PriceOutcome::no_crossing});
  expect_in_all({.buys = {{12, 5}}, .sells = {{10, 5}}, .price_min = 15},
                {.outcome = PriceOutcome::no_crossing});
}

TEST(PriceFinding, CountsTheLargestQuantities) {
  const std::int64_t most = kSupplyMax;
  expect_in_all({.buys = {{10, most}}, .sells = {{10, most}}}, found(10, most, 0));
  // Several assets may be on sale, each with a supply of its own: more in sum than 64 bits hold.
  expect_in_all(
      {.buys = {{10, 1}}, .sells = {{10, most}, {9, most}, {8, most}, {0, most}}, .price_min = 10},
      found(10, 1, -most));
  // Of prices no further apart than 64 bits hold.
  const std::int64_t far = std::numeric_limits<std::int64_t>::max() - 1;
  const Call call = {.buys = {{far, 2}}, .sells = {{1, 2}}, .price_max = far};
  for (const AuctionRules rules :
       {AuctionRules::t7, AuctionRules::euronext, AuctionRules::jpx, AuctionRules::midpoint})
    EXPECT_EQ(in_short(found_in(rules, call)), found(1 + (far - 1) / 2, 2, 0));
  EXPECT_EQ(in_short(found_in(AuctionRules::xetra_nearest, call)).volume, 2);
}

// Limits every third tick, one contract each: they meet in the middle. A walk over more than the
// limits and the gaps between them, or one walk per limit, would not come to an end in reasonable
// time.
TEST(PriceFinding, IsLinearInAMillionLimits) {
  const std::int64_t limits = 1'000'000;
  CallBook book;
  book.price_min = Price(1);
  book.price_max = Price(std::int64_t{1} << 60);
  const std::int64_t step = (std::int64_t{1} << 60) / (2 * limits);
  for (std::int64_t i = 1; i <= limits; ++i) {
    book.sells.limits.push_back({.price = Price(i * step), .quantity = Quantity(1)});
    book.buys.limits.push_back({.price = Price((limits + 1 - i) * step), .quantity = Quantity(1)});
  }
  for (const AuctionRules rules : kAuctionRules) {
    const PriceFinding at = find_price(rules, book);
    EXPECT_EQ(at.volume, Quantity(limits / 2)) << static_cast<int>(rules);
    EXPECT_LE(at.surplus, Quantity(1)) << static_cast<int>(rules);
  }
}

TEST(PriceFindingDeathTest, WantsLimitsInOrder) {
  const CallLimit high = {.price = Price(11), .quantity = Quantity(1)};
  const CallLimit low = {.price = Price(10), .quantity = Quantity(1)};
  CallBook book = {.buys = {.limits = {low, high}, .at_any_price = {}},
                   .sells = {},
                   .reference = {},
                   .price_min = Price(1),
                   .price_max = Price(100)};
  EXPECT_DEATH(static_cast<void>(find_price(AuctionRules::t7, book)), "is_sorted");
  book.buys.limits = {high, low};
  book.sells.limits = {high, low};
  EXPECT_DEATH(static_cast<void>(find_price(AuctionRules::t7, book)), "is_sorted");
}

}  // namespace
}  // namespace origo
