#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "tests/unit/gateway/feed/book_feed_fixture.h"
#include "tests/unit/gateway/feed/server_fixture.h"

namespace origo::gateway {
namespace {

Trade sold(std::uint64_t id, std::int64_t price, std::int64_t quantity) {
  Trade trade;
  trade.trade = TradeId(id);
  trade.instrument = InstrumentId(1);
  trade.sell_instrument = InstrumentId(1);
  trade.price = Price(price);
  trade.quantity = Quantity(quantity);
  return trade;
}

// What a message says beside its position.
Json without_position(Json message) {
  for (const char* member : {"channel", "instrument", "seq", "type", "sequence", "time"})
    message.erase(member);
  return message;
}

class StatsChannelTest : public BookFeedTest {
 protected:
  StatsChannelTest() { feed_.load({.instrument = InstrumentId(1), .levels = {}, .trades = {}}); }

  template <class... E>
  void happen(Instant time, const E&... what) {
    Events events;
    (events.append(what), ...);
    last_ = next(last_);
    feed_.submit(
        hub_,
        {.last = last_, .time = time, .events = std::make_shared<const Bytes>(events.copy())});
    hub_.run_waiting();
  }
  void look() {
    feed_.look(hub_);
    hub_.run_waiting();
  }
  static Instant at(const char* date) { return Instant(start_of(*parse_date(date)).ns() + 1); }

  Listener listener_;
};

TEST_F(StatsChannelTest, TellsTheDaysTradesTogetherAndOnlyWhenLookedAt) {
  EXPECT_EQ(without_position(subscribe(listener_, Channel::stats)), Json::parse(R"(
      {"day":null,"open":null,"high":null,"low":null,"last":null,"volume":"0","vwap":null,
       "trades":"0","reference":null})"));
  happen(at("2026-01-31"), sold(1, 10, 2), sold(2, 12, 1));
  happen(at("2026-01-31"), sold(3, 9, 1));
  EXPECT_EQ(listener_.messages.size(), 0u);
  look();
  ASSERT_EQ(listener_.messages.size(), 1u);
  EXPECT_EQ(listener_.messages[0]["type"], "update");
  EXPECT_EQ(without_position(listener_.messages[0]), Json::parse(R"(
      {"day":"2026-01-31","open":"10","high":"12","low":"9","last":"9","volume":"4",
       "vwap":"10250","trades":"3","reference":null})"));
  look();
  EXPECT_EQ(listener_.messages.size(), 1u);  // nothing has changed
}

TEST_F(StatsChannelTest, ANewDayBeginsWithItsFirstCommand) {
  happen(at("2026-01-31"), sold(1, 10, 2));
  static_cast<void>(subscribe(listener_, Channel::stats));
  look();
  listener_.messages.clear();
  happen(at("2026-02-01"));
  look();
  ASSERT_EQ(listener_.messages.size(), 1u);
  EXPECT_EQ(listener_.messages[0]["day"], nullptr);
  EXPECT_EQ(listener_.messages[0]["volume"], "0");
  EXPECT_EQ(listener_.messages[0]["last"], "10");
  happen(at("2026-02-01"), sold(2, 11, 1));
  look();
  EXPECT_EQ(listener_.messages.back()["day"], "2026-02-01");
  EXPECT_EQ(listener_.messages.back()["open"], "11");
}

TEST_F(StatsChannelTest, ReferencePricesSayHowTheyWereMade) {
  static_cast<void>(subscribe(listener_, Channel::stats));
  happen(at("2026-01-31"),
         ReferencePriceSet{.reference = {.instrument = InstrumentId(1), .price = Price(9)}});
  look();
  EXPECT_EQ(
      listener_.messages.back()["reference"],
      Json::parse(R"({"price":"9","method":"set_by_hand","day":null,"volume":"0","trades":"0"})"));
  happen(at("2026-02-01"),
         ReferencePriceDecided{.instrument = InstrumentId(1),
                               .day = *parse_date("2026-01-31"),
                               .price = Price(8),
                               .method = ReferenceMethod::vwap,
                               .volume = Quantity(5),
                               .trades = 2});
  look();
  EXPECT_EQ(
      listener_.messages.back()["reference"],
      Json::parse(R"({"price":"8","method":"vwap","day":"2026-01-31","volume":"5","trades":"2"})"));
}

// Whoever subscribes between a change and its telling takes no update from anybody.
TEST_F(StatsChannelTest, AllSubscribersGetTheUpdate) {
  happen(at("2026-01-31"), sold(1, 10, 2));
  EXPECT_EQ(subscribe(listener_, Channel::stats)["volume"], "2");
  happen(at("2026-01-31"), sold(2, 10, 3));
  Listener late;
  static_cast<void>(subscribe(late, Channel::stats));
  look();
  for (const Listener* each : {&listener_, &late}) {
    ASSERT_EQ(each->messages.size(), 1u);
    EXPECT_EQ(each->messages[0]["volume"], "5");
  }
}

TEST_F(StatsChannelTest, BeginsWithWhatTheHistoryKnows) {
  const Instant noon = at("2026-01-31");
  FeedStart start{.instrument = InstrumentId(2), .levels = {}, .trades = {}};
  add_trade(start.day, TradeId(7), 10, 3, 30);
  start.day.start = start_of(Interval::day, noon);
  start.reference = FeedReference{.price = Price(11), .method = ReferenceMethod::previous};
  feed_.load(start);
  Trade again = sold(7, 10, 3);  // a feed that starts anew may be told it once more
  again.instrument = InstrumentId(2);
  again.sell_instrument = InstrumentId(2);
  happen(noon, again);
  const Json snapshot = subscribe(listener_, Channel::stats, 2);
  EXPECT_EQ(snapshot["trades"], "1");
  EXPECT_EQ(snapshot["volume"], "3");
  EXPECT_EQ(snapshot["reference"]["price"], "11");
}

// Over a real socket.
class StatsServerTest : public test::ServerTest {};

TEST_F(StatsServerTest, ASubscriberSeesTheDay) {
  start();
  test::FeedClient client(port);
  client.subscribe("stats", "ins-1");
  const Json snapshot = client.receive();
  EXPECT_EQ(snapshot["type"], "snapshot");
  EXPECT_EQ(snapshot["volume"], "0");
  Events events;
  events.append(sold(1, 10, 2));
  publish(events);
  // The node has the feed look a few times a second.
  std::atomic<bool> told = false;
  std::thread looking([&] {
    while (!told) {
      feed.look(hub);
      std::this_thread::yield();
    }
  });
  const Json update = client.receive();
  told = true;
  looking.join();
  EXPECT_EQ(update["type"], "update");
  EXPECT_EQ(update["volume"], "2");
  EXPECT_EQ(update["vwap"], "10000");
}

}  // namespace
}  // namespace origo::gateway
