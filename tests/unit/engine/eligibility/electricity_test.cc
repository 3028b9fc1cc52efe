#include "engine/eligibility/electricity.h"

#include <gtest/gtest.h>

#include <functional>

namespace origo {
namespace {

using Rule = EligibilityRule;

Date date(const char* text) {
  return *parse_date(text);
}

// What meets every condition of its case, before a row changes it.
struct Shown {
  ElectricityUse use{.power_plant_start = date("2028-01-01"),
                     .directly_connected = true,
                     .has_agreement = true,
                     .match = TimeMatch::hour,
                     .fuel_zone_cents_per_mwh = 5'000,
                     .allowance_cents_per_t = 8'000,
                     .prices_shown = true,
                     .zone_renewable_ppm = 950'000,
                     .year_hours = 8'760,
                     .fuel_hours = 8'000,
                     .zone_mg_per_mj = 10'000,
                     .redispatch_avoided = true};
  FuelMaking fuel{.plant_start = date("2029-01-01"), .last_day = date("2031-05-31")};
};

struct ElectricityRow {
  const char* what;
  ElectricityCase path;
  std::function<void(Shown&)> change;
  Rule failed;
};
void PrintTo(const ElectricityRow& row, std::ostream* out) {
  *out << row.what;
}

class ElectricityTable : public testing::TestWithParam<ElectricityRow> {};

TEST_P(ElectricityTable, Holds) {
  Shown shown;
  shown.use.path = GetParam().path;
  GetParam().change(shown);
  EXPECT_EQ(judge_electricity(shown.use, shown.fuel), GetParam().failed);
}

constexpr ElectricityCase kDirect = ElectricityCase::direct_line;
constexpr ElectricityCase kAgreement = ElectricityCase::agreement;
constexpr ElectricityCase kZone90 = ElectricityCase::renewable_zone;
constexpr ElectricityCase kZone18 = ElectricityCase::low_carbon_zone;
constexpr ElectricityCase kRedispatch = ElectricityCase::redispatch;

void nothing(Shown&) {}

INSTANTIATE_TEST_SUITE_P(
    DirectLine,
    ElectricityTable,
    testing::Values(ElectricityRow{"all met", kDirect, nothing, Rule::none},
                    ElectricityRow{"exactly 36 months before",
                                   kDirect,
                                   [](Shown& s) { s.use.power_plant_start = date("2026-01-01"); },
                                   Rule::none},
                    ElectricityRow{"36 months and a day",
                                   kDirect,
                                   [](Shown& s) { s.use.power_plant_start = date("2025-12-31"); },
                                   Rule::plant_too_old},
                    ElectricityRow{"leap day and 36 months end on 28 February",
                                   kDirect,
                                   [](Shown& s) {
                                     s.use.power_plant_start = date("2028-02-29");
                                     s.fuel.plant_start = date("2031-03-01");
                                   },
                                   Rule::plant_too_old},
                    ElectricityRow{"power after the fuel plant",
                                   kDirect,
                                   [](Shown& s) { s.use.power_plant_start = date("2030-01-01"); },
                                   Rule::none},
                    ElectricityRow{"no waiver here",
                                   kDirect,
                                   [](Shown& s) {
                                     s.fuel.plant_start = date("2026-12-31");
                                     s.use.power_plant_start = date("2010-01-01");
                                   },
                                   Rule::plant_too_old},
                    ElectricityRow{"not connected",
                                   kDirect,
                                   [](Shown& s) { s.use.directly_connected = false; },
                                   Rule::not_connected},
                    ElectricityRow{"grid import",
                                   kDirect,
                                   [](Shown& s) { s.use.grid_import_used = true; },
                                   Rule::grid_import_used},
                    ElectricityRow{"aid does not matter",
                                   kDirect,
                                   [](Shown& s) { s.use.aid_received = true; },
                                   Rule::none}));

void old_and_aided(Shown& s) {
  s.use.power_plant_start = date("2010-01-01");
  s.use.aid_received = true;
}

INSTANTIATE_TEST_SUITE_P(
    AgreementPlants,
    ElectricityTable,
    testing::Values(
        ElectricityRow{"all met", kAgreement, nothing, Rule::none},
        ElectricityRow{"no agreement",
                       kAgreement,
                       [](Shown& s) { s.use.has_agreement = false; },
                       Rule::agreement_missing},
        ElectricityRow{"exactly 36 months before",
                       kAgreement,
                       [](Shown& s) { s.use.power_plant_start = date("2026-01-01"); },
                       Rule::none},
        ElectricityRow{"36 months and a day",
                       kAgreement,
                       [](Shown& s) { s.use.power_plant_start = date("2025-12-31"); },
                       Rule::plant_too_old},
        ElectricityRow{
            "aid", kAgreement, [](Shown& s) { s.use.aid_received = true; }, Rule::aid_received},
        ElectricityRow{"waived: the fuel plant ran on the last day of 2026, to the end of 2037",
                       kAgreement,
                       [](Shown& s) {
                         old_and_aided(s);
                         s.fuel = {.plant_start = date("2026-12-31"),
                                   .last_day = date("2037-12-31")};
                       },
                       Rule::none},
        ElectricityRow{"the waiver has ended",
                       kAgreement,
                       [](Shown& s) {
                         old_and_aided(s);
                         s.fuel = {.plant_start = date("2026-12-31"),
                                   .last_day = date("2038-01-01")};
                       },
                       Rule::plant_too_old},
        ElectricityRow{"the waiver has ended for aid, too",
                       kAgreement,
                       [](Shown& s) {
                         s.use.power_plant_start = date("2026-01-01");
                         s.use.aid_received = true;
                         s.fuel = {.plant_start = date("2026-12-31"),
                                   .last_day = date("2038-01-01")};
                       },
                       Rule::aid_received},
        ElectricityRow{"a fuel plant of 2027 has no waiver",
                       kAgreement,
                       [](Shown& s) {
                         old_and_aided(s);
                         s.fuel = {.plant_start = date("2027-01-01"),
                                   .last_day = date("2030-01-31")};
                       },
                       Rule::plant_too_old}));

void adjoining(Shown& s, std::int64_t power_zone_cents) {
  s.use.zone = ZoneRelation::adjoining;
  s.use.power_zone_cents_per_mwh = power_zone_cents;
}
void unmatched(Shown& s, std::int64_t price_cents) {
  s.use.match = TimeMatch::none;
  s.use.fuel_zone_cents_per_mwh = price_cents;
}

INSTANTIATE_TEST_SUITE_P(
    PlaceAndTime,
    ElectricityTable,
    testing::Values(ElectricityRow{"adjoining, equal price",
                                   kAgreement,
                                   [](Shown& s) { adjoining(s, 5'000); },
                                   Rule::none},
                    ElectricityRow{"adjoining, higher",
                                   kAgreement,
                                   [](Shown& s) { adjoining(s, 5'001); },
                                   Rule::none},
                    ElectricityRow{"adjoining, a cent lower",
                                   kAgreement,
                                   [](Shown& s) { adjoining(s, 4'999); },
                                   Rule::zone_cheaper},
                    ElectricityRow{"adjoining, prices not shown",
                                   kAgreement,
                                   [](Shown& s) {
                                     adjoining(s, 5'001);
                                     s.use.prices_shown = false;
                                   },
                                   Rule::zone_cheaper},
                    ElectricityRow{"offshore, at any price",
                                   kAgreement,
                                   [](Shown& s) {
                                     adjoining(s, 1);
                                     s.use.zone = ZoneRelation::adjoining_offshore;
                                   },
                                   Rule::none},
                    ElectricityRow{"elsewhere",
                                   kAgreement,
                                   [](Shown& s) { s.use.zone = ZoneRelation::other; },
                                   Rule::zone_not_allowed},
                    ElectricityRow{"by month, the last of 2029",
                                   kAgreement,
                                   [](Shown& s) {
                                     s.use.match = TimeMatch::month;
                                     s.fuel.last_day = date("2029-12-31");
                                   },
                                   Rule::none},
                    ElectricityRow{"by month, the first of 2030",
                                   kAgreement,
                                   [](Shown& s) {
                                     s.use.match = TimeMatch::month;
                                     s.fuel.last_day = date("2030-01-01");
                                   },
                                   Rule::not_matched_in_time},
                    ElectricityRow{"stored in that hour",
                                   kAgreement,
                                   [](Shown& s) { s.use.match = TimeMatch::stored_hour; },
                                   Rule::none},
                    ElectricityRow{"not matched, at 50 EUR",
                                   kAgreement,
                                   [](Shown& s) { unmatched(s, 5'000); },
                                   Rule::not_matched_in_time},
                    ElectricityRow{"a cent under 20 EUR",
                                   kAgreement,
                                   [](Shown& s) {
                                     unmatched(s, 1'999);
                                     s.use.allowance_cents_per_t = 0;
                                   },
                                   Rule::none},
                    ElectricityRow{"20 EUR, no allowance price",
                                   kAgreement,
                                   [](Shown& s) {
                                     unmatched(s, 2'000);
                                     s.use.allowance_cents_per_t = 0;
                                   },
                                   Rule::not_matched_in_time},
                    ElectricityRow{"below zero, though not shown",
                                   kAgreement,
                                   [](Shown& s) {
                                     unmatched(s, -100);
                                     s.use.prices_shown = false;
                                   },
                                   Rule::not_matched_in_time},
                    ElectricityRow{"a cent under 0.36 of an allowance at 80 EUR",
                                   kAgreement,
                                   [](Shown& s) { unmatched(s, 2'879); },
                                   Rule::none},
                    ElectricityRow{"0.36 of an allowance at 80 EUR",
                                   kAgreement,
                                   [](Shown& s) { unmatched(s, 2'880); },
                                   Rule::not_matched_in_time}));

INSTANTIATE_TEST_SUITE_P(
    Zones,
    ElectricityTable,
    testing::Values(ElectricityRow{"above 90 %",
                                   kZone90,
                                   [](Shown& s) {
                                     s.use.zone_renewable_ppm = 900'001;
                                     s.use.fuel_hours = 7'884;
                                   },
                                   Rule::none},
                    ElectricityRow{"90 % exactly",
                                   kZone90,
                                   [](Shown& s) { s.use.zone_renewable_ppm = 900'000; },
                                   Rule::share_not_above_90},
                    ElectricityRow{"hours of the year times the share: 8,322 exactly",
                                   kZone90,
                                   [](Shown& s) { s.use.fuel_hours = 8'322; },
                                   Rule::none},
                    ElectricityRow{"an hour more",
                                   kZone90,
                                   [](Shown& s) { s.use.fuel_hours = 8'323; },
                                   Rule::too_many_fuel_hours},
                    ElectricityRow{"no agreement asked for",
                                   kZone90,
                                   [](Shown& s) { s.use.has_agreement = false; },
                                   Rule::none},
                    ElectricityRow{"under 18 g",
                                   kZone18,
                                   [](Shown& s) { s.use.zone_mg_per_mj = 17'999; },
                                   Rule::none},
                    ElectricityRow{"18 g exactly",
                                   kZone18,
                                   [](Shown& s) { s.use.zone_mg_per_mj = 18'000; },
                                   Rule::zone_not_below_18},
                    ElectricityRow{"age and aid do not matter", kZone18, old_and_aided, Rule::none},
                    ElectricityRow{"no agreement",
                                   kZone18,
                                   [](Shown& s) { s.use.has_agreement = false; },
                                   Rule::agreement_missing},
                    ElectricityRow{"place as for an agreement",
                                   kZone18,
                                   [](Shown& s) { s.use.zone = ZoneRelation::other; },
                                   Rule::zone_not_allowed},
                    ElectricityRow{"time as for an agreement",
                                   kZone18,
                                   [](Shown& s) { unmatched(s, 5'000); },
                                   Rule::not_matched_in_time},
                    ElectricityRow{"redispatch", kRedispatch, nothing, Rule::none},
                    ElectricityRow{"redispatch, not shown",
                                   kRedispatch,
                                   [](Shown& s) { s.use.redispatch_avoided = false; },
                                   Rule::redispatch_not_shown}));

INSTANTIATE_TEST_SUITE_P(
    Ranges,
    ElectricityTable,
    testing::Values(ElectricityRow{"more hours than a leap year has",
                                   kZone90,
                                   [](Shown& s) { s.use.year_hours = 8'785; },
                                   Rule::amount_out_of_range},
                    ElectricityRow{"a share above 1",
                                   kZone90,
                                   [](Shown& s) { s.use.zone_renewable_ppm = 1'000'001; },
                                   Rule::amount_out_of_range},
                    ElectricityRow{"a negative allowance price",
                                   kDirect,
                                   [](Shown& s) { s.use.allowance_cents_per_t = -1; },
                                   Rule::amount_out_of_range},
                    ElectricityRow{"a negative intensity",
                                   kZone18,
                                   [](Shown& s) { s.use.zone_mg_per_mj = -1; },
                                   Rule::amount_out_of_range}));

}  // namespace
}  // namespace origo
