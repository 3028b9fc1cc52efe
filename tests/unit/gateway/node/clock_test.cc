#include "gateway/node/clock.h"

#include <gtest/gtest.h>

namespace origo::gateway {
namespace {

TEST(OffsetClock, runs_on_from_its_start) {
  const Instant start(1'682'668'800'000'000'000);  // 2023-04-28T08:00:00Z
  const OffsetClock clock(start);
  const Instant first = clock.now();
  EXPECT_GE(first, start);
  EXPECT_LT(first.ns() - start.ns(), kDayNs);
  EXPECT_GE(clock.now(), first);
  EXPECT_EQ(clock.until(start), std::chrono::nanoseconds(0));
  const auto wait = clock.until(Instant(start.ns() + kDayNs));
  ASSERT_TRUE(wait.has_value());
  EXPECT_GT(*wait, std::chrono::nanoseconds(0));
  EXPECT_LE(*wait, std::chrono::nanoseconds(kDayNs));
}

}  // namespace
}  // namespace origo::gateway
