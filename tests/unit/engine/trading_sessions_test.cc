#include "engine/market/trading_sessions.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "engine/exchange.h"

// What scenarios cannot show of calendars: the draw of random ends. Rules:
// tests/scenario/files/sessions.json.
namespace origo {
namespace {

// One market, continuous from second 100 on, or up to 30 seconds later; closed from 400 on.
class TradingSessionsTest : public ::testing::Test {
 protected:
  static constexpr std::int64_t kSecond = 1'000'000'000;
  static constexpr std::int64_t kStart = 1'767'268'800 * kSecond;  // 2026-01-01T12:00:00Z
  static constexpr UserId kAdmin{1};
  static constexpr UserId kOperator{2};
  static constexpr MarketId kMarket{1};

  static Instant at(std::int64_t second) { return Instant(kStart + second * kSecond); }
  void SetUp() override {
    send({}, Bootstrap{.venue_name = "V", .admin_token = {1}});
    send(kAdmin,
         CreateUser{.participant = ParticipantId(1), .name = "op", .person = "op", .token = {2}});
    send(kAdmin, GrantRole{.user = UserId(2), .role = Role::market_operator, .scope = {}});
    send(kOperator, CreateMarket{.code = "M", .name = "M"});
    send(kOperator, CreateMarket{.code = "N", .name = "N"});
    send(kOperator, calendar(kMarket));
  }
  static SetCalendar calendar(MarketId market) {
    return {.market = market,
            .day_ends = {at(400)},
            .phases = {{.at = at(0), .phase = Phase::call, .random_ns = 0},
                       {.at = at(100), .phase = Phase::continuous, .random_ns = 30 * kSecond},
                       {.at = at(400), .phase = Phase::closed, .random_ns = 0}},
            .source = {}};
  }
  void send(UserId principal, const Command& command) {
    const Answer answer = exchange_.apply(
        {.sequence = next(exchange_.sequence()), .time = now_, .origin = {.principal = principal}},
        command,
        events_);
    EXPECT_TRUE(answer.ok()) << info_of(answer.code).name;
    EXPECT_EQ(exchange_.check_invariants(), std::vector<std::string>());
  }
  void tick(Instant now, std::uint64_t draw) {
    now_ = now;
    send({}, Tick{.sweep_limit = 1, .draw = draw});
  }
  [[nodiscard]] Phase phase(MarketId market = kMarket) const {
    return exchange_.market().find(market)->phase;
  }
  // The exchange as it comes back from a snapshot.
  void restore() {
    Bytes bytes;
    Encoder out(bytes);
    exchange_.encode(out);
    Exchange restored;
    Decoder in(bytes);
    ASSERT_TRUE(restored.decode(in));
    exchange_ = restored;
  }

  Exchange exchange_;
  Events events_;
  Instant now_ = at(0);
};

TEST_F(TradingSessionsTest, TheTickThatOpensTheRandomPartDrawsItsEnd) {
  EXPECT_EQ(exchange_.next_due(), at(100));
  tick(at(100), 7);
  const Instant end = exchange_.next_due();
  EXPECT_GT(end, at(100));
  EXPECT_LE(end, at(130));
  EXPECT_EQ(phase(), Phase::call);
  tick(Instant(end.ns() - 1), 8);  // one draw is enough
  EXPECT_EQ(exchange_.next_due(), end);
  EXPECT_EQ(phase(), Phase::call);
  tick(end, 9);
  EXPECT_EQ(phase(), Phase::continuous);
  EXPECT_EQ(exchange_.next_due(), at(400));
}

TEST_F(TradingSessionsTest, TheEndFollowsFromTheDrawAlone) {
  Exchange before = exchange_;
  std::set<Instant> ends;
  for (std::uint64_t draw = 0; draw < 200; ++draw) {
    exchange_ = before;
    tick(at(100), draw);
    const Instant end = exchange_.next_due();
    ends.insert(end);
    exchange_ = before;
    tick(at(100), draw);
    EXPECT_EQ(exchange_.next_due(), end);
  }
  EXPECT_EQ(ends.size(), 200u);
  // All of the part is used.
  EXPECT_LT(*ends.begin(), at(102));
  EXPECT_GT(*ends.rbegin(), at(128));
}

TEST_F(TradingSessionsTest, MarketsWithOneCalendarDrawEachForItself) {
  send(kOperator, calendar(MarketId(2)));
  tick(at(100), 7);
  const Instant first = exchange_.next_due();
  tick(first, 0);
  EXPECT_NE(phase(), phase(MarketId(2)));
}

// Another command than the node's tick comes first: it cannot draw, and the next tick does.
TEST_F(TradingSessionsTest, WithoutATickTheDrawIsDueAtOnce) {
  now_ = at(101);
  send(kOperator, CreateMarket{.code = "O", .name = "O"});
  EXPECT_EQ(exchange_.next_due(), at(101));
  restore();
  EXPECT_EQ(exchange_.next_due(), at(101));
  tick(at(101), 7);
  EXPECT_GE(exchange_.next_due(), at(101));
  EXPECT_LE(exchange_.next_due(), at(130));
}

TEST_F(TradingSessionsTest, ADrawThatIsPastHappensNow) {
  now_ = at(130);
  now_ = Instant(now_.ns() - 1);
  tick(now_, 7);
  EXPECT_EQ(exchange_.next_due(), now_);
  tick(now_, 0);
  EXPECT_EQ(phase(), Phase::continuous);
}

TEST_F(TradingSessionsTest, ADrawnEndSurvivesASnapshot) {
  tick(at(100), 7);
  const Instant end = exchange_.next_due();
  restore();
  EXPECT_EQ(exchange_.next_due(), end);
  tick(end, 0);
  EXPECT_EQ(phase(), Phase::continuous);
}

TEST_F(TradingSessionsTest, ANewCalendarForgetsADrawAndOneThatWaits) {
  tick(at(100), 7);
  send(kOperator, calendar(kMarket));
  EXPECT_EQ(exchange_.next_due(), at(100));  // waits for a draw again
  send(kOperator,
       SetCalendar{.market = kMarket, .day_ends = {at(900)}, .phases = {}, .source = {}});
  EXPECT_EQ(exchange_.next_due(), at(900));  // the end of the day
}

}  // namespace
}  // namespace origo
