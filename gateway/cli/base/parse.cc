#include "gateway/cli/base/parse.h"

#include <array>
#include <limits>

#include "engine/core/amount.h"

namespace origo::gateway {
namespace {

constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Appends a digit; false if the value would not fit.
bool push_digit(std::int64_t& value, char c) {
  const std::int64_t digit = c - '0';
  if (value > (kMax - digit) / 10) return false;
  value = value * 10 + digit;
  return true;
}

// Exactly `size` digits at `at`.
std::optional<unsigned> fixed_digits(std::string_view text, std::size_t at, std::size_t size) {
  if (text.size() < at + size) return std::nullopt;
  unsigned value = 0;
  for (std::size_t i = at; i < at + size; ++i) {
    if (!is_digit(text[i])) return std::nullopt;
    value = value * 10 + static_cast<unsigned>(text[i] - '0');
  }
  return value;
}

// A number, a date's days or a flag's 0 or 1.
std::optional<std::int64_t> parse_bound(std::string_view text) {
  if (text == "false") return 0;
  if (text == "true") return 1;
  if (const auto date = parse_date(text)) return date->days();
  return parse_decimal(text, 0);
}

// ".5" as nanoseconds; empty is 0.
std::optional<std::int64_t> parse_fraction(std::string_view text) {
  if (text.empty()) return 0;
  if (text.front() != '.') return std::nullopt;
  return parse_decimal("0" + std::string(text), 9);
}

// One of a fee schedule's four numbers, by its name.
bool set_rate(FeeSchedule& fees, std::string_view name, std::string_view text) {
  const bool negative = text.starts_with('-');
  const auto amount = parse_count(negative ? text.substr(1) : text);
  if (!amount || *amount > 1'000'000'000) return false;
  const std::int64_t value =
      negative ? -static_cast<std::int64_t>(*amount) : static_cast<std::int64_t>(*amount);
  FeeRate& role = name.starts_with("maker") ? fees.maker : fees.taker;
  if (name == "maker" || name == "taker") {
    role.rate_ppm = static_cast<std::int32_t>(value);
  } else if (name == "maker-per-contract" || name == "taker-per-contract") {
    role.per_contract = Cash(value);
  } else {
    return false;
  }
  return true;
}

}  // namespace

std::optional<std::uint64_t> parse_count(std::string_view text) {
  std::int64_t value = 0;
  bool after_digit = false;
  for (const char c : text) {
    if (c == ',' || c == '_') {
      if (!after_digit) return std::nullopt;
      after_digit = false;
      continue;
    }
    if (!is_digit(c) || !push_digit(value, c)) return std::nullopt;
    after_digit = true;
  }
  if (!after_digit) return std::nullopt;
  return static_cast<std::uint64_t>(value);
}

std::optional<std::uint64_t> parse_id(std::string_view text, std::string_view prefix) {
  if (text.size() > prefix.size() && text.starts_with(prefix) && text[prefix.size()] == '-') {
    text.remove_prefix(prefix.size() + 1);
  }
  std::int64_t value = 0;
  for (const char c : text) {
    if (!is_digit(c) || !push_digit(value, c)) return std::nullopt;
  }
  if (value == 0) return std::nullopt;
  return static_cast<std::uint64_t>(value);
}

std::optional<std::int64_t> parse_decimal(std::string_view text, unsigned digits) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  std::int64_t value = 0;
  unsigned decimals = 0;
  bool any = false;
  bool point = false;
  for (const char c : text) {
    if (c == '.') {
      if (point || !any) return std::nullopt;
      point = true;
      any = false;
      continue;
    }
    if (!is_digit(c)) return std::nullopt;
    any = true;
    if (point && decimals == digits) {
      if (c != '0') return std::nullopt;
      continue;
    }
    if (!push_digit(value, c)) return std::nullopt;
    if (point) ++decimals;
  }
  if (!any) return std::nullopt;
  for (; decimals < digits; ++decimals) {
    if (!push_digit(value, '0')) return std::nullopt;
  }
  return negative ? -value : value;
}

unsigned minor_digits(std::string_view currency) {
  static constexpr std::array<std::string_view, 16> kNone = {"BIF",
                                                             "CLP",
                                                             "DJF",
                                                             "GNF",
                                                             "ISK",
                                                             "JPY",
                                                             "KMF",
                                                             "KRW",
                                                             "PYG",
                                                             "RWF",
                                                             "UGX",
                                                             "UYI",
                                                             "VND",
                                                             "VUV",
                                                             "XAF",
                                                             "XOF"};
  static constexpr std::array<std::string_view, 7> kThree = {
      "BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"};
  for (const std::string_view code : kNone) {
    if (code == currency) return 0;
  }
  for (const std::string_view code : kThree) {
    if (code == currency) return 3;
  }
  return 2;
}

std::optional<std::int64_t> parse_cash(std::string_view text, std::string_view currency) {
  return parse_decimal(text, minor_digits(currency));
}

std::optional<std::int64_t> parse_price(std::string_view text,
                                        std::string_view currency,
                                        std::int64_t tick_value) {
  const auto minor = parse_cash(text, currency);
  if (!minor || tick_value <= 0 || *minor % tick_value != 0) return std::nullopt;
  return *minor / tick_value;
}

std::optional<Instant> parse_instant(std::string_view text) {
  if (text.size() == 10) {
    const auto date = parse_date(text);
    if (!date) return std::nullopt;
    return start_of(*date);
  }
  if (text.size() < 20 || text[10] != 'T' || text[13] != ':' || text[16] != ':' ||
      text.back() != 'Z') {
    return std::nullopt;
  }
  const auto date = parse_date(text.substr(0, 10));
  const auto hour = fixed_digits(text, 11, 2);
  const auto minute = fixed_digits(text, 14, 2);
  const auto second = fixed_digits(text, 17, 2);
  const auto fraction = parse_fraction(text.substr(19, text.size() - 20));
  if (!date || !hour || !minute || !second || !fraction) return std::nullopt;
  if (*hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
  const std::int64_t seconds =
      std::int64_t{*hour} * 3600 + std::int64_t{*minute} * 60 + std::int64_t{*second};
  const Instant midnight = start_of(*date);
  if (midnight >= kInstantMax) return std::nullopt;
  return Instant(midnight.ns() + seconds * 1'000'000'000 + *fraction);
}

std::optional<Date> parse_slashed_date(std::string_view text) {
  if (text.size() != 10 || text[2] != '/' || text[5] != '/') return std::nullopt;
  return parse_date(std::string(text.substr(6)) + "-" + std::string(text.substr(3, 2)) + "-" +
                    std::string(text.substr(0, 2)));
}

std::optional<Period> parse_period(std::string_view text) {
  if (text.size() == 7 && text[4] == '-') {
    const auto first = parse_date(std::string(text) + "-01");
    if (!first) return std::nullopt;
    const CivilDate day = civil(*first);
    return Period{.first = *first, .last = last_of_month(day.year, day.month)};
  }
  const std::size_t dots = text.find("..");
  const auto first = parse_date(text.substr(0, dots));
  const auto last = dots == std::string_view::npos ? first : parse_date(text.substr(dots + 2));
  if (!first || !last || *last < *first) return std::nullopt;
  return Period{.first = *first, .last = *last};
}

std::optional<KeyValue> parse_key_value(std::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos || equals == 0) return std::nullopt;
  return KeyValue{.key = std::string(text.substr(0, equals)),
                  .value = std::string(text.substr(equals + 1))};
}

std::optional<FilterClause> parse_clause(std::string_view text) {
  const std::size_t at = text.find_first_of("=:");
  if (at == std::string_view::npos || at == 0 || at + 1 == text.size()) return std::nullopt;
  FilterClause clause;
  clause.attribute = text.substr(0, at);
  std::string_view value = text.substr(at + 1);
  if (text[at] == ':') {
    const std::size_t dots = value.find("..");
    const auto min = parse_bound(value.substr(0, dots));
    const auto max = dots == std::string_view::npos ? min : parse_bound(value.substr(dots + 2));
    if (!min || !max || *min > *max) return std::nullopt;
    clause.min = *min;
    clause.max = *max;
    return clause;
  }
  while (true) {
    const std::size_t bar = value.find('|');
    if (value.substr(0, bar).empty()) return std::nullopt;
    clause.any_of.emplace_back(value.substr(0, bar));
    if (bar == std::string_view::npos) return clause;
    value.remove_prefix(bar + 1);
  }
}

std::optional<FeeTier> parse_tier(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon + 1 == text.size()) return std::nullopt;
  std::string_view volume = text.substr(0, colon);
  for (const std::string_view unit : {"MWh", "t"}) {
    if (volume.ends_with(unit)) {
      volume.remove_suffix(unit.size());
      break;
    }
  }
  const auto from = parse_decimal(volume, 6);
  if (!from || *from <= 0) return std::nullopt;
  FeeTier tier{.volume_from = *from, .fees = {}};
  for (std::string_view rest = text.substr(colon + 1); !rest.empty();) {
    const std::size_t comma = rest.find(',');
    const auto rate = parse_key_value(rest.substr(0, comma));
    if (!rate || !set_rate(tier.fees, rate->key, rate->value)) return std::nullopt;
    if (comma != std::string_view::npos && comma + 1 == rest.size()) return std::nullopt;
    rest.remove_prefix(comma == std::string_view::npos ? rest.size() : comma + 1);
  }
  return tier;
}

}  // namespace origo::gateway
