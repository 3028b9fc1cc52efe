#pragma once

#include <array>
#include <boost/core/demangle.hpp>
#include <boost/describe.hpp>
#include <boost/mp11.hpp>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "engine/core/currency.h"
#include "engine/core/encoding.h"

// Any command, event or state struct in words, for the messages of failed tests.
namespace origo {

template <class T>
std::string readable(const T& value);

namespace readable_detail {

template <class T>
struct IsVariant : std::false_type {};
template <class... Ts>
struct IsVariant<std::variant<Ts...>> : std::true_type {};
template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {};
template <class T>
struct IsPair : std::false_type {};
template <class A, class B>
struct IsPair<std::pair<A, B>> : std::true_type {};

template <class T>
std::string name_of_type() {
  std::string name = boost::core::demangle(typeid(T).name());
  const std::size_t colon = name.rfind("::");
  return colon == std::string::npos ? name : name.substr(colon + 2);
}

template <class E>
std::string name_of_enumerator(E value) {
  std::string out = std::to_string(static_cast<std::uint64_t>(value));
  if constexpr (boost::describe::has_describe_enumerators<E>::value) {
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>([&](auto enumerator) {
      if (enumerator.value == value) out = enumerator.name;
    });
  }
  return out;
}

template <class T>
std::string members_of(const T& value) {
  std::string out = name_of_type<T>() + "{";
  boost::mp11::mp_for_each<encoding::Members<T>>([&](auto member) {
    if (out.back() != '{') out += ", ";
    out += std::string(member.name) + "=" + readable(value.*member.pointer);
  });
  return out + "}";
}

template <class T>
std::string elements_of(const T& value) {
  std::string out = "[";
  for (const auto& element : value) {
    if (out.back() != '[') out += ", ";
    out += readable(element);
  }
  return out + "]";
}

}  // namespace readable_detail

template <class T>
std::string readable(const T& value) {
  namespace detail = readable_detail;
  if constexpr (std::is_same_v<T, bool>) {
    return value ? "true" : "false";
  } else if constexpr (std::is_same_v<T, std::string>) {
    return '"' + value + '"';
  } else if constexpr (std::is_enum_v<T>) {
    return detail::name_of_enumerator(value);
  } else if constexpr (std::is_integral_v<T>) {
    return std::to_string(value);
  } else if constexpr (encoding::IsId<T>::value || encoding::IsAmount<T>::value) {
    return std::to_string(value.value());
  } else if constexpr (std::is_same_v<T, Instant>) {
    return std::to_string(value.ns());
  } else if constexpr (std::is_same_v<T, Date> || std::is_same_v<T, Currency>) {
    return to_string(value);
  } else if constexpr (encoding::IsByteArray<T>::value) {
    return "bytes:" + std::to_string(value[0]) + "..";
  } else if constexpr (detail::IsVariant<T>::value) {
    return std::visit([](const auto& body) { return readable(body); }, value);
  } else if constexpr (detail::IsOptional<T>::value) {
    return value ? readable(*value) : "none";
  } else if constexpr (detail::IsPair<T>::value) {
    return readable(value.first) + ":" + readable(value.second);
  } else if constexpr (encoding::Described<T>) {
    return detail::members_of(value);
  } else {
    return detail::elements_of(value);
  }
}

}  // namespace origo
