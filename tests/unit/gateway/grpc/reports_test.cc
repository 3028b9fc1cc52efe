#include "origo/v1/reports.grpc.pb.h"
#include "tests/unit/gateway/grpc/grpc_fixture.h"

// A register's statistics and their reconciliation as queries show them.
namespace origo::gateway {
namespace {

using grpc::StatusCode;
using test::Call;

class ReportsTest : public test::GrpcTest {
 protected:
  void SetUp() override {
    serve();
    market_ = build_market({.accounts = 2});
    must(CancelCertificates{.account = market_.accounts[0],
                            .lot = LotId(1),
                            .units = Units(3),
                            .beneficiary = "Somebody",
                            .country = "",
                            .purpose = "heat",
                            .period = {},
                            .note = ""},
         trader_);
  }

  grpc::Status list(v1::ListRegisterStatisticsRequest request,
                    v1::ListRegisterStatisticsResponse& response) {
    request.set_at_least_sequence(sequencer_->sequence().value());
    return stub<v1::Reports>()->ListRegisterStatistics(Call(trader_), request, &response);
  }

  StatusCode refused(const v1::ListRegisterStatisticsRequest& request) {
    v1::ListRegisterStatisticsResponse response;
    return list(request, response).error_code();
  }

  loadtest::SampleMarket market_;
};

TEST_F(ReportsTest, SaysWhatHappenedAndWhatIsLeft) {
  v1::ListRegisterStatisticsResponse all;
  ASSERT_TRUE(list({}, all).ok());
  ASSERT_EQ(all.months_size(), 1) << all.DebugString();
  const v1::RegisterMonth& month = all.months(0);
  EXPECT_EQ(month.month(), "2026-01");  // the clock's, not the production's
  EXPECT_FALSE(month.registry_code().empty());
  EXPECT_FALSE(month.scheme().empty());
  EXPECT_FALSE(month.carrier().empty());
  const v1::RegisterFlows& units = month.units();
  EXPECT_GT(units.issued(), 3);
  EXPECT_EQ(units.cancelled(), 3);
  EXPECT_EQ(units.closing(), units.opening() + units.issued() - 3);
  EXPECT_EQ(month.amounts().cancelled(), 3 * month.unit_size());
  EXPECT_EQ(month.amounts().closing(), units.closing() * month.unit_size());

  v1::ReconcileRegisterResponse balances;
  ASSERT_TRUE(stub<v1::Reports>()->ReconcileRegister(Call(admin_), {}, &balances).ok());
  EXPECT_TRUE(balances.agrees()) << balances.DebugString();
  EXPECT_EQ(balances.sequence(), sequencer_->sequence().value());
  ASSERT_EQ(balances.balances_size(), 1);
  EXPECT_EQ(balances.balances(0).held(), units.closing());
  EXPECT_EQ(balances.balances(0).ledger_cancelled(), 3);
}

TEST_F(ReportsTest, IsAskedInMonths) {
  v1::ListRegisterStatisticsRequest request;
  v1::ListRegisterStatisticsResponse found;
  request.set_from("2026-01");
  request.set_to("2026-01");
  ASSERT_TRUE(list(request, found).ok());
  EXPECT_EQ(found.months_size(), 1);
  request.set_from("2025-01");
  request.set_to("2025-12");
  ASSERT_TRUE(list(request, found).ok());
  EXPECT_EQ(found.months_size(), 0);
  request.Clear();
  request.set_country("XX");
  ASSERT_TRUE(list(request, found).ok());
  EXPECT_EQ(found.months_size(), 0);

  for (const auto& [from, to] : std::vector<std::pair<const char*, const char*>>{
           {"2026-13", ""}, {"2026", ""}, {"2026-01-01", ""}, {"", "x"}, {"2026-02", "2026-01"}}) {
    request.Clear();
    request.set_from(from);
    request.set_to(to);
    EXPECT_EQ(refused(request), StatusCode::INVALID_ARGUMENT) << from << " " << to;
  }
  request.Clear();
  request.set_page_token("a token");
  EXPECT_EQ(refused(request), StatusCode::INVALID_ARGUMENT);
  request.Clear();
  request.set_registry(99);
  EXPECT_EQ(refused(request), StatusCode::NOT_FOUND);
  request.set_registry(std::uint64_t{1} << 40U);
  EXPECT_EQ(refused(request), StatusCode::NOT_FOUND);
}

TEST_F(ReportsTest, OnlyAuditorsMayReconcile) {
  v1::ReconcileRegisterResponse balances;
  EXPECT_EQ(stub<v1::Reports>()->ReconcileRegister(Call(trader_), {}, &balances).error_code(),
            StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(stub<v1::Reports>()->ReconcileRegister(Call(""), {}, &balances).error_code(),
            StatusCode::UNAUTHENTICATED);
  const auto [id, auditor] = add_user(1, Role::auditor, {.kind = ScopeKind::node, .id = 0});
  v1::ReconcileRegisterRequest request;
  request.set_at_least_sequence(sequencer_->sequence().value());
  const grpc::Status status =
      stub<v1::Reports>()->ReconcileRegister(Call(auditor), request, &balances);
  EXPECT_TRUE(status.ok()) << status.error_message();
}

}  // namespace
}  // namespace origo::gateway
