#include "engine/registry/captured_co2.h"

#include <gtest/gtest.h>

#include <limits>

// How much captured CO2 is in what, and what the capturer gives up.
namespace origo {
namespace {

struct GivenUp {
  Co2Counting counting;
  std::uint32_t user_share_ppm;
  bool compensates;
  std::int64_t captured;  // g
  std::int64_t given_up;  // g
};

TEST(CapturedCo2, whatTheCapturerGivesUpIsRoundedUp) {
  for (const GivenUp& row :
       std::vector<GivenUp>{{Co2Counting::capturer_reports, 0, true, 1'980'500, 1'980'500},
                            {Co2Counting::capturer_reports, 0, false, 1'980'500, 0},
                            {Co2Counting::capturer_reports, 0, true, kSupplyMax, kSupplyMax},
                            {Co2Counting::user_reports, kWholePpm, false, 1'980'500, 0},
                            {Co2Counting::neither, 0, false, 1'980'500, 0},
                            {Co2Counting::shared, 500'000, true, 2, 1},
                            {Co2Counting::shared, 500'000, true, 3, 2},
                            {Co2Counting::shared, 1, true, 1, 1},
                            {Co2Counting::shared, 999'999, true, 1, 1},
                            {Co2Counting::shared, 999'999, true, 1'000'000, 1},
                            {Co2Counting::shared, 999'999, true, 1'000'001, 2},
                            {Co2Counting::shared, 300'000, true, 1'000'000, 700'000},
                            {Co2Counting::shared, 300'000, true, 0, 0}}) {
    Declaration declaration;
    declaration.co2 = {
        {.programme = {.counting = row.counting, .user_share_ppm = row.user_share_ppm},
         .captured = Measured(row.captured)}};
    if (row.compensates) declaration.co2.front().programme.capture_schemes = {"C"};
    EXPECT_EQ(co2_given_up(declaration), row.given_up)
        << static_cast<int>(row.counting) << " " << row.user_share_ppm << " of " << row.captured;
  }
  EXPECT_EQ(co2_given_up(Declaration()), 0);
}

TEST(CapturedCo2, unitsHoldTheirPartRoundedDown) {
  Lot fuel;
  fuel.issued = Units(3);
  fuel.co2 = Measured(1'000);
  EXPECT_TRUE(co2_in(fuel, Units(1)) == 333);
  EXPECT_TRUE(co2_in(fuel, Units(2)) == 666);
  EXPECT_TRUE(co2_in(fuel, Units(3)) == 1'000);
  fuel.issued = Units(kSupplyMax);
  fuel.co2 = Measured(kSupplyMax);
  EXPECT_TRUE(co2_in(fuel, Units(kSupplyMax - 1)) == kSupplyMax - 1);
  Lot captured;
  captured.dimension = Dimension::mass_gco2e;
  captured.unit_size = 1'000;
  captured.issued = Units(5);
  EXPECT_TRUE(co2_in(captured, Units(5)) == 5'000);
}

// Each source of the eligibility table with its words and its flags.
TEST(CapturedCo2, certificatesSayWhatTheEligibilityTableAsks) {
  Vocabulary vocabulary;
  const auto define = [&](const char* name, AttributeKind kind) {
    return *vocabulary.define({.name = name, .kind = kind});
  };
  const AttributeId source = define(kCo2Source, AttributeKind::symbol);
  const AttributeId priced = define("co2_priced", AttributeKind::flag);
  const AttributeId met = define("co2_criteria_met", AttributeKind::flag);
  const AttributeId released = define("co2_released_naturally", AttributeKind::flag);
  const AttributeId credited = define("co2_credited", AttributeKind::flag);
  const AttributeId burnt = define("co2_burnt_for_itself", AttributeKind::flag);
  const Date day = *make_date(2030, 1, 1);
  struct Row {
    Co2Source source;
    const char* word;
    AttributeId flag;  // what it needs; unset: nothing
  };
  for (const Row& row : std::vector<Row>{{Co2Source::ets_power, "ets_power", priced},
                                         {Co2Source::ets_other, "ets_other", priced},
                                         {Co2Source::biogenic, "biogenic", met},
                                         {Co2Source::air, "air", AttributeId()},
                                         {Co2Source::geological, "geological", released},
                                         {Co2Source::recycled, "recycled", met}}) {
    const AttributeValues word = {{source, vocabulary.intern(row.word).value()}};
    const auto eligible = [&](const std::vector<AttributeId>& flags) {
      AttributeValues values = word;
      for (const AttributeId flag : flags) values.push_back({flag, 1});
      const std::vector<CapturedCo2> all = captured_co2(vocabulary, values);
      EXPECT_EQ(all.size(), 1U);
      EXPECT_EQ(all.front().source, row.source);
      return judge_co2(all.front(), day) == EligibilityRule::none;
    };
    EXPECT_EQ(eligible({}), !row.flag.is_set()) << row.word;
    if (row.flag.is_set()) {
      EXPECT_TRUE(eligible({row.flag})) << row.word;
    }
    EXPECT_FALSE(eligible({priced, met, released, credited})) << row.word;
    EXPECT_FALSE(eligible({priced, met, released, burnt})) << row.word;
  }
  EXPECT_TRUE(captured_co2(vocabulary, {}).empty());
}

}  // namespace
}  // namespace origo
