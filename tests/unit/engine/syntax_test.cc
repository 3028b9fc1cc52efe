#include "engine/syntax.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "tests/support/readable.h"

namespace origo {
namespace {

constexpr Currency kEuro = currency_of("EUR");

struct Case {
  Command command;
  Reject refusal;
};

void expect(const Case& c) {
  const Verdict verdict = check_syntax(c.command);
  EXPECT_EQ(verdict ? verdict->code : Reject::accepted, c.refusal) << readable(c.command);
}

// `good` with each of the changes is refused with its code, and accepted without.
template <class C>
struct Spoilt {
  void (*spoil)(C&);
  Reject refusal;
};
template <class C, std::size_t N>
void expect_each(const C& good, const Spoilt<C> (&spoilt)[N]) {
  expect({good, Reject::accepted});
  for (const Spoilt<C>& one : spoilt) {
    C bad = good;
    one.spoil(bad);
    expect({bad, one.refusal});
  }
}

const std::string kLongName(201, 'x');
const std::string kLongText(2001, 'x');

TEST(Syntax, OfTheNode) {
  expect_each<Bootstrap>({.venue_name = "V", .admin_token = {1}},
                         {{[](auto& c) { c.venue_name = ""; }, Reject::name_invalid},
                          {[](auto& c) { c.admin_token = {}; }, Reject::token_invalid}});
  expect_each<SetRelaxations>(
      {.exit_hold_ns = 365 * kDayNs},
      {{[](auto& c) { c.exit_hold_ns = -1; }, Reject::instant_invalid},
       {[](auto& c) { c.exit_hold_ns = 365 * kDayNs + 1; }, Reject::instant_invalid}});
  expect_each<DefineAttribute>(
      {.name = "colour", .kind = AttributeKind::flag},
      {{[](auto& c) { c.name = "a b"; }, Reject::code_invalid},
       {[](auto& c) { c.kind = static_cast<AttributeKind>(0); }, Reject::enum_invalid},
       {[](auto& c) { c.kind = static_cast<AttributeKind>(5); }, Reject::enum_invalid}});
  expect({Tick(), Reject::accepted});
}

TEST(Syntax, OfThoseWhoTakePart) {
  expect_each<CreateParticipant>(
      {.name = "p", .country = "FR", .kinds = {ParticipantKind::trader}},
      {{[](auto& c) { c.name = kLongName; }, Reject::name_invalid},
       {[](auto& c) { c.country = "fr"; }, Reject::country_invalid},
       {[](auto& c) { c.kinds.clear(); }, Reject::kinds_missing},
       {[](auto& c) { c.kinds.assign(8, ParticipantKind::trader); }, Reject::kinds_missing},
       {[](auto& c) { c.kinds[0] = static_cast<ParticipantKind>(99); }, Reject::enum_invalid}});
  expect_each<CreateUser>(
      {.participant = ParticipantId(1), .name = "u", .person = "", .token = {1}},
      {{[](auto& c) { c.name = "\n"; }, Reject::name_invalid},
       {[](auto& c) { c.person = kLongText; }, Reject::text_invalid},
       {[](auto& c) { c.token = {}; }, Reject::token_invalid}});
  const Scope participant{.kind = ScopeKind::participant, .id = 1};
  expect_each<GrantRole>(
      {.user = UserId(1), .role = Role::trader, .scope = participant},
      {{[](auto& c) { c.role = static_cast<Role>(0); }, Reject::enum_invalid},
       {[](auto& c) { c.role = static_cast<Role>(11); }, Reject::enum_invalid},
       {[](auto& c) { c.scope = {}; }, Reject::role_scope_invalid},
       {[](auto& c) { c.role = Role::admin; }, Reject::role_scope_invalid},
       {[](auto& c) { c.role = Role::issuing_body; }, Reject::role_scope_invalid}});
  expect_each<RevokeRole>(
      {.user = UserId(1), .role = Role::auditor, .scope = {}},
      {{[](auto& c) { c.scope.id = 1; }, Reject::role_scope_invalid},
       {[](auto& c) { c.scope.kind = static_cast<ScopeKind>(4); }, Reject::role_scope_invalid}});
  expect({ReplaceToken{.user = UserId(1), .token = {}}, Reject::token_invalid});
  expect({OpenAccount{.participant = {}, .registry = {}, .name = ""}, Reject::name_invalid});
  expect({TrustAccount{.from = AccountId(1), .to = AccountId(1)}, Reject::same_account});
  expect_each<SetFrozen>(
      {.reason = ""},
      {{[](auto& c) { c.reason = kLongText; }, Reject::text_invalid},
       {[](auto& c) { c.target = static_cast<FreezeTarget>(3); }, Reject::enum_invalid}});
  expect_each<DepositCash>({.account = {}, .currency = kEuro, .amount = Cash(1), .reference = ""},
                           {{[](auto& c) { c.amount = Cash(0); }, Reject::amount_not_positive},
                            {[](auto& c) { c.currency = {}; }, Reject::currency_invalid},
                            {[](auto& c) { c.reference = "\xff"; }, Reject::text_invalid}});
  expect_each<WithdrawCash>({.account = {}, .currency = kEuro, .amount = Cash(1), .reference = ""},
                            {{[](auto& c) { c.amount = Cash(-1); }, Reject::amount_not_positive},
                             {[](auto& c) { c.currency = {}; }, Reject::currency_invalid},
                             {[](auto& c) { c.reference = kLongText; }, Reject::text_invalid}});
}

TEST(Syntax, OfTheRegistry) {
  expect_each<CreateRegistry>({.code = "R", .name = "R", .scheme = "S", .country = "FR"},
                              {{[](auto& c) { c.code = ""; }, Reject::code_invalid},
                               {[](auto& c) { c.name = ""; }, Reject::name_invalid},
                               {[](auto& c) { c.country = ""; }, Reject::country_invalid}});
  expect_each<RegisterDevice>(
      {.registry = {}, .producer = {}, .name = "d", .country = "FR", .carriers = {}, .start = {}},
      {{[](auto& c) { c.name = ""; }, Reject::name_invalid},
       {[](auto& c) { c.country = "France"; }, Reject::country_invalid},
       {[](auto& c) { c.start = Date(-25'568); }, Reject::device_field_invalid},
       {[](auto& c) { c.start = Date(kNever.days() + 1); }, Reject::device_field_invalid},
       {[](auto& c) { c.fields.resize(201); }, Reject::too_many_items}});
  expect_each<ChangeDevice>(
      {.device = {}, .valid_from = Date(1), .name = ""},
      {{[](auto& c) { c.name = kLongText; }, Reject::name_invalid},
       {[](auto& c) { c.valid_from = {}; }, Reject::device_field_invalid},
       {[](auto& c) { c.valid_from = Date(-25'568); }, Reject::device_field_invalid},
       {[](auto& c) { c.start = Date(-25'568); }, Reject::device_field_invalid},
       {[](auto& c) { c.last_day = Date(kNever.days() + 1); }, Reject::device_field_invalid},
       {[](auto& c) { c.fields.resize(201); }, Reject::too_many_items}});
  expect_each<RefuseDeviceChange>({.change = {}, .reason = "no"},
                                  {{[](auto& c) { c.reason = ""; }, Reject::reason_missing}});
  expect_each<SuspendDevice>({.device = {}, .reason = "audit"},
                             {{[](auto& c) { c.reason = "\xff"; }, Reject::text_invalid}});
  expect_each<FreezeCertificates>(
      {.lot = {}, .reason = "doubt"},
      {{[](auto& c) { c.units = Units(-1); }, Reject::units_not_positive},
       {[](auto& c) { c.first = Serial(-1); }, Reject::serials_not_in_lot},
       {[](auto& c) { c.reason = ""; }, Reject::reason_missing}});
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  expect_each<DeclareProduction>(
      {.device = {},
       .carrier = "",
       .period = {.first = Date(1), .last = Date(1)},
       .gross = Measured(kMost),
       .deductions = {{.kind = "a", .amount = Measured(kMost)}, {.kind = "b", .amount = {}}}},
      {{[](auto& c) { c.period.first = Date(2); }, Reject::period_invalid},
       {[](auto& c) { c.period.last = Date(kNever.days() + 1); }, Reject::period_invalid},
       {[](auto& c) { c.gross = {}; }, Reject::measured_not_positive},
       {[](auto& c) { c.deductions[1].amount = Measured(1); }, Reject::deduction_invalid},
       {[](auto& c) { c.deductions[0].amount = Measured(-1); }, Reject::deduction_invalid},
       {[](auto& c) { c.deductions[1].kind = "a"; }, Reject::deduction_unknown},
       {[](auto& c) { c.deductions.resize(201); }, Reject::too_many_items},
       {[](auto& c) { c.fields.resize(201); }, Reject::too_many_items}});
  expect_each<TransferCertificates>(
      {.from = AccountId(1), .to = AccountId(2), .lot = {}, .units = Units(1)},
      {{[](auto& c) { c.units = {}; }, Reject::units_not_positive},
       {[](auto& c) { c.to = c.from; }, Reject::same_account}});
  expect_each<ClaimUse>(
      {.cancellation = {},
       .units = Units(kMost),
       .use = "u",
       .claimant = "c",
       .period = {.first = Date(1), .last = kNever},
       .activity = "",
       .emissions = Measured(kMost),
       .reference = ""},
      {{[](auto& c) { c.units = {}; }, Reject::units_not_positive},
       {[](auto& c) { c.use = "scope 1"; }, Reject::code_invalid},
       {[](auto& c) { c.claimant = ""; }, Reject::name_invalid},
       {[](auto& c) { c.claimant = kLongName; }, Reject::name_invalid},
       {[](auto& c) { c.period = {}; }, Reject::reporting_period_invalid},
       {[](auto& c) { c.period.last = Date(0); }, Reject::period_invalid},
       {[](auto& c) { c.period.last = Date(kNever.days() + 1); }, Reject::period_invalid},
       {[](auto& c) { c.activity = kLongText; }, Reject::text_invalid},
       {[](auto& c) { c.emissions = Measured(-1); }, Reject::emissions_invalid},
       {[](auto& c) { c.reference = "\xff"; }, Reject::text_invalid}});
  expect_each<CancelCertificates>(
      {.account = {}, .lot = {}, .units = Units(1)},
      {{[](auto& c) { c.units = Units(-1); }, Reject::units_not_positive},
       {[](auto& c) { c.beneficiary = kLongName; }, Reject::name_invalid},
       {[](auto& c) { c.note = kLongText; }, Reject::text_invalid},
       {[](auto& c) { c.consumption_evidence = "\n"; }, Reject::text_invalid},
       {[](auto& c) { c.country = "x"; }, Reject::country_invalid},
       {[](auto& c) { c.period.first = Date(1); }, Reject::period_invalid}});
}

TEST(Syntax, OfTheMarket) {
  expect({CreateMarket{.code = "", .name = "M"}, Reject::code_invalid});
  expect({CreateMarket{.code = "M", .name = ""}, Reject::name_invalid});
  expect_each<SetCalendar>(
      {.market = {},
       .day_ends = {Instant(1), kInstantMax},
       .phases = {{.at = Instant(1), .phase = Phase::call, .random_ns = 8},
                  {.at = Instant(10), .phase = Phase::closed, .random_ns = 3'600'000'000'000}},
       .source = {}},
      {{[](auto& c) { c.phases.resize(10'001); }, Reject::too_many_items},
       {[](auto& c) { c.phases[0].at = Instant(0); }, Reject::schedule_invalid},
       {[](auto& c) { c.phases[1].at = Instant(kInstantMax.ns() + 1); }, Reject::schedule_invalid},
       {[](auto& c) { c.phases[0].random_ns = -1; }, Reject::schedule_invalid},
       {[](auto& c) { c.phases[0].random_ns = 9; }, Reject::schedule_invalid},
       {[](auto& c) { ++c.phases[1].random_ns; }, Reject::schedule_invalid},
       {[](auto& c) { c.phases[1].phase = Phase::call; }, Reject::schedule_invalid},
       {[](auto& c) { c.phases[1].phase = static_cast<Phase>(6); }, Reject::schedule_invalid},
       {[](auto& c) { c.day_ends.clear(); }, Reject::calendar_invalid},
       {[](auto& c) { c.day_ends[0] = kInstantMax; }, Reject::calendar_invalid},
       {[](auto& c) { c.day_ends[1] = Instant(kInstantMax.ns() + 1); }, Reject::calendar_invalid},
       {[](auto& c) { c.day_ends.resize(10'001); }, Reject::too_many_items}});
  expect({SetFees{.market = {}, .fees = {.maker = {.rate_ppm = -1}}}, Reject::fees_invalid});
  expect_each<SetPhase>({.market = {}, .phase = Phase::halt, .reason = "why"},
                        {{[](auto& c) { c.reason = ""; }, Reject::reason_missing},
                         {[](auto& c) { c.phase = static_cast<Phase>(0); }, Reject::phase_invalid},
                         {[](auto& c) { c.reason = "\n"; }, Reject::text_invalid}});
  expect_each<CreateInstrument>(
      {.market = {},
       .code = "I",
       .name = "I",
       .filter = {{.attribute = "carrier"}},
       .terms = {.currency = kEuro,
                 .tick_value = Cash(1),
                 .contract_size = 1,
                 .quantity_max = Quantity(1),
                 .price_max = Price(1),
                 .price_min = Price(1)}},
      {{[](auto& c) { c.code = ""; }, Reject::code_invalid},
       {[](auto& c) { c.name = ""; }, Reject::name_invalid},
       {[](auto& c) { c.filter.clear(); }, Reject::filter_empty},
       {[](auto& c) { c.filter.resize(65); }, Reject::too_many_items},
       {[](auto& c) { c.filter[0].any_of.resize(1001); }, Reject::too_many_items},
       {[](auto& c) { c.terms.currency = {}; }, Reject::currency_invalid},
       {[](auto& c) { c.terms.tick_value = {}; }, Reject::instrument_terms_invalid},
       {[](auto& c) { c.terms.tick_value = Cash(kSupplyMax + 1); }, Reject::notional_too_large}});
  const OrderRef target{.account = AccountId(1), .order = OrderId(1), .client_order_id = {}};
  expect({AmendOrder{.target = target, .quantity = Quantity(-1), .price = {}},
          Reject::quantity_not_positive});
  expect({AmendOrder{.target = target, .quantity = {}, .price = Price(-1)},
          Reject::price_not_positive});
  expect({ReduceOrder{.target = target, .by = {}}, Reject::quantity_not_positive});
  expect_each<MassCancel>({.account = {}, .price_min = Price(2)},
                          {{[](auto& c) { c.side = 3; }, Reject::enum_invalid},
                           {[](auto& c) { c.price_min = Price(-1); }, Reject::price_not_positive},
                           {[](auto& c) { c.price_max = Price(1); }, Reject::range_invalid}});
}

}  // namespace
}  // namespace origo
