#include "engine/core/date.h"

#include <chrono>

#include "engine/core/ensure.h"

namespace origo {
namespace {

using std::chrono::day;
using std::chrono::month;
using std::chrono::sys_days;
using std::chrono::year;
using std::chrono::year_month_day;
using std::chrono::year_month_day_last;

Date from_ymd(year_month_day ymd) {
  return Date(static_cast<std::int32_t>(sys_days(ymd).time_since_epoch().count()));
}

year_month_day to_ymd(Date date) {
  return year_month_day(sys_days(std::chrono::days(date.days())));
}

// The number written in `text`, decimal digits only; nothing otherwise.
std::optional<unsigned> parse_digits(std::string_view text) {
  unsigned value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + static_cast<unsigned>(c - '0');
  }
  return value;
}

void append_padded(std::string& out, unsigned value, unsigned width) {
  std::string digits = std::to_string(value);
  while (digits.size() < width) digits.insert(digits.begin(), '0');
  out += digits;
}

}  // namespace

std::optional<Date> make_date(int y, unsigned m, unsigned d) {
  if (y < 1900 || y > 9999) return std::nullopt;
  const year_month_day ymd = year(y) / month(m) / day(d);
  if (!ymd.ok()) return std::nullopt;
  return from_ymd(ymd);
}

CivilDate civil(Date date) {
  const year_month_day ymd = to_ymd(date);
  return {.year = static_cast<int>(ymd.year()),
          .month = static_cast<unsigned>(ymd.month()),
          .day = static_cast<unsigned>(ymd.day())};
}

int year_of(Date date) {
  return civil(date).year;
}

std::int32_t month_of(Date date) {
  const CivilDate c = civil(date);
  return c.year * 12 + static_cast<std::int32_t>(c.month) - 1;
}

Date last_of_month(int y, unsigned m) {
  const year_month_day_last last = year(y) / month(m) / std::chrono::last;
  ENSURE(last.ok());
  return from_ymd(year_month_day(last));
}

Date add_months(Date date, std::int32_t months) {
  const CivilDate from = civil(date);
  const std::int32_t count = month_of(date) + months;
  const int y = count / 12;
  const auto m = static_cast<unsigned>(count % 12) + 1;
  if (y > 9999) return kNever;
  const Date last = last_of_month(y, m);
  const unsigned d = from.day < civil(last).day ? from.day : civil(last).day;
  const std::optional<Date> result = make_date(y, m, d);
  ENSURE(result.has_value());
  return *result;
}

Date add_days(Date date, std::int32_t days) {
  if (days > kNever.days() - date.days()) return kNever;
  return Date(date.days() + days);
}

Date date_of(Instant instant) {
  std::int64_t days = instant.ns() / kDayNs;
  if (instant.ns() % kDayNs < 0) days -= 1;
  return Date(static_cast<std::int32_t>(days));
}

Instant start_of(Date date) {
  if (date.days() >= kInstantMax.ns() / kDayNs) return kInstantMax;
  return Instant(date.days() * kDayNs);
}

Instant end_of(Date date) {
  return start_of(add_days(date, 1));
}

std::optional<Date> parse_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto y = parse_digits(text.substr(0, 4));
  const auto m = parse_digits(text.substr(5, 2));
  const auto d = parse_digits(text.substr(8, 2));
  if (!y || !m || !d) return std::nullopt;
  return make_date(static_cast<int>(*y), *m, *d);
}

std::string to_string(Date date) {
  const CivilDate c = civil(date);
  std::string out;
  append_padded(out, static_cast<unsigned>(c.year), 4);
  out += '-';
  append_padded(out, c.month, 2);
  out += '-';
  append_padded(out, c.day, 2);
  return out;
}

}  // namespace origo
