#include "gateway/schemes/scheme_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <variant>

#include "gateway/schemes/scheme_loader.h"

namespace origo::gateway {
namespace {

using testing::HasSubstr;

Scheme shipped(const std::string& name) {
  auto loaded = load_scheme_file("schemes/" + name + ".toml");
  EXPECT_TRUE(std::holds_alternative<LoadScheme>(loaded)) << to_string(std::get<FileError>(loaded));
  return std::get<LoadScheme>(loaded).scheme;
}

std::string value_of(const Scheme& scheme, const std::string& key) {
  for (const SchemeLine& line : lines_of(scheme)) {
    if (line.key == key) return line.value;
  }
  return "-";
}

TEST(SchemeText, saysValuesAsPeopleDo) {
  EXPECT_EQ(value_of(shipped("uk_ggcs"), "unit"), "1 kWh");
  EXPECT_EQ(value_of(shipped("fr_grdf"), "unit"), "1 MWh");
  EXPECT_EQ(value_of(shipped("uk_ggcs"), "cancellation.last_day"),
            "39 months after production_end");
  EXPECT_EQ(value_of(shipped("gb_rego"), "cancellation.last_day"),
            "15 months after production_end, to the end of the month");
  EXPECT_EQ(value_of(shipped("ergar_coo"), "cancellation.last_day"), "declared");
  EXPECT_EQ(value_of(shipped("ergar_red_mb"), "mass_balance.period_months"), "3");
  EXPECT_EQ(value_of(shipped("ergar_red_mb"), "mass_balance.carry_surplus"), "yes");
  EXPECT_EQ(value_of(shipped("ergar_red_mb"), "mass_balance.split_purposes"), "-");
  EXPECT_EQ(value_of(shipped("de_dena"), "cancellation.last_day"), "-");
  EXPECT_EQ(value_of(shipped("gb_rego"), "device_fields.accreditation"),
            "required text from 10 to 10 bytes, becomes accreditation");
  EXPECT_EQ(value_of(shipped("nl_verticer"), "production_fields.feedstock_audit"),
            "optional date, at most 12 months old");
  EXPECT_EQ(value_of(shipped("certifhy"), "production_fields.ghg_intensity"),
            "required number to 36400, becomes ghg_intensity");
  EXPECT_EQ(value_of(shipped("fr_grdf"), "issuance.recipients"),
            "state if state_owned is true; state if contract_date from 2020-11-09; supplier");
  EXPECT_EQ(value_of(shipped("us_rec"), "claims.ghg_scope_2"),
            "ghg_scope_2, of what was cancelled for voluntary, disclosure, from 2015-01-01 on, "
            "counted by nobody else: Shows the emissions of purchased electricity; nobody else "
            "reports the same electricity. [medium: [R] GHG Protocol, Scope 2 Guidance (2015), "
            "market-based method; [I] the day]");
  EXPECT_THAT(value_of(shipped("uk_ggcs"), "claims_barred.gas_from_shared_grid"),
              testing::StartsWith("not ghg_scope_1 if carrier is biomethane, biogas, biopropane, "
                                  "synthetic_methane, hydrogen unless destination is on_site, from "
                                  "2022-09-01 on: A gas certificate"));
  EXPECT_EQ(value_of(shipped("ergar_coo"), "members.dena.2023-02-01"),
            "on [[S4] chapter 6, ERGaR members at 2023-02; [I] the day]");
}

TEST(SchemeText, aPageHasEveryRuleWithItsSourceAndSaysHowSureItIs) {
  for (const char* name : {"uk_ggcs", "ergar_coo", "green_e_2026"}) {
    const Scheme scheme = shipped(name);
    const std::string page = page_of(scheme);
    for (const RuleNote& rule : scheme.rules) EXPECT_THAT(page, HasSubstr(rule.source + "]"));
    for (const FieldRule& field : scheme.production_fields)
      EXPECT_THAT(page, HasSubstr(field.source));
    for (const Member& member : scheme.members)
      EXPECT_THAT(page, HasSubstr(member.name + ": from"));
    EXPECT_FALSE(scheme.claims.empty());
    EXPECT_FALSE(scheme.claims_barred.empty());
    for (const ClaimRule& rule : scheme.claims)
      EXPECT_THAT(page, HasSubstr("  " + rule.name + ": " + rule.use + ", of what"));
    for (const ClaimBar& bar : scheme.claims_barred) EXPECT_THAT(page, HasSubstr(bar.source + "]"));
  }
  EXPECT_THAT(page_of(shipped("green_e_2026")),
              HasSubstr("transfer.sale_last_day: 12 months after production_end\n"
                        "    Sold at most 1 year after injection, as the rules are on the day of "
                        "the sale. [high: "));
}

TEST(SchemeText, programmesSayAllOfThemselves) {
  const Scheme plain = shipped("recycled_carbon_fuel");
  EXPECT_EQ(value_of(plain, "co2_programmes.capturer-reports-eligible.2022-03-01"),
            "capturer_reports, compensated by certificates of CO2-CAPTURE for CO2 that a fuel may "
            "deduct, from 2022-03-01 on [[S3] option 1; [S4] table 2-5: only CO2 that an RFNBO may "
            "deduct]");
  EXPECT_EQ(value_of(plain, "co2_programmes.shared-half.2022-03-01"),
            "shared, the user 500000 ppm, compensated by certificates of CO2-CAPTURE, from "
            "2022-03-01 on [[S3] option 3: shared by a ratio; [I] the ratio]");
  EXPECT_THAT(page_of(plain), HasSubstr("\nCO2 programmes\n    A production names one programme"));
  for (const auto& change : std::vector<std::function<void(Co2Programme&)>>{
           [](Co2Programme& p) { p.name = "x"; },
           [](Co2Programme& p) { p.counting = Co2Counting::neither; },
           [](Co2Programme& p) { p.user_share_ppm = 1; },
           [](Co2Programme& p) { p.capture_schemes = {}; },
           [](Co2Programme& p) { p.eligible_only = true; },
           [](Co2Programme& p) { p.first = Date(1); },
           [](Co2Programme& p) { p.last = Date(90'000); },
           [](Co2Programme& p) { p.source = "x"; }}) {
    Scheme changed = plain;
    change(changed.co2_programmes[3]);  // shared-half
    EXPECT_THAT(differences(plain, changed), testing::Not(testing::IsEmpty()));
  }
}

TEST(SchemeText, differencesAreTheKeysThatDiffer) {
  const Scheme before = shipped("green_e_2021");
  const Scheme after = shipped("green_e_2026");
  EXPECT_THAT(differences(before, before), testing::IsEmpty());
  std::vector<SchemeDifference> found = differences(before, after);
  std::erase_if(found, [](const SchemeDifference& one) { return one.key.starts_with("rules."); });
  EXPECT_EQ(
      found,
      (std::vector<SchemeDifference>{{.key = "valid_from", .a = "2021-09-16", .b = "2026-01-01"},
                                     {.key = "valid_to", .a = "2025-12-31", .b = ""},
                                     {.key = "transfer.sale_last_day",
                                      .a = "48 months after production_end",
                                      .b = "12 months after production_end"}}));
}

// A person who compares two files must see every rule that the core would follow.
TEST(SchemeText, noChangeIsHidden) {
  const Scheme plain = shipped("ergar_coo");
  const auto is_seen = [&](auto change) {
    Scheme changed = plain;
    change(changed);
    return !differences(plain, changed).empty();
  };
  EXPECT_TRUE(is_seen([](Scheme& s) { s.code = "X"; }));
  EXPECT_TRUE(is_seen([](Scheme& s) { s.name = "X"; }));
  EXPECT_TRUE(is_seen([](Scheme& s) { s.operator_name = "X"; }));
  EXPECT_TRUE(is_seen([](Scheme& s) { s.valid_from = Date(1); }));
  EXPECT_TRUE(is_seen([](Scheme& s) { s.valid_to = Date(90'000); }));
  EXPECT_TRUE(is_seen([](Scheme& s) { s.dimension = Dimension::mass_gco2e; }));
  EXPECT_TRUE(is_seen([](Scheme& s) { s.unit_size = 7; }));
  EXPECT_TRUE(is_seen([](Scheme& s) { s.measure = Measure::net; }));
  EXPECT_TRUE(is_seen([](Scheme& s) { s.deduction_kinds = {"x"}; }));
  EXPECT_TRUE(is_seen([](Scheme& s) { s.production_months_max = 1; }));
  EXPECT_TRUE(is_seen(
      [](Scheme& s) { s.request_deadline = {.basis = ClockBasis::issuance, .months = 1}; }));
  EXPECT_TRUE(is_seen([](Scheme& s) {
    s.request_deadline_supported = {.basis = ClockBasis::issuance, .days = 1};
  }));
  EXPECT_TRUE(is_seen(
      [](Scheme& s) { s.transferable = {.basis = ClockBasis::production_start, .months = 1}; }));
  EXPECT_TRUE(
      is_seen([](Scheme& s) { s.sale = {.basis = ClockBasis::production_start, .months = 1}; }));
  EXPECT_TRUE(is_seen([](Scheme& s) { s.cancellable.end = ClockEnd::year; }));
  EXPECT_TRUE(is_seen([](Scheme& s) { s.carriers = {"heat"}; }));
  EXPECT_TRUE(is_seen([](Scheme& s) { s.countries = {"FR"}; }));
  EXPECT_TRUE(is_seen([](Scheme& s) { s.holders.push_back(ParticipantKind::state); }));
  EXPECT_TRUE(is_seen([](Scheme& s) { s.receivers = {ParticipantKind::state}; }));
  EXPECT_TRUE(is_seen([](Scheme& s) { s.senders = {ParticipantKind::registry}; }));
  EXPECT_TRUE(is_seen(
      [](Scheme& s) { s.recipients = {{.when = {}, .kinds = {ParticipantKind::registry}}}; }));
  EXPECT_TRUE(is_seen([](Scheme& s) { s.purposes = {"x"}; }));
  const ClaimRule rule{.name = "r", .use = "u", .purposes = {"p"}, .source = "s"};
  EXPECT_TRUE(is_seen([&](Scheme& s) { s.claims.push_back(rule); }));
  for (auto change : std::vector<void (*)(ClaimRule&)>{
           [](ClaimRule& r) { r.name = "x"; },
           [](ClaimRule& r) { r.use = "x"; },
           [](ClaimRule& r) { r.purposes = {"x"}; },
           [](ClaimRule& r) { r.first = Date(1); },
           [](ClaimRule& r) { r.last = Date(90'000); },
           [](ClaimRule& r) { r.when = {{.attribute = "a", .any_of = {"x"}}}; },
           [](ClaimRule& r) { r.forbids_double_counting = true; },
           [](ClaimRule& r) { r.text = "x"; },
           [](ClaimRule& r) { r.source = "x"; },
           [](ClaimRule& r) { r.confidence = Confidence::high; }})
    EXPECT_TRUE(is_seen([&](Scheme& s) { change(s.claims.at(0)); }));
  for (auto change : std::vector<void (*)(ClaimBar&)>{
           [](ClaimBar& b) { b.name = "x"; },
           [](ClaimBar& b) { b.uses = {"x"}; },
           [](ClaimBar& b) { b.double_counting = true; },
           [](ClaimBar& b) { b.first = Date(1); },
           [](ClaimBar& b) { b.last = Date(90'000); },
           [](ClaimBar& b) { b.when = {{.attribute = "a", .any_of = {"x"}}}; },
           [](ClaimBar& b) { b.unless = {}; },
           [](ClaimBar& b) { b.text = "x"; },
           [](ClaimBar& b) { b.source = "x"; },
           [](ClaimBar& b) { b.confidence = Confidence::high; }})
    EXPECT_TRUE(is_seen([&](Scheme& s) { change(s.claims_barred.at(0)); }));
  EXPECT_TRUE(is_seen([](Scheme& s) { s.beneficiary_required = !s.beneficiary_required; }));
  EXPECT_TRUE(
      is_seen([](Scheme& s) { s.consumption_period_required = !s.consumption_period_required; }));
  EXPECT_TRUE(is_seen([](Scheme& s) { s.export_allowed = !s.export_allowed; }));
  EXPECT_TRUE(is_seen([](Scheme& s) { s.import_allowed = !s.import_allowed; }));
  EXPECT_TRUE(is_seen([](Scheme& s) { s.serial_format = "{serial}"; }));
  EXPECT_TRUE(is_seen([](Scheme& s) { s.members[0].last = Date(20'000); }));
  EXPECT_TRUE(is_seen([](Scheme& s) { s.members[0].source = "x"; }));
  EXPECT_TRUE(is_seen([](Scheme& s) { s.co2_programmes = {{.name = "p"}}; }));
  EXPECT_TRUE(is_seen([](Scheme& s) { s.device_fields[0].required = false; }));
  EXPECT_TRUE(is_seen([](Scheme& s) { s.device_fields[0].bounds = {1, 2}; }));
  EXPECT_TRUE(is_seen([](Scheme& s) { s.production_fields[0].attribute = "x"; }));
  EXPECT_TRUE(is_seen([](Scheme& s) { s.production_fields[0].source = "x"; }));
  EXPECT_TRUE(is_seen([](Scheme& s) { s.rules[0].confidence = Confidence::medium; }));
  EXPECT_TRUE(is_seen([](Scheme& s) { s.rules.pop_back(); }));
}

}  // namespace
}  // namespace origo::gateway
