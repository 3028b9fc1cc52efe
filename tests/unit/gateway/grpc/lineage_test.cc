#include "origo/v1/reports.grpc.pb.h"
#include "tests/unit/gateway/grpc/grpc_fixture.h"

// Evidence, conversion, withdrawal, claims, freezes and the history of devices as queries show
// them.
namespace origo::gateway::test {
namespace {

constexpr RegistryId kRegistry{1};
constexpr Period kDecember{Date(20'423), Date(20'453)};  // of 2025

class LineageTest : public GrpcTest {
 protected:
  void SetUp() override {
    serve();
    must(SetRelaxations{.four_eyes = true, .holds = true, .exit_hold_ns = 0}, admin_);
    for (const auto& [name, kind] : std::vector<std::pair<const char*, AttributeKind>>{
             {"ghg_intensity", AttributeKind::number},
             {"ghg_saving_ppm", AttributeKind::number},
             {"gas_class", AttributeKind::symbol},
             {"rfnbo", AttributeKind::flag},
             {"electricity_case", AttributeKind::symbol},
             {"co2_source", AttributeKind::symbol},
             {"green_e", AttributeKind::flag},
             {"co2_counting", AttributeKind::symbol},
             {"co2_user_share_ppm", AttributeKind::number},
             {"co2_programme", AttributeKind::symbol}})
      must(DefineAttribute{.name = name, .kind = kind}, admin_);
    Scheme scheme;
    scheme.code = scheme.name = scheme.operator_name = "S";
    scheme.valid_from = *make_date(2000, 1, 1);
    scheme.unit_size = 1'000'000;
    scheme.carriers = {"electricity", "hydrogen"};
    scheme.holders = scheme.receivers = {ParticipantKind::producer};
    scheme.purposes = {"conversion", "disclosure"};
    scheme.claims = {
        {.name = "shown", .use = "disclosure", .purposes = {"disclosure"}, .source = "a test"}};
    scheme.serial_format = "{registry}-{lot}-{serial}";
    must(LoadScheme{.scheme = scheme, .source = {}}, admin_);
    must(CreateRegistry{.code = "R", .name = "R", .scheme = "S", .country = "DE"}, admin_);
    const Scope registry{};  // all
    const auto [operator_id, registrar] = add_user(1, Role::registry_operator, registry);
    must(GrantRole{.user = UserId(static_cast<std::uint32_t>(operator_id)),
                   .role = Role::issuing_body,
                   .scope = registry},
         admin_);
    body_ = registrar;
    const ParticipantId gas(static_cast<std::uint32_t>(must(
        CreateParticipant{.name = "Gas", .country = "DE", .kinds = {ParticipantKind::producer}},
        admin_)));
    const Scope own{.kind = ScopeKind::participant, .id = gas.value()};
    const auto [maker_id, maker] = add_user(gas.value(), Role::producer, own);
    must(GrantRole{.user = UserId(static_cast<std::uint32_t>(maker_id)),
                   .role = Role::holder,
                   .scope = own},
         admin_);
    maker_ = maker;
    gas_ = gas;
    account_ = AccountId(static_cast<std::uint32_t>(
        must(OpenAccount{.participant = gas, .registry = kRegistry, .name = "a"}, body_)));
    for (const char* carrier : {"electricity", "hydrogen"}) {
      const DeviceId device(
          static_cast<std::uint32_t>(must(RegisterDevice{.registry = kRegistry,
                                                         .producer = gas,
                                                         .name = carrier,
                                                         .country = "DE",
                                                         .carriers = {carrier},
                                                         .start = *make_date(2025, 1, 1),
                                                         .fields = {}},
                                          maker_)));
      must(ApproveDevice{.device = device}, body_);
    }
  }

  DeclarationId declare(DeviceId device,
                        const char* carrier,
                        std::int64_t gross,
                        const std::vector<Field>& fields = {},
                        Period period = kDecember) {
    return DeclarationId(static_cast<std::uint32_t>(must(DeclareProduction{.device = device,
                                                                           .carrier = carrier,
                                                                           .period = period,
                                                                           .gross = Measured(gross),
                                                                           .deductions = {},
                                                                           .fields = fields},
                                                         maker_)));
  }
  LotId issue(DeclarationId declaration, AccountId account = AccountId()) {
    must(RequestIssuance{.declaration = declaration,
                         .account = account.is_set() ? account : account_},
         maker_);
    return LotId(
        static_cast<std::uint32_t>(must(ApproveIssuance{.declaration = declaration}, body_)));
  }

  template <class Method, class Request, class Response>
  grpc::Status ask(Method method, Request request, Response& response, const std::string& token) {
    request.set_at_least_sequence(sequencer_->sequence().value());
    const auto registry = stub<v1::Registry>();
    return (registry.get()->*method)(Call(token), request, &response);
  }

  // A registry of certificates of captured CO2 and one of fuel made from it, each with a device and
  // an account of the maker.
  void add_carbon_registries() {
    Scheme capture;
    capture.code = capture.name = capture.operator_name = "K";
    capture.valid_from = *make_date(2000, 1, 1);
    capture.dimension = Dimension::mass_gco2e;
    capture.unit_size = 1'000;
    capture.carriers = {"captured_co2"};
    capture.holders = capture.receivers = {ParticipantKind::producer};
    capture.purposes = {"conversion"};
    capture.serial_format = "{registry}-{lot}-{serial}";
    capture.production_fields = {{.name = "source",
                                  .kind = FieldKind::choice,
                                  .choices = {"air", "recycled"},
                                  .attribute = "co2_source",
                                  .source = "s"}};
    must(LoadScheme{.scheme = capture, .source = {}}, admin_);
    Scheme fuel = capture;
    fuel.code = "F";
    fuel.dimension = Dimension::energy_wh;
    fuel.unit_size = 1'000'000;
    fuel.carriers = {"synthetic_methane"};
    fuel.purposes = {"disclosure"};
    fuel.co2_programmes = {{.name = "half",
                            .counting = Co2Counting::shared,
                            .user_share_ppm = 500'000,
                            .capture_schemes = {"K"},
                            .first = *make_date(2000, 1, 1),
                            .source = "s"}};
    fuel.production_fields = {
        {.name = "programme", .kind = FieldKind::co2_programme, .source = "s"},
        {.name = "mass", .kind = FieldKind::co2_mass, .source = "s"}};
    must(LoadScheme{.scheme = fuel, .source = {}}, admin_);
    for (const auto& [code, carrier] :
         {std::pair("K", "captured_co2"), std::pair("F", "synthetic_methane")}) {
      const RegistryId id(static_cast<std::uint32_t>(must(
          CreateRegistry{.code = code, .name = code, .scheme = code, .country = "DE"}, admin_)));
      const AccountId account(static_cast<std::uint32_t>(
          must(OpenAccount{.participant = gas_, .registry = id, .name = code}, body_)));
      (code[0] == 'K' ? capture_account_ : fuel_account_) = account;
      const DeviceId device(
          static_cast<std::uint32_t>(must(RegisterDevice{.registry = id,
                                                         .producer = gas_,
                                                         .name = carrier,
                                                         .country = "DE",
                                                         .carriers = {carrier},
                                                         .start = *make_date(2025, 1, 1),
                                                         .fields = {}},
                                          maker_)));
      must(ApproveDevice{.device = device}, body_);
    }
  }

  std::string body_;   // token of the issuing body
  std::string maker_;  // of who makes hydrogen from electricity
  ParticipantId gas_;
  AccountId account_;
  AccountId capture_account_;
  AccountId fuel_account_;
};

TEST_F(LineageTest, BothWaysAreToldAndWhatIsVoidIsSaid) {
  const LotId power = issue(declare(DeviceId(1), "electricity", 10'000'000));
  const DeclarationId hydrogen = declare(DeviceId(2), "hydrogen", 6'000'000);
  FuelEvidence evidence{.kind = FuelKind::rfnbo, .emissions = {.e_p_mg_per_mj = 28'200}};
  evidence.electricity = {{.path = ElectricityCase::redispatch, .redispatch_avoided = true}};
  must(
      RecordEvidence{
          .declaration = hydrogen, .evidence = evidence, .reference = "audit", .document = {}},
      body_);
  const std::uint64_t cancellation = must(ConvertCertificates{.account = account_,
                                                              .lot = power,
                                                              .units = Units(10),
                                                              .declaration = hydrogen,
                                                              .efficiency_ppm = 600'000,
                                                              .co2 = {},
                                                              .note = ""},
                                          maker_);
  const LotId made = issue(hydrogen);
  must(WithdrawCertificates{.lot = power, .first = Serial(), .units = Units(1), .reason = "meter"},
       body_);

  v1::GetLotRequest lot_request;
  lot_request.set_lot(made.value());
  v1::GetLotResponse lot;
  ASSERT_TRUE(ask(&v1::Registry::Stub::GetLot, lot_request, lot, maker_).ok());
  ASSERT_EQ(lot.lot().evidence_size(), 1);
  EXPECT_EQ(lot.lot().evidence(0).details().reference(), "audit");
  EXPECT_EQ(lot.lot().evidence(0).verdict().saving_ppm(), 700'000);
  EXPECT_EQ(lot.lot().evidence(0).verdict().rfnbo(), v1::ELIGIBILITY_RULE_NONE);
  EXPECT_EQ(lot.lot().flagged(), 1U);
  EXPECT_EQ(lot.lot().held(), 6);

  v1::GetLineageRequest request;
  request.set_lot(made.value());
  v1::GetLineageResponse up;
  ASSERT_TRUE(ask(&v1::Registry::Stub::GetLineage, request, up, maker_).ok());
  ASSERT_EQ(up.upstream_size(), 1);
  EXPECT_EQ(up.downstream_size(), 0);
  EXPECT_TRUE(up.complete());
  EXPECT_EQ(up.upstream(0).input(), power.value());
  EXPECT_EQ(up.upstream(0).yields(), 6'000'000);
  EXPECT_EQ(up.upstream(0).voided(), 1);
  EXPECT_EQ(up.upstream(0).input_carrier(), "electricity");
  request.set_lot(power.value());
  v1::GetLineageResponse down;
  ASSERT_TRUE(ask(&v1::Registry::Stub::GetLineage, request, down, body_).ok());
  ASSERT_EQ(down.downstream_size(), 1);
  EXPECT_EQ(down.upstream_size(), 0);
  ASSERT_EQ(down.downstream(0).outputs_size(), 1);
  EXPECT_EQ(down.downstream(0).outputs(0), made.value());
  EXPECT_EQ(down.downstream(0).output_carrier(), "hydrogen");

  v1::ReconcileRegisterRequest reconcile;
  reconcile.set_at_least_sequence(sequencer_->sequence().value());
  v1::ReconcileRegisterResponse balances;
  ASSERT_TRUE(stub<v1::Reports>()->ReconcileRegister(Call(admin_), reconcile, &balances).ok());
  EXPECT_TRUE(balances.agrees()) << balances.DebugString();
  v1::ListRegisterStatisticsResponse months;
  ASSERT_TRUE(
      stub<v1::Reports>()
          ->ListRegisterStatistics(Call(maker_), v1::ListRegisterStatisticsRequest(), &months)
          .ok());
  ASSERT_EQ(months.months_size(), 2) << months.DebugString();
  EXPECT_EQ(months.months(0).carrier(), "electricity");
  EXPECT_EQ(months.months(0).units().converted(), 10);
  EXPECT_EQ(months.months(0).units().cancelled(), 10);
  EXPECT_EQ(months.months(0).units().voided(), 1);
  EXPECT_EQ(months.months(0).units().closing(), 0);
  EXPECT_EQ(months.months(1).amounts().issued(), 6'000'000);

  v1::ListWithdrawalsResponse withdrawals;
  ASSERT_TRUE(
      ask(&v1::Registry::Stub::ListWithdrawals, v1::ListWithdrawalsRequest(), withdrawals, maker_)
          .ok());
  ASSERT_EQ(withdrawals.withdrawals_size(), 1);
  EXPECT_EQ(withdrawals.withdrawals(0).shortfall(), 1);
  EXPECT_EQ(withdrawals.withdrawals(0).voided(), 1);
  EXPECT_EQ(withdrawals.withdrawals(0).reason(), "meter");

  v1::GetCancellationRequest statement_request;
  statement_request.set_cancellation(cancellation);
  v1::GetCancellationResponse statement;
  ASSERT_TRUE(ask(&v1::Registry::Stub::GetCancellation, statement_request, statement, maker_).ok());
  EXPECT_EQ(statement.statement().purpose(), "conversion");
  ASSERT_EQ(statement.statement().voided_size(), 1);
  EXPECT_EQ(statement.statement().voided(0).first(), 10);

  const auto [stranger_id, stranger] = add_user(1, Role::market_operator, Scope{});
  EXPECT_EQ(ask(&v1::Registry::Stub::GetLineage, request, down, stranger).error_code(),
            grpc::StatusCode::NOT_FOUND);
}

TEST_F(LineageTest, ClaimsStandOnTheStatementAndInListsAndInTheLotsHistory) {
  const LotId power = issue(declare(DeviceId(1), "electricity", 20'000'000));
  const auto cancel = [&](std::int64_t units) {
    return CancellationId(must(CancelCertificates{.account = account_,
                                                  .lot = power,
                                                  .units = Units(units),
                                                  .beneficiary = "Bakery",
                                                  .purpose = "disclosure"},
                               maker_));
  };
  const auto claim = [&](CancellationId cancellation, std::int64_t units) {
    return must(ClaimUse{.cancellation = cancellation,
                         .units = Units(units),
                         .use = "disclosure",
                         .claimant = "Mill",
                         .period = kDecember,
                         .activity = "flour",
                         .emissions = Measured(5),
                         .reference = "report"},
                maker_);
  };
  const CancellationId first = cancel(6);
  const CancellationId second = cancel(5);
  EXPECT_EQ(claim(first, 2), 1U);
  EXPECT_EQ(claim(second, 5), 2U);
  EXPECT_EQ(claim(first, 3), 3U);
  must(WithdrawCertificates{.lot = power, .first = Serial(5), .units = Units(2), .reason = "meter"},
       body_);

  v1::GetCancellationRequest request;
  request.set_cancellation(first.value());
  v1::GetCancellationResponse got;
  ASSERT_TRUE(ask(&v1::Registry::Stub::GetCancellation, request, got, maker_).ok());
  const v1::CancellationStatement& statement = got.statement();
  ASSERT_EQ(statement.claims_size(), 2) << statement.DebugString();
  EXPECT_FALSE(statement.more_claims());
  EXPECT_EQ(statement.unclaimed(), 0) << "the sixth is void";
  EXPECT_EQ(statement.claims(0).claim(), 1U);
  EXPECT_EQ(statement.claims(0).voided_size(), 0);
  const v1::Claim& last = statement.claims(1);
  EXPECT_EQ(last.claim(), 3U);
  EXPECT_EQ(last.cancellation(), first.value());
  EXPECT_EQ(last.account(), account_.value());
  EXPECT_EQ(last.lot(), power.value());
  EXPECT_EQ(last.units(), 3);
  EXPECT_EQ(last.use(), "disclosure");
  EXPECT_EQ(last.rule(), "shown");
  EXPECT_EQ(last.claimant(), "Mill");
  EXPECT_EQ(last.period().first(), to_string(kDecember.first));
  EXPECT_EQ(last.activity(), "flour");
  EXPECT_EQ(last.emissions(), 5);
  EXPECT_EQ(last.reference(), "report");
  ASSERT_EQ(last.ranges_size(), 1);
  EXPECT_EQ(last.ranges(0).printed(), "R-1-3 - R-1-5");
  ASSERT_EQ(last.voided_size(), 1);
  EXPECT_EQ(last.voided(0).first(), 5);
  EXPECT_EQ(last.voided(0).count(), 1);

  // All that is in reach, of the account, of one cancellation; page by page it is the same.
  const auto listed = [&](auto fill, const std::string& token) {
    std::vector<std::uint64_t> claims;
    v1::ListClaimsRequest list;
    fill(list);
    list.set_page_size(1);
    do {
      v1::ListClaimsResponse page;
      EXPECT_TRUE(ask(&v1::Registry::Stub::ListClaims, list, page, token).ok());
      for (const v1::Claim& one : page.claims()) claims.push_back(one.claim());
      list.set_page_token(page.next_page_token());
    } while (!list.page_token().empty());
    return claims;
  };
  using Claims = std::vector<std::uint64_t>;
  const auto [stranger_id, stranger] = add_user(1, Role::market_operator, Scope{});
  const auto all = [](auto&) {};
  const auto of_account = [&](auto& list) { list.set_account(account_.value()); };
  const auto of_first = [&](auto& list) { list.set_cancellation(first.value()); };
  EXPECT_EQ(listed(all, maker_), (Claims{1, 2, 3}));
  EXPECT_EQ(listed(of_account, maker_), (Claims{1, 2, 3}));
  EXPECT_EQ(listed(of_first, maker_), (Claims{1, 3}));
  EXPECT_EQ(listed(all, stranger), Claims());
  EXPECT_EQ(listed(of_first, stranger), (Claims{1, 3})) << "as public as the statement";
  v1::ListClaimsRequest list;
  v1::ListClaimsResponse page;
  of_account(list);
  EXPECT_EQ(ask(&v1::Registry::Stub::ListClaims, list, page, stranger).error_code(),
            grpc::StatusCode::NOT_FOUND);
  of_first(list);
  EXPECT_EQ(ask(&v1::Registry::Stub::ListClaims, list, page, maker_).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
  list.set_account(0);
  list.set_cancellation(99);
  EXPECT_EQ(ask(&v1::Registry::Stub::ListClaims, list, page, maker_).error_code(),
            grpc::StatusCode::NOT_FOUND);

  v1::GetLotRequest lot_request;
  lot_request.set_lot(power.value());
  v1::GetLotResponse lot;
  ASSERT_TRUE(ask(&v1::Registry::Stub::GetLot, lot_request, lot, maker_).ok());
  EXPECT_EQ(lot.lot().claimed(), 9);
  EXPECT_EQ(lot.lot().voided(), 2);

  v1::ListLotEventsRequest events_request;
  events_request.set_lot(power.value());
  v1::ListLotEventsResponse events;
  ASSERT_TRUE(ask(&v1::Registry::Stub::ListLotEvents, events_request, events, maker_).ok());
  std::vector<std::pair<std::uint64_t, std::int64_t>> claimed;
  std::vector<std::pair<std::uint64_t, std::int64_t>> voided;
  for (const v1::LotEvent& event : events.events()) {
    if (event.kind() == v1::LOT_EVENT_KIND_USE_CLAIMED)
      claimed.emplace_back(event.reference(), event.units());
    if (event.kind() == v1::LOT_EVENT_KIND_USE_VOIDED)
      voided.emplace_back(event.reference(), event.range().first());
  }
  EXPECT_EQ(claimed, (decltype(claimed){{1, 2}, {2, 5}, {3, 3}}));
  EXPECT_EQ(voided, (decltype(voided){{3, 5}}));
}

TEST_F(LineageTest, DevicesTellTheirHistoryPageByPageToThoseWhoOwnThem) {
  const DeviceId device(1);
  const auto change = [&](ChangeDevice wish) {
    wish.device = device;
    const auto id = static_cast<std::uint32_t>(must(wish, maker_));
    must(ApproveDeviceChange{.change = DeviceChangeId(id)}, body_);
  };
  for (int i = 1; i <= 24; ++i)
    change({.valid_from = Date(20'000 + i), .name = "Works " + std::to_string(i)});
  const auto waiting = must(
      ChangeDevice{.device = device, .valid_from = Date(20'100), .carriers = {"hydrogen"}}, maker_);

  v1::GetDeviceRequest one;
  one.set_device(device.value());
  v1::GetDeviceResponse shown;
  ASSERT_TRUE(ask(&v1::Registry::Stub::GetDevice, one, shown, maker_).ok());
  EXPECT_EQ(shown.device().name(), "Works 24");
  EXPECT_EQ(shown.device().waiting().change(), waiting);
  EXPECT_EQ(shown.device().waiting().details().carriers(0), "hydrogen");
  ASSERT_EQ(shown.history_size(), 20);
  EXPECT_EQ(shown.history(19).name(), "Works 24");
  EXPECT_EQ(shown.history(0).name(), "Works 5");

  v1::ListDeviceChangesRequest list;
  list.set_device(device.value());
  list.set_page_size(24);
  v1::ListDeviceChangesResponse first;
  ASSERT_TRUE(ask(&v1::Registry::Stub::ListDeviceChanges, list, first, maker_).ok());
  ASSERT_EQ(first.versions_size(), 24);
  EXPECT_EQ(first.versions(0).valid_from(), "");
  EXPECT_EQ(first.versions(0).change(), 0U);
  EXPECT_EQ(first.versions(1).valid_from(), to_string(Date(20'001)));
  EXPECT_EQ(first.versions(1).change(), 1U);
  EXPECT_NE(first.versions(1).asked_by(), first.versions(1).approved_by());
  EXPECT_GT(first.versions(1).approved_at(), 0U);
  list.set_page_token(first.next_page_token());
  v1::ListDeviceChangesResponse last;
  ASSERT_TRUE(ask(&v1::Registry::Stub::ListDeviceChanges, list, last, maker_).ok());
  ASSERT_EQ(last.versions_size(), 1);
  EXPECT_EQ(last.versions(0).name(), "Works 24");
  EXPECT_TRUE(last.next_page_token().empty());

  v1::ListDevicesRequest of_waiting;
  of_waiting.set_waiting(true);
  v1::ListDevicesResponse devices;
  ASSERT_TRUE(ask(&v1::Registry::Stub::ListDevices, of_waiting, devices, body_).ok());
  ASSERT_EQ(devices.devices_size(), 1);
  EXPECT_EQ(devices.devices(0).device(), device.value());

  const auto [stranger_id, stranger] =
      add_user(1, Role::market_operator, {.kind = ScopeKind::node, .id = 0});
  v1::ListDeviceChangesResponse none;
  list.clear_page_token();
  EXPECT_EQ(ask(&v1::Registry::Stub::ListDeviceChanges, list, none, stranger).error_code(),
            grpc::StatusCode::NOT_FOUND);
}

TEST_F(LineageTest, FrozenSerialsAreShownWithTheLotItsHoldersAndItsLife) {
  const LotId lot = issue(declare(DeviceId(1), "electricity", 10'000'000));
  must(FreezeCertificates{.lot = lot, .first = Serial(3), .units = Units(4), .reason = "doubt"},
       body_);
  must(
      FreezeCertificates{
          .lot = lot, .first = Serial(6), .units = Units(1), .frozen = false, .reason = "cleared"},
      body_);

  v1::GetLotRequest request;
  request.set_lot(lot.value());
  v1::GetLotResponse shown;
  ASSERT_TRUE(ask(&v1::Registry::Stub::GetLot, request, shown, maker_).ok());
  EXPECT_EQ(shown.lot().held(), 10);
  EXPECT_EQ(shown.lot().frozen(), 3);
  ASSERT_EQ(shown.lot().frozen_ranges_size(), 1);
  EXPECT_EQ(shown.lot().frozen_ranges(0).first(), 3);

  v1::ListHoldingsRequest of;
  of.set_account(account_.value());
  v1::ListHoldingsResponse holdings;
  ASSERT_TRUE(ask(&v1::Registry::Stub::ListHoldings, of, holdings, maker_).ok());
  EXPECT_EQ(holdings.holdings(0).available(), 7);
  EXPECT_EQ(holdings.holdings(0).frozen(), 3);
  EXPECT_EQ(holdings.holdings(0).ranges_size(), 1);
  EXPECT_EQ(holdings.holdings(0).frozen_ranges(0).count(), 3);

  v1::ListLotEventsRequest life;
  life.set_lot(lot.value());
  v1::ListLotEventsResponse events;
  ASSERT_TRUE(ask(&v1::Registry::Stub::ListLotEvents, life, events, maker_).ok());
  ASSERT_EQ(events.events_size(), 6);
  EXPECT_EQ(events.events(2).kind(), v1::LOT_EVENT_KIND_HOLDING_FROZEN);
  EXPECT_EQ(events.events(2).account(), account_.value());
  EXPECT_EQ(events.events(2).range().first(), 3);
  EXPECT_EQ(events.events(3).kind(), v1::LOT_EVENT_KIND_FROZEN);
  EXPECT_EQ(events.events(3).units(), 4);
  EXPECT_EQ(events.events(3).note(), "doubt");
  EXPECT_EQ(events.events(4).kind(), v1::LOT_EVENT_KIND_HOLDING_RELEASED);
  EXPECT_EQ(events.events(5).kind(), v1::LOT_EVENT_KIND_RELEASED);
}

// Air into fuel, burnt, captured again: who counts, who is compensated, and where it came from.
TEST_F(LineageTest, RecycledCarbonIsToldToItsFirstOrigin) {
  add_carbon_registries();
  const DeviceId capture(3);
  const DeviceId plant(4);
  const LotId air =
      issue(declare(capture, "captured_co2", 1'000'000, {{.name = "source", .value = "air"}}),
            capture_account_);
  const DeclarationId made =
      declare(plant,
              "synthetic_methane",
              2'500'000,
              {{.name = "programme", .value = "half"}, {.name = "mass", .value = "500001"}});
  must(ConvertCertificates{.account = capture_account_,
                           .lot = air,
                           .units = Units(251),
                           .declaration = made,
                           .efficiency_ppm = 0,
                           .co2 = {},
                           .note = ""},
       maker_);
  const LotId fuel = issue(made, fuel_account_);
  const CancellationId burnt(must(CancelCertificates{.account = fuel_account_,
                                                     .lot = fuel,
                                                     .units = Units(2),
                                                     .beneficiary = "Kiln",
                                                     .country = "DE",
                                                     .purpose = "disclosure",
                                                     .period = {},
                                                     .note = ""},
                                  maker_));
  const Period november{Date(20'393), Date(20'422)};
  const DeclarationId again = declare(
      capture, "captured_co2", 300'000, {{.name = "source", .value = "recycled"}}, november);
  must(RecordCarbonSources{.declaration = again,
                           .sources = {{.lot = fuel,
                                        .cancellation = burnt,
                                        .units = Units(2),
                                        .mass = Measured(200'000)}}},
       body_);

  v1::GetDeclarationRequest declaration_request;
  declaration_request.set_declaration(made.value());
  v1::GetDeclarationResponse declared;
  ASSERT_TRUE(ask(&v1::Registry::Stub::GetDeclaration, declaration_request, declared, maker_).ok());
  const v1::FuelCo2& co2 = declared.declaration().co2();
  EXPECT_EQ(co2.programme(), "half");
  EXPECT_EQ(co2.counting(), v1::CO2_COUNTING_SHARED);
  EXPECT_EQ(co2.user_share_ppm(), 500'000U);
  EXPECT_EQ(co2.captured(), 500'001);
  EXPECT_EQ(co2.inherited(), 0);
  EXPECT_EQ(co2.given_up(), 250'001);
  EXPECT_EQ(co2.compensated(), 251'000);
  declaration_request.set_declaration(again.value());
  ASSERT_TRUE(ask(&v1::Registry::Stub::GetDeclaration, declaration_request, declared, maker_).ok());
  EXPECT_FALSE(declared.declaration().has_co2());
  ASSERT_EQ(declared.declaration().carbon_sources_size(), 1);
  EXPECT_EQ(declared.declaration().carbon_sources(0).cancellation(), burnt.value());
  EXPECT_EQ(declared.declaration().carbon_sources(0).mass(), 200'000);

  v1::GetDeviceRequest device_request;
  device_request.set_device(plant.value());
  v1::GetDeviceResponse device;
  ASSERT_TRUE(ask(&v1::Registry::Stub::GetDevice, device_request, device, maker_).ok());
  ASSERT_EQ(device.device().carried_size(), 1);
  EXPECT_EQ(device.device().carried(0).co2_programme(), "half");
  EXPECT_EQ(device.device().carried(0).amount(), 500'000);
  EXPECT_EQ(device.device().carried(0).co2(), 100'001);
  v1::GetLotRequest lot_request;
  lot_request.set_lot(fuel.value());
  v1::GetLotResponse lot;
  ASSERT_TRUE(ask(&v1::Registry::Stub::GetLot, lot_request, lot, maker_).ok());
  EXPECT_EQ(lot.lot().captured_co2(), 400'000);

  v1::GetLineageRequest request;
  request.set_lot(issue(again, capture_account_).value());
  v1::GetLineageResponse up;
  ASSERT_TRUE(ask(&v1::Registry::Stub::GetLineage, request, up, maker_).ok());
  ASSERT_EQ(up.upstream_size(), 2);
  EXPECT_EQ(up.upstream(0).kind(), v1::LINEAGE_KIND_CAPTURED);
  EXPECT_EQ(up.upstream(0).input(), fuel.value());
  EXPECT_EQ(up.upstream(0).captured_co2(), 200'000);
  EXPECT_EQ(up.upstream(1).kind(), v1::LINEAGE_KIND_COMPENSATED);
  EXPECT_EQ(up.upstream(1).input(), air.value());
  ASSERT_EQ(up.origins_size(), 2);
  ASSERT_EQ(up.origins(0).sources_size(), 1);
  EXPECT_EQ(up.origins(0).sources(0), v1::CO2_SOURCE_AIR);
  EXPECT_EQ(up.origins(0).mass(), 200'000);
  EXPECT_EQ(up.origins(1).sources(0), v1::CO2_SOURCE_RECYCLED);  // of no fuel that is recorded
  EXPECT_EQ(up.origins(1).mass(), 100'000);

  v1::ListLotEventsRequest events_request;
  events_request.set_lot(fuel.value());
  v1::ListLotEventsResponse events;
  ASSERT_TRUE(ask(&v1::Registry::Stub::ListLotEvents, events_request, events, maker_).ok());
  const v1::LotEvent& last = events.events(events.events_size() - 1);
  EXPECT_EQ(last.kind(), v1::LOT_EVENT_KIND_CARBON_CAPTURED);
  EXPECT_EQ(last.units(), 2);
  EXPECT_EQ(last.reference(), again.value());
}

}  // namespace
}  // namespace origo::gateway::test
