#include "engine/eligibility/gas.h"

#include <gtest/gtest.h>

namespace origo {
namespace {

using Rule = EligibilityRule;

struct ClassCase {
  const char* what;
  FuelKind kind;
  bool gaseous;
  std::int64_t emitted_mg_per_mj;
  GasClass gas_class;
  Rule failed;
};
void PrintTo(const ClassCase& c, std::ostream* out) {
  *out << c.what;
}

class GasClassTable : public testing::TestWithParam<ClassCase> {};

TEST_P(GasClassTable, Holds) {
  const ClassCase& c = GetParam();
  const GasVerdict verdict =
      classify_gas(c.kind, c.gaseous, {.e_p_mg_per_mj = c.emitted_mg_per_mj});
  EXPECT_EQ(verdict.gas_class, c.gas_class);
  EXPECT_EQ(verdict.failed, c.failed);
}

INSTANTIATE_TEST_SUITE_P(
    Classes,
    GasClassTable,
    testing::Values(
        ClassCase{"biogas needs no saving",
                  FuelKind::biogas,
                  true,
                  94'000,
                  GasClass::renewable,
                  Rule::none},
        ClassCase{"RFNBO", FuelKind::rfnbo, true, 0, GasClass::renewable, Rule::none},
        ClassCase{"liquid RFNBO", FuelKind::rfnbo, false, 0, GasClass::none, Rule::not_gaseous},
        ClassCase{
            "RCF, exactly 70 %", FuelKind::rcf, true, 28'200, GasClass::low_carbon_gas, Rule::none},
        ClassCase{
            "RCF, less", FuelKind::rcf, true, 28'201, GasClass::none, Rule::saving_below_threshold},
        ClassCase{"hydrogen, exactly 70 %",
                  FuelKind::other_hydrogen,
                  true,
                  28'200,
                  GasClass::low_carbon_hydrogen,
                  Rule::none},
        ClassCase{"hydrogen, less",
                  FuelKind::other_hydrogen,
                  true,
                  28'201,
                  GasClass::none,
                  Rule::saving_below_threshold},
        ClassCase{"gas from it, exactly 70 %",
                  FuelKind::other_synthetic_gas,
                  true,
                  28'200,
                  GasClass::low_carbon_gas,
                  Rule::none},
        ClassCase{"gas from it, less",
                  FuelKind::other_synthetic_gas,
                  true,
                  28'201,
                  GasClass::none,
                  Rule::saving_below_threshold},
        ClassCase{"nonsense", FuelKind::rcf, true, -1, GasClass::none, Rule::amount_out_of_range}));

struct GreenECase {
  const char* what;
  GreenEGas gas;
  Rule failed;
};
void PrintTo(const GreenECase& c, std::ostream* out) {
  *out << c.what;
}

class GreenETable : public testing::TestWithParam<GreenECase> {};

TEST_P(GreenETable, Holds) {
  EXPECT_EQ(judge_green_e(GetParam().gas), GetParam().failed);
}

GreenEGas gas(std::int64_t gas_mg_per_mj, std::int64_t fossil_mg_per_mj) {
  return {.gas_mg_per_mj = gas_mg_per_mj,
          .fossil_gas_mg_per_mj = fossil_mg_per_mj,
          .from_digestion_or_landfill = true,
          .in_canada_or_us = true};
}
GreenEGas but(bool GreenEGas::*condition, bool value) {
  GreenEGas changed = gas(10'000, 56'000);
  changed.*condition = value;
  return changed;
}

INSTANTIATE_TEST_SUITE_P(
    Certification,
    GreenETable,
    testing::Values(
        GreenECase{"exactly 10 % below", gas(50'400, 56'000), Rule::none},
        GreenECase{"a milligram more", gas(50'401, 56'000), Rule::intensity_not_10_below},
        GreenECase{"nine tenths that are not whole are not rounded up",
                   gas(51, 56),
                   Rule::intensity_not_10_below},
        GreenECase{"nor down", gas(50, 56), Rule::none},
        GreenECase{"avoided methane: below zero", gas(-200'000, 56'000), Rule::none},
        GreenECase{"no comparison", gas(10, 0), Rule::amount_out_of_range},
        GreenECase{"too large", gas(1'000'000'001, 56'000), Rule::amount_out_of_range},
        GreenECase{"other feedstock",
                   but(&GreenEGas::from_digestion_or_landfill, false),
                   Rule::feedstock_not_allowed},
        GreenECase{"elsewhere", but(&GreenEGas::in_canada_or_us, false), Rule::place_not_allowed},
        GreenECase{"a duty", but(&GreenEGas::legally_required, true), Rule::legally_required},
        GreenECase{"sold once", but(&GreenEGas::credit_sold, true), Rule::sold_before}));

struct SaleCase {
  const char* injected;
  const char* sold;
  Rule failed;
};
void PrintTo(const SaleCase& c, std::ostream* out) {
  *out << c.injected << " sold " << c.sold;
}

class GreenESaleTable : public testing::TestWithParam<SaleCase> {};

TEST_P(GreenESaleTable, Holds) {
  EXPECT_EQ(judge_green_e_sale(*parse_date(GetParam().injected), *parse_date(GetParam().sold)),
            GetParam().failed);
}

INSTANTIATE_TEST_SUITE_P(
    Vintage,
    GreenESaleTable,
    testing::Values(SaleCase{"2021-06-15", "2025-06-15", Rule::none},
                    SaleCase{"2021-06-15", "2025-06-16", Rule::injected_too_long_before},
                    SaleCase{"2022-06-15", "2025-12-31", Rule::none},
                    SaleCase{"2022-06-15", "2026-01-01", Rule::injected_too_long_before},
                    SaleCase{"2025-01-01", "2026-01-01", Rule::none},
                    SaleCase{"2024-12-31", "2026-01-01", Rule::injected_too_long_before},
                    SaleCase{"2024-02-29", "2025-02-28", Rule::none},
                    SaleCase{"2027-02-28", "2028-02-29", Rule::injected_too_long_before}));

}  // namespace
}  // namespace origo
