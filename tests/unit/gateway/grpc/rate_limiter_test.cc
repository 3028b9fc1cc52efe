#include "gateway/grpc/rate_limiter.h"

#include <gtest/gtest.h>

namespace origo::gateway {
namespace {

using std::chrono::milliseconds;
using Clock = Allowance::Clock;

// 100 a second for a user, 150 for an address, one second saved up.
constexpr RateLimits kLimits{.user_commands_per_second = 100,
                             .address_commands_per_second = 150,
                             .burst = milliseconds(1'000)};
constexpr UserId kAnn{1};
constexpr UserId kBea{2};

class RateLimiterTest : public testing::Test {
 protected:
  static CommandCounts orders(std::size_t count) { return {.cancels = 0, .others = count}; }
  static CommandCounts cancels(std::size_t count) { return {.cancels = count, .others = 0}; }

  RateLimiter limiter_{kLimits};
  Clock::time_point now_ = Clock::now();
};

TEST_F(RateLimiterTest, ABurstPassesAndThenTheRate) {
  RateShare ann = limiter_.share_of(kAnn, "ipv4:10.0.0.1:5000");
  EXPECT_EQ(ann.admit(orders(100), now_).counts.others, 100u);
  const Admitted none = ann.admit(orders(5), now_);
  EXPECT_EQ(none.counts.others, 0u);
  EXPECT_EQ(none.limit, RateLimit::user);
  EXPECT_EQ(none.retry_after, milliseconds(10));
  EXPECT_EQ(ann.admit(orders(5), now_ + milliseconds(9)).counts.others, 0u);
  EXPECT_EQ(ann.admit(orders(5), now_ + none.retry_after).counts.others, 1u);
  EXPECT_EQ(ann.admit(orders(50), now_ + milliseconds(210)).counts.others, 20u);
  EXPECT_EQ(ann.admit(orders(500), now_ + milliseconds(60'000)).counts.others,
            100u);  // no more is saved up
}

TEST_F(RateLimiterTest, CancelsHaveAnAllowanceOfTheirOwn) {
  RateShare ann = limiter_.share_of(kAnn, "ipv4:10.0.0.1:5000");
  (void)ann.admit(orders(1'000), now_);
  const Admitted mixed = ann.admit({.cancels = 60, .others = 1}, now_);
  EXPECT_EQ(mixed.counts.cancels, 60u);
  EXPECT_EQ(mixed.counts.others, 0u);
  EXPECT_EQ(ann.admit(cancels(60), now_).counts.cancels, 40u);
}

TEST_F(RateLimiterTest, OneUserDoesNotUseUpAnothersRateUnlessTheAddressDoes) {
  RateShare ann = limiter_.share_of(kAnn, "ipv4:10.0.0.1:5000");
  RateShare again = limiter_.share_of(kAnn, "ipv4:10.0.0.1:5001");  // another connection
  RateShare bea = limiter_.share_of(kBea, "ipv4:10.0.0.1:5002");
  RateShare far = limiter_.share_of(kBea, "ipv4:10.0.0.2:5000");
  EXPECT_EQ(ann.admit(orders(60), now_).counts.others, 60u);
  EXPECT_EQ(again.admit(orders(60), now_).counts.others, 40u);
  const Admitted rest = bea.admit(orders(60), now_);
  EXPECT_EQ(rest.counts.others, 50u);
  EXPECT_EQ(rest.limit, RateLimit::address);
  EXPECT_EQ(far.admit(orders(60), now_).counts.others, 50u);  // her own rate is left
}

TEST_F(RateLimiterTest, ForgetsWhoSentNothingForLong) {
  RateShare ann = limiter_.share_of(kAnn, "ipv4:10.0.0.1:5000");
  (void)ann.admit(orders(100), now_);
  for (std::uint32_t user = 10; user < 20'000; ++user) {
    (void)limiter_.share_of(UserId(user), "ipv4:10.0." + std::to_string(user) + ":1");
  }
  EXPECT_LT(limiter_.remembered(), 10'000u);
  RateShare still = limiter_.share_of(kAnn, "ipv4:10.0.0.1:5000");
  EXPECT_EQ(still.admit(orders(1), now_).counts.others, 0u);
}

TEST_F(RateLimiterTest, WithoutALimitEverythingPasses) {
  EXPECT_EQ(RateShare().admit(orders(1'000'000), now_).counts.others, 1'000'000u);
}

TEST(HostOf, LeavesOutThePort) {
  EXPECT_EQ(host_of("ipv4:127.0.0.1:50412"), "127.0.0.1");
  EXPECT_EQ(host_of("ipv6:%5B::1%5D:50412"), "%5B::1%5D");
  EXPECT_EQ(host_of("unix:"), "unix:");
}

}  // namespace
}  // namespace origo::gateway
