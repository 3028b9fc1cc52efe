#pragma once

#include <array>
#include <bit>
#include <boost/describe.hpp>
#include <boost/mp11.hpp>
#include <cstdint>
#include <cstring>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "engine/core/amount.h"
#include "engine/core/date.h"
#include "engine/core/id.h"

// The canonical encoding of commands, events and state: field by field in declaration order,
// little-endian, integers in their full width, sequences with a 32-bit count before them, a variant
// as its 16-bit alternative number (from 1) and its body. Equal values have equal bytes.
// A struct takes part by BOOST_DESCRIBE_STRUCT; no field is written by hand anywhere else.
namespace origo {

using Bytes = std::vector<std::uint8_t>;

static_assert(std::endian::native == std::endian::little,
              "the encoding copies integers as they lie");

namespace encoding {

template <class T>
concept Described = boost::describe::has_describe_members<T>::value;

template <class T>
using Members = boost::describe::
    describe_members<T, boost::describe::mod_any_access | boost::describe::mod_inherited>;

template <class T>
struct IsId : std::false_type {};
template <class Tag, class Rep>
struct IsId<Id<Tag, Rep>> : std::true_type {};
template <class T>
struct IsAmount : std::false_type {};
template <class Tag>
struct IsAmount<Amount<Tag>> : std::true_type {};
template <class T>
struct IsByteArray : std::false_type {};
template <std::size_t N>
struct IsByteArray<std::array<std::uint8_t, N>> : std::true_type {};

// The bytes of a value whose encoding never varies in length; 0 where it does.
template <class T>
constexpr std::size_t fixed_size() {
  if constexpr (std::is_same_v<T, bool>) {
    return 1;
  } else if constexpr (std::is_integral_v<T> || std::is_enum_v<T>) {
    return sizeof(T);
  } else if constexpr (IsId<T>::value) {
    return sizeof(typename T::Rep);
  } else if constexpr (IsAmount<T>::value || std::is_same_v<T, Instant>) {
    return 8;
  } else if constexpr (std::is_same_v<T, Date>) {
    return 4;
  } else if constexpr (IsByteArray<T>::value) {
    return std::tuple_size_v<T>;
  } else if constexpr (Described<T>) {
    std::size_t sum = 0;
    bool fixed = true;
    boost::mp11::mp_for_each<Members<T>>([&](auto member) {
      using Field = std::remove_cvref_t<decltype(std::declval<T&>().*member.pointer)>;
      constexpr std::size_t size = fixed_size<Field>();
      if (size == 0) fixed = false;
      sum += size;
    });
    return fixed ? sum : 0;
  } else {
    return 0;
  }
}

// Writes a fixed-size value at `at`, returns the end of what was written.
template <class T>
std::uint8_t* put_fixed(std::uint8_t* at, const T& value) {
  if constexpr (std::is_same_v<T, bool>) {
    *at = value ? 1 : 0;
    return at + 1;
  } else if constexpr (std::is_integral_v<T> || std::is_enum_v<T>) {
    std::memcpy(at, &value, sizeof(T));
    return at + sizeof(T);
  } else if constexpr (IsId<T>::value || IsAmount<T>::value) {
    return put_fixed(at, value.value());
  } else if constexpr (std::is_same_v<T, Instant>) {
    return put_fixed(at, value.ns());
  } else if constexpr (std::is_same_v<T, Date>) {
    return put_fixed(at, value.days());
  } else if constexpr (IsByteArray<T>::value) {
    std::memcpy(at, value.data(), value.size());
    return at + value.size();
  } else {
    boost::mp11::mp_for_each<Members<T>>(
        [&](auto member) { at = put_fixed(at, value.*member.pointer); });
    return at;
  }
}

}  // namespace encoding

// Appends canonical encodings to a buffer that the caller owns.
class Encoder {
 public:
  explicit Encoder(Bytes& out) : out_(out) {}

  template <class T>
  void put(const T& value) {
    constexpr std::size_t size = encoding::fixed_size<T>();
    if constexpr (size > 0) {
      const std::size_t at = out_.size();
      out_.resize(at + size);
      encoding::put_fixed(out_.data() + at, value);
    } else {
      put_varying(value);
    }
  }
  [[nodiscard]] Bytes& bytes() { return out_; }

 private:
  template <class T>
  requires encoding::Described<T>
  void put_varying(const T& value) {
    boost::mp11::mp_for_each<encoding::Members<T>>(
        [&](auto member) { put(value.*member.pointer); });
  }
  void put_varying(const std::string& text) {
    put(static_cast<std::uint32_t>(text.size()));
    out_.insert(out_.end(), text.begin(), text.end());
  }
  template <class T>
  void put_varying(const std::optional<T>& value) {
    put(value.has_value());
    if (value) put(*value);
  }
  template <class A, class B>
  void put_varying(const std::pair<A, B>& value) {
    put(value.first);
    put(value.second);
  }
  template <class... Ts>
  void put_varying(const std::variant<Ts...>& value) {
    put(static_cast<std::uint16_t>(value.index() + 1));
    std::visit([&](const auto& body) { put(body); }, value);
  }
  // Any sequence, set or map: count and elements in the container's own order, which is total.
  template <class C>
  requires requires(const C& c) {
    c.size();
    c.begin();
  } &&(!encoding::Described<C>)void put_varying(const C& container) {
    put(static_cast<std::uint32_t>(container.size()));
    for (const auto& element : container) put(element);
  }

  Bytes& out_;
};

// Reads canonical encodings. Any malformed input makes `ok()` false and all further reads no-ops;
// nothing is allocated beyond the size of the input. What is read encodes to the same bytes again:
// a map or set whose keys do not ascend is malformed.
class Decoder {
 public:
  Decoder(const std::uint8_t* data, std::size_t size) : at_(data), end_(data + size) {}
  explicit Decoder(const Bytes& bytes) : Decoder(bytes.data(), bytes.size()) {}

  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] bool at_end() const { return at_ == end_; }
  [[nodiscard]] std::size_t left() const { return static_cast<std::size_t>(end_ - at_); }
  void fail() { ok_ = false; }

  template <class T>
  void get(T& value) {
    if constexpr (std::is_same_v<T, bool>) {
      std::uint8_t byte = 0;
      get(byte);
      if (byte > 1) ok_ = false;
      value = byte == 1;
    } else if constexpr (std::is_integral_v<T> || std::is_enum_v<T>) {
      copy(&value, sizeof(T));
    } else if constexpr (encoding::IsId<T>::value) {
      typename T::Rep raw = 0;
      get(raw);
      value = T(raw);
    } else if constexpr (encoding::IsAmount<T>::value || std::is_same_v<T, Instant>) {
      std::int64_t raw = 0;
      get(raw);
      value = T(raw);
    } else if constexpr (std::is_same_v<T, Date>) {
      std::int32_t raw = 0;
      get(raw);
      value = Date(raw);
    } else if constexpr (encoding::IsByteArray<T>::value) {
      copy(value.data(), value.size());
    } else {
      get_varying(value);
    }
  }

 private:
  template <class T>
  requires encoding::Described<T>
  void get_varying(T& value) {
    boost::mp11::mp_for_each<encoding::Members<T>>(
        [&](auto member) { get(value.*member.pointer); });
  }
  void get_varying(std::string& text) {
    const std::uint32_t size = get_count();
    text.assign(reinterpret_cast<const char*>(at_), size);
    at_ += size;
  }
  template <class T>
  void get_varying(std::optional<T>& value) {
    bool present = false;
    get(present);
    value.reset();
    if (ok_ && present) get(value.emplace());
  }
  template <class A, class B>
  void get_varying(std::pair<A, B>& value) {
    get(value.first);
    get(value.second);
  }
  template <class... Ts>
  void get_varying(std::variant<Ts...>& value) {
    std::uint16_t number = 0;
    get(number);
    if (!ok_ || number == 0 || number > sizeof...(Ts)) {
      ok_ = false;
      return;
    }
    boost::mp11::mp_with_index<sizeof...(Ts)>(
        number - 1u, [&](auto index) { get(value.template emplace<decltype(index)::value>()); });
  }
  template <class K, class V>
  void get_varying(std::map<K, V>& map) {
    map.clear();
    for (std::uint32_t left = get_count(); ok_ && left > 0; --left) {
      std::pair<K, V> entry;
      get(entry);
      if (!map.empty() && !(map.rbegin()->first < entry.first)) ok_ = false;
      if (ok_) map.emplace_hint(map.end(), std::move(entry));
    }
  }
  template <class K>
  void get_varying(std::set<K>& set) {
    set.clear();
    for (std::uint32_t left = get_count(); ok_ && left > 0; --left) {
      K key;
      get(key);
      if (!set.empty() && !(*set.rbegin() < key)) ok_ = false;
      if (ok_) set.emplace_hint(set.end(), std::move(key));
    }
  }
  template <class C>
  requires requires(C& c) {
    c.emplace_back();
  } &&(!encoding::Described<C>)void get_varying(C& sequence) {
    sequence.clear();
    for (std::uint32_t left = get_count(); ok_ && left > 0; --left) get(sequence.emplace_back());
  }

  // A count of elements, each at least one byte long: more than what is left is malformed.
  std::uint32_t get_count() {
    std::uint32_t count = 0;
    get(count);
    if (count > left()) ok_ = false;
    return ok_ ? count : 0;
  }
  void copy(void* to, std::size_t size) {
    if (!ok_ || left() < size) {
      ok_ = false;
      return;
    }
    std::memcpy(to, at_, size);
    at_ += size;
  }

  const std::uint8_t* at_;
  const std::uint8_t* end_;
  bool ok_ = true;
};

// A whole value in its canonical bytes.
template <class T>
[[nodiscard]] Bytes encoded(const T& value) {
  Bytes out;
  Encoder(out).put(value);
  return out;
}

}  // namespace origo
