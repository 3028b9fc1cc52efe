#include "gateway/feed/book_feed.h"

#include <gtest/gtest.h>
#include <prometheus/registry.h>

#include <map>
#include <nlohmann/json.hpp>
#include <random>
#include <vector>

#include "gateway/feed/feed_metrics.h"

namespace origo::gateway {
namespace {

using Json = nlohmann::json;

std::string payload_of(const WireFrame& frame) {
  const auto length = static_cast<unsigned char>((*frame)[1]);
  return frame->substr(length < 126 ? 2 : length == 126 ? 4 : 10);
}

// Keeps every message; may refuse.
class Listener : public FeedSubscriber {
 public:
  bool enqueue(const WireFrame& frame) override {
    if (full) return false;
    messages.push_back(Json::parse(payload_of(frame)));
    return true;
  }
  void flush() override { ++flushes; }

  std::vector<Json> messages;
  int flushes = 0;
  bool full = false;
};

// A client's copy of a book, built from messages alone.
struct BookCopy {
  std::map<std::int64_t, std::pair<std::int64_t, std::int64_t>> bids;
  std::map<std::int64_t, std::pair<std::int64_t, std::int64_t>> asks;
  std::uint64_t seq = 0;

  void take(const Json& message) {
    if (message["type"] == "snapshot") {
      bids.clear();
      asks.clear();
    } else {
      ASSERT_EQ(message["seq"].get<std::uint64_t>(), seq + 1);
    }
    seq = message["seq"];
    take(message["bids"], bids);
    take(message["asks"], asks);
  }
  static void take(const Json& levels,
                   std::map<std::int64_t, std::pair<std::int64_t, std::int64_t>>& side) {
    for (const Json& level : levels) {
      const std::int64_t price = std::stoll(level[0].get<std::string>());
      const std::int64_t open = std::stoll(level[1].get<std::string>());
      if (open == 0) {
        EXPECT_EQ(side.erase(price), 1u);
      } else {
        side[price] = {open, level[2]};
      }
    }
  }
};

class BookFeedTest : public testing::Test {
 protected:
  void publish(const Events& events) {
    last_ = next(last_);
    feed_.submit(hub_,
                 {.last = last_,
                  .time = Instant(1'000),
                  .events = std::make_shared<const Bytes>(events.copy())});
  }
  void level(
      Events& events, Side side, std::int64_t price, std::int64_t open, std::uint32_t orders) {
    events.append(LevelChanged{.instrument = InstrumentId(1),
                               .side = side,
                               .price = Price(price),
                               .open = Quantity(open),
                               .orders = orders});
  }
  Json subscribe(Listener& listener, Channel channel, std::uint64_t instrument = 1) {
    const auto result = hub_.subscribe(listener, {.channel = channel, .instrument = instrument});
    if (const auto* error = std::get_if<ApiError>(&result)) return Json::parse(to_json(*error));
    return Json::parse(payload_of(std::get<WireFrame>(result)));
  }

  static constexpr std::size_t kDepth = 4;
  BookFeed feed_{kDepth, 3};
  FeedHub hub_{feed_, std::make_shared<FeedMetrics>(std::make_shared<prometheus::Registry>())};
  Sequence last_;
};

TEST_F(BookFeedTest, SnapshotThenNumberedChanges) {
  Events events;
  events.append(InstrumentCreated{.instrument = InstrumentId(1), .details = {}});
  level(events, Side::buy, 100, 5, 2);
  level(events, Side::sell, 103, 7, 1);
  publish(events);
  hub_.run_waiting();

  Listener listener;
  const Json snapshot = subscribe(listener, Channel::book_l2);
  EXPECT_EQ(snapshot["channel"], "book.l2");
  EXPECT_EQ(snapshot["instrument"], "ins-1");
  EXPECT_EQ(snapshot["type"], "snapshot");
  EXPECT_EQ(snapshot["sequence"], "1");
  EXPECT_EQ(snapshot["bids"], Json::parse(R"([["100","5",2]])"));
  EXPECT_EQ(snapshot["asks"], Json::parse(R"([["103","7",1]])"));

  Events more;
  level(more, Side::buy, 101, 1, 1);
  level(more, Side::sell, 103, 0, 0);
  publish(more);
  hub_.run_waiting();
  ASSERT_EQ(listener.messages.size(), 1u);
  EXPECT_EQ(listener.flushes, 1);
  EXPECT_EQ(listener.messages[0]["seq"], snapshot["seq"].get<int>() + 1);
  EXPECT_EQ(listener.messages[0]["bids"], Json::parse(R"([["101","1",1]])"));
  EXPECT_EQ(listener.messages[0]["asks"], Json::parse(R"([["103","0",0]])"));
}

TEST_F(BookFeedTest, ManyBatchesOfOneWakeBecomeOneMessage) {
  feed_.load({.instrument = InstrumentId(1), .levels = {}, .trades = {}});
  Listener listener;
  (void)subscribe(listener, Channel::book_l2);
  for (int i = 1; i <= 5; ++i) {
    Events events;
    level(events, Side::buy, 100, i, 1);
    publish(events);
  }
  Events back_and_forth;
  level(back_and_forth, Side::sell, 200, 1, 1);
  level(back_and_forth, Side::sell, 200, 0, 0);
  publish(back_and_forth);
  hub_.run_waiting();
  ASSERT_EQ(listener.messages.size(), 1u);
  EXPECT_EQ(listener.messages[0]["bids"], Json::parse(R"([["100","5",1]])"));
  EXPECT_EQ(listener.messages[0]["asks"], Json::array());
  EXPECT_EQ(listener.messages[0]["sequence"], "6");
}

TEST_F(BookFeedTest, TradesAreToldAtBothInstrumentsAndKeptForSnapshots) {
  for (const std::uint32_t instrument : {1u, 2u}) {
    feed_.load({.instrument = InstrumentId(instrument), .levels = {}, .trades = {}});
  }
  Listener wide;
  Listener narrow;
  EXPECT_EQ(subscribe(wide, Channel::trades, 1)["trades"], Json::array());
  (void)subscribe(narrow, Channel::trades, 2);
  (void)subscribe(narrow, Channel::book_l1, 2);
  Events events;
  for (std::uint64_t i = 1; i <= 4; ++i) {
    events.append(Trade{.trade = TradeId(i),
                        .instrument = InstrumentId(1),
                        .sell_instrument = InstrumentId(2),
                        .price = Price(static_cast<std::int64_t>(100 + i)),
                        .quantity = Quantity(3),
                        .aggressor = Side::sell});
  }
  publish(events);
  hub_.run_waiting();
  ASSERT_EQ(wide.messages.size(), 1u);
  EXPECT_EQ(wide.messages[0]["trades"].size(), 4u);
  EXPECT_EQ(wide.messages[0]["trades"][3],
            Json::parse(R"({"trade":"4","price":"104","quantity":"3","aggressor":"sell",
                            "time":"1000"})"));
  ASSERT_EQ(narrow.messages.size(), 2u);
  EXPECT_EQ(narrow.messages[1]["last"], "104");
  EXPECT_EQ(narrow.messages[1]["bid"], nullptr);

  Listener late;
  const Json snapshot = subscribe(late, Channel::trades, 2);
  EXPECT_EQ(snapshot["trades"].size(), 3u);  // the last ones
  EXPECT_EQ(snapshot["trades"][0]["trade"], "2");
}

TEST_F(BookFeedTest, StartsFromARecoveredState) {
  feed_.load({.instrument = InstrumentId(1),
              .levels = {{.side = Side::buy, .price = Price(9), .open = Quantity(2), .orders = 1}},
              .trades = {{.trade = TradeId(5), .price = Price(9), .quantity = Quantity(1)}}});
  Listener listener;
  EXPECT_EQ(subscribe(listener, Channel::book_l2)["bids"], Json::parse(R"([["9","2",1]])"));
  EXPECT_EQ(subscribe(listener, Channel::book_l1)["last"], "9");
  EXPECT_EQ(subscribe(listener, Channel::trades)["trades"].size(), 1u);
  hub_.run_waiting();
  EXPECT_TRUE(listener.messages.empty());
}

TEST_F(BookFeedTest, UnknownInstrumentAndRepeatedSubscriptionAreRefused) {
  feed_.load({.instrument = InstrumentId(1), .levels = {}, .trades = {}});
  Listener listener;
  EXPECT_EQ(subscribe(listener, Channel::trades, 2)["code"], "unknown_instrument");
  EXPECT_EQ(subscribe(listener, Channel::trades)["type"], "snapshot");
  EXPECT_EQ(subscribe(listener, Channel::trades)["code"], "already_subscribed");
  EXPECT_EQ(hub_.subscriptions_of(listener), 1u);
  EXPECT_TRUE(hub_.unsubscribe(listener, {.channel = Channel::trades, .instrument = 1}));
  EXPECT_FALSE(hub_.unsubscribe(listener, {.channel = Channel::trades, .instrument = 1}));
}

// Random books; listeners come, fall behind, catch up and go at random moments. Every copy that is
// up to date equals the best levels of the true book.
TEST_F(BookFeedTest, EveryCopyEqualsTheBook) {
  feed_.load({.instrument = InstrumentId(1), .levels = {}, .trades = {}});
  const Topic topic{.channel = Channel::book_l2, .instrument = 1};
  struct Client {
    Listener listener;
    BookCopy copy;
    std::size_t read = 0;
    bool subscribed = false;
  };
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < 4; ++i) clients.push_back(std::make_unique<Client>());
  std::mt19937_64 random(7);
  const auto draw = [&random](std::uint64_t bound) { return random() % bound; };
  std::map<std::int64_t, std::pair<std::int64_t, std::int64_t>> truth[2];

  for (int round = 0; round < 3'000; ++round) {
    for (std::uint64_t batches = draw(3); batches > 0; --batches) {
      Events events;
      for (std::uint64_t changes = draw(4); changes > 0; --changes) {
        const bool buy = draw(2) == 0;
        const auto price = static_cast<std::int64_t>(buy ? 1 + draw(10) : 11 + draw(10));
        const auto open = static_cast<std::int64_t>(draw(4));
        level(events, buy ? Side::buy : Side::sell, price, open, open > 0 ? 1 : 0);
        if (open > 0) {
          truth[buy ? 0 : 1][price] = {open, 1};
        } else {
          truth[buy ? 0 : 1].erase(price);
        }
      }
      publish(events);
    }
    hub_.run_waiting();

    Client& client = *clients[draw(clients.size())];
    switch (draw(6)) {
      case 0:
        if (client.subscribed) {
          ASSERT_TRUE(hub_.unsubscribe(client.listener, topic));
        } else {
          client.copy.take(subscribe(client.listener, Channel::book_l2));
        }
        client.subscribed = !client.subscribed;
        break;
      case 1:
        client.listener.full = true;
        break;
      default:
        client.listener.full = false;
        while (const auto frame = hub_.next_missed_snapshot(client.listener)) {
          client.copy.take(Json::parse(payload_of(*frame)));
        }
    }
    for (const auto& each : clients) {
      auto& messages = each->listener.messages;
      for (const Json& message : messages) each->copy.take(message);
      messages.clear();
      if (!each->subscribed || each->listener.full || hub_.is_behind(each->listener)) continue;
      std::map<std::int64_t, std::pair<std::int64_t, std::int64_t>> bids;
      std::map<std::int64_t, std::pair<std::int64_t, std::int64_t>> asks;
      for (auto it = truth[0].rbegin(); it != truth[0].rend() && bids.size() < kDepth; ++it) {
        bids.insert(*it);
      }
      for (auto it = truth[1].begin(); it != truth[1].end() && asks.size() < kDepth; ++it) {
        asks.insert(*it);
      }
      ASSERT_EQ(each->copy.bids, bids) << "round " << round;
      ASSERT_EQ(each->copy.asks, asks) << "round " << round;
    }
  }
}

}  // namespace
}  // namespace origo::gateway
