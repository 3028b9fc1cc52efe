#include "engine/eligibility/emissions.h"

#include <gtest/gtest.h>

namespace origo {
namespace {

using Rule = EligibilityRule;

struct EmissionsCase {
  const char* what;
  FuelEmissions terms;
  std::int64_t total;
  std::int64_t saving_ppm;
  Rule failed;
};
void PrintTo(const EmissionsCase& c, std::ostream* out) {
  *out << c.what;
}

class EmissionsTable : public testing::TestWithParam<EmissionsCase> {};

TEST_P(EmissionsTable, Holds) {
  const EmissionsCase& c = GetParam();
  const EmissionsVerdict verdict = judge_emissions(c.terms);
  EXPECT_EQ(verdict.total_mg_per_mj, c.total);
  EXPECT_EQ(verdict.saving_ppm, c.saving_ppm);
  EXPECT_EQ(verdict.failed, c.failed);
}

constexpr std::int64_t kTop = kIntensityMaxMgPerMj;

INSTANTIATE_TEST_SUITE_P(
    Formula,
    EmissionsTable,
    testing::Values(
        EmissionsCase{"nothing is emitted", {}, 0, 1'000'000, Rule::none},
        EmissionsCase{"exactly 70 % below", {.e_p_mg_per_mj = 28'200}, 28'200, 700'000, Rule::none},
        EmissionsCase{"a milligram more; the rounded saving is 69.9989 %",
                      {.e_p_mg_per_mj = 28'201},
                      28'201,
                      699'989,
                      Rule::saving_below_threshold},
        EmissionsCase{"as the comparator",
                      {.e_u_mg_per_mj = 94'000},
                      94'000,
                      0,
                      Rule::saving_below_threshold},
        EmissionsCase{"above it: the saving is negative, rounded down",
                      {.e_u_mg_per_mj = 94'001},
                      94'001,
                      -11,
                      Rule::saving_below_threshold},
        EmissionsCase{"each term has its sign",
                      {.e_i_elastic_mg_per_mj = 1'000'000,
                       .e_i_rigid_mg_per_mj = 200'000,
                       .e_ex_use_mg_per_mj = 1'190'000,
                       .e_p_mg_per_mj = 3'000,
                       .e_td_mg_per_mj = 400,
                       .e_u_mg_per_mj = 50,
                       .e_ccs_mg_per_mj = 6},
                      13'444,
                      856'978,
                      Rule::none},
        EmissionsCase{"methane from captured CO2 of the air: burnt as it was taken",
                      {.e_i_elastic_mg_per_mj = 8'000,
                       .e_ex_use_mg_per_mj = 55'000,
                       .e_p_mg_per_mj = 4'000,
                       .e_td_mg_per_mj = 1'200,
                       .e_u_mg_per_mj = 55'000},
                      13'200,
                      859'574,
                      Rule::none},
        EmissionsCase{"more is stored than emitted",
                      {.e_ccs_mg_per_mj = 47'000},
                      -47'000,
                      1'500'000,
                      Rule::none},
        EmissionsCase{"largest terms",
                      {kTop, kTop, 0, kTop, kTop, kTop, 0},
                      5 * kTop,
                      -53'190'489'362,
                      Rule::saving_below_threshold},
        EmissionsCase{"a negative term", {.e_td_mg_per_mj = -1}, 0, 0, Rule::amount_out_of_range},
        EmissionsCase{
            "a term too large", {.e_ccs_mg_per_mj = kTop + 1}, 0, 0, Rule::amount_out_of_range}));

struct Co2Case {
  const char* what;
  CapturedCo2 co2;
  const char* built_in;
  Rule failed;
};
void PrintTo(const Co2Case& c, std::ostream* out) {
  *out << c.what;
}

class Co2Table : public testing::TestWithParam<Co2Case> {};

TEST_P(Co2Table, Holds) {
  const Co2Case& c = GetParam();
  EXPECT_EQ(judge_co2(c.co2, *parse_date(c.built_in)), c.failed);
}

CapturedCo2 priced(Co2Source source) {
  return {.source = source, .carbon_priced = true};
}

INSTANTIATE_TEST_SUITE_P(
    Sources,
    Co2Table,
    testing::Values(
        Co2Case{"power plant, last day", priced(Co2Source::ets_power), "2035-12-31", Rule::none},
        Co2Case{"power plant, the day after",
                priced(Co2Source::ets_power),
                "2036-01-01",
                Rule::co2_too_late},
        Co2Case{"power plant, not priced",
                {.source = Co2Source::ets_power},
                "2026-01-01",
                Rule::co2_not_priced},
        Co2Case{"cement, last day", priced(Co2Source::ets_other), "2040-12-31", Rule::none},
        Co2Case{"cement, the day after",
                priced(Co2Source::ets_other),
                "2041-01-01",
                Rule::co2_too_late},
        Co2Case{"cement, not priced",
                {.source = Co2Source::ets_other},
                "2026-01-01",
                Rule::co2_not_priced},
        Co2Case{"biogenic, criteria met",
                {.source = Co2Source::biogenic, .criteria_met = true},
                "2060-01-01",
                Rule::none},
        Co2Case{"biogenic, criteria not met",
                {.source = Co2Source::biogenic},
                "2026-01-01",
                Rule::co2_criteria_not_met},
        Co2Case{"biogenic, credited already",
                {.source = Co2Source::biogenic, .criteria_met = true, .credited = true},
                "2026-01-01",
                Rule::co2_credited},
        Co2Case{"air, without end", {.source = Co2Source::air}, "2099-01-01", Rule::none},
        Co2Case{"geological, released before",
                {.source = Co2Source::geological, .released_naturally_before = true},
                "2050-01-01",
                Rule::none},
        Co2Case{"geological, opened up",
                {.source = Co2Source::geological},
                "2026-01-01",
                Rule::co2_not_released_before},
        Co2Case{"recycled, of a fuel that met the threshold",
                {.source = Co2Source::recycled, .criteria_met = true},
                "2045-01-01",
                Rule::none},
        Co2Case{"recycled, of another",
                {.source = Co2Source::recycled},
                "2026-01-01",
                Rule::co2_criteria_not_met},
        Co2Case{"burnt to make it",
                {.source = Co2Source::ets_other, .carbon_priced = true, .burnt_for_itself = true},
                "2026-01-01",
                Rule::co2_burnt_for_itself}));

}  // namespace
}  // namespace origo
