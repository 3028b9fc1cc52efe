#pragma once

#include <compare>
#include <cstdint>
#include <limits>

#include "engine/core/ensure.h"

namespace origo {

// Wide intermediate of every multiplication.
__extension__ using Int128 = __int128;

// The total supply of any asset is capped here at deposit and issuance, so that no later sum
// overflows.
inline constexpr std::int64_t kSupplyMax = std::int64_t{1} << 62;

// An integer with a unit. Adds and subtracts with overflow checks; limits are tested before, so an
// overflow is a bug. Conversions between units are named functions, each written once.
template <class Tag>
class Amount {
 public:
  constexpr Amount() = default;
  constexpr explicit Amount(std::int64_t value) : value_(value) {}
  [[nodiscard]] constexpr std::int64_t value() const { return value_; }
  [[nodiscard]] constexpr bool is_zero() const { return value_ == 0; }
  [[nodiscard]] constexpr bool is_positive() const { return value_ > 0; }
  [[nodiscard]] constexpr bool is_negative() const { return value_ < 0; }
  constexpr auto operator<=>(const Amount&) const = default;

  constexpr Amount& operator+=(Amount other) {
    std::int64_t sum = 0;
    const bool overflow = __builtin_add_overflow(value_, other.value_, &sum);
    ENSURE(!overflow);
    value_ = sum;
    return *this;
  }
  constexpr Amount& operator-=(Amount other) {
    std::int64_t difference = 0;
    const bool overflow = __builtin_sub_overflow(value_, other.value_, &difference);
    ENSURE(!overflow);
    value_ = difference;
    return *this;
  }
  friend constexpr Amount operator+(Amount a, Amount b) { return a += b; }
  friend constexpr Amount operator-(Amount a, Amount b) { return a -= b; }
  constexpr Amount operator-() const { return Amount() - *this; }

 private:
  std::int64_t value_ = 0;
};

using Serial = Amount<struct SerialTag>;      // position in a lot's numbering, from 1
using Price = Amount<struct TickTag>;         // ticks
using Quantity = Amount<struct ContractTag>;  // contracts, in orders and fills
using Units = Amount<struct UnitTag>;         // certificates, in the unit of their scheme
using Cash = Amount<struct MinorTag>;         // minor currency units, e.g. cents
using Measured = Amount<struct MeasuredTag>;  // Wh of energy or g of CO2e: what units are made from

// Largest whole number of `divisor` in `dividend`. Requires: dividend >= 0, divisor > 0.
[[nodiscard]] constexpr std::int64_t divide_floor(Int128 dividend, std::int64_t divisor) {
  ENSURE(dividend >= 0);
  ENSURE(divisor > 0);
  if (dividend <= kSupplyMax) [[likely]]
    return static_cast<std::int64_t>(dividend) / divisor;
  const Int128 quotient = dividend / divisor;
  ENSURE(quotient <= std::numeric_limits<std::int64_t>::max());
  return static_cast<std::int64_t>(quotient);
}

// Nearest whole number, halves upwards (towards plus infinity). Requires: divisor > 0.
[[nodiscard]] constexpr std::int64_t divide_half_up(Int128 dividend, std::int64_t divisor) {
  ENSURE(divisor > 0);
  constexpr std::int64_t kNarrow =
      kSupplyMax / 4;  // what fits in 64 bits is divided there, many times as fast
  if (dividend <= kNarrow && dividend >= -kNarrow && divisor <= kNarrow) [[likely]] {
    const std::int64_t doubled = 2 * static_cast<std::int64_t>(dividend) + divisor;
    const std::int64_t quotient = doubled / (2 * divisor);
    return doubled % (2 * divisor) < 0 ? quotient - 1 : quotient;
  }
  const Int128 doubled = 2 * dividend + divisor;
  const Int128 unit = Int128{2} * divisor;
  Int128 quotient = doubled / unit;
  if (doubled % unit < 0) quotient -= 1;
  ENSURE(quotient <= std::numeric_limits<std::int64_t>::max());
  ENSURE(quotient >= std::numeric_limits<std::int64_t>::min());
  return static_cast<std::int64_t>(quotient);
}

// Whether a * b, both not negative, stays within the supply cap.
[[nodiscard]] constexpr bool product_fits(std::int64_t a, std::int64_t b) {
  return Int128{a} * b <= kSupplyMax;
}

}  // namespace origo
