#pragma once

#include <array>
#include <boost/describe.hpp>
#include <boost/mp11.hpp>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include "engine/core/command.h"
#include "engine/core/encoding.h"
#include "proto/codec/enums.h"
#include "tests/support/draw.h"

// Draws values that are well formed for the codec, whatever the core thinks of them.
namespace origo::proto {

template <class T>
void draw_into(Draw& draw, T& value);

template <class T>
void draw_into(Draw& draw, std::vector<T>& values) {
  values.resize(draw.below(4));
  for (T& value : values) draw_into(draw, value);
}

inline std::string draw_text(Draw& draw) {
  constexpr std::array<std::string_view, 8> kParts = {
      "a", "Z", "0", " ", "é", "中", "\U0001F33F", "-"};
  std::string text;
  for (std::uint64_t left = draw.below(12); left > 0; --left)
    text += kParts[draw.below(kParts.size())];
  return text;
}

template <class T>
void draw_integer(Draw& draw, T& value) {
  using Limits = std::numeric_limits<T>;
  constexpr std::array<T, 4> kEdges = {T{0}, T{1}, Limits::min(), Limits::max()};
  value = draw.one_in(3) ? kEdges[draw.below(kEdges.size())] : static_cast<T>(draw.bits());
}

template <class E>
void draw_enum(Draw& draw, E& value) {
  std::vector<E> all;
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>(
      [&](auto enumerator) { all.push_back(enumerator.value); });
  value = all[draw.below(all.size())];
}

template <class T>
void draw_into(Draw& draw, T& value) {
  if constexpr (std::is_same_v<T, bool>) {
    value = draw.one_in(2);
  } else if constexpr (DescribedEnum<T>) {
    draw_enum(draw, value);
  } else if constexpr (std::is_same_v<T, std::uint8_t>) {
    value = static_cast<std::uint8_t>(draw.below(3));  // MassCancel::side
  } else if constexpr (std::is_integral_v<T>) {
    draw_integer(draw, value);
  } else if constexpr (encoding::IsId<T>::value) {
    typename T::Rep raw = 0;
    draw_integer(draw, raw);
    value = T(raw);
  } else if constexpr (encoding::IsAmount<T>::value || std::is_same_v<T, Instant>) {
    std::int64_t raw = 0;
    draw_integer(draw, raw);
    value = T(raw);
  } else if constexpr (std::is_same_v<T, std::string>) {
    value = draw_text(draw);
  } else if constexpr (std::is_same_v<T, Date>) {
    value = Date(static_cast<std::int32_t>(draw.between(1, kNever.days())));
  } else if constexpr (std::is_same_v<T, Currency>) {
    value = currency_of(draw.one_in(2) ? "EUR" : "GBP");
  } else if constexpr (encoding::IsByteArray<T>::value) {
    for (auto& byte : value) byte = static_cast<std::uint8_t>(draw.bits());
  } else {
    boost::mp11::mp_for_each<encoding::Members<T>>(
        [&](auto member) { draw_into(draw, value.*member.pointer); });
  }
}

// The alternative with this position in Command.
inline Command draw_command(Draw& draw, std::size_t index) {
  Command command;
  boost::mp11::mp_with_index<boost::mp11::mp_size<Command>::value>(
      index, [&](auto i) { draw_into(draw, command.emplace<decltype(i)::value>()); });
  return command;
}

inline constexpr std::size_t kCommandCount = boost::mp11::mp_size<Command>::value;

}  // namespace origo::proto
