#include "origo/v1/reports.grpc.pb.h"
#include "tests/unit/gateway/grpc/registry_fixture.h"

// What was made from what, and where its carbon came from, as queries show it.
namespace origo::gateway::test {
namespace {

using LineageTest = RegistryTest;

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
