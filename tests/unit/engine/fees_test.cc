#include "engine/market/fees.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "tests/support/draw.h"
#include "tests/support/readable.h"

namespace origo {
namespace {

FeeRate rate(std::int32_t ppm, std::int64_t per_contract = 0) {
  return {.rate_ppm = ppm, .per_contract = Cash(per_contract)};
}

struct Sound {
  FeeRate maker;
  FeeRate taker;
  bool sound;
};

TEST(Fees, AreSoundWithinLimits) {
  const Sound cases[] = {
      {rate(0), rate(0), true},
      {rate(100'000), rate(100'000), true},
      {rate(100'001), rate(0), false},
      {rate(-100'000), rate(100'000), true},
      {rate(-100'001), rate(100'000), false},
      {rate(-51), rate(50), false},  // the rebate is more than the fee
      {rate(-50), rate(50), true},
      {rate(50), rate(-50), true},
      {rate(0, -5), rate(0, 5), true},
      {rate(0, -6), rate(0, 5), false},
      {rate(-50, -1), rate(50, 1), true},
      {rate(-50, 1), rate(50, 1), false},  // two signs in one role
      {rate(50, -1), rate(50, 1), false},
      {rate(0, 1'000'000'000), rate(0), true},
      {rate(0, 1'000'000'001), rate(0), false},
      {rate(0, std::numeric_limits<std::int64_t>::min()),
       rate(0, std::numeric_limits<std::int64_t>::min()),
       false},
      {rate(std::numeric_limits<std::int32_t>::min()),
       rate(std::numeric_limits<std::int32_t>::max()),
       false},
  };
  for (const Sound& c : cases)
    EXPECT_EQ(is_sound({.maker = c.maker, .taker = c.taker}), c.sound)
        << readable(c.maker) << readable(c.taker);
}

struct Due {
  FeeRate rate;
  std::int64_t notional;
  std::int64_t quantity;
  std::int64_t fee;
};

TEST(Fees, RoundHalfUpOnSums) {
  const Due cases[] = {
      {rate(1000), 499, 1, 0},
      {rate(1000), 500, 1, 1},
      {rate(1000), 1499, 1, 1},
      {rate(1000), 1500, 1, 2},
      {rate(-1000), 499, 1, 0},
      {rate(-1000), 500, 1, 0},
      {rate(-1000), 501, 1, -1},
      {rate(-1000), 1500, 1, -1},
      {rate(-1000), 1501, 1, -2},
      {rate(0, 3), 1'000, 7, 21},
      {rate(0, -3), 1'000, 7, -21},
      {rate(500, 2), 3'000, 10, 22},
      {rate(100'000, 1'000'000'000), kSupplyMax, 1'000'000'000, 1'461'168'601'842'738'790},
      {rate(7), 0, 0, 0},
  };
  for (const Due& c : cases) {
    const FeeTally tally{
        .notional = Cash(c.notional), .quantity = Quantity(c.quantity), .paid = {}};
    EXPECT_EQ(fee_due(c.rate, tally), Cash(c.fee)) << readable(c.rate) << readable(tally);
  }
}

// Fills in any role, at any price up to the limit: what is reserved for the rest always suffices,
// and shrinks by at least what was paid. In the end the fee is that of the sums, whatever the fills
// were.
TEST(Fees, WorstCaseIsNeverExceeded) {
  Draw draw(37);
  for (int round = 0; round < 20'000; ++round) {
    FeeSchedule fees;
    const std::int32_t most = draw.one_in(2) ? 100'000 : 300;
    fees.taker = rate(static_cast<std::int32_t>(draw.between(0, most)), draw.between(0, 5));
    fees.maker = rate(static_cast<std::int32_t>(draw.between(0, most)), draw.between(0, 5));
    if (draw.one_in(2))
      fees.maker = rate(static_cast<std::int32_t>(-draw.between(0, fees.taker.rate_ppm)),
                        -draw.between(0, fees.taker.per_contract.value()));
    if (draw.one_in(4)) std::swap(fees.maker, fees.taker);
    ASSERT_TRUE(is_sound(fees));
    const std::int64_t limit = draw.between(1, 2'000);
    Order order;
    FeeTally as_maker;
    FeeTally as_taker;
    order.total = order.open = Quantity(draw.between(1, 30));
    const auto notional = [&](Quantity q) { return Cash(limit * q.value()); };
    Cash reserved = fee_worst_case(fees, as_maker, as_taker, notional(order.open), order.open);
    while (order.open.is_positive()) {
      const Quantity quantity(draw.between(1, order.open.value()));
      const Cash cash(draw.between(1, limit) * quantity.value());
      const bool makes = draw.one_in(2);
      FeeTally& tally = makes ? as_maker : as_taker;
      tally.notional += cash;
      tally.quantity += quantity;
      const FeeRate& role = makes ? fees.maker : fees.taker;
      Cash fee = fee_due(role, tally) - tally.paid;
      ASSERT_EQ(fee.is_negative() && (role.rate_ppm > 0 || role.per_contract.is_positive()), false);
      if (fee.is_negative() && draw.one_in(3))
        fee = Cash(draw.between(fee.value(), 0));  // paid in part
      tally.paid += fee;
      order.open -= quantity;
      const Cash needed =
          fee_worst_case(fees, as_maker, as_taker, notional(order.open), order.open);
      ASSERT_LE(needed + std::max(fee, Cash()), reserved);
      reserved = needed;
    }
    ASSERT_EQ(reserved, Cash());
    for (const bool makes : {false, true}) {
      const FeeTally& tally = makes ? as_maker : as_taker;
      const FeeRate& role = makes ? fees.maker : fees.taker;
      const bool charges = role.rate_ppm > 0 || role.per_contract.is_positive();
      ASSERT_TRUE(!charges || tally.paid == fee_due(role, tally));
    }
  }
}

// The largest that terms and schedules allow does not overflow.
TEST(Fees, WorstCaseOfTheLargestOrderFits) {
  const Quantity open(1'000'000'000);
  const FeeSchedule fees{.maker = rate(100'000, 1'000'000'000),
                         .taker = rate(100'000, 1'000'000'000)};
  const Cash notional(kSupplyMax);
  const Cash worst = fee_worst_case(fees, FeeTally(), FeeTally(), notional, open);
  EXPECT_GT(notional + worst, notional);
  EXPECT_EQ(fee_worst_case(fees, FeeTally(), FeeTally(), Cash(), Quantity()), Cash());
}

}  // namespace
}  // namespace origo
