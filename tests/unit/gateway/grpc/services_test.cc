#include "gateway/grpc/token.h"
#include "proto/codec/commands.h"
#include "tests/unit/gateway/grpc/grpc_fixture.h"

namespace origo::gateway {
namespace {

using grpc::StatusCode;
using test::Call;

class ServicesTest : public test::GrpcTest {
 protected:
  void SetUp() override { serve(); }

  grpc::Status who_am_i(const std::string& token, v1::WhoAmIResponse& response) {
    return stub<v1::Accounts>()->WhoAmI(Call(token), {}, &response);
  }
  std::uint64_t add_participant(const std::string& name) {
    return must(
        CreateParticipant{.name = name, .country = "DE", .kinds = {ParticipantKind::trader}},
        admin_);
  }
};

TEST_F(ServicesTest, AskWhoCalls) {
  v1::WhoAmIResponse response;
  EXPECT_TRUE(who_am_i(admin_, response).ok());
  EXPECT_EQ(response.user().user(), 1u);
  EXPECT_EQ(response.participant().name(), "Venue");

  const grpc::Status none = who_am_i("", response);
  EXPECT_EQ(none.error_code(), StatusCode::UNAUTHENTICATED);
  EXPECT_THAT(none.error_message(), testing::HasSubstr("Bearer <token>"));
  EXPECT_EQ(who_am_i(std::string(64, 'a'), response).error_code(), StatusCode::UNAUTHENTICATED);
  EXPECT_EQ(who_am_i(admin_ + " ", response).error_code(), StatusCode::UNAUTHENTICATED);

  Call basic("");
  basic->AddMetadata("authorization", "Basic abc");
  EXPECT_EQ(stub<v1::Accounts>()->WhoAmI(basic, {}, &response).error_code(),
            StatusCode::UNAUTHENTICATED);
  Call stream_call(std::string(64, 'b'));
  const auto stream = stub<v1::OrderEntry>()->Trade(stream_call);
  EXPECT_EQ(stream->Finish().error_code(), StatusCode::UNAUTHENTICATED);
  v1::Answer answer;
  EXPECT_EQ(
      stub<v1::Admin>()->Submit(Call("wrong"), test::create_market("M"), &answer).error_code(),
      StatusCode::UNAUTHENTICATED);
}

TEST_F(ServicesTest, ANewTokenWorksAtOnceAndTheOldOneStops) {
  for (int round = 0; round < 20; ++round) {
    v1::CreateUser create;
    create.set_participant(1);
    create.set_name("new");
    create.set_person("someone");
    v1::Answer made;
    ASSERT_TRUE(stub<v1::Accounts>()->CreateUser(Call(admin_), create, &made).ok());
    ASSERT_FALSE(made.has_reject()) << made.DebugString();
    ASSERT_EQ(made.token().size(), 64u);
    v1::WhoAmIResponse response;
    ASSERT_TRUE(who_am_i(made.token(), response).ok()) << round;
    EXPECT_EQ(response.user().user(), made.id());

    v1::ReplaceToken replace;
    replace.set_user(made.id());
    v1::Answer replaced;
    ASSERT_TRUE(stub<v1::Accounts>()->ReplaceToken(Call(made.token()), replace, &replaced).ok());
    ASSERT_FALSE(replaced.has_reject()) << replaced.DebugString();
    v1::WhoAmIRequest request;
    request.set_at_least_sequence(replaced.sequence());
    EXPECT_TRUE(stub<v1::Accounts>()->WhoAmI(Call(replaced.token()), request, &response).ok());
    EXPECT_EQ(who_am_i(made.token(), response).error_code(), StatusCode::UNAUTHENTICATED);
  }
}

TEST_F(ServicesTest, ATokenOfOnesOwnIsNotToldBack) {
  const std::string token = draw_token();
  const Hash256 digest = digest_of_token(token);
  v1::Command command;
  v1::CreateUser& create = *command.mutable_create_user();
  create.set_participant(1);
  create.set_name("own");
  create.set_token_digest(digest.data(), digest.size());
  command.set_client(9);
  command.set_client_sequence(1);
  const v1::Answer first = submit(command, admin_);
  EXPECT_TRUE(first.token().empty());
  EXPECT_EQ(submit(command, admin_).id(), first.id()) << "a repeat is harmless";
  v1::WhoAmIResponse response;
  EXPECT_TRUE(who_am_i(token, response).ok());
}

TEST_F(ServicesTest, ARefusalIsAnAnswerNotAStatus) {
  const std::uint64_t participant = add_participant("Trader");
  const auto [user, token] = add_user(
      participant, Role::trader, {ScopeKind::participant, static_cast<std::uint32_t>(participant)});
  v1::Answer answer;
  v1::CreateMarket market;
  market.set_code("X");
  market.set_name("X");
  ASSERT_TRUE(stub<v1::Admin>()->CreateMarket(Call(token), market, &answer).ok());
  EXPECT_EQ(answer.reject().name(), "not_permitted");
  EXPECT_GT(answer.sequence(), 0u);

  v1::PlaceOrder order;
  order.set_account(1);
  ASSERT_TRUE(stub<v1::OrderEntry>()->Place(Call(token), order, &answer).ok());
  EXPECT_EQ(answer.reject().name(), "enum_invalid");
  EXPECT_EQ(answer.reject().field(), "place_order.side");
  EXPECT_EQ(answer.sequence(), 0u);

  const auto snapshot = [&](const std::string& who) {
    v1::TakeSnapshotResponse taken;
    return stub<v1::Admin>()->TakeSnapshot(Call(who), {}, &taken).error_code();
  };
  EXPECT_EQ(snapshot(token), StatusCode::PERMISSION_DENIED);
}

TEST_F(ServicesTest, UnaryCommandsTakeTheirNumbersFromTheMetadata) {
  v1::CreateParticipant create;
  create.set_name("Once");
  create.set_country("NL");
  create.add_kinds(v1::PARTICIPANT_KIND_TRADER);
  const auto send = [&](const char* client, const char* sequence, v1::Answer& answer) {
    Call call(admin_);
    call->AddMetadata("client-id", client);
    call->AddMetadata("client-sequence", sequence);
    return stub<v1::Accounts>()->CreateParticipant(call, create, &answer);
  };
  v1::Answer first;
  v1::Answer repeat;
  ASSERT_TRUE(send("5", "1", first).ok());
  ASSERT_TRUE(send("5", "1", repeat).ok());
  EXPECT_FALSE(first.has_reject()) << first.DebugString();
  EXPECT_EQ(first.id(), repeat.id());
  EXPECT_EQ(send("five", "1", repeat).error_code(), StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(send("5", "-1", repeat).error_code(), StatusCode::INVALID_ARGUMENT);
  ASSERT_TRUE(send("0", "3", repeat).ok());
  EXPECT_EQ(repeat.reject().field(), "client");
}

TEST_F(ServicesTest, MissingAndForeignAnswerAlike) {
  const std::uint64_t mine = add_participant("Mine");
  const std::uint64_t theirs = add_participant("Theirs");
  const auto scope = [](std::uint64_t id) {
    return Scope{ScopeKind::participant, static_cast<std::uint32_t>(id)};
  };
  const std::string token = add_user(mine, Role::participant_admin, scope(mine)).second;
  const std::string other = add_user(theirs, Role::participant_admin, scope(theirs)).second;
  const std::uint64_t account = must(
      OpenAccount{.participant = ParticipantId(static_cast<std::uint32_t>(theirs)), .name = "Cash"},
      other);
  const auto balances = [&](std::uint64_t id) {
    v1::ListBalancesRequest request;
    v1::ListBalancesResponse response;
    request.set_account(id);
    return stub<v1::Accounts>()->ListBalances(Call(token), request, &response);
  };
  const grpc::Status foreign = balances(account);
  const grpc::Status missing = balances(9'999);
  EXPECT_EQ(foreign.error_code(), StatusCode::NOT_FOUND);
  EXPECT_EQ(missing.error_code(), foreign.error_code());
  EXPECT_EQ(missing.error_message(), foreign.error_message());
  EXPECT_EQ(balances(1ull << 40).error_code(), StatusCode::NOT_FOUND);

  v1::ListParticipantsResponse participants;
  ASSERT_TRUE(stub<v1::Accounts>()->ListParticipants(Call(token), {}, &participants).ok());
  ASSERT_EQ(participants.participants_size(), 1);
  EXPECT_EQ(participants.participants(0).participant(), mine);
  v1::ListUsersResponse users;
  ASSERT_TRUE(stub<v1::Accounts>()->ListUsers(Call(token), {}, &users).ok());
  EXPECT_EQ(users.users_size(), 1);
  v1::ListAccountsResponse accounts;
  ASSERT_TRUE(stub<v1::Accounts>()->ListAccounts(Call(token), {}, &accounts).ok());
  EXPECT_EQ(accounts.accounts_size(), 0);
  ASSERT_TRUE(stub<v1::Accounts>()->ListParticipants(Call(admin_), {}, &participants).ok());
  EXPECT_EQ(participants.participants_size(), 3);
}

TEST_F(ServicesTest, QueriesShowOnesOwnLastWriteAndSaySo) {
  for (int round = 0; round < 50; ++round) {
    const v1::Answer answer =
        submit(Command(CreateParticipant{
                   .name = "P", .country = "FR", .kinds = {ParticipantKind::trader}}),
               admin_);
    v1::ListParticipantsRequest request;
    v1::ListParticipantsResponse response;
    request.set_at_least_sequence(answer.sequence());
    ASSERT_TRUE(stub<v1::Accounts>()->ListParticipants(Call(admin_), request, &response).ok());
    EXPECT_GE(response.sequence(), answer.sequence());
    EXPECT_EQ(response.participants(response.participants_size() - 1).participant(), answer.id());
  }
  v1::StatusRequest ahead;
  ahead.set_at_least_sequence(1'000'000);
  v1::StatusResponse status;
  EXPECT_EQ(stub<v1::Admin>()->Status(Call(admin_), ahead, &status).error_code(),
            StatusCode::OUT_OF_RANGE);
  ASSERT_TRUE(stub<v1::Admin>()->Status(Call(admin_), {}, &status).ok());
  EXPECT_EQ(status.sync_policy(), "always");
  EXPECT_EQ(status.banner(), "a test");
  EXPECT_EQ(status.venue(), "Venue");
}

TEST_F(ServicesTest, PagesHoldEverythingOnce) {
  for (int i = 0; i < 24; ++i) add_participant("P" + std::to_string(i));
  std::vector<std::uint64_t> seen;
  v1::ListParticipantsRequest request;
  request.set_at_least_sequence(sequencer_->sequence().value());
  request.set_page_size(7);
  int pages = 0;
  do {
    v1::ListParticipantsResponse response;
    ASSERT_TRUE(stub<v1::Accounts>()->ListParticipants(Call(admin_), request, &response).ok());
    for (const auto& participant : response.participants())
      seen.push_back(participant.participant());
    request.set_page_token(response.next_page_token());
    ++pages;
  } while (!request.page_token().empty());
  EXPECT_EQ(pages, 4);
  ASSERT_EQ(seen.size(), 25u);
  for (std::size_t i = 0; i < seen.size(); ++i) EXPECT_EQ(seen[i], i + 1);
  request.set_page_token("next");
  v1::ListParticipantsResponse response;
  EXPECT_EQ(stub<v1::Accounts>()->ListParticipants(Call(admin_), request, &response).error_code(),
            StatusCode::INVALID_ARGUMENT);
}

TEST_F(ServicesTest, AQueryWithAnUnknownFieldIsRefused) {
  v1::StatusRequest request;
  request.GetReflection()->MutableUnknownFields(&request)->AddVarint(77, 1);
  v1::StatusResponse response;
  const grpc::Status status = stub<v1::Admin>()->Status(Call(admin_), request, &response);
  EXPECT_EQ(status.error_code(), StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(status.error_message(), testing::HasSubstr("77"));
}

TEST_F(ServicesTest, TextThatIsNotUtf8IsRefusedInWords) {
  v1::CreateParticipant create;
  create.set_name("\xff\xfe");
  v1::Answer answer;
  const google::protobuf::LogSilencer quiet;
  const grpc::Status status =
      stub<v1::Accounts>()->CreateParticipant(Call(admin_), create, &answer);
  EXPECT_EQ(status.error_code(), StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(status.error_message(), testing::HasSubstr("CreateParticipant"));
}

TEST_F(ServicesTest, AMarketCanBeReadInFull) {
  const auto market = build_market({.accounts = 2, .instruments = 1, .units_per_lot = 1'000'000});
  PlaceOrder sell{.account = market.accounts[0],
                  .instrument = market.instruments[0],
                  .side = Side::sell,
                  .price = Price(5'000),
                  .quantity = Quantity(3)};
  must(sell, trader_);
  PlaceOrder buy = sell;
  buy.account = market.accounts[1];
  buy.side = Side::buy;
  buy.quantity = Quantity(1);
  const v1::Answer last = submit(Command(buy), trader_);
  const std::uint64_t at_least = last.sequence();

  const auto data = stub<v1::MarketData>();
  v1::GetBookRequest book_request;
  book_request.set_at_least_sequence(at_least);
  book_request.set_instrument(market.instruments[0].value());
  v1::GetBookResponse book;
  ASSERT_TRUE(data->GetBook(Call(trader_), book_request, &book).ok());
  ASSERT_EQ(book.asks_size(), 1);
  EXPECT_EQ(book.asks(0).price(), 5'000);
  EXPECT_EQ(book.asks(0).quantity(), 2);
  EXPECT_EQ(book.bids_size(), 0);

  v1::ListTradesRequest trades_request;
  trades_request.set_instrument(market.instruments[0].value());
  v1::ListTradesResponse trades;
  ASSERT_TRUE(data->ListTrades(Call(trader_), trades_request, &trades).ok());
  ASSERT_EQ(trades.trades_size(), 1);
  EXPECT_EQ(trades.trades(0).command(), at_least);
  EXPECT_EQ(trades.trades(0).aggressor(), v1::SIDE_BUY);

  v1::ListCandlesRequest candles_request;
  candles_request.set_instrument(market.instruments[0].value());
  candles_request.set_interval(v1::INTERVAL_MINUTES_5);
  v1::ListCandlesResponse candles;
  ASSERT_TRUE(data->ListCandles(Call(trader_), candles_request, &candles).ok());
  ASSERT_EQ(candles.candles_size(), 1);
  EXPECT_EQ(candles.candles(0).open(), 5'000);
  EXPECT_EQ(candles.candles(0).volume(), 1);
  EXPECT_EQ(candles.candles(0).vwap(), 5'000'000);
  EXPECT_EQ(candles.candles(0).start() % 300'000'000'000, 0);
  v1::GetStatisticsRequest today_request;
  today_request.set_instrument(market.instruments[0].value());
  v1::GetStatisticsResponse today;
  ASSERT_TRUE(data->GetStatistics(Call(trader_), today_request, &today).ok());
  EXPECT_EQ(today.day().trades(), 1);
  EXPECT_EQ(today.last_price(), 5'000);

  v1::ListOrdersRequest orders_request;
  orders_request.set_account(market.accounts[0].value());
  v1::ListOrdersResponse orders;
  ASSERT_TRUE(data->ListOrders(Call(trader_), orders_request, &orders).ok());
  ASSERT_EQ(orders.orders_size(), 1);
  EXPECT_EQ(orders.orders(0).open(), 2);

  v1::ListInstrumentsResponse instruments;
  ASSERT_TRUE(data->ListInstruments(Call(trader_), {}, &instruments).ok());
  EXPECT_EQ(instruments.instruments(0).last_price(), 5'000);
  v1::ListMarketsResponse markets;
  ASSERT_TRUE(data->ListMarkets(Call(trader_), {}, &markets).ok());
  EXPECT_EQ(markets.markets(0).phase(), v1::PHASE_CONTINUOUS);

  const auto registry = stub<v1::Registry>();
  v1::ListHoldingsRequest holdings_request;
  holdings_request.set_account(market.accounts[1].value());
  v1::ListHoldingsResponse holdings;
  ASSERT_TRUE(registry->ListHoldings(Call(trader_), holdings_request, &holdings).ok());
  ASSERT_GE(holdings.holdings_size(), 1);
  EXPECT_FALSE(holdings.holdings(0).ranges(0).printed().empty());
  v1::ListLotsResponse lots;
  ASSERT_TRUE(registry->ListLots(Call(admin_), {}, &lots).ok());
  EXPECT_EQ(lots.lots_size(), 2);
  EXPECT_GT(lots.lots(0).attributes_size(), 5);
  EXPECT_EQ(lots.lots(0).held(), lots.lots(0).issued());
  v1::ListDevicesResponse devices;
  ASSERT_TRUE(registry->ListDevices(Call(admin_), {}, &devices).ok());
  EXPECT_GE(devices.devices_size(), 1);
  v1::ListDeclarationsResponse declarations;
  ASSERT_TRUE(registry->ListDeclarations(Call(admin_), {}, &declarations).ok());
  EXPECT_EQ(declarations.declarations(0).state(), v1::DECLARATION_STATE_ISSUED);
  v1::ListSchemesResponse schemes;
  ASSERT_TRUE(registry->ListSchemes(Call(trader_), {}, &schemes).ok());
  v1::GetSchemeRequest scheme_request;
  scheme_request.set_code(schemes.schemes(0).code());
  v1::GetSchemeResponse scheme;
  ASSERT_TRUE(registry->GetScheme(Call(trader_), scheme_request, &scheme).ok());
  EXPECT_EQ(scheme.scheme().code(), scheme_request.code());
  v1::GetCancellationRequest none;
  none.set_cancellation(5);
  v1::GetCancellationResponse statement;
  EXPECT_EQ(registry->GetCancellation(Call(trader_), none, &statement).error_code(),
            StatusCode::NOT_FOUND);
}

TEST_F(ServicesTest, WrongQuestionsAboutPricesAreRefusedInWords) {
  const auto market = build_market({.accounts = 1, .instruments = 1});
  const auto data = stub<v1::MarketData>();
  const auto refusal = [&](auto change) {
    v1::ListCandlesRequest request;
    request.set_at_least_sequence(sequencer_->sequence().value());
    request.set_instrument(market.instruments[0].value());
    request.set_interval(v1::INTERVAL_DAY);
    change(request);
    v1::ListCandlesResponse response;
    const grpc::Status status = data->ListCandles(Call(trader_), request, &response);
    return status.error_message().substr(0, status.error_message().find(':'));
  };
  EXPECT_EQ(refusal([](auto&) {}), "");
  EXPECT_EQ(refusal([](auto& request) { request.set_interval(v1::INTERVAL_UNSPECIFIED); }),
            "interval");
  EXPECT_EQ(refusal([](auto& request) { request.set_interval(static_cast<v1::Interval>(9)); }),
            "interval");
  EXPECT_EQ(refusal([](auto& request) { request.set_from(-1); }), "from");
  EXPECT_EQ(refusal([](auto& request) { request.set_to(-1); }), "to");
  EXPECT_EQ(refusal([](auto& request) { request.set_from(5), request.set_to(5); }), "to");
  EXPECT_EQ(refusal([](auto& request) { request.set_page_token("x"); }), "page_token");
  EXPECT_EQ(refusal([](auto& request) { request.set_instrument(99); }), "instrument");
  const auto price_refusal = [&](const char* currency, v1::Interval interval) {
    v1::ListPricesRequest request;
    request.set_currency(currency);
    request.set_interval(interval);
    v1::ListPricesResponse response;
    const grpc::Status status = data->ListPrices(Call(trader_), request, &response);
    return status.error_message().substr(0, status.error_message().find(':'));
  };
  EXPECT_EQ(price_refusal("EUR", v1::INTERVAL_YEAR), "");
  EXPECT_EQ(price_refusal("euro", v1::INTERVAL_YEAR), "currency");
  EXPECT_EQ(price_refusal("EUR", v1::INTERVAL_HOUR), "interval");
}

TEST_F(ServicesTest, HealthAndReflectionAreServed) {
  grpc::GenericStub raw(channel_);
  grpc::CompletionQueue queue;
  const auto call = [&](const char* method, std::string request, std::string& response) {
    Call context("");
    const grpc::Slice slice(request);
    const grpc::ByteBuffer bytes(&slice, 1);
    const auto rpc = raw.PrepareUnaryCall(context, method, bytes, &queue);
    rpc->StartCall();
    grpc::ByteBuffer out;
    grpc::Status status;
    rpc->Finish(&out, &status, nullptr);
    void* tag = nullptr;
    bool ok = false;
    queue.Next(&tag, &ok);
    grpc::Slice whole;
    if (status.ok() && out.DumpToSingleSlice(&whole).ok()) {
      response.assign(reinterpret_cast<const char*>(whole.begin()), whole.size());
    }
    return status;
  };
  std::string response;
  ASSERT_TRUE(call("/grpc.health.v1.Health/Check", "", response).ok());
  EXPECT_EQ(response, std::string("\x08\x01")) << "SERVING";
  ASSERT_TRUE(call("/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
                   std::string("\x3a\x01*", 3),
                   response)
                  .ok());
  EXPECT_THAT(response, testing::HasSubstr("origo.v1.OrderEntry"));
  EXPECT_EQ(call("/origo.v1.Accounts/WhoAmI", "", response).error_code(),
            StatusCode::UNAUTHENTICATED);
}

TEST_F(ServicesTest, AFullDiskIsAStatusAndHeals) {
  journal_.set_health({storage::StatusCode::full, "no space"});
  v1::Answer answer;
  const grpc::Status full =
      stub<v1::Admin>()->Submit(Call(admin_), test::create_market("M"), &answer);
  EXPECT_EQ(full.error_code(), StatusCode::RESOURCE_EXHAUSTED);
  v1::StatusResponse status;
  EXPECT_TRUE(stub<v1::Admin>()->Status(Call(admin_), {}, &status).ok()) << "reads go on";
  journal_.set_health({});
  EXPECT_TRUE(stub<v1::Admin>()->Submit(Call(admin_), test::create_market("M"), &answer).ok());
}

TEST_F(ServicesTest, OtherAddressesNeedTls) {
  for (const char* address : {"0.0.0.0", "::", "192.0.2.1", "example.org"}) {
    const auto started = GrpcServer::start({.address = address}, *access_);
    ASSERT_FALSE(started.ok()) << address;
    EXPECT_THAT(started.status.message, testing::HasSubstr("needs TLS")) << address;
  }
  const auto unreadable =
      GrpcServer::start({.address = "0.0.0.0",
                         .tls = TlsOptions{.certificate_chain_file = "/nowhere/chain.pem",
                                           .private_key_file = "/nowhere/key.pem"}},
                        *access_);
  EXPECT_THAT(unreadable.status.message, testing::HasSubstr("/nowhere/chain.pem"));
  const auto taken = GrpcServer::start({.port = server_->port()}, *access_);
  EXPECT_EQ(taken.status.code, storage::StatusCode::in_use);
}

}  // namespace
}  // namespace origo::gateway
