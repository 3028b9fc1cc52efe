#include "tests/unit/gateway/feed/book_feed_fixture.h"

// What book.l3 and book.combined say.
namespace origo::gateway {
namespace {

TEST_F(BookFeedTest, OrdersAtAnyPriceComeFirstAndAreNoBestLimit) {
  feed_.load({.instrument = InstrumentId(1), .levels = {}, .trades = {}});
  Listener listener;
  (void)subscribe(listener, Channel::book_l2);
  (void)subscribe(listener, Channel::book_l1);
  Events events;
  for (const Side side : {Side::buy, Side::sell}) {
    level(events, side, 100, 5, 1);
    level(events, side, 0, 9, 2);
  }
  publish(events);
  hub_.run_waiting();
  ASSERT_EQ(listener.messages.size(), 2u);
  EXPECT_EQ(listener.messages[0]["bid"], Json::parse(R"(["100","5",1])"));
  EXPECT_EQ(listener.messages[0]["ask"], Json::parse(R"(["100","5",1])"));
  for (const char* side : {"bids", "asks"}) {
    EXPECT_EQ(listener.messages[1][side], Json::parse(R"([["0","9",2],["100","5",1]])")) << side;
  }
}

// Level messages go with it, as in the core.
class OrderFeedTest : public BookFeedTest {
 protected:
  OrderFeedTest() { feed_.load({.instrument = InstrumentId(1), .levels = {}, .trades = {}}); }
  template <class... E>
  void happen(const E&... events) {
    Events all;
    (all.append(events), ...);
    level(all, Side::sell, 100, ++changes_, 1);
    publish(all);
    hub_.run_waiting();
  }
  static OrderRested rested(std::uint64_t order, std::int64_t price, std::int64_t visible) {
    return {.order = OrderId(order),
            .instrument = InstrumentId(1),
            .side = Side::sell,
            .price = Price(price),
            .visible = Quantity(visible)};
  }
  static Trade trade(std::uint64_t maker, std::int64_t quantity) {
    return trade(maker, quantity, 99, 0, 0);
  }
  static Trade trade(std::uint64_t maker,
                     std::int64_t quantity,
                     std::uint64_t taker,
                     std::int64_t maker_open,
                     std::int64_t taker_open) {
    Trade event{
        .trade = TradeId(1), .instrument = InstrumentId(1), .sell_instrument = InstrumentId(1)};
    event.maker = OrderId(maker);
    event.taker = OrderId(taker);
    event.quantity = Quantity(quantity);
    event.maker_open = Quantity(maker_open);
    event.taker_open = Quantity(taker_open);
    return event;
  }
  static OrderAmended amended(std::uint64_t order, std::int64_t visible, bool requeued) {
    OrderAmended event{.order = OrderId(order), .instrument = InstrumentId(1), .side = Side::sell};
    event.visible = Quantity(visible);
    event.requeued = requeued;
    return event;
  }
  static OrderEnded ended(std::uint64_t order) { return {.order = OrderId(order)}; }
  Json last(Listener& listener) {
    EXPECT_EQ(listener.messages.size(), 1u);
    const Json asks = listener.messages.empty() ? Json() : listener.messages.back()["asks"];
    listener.messages.clear();
    return asks;
  }
  std::int64_t changes_ = 0;
};

TEST_F(OrderFeedTest, OrdersAreShownAtTheirPlacesWithoutTheirIds) {
  happen(rested(71, 100, 5), rested(72, 100, 3), rested(73, 99, 1));
  Listener listener;
  const Json snapshot = subscribe(listener, Channel::book_l3);
  EXPECT_EQ(snapshot["bids"], Json::array());
  EXPECT_EQ(snapshot["asks"], Json::parse(R"([["99","1","3"],["100","5","1"],["100","3","2"]])"));
  happen(trade(73, 1), ended(73), trade(71, 2));
  EXPECT_EQ(last(listener), Json::parse(R"([["99","0","3"],["100","3","1"]])"));
  happen(amended(71, 2, false));
  EXPECT_EQ(last(listener), Json::parse(R"([["100","2","1"]])"));
  happen(amended(71, 0, true), rested(71, 101, 9));
  EXPECT_EQ(last(listener), Json::parse(R"([["100","0","1"],["101","9","4"]])"));
  happen(OrderWaiting{.order = OrderId(74)}, StopTriggered{.order = OrderId(75)});
  EXPECT_TRUE(listener.messages.empty());
}

// Nobody can tell the next peak from another's order, nor what is hidden.
TEST_F(OrderFeedTest, ARefreshedIcebergIsAnotherEntry) {
  happen(rested(71, 100, 5), rested(72, 100, 3));
  Listener listener;
  (void)subscribe(listener, Channel::book_l3);
  happen(trade(71, 5),
         OrderRefreshed{.order = OrderId(71),
                        .instrument = InstrumentId(1),
                        .side = Side::sell,
                        .price = Price(100),
                        .visible = Quantity(4)});
  EXPECT_EQ(last(listener), Json::parse(R"([["100","0","1"],["100","4","3"]])"));
}

TEST_F(OrderFeedTest, InAnUncrossBothSidesStandInTheBook) {
  OrderRested buy = rested(81, 0, 7);
  buy.side = Side::buy;
  happen(rested(71, 0, 5), rested(72, 100, 5), buy);
  Listener listener;
  EXPECT_EQ(subscribe(listener, Channel::book_l3)["asks"],
            Json::parse(R"([["0","5","1"],["100","5","2"]])"));
  happen(trade(71, 5, 81, 0, 2), ended(71), trade(72, 2, 81, 3, 0), ended(81));
  ASSERT_EQ(listener.messages.size(), 1u);
  EXPECT_EQ(listener.messages[0]["bids"], Json::parse(R"([["0","0","3"]])"));
  EXPECT_EQ(last(listener), Json::parse(R"([["0","0","1"],["100","3","2"]])"));
}

TEST_F(OrderFeedTest, InAnUncrossHiddenPartsTradeFirst) {
  OrderRested buy = rested(81, 100, 9);
  buy.side = Side::buy;
  happen(rested(71, 100, 5), buy);  // and 71 hides 4
  Listener listener;
  (void)subscribe(listener, Channel::book_l3);
  happen(trade(71, 3, 81, 6, 6));
  EXPECT_EQ(last(listener), Json::array());
  happen(trade(71, 3, 81, 3, 3));
  EXPECT_EQ(last(listener), Json::parse(R"([["100","3","1"]])"));
}

// Three instruments: 1 is wider than 2 and 3.
class LatticeFeedTest : public BookFeedTest {
 protected:
  LatticeFeedTest() {
    feed_.load(
        {.instrument = InstrumentId(1),
         .levels = {{.side = Side::sell, .price = Price(9), .open = Quantity(2), .orders = 1}},
         .trades = {}});
    feed_.load({.instrument = InstrumentId(2),
                .levels = {},
                .trades = {},
                .related = {.wider = {InstrumentId(1)}}});
  }
  void level_at(std::uint32_t instrument, Side side, std::int64_t price, std::int64_t open) {
    Events events;
    events.append(LevelChanged{.instrument = InstrumentId(instrument),
                               .side = side,
                               .price = Price(price),
                               .open = Quantity(open),
                               .orders = open > 0 ? 1u : 0u});
    publish(events);
    hub_.run_waiting();
  }
};

TEST_F(LatticeFeedTest, TheCombinedBookIsWhatCanBeTakenAndFilled) {
  Listener wide;
  Listener narrow;
  EXPECT_EQ(subscribe(wide, Channel::book_combined, 1)["asks"], Json::parse(R"([["9","2",1]])"));
  EXPECT_EQ(subscribe(narrow, Channel::book_combined, 2)["asks"], Json::array());
  level_at(2, Side::sell, 9, 3);
  ASSERT_EQ(wide.messages.size(), 1u);
  ASSERT_EQ(narrow.messages.size(), 1u);
  EXPECT_EQ(wide.messages[0]["channel"], "book.combined");
  EXPECT_EQ(wide.messages[0]["asks"], Json::parse(R"([["9","5",2]])"));
  EXPECT_EQ(narrow.messages[0]["asks"], Json::parse(R"([["9","3",1]])"));
  level_at(1, Side::buy, 7, 1);  // fills sellers at both
  EXPECT_EQ(wide.messages[1]["bids"], Json::parse(R"([["7","1",1]])"));
  EXPECT_EQ(narrow.messages[1]["bids"], Json::parse(R"([["7","1",1]])"));
  level_at(2, Side::buy, 8, 1);  // cannot fill a sale of the wider one
  EXPECT_EQ(wide.messages.size(), 2u);
  EXPECT_EQ(narrow.messages[2]["bids"], Json::parse(R"([["8","1",1]])"));
}

TEST_F(LatticeFeedTest, WhoComesWhenNobodyListensSeesTheNewState) {
  Listener first;
  const Json before = subscribe(first, Channel::book_combined, 1);
  EXPECT_TRUE(hub_.unsubscribe(first, {.channel = Channel::book_combined, .instrument = 1}));
  level_at(2, Side::sell, 8, 3);
  level_at(2, Side::sell, 8, 4);
  Listener second;
  const Json after = subscribe(second, Channel::book_combined, 1);
  EXPECT_GT(after["seq"], before["seq"]);
  EXPECT_EQ(after["asks"], Json::parse(R"([["8","4",1],["9","2",1]])"));
}

TEST_F(LatticeFeedTest, ANewInstrumentIsRelatedAsSoonAsItIsKnown) {
  std::optional<FeedRelations> known;
  feed_.set_relator([&](InstrumentId instrument) {
    EXPECT_EQ(instrument, InstrumentId(3));
    return known;
  });
  Listener wide;
  (void)subscribe(wide, Channel::book_combined, 1);
  Events events;
  events.append(InstrumentCreated{.instrument = InstrumentId(3), .details = {}});
  publish(events);
  level_at(3, Side::sell, 8, 3);
  EXPECT_TRUE(wide.messages.empty());
  known = FeedRelations{.narrower = {}, .wider = {InstrumentId(1)}};
  feed_.look(hub_);
  hub_.run_waiting();
  ASSERT_EQ(wide.messages.size(), 1u);
  EXPECT_EQ(wide.messages[0]["asks"], Json::parse(R"([["8","3",1]])"));
  feed_.look(hub_);
  EXPECT_EQ(hub_.waiting(), 0u);  // nothing is left to do
}

}  // namespace
}  // namespace origo::gateway
