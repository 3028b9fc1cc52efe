#include "engine/market/settlements.h"

#include <gtest/gtest.h>

// When trades settle that settle later. What happens then: tests/scenario/files/settlement.json.
namespace origo {
namespace {

Instant on(int year, unsigned month, unsigned day, std::int64_t hour = 0) {
  return Instant(start_of(*make_date(year, month, day)).ns() + hour * 3'600'000'000'000);
}

struct BusinessDayCase {
  const char* what;
  std::vector<Instant> day_ends;
  Instant at;
  std::uint32_t days;
  Instant expected;
};

TEST(Settlements, BusinessDaysAreTheCalendarsAndThenMondayToFriday) {
  const std::vector<Instant> week = {
      on(2026, 9, 17, 6), on(2026, 9, 18, 6), on(2026, 9, 24, 6), on(2026, 9, 25, 6)};
  const BusinessDayCase cases[] = {
      {"the day at work", {}, on(2026, 1, 1, 9), 0, on(2026, 1, 2)},
      {"Thursday and one", {}, on(2026, 1, 1, 9), 1, on(2026, 1, 3)},
      {"over a weekend", {}, on(2026, 1, 1, 9), 2, on(2026, 1, 6)},
      {"Friday's last instant", {}, Instant(on(2026, 1, 3).ns() - 1), 1, on(2026, 1, 6)},
      {"a Saturday itself", {}, on(2026, 1, 3), 0, on(2026, 1, 4)},
      {"from a Saturday", {}, on(2026, 1, 3), 1, on(2026, 1, 6)},
      {"from a Sunday", {}, on(2026, 1, 4, 23), 1, on(2026, 1, 6)},
      {"six weeks", {}, on(2026, 1, 1), 30, on(2026, 2, 13)},
      {"a leap day is one", {}, on(2028, 2, 28), 1, on(2028, 3, 1)},
      {"the calendar's day", week, on(2026, 9, 17), 0, on(2026, 9, 17, 6)},
      {"its end is the next one's", week, on(2026, 9, 17, 6), 0, on(2026, 9, 18, 6)},
      {"over holidays", week, on(2026, 9, 17), 2, on(2026, 9, 24, 6)},
      {"the last of them", week, on(2026, 9, 17), 3, on(2026, 9, 25, 6)},
      {"beyond it", week, on(2026, 9, 17), 4, on(2026, 9, 29)},
      {"all beyond it", week, on(2026, 9, 25, 6), 1, on(2026, 9, 29)},
      {"a day that ends at midnight", {on(2026, 9, 26)}, on(2026, 9, 25), 1, on(2026, 9, 29)},
  };
  for (const BusinessDayCase& one : cases)
    EXPECT_EQ(business_day_end(one.day_ends, one.at, one.days), one.expected) << one.what;
}

}  // namespace
}  // namespace origo
