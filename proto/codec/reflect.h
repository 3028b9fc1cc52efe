#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <algorithm>
#include <boost/describe.hpp>
#include <boost/mp11.hpp>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "engine/core/command.h"
#include "engine/core/currency.h"
#include "engine/core/encoding.h"
#include "engine/core/ensure.h"
#include "engine/core/scheme.h"
#include "engine/core/text.h"
#include "proto/codec/decode_error.h"
#include "proto/codec/enums.h"

// Converts any described struct to and from the protobuf message with the same field names, by
// reflection on both sides. Plain and complete; the few commands of the hot path have a faster twin
// (commands.cc), which tests compare with this.
//
// Strict: unknown fields, unspecified and unknown enums, numbers that the engine's type cannot
// hold, malformed dates, currencies and text, and messages left out (but for those that say what
// that means) are errors.
namespace origo::proto::reflect {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// What the message calls the member.
template <class T>
[[nodiscard]] std::string public_name(std::string_view member) {
  if (std::is_same_v<T, CreateUser> || std::is_same_v<T, ReplaceToken>) {
    if (member == "token") return "token_digest";
  }
  return std::string(member);
}

// Where a message may be left out, and what that means, is the struct's default.
template <class T>
inline constexpr bool kMayBeAbsent =
    std::is_same_v<T, Period> || std::is_same_v<T, Clock> || std::is_same_v<T, TradingRules> ||
    std::is_same_v<T, MassBalance>;

[[nodiscard]] bool check_unknown_fields(const Message& message, DecodeError& error);

// ---- scalars: the protobuf value of one field, singular or an element ----

template <class T>
bool read_integer(auto raw, T& out, DecodeError& error) {
  if (!std::in_range<T>(raw)) {
    error = {Reject::malformed,
             "",
             "must lie between " + std::to_string(std::numeric_limits<T>::min()) + " and " +
                 std::to_string(std::numeric_limits<T>::max())};
    return false;
  }
  out = static_cast<T>(raw);
  return true;
}

template <DescribedEnum E>
bool read_enum(int raw, E& out, DecodeError& error) {
  using Rep = std::underlying_type_t<E>;
  if (!std::in_range<Rep>(raw) || !is_known(static_cast<E>(raw))) {
    error.code = Reject::enum_invalid;
    return false;
  }
  out = static_cast<E>(raw);
  return true;
}

bool read_text(const std::string& raw, std::string& out, DecodeError& error);
bool read_date(const std::string& raw, Date& out, DecodeError& error);
bool read_currency(const std::string& raw, Currency& out, DecodeError& error);
bool read_digest(const std::string& raw, Hash256& out, DecodeError& error);
// A Side that may be left out (MassCancel::side): 0 then.
bool read_optional_side(const Message& m,
                        const FieldDescriptor* field,
                        std::uint8_t& out,
                        DecodeError& error);

template <class T>
bool read_message(const Message& message, T& out, DecodeError& error);

// One value of `field`: element `index`, or the singular one if index is negative.
template <class T>
bool read_value(
    const Message& m, const FieldDescriptor* field, int index, T& out, DecodeError& error) {
  const Reflection* r = m.GetReflection();
  std::string scratch;
  const auto text = [&]() -> const std::string& {
    return index < 0 ? r->GetStringReference(m, field, &scratch)
                     : r->GetRepeatedStringReference(m, field, index, &scratch);
  };
  if constexpr (std::is_same_v<T, bool>) {
    out = index < 0 ? r->GetBool(m, field) : r->GetRepeatedBool(m, field, index);
    return true;
  } else if constexpr (DescribedEnum<T>) {
    return read_enum(
        index < 0 ? r->GetEnumValue(m, field) : r->GetRepeatedEnumValue(m, field, index),
        out,
        error);
  } else if constexpr (encoding::IsId<T>::value) {
    typename T::Rep raw = 0;
    const auto wide = index < 0 ? r->GetUInt64(m, field) : r->GetRepeatedUInt64(m, field, index);
    if (!read_integer(wide, raw, error)) return false;
    out = T(raw);
    return true;
  } else if constexpr (encoding::IsAmount<T>::value || std::is_same_v<T, Instant>) {
    out = T(index < 0 ? r->GetInt64(m, field) : r->GetRepeatedInt64(m, field, index));
    return true;
  } else if constexpr (std::is_same_v<T, std::string>) {
    return read_text(text(), out, error);
  } else if constexpr (std::is_same_v<T, Date>) {
    return read_date(text(), out, error);
  } else if constexpr (std::is_same_v<T, Currency>) {
    return read_currency(text(), out, error);
  } else if constexpr (std::is_same_v<T, Hash256>) {
    return read_digest(text(), out, error);
  } else if constexpr (std::is_integral_v<T>) {
    if constexpr (std::is_same_v<T, std::uint8_t>) {
      return read_optional_side(m, field, out, error);
    } else if constexpr (sizeof(T) == 8) {
      if constexpr (std::is_signed_v<T>)
        return read_integer(
            index < 0 ? r->GetInt64(m, field) : r->GetRepeatedInt64(m, field, index), out, error);
      else
        return read_integer(r->GetUInt64(m, field), out, error);
    } else {
      if (field->cpp_type() == FieldDescriptor::CPPTYPE_UINT64) {
        return read_integer(r->GetUInt64(m, field), out, error);
      }
      if constexpr (std::is_signed_v<T>)
        return read_integer(r->GetInt32(m, field), out, error);
      else
        return read_integer(r->GetUInt32(m, field), out, error);
    }
  } else {
    static_assert(encoding::Described<T>);
    if (index >= 0) return read_message(r->GetRepeatedMessage(m, field, index), out, error);
    if (r->HasField(m, field)) return read_message(r->GetMessage(m, field), out, error);
    if (!kMayBeAbsent<T>) error = {Reject::malformed, "", "must be given"};
    return kMayBeAbsent<T>;
  }
}

template <class T>
bool read_field(const Message& m, const FieldDescriptor* field, T& out, DecodeError& error) {
  return read_value(m, field, -1, out, error);
}
template <class T>
bool read_field(const Message& m,
                const FieldDescriptor* field,
                std::vector<T>& out,
                DecodeError& error) {
  const int size = m.GetReflection()->FieldSize(m, field);
  out.resize(static_cast<std::size_t>(size));
  for (int i = 0; i < size; ++i) {
    if (read_value(m, field, i, out[static_cast<std::size_t>(i)], error)) continue;
    error.within("[" + std::to_string(i) + "]");
    return false;
  }
  return true;
}

template <class T>
[[nodiscard]] const FieldDescriptor* field_of(const Message& message, const char* member) {
  const FieldDescriptor* field = message.GetDescriptor()->FindFieldByName(public_name<T>(member));
  ENSURE(field != nullptr);
  return field;
}

// Reads all members of `out`; on error says which.
template <class T>
bool read_message(const Message& message, T& out, DecodeError& error) {
  if (!check_unknown_fields(message, error)) return false;
  bool ok = true;
  boost::mp11::mp_for_each<encoding::Members<T>>([&](auto member) {
    if (!ok) return;
    const FieldDescriptor* field = field_of<T>(message, member.name);
    ok = read_field(message, field, out.*member.pointer, error);
    if (!ok) error.within(field->name());
  });
  return ok;
}

// ---- the way back ----

template <class T>
void write_message(const T& value, Message& message);

template <class T>
void write_value(const T& value, Message& m, const FieldDescriptor* field, bool repeated) {
  const Reflection* r = m.GetReflection();
  const auto put_text = [&](std::string text) {
    if (repeated)
      r->AddString(&m, field, std::move(text));
    else
      r->SetString(&m, field, std::move(text));
  };
  if constexpr (std::is_same_v<T, bool>) {
    r->SetBool(&m, field, value);
  } else if constexpr (DescribedEnum<T>) {
    if (repeated)
      r->AddEnumValue(&m, field, static_cast<int>(value));
    else
      r->SetEnumValue(&m, field, static_cast<int>(value));
  } else if constexpr (encoding::IsId<T>::value) {
    if (repeated)
      r->AddUInt64(&m, field, value.value());
    else
      r->SetUInt64(&m, field, value.value());
  } else if constexpr (encoding::IsAmount<T>::value) {
    r->SetInt64(&m, field, value.value());
  } else if constexpr (std::is_same_v<T, Instant>) {
    if (repeated)
      r->AddInt64(&m, field, value.ns());
    else
      r->SetInt64(&m, field, value.ns());
  } else if constexpr (std::is_same_v<T, std::string>) {
    put_text(value);
  } else if constexpr (std::is_same_v<T, Date>) {
    put_text(value == Date() ? std::string() : to_string(value));
  } else if constexpr (std::is_same_v<T, Currency>) {
    put_text(is_valid(value) ? to_string(value) : std::string());
  } else if constexpr (std::is_same_v<T, Hash256>) {
    const bool unset = std::ranges::all_of(value, [](std::uint8_t byte) { return byte == 0; });
    put_text(unset ? std::string() : std::string(value.begin(), value.end()));
  } else if constexpr (std::is_integral_v<T>) {
    if constexpr (std::is_same_v<T, std::uint8_t>) {
      if (value != 0) r->SetEnumValue(&m, field, value);
    } else if constexpr (sizeof(T) == 8) {
      if constexpr (std::is_signed_v<T>) {
        if (repeated)
          r->AddInt64(&m, field, value);
        else
          r->SetInt64(&m, field, value);
      } else
        r->SetUInt64(&m, field, value);
    } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_UINT64) {
      r->SetUInt64(&m, field, static_cast<std::uint64_t>(value));
    } else {
      if constexpr (std::is_signed_v<T>)
        r->SetInt32(&m, field, value);
      else
        r->SetUInt32(&m, field, value);
    }
  } else {
    static_assert(encoding::Described<T>);
    write_message(value, repeated ? *r->AddMessage(&m, field) : *r->MutableMessage(&m, field));
  }
}

template <class T>
void write_field(const T& value, Message& m, const FieldDescriptor* field) {
  if constexpr (std::is_same_v<T, Period>) {
    if (value == Period()) return;
  }
  write_value(value, m, field, false);
}
template <class T>
void write_field(const std::vector<T>& values, Message& m, const FieldDescriptor* field) {
  for (const T& value : values) write_value(value, m, field, true);
}

// Sets the fields of `message` from all members of `value`.
template <class T>
void write_message(const T& value, Message& message) {
  boost::mp11::mp_for_each<encoding::Members<T>>([&](auto member) {
    write_field(value.*member.pointer, message, field_of<T>(message, member.name));
  });
}

}  // namespace origo::proto::reflect
