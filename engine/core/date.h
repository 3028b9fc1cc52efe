#pragma once

#include <boost/describe.hpp>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace origo {

// A calendar date (proleptic Gregorian), kept as days since 1970-01-01.
class Date {
 public:
  constexpr Date() = default;
  constexpr explicit Date(std::int32_t days_since_epoch) : days_(days_since_epoch) {}
  [[nodiscard]] constexpr std::int32_t days() const { return days_; }
  constexpr auto operator<=>(const Date&) const = default;

 private:
  std::int32_t days_ = 0;
};

// No date is later; stands for "never".
inline constexpr Date kNever{2932896};  // 9999-12-31
// Dates before are refused, so that calendar arithmetic never leaves the calendar.
inline constexpr Date kDateMin{-25'567};  // 1900-01-01

struct CivilDate {
  int year;
  unsigned month;  // 1 to 12
  unsigned day;    // 1 to 31
};

// An instant: nanoseconds since 1970-01-01T00:00:00Z, no leap seconds.
class Instant {
 public:
  constexpr Instant() = default;
  constexpr explicit Instant(std::int64_t nanoseconds) : ns_(nanoseconds) {}
  [[nodiscard]] constexpr std::int64_t ns() const { return ns_; }
  [[nodiscard]] constexpr bool is_set() const { return ns_ != 0; }
  constexpr auto operator<=>(const Instant&) const = default;

 private:
  std::int64_t ns_ = 0;
};

inline constexpr std::int64_t kDayNs = 86'400'000'000'000;
// Instants are accepted in 1970-01-02 .. 2199-12-31 only, so that adding periods cannot overflow.
inline constexpr Instant kInstantMax{7'258'118'400'000'000'000};

// A span of calendar days, both ends included.
struct Period {
  Date first;
  Date last;
  auto operator<=>(const Period&) const = default;
};
BOOST_DESCRIBE_STRUCT(Period, (), (first, last))

// The date, or nothing if there is no such day (30 February) or the year is outside 1900 to 9999.
[[nodiscard]] std::optional<Date> make_date(int year, unsigned month, unsigned day);
[[nodiscard]] CivilDate civil(Date date);
[[nodiscard]] int year_of(Date date);
[[nodiscard]] std::int32_t month_of(Date date);  // counted through: year x 12 + month - 1
[[nodiscard]] Date last_of_month(int year, unsigned month);

// Calendar arithmetic: the same day `months` later, or the last day of that month where it is
// shorter (31 January + 1 month = 28 or 29 February). Results after 9999 are kNever.
[[nodiscard]] Date add_months(Date date, std::int32_t months);
[[nodiscard]] Date add_days(Date date, std::int32_t days);

[[nodiscard]] Date date_of(Instant instant);  // in UTC
[[nodiscard]] Instant start_of(Date date);    // 00:00 UTC; dates after 2199 give kInstantMax
[[nodiscard]] Instant end_of(Date date);      // the first instant after `date`

// "2026-01-31"; nothing if malformed or no such day.
[[nodiscard]] std::optional<Date> parse_date(std::string_view text);
[[nodiscard]] std::string to_string(Date date);

}  // namespace origo
