#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/core/date.h"

// The API's integers as people read them.
namespace origo::gateway {

// 1234567 as "1,234,567".
[[nodiscard]] std::string group_digits(std::int64_t value);

// 1250 with 2 digits as "12.50"; whole parts are grouped.
[[nodiscard]] std::string format_decimal(std::int64_t value, unsigned digits);

// Minor units as "12.50 EUR".
[[nodiscard]] std::string format_cash(std::int64_t minor, std::string_view currency);

// Ticks as currency units for one contract, without the currency: "12.50".
[[nodiscard]] std::string format_price(std::int64_t ticks,
                                       std::string_view currency,
                                       std::int64_t tick_value);

// Wh as "12.345678 MWh", with all six decimals.
[[nodiscard]] std::string format_mwh(std::int64_t watt_hours);

// "2023-04-28T08:00:00Z"; fractions of a second only where there are any, in milliseconds.
[[nodiscard]] std::string format_instant(Instant instant);

// "acc-12"; "-" for 0, which names nothing.
[[nodiscard]] std::string format_id(std::string_view prefix, std::uint64_t id);

// Columns that a terminal needs for UTF-8 text: one per code point.
[[nodiscard]] std::size_t display_width(std::string_view text);

// `text` cut to `width` columns, with "…" where something was cut.
[[nodiscard]] std::string shorten(std::string_view text, std::size_t width);

}  // namespace origo::gateway
