#include "gateway/feed/feed_start.h"
#include "gateway/http/first_feed.h"
#include "tests/unit/gateway/grpc/grpc_fixture.h"

namespace origo::gateway {
namespace {

using test::Call;

// A market with one instrument, whose trading days end at midnight; the clock stands at noon.
class ReferencePricesTest : public test::GrpcTest {
 protected:
  void SetUp() override {
    serve();
    market_ = build_market({.accounts = 2});
    operator_ = add_user(1, Role::market_operator, {}).second;
  }
  void trade(std::int64_t price, std::int64_t quantity) {
    for (const Side side : {Side::sell, Side::buy}) {
      PlaceOrder order;
      order.account = market_.accounts[side == Side::sell ? 0 : 1];
      order.instrument = market_.instruments.front();
      order.side = side;
      order.price = Price(price);
      order.quantity = Quantity(quantity);
      must(order, trader_);
    }
  }
  // The first command of the next day.
  void pass_midnight() {
    ASSERT_TRUE(clock_.set(end_of(date_of(clock_.now()))));
    must(SetPhase{.market = MarketId(1), .phase = Phase::halt, .reason = "a new day"}, operator_);
    must(SetPhase{.market = MarketId(1), .phase = Phase::continuous, .reason = "a new day"},
         operator_);
  }
  v1::ListReferencePricesResponse list(v1::ListReferencePricesRequest request,
                                       grpc::StatusCode code = grpc::StatusCode::OK) {
    request.set_at_least_sequence(sequencer_->sequence().value());
    v1::ListReferencePricesResponse response;
    EXPECT_EQ(
        stub<v1::MarketData>()->ListReferencePrices(Call(trader_), request, &response).error_code(),
        code);
    return response;
  }
  FeedStart begin_feed() {
    FeedStart start;
    (void)reader_->read(
        sequencer_->sequence(),
        std::chrono::steady_clock::now() + std::chrono::seconds(10),
        [&](const Exchange& exchange, Sequence) {
          start =
              first_feed(exchange, HistoryView(*history_), exchange.market().instruments.front());
        });
    return start;
  }

  loadtest::SampleMarket market_;
  std::string operator_;
};

TEST_F(ReferencePricesTest, AreListedByInstrumentAndByWhatItsFilterNames) {
  const std::string day = to_string(date_of(clock_.now()));
  const std::string next_day = to_string(add_days(date_of(clock_.now()), 1));
  trade(100, 2);
  trade(103, 1);
  pass_midnight();
  pass_midnight();
  v1::ListReferencePricesRequest request;
  request.set_instrument(1);
  const v1::ListReferencePricesResponse all = list(request);
  ASSERT_EQ(all.prices_size(), 2);
  EXPECT_EQ(all.prices(0).day(), day);
  EXPECT_EQ(all.prices(0).price(), 101);
  EXPECT_EQ(all.prices(0).method(), v1::REFERENCE_METHOD_VWAP);
  EXPECT_EQ(all.prices(0).volume(), 3);
  EXPECT_EQ(all.prices(0).trades(), 2U);
  EXPECT_EQ(all.prices(1).day(), next_day);
  EXPECT_EQ(all.prices(1).method(), v1::REFERENCE_METHOD_PREVIOUS);
  EXPECT_TRUE(all.next_page_token().empty());

  request.set_page_size(1);
  v1::ListReferencePricesResponse page = list(request);
  ASSERT_EQ(page.prices_size(), 1);
  request.set_page_token(page.next_page_token());
  page = list(request);
  EXPECT_EQ(page.prices(0).day(), next_day);
  EXPECT_TRUE(page.next_page_token().empty());

  v1::ListReferencePricesRequest any;
  any.set_from(next_day);
  EXPECT_EQ(list(any).prices_size(), 1);
  any.set_carrier("biomethane");  // its filter names a device
  EXPECT_EQ(list(any).prices_size(), 0);
}

TEST_F(ReferencePricesTest, WrongRequestsAreRefused) {
  v1::ListReferencePricesRequest request;
  request.set_instrument(9);
  list(request, grpc::StatusCode::NOT_FOUND);
  request.set_instrument(1);
  request.set_from("yesterday");
  list(request, grpc::StatusCode::INVALID_ARGUMENT);
  request.set_from("2026-02-01");
  request.set_to("2026-01-31");
  list(request, grpc::StatusCode::INVALID_ARGUMENT);
  request.clear_to();
  request.set_carrier("biomethane");
  list(request, grpc::StatusCode::INVALID_ARGUMENT);
  request.clear_carrier();
  request.set_page_token("x");
  list(request, grpc::StatusCode::INVALID_ARGUMENT);
}

// What a node's feed begins with after a restart.
TEST_F(ReferencePricesTest, AFeedBeginsWithTheLastAuctionTheDayAndTheReference) {
  trade(100, 2);
  pass_midnight();
  must(SetPhase{.market = MarketId(1), .phase = Phase::call, .reason = "a call"}, operator_);
  trade(105, 3);
  must(SetPhase{.market = MarketId(1), .phase = Phase::continuous, .reason = "its end"}, operator_);
  const FeedStart start = begin_feed();
  ASSERT_TRUE(start.auction.has_value());
  EXPECT_EQ(start.auction->price, Price(105));
  EXPECT_EQ(start.auction->volume, Quantity(3));
  EXPECT_EQ(start.auction->call, CallKind::intraday);
  EXPECT_EQ(start.auction->time, clock_.now());
  EXPECT_EQ(start.day.trades, 1U);
  EXPECT_EQ(start.day.open, 105);
  ASSERT_TRUE(start.reference.has_value());
  EXPECT_EQ(start.reference->price, Price(100));
  EXPECT_EQ(start.reference->method, ReferenceMethod::vwap);
  must(SetReferencePrice{.instrument = market_.instruments.front(), .price = Price(99)}, operator_);
  const FeedStart then = begin_feed();
  EXPECT_EQ(then.reference->price, Price(99));
  EXPECT_EQ(then.reference->method, ReferenceMethod::set_by_hand);
  EXPECT_FALSE(then.reference->day.has_value());
}

}  // namespace
}  // namespace origo::gateway
