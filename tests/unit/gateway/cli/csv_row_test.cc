#include "gateway/cli/base/csv_row.h"

#include <gtest/gtest.h>

namespace origo::gateway {
namespace {

TEST(CsvRow, QuotesWhatNeedsIt) {
  EXPECT_EQ(csv_row({"a", "", "b c"}), "a,,b c");
  EXPECT_EQ(csv_row({"a,b", "say \"so\"", "two\nlines"}),
            "\"a,b\",\"say \"\"so\"\"\",\"two\nlines\"");
  EXPECT_EQ(csv_row({}), "");
}

TEST(CsvRow, IsNoFormula) {
  EXPECT_EQ(csv_row({"=1+1", "+2", "-3", "@sum", "a=b"}), "'=1+1,'+2,'-3,'@sum,a=b");
  EXPECT_EQ(csv_row({"=a,b"}), "\"'=a,b\"");
}

}  // namespace
}  // namespace origo::gateway
