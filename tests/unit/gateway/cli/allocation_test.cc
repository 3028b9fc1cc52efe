#include "gateway/cli/base/allocation.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

namespace origo::gateway {
namespace {

std::string read(const char* path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

Measured sum(const std::vector<Measured>& shares) {
  Measured total;
  for (const Measured share : shares) total += share;
  return total;
}

TEST(DivideByWeight, gives_what_is_left_to_the_largest_remainders) {
  struct Case {
    std::int64_t total;
    std::vector<std::int64_t> weights;
    std::vector<std::int64_t> shares;
  };
  const Case cases[] = {
      {10, {1, 1, 1}, {4, 3, 3}},  // equal remainders: the earlier first
      {10, {1, 2, 3}, {2, 3, 5}},  // 1.67 3.33 5.00
      {7, {0, 5, 0}, {0, 7, 0}},
      {0, {1, 2}, {0, 0}},
      {1, {1, 1, 2}, {0, 0, 1}},
      {700'000'000'000'000, {40'000'000'000 * 31, 1}, {699'999'999'999'435, 565}},
  };
  for (const Case& c : cases) {
    const auto shares = divide_by_weight(Measured(c.total), c.weights);
    ASSERT_EQ(shares.size(), c.shares.size());
    for (std::size_t i = 0; i < shares.size(); ++i) EXPECT_EQ(shares[i].value(), c.shares[i]);
    EXPECT_EQ(sum(shares).value(), c.total);
  }
}

TEST(DivideByWeight, needs_a_weight) {
  EXPECT_DEATH((void)divide_by_weight(Measured(1), {0, 0}), "");
}

Site site(std::uint32_t id, std::int64_t capacity, Date in_service, Date closed = kNever) {
  Site result;
  result.id = id;
  result.capacity = Measured(capacity);
  result.in_service = in_service;
  result.closed = closed;
  return result;
}

TEST(Allocate, counts_days_in_service) {
  const Period april{.first = *make_date(2023, 4, 1), .last = *make_date(2023, 4, 30)};
  const std::vector<Site> sites = {
      site(1, 100, *make_date(2020, 1, 1)),
      site(2, 100, *make_date(2023, 4, 21)),                          // 10 of 30 days
      site(3, 100, *make_date(2020, 1, 1), *make_date(2023, 4, 20)),  // 20 of 30 days
      site(4, 100, *make_date(2023, 5, 1)),                           // later
      site(5, 100, *make_date(2020, 1, 1), *make_date(2023, 3, 31)),  // closed before
  };
  const auto shares = allocate({.month = april, .total = Measured(600)}, sites);
  ASSERT_EQ(shares.size(), 3u);
  EXPECT_EQ(shares[0].energy, Measured(300));
  EXPECT_EQ(shares[0].period, april);
  EXPECT_EQ(shares[1].energy, Measured(100));
  EXPECT_EQ(shares[1].period.first, *make_date(2023, 4, 21));
  EXPECT_EQ(shares[2].energy, Measured(200));
  EXPECT_EQ(shares[2].period.last, *make_date(2023, 4, 20));
}

TEST(Allocate, gives_nothing_where_nobody_was_in_service) {
  const Period april{.first = *make_date(2023, 4, 1), .last = *make_date(2023, 4, 30)};
  EXPECT_TRUE(allocate({.month = april, .total = Measured(600)}, {}).empty());
}

// The shipped data: the sums that SOURCES.md states, and every month exact to the Wh.
TEST(DemoData, holds_what_its_sources_state) {
  const Sites sites = parse_sites(read("scripts/demo/sites.csv"));
  ASSERT_EQ(sites.error, "");
  ASSERT_EQ(sites.rows.size(), 566u);
  Measured capacity;
  for (const Site& one : sites.rows) capacity += one.capacity;
  EXPECT_EQ(capacity.value(), 9'954'144'020'000);

  const MonthTotals months = parse_months(read("scripts/demo/monthly.csv"));
  ASSERT_EQ(months.error, "");
  ASSERT_EQ(months.rows.size(), 99u);
  Measured total;
  for (const MonthTotal& month : months.rows) {
    total += month.total;
    Measured declared;
    for (const Share& share : allocate(month, sites.rows)) {
      EXPECT_TRUE(share.energy.is_positive());
      EXPECT_GE(share.period.first, share.site->in_service);
      declared += share.energy;
    }
    EXPECT_EQ(declared, month.total) << to_string(month.month.first);
  }
  EXPECT_EQ(total.value(), 18'229'738'000'000);
}

TEST(DemoData, names_the_line_that_is_wrong) {
  EXPECT_NE(parse_months("month;sites;mwh\n2023-01;1;5\n2023-13;1;5\n").error.find("line 3: month"),
            std::string::npos);
  EXPECT_NE(parse_months("month;sites\n").error.find("line 1"), std::string::npos);
  EXPECT_NE(parse_months("month;sites;mwh\n2023-01;1\n").error.find("line 2: expected 3 columns"),
            std::string::npos);
}

}  // namespace
}  // namespace origo::gateway
