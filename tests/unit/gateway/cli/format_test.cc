#include "gateway/cli/base/format.h"

#include <gtest/gtest.h>

#include <limits>

#include "gateway/cli/base/parse.h"
#include "gateway/cli/base/table.h"

namespace origo::gateway {
namespace {

TEST(Format, numbers) {
  EXPECT_EQ(group_digits(0), "0");
  EXPECT_EQ(group_digits(999), "999");
  EXPECT_EQ(group_digits(1234567), "1,234,567");
  EXPECT_EQ(group_digits(-1000), "-1,000");
  EXPECT_EQ(group_digits(std::numeric_limits<std::int64_t>::min()), "-9,223,372,036,854,775,808");
  EXPECT_EQ(format_decimal(1250, 2), "12.50");
  EXPECT_EQ(format_decimal(-5, 2), "-0.05");
  EXPECT_EQ(format_decimal(1250, 0), "1,250");
  EXPECT_EQ(format_cash(123456, "EUR"), "1,234.56 EUR");
  EXPECT_EQ(format_cash(1234, "JPY"), "1,234 JPY");
  EXPECT_EQ(format_price(250, "EUR", 5), "12.50");
  EXPECT_EQ(format_mwh(1'234'567'000'001), "1,234,567.000001 MWh");
  EXPECT_EQ(format_id("acc", 12), "acc-12");
  EXPECT_EQ(format_id("acc", 0), "-");
}

TEST(Format, instants_read_back) {
  for (const char* text :
       {"2023-04-28T08:00:00Z", "1999-12-31T23:59:59Z", "2023-04-28T08:00:00.005Z"}) {
    EXPECT_EQ(format_instant(*parse_instant(text)), text);
  }
}

TEST(Format, cuts_between_characters) {
  EXPECT_EQ(display_width("Île-de-France"), 13u);
  EXPECT_EQ(shorten("Île-de-France", 13), "Île-de-France");
  EXPECT_EQ(shorten("Île-de-France", 2), "Î…");
  EXPECT_EQ(shorten("ab", 0), "");
}

TEST(Table, aligns_by_columns_not_bytes) {
  Table table({{.title = "name"}, {.title = "n", .align = Align::right}, {.title = "x"}});
  table.add({"Évreux", "1", "a"});
  table.add({"b", "1,000"});
  EXPECT_EQ(table.text(),
            "name        n  x\n"
            "Évreux      1  a\n"
            "b       1,000\n");
}

}  // namespace
}  // namespace origo::gateway
