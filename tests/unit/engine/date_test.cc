#include "engine/core/date.h"

#include <gtest/gtest.h>

namespace origo {
namespace {

Date day(const char* text) {
  const std::optional<Date> date = parse_date(text);
  EXPECT_TRUE(date.has_value()) << text;
  return date.value_or(Date());
}

TEST(Date, KnowsTheCalendar) {
  EXPECT_EQ(day("1970-01-01").days(), 0);
  EXPECT_EQ(day("1969-12-31").days(), -1);
  EXPECT_EQ(day("2000-03-01").days(), 11'017);
  EXPECT_EQ(day("9999-12-31"), kNever);
  EXPECT_EQ(to_string(Date(20'600)), "2026-05-27");
  EXPECT_EQ(to_string(day("1900-01-01")), "1900-01-01");
  EXPECT_EQ(year_of(day("2024-02-29")), 2024);
  EXPECT_EQ(last_of_month(2024, 2), day("2024-02-29"));
  EXPECT_EQ(last_of_month(2100, 2), day("2100-02-28"));
}

TEST(Date, EveryDayOfFourCenturiesPrintsAndParses) {
  Date date = day("1900-01-01");
  int leap_days = 0;
  for (; date < day("2300-01-01"); date = add_days(date, 1)) {
    const CivilDate c = civil(date);
    ASSERT_EQ(make_date(c.year, c.month, c.day), date);
    ASSERT_EQ(parse_date(to_string(date)), date);
    if (c.month == 2 && c.day == 29) ++leap_days;
  }
  EXPECT_EQ(leap_days, 97);
}

TEST(Date, RefusesWhatIsNoDate) {
  for (const char* text : {"",
                           "2026-02-29",
                           "2026-2-03",
                           "2026-13-01",
                           "2026-00-10",
                           "2026-01-00",
                           "2026-04-31",
                           "1899-12-31",
                           "10000-01-01",
                           "2026/01/01",
                           "2026-01-01 ",
                           " 2026-01-1",
                           "2026-0a-01",
                           "-026-01-01",
                           "2026-+1-01"})
    EXPECT_FALSE(parse_date(text).has_value()) << text;
}

struct Months {
  const char* from;
  std::int32_t months;
  const char* to;
};

TEST(AddMonths, TakesTheSameDayOrTheLastOfTheMonth) {
  const Months cases[] = {
      {"2026-01-31", 1, "2026-02-28"},
      {"2024-01-31", 1, "2024-02-29"},
      {"2026-01-30", 1, "2026-02-28"},
      {"2026-01-28", 1, "2026-02-28"},
      {"2024-02-29", 12, "2025-02-28"},
      {"2024-02-29", 48, "2028-02-29"},
      {"2023-03-15", 39, "2026-06-15"},
      {"2023-11-30", 39, "2027-02-28"},
      {"2024-11-30", 39, "2028-02-29"},
      {"2026-12-31", 2, "2027-02-28"},
      {"2026-12-15", 1, "2027-01-15"},
      {"2026-05-31", 18, "2027-11-30"},
      {"2026-05-31", 0, "2026-05-31"},
      {"2026-03-31", -1, "2026-02-28"},
      {"2026-01-31", -1, "2025-12-31"},
      {"2096-02-29", 48, "2100-02-28"},
      {"9999-11-30", 1, "9999-12-30"},
  };
  for (const Months& c : cases)
    EXPECT_EQ(to_string(add_months(day(c.from), c.months)), c.to) << c.from << " + " << c.months;
}

TEST(AddMonths, EndsAtNever) {
  EXPECT_EQ(add_months(day("9999-12-01"), 1), kNever);
  EXPECT_EQ(add_months(day("2026-01-01"), 1200 * 80), kNever);
  EXPECT_EQ(add_months(kNever, 1), kNever);
  EXPECT_EQ(add_months(kNever, 0), kNever);
}

TEST(AddDays, EndsAtNever) {
  EXPECT_EQ(add_days(day("2026-12-31"), 1), day("2027-01-01"));
  EXPECT_EQ(add_days(day("2024-02-28"), 1), day("2024-02-29"));
  EXPECT_EQ(add_days(day("2026-01-01"), -1), day("2025-12-31"));
  EXPECT_EQ(add_days(day("9999-12-30"), 1), kNever);
  EXPECT_EQ(add_days(kNever, 1), kNever);
  EXPECT_EQ(add_days(kNever, 36'600), kNever);
}

TEST(Instants, MeetDates) {
  const Date today = day("2026-05-27");
  EXPECT_EQ(start_of(today).ns(), 20'600 * kDayNs);
  EXPECT_EQ(end_of(today), start_of(day("2026-05-28")));
  EXPECT_EQ(date_of(start_of(today)), today);
  EXPECT_EQ(date_of(Instant(end_of(today).ns() - 1)), today);
  EXPECT_EQ(date_of(end_of(today)), day("2026-05-28"));
  EXPECT_EQ(date_of(Instant(-1)), day("1969-12-31"));
  EXPECT_EQ(date_of(Instant(-kDayNs)), day("1969-12-31"));
  EXPECT_EQ(date_of(Instant(-kDayNs - 1)), day("1969-12-30"));
}

TEST(Instants, EndWhereTheyAreAccepted) {
  EXPECT_EQ(date_of(kInstantMax), day("2200-01-01"));
  EXPECT_EQ(start_of(day("2200-01-01")), kInstantMax);
  EXPECT_EQ(end_of(day("2199-12-31")), kInstantMax);
  EXPECT_LT(start_of(day("2199-12-31")), kInstantMax);
  EXPECT_EQ(start_of(kNever), kInstantMax);
  EXPECT_EQ(end_of(kNever), kInstantMax);
}

}  // namespace
}  // namespace origo
