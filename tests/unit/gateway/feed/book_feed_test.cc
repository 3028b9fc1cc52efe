#include "gateway/feed/book_feed.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <vector>

#include "tests/unit/gateway/feed/book_feed_fixture.h"

namespace origo::gateway {
namespace {

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

// Nobody runs the feed for a while: what waits is bounded, and the feed starts anew from another
// state.
class LostBatchesTest : public BookFeedTest {
 protected:
  static constexpr std::size_t kQueueBytes = 2'000;

  LostBatchesTest() {
    small_.set_reloader([this](Sequence at_least) -> std::optional<FeedReload> {
      asked_ = at_least;
      if (reader_ < at_least) return std::nullopt;
      return FeedReload{
          .sequence = reader_,
          .time = Instant(2'000),
          .instruments = {{.instrument = InstrumentId(1), .levels = levels_, .trades = trades_}}};
    });
    small_.load({.instrument = InstrumentId(1), .levels = {}, .trades = {}});
  }
  // One batch: the best bid is `price`, and one trade of this number.
  void step(std::int64_t price) {
    Events events;
    if (price > 1) level(events, Side::buy, price - 1, 0, 0);
    level(events, Side::buy, price, price, 1);
    events.append(Trade{.trade = TradeId(static_cast<std::uint64_t>(price)),
                        .instrument = InstrumentId(1),
                        .sell_instrument = InstrumentId(1),
                        .price = Price(price),
                        .quantity = Quantity(1)});
    bytes_ = events.bytes().size();
    last_ = next(last_);
    small_.submit(hub_small_,
                  {.last = last_,
                   .time = Instant(1'000),
                   .events = std::make_shared<const Bytes>(events.copy())});
  }
  // What a reader that has come to `price` says.
  void reader_at(std::int64_t price) {
    reader_ = Sequence(static_cast<std::uint64_t>(price));
    levels_ = {{.side = Side::buy, .price = Price(price), .open = Quantity(price), .orders = 1}};
    trades_.clear();
    for (std::int64_t i = price - 2; i < price; ++i) {  // its history is one trade behind
      trades_.push_back({.trade = TradeId(static_cast<std::uint64_t>(i)),
                         .price = Price(i),
                         .quantity = Quantity(1)});
    }
  }
  Json see(Listener& listener, Channel channel) {
    const auto result = hub_small_.subscribe(listener, {.channel = channel, .instrument = 1});
    return Json::parse(payload_of(std::get<WireFrame>(result)));
  }
  Json missed(Listener& listener) {
    const auto frame = hub_small_.next_missed_snapshot(listener);
    return frame ? Json::parse(payload_of(*frame)) : Json();
  }

  BookFeed small_{{.levels = kDepth, .trades = 3, .orders = 6}, kQueueBytes};
  FeedHub hub_small_{small_,
                     std::make_shared<FeedMetrics>(std::make_shared<prometheus::Registry>())};
  std::size_t bytes_ = 0;
  Sequence asked_;
  Sequence reader_;
  std::vector<FeedLevel> levels_;
  std::vector<FeedTrade> trades_;
};

TEST_F(LostBatchesTest, TheFeedStartsAnewAndSubscribersGetSnapshots) {
  Listener books;
  Listener trades;
  const Json before = see(books, Channel::book_l2);
  (void)see(trades, Channel::trades);
  std::int64_t price = 1;
  step(price);
  const std::size_t fit = kQueueBytes / bytes_;
  while (price < 1'000) {
    step(++price);
    EXPECT_LE(small_.waiting(), fit);
  }
  reader_at(990);
  hub_small_.run_waiting();
  EXPECT_LE(asked_, last_);
  EXPECT_GT(asked_, Sequence(990 - fit));
  if (asked_ > reader_) {
    EXPECT_EQ(books.falls, 0);
    reader_at(std::min<std::int64_t>(static_cast<std::int64_t>(asked_.value()) + 2, price));
    small_.look(hub_small_);
    hub_small_.run_waiting();
  }
  EXPECT_EQ(small_.waiting(), 0u);
  EXPECT_EQ(books.falls, 1);
  EXPECT_EQ(trades.falls, 1);
  EXPECT_TRUE(books.messages.empty());
  const Json snapshot = missed(books);
  EXPECT_GT(snapshot["seq"], before["seq"]);
  EXPECT_EQ(snapshot["bids"], Json::parse(R"([["1000","1000",1]])"));
  const Json tape = missed(trades);
  ASSERT_EQ(tape["trades"].size(), 3u);
  EXPECT_EQ(tape["trades"][0]["trade"], "998");
  EXPECT_EQ(tape["trades"][2]["trade"], "1000");

  step(++price);
  hub_small_.run_waiting();
  ASSERT_EQ(books.messages.size(), 1u);
  EXPECT_EQ(books.messages[0]["seq"], snapshot["seq"].get<int>() + 1);
  EXPECT_EQ(books.messages[0]["bids"], Json::parse(R"([["1001","1001",1],["1000","0",0]])"));
  EXPECT_EQ(books.falls, 1);
}

TEST_F(LostBatchesTest, NothingIsPublishedWhileTheReaderIsBehind) {
  Listener books;
  (void)see(books, Channel::book_l2);
  std::int64_t price = 0;
  while (price < 500) step(++price);
  reader_at(10);
  hub_small_.run_waiting();
  small_.look(hub_small_);
  hub_small_.run_waiting();
  EXPECT_TRUE(books.messages.empty());
  EXPECT_EQ(books.falls, 0);
  reader_at(500);
  small_.look(hub_small_);
  hub_small_.run_waiting();
  EXPECT_EQ(books.falls, 1);
  EXPECT_EQ(missed(books)["bids"], Json::parse(R"([["500","500",1]])"));
  small_.look(hub_small_);
  EXPECT_EQ(hub_small_.waiting(), 0u);  // nothing to make up for
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
