#include "gateway/cli/base/format.h"

#include "gateway/cli/base/parse.h"

namespace origo::gateway {
namespace {

std::string two_digits(std::int64_t value) {
  std::string text = std::to_string(value);
  return text.size() < 2 ? "0" + text : text;
}

// The magnitude, also of the lowest value.
std::uint64_t magnitude(std::int64_t value) {
  return value < 0 ? ~static_cast<std::uint64_t>(value) + 1 : static_cast<std::uint64_t>(value);
}

std::string group(std::uint64_t value) {
  std::string text = std::to_string(value);
  for (std::size_t at = text.size(); at > 3;) {
    at -= 3;
    text.insert(at, ",");
  }
  return text;
}

bool continues(char c) {
  return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
}

}  // namespace

std::string group_digits(std::int64_t value) {
  return (value < 0 ? "-" : "") + group(magnitude(value));
}

std::string format_decimal(std::int64_t value, unsigned digits) {
  std::uint64_t unit = 1;
  for (unsigned i = 0; i < digits; ++i) unit *= 10;
  const std::uint64_t all = magnitude(value);
  std::string text = (value < 0 ? "-" : "") + group(all / unit);
  if (digits == 0) return text;
  const std::string fraction = std::to_string(all % unit);
  return text + "." + std::string(digits - fraction.size(), '0') + fraction;
}

std::string format_cash(std::int64_t minor, std::string_view currency) {
  return format_decimal(minor, minor_digits(currency)) + " " + std::string(currency);
}

std::string format_price(std::int64_t ticks, std::string_view currency, std::int64_t tick_value) {
  std::int64_t minor = 0;
  if (__builtin_mul_overflow(ticks, tick_value, &minor)) return std::to_string(ticks) + " ticks";
  return format_decimal(minor, minor_digits(currency));
}

std::string format_mwh(std::int64_t watt_hours) {
  return format_decimal(watt_hours, 6) + " MWh";
}

std::string format_instant(Instant instant) {
  const Date date = date_of(instant);
  const std::int64_t in_day = instant.ns() - start_of(date).ns();
  const std::int64_t seconds = in_day / 1'000'000'000;
  const std::int64_t millis = in_day / 1'000'000 % 1000;
  std::string text = to_string(date) + "T" + two_digits(seconds / 3600) + ":" +
                     two_digits(seconds / 60 % 60) + ":" + two_digits(seconds % 60);
  if (millis != 0) text += "." + std::string(millis < 100 ? 1 : 0, '0') + two_digits(millis);
  return text + "Z";
}

std::string format_id(std::string_view prefix, std::uint64_t id) {
  if (id == 0) return "-";
  return std::string(prefix) + "-" + std::to_string(id);
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  for (const char c : text) width += continues(c) ? 0U : 1U;
  return width;
}

std::string shorten(std::string_view text, std::size_t width) {
  if (display_width(text) <= width) return std::string(text);
  if (width == 0) return {};
  std::size_t at = 0;
  for (std::size_t columns = 0; at < text.size(); ++at) {
    if (continues(text[at])) continue;
    if (columns + 1 == width) break;
    ++columns;
  }
  return std::string(text.substr(0, at)) + "…";
}

}  // namespace origo::gateway
