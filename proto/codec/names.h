#pragma once

#include <boost/core/demangle.hpp>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <typeinfo>

// Public names of engine types.
namespace origo::proto {

// "PlaceOrder" -> "place_order".
[[nodiscard]] std::string snake_case(std::string_view name);

// The name of a type without its namespaces, in snake case: "place_order" for origo::PlaceOrder.
template <class T>
[[nodiscard]] const std::string& type_name() {
  static const std::string name = [] {
    const std::string full = boost::core::demangle(typeid(T).name());
    return snake_case(std::string_view(full).substr(full.rfind(':') + 1));
  }();
  return name;
}

// Lower-case hexadecimal digits, two a byte.
[[nodiscard]] std::string to_hex(std::span<const std::uint8_t> bytes);

}  // namespace origo::proto
