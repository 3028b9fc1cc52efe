#include "engine/eligibility/fuel.h"

#include <gtest/gtest.h>

namespace origo {
namespace {

using Rule = EligibilityRule;

const FuelMaking kMaking{.plant_start = *parse_date("2026-01-01"),
                         .last_day = *parse_date("2026-05-31")};

ElectricityUse from_line(const char* start) {
  return {.path = ElectricityCase::direct_line,
          .power_plant_start = *parse_date(start),
          .directly_connected = true};
}

FuelEvidence methane_of_air() {
  FuelEvidence evidence{.kind = FuelKind::rfnbo,
                        .emissions = {.e_i_elastic_mg_per_mj = 8'000, .e_u_mg_per_mj = 55'000}};
  evidence.co2 = {{.origin = {.source = Co2Source::air}, .deducted_mg_per_mj = 55'000}};
  evidence.electricity = {from_line("2024-06-01")};
  return evidence;
}

TEST(Fuel, CapturedCo2ThatQualifiesIsDeducted) {
  const FuelVerdict verdict = judge_fuel(methane_of_air(), kMaking);
  EXPECT_EQ(verdict.total_mg_per_mj, 8'000);
  EXPECT_EQ(verdict.saving_ppm, 914'893);
  EXPECT_EQ(verdict.saving, Rule::none);
  EXPECT_EQ(verdict.rfnbo, Rule::none);
  EXPECT_EQ(verdict.gas_class, GasClass::renewable);
}

TEST(Fuel, Co2ThatDoesNotIsNot) {
  FuelEvidence evidence = methane_of_air();
  evidence.co2 = {{.origin = {.source = Co2Source::air}, .deducted_mg_per_mj = 30'000},
                  {.origin = {.source = Co2Source::ets_other}, .deducted_mg_per_mj = 25'000}};
  const FuelVerdict verdict = judge_fuel(evidence, kMaking);
  EXPECT_EQ(verdict.total_mg_per_mj, 33'000);
  EXPECT_EQ(verdict.co2, (std::vector{Rule::none, Rule::co2_not_priced}));
  EXPECT_EQ(verdict.saving, Rule::saving_below_threshold);
  EXPECT_EQ(verdict.rfnbo, Rule::saving_below_threshold);
  EXPECT_EQ(verdict.gas_class, GasClass::renewable) << "the class asks for the electricity alone";
}

TEST(Fuel, OneSourceOfElectricityThatFailsIsEnough) {
  FuelEvidence evidence = methane_of_air();
  evidence.electricity.push_back(from_line("2022-12-31"));
  const FuelVerdict verdict = judge_fuel(evidence, kMaking);
  EXPECT_EQ(verdict.electricity, (std::vector{Rule::none, Rule::plant_too_old}));
  EXPECT_EQ(verdict.rfnbo, Rule::plant_too_old);
  EXPECT_EQ(verdict.gas_class, GasClass::none);
  EXPECT_EQ(verdict.gas, Rule::plant_too_old);
  evidence.electricity.clear();
  EXPECT_EQ(judge_fuel(evidence, kMaking).rfnbo, Rule::electricity_missing);
}

TEST(Fuel, LimitsAreJudgedBefore) {
  EXPECT_TRUE(is_sound(methane_of_air()));
  FuelEvidence evidence = methane_of_air();
  evidence.co2.front().deducted_mg_per_mj = kIntensityMaxMgPerMj;
  EXPECT_TRUE(is_sound(evidence));
  evidence.co2.front().deducted_mg_per_mj = kIntensityMaxMgPerMj + 1;
  EXPECT_FALSE(is_sound(evidence));
  evidence = methane_of_air();
  evidence.electricity.resize(kFuelSourcesMax + 1);
  EXPECT_FALSE(is_sound(evidence));
  evidence = methane_of_air();
  evidence.green_e = {GreenEGas{.fossil_gas_mg_per_mj = 1}, GreenEGas{.fossil_gas_mg_per_mj = 1}};
  EXPECT_FALSE(is_sound(evidence));
  evidence.green_e.pop_back();
  EXPECT_TRUE(is_sound(evidence));
  evidence.electricity.front().year_hours = -1;
  EXPECT_FALSE(is_sound(evidence));
}

TEST(Fuel, TheLargestDeductionsAreCounted) {
  FuelEvidence evidence = methane_of_air();
  evidence.emissions.e_ex_use_mg_per_mj = kIntensityMaxMgPerMj;
  evidence.co2.resize(
      kFuelSourcesMax,
      {.origin = {.source = Co2Source::air}, .deducted_mg_per_mj = kIntensityMaxMgPerMj});
  EXPECT_EQ(judge_fuel(evidence, kMaking).total_mg_per_mj, 63'000 - kIntensityMaxMgPerMj);
}

}  // namespace
}  // namespace origo
