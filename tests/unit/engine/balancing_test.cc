#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "engine/exchange.h"
#include "tests/support/draw.h"
#include "tests/support/readable.h"

// Mass balances over years of drawn bookings: after each command every sum holds, and a core that
// is read back goes on as this one does.
namespace origo {
namespace {

constexpr UserId kAdmin{1};
constexpr UserId kKeeper{2};     // of the operator
constexpr UserId kRegistrar{3};  // of the registry

class BalancingTest : public testing::Test {
 protected:
  Answer apply(const Command& command, UserId by = kKeeper) {
    const CommandHeader header{
        .sequence = next(exchange_.sequence()), .time = now_, .origin = {.principal = by}};
    events_.clear();
    return exchange_.apply(header, command, events_);
  }
  void must(const Command& command, UserId by = kKeeper) {
    const Answer answer = apply(command, by);
    ASSERT_TRUE(answer.ok()) << readable(command) << info_of(answer.code).name << answer.detail;
  }

  void SetUp() override {
    now_ = start_of(*make_date(2026, 1, 1));
    const CommandHeader first{.sequence = Sequence(1), .time = now_, .origin = {}};
    exchange_.apply(first, Bootstrap{.venue_name = "V", .admin_token = {1}}, events_);
    must(SetRelaxations{.four_eyes = true, .holds = true, .exit_hold_ns = 0}, kAdmin);
    must(DefineAttribute{.name = kProofNumber, .kind = AttributeKind::symbol}, kAdmin);
    Scheme scheme;
    scheme.code = scheme.name = scheme.operator_name = "MB";
    scheme.valid_from = *make_date(2000, 1, 1);
    scheme.unit_size = 1'000'000;
    scheme.measure = Measure::mass_balance;
    scheme.carriers = {"biomethane"};
    scheme.holders = scheme.receivers = {ParticipantKind::certified_operator};
    scheme.purposes = {"use"};
    scheme.serial_format = "{registry}-{lot}-{serial}";
    scheme.production_fields = {{.name = "pos",
                                 .kind = FieldKind::text,
                                 .required = true,
                                 .choices = {},
                                 .attribute = kProofNumber,
                                 .source = "s",
                                 .bounds = {}}};
    scheme.mass_balance = {.period_months = 3, .carry_surplus = true, .split_purposes = {}};
    must(LoadScheme{.scheme = scheme, .source = {}}, kAdmin);
    must(CreateRegistry{.code = "R", .name = "R", .scheme = "MB", .country = "DE"}, kAdmin);
    must(
        CreateParticipant{
            .name = "Op", .country = "DE", .kinds = {ParticipantKind::certified_operator}},
        kAdmin);
    must(CreateUser{.participant = ParticipantId(2), .name = "k", .person = "k", .token = {2}},
         kAdmin);
    must(CreateUser{.participant = ParticipantId(1), .name = "r", .person = "r", .token = {3}},
         kAdmin);
    must(GrantRole{.user = kKeeper,
                   .role = Role::holder,
                   .scope = {.kind = ScopeKind::participant, .id = 2}},
         kAdmin);
    must(GrantRole{.user = kRegistrar, .role = Role::registry_operator, .scope = {}}, kAdmin);
    for (const char* name : {"A", "B", "C"}) {
      must(OpenSite{.registry = RegistryId(1),
                    .participant = ParticipantId(2),
                    .name = name,
                    .country = "DE",
                    .carrier = "biomethane"});
      must(ApproveSite{.site =
                           SiteId(static_cast<std::uint32_t>(exchange_.registry().sites.size()))},
           kRegistrar);
    }
  }

  BookInput input(SiteId site, const std::string& proof, std::int64_t energy) const {
    return {.site = site,
            .day = {},
            .energy = Measured(energy),
            .proof = proof,
            .feedstock = proof.empty() ? "" : "manure",
            .feedstock_country = proof.empty() ? "" : "DE",
            .sustainability_scheme = proof.empty() ? "" : "iscc",
            .ghg_intensity = 0,
            .note = {}};
  }
  Bytes whole() const {
    Bytes bytes;
    Encoder out(bytes);
    exchange_.encode(out);
    return bytes;
  }

  Exchange exchange_;
  Events events_;
  Instant now_;
};

TEST_F(BalancingTest, EverySumHoldsOverYearsOfBookings) {
  Draw draw(7);
  int outputs = 0;
  int exceeded = 0;
  const auto site = [&] { return SiteId(static_cast<std::uint32_t>(draw.between(1, 3))); };
  for (int i = 0; i < 1'500; ++i) {
    now_ = Instant(now_.ns() + draw.between(0, 60) * 3'600'000'000'000);
    const std::string number = "P" + std::to_string(draw.between(1, 40 + i / 10));
    if (draw.one_in(3)) {
      apply(input(site(), draw.one_in(4) ? "" : number, draw.between(1, 100)));
    } else {
      const Date today = date_of(now_);
      const Answer answer = apply(BookOutput{.site = site(),
                                             .day = draw.one_in(3) ? add_days(today, -1) : Date(),
                                             .energy = Measured(draw.between(1, 60)),
                                             .proof = draw.one_in(3) ? "" : number,
                                             .to_site = draw.one_in(3) ? site() : SiteId(),
                                             .receiver = {},
                                             .note = {}});
      outputs += answer.ok() ? 1 : 0;
      exceeded += answer.code == Reject::balance_exceeded ? 1 : 0;
    }
    ASSERT_EQ(exchange_.check_invariants(), std::vector<std::string>()) << "command " << i;
  }
  EXPECT_GT(outputs, 200);
  EXPECT_GT(exceeded, 200);
  Measured lapsed;
  for (const Site& each : exchange_.registry().sites) {
    EXPECT_GT(each.balances.size(), 10u);
    for (const Balance& balance : each.balances) {
      for (const auto& [proof, line] : balance.proofs) lapsed += line.lapsed;
    }
  }
  EXPECT_TRUE(lapsed.is_positive());

  Exchange restored;
  const Bytes bytes = whole();
  Decoder in(bytes);
  ASSERT_TRUE(restored.decode(in));
  EXPECT_EQ(restored.check_invariants(), std::vector<std::string>());
  now_ = Instant(now_.ns() + 200 * kDayNs);
  const CommandHeader header{.sequence = next(exchange_.sequence()), .time = now_, .origin = {}};
  Events here;
  Events there;
  exchange_.apply(header, Tick{}, here);
  restored.apply(header, Tick{}, there);
  EXPECT_GT(here.count(), 0u);
  EXPECT_EQ(here.copy(), there.copy());
}

TEST_F(BalancingTest, ABalanceHoldsAThousandProofsAndClosesThemAtOnce) {
  for (int i = 1; i <= 1'000; ++i) must(input(SiteId(1), "P" + std::to_string(i), 10));
  const Answer full = apply(input(SiteId(1), "one more", 10));
  EXPECT_EQ(full.code, Reject::too_many_items);
  must(input(SiteId(1), "", 10));
  must(BookOutput{.site = SiteId(1),
                  .day = {},
                  .energy = Measured(5'010),
                  .proof = {},
                  .to_site = {},
                  .receiver = {},
                  .note = {}});
  now_ = closing_time(exchange_.registry().sites[0], exchange_.registry().sites[0].balances[0]);
  must(SetRelaxations{.four_eyes = true, .holds = true, .exit_hold_ns = 0}, kAdmin);
  EXPECT_EQ(events_.count(), 500u + 1 + 1);  // lapsed, closed, the command's own
  const Site& site = exchange_.registry().sites[0];
  ASSERT_EQ(site.balances.size(), 2u);
  EXPECT_EQ(site.balances[1].proofs.size(), 500u);
  EXPECT_EQ(site.balances[1].proofs.rbegin()->first, ProofId(500));
  EXPECT_EQ(exchange_.check_invariants(), std::vector<std::string>());
}

// Three sites close in three seconds, so that no instant has the work of all.
TEST_F(BalancingTest, SitesCloseOneAfterAnother) {
  for (const std::uint32_t id : {1u, 2u, 3u}) must(input(SiteId(id), "", 10));
  const Instant end = end_of(*make_date(2026, 3, 31));
  for (const std::int64_t second : {0, 1, 2, 3}) {
    now_ = Instant(end.ns() + second * 1'000'000'000);
    must(Tick{}, UserId());
    std::int64_t closed = 0;
    for (const Site& site : exchange_.registry().sites) closed += site.balances[0].closed ? 1 : 0;
    EXPECT_EQ(closed, second);
  }
}

}  // namespace
}  // namespace origo
