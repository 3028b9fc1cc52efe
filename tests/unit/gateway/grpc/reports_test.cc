#include <cstring>
#include <fstream>
#include <iterator>

#include "origo/v1/reports.grpc.pb.h"
#include "storage/audit/export_reader.h"
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

  // The export of some days into a file.
  grpc::Status export_days(const std::string& from,
                           const std::string& to,
                           const std::string& token,
                           const std::filesystem::path& file) {
    v1::ExportAuditRequest request;
    request.set_at_least_sequence(sequencer_->sequence().value());
    request.set_from(from);
    request.set_to(to);
    Call call(token);
    const auto reports = stub<v1::Reports>();
    const auto stream = reports->ExportAudit(call, request);
    std::ofstream out(file, std::ios::binary);
    v1::AuditPiece piece;
    while (stream->Read(&piece)) {
      out << piece.data();
      EXPECT_LE(piece.done(), piece.all());
    }
    return stream->Finish();
  }

  storage::Tail chain_at(std::uint64_t command) {
    v1::GetJournalChainRequest request;
    request.set_command(command);
    v1::GetJournalChainResponse answer;
    const grpc::Status status =
        stub<v1::Reports>()->GetJournalChain(Call(admin_), request, &answer);
    EXPECT_TRUE(status.ok()) << status.error_message();
    storage::Tail tail{.sequence = answer.command()};
    EXPECT_EQ(answer.chain().size(), tail.chain.size());
    std::memcpy(tail.chain.data(), answer.chain().data(), tail.chain.size());
    return tail;
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

// What comes out is proved without the node, and agrees with what the node says; the events in it
// are what its commands cause.
TEST_F(ReportsTest, AnExportProvesItself) {
  const std::filesystem::path file = folder_ / "export";
  const grpc::Status status = export_days("2026-01-01", "2026-01-31", admin_, file);
  ASSERT_TRUE(status.ok()) << status.error_message();
  std::int64_t issued = 0;
  std::int64_t cancelled = 0;
  std::vector<std::string> carriers;
  const auto read = storage::audit::read_export(
      file,
      {.known = {{"the node", chain_at(0)}},
       .replay = true,
       .on_facts =
           [&](const storage::audit::ExportFacts& facts) {
             for (const auto& lot : facts.lots) carriers.push_back(lot.carrier);
           },
       .on_event =
           [&](const storage::audit::ExportEntry& entry) {
             if (const auto* one = std::get_if<CertificatesIssued>(&entry.event))
               issued += one->units.value();
             if (const auto* one = std::get_if<CertificatesCancelled>(&entry.event))
               cancelled += one->details.units.value();
           }});
  ASSERT_TRUE(read.ok()) << read.status.message;
  EXPECT_EQ(read.value.head.venue, "Venue");
  EXPECT_EQ(read.value.head.first, Sequence(1));
  EXPECT_EQ(read.value.head.last, sequencer_->sequence());
  EXPECT_THAT(read.value.agreed, testing::ElementsAre("the node"));
  EXPECT_FALSE(carriers.empty());
  v1::ListRegisterStatisticsResponse all;
  ASSERT_TRUE(list({}, all).ok());
  EXPECT_EQ(issued, all.months(0).units().issued());
  EXPECT_EQ(cancelled, 3);

  // Tokens are in it as digests only.
  std::ifstream in(file, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
  for (const std::string& token : {admin_, trader_}) {
    EXPECT_EQ(bytes.find(token), std::string::npos);
    std::string raw;
    for (std::size_t i = 0; i < token.size(); i += 2)
      raw.push_back(static_cast<char>(std::stoi(token.substr(i, 2), nullptr, 16)));
    EXPECT_EQ(bytes.find(raw), std::string::npos);
  }
}

TEST_F(ReportsTest, ExportsOfPeriodsMeet) {
  const std::uint64_t before = sequencer_->sequence().value();
  ASSERT_TRUE(clock_.set(Instant(clock_.now().ns() + 2 * kDayNs)));
  must(CancelCertificates{.account = market_.accounts[0],
                          .lot = LotId(1),
                          .units = Units(1),
                          .beneficiary = "Somebody",
                          .country = "",
                          .purpose = "heat",
                          .period = {},
                          .note = ""},
       trader_);
  ASSERT_TRUE(export_days("2026-01-01", "2026-01-01", admin_, folder_ / "one").ok());
  ASSERT_TRUE(export_days("2026-01-02", "2026-01-02", admin_, folder_ / "two").ok());
  ASSERT_TRUE(export_days("2026-01-03", "2026-12-31", admin_, folder_ / "three").ok());
  const auto one = storage::audit::read_export(folder_ / "one", {});
  ASSERT_TRUE(one.ok()) << one.status.message;
  EXPECT_EQ(one.value.head.last.value(), before);
  const auto two = storage::audit::read_export(folder_ / "two", {});
  ASSERT_TRUE(two.ok()) << two.status.message;
  EXPECT_EQ(two.value.tail.commands, 0U);
  EXPECT_EQ(two.value.head.chain_before, one.value.tail.chain_after);
  const auto three = storage::audit::read_export(folder_ / "three", {});
  ASSERT_TRUE(three.ok()) << three.status.message;
  EXPECT_EQ(three.value.head.first.value(), before + 1);
  EXPECT_EQ(three.value.head.chain_before, one.value.tail.chain_after);
  EXPECT_GT(three.value.tail.events, 0U);
}

TEST_F(ReportsTest, OnlyAuditorsGetExports) {
  const std::filesystem::path file = folder_ / "export";
  EXPECT_EQ(export_days("2026-01-01", "2026-01-31", trader_, file).error_code(),
            StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(export_days("2026-01-01", "2026-01-31", "", file).error_code(),
            StatusCode::UNAUTHENTICATED);
  for (const auto& [from, to] :
       std::vector<std::pair<const char*, const char*>>{{"", "2026-01-31"},
                                                        {"2026-01-01", ""},
                                                        {"2026-02-30", "2026-03-01"},
                                                        {"2026-02-01", "2026-01-31"}})
    EXPECT_EQ(export_days(from, to, admin_, file).error_code(), StatusCode::INVALID_ARGUMENT);
  v1::GetJournalChainRequest request;
  request.set_command(1'000'000);
  v1::GetJournalChainResponse answer;
  EXPECT_EQ(stub<v1::Reports>()->GetJournalChain(Call(admin_), request, &answer).error_code(),
            StatusCode::NOT_FOUND);
  EXPECT_EQ(stub<v1::Reports>()->GetJournalChain(Call(trader_), {}, &answer).error_code(),
            StatusCode::PERMISSION_DENIED);
}

}  // namespace
}  // namespace origo::gateway
