#pragma once

#include <boost/describe.hpp>
#include <boost/mp11.hpp>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>

#include "engine/core/currency.h"
#include "engine/core/encoding.h"
#include "proto/codec/enums.h"
#include "proto/codec/names.h"

// JSON of any described struct of the engine: commands, events, answers, state.
// Members by their names in declaration order; 64-bit numbers (amounts, instants, long ids) as
// strings; enums by name; dates "2026-01-31" and currencies "EUR", "" where unset; digests in hex.
// A variant is its alternative with "type" first, e.g. {"type":"place_order", ...}.
namespace origo::proto {

using Json = nlohmann::ordered_json;

template <class T>
[[nodiscard]] Json to_json(const T& value);

namespace json {

template <DescribedEnum E>
[[nodiscard]] Json of_enum(E value) {
  Json out;
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>([&](auto enumerator) {
    if (enumerator.value == value) out = enumerator.name;
  });
  if (out.is_null()) out = static_cast<std::underlying_type_t<E>>(value);
  return out;
}

template <class T>
void add_members(Json& out, const T& value) {
  boost::mp11::mp_for_each<encoding::Members<T>>(
      [&](auto member) { out[member.name] = to_json(value.*member.pointer); });
}

template <class T>
[[nodiscard]] Json of_varying(const std::optional<T>& value) {
  return value ? to_json(*value) : Json();
}
template <class A, class B>
[[nodiscard]] Json of_varying(const std::pair<A, B>& value) {
  return Json::array({to_json(value.first), to_json(value.second)});
}
template <class... Ts>
[[nodiscard]] Json of_varying(const std::variant<Ts...>& value) {
  return std::visit(
      [](const auto& alternative) {
        Json out = Json::object();
        out["type"] = type_name<std::remove_cvref_t<decltype(alternative)>>();
        add_members(out, alternative);
        return out;
      },
      value);
}
template <class C>
requires requires(const C& c) {
  c.begin();
  c.size();
}
[[nodiscard]] Json of_varying(const C& container) {
  Json out = Json::array();
  for (const auto& element : container) out.push_back(to_json(element));
  return out;
}

}  // namespace json

template <class T>
[[nodiscard]] Json to_json(const T& value) {
  if constexpr (std::is_same_v<T, bool> || std::is_same_v<T, std::string>) {
    return value;
  } else if constexpr (DescribedEnum<T>) {
    return json::of_enum(value);
  } else if constexpr (std::is_enum_v<T>) {
    return static_cast<std::underlying_type_t<T>>(value);
  } else if constexpr (std::is_integral_v<T>) {
    if constexpr (sizeof(T) == 8)
      return std::to_string(value);
    else
      return value;
  } else if constexpr (encoding::IsId<T>::value || encoding::IsAmount<T>::value) {
    return to_json(value.value());
  } else if constexpr (std::is_same_v<T, Instant>) {
    return to_json(value.ns());
  } else if constexpr (std::is_same_v<T, Date>) {
    return value == Date() ? std::string() : to_string(value);
  } else if constexpr (std::is_same_v<T, Currency>) {
    return is_valid(value) ? to_string(value) : std::string();
  } else if constexpr (encoding::IsByteArray<T>::value) {
    return to_hex(value);
  } else if constexpr (encoding::Described<T>) {
    Json out = Json::object();
    json::add_members(out, value);
    return out;
  } else {
    return json::of_varying(value);
  }
}

}  // namespace origo::proto
