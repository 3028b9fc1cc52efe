#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/command.h"
#include "engine/core/date.h"

// What a person types, turned into the API's integers. Each function answers nothing where the text
// is not exactly one value: nothing is rounded, guessed or cut off.
namespace origo::gateway {

// A whole number without sign, up to 2^63 - 1. Underscores and commas may group digits: "12,500".
[[nodiscard]] std::optional<std::uint64_t> parse_count(std::string_view text);

// "acc-12" or "12" for the prefix "acc". Another prefix, or 0, is no id.
[[nodiscard]] std::optional<std::uint64_t> parse_id(std::string_view text, std::string_view prefix);

// "12.5" times 10^digits, exactly: 1250 for 2 digits. Nothing if more decimals are given than
// `digits` (unless they are zeros), or if the value does not fit.
[[nodiscard]] std::optional<std::int64_t> parse_decimal(std::string_view text, unsigned digits);

// Decimals of a currency's minor unit (ISO 4217): EUR 2, JPY 0, KWD 3.
[[nodiscard]] unsigned minor_digits(std::string_view currency);

// Currency units to minor units: "12.50" in EUR is 1250.
[[nodiscard]] std::optional<std::int64_t> parse_cash(std::string_view text,
                                                     std::string_view currency);

// Currency units for one contract to ticks, where one tick is `tick_value` minor units: "12.50" EUR
// with a tick of 5 cents is 250. Nothing if the price is not a whole number of ticks.
[[nodiscard]] std::optional<std::int64_t> parse_price(std::string_view text,
                                                      std::string_view currency,
                                                      std::int64_t tick_value);

// A UTC instant: "2023-04-28T08:00:00Z", with up to 9 decimals of a second; or a date, its first
// instant.
[[nodiscard]] std::optional<Instant> parse_instant(std::string_view text);

// "31/01/2023".
[[nodiscard]] std::optional<Date> parse_slashed_date(std::string_view text);

// "2022-11-01..2022-11-30", one date (that day), or "2022-11" (that month).
[[nodiscard]] std::optional<Period> parse_period(std::string_view text);

// "key=value"; the value may be empty, the key not.
struct KeyValue {
  std::string key;
  std::string value;
};
[[nodiscard]] std::optional<KeyValue> parse_key_value(std::string_view text);

// One conjunct of an instrument's filter: words, "carrier=biomethane" or
// "device_type=landfill|industrial"; or an inclusive range of numbers, dates or flags,
// "vintage:2022..2023", "vintage:2023", "production_end:2022-10-01..2023-03-31",
// "state_owned:false".
struct FilterClause {
  std::string attribute;
  std::vector<std::string> any_of;  // empty: a range
  std::int64_t min = 0;
  std::int64_t max = 0;
};
[[nodiscard]] std::optional<FilterClause> parse_clause(std::string_view text);

// A fee tier: the volume from which it holds, in MWh or t, then rates in ppm of notional, and
// amounts per contract in minor units: "1000MWh:maker=-5,taker=30" or
// "250t:taker=20,taker-per-contract=1". What is not named is 0.
[[nodiscard]] std::optional<FeeTier> parse_tier(std::string_view text);

}  // namespace origo::gateway
