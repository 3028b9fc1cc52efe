#include "tests/unit/gateway/grpc/grpc_fixture.h"

// Mass balances as queries show them, and to whom.
namespace origo::gateway::test {
namespace {

class BalanceTest : public GrpcTest {
 protected:
  void SetUp() override {
    serve();
    must(SetRelaxations{.four_eyes = true, .holds = true, .exit_hold_ns = 0}, admin_);
    must(DefineAttribute{.name = kProofNumber, .kind = AttributeKind::symbol}, admin_);
    Scheme scheme;
    scheme.code = scheme.name = scheme.operator_name = "MB";
    scheme.valid_from = *make_date(2000, 1, 1);
    scheme.unit_size = 1'000'000;
    scheme.measure = Measure::mass_balance;
    scheme.carriers = {"biomethane"};
    scheme.holders = scheme.receivers = {ParticipantKind::certified_operator};
    scheme.purposes = {"use"};
    scheme.serial_format = "{registry}-{lot}-{serial}";
    FieldRule number;
    number.name = "pos";
    number.required = true;
    number.attribute = kProofNumber;
    number.source = "s";
    scheme.production_fields = {number};
    scheme.mass_balance = {.period_months = 12, .carry_surplus = true, .split_purposes = {}};
    must(LoadScheme{.scheme = scheme, .source = {}}, admin_);
    must(CreateRegistry{.code = "R", .name = "R", .scheme = "MB", .country = "DE"}, admin_);
    registrar_ =
        add_user(1, Role::registry_operator, {.kind = ScopeKind::registry, .id = 1}).second;
    const auto id = static_cast<std::uint32_t>(must(
        CreateParticipant{
            .name = "Op", .country = "DE", .kinds = {ParticipantKind::certified_operator}},
        admin_));
    keeper_ = add_user(id, Role::holder, {.kind = ScopeKind::participant, .id = id}).second;
    must(OpenSite{.registry = RegistryId(1),
                  .participant = ParticipantId(id),
                  .name = "Grid",
                  .country = "DE",
                  .carrier = "biomethane"},
         keeper_);
    must(ApproveSite{.site = SiteId(1)}, registrar_);
  }

  template <class Method, class Request, class Response>
  grpc::Status ask(Method method, Request request, Response& response, const std::string& token) {
    request.set_at_least_sequence(sequencer_->sequence().value());
    const auto registry = stub<v1::Registry>();
    return (registry.get()->*method)(Call(token), request, &response);
  }

  std::string registrar_;
  std::string keeper_;
};

TEST_F(BalanceTest, IsToldByPeriodAndBookingToThoseWhomItConcerns) {
  v1::GetSiteBalanceRequest request;
  request.set_site(1);
  v1::GetSiteBalanceResponse answer;
  EXPECT_EQ(ask(&v1::Registry::Stub::GetSiteBalance, request, answer, keeper_).error_code(),
            grpc::StatusCode::NOT_FOUND);
  BookInput input{.site = SiteId(1),
                  .day = {},
                  .energy = Measured(1'000),
                  .proof = "PoS-1",
                  .feedstock = "straw;manure",
                  .feedstock_country = "DE",
                  .sustainability_scheme = "iscc",
                  .ghg_intensity = -5'000,
                  .note = "n"};
  must(input, keeper_);
  must(BookOutput{.site = SiteId(1),
                  .day = {},
                  .energy = Measured(300),
                  .proof = "PoS-1",
                  .to_site = {},
                  .receiver = "Bus",
                  .note = {}},
       keeper_);

  v1::ListSitesResponse sites;
  ASSERT_TRUE(ask(&v1::Registry::Stub::ListSites, v1::ListSitesRequest(), sites, keeper_).ok());
  ASSERT_EQ(sites.sites_size(), 1);
  EXPECT_TRUE(sites.sites(0).approved());
  EXPECT_TRUE(sites.sites(0).open());
  const std::string last = sites.sites(0).newest_period().last();

  for (const std::string& day : {std::string(), last}) {
    request.set_day(day);
    ASSERT_TRUE(ask(&v1::Registry::Stub::GetSiteBalance, request, answer, registrar_).ok());
    EXPECT_EQ(answer.balance().gas().left(), 700);
    ASSERT_EQ(answer.balance().proofs_size(), 1);
    const v1::ProofLine& line = answer.balance().proofs(0);
    EXPECT_EQ(line.proof(), "PoS-1");
    EXPECT_EQ(line.booked_in(), 1'000);
    EXPECT_EQ(line.booked_out(), 300);
    EXPECT_EQ(line.left(), 700);
    EXPECT_EQ(line.feedstock(), "manure;straw");
    EXPECT_EQ(line.ghg_intensity(), -5'000);
    EXPECT_EQ(line.entered_at(), 1u);
  }
  request.set_day("1999-12-31");
  EXPECT_EQ(ask(&v1::Registry::Stub::GetSiteBalance, request, answer, keeper_).error_code(),
            grpc::StatusCode::NOT_FOUND);
  request.set_day("31 December");
  EXPECT_EQ(ask(&v1::Registry::Stub::GetSiteBalance, request, answer, keeper_).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
  request.clear_day();

  v1::ListBookingsRequest of;
  of.set_proof("PoS-1");
  v1::ListBookingsResponse bookings;
  ASSERT_TRUE(ask(&v1::Registry::Stub::ListBookings, of, bookings, keeper_).ok());
  ASSERT_EQ(bookings.bookings_size(), 2);
  EXPECT_EQ(bookings.bookings(1).kind(), v1::BOOKING_KIND_OUTPUT);
  EXPECT_EQ(bookings.bookings(1).receiver(), "Bus");
  of.mutable_period()->set_first("1999-01-01");
  of.mutable_period()->set_last("1999-12-31");
  bookings.Clear();
  ASSERT_TRUE(ask(&v1::Registry::Stub::ListBookings, of, bookings, keeper_).ok());
  EXPECT_EQ(bookings.bookings_size(), 0);
  of.mutable_period()->set_last("1998-12-31");
  EXPECT_EQ(ask(&v1::Registry::Stub::ListBookings, of, bookings, keeper_).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);

  const std::string stranger = add_user(1, Role::market_operator, Scope{}).second;
  EXPECT_EQ(ask(&v1::Registry::Stub::GetSiteBalance, request, answer, stranger).error_code(),
            grpc::StatusCode::NOT_FOUND);
  sites.Clear();
  ASSERT_TRUE(ask(&v1::Registry::Stub::ListSites, v1::ListSitesRequest(), sites, stranger).ok());
  EXPECT_EQ(sites.sites_size(), 0);
  bookings.Clear();
  ASSERT_TRUE(
      ask(&v1::Registry::Stub::ListBookings, v1::ListBookingsRequest(), bookings, stranger).ok());
  EXPECT_EQ(bookings.bookings_size(), 0);
}

}  // namespace
}  // namespace origo::gateway::test
