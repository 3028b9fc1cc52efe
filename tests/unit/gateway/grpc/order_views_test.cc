#include "tests/unit/gateway/grpc/grpc_fixture.h"

// What the owner of orders sees of them, and what everybody else does.
namespace origo::gateway {
namespace {

using test::Call;

class OrderViewsTest : public test::GrpcTest {
 protected:
  void SetUp() override {
    serve();
    market_ = build_market(market_options_);
    operator_ = add_user(1, Role::market_operator, {}).second;
    Command other =
        CreateParticipant{.name = "Other", .country = "NL", .kinds = {ParticipantKind::trader}};
    const auto participant = static_cast<std::uint32_t>(must(other, admin_));
    stranger_ = add_user(participant, Role::trader, {ScopeKind::participant, participant}).second;
  }
  PlaceOrder order(Side side, std::int64_t price, std::int64_t quantity) {
    PlaceOrder order{.account = market_.accounts[0], .instrument = market_.instruments[0]};
    order.side = side;
    order.price = Price(price);
    order.quantity = Quantity(quantity);
    return order;
  }
  v1::ListOrdersResponse orders(const std::string& token,
                                grpc::StatusCode code = grpc::StatusCode::OK) {
    v1::ListOrdersRequest request;
    request.set_account(market_.accounts[0].value());
    request.set_at_least_sequence(sequencer_->sequence().value());
    v1::ListOrdersResponse response;
    EXPECT_EQ(stub<v1::MarketData>()->ListOrders(Call(token), request, &response).error_code(),
              code);
    return response;
  }
  v1::GetBookResponse book(std::uint32_t depth = 0) {
    v1::GetBookRequest request;
    request.set_instrument(market_.instruments[0].value());
    request.set_at_least_sequence(sequencer_->sequence().value());
    request.set_depth(depth);
    v1::GetBookResponse response;
    EXPECT_TRUE(stub<v1::MarketData>()->GetBook(Call(stranger_), request, &response).ok());
    return response;
  }
  v1::Participant member(const std::string& token) {
    v1::ListParticipantsRequest request;
    request.set_at_least_sequence(sequencer_->sequence().value());
    v1::ListParticipantsResponse response;
    EXPECT_TRUE(stub<v1::Accounts>()->ListParticipants(Call(token), request, &response).ok());
    for (const v1::Participant& participant : response.participants()) {
      if (participant.name() == "Member") return participant;
    }
    return {};
  }

  loadtest::SampleMarketOptions market_options_{.accounts = 1};
  loadtest::SampleMarket market_;
  std::string operator_;
  std::string stranger_;
};

TEST_F(OrderViewsTest, TheOwnerSeesStopsAndHiddenPartsAndNobodyElseDoes) {
  PlaceOrder stop = order(Side::buy, 120, 4);
  stop.stop_price = Price(110);
  must(stop, trader_);
  PlaceOrder iceberg = order(Side::sell, 115, 50);
  iceberg.peak = Quantity(10);
  iceberg.min_visible = Quantity(3);
  iceberg.post_only = true;
  iceberg.self_trade = SelfTrade::cancel_both;
  must(iceberg, trader_);

  for (const std::string& token : {trader_, operator_, admin_}) {
    const v1::ListOrdersResponse seen = orders(token);
    ASSERT_EQ(seen.orders_size(), 2);
    EXPECT_EQ(seen.orders(0).state(), v1::ORDER_STATE_WAITING);
    EXPECT_EQ(seen.orders(0).stop_price(), 110);
    EXPECT_EQ(seen.orders(0).visible(), 0);
    EXPECT_EQ(seen.orders(1).state(), v1::ORDER_STATE_LIVE);
    EXPECT_EQ(seen.orders(1).open(), 50);
    EXPECT_EQ(seen.orders(1).visible(), 10);
    EXPECT_EQ(seen.orders(1).peak(), 10);
    EXPECT_EQ(seen.orders(1).min_visible(), 3);
    EXPECT_TRUE(seen.orders(1).post_only());
    EXPECT_EQ(seen.orders(1).self_trade(), v1::SELF_TRADE_CANCEL_BOTH);
    EXPECT_FALSE(seen.orders(1).cancel_on_disconnect());
  }
  (void)orders(stranger_, grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(book().bids_size(), 0);
  ASSERT_EQ(book().asks_size(), 1);
  EXPECT_EQ(book().asks(0).quantity(), 10);
}

TEST_F(OrderViewsTest, OrdersAtAnyPriceAreTheBestLevelOfACall) {
  must(SetPhase{.market = MarketId(1), .phase = Phase::call, .reason = "a test"}, operator_);
  for (const Side side : {Side::buy, Side::sell}) {
    PlaceOrder market = order(side, 0, 7);
    market.type = OrderType::market;
    must(market, trader_);
    must(order(side, 100, 2), trader_);
  }
  const v1::GetBookResponse all = book();
  ASSERT_EQ(all.bids_size(), 2);
  ASSERT_EQ(all.asks_size(), 2);
  EXPECT_EQ(all.bids(0).price(), 0);
  EXPECT_EQ(all.bids(0).quantity(), 7);
  EXPECT_EQ(all.bids(1).price(), 100);
  EXPECT_EQ(all.asks(0).price(), 0);
  EXPECT_EQ(all.asks(1).price(), 100);
  EXPECT_EQ(book(1).bids_size(), 1);
}

TEST_F(OrderViewsTest, AKillSwitchIsToldToWhoSeesTheOrders) {
  const v1::Participant before = member(trader_);
  EXPECT_FALSE(before.killed());
  must(SetKillSwitch{.participant = ParticipantId(static_cast<std::uint32_t>(before.participant())),
                     .engaged = true,
                     .reason = "a test"},
       operator_);
  for (const std::string& token : {trader_, operator_, admin_}) {
    EXPECT_TRUE(member(token).killed());
    EXPECT_TRUE(member(token).killed_by_venue());
  }
  const std::string registrar =
      add_user(1, Role::registry_operator, {ScopeKind::registry, 1}).second;
  EXPECT_EQ(member(registrar).name(), "Member");
  EXPECT_FALSE(member(registrar).killed());
}

TEST_F(OrderViewsTest, MarketsShowTheirTiersAndInstrumentsTheirRules) {
  SetFees fees{.market = MarketId(1), .fees = {}, .tiers = {}};
  fees.tiers.push_back({.volume_from = 1'000, .fees = {}});
  fees.tiers[0].fees.taker.rate_ppm = 30;
  must(fees, operator_);
  v1::ListMarketsRequest markets;
  markets.set_at_least_sequence(sequencer_->sequence().value());
  v1::ListMarketsResponse shown;
  ASSERT_TRUE(stub<v1::MarketData>()->ListMarkets(Call(stranger_), markets, &shown).ok());
  ASSERT_EQ(shown.markets(0).fee_tiers_size(), 1);
  EXPECT_EQ(shown.markets(0).fee_tiers(0).volume_from(), 1'000);
  EXPECT_EQ(shown.markets(0).fee_tiers(0).fees().taker().rate_ppm(), 30);

  v1::ListInstrumentsResponse instruments;
  ASSERT_TRUE(stub<v1::MarketData>()->ListInstruments(Call(stranger_), {}, &instruments).ok());
  EXPECT_TRUE(instruments.instruments(0).has_rules());
}

class SettlementViewsTest : public OrderViewsTest {
 protected:
  SettlementViewsTest() { market_options_.settle_days = 2; }
  v1::ListSettlementsResponse settlements(const std::string& token,
                                          std::uint64_t account,
                                          grpc::StatusCode code = grpc::StatusCode::OK) {
    v1::ListSettlementsRequest request;
    request.set_account(account);
    request.set_at_least_sequence(sequencer_->sequence().value());
    v1::ListSettlementsResponse response;
    EXPECT_EQ(stub<v1::Accounts>()->ListSettlements(Call(token), request, &response).error_code(),
              code);
    return response;
  }
};

TEST_F(SettlementViewsTest, TheOwnerSeesWhatIsPendingAndNobodyElseDoes) {
  must(order(Side::sell, 100, 3), trader_);
  must(order(Side::buy, 100, 2), trader_);
  const std::uint64_t account = market_.accounts[0].value();
  for (const std::string& token : {trader_, operator_, admin_}) {
    for (const std::uint64_t asked : {account, std::uint64_t{0}}) {
      const v1::ListSettlementsResponse seen = settlements(token, asked);
      ASSERT_EQ(seen.settlements_size(), 2);
      const v1::PendingSettlement& bought = seen.settlements(0);
      EXPECT_EQ(bought.side(), v1::SIDE_BUY);
      EXPECT_EQ(seen.settlements(1).side(), v1::SIDE_SELL);
      EXPECT_EQ(bought.trade(), seen.settlements(1).trade());
      EXPECT_EQ(bought.account(), account);
      EXPECT_EQ(bought.currency(), "EUR");
      EXPECT_GT(bought.cash(), 0);
      EXPECT_GT(bought.due(), 0);
      ASSERT_EQ(bought.deliveries_size(), 1);
      EXPECT_GT(bought.deliveries(0).units(), 0);
    }
  }
  const v1::PendingSettlement own = settlements(trader_, account).settlements(0);
  v1::ListBalancesRequest balances;
  v1::ListBalancesResponse money;
  balances.set_account(account);
  ASSERT_TRUE(stub<v1::Accounts>()->ListBalances(Call(trader_), balances, &money).ok());
  ASSERT_EQ(money.balances_size(), 1);
  EXPECT_EQ(money.balances(0).pending(), own.cash() + own.fee());
  EXPECT_EQ(money.balances(0).reserved(), money.balances(0).pending());
  v1::ListHoldingsRequest holdings;
  v1::ListHoldingsResponse held;
  holdings.set_account(account);
  ASSERT_TRUE(stub<v1::Registry>()->ListHoldings(Call(trader_), holdings, &held).ok());
  ASSERT_EQ(held.holdings_size(), 1);
  EXPECT_EQ(held.holdings(0).pending(), own.deliveries(0).units());
  EXPECT_EQ(held.holdings(0).reserved() * 2, held.holdings(0).pending() * 3);
  v1::ListMarketsResponse markets;
  ASSERT_TRUE(stub<v1::MarketData>()->ListMarkets(Call(stranger_), {}, &markets).ok());
  EXPECT_EQ(markets.markets(0).settle_days(), 2u);
  EXPECT_EQ(markets.markets(0).settles_at(), own.due());

  (void)settlements(stranger_, account, grpc::StatusCode::NOT_FOUND);
  (void)settlements(stranger_, 9'999, grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(settlements(stranger_, 0).settlements_size(), 0);
}

}  // namespace
}  // namespace origo::gateway
