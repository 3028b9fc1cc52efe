#include "tests/unit/gateway/grpc/registry_fixture.h"

// What cancelled certificates are used for, as queries show it.
namespace origo::gateway::test {
namespace {

using ClaimsTest = RegistryTest;

TEST_F(ClaimsTest, ClaimsStandOnTheStatementAndInListsAndInTheLotsHistory) {
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

}  // namespace
}  // namespace origo::gateway::test
