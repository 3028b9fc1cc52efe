#include "gateway/cli/base/parse.h"

#include <gtest/gtest.h>

#include "gateway/cli/base/format.h"

namespace origo::gateway {
namespace {

TEST(ParseCount, takes_digits_and_groups_only) {
  EXPECT_EQ(parse_count("0"), 0u);
  EXPECT_EQ(parse_count("12,500"), 12500u);
  EXPECT_EQ(parse_count("12_500"), 12500u);
  EXPECT_EQ(parse_count("9223372036854775807"), 9223372036854775807u);
  for (const char* bad :
       {"", "-1", "+1", "1.0", "1,", ",1", "1,,0", " 1", "0x1", "9223372036854775808"}) {
    EXPECT_EQ(parse_count(bad), std::nullopt) << bad;
  }
}

TEST(ParseId, takes_the_prefix_or_the_bare_number) {
  EXPECT_EQ(parse_id("acc-12", "acc"), 12u);
  EXPECT_EQ(parse_id("12", "acc"), 12u);
  for (const char* bad :
       {"", "acc-", "acc", "acc-0", "0", "lot-12", "acc12", "acc--12", "ACC-12", "acc-1x"}) {
    EXPECT_EQ(parse_id(bad, "acc"), std::nullopt) << bad;
  }
}

TEST(ParseDecimal, is_exact_or_nothing) {
  EXPECT_EQ(parse_decimal("12.5", 2), 1250);
  EXPECT_EQ(parse_decimal("12.50", 2), 1250);
  EXPECT_EQ(parse_decimal("12.500", 2), 1250);
  EXPECT_EQ(parse_decimal("-0.01", 2), -1);
  EXPECT_EQ(parse_decimal("7", 0), 7);
  EXPECT_EQ(parse_decimal("7.0", 0), 7);
  EXPECT_EQ(parse_decimal("92233720368547758.07", 2), 9223372036854775807);
  for (const char* bad :
       {"", ".", "1.", ".5", "12.505", "1.2.3", "1e3", "--1", "1 ", "92233720368547758.08"}) {
    EXPECT_EQ(parse_decimal(bad, 2), std::nullopt) << bad;
  }
}

TEST(ParsePrice, counts_ticks_of_the_instrument) {
  EXPECT_EQ(parse_price("12.50", "EUR", 1), 1250);
  EXPECT_EQ(parse_price("12.50", "EUR", 5), 250);
  EXPECT_EQ(parse_price("1250", "JPY", 10), 125);
  EXPECT_EQ(parse_price("1.250", "KWD", 1), 1250);
  EXPECT_EQ(parse_price("12.52", "EUR", 5), std::nullopt);
  EXPECT_EQ(parse_price("12.5", "JPY", 1), std::nullopt);
  EXPECT_EQ(parse_price("12.5", "EUR", 0), std::nullopt);
}

TEST(ParsePrice, reads_back_what_it_prints) {
  for (const std::int64_t ticks : {1, 99, 100, 1250, 123456}) {
    EXPECT_EQ(parse_price(format_decimal(ticks * 5, 2).substr(0, 20), "EUR", 5),
              ticks * 5 < 100'000 ? std::optional(ticks) : std::nullopt)
        << ticks;  // groups are for people only
  }
}

TEST(ParseInstant, takes_utc_only) {
  EXPECT_EQ(parse_instant("1970-01-02"), Instant(kDayNs));
  EXPECT_EQ(parse_instant("1970-01-02T00:00:01Z"), Instant(kDayNs + 1'000'000'000));
  EXPECT_EQ(parse_instant("1970-01-02T00:00:00.5Z"), Instant(kDayNs + 500'000'000));
  EXPECT_EQ(parse_instant("1970-01-02T00:00:00.000000001Z"), Instant(kDayNs + 1));
  for (const char* bad : {"",
                          "2023-02-29",
                          "2023-04-28T08:00:00",
                          "2023-04-28T08:00:00+01:00",
                          "2023-04-28T24:00:00Z",
                          "2023-04-28T08:60:00Z",
                          "2023-04-28T08:00:61Z",
                          "2023-04-28 08:00:00Z",
                          "2023-04-28T08:00:00.Z",
                          "2023-04-28T08:00:00.0000000001Z",
                          "2023-04-28T0a:00:00Z"}) {
    EXPECT_EQ(parse_instant(bad), std::nullopt) << bad;
  }
}

TEST(ParsePeriod, takes_a_month_a_day_or_two_ends) {
  const Period november{.first = *make_date(2022, 11, 1), .last = *make_date(2022, 11, 30)};
  EXPECT_EQ(parse_period("2022-11"), november);
  EXPECT_EQ(parse_period("2022-11-01..2022-11-30"), november);
  EXPECT_EQ(parse_period("2022-11-01"), (Period{.first = november.first, .last = november.first}));
  for (const char* bad :
       {"", "2022", "2022-13", "2022-11-30..2022-11-01", "2022-11-01..", "..2022-11-01"}) {
    EXPECT_EQ(parse_period(bad), std::nullopt) << bad;
  }
}

TEST(ParseKeyValue, splits_at_the_first_sign) {
  EXPECT_EQ(parse_key_value("a=b=c")->value, "b=c");
  EXPECT_EQ(parse_key_value("a=")->value, "");
  EXPECT_FALSE(parse_key_value("=b"));
  EXPECT_FALSE(parse_key_value("a"));
}

TEST(ParseClause, tells_words_from_ranges) {
  const auto words = parse_clause("device_type=landfill|industrial");
  ASSERT_TRUE(words);
  EXPECT_EQ(words->attribute, "device_type");
  EXPECT_EQ(words->any_of, (std::vector<std::string>{"landfill", "industrial"}));
  const auto years = parse_clause("vintage:2022..2023");
  ASSERT_TRUE(years);
  EXPECT_TRUE(years->any_of.empty());
  EXPECT_EQ(years->min, 2022);
  EXPECT_EQ(years->max, 2023);
  EXPECT_EQ(parse_clause("production_end:1970-01-02")->min, 1);
  EXPECT_EQ(parse_clause("supported:false")->max, 0);
  for (const char* bad : {"", "a", "a=", "=b", "a:", "a:x", "a:2..1", "a=b|", "a=|b", "a:1.."}) {
    EXPECT_FALSE(parse_clause(bad)) << bad;
  }
}

TEST(ParseTier, reads_volume_and_rates) {
  const auto tier = parse_tier("1000.5MWh:maker=-5,taker=30,taker-per-contract=2");
  ASSERT_TRUE(tier);
  EXPECT_EQ(tier->volume_from, 1'000'500'000);
  EXPECT_EQ(tier->fees.maker.rate_ppm, -5);
  EXPECT_EQ(tier->fees.maker.per_contract, Cash(0));
  EXPECT_EQ(tier->fees.taker.rate_ppm, 30);
  EXPECT_EQ(tier->fees.taker.per_contract, Cash(2));
  EXPECT_EQ(parse_tier("250t:taker=20")->volume_from, 250'000'000);
  EXPECT_EQ(parse_tier("250:maker-per-contract=-1")->fees.maker.per_contract, Cash(-1));
  for (const char* bad : {"",
                          "1",
                          "1:",
                          "1:maker",
                          "1:maker=",
                          "1:maker=x",
                          "1:maker=1,",
                          ":maker=1",
                          "0:maker=1",
                          "-1:maker=1",
                          "1kWh:maker=1",
                          "1:fee=1",
                          "1:maker=1;taker=2",
                          "1:taker=99999999999"}) {
    EXPECT_FALSE(parse_tier(bad)) << bad;
  }
}

}  // namespace
}  // namespace origo::gateway
