#include "gateway/node/verification_code.h"
#include "proto/codec/commands.h"
#include "tests/unit/gateway/grpc/grpc_fixture.h"

namespace origo::gateway {
namespace {

using grpc::StatusCode;
using test::Call;

class StatementTest : public test::GrpcTest {
 protected:
  void SetUp() override {
    access_->public_url = "https://register.example";
    serve();
    const loadtest::SampleMarket market = build_market({.accounts = 1});
    CancelCertificates cancel{.account = market.accounts[0],
                              .lot = LotId(1),
                              .units = Units(3),
                              .beneficiary = "Somebody",
                              .purpose = "heat"};
    v1::Command command;
    proto::write_command(cancel, command);
    const v1::Answer answer = submit(command, trader_);
    ASSERT_FALSE(answer.has_reject()) << answer.DebugString();
    cancellation_ = answer.id();
    sequence_ = answer.sequence();
  }

  grpc::Status document(v1::DocumentFormat format,
                        std::uint64_t cancellation,
                        v1::GetStatementDocumentResponse& response) {
    v1::GetStatementDocumentRequest request;
    request.set_at_least_sequence(sequence_);
    request.set_cancellation(cancellation);
    request.set_format(format);
    return stub<v1::Registry>()->GetStatementDocument(Call(trader_), request, &response);
  }

  std::uint64_t cancellation_ = 0;
  std::uint64_t sequence_ = 0;
};

TEST_F(StatementTest, ItsCodeFindsItAndNoOtherDoes) {
  v1::GetCancellationRequest request;
  request.set_at_least_sequence(sequence_);
  request.set_cancellation(cancellation_);
  v1::GetCancellationResponse response;
  ASSERT_TRUE(stub<v1::Registry>()->GetCancellation(Call(trader_), request, &response).ok());
  const v1::CancellationStatement& statement = response.statement();
  EXPECT_EQ(statement.verification_url(),
            "https://register.example/verify/" + statement.verification_code());
  EXPECT_FALSE(statement.holder().empty());
  EXPECT_FALSE(statement.registry_name().empty());
  EXPECT_FALSE(statement.scheme_name().empty());
  EXPECT_EQ(statement.amount(), 3 * statement.unit_size());

  std::string code = *parse_verification_code(statement.verification_code());
  const HistoryView history(*history_);
  auto found = history.statement_by_code(code);
  ASSERT_TRUE(found.ok() && found.value.has_value());
  EXPECT_EQ(found.value->cancellation.value(), cancellation_);
  code.back() = code.back() == '0' ? '1' : '0';
  found = history.statement_by_code(code);
  EXPECT_TRUE(found.ok());
  EXPECT_FALSE(found.value.has_value());
}

TEST_F(StatementTest, ComesAsADocument) {
  v1::GetStatementDocumentResponse response;
  const grpc::Status json = document(v1::DOCUMENT_FORMAT_JSON, cancellation_, response);
  ASSERT_TRUE(json.ok()) << json.error_message();
  EXPECT_EQ(response.media_type(), "application/json");
  EXPECT_THAT(response.document(), testing::HasSubstr("\"beneficiary\": \"Somebody\""));
  EXPECT_GE(response.sequence(), sequence_);
  ASSERT_TRUE(document(v1::DOCUMENT_FORMAT_HTML, cancellation_, response).ok());
  EXPECT_THAT(response.document(), testing::StartsWith("<!doctype html>"));
  ASSERT_TRUE(document(v1::DOCUMENT_FORMAT_PDF, cancellation_, response).ok());
  EXPECT_THAT(response.document(), testing::StartsWith("%PDF-"));
  EXPECT_EQ(response.file_name(), "can-1.pdf");

  EXPECT_EQ(document(v1::DOCUMENT_FORMAT_UNSPECIFIED, cancellation_, response).error_code(),
            StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(document(static_cast<v1::DocumentFormat>(9), cancellation_, response).error_code(),
            StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(document(v1::DOCUMENT_FORMAT_PDF, 99, response).error_code(), StatusCode::NOT_FOUND);
}

TEST_F(StatementTest, IsInTheHistoryOfItsLot) {
  v1::ListLotEventsRequest request;
  request.set_at_least_sequence(sequence_);
  request.set_lot(1);
  v1::ListLotEventsResponse all;
  ASSERT_TRUE(stub<v1::Registry>()->ListLotEvents(Call(trader_), request, &all).ok());
  ASSERT_GE(all.events_size(), 4) << all.DebugString();
  EXPECT_EQ(all.events(0).kind(), v1::LOT_EVENT_KIND_ISSUED);
  std::int64_t held = 0;
  for (const v1::LotEvent& event : all.events()) {
    if (event.kind() != v1::LOT_EVENT_KIND_MOVED) continue;
    if (event.from() == 0) held += event.range().count();
    if (event.to() == 0) held -= event.range().count();
    EXPECT_FALSE(event.range().printed().empty());
  }
  EXPECT_EQ(held, all.events(0).units() - 3) << "what came less what was cancelled";
  const v1::LotEvent& last = all.events(all.events_size() - 1);
  EXPECT_EQ(last.command(), sequence_);

  // One by one it is the same list.
  v1::ListLotEventsResponse joined;
  request.set_page_size(1);
  do {
    v1::ListLotEventsResponse page;
    ASSERT_TRUE(stub<v1::Registry>()->ListLotEvents(Call(trader_), request, &page).ok());
    joined.mutable_events()->MergeFrom(page.events());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  ASSERT_EQ(joined.events_size(), all.events_size());
  for (int i = 0; i < all.events_size(); ++i)
    EXPECT_EQ(joined.events(i).event(), all.events(i).event());
  request.set_lot(99);
  EXPECT_EQ(stub<v1::Registry>()->ListLotEvents(Call(trader_), request, &all).error_code(),
            StatusCode::NOT_FOUND);
}

}  // namespace
}  // namespace origo::gateway
