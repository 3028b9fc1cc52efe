#pragma once

#include <boost/describe.hpp>
#include <boost/mp11.hpp>
#include <type_traits>
#include <variant>
#include <vector>

#include "engine/core/encoding.h"

namespace origo::proto {

template <class E>
concept DescribedEnum = boost::describe::has_describe_enumerators<E>::value;

// Whether `value` is one of its type's enumerators.
template <DescribedEnum E>
[[nodiscard]] constexpr bool is_known(E value) {
  bool known = false;
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>(
      [&](auto enumerator) { known = known || enumerator.value == value; });
  return known;
}

template <class T>
[[nodiscard]] bool enums_known(const std::vector<T>& values);
template <class... Ts>
[[nodiscard]] bool enums_known(const std::variant<Ts...>& value);

// Whether every enum anywhere within `value` is one of its type's enumerators.
template <class T>
[[nodiscard]] bool enums_known(const T& value) {
  if constexpr (DescribedEnum<T>) {
    return is_known(value);
  } else if constexpr (encoding::Described<T>) {
    bool known = true;
    boost::mp11::mp_for_each<encoding::Members<T>>(
        [&](auto member) { known = known && enums_known(value.*member.pointer); });
    return known;
  } else {
    return true;
  }
}
template <class T>
bool enums_known(const std::vector<T>& values) {
  for (const T& value : values) {
    if (!enums_known(value)) return false;
  }
  return true;
}
template <class... Ts>
bool enums_known(const std::variant<Ts...>& value) {
  return std::visit([](const auto& alternative) { return enums_known(alternative); }, value);
}

}  // namespace origo::proto
