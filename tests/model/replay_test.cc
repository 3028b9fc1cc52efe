#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "engine/exchange.h"
#include "tests/support/readable.h"
#include "tests/support/stream.h"

// The same commands give the same events and the same state: in a second core, in a copy, and in
// one restored from its saved state on the way. ORIGO_FULL=1 runs longer.
namespace origo {
namespace {

bool full() {
  return std::getenv("ORIGO_FULL") != nullptr;
}

Bytes state_of(const Exchange& exchange) {
  Bytes bytes;
  Encoder out(bytes);
  exchange.encode(out);
  return bytes;
}

Exchange restored(const Bytes& bytes) {
  Exchange exchange;
  Decoder in(bytes);
  EXPECT_TRUE(exchange.decode(in));
  EXPECT_TRUE(in.at_end());
  return exchange;
}

TEST(Replay, SaysTheSameBytes) {
  for (std::uint64_t seed = 1; seed <= (full() ? 50u : 3u); ++seed) {
    Stream stream(seed);
    Exchange first;
    Events first_events;
    std::vector<Step> steps;
    const std::size_t count = stream.set_up_size() + (full() ? 50'000 : 20'000);
    while (steps.size() < count) {
      steps.push_back(stream.next(first));
      first.apply(steps.back().header, steps.back().command, first_events);
    }
    ASSERT_EQ(first.check_invariants(), std::vector<std::string>());
    EXPECT_GT(first.market().last_trade.value(), count / 20) << "the market lives to the end";

    Exchange second;
    Exchange third;  // restored again and again
    Events second_events;
    Events third_events;
    for (std::size_t i = 0; i < count; ++i) {
      const Answer one = second.apply(steps[i].header, steps[i].command, second_events);
      const Answer other = third.apply(steps[i].header, steps[i].command, third_events);
      ASSERT_EQ(encoded(one), encoded(other)) << "seed " << seed << " step " << i;
      if (i % 500 == 499) third = restored(state_of(third));
    }
    EXPECT_EQ(second_events.copy(), first_events.copy()) << "seed " << seed;
    EXPECT_EQ(third_events.copy(), first_events.copy()) << "seed " << seed;
    EXPECT_EQ(state_of(second), state_of(first)) << "seed " << seed;
    EXPECT_EQ(state_of(third), state_of(first)) << "seed " << seed;
  }
}

// A refusal changes nothing but the place in the sequence (and, with a client id, its memory).
TEST(Replay, RefusalsChangeNothing) {
  constexpr std::ptrdiff_t kPlace = 24;  // sequence, time and event sequence come first
  std::size_t refusals = 0;
  for (std::uint64_t seed = 101; seed <= (full() ? 200u : 104u); ++seed) {
    Stream stream(seed);
    Exchange exchange;
    const std::size_t count = stream.set_up_size() + 800;
    for (std::size_t i = 0; i < count; ++i) {
      const Step step = stream.next(exchange);
      const bool due = exchange.next_due() <= step.header.time;
      const Bytes before = state_of(exchange);
      Events events;
      const Answer answer = exchange.apply(step.header, step.command, events);
      if (answer.ok() || due || step.header.origin.client.is_set()) continue;
      const Bytes after = state_of(exchange);
      ASSERT_EQ(Bytes(before.begin() + kPlace, before.end()),
                Bytes(after.begin() + kPlace, after.end()))
          << "seed " << seed << " " << readable(step.command);
      ++refusals;
    }
  }
  EXPECT_GT(refusals, 500u);
}

}  // namespace
}  // namespace origo
