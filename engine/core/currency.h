#pragma once

#include <boost/describe.hpp>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace origo {

// An ISO 4217 code, three letters A-Z, packed. Amounts are in its minor unit (EUR: cent).
struct Currency {
  std::uint32_t packed = 0;
  auto operator<=>(const Currency&) const = default;
};
BOOST_DESCRIBE_STRUCT(Currency, (), (packed))

[[nodiscard]] constexpr Currency currency_of(std::string_view code) {
  std::uint32_t packed = 0;
  if (code.size() != 3) return {};
  for (const char c : code) {
    if (c < 'A' || c > 'Z') return {};
    packed = packed << 8 | static_cast<std::uint32_t>(static_cast<unsigned char>(c));
  }
  return {packed};
}

[[nodiscard]] constexpr bool is_valid(Currency currency) {
  for (unsigned shift = 0; shift < 24; shift += 8) {
    const std::uint32_t c = currency.packed >> shift & 0xff;
    if (c < 'A' || c > 'Z') return false;
  }
  return currency.packed >> 24 == 0;
}

[[nodiscard]] inline std::string to_string(Currency currency) {
  return {static_cast<char>(currency.packed >> 16 & 0xff),
          static_cast<char>(currency.packed >> 8 & 0xff),
          static_cast<char>(currency.packed & 0xff)};
}

}  // namespace origo
