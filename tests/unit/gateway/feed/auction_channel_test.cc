#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "tests/unit/gateway/feed/book_feed_fixture.h"

namespace origo::gateway {
namespace {

// Instrument 1 of a market in continuous trading; what its call would trade is made up.
class AuctionChannelTest : public BookFeedTest {
 protected:
  AuctionChannelTest() {
    feed_.load({.instrument = InstrumentId(1), .levels = {}, .trades = {}, .market = MarketId(1)});
    feed_.set_indicator([this](InstrumentId instrument, Sequence at_least) {
      EXPECT_EQ(instrument, InstrumentId(1));
      EXPECT_EQ(at_least, last_);
      ++asked_;
      return known_;
    });
    static_cast<void>(subscribe(listener_, Channel::auction));
  }
  template <class... E>
  void happen(const E&... what) {
    Events events;
    (events.append(what), ...);
    publish(events);
    hub_.run_waiting();
  }
  void look() {
    feed_.look(hub_);
    hub_.run_waiting();
  }
  static PhaseChanged phase(Phase to, const std::string& reason = "") {
    return {.market = MarketId(1),
            .phase = to,
            .reason = reason,
            .cause = reason.empty() ? PhaseCause::calendar : PhaseCause::by_hand,
            .until_lifted = !reason.empty(),
            .call = to == Phase::call ? CallKind::intraday : CallKind::none};
  }
  static LevelChanged bid(std::int64_t open) {
    return {.instrument = InstrumentId(1),
            .side = Side::buy,
            .price = Price(9),
            .open = Quantity(open),
            .orders = 1};
  }
  static PriceFinding finding(std::int64_t volume, std::int64_t surplus = 0) {
    return {.outcome = PriceOutcome::found,
            .price = Price(9),
            .volume = Quantity(volume),
            .surplus_side = Side::sell,
            .surplus = Quantity(surplus)};
  }
  // The newest message, without what all messages have.
  [[nodiscard]] Json newest() const {
    const Json& message = listener_.messages.back();
    return {{"phase", message["phase"]},
            {"indicative", message["indicative"]},
            {"auction", message["auction"]}};
  }

  std::optional<PriceFinding> known_ = PriceFinding{};
  int asked_ = 0;
  Listener listener_;
};

TEST_F(AuctionChannelTest, TellsPhasesWithTheirReason) {
  happen(phase(Phase::halt, "a \"quoted\" reason"));
  ASSERT_EQ(listener_.messages.size(), 1u);
  const Json& message = listener_.messages[0];
  EXPECT_EQ(message["channel"], "auction");
  EXPECT_EQ(message["phase"], "halt");
  EXPECT_EQ(message["reason"], "a \"quoted\" reason");
  EXPECT_EQ(message["until_lifted"], true);
  happen(phase(Phase::continuous));
  EXPECT_EQ(listener_.messages[1]["phase"], "continuous");
  EXPECT_EQ(listener_.messages[1]["reason"], nullptr);
  EXPECT_EQ(listener_.messages[1]["until_lifted"], false);
  happen(PhaseChanged{.market = MarketId(2), .phase = Phase::halt, .reason = "another market"});
  EXPECT_EQ(listener_.messages.size(), 2u);
}

TEST_F(AuctionChannelTest, IndicatesOnChangeDuringCallsOnly) {
  happen(bid(5));
  look();
  EXPECT_EQ(asked_, 0);
  known_ = finding(5);
  happen(phase(Phase::call));
  EXPECT_EQ(newest()["indicative"], nullptr);
  look();
  EXPECT_EQ(newest()["indicative"],
            Json::parse(R"({"price":"9","volume":"5","surplus_side":null,"surplus":"0"})"));
  const std::size_t told = listener_.messages.size();
  happen(bid(6));
  look();
  EXPECT_EQ(asked_, 2);
  EXPECT_EQ(listener_.messages.size(), told);  // the same as before
  look();
  EXPECT_EQ(asked_, 2);  // nothing has changed
  known_ = finding(6, 2);
  happen(bid(7));
  look();
  EXPECT_EQ(newest()["indicative"],
            Json::parse(R"({"price":"9","volume":"6","surplus_side":"sell","surplus":"2"})"));
  known_ = PriceFinding{};
  happen(bid(8));
  look();
  EXPECT_EQ(newest()["indicative"], nullptr);
}

TEST_F(AuctionChannelTest, AsksAgainWhatIsNotKnownYet) {
  known_.reset();
  happen(phase(Phase::call));
  look();
  look();
  EXPECT_EQ(asked_, 2);
  known_ = finding(5);
  look();
  EXPECT_EQ(newest()["indicative"]["volume"], "5");
}

TEST_F(AuctionChannelTest, AHaltKeepsWhatIsIndicatedAndTheUncrossEndsIt) {
  known_ = finding(5);
  happen(phase(Phase::call));
  look();
  happen(phase(Phase::halt));
  EXPECT_EQ(newest()["indicative"]["volume"], "5");
  happen(Uncrossed{.instrument = InstrumentId(1),
                   .price = Price(9),
                   .volume = Quantity(5),
                   .surplus_side = Side::buy,
                   .surplus = Quantity(3)},
         phase(Phase::closed));
  EXPECT_EQ(newest(), Json::parse(R"({"phase":"closed","indicative":null,"auction":
      {"price":"9","volume":"5","surplus_side":"buy","surplus":"3","call":null,"time":"1000"}})"));
  look();
  EXPECT_EQ(newest()["indicative"], nullptr);
}

TEST_F(AuctionChannelTest, ReferencePricesAndHiddenPartsCount) {
  happen(phase(Phase::call));
  look();
  EXPECT_EQ(asked_, 1);
  happen(ReferencePriceSet{.reference = {.instrument = InstrumentId(1), .price = Price(9)}});
  look();
  EXPECT_EQ(asked_, 2);
  OrderAmended hidden_part;
  hidden_part.order = OrderId(4);
  hidden_part.instrument = InstrumentId(1);
  happen(hidden_part);
  look();
  EXPECT_EQ(asked_, 3);
}

TEST_F(AuctionChannelTest, ASnapshotHoldsAllOfIt) {
  known_ = finding(5);
  happen(phase(Phase::call));
  look();
  Listener late;
  const Json snapshot = subscribe(late, Channel::auction);
  EXPECT_EQ(snapshot["phase"], "call");
  EXPECT_EQ(snapshot["indicative"]["volume"], "5");
  EXPECT_EQ(snapshot["auction"], nullptr);
}

TEST_F(AuctionChannelTest, TellsWhichCallItIsAndNothingIsIndicatedBeforeIt) {
  happen(phase(Phase::pre_open));
  EXPECT_EQ(listener_.messages.back()["phase"], "pre_open");
  EXPECT_EQ(listener_.messages.back()["call"], nullptr);
  happen(bid(5));
  look();
  EXPECT_EQ(asked_, 0);
  PhaseChanged opening = phase(Phase::call);
  opening.call = CallKind::opening;
  happen(opening);
  EXPECT_EQ(listener_.messages.back()["call"], "opening");
  happen(phase(Phase::halt));
  EXPECT_EQ(listener_.messages.back()["call"], "opening");
  happen(Uncrossed{.instrument = InstrumentId(1),
                   .price = Price(9),
                   .volume = Quantity(5),
                   .surplus_side = Side::buy,
                   .surplus = Quantity(),
                   .call = CallKind::opening},
         phase(Phase::continuous));
  EXPECT_EQ(listener_.messages.back()["call"], nullptr);
  EXPECT_EQ(listener_.messages.back()["auction"]["call"], "opening");
}

TEST_F(AuctionChannelTest, StartsWithTheLastAuction) {
  feed_.load({.instrument = InstrumentId(2),
              .levels = {},
              .trades = {},
              .market = MarketId(2),
              .auction = FeedAuction{.price = Price(9),
                                     .volume = Quantity(5),
                                     .surplus_side = Side::sell,
                                     .surplus = Quantity(1),
                                     .call = CallKind::closing,
                                     .time = Instant(7)}});
  Listener other;
  EXPECT_EQ(subscribe(other, Channel::auction, 2)["auction"], Json::parse(R"(
      {"price":"9","volume":"5","surplus_side":"sell","surplus":"1","call":"closing","time":"7"})"));
}

// A node that starts in a call.
TEST_F(AuctionChannelTest, StartsWithTheStatesPhase) {
  feed_.load({.instrument = InstrumentId(2),
              .levels = {},
              .trades = {},
              .market = MarketId(2),
              .phase = {.phase = Phase::call, .call = CallKind::opening}});
  feed_.set_indicator([](InstrumentId, Sequence) { return finding(7); });
  Listener other;
  EXPECT_EQ(subscribe(other, Channel::auction, 2)["phase"], "call");
  look();
  ASSERT_EQ(other.messages.size(), 1u);
  EXPECT_EQ(other.messages[0]["indicative"]["volume"], "7");
}

TEST_F(AuctionChannelTest, ANewInstrumentIsInItsMarketsPhase) {
  happen(phase(Phase::call));
  InstrumentCreated created{.instrument = InstrumentId(3), .details = {}};
  created.details.market = MarketId(1);
  happen(created);
  Listener other;
  EXPECT_EQ(subscribe(other, Channel::auction, 3)["phase"], "call");
}

}  // namespace
}  // namespace origo::gateway
