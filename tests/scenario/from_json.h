#pragma once

#include <boost/describe.hpp>
#include <boost/mp11.hpp>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "engine/core/command.h"
#include "engine/core/encoding.h"
#include "tests/scenario/names.h"
#include "tests/scenario/strict_object.h"

// Any command of the core from JSON, member by member. Beyond the plain forms:
// ids by name; dates "2026-01-31"; instants as below; periods ["first", "last"]; fields and
// deductions as {"name": value}; filters as {"attribute": ["word", ...]} or {"attribute": {"min": ,
// "max": }}; digests as any text, which is hashed.
namespace origo::scenario {

// How names become ids: looked up, and for accounts made on first use.
class Resolver {
 public:
  virtual ~Resolver() = default;
  virtual std::uint64_t resolve(Kind kind, const std::string& name) = 0;
  // A number is the scenario's clock; a text is "2026-01-31" or "2026-01-31T12:00:00Z".
  virtual Instant instant(const Json& value, const std::string& where) = 0;
};

template <class T>
struct KindOf;
template <>
struct KindOf<ParticipantId> {
  static constexpr Kind value = Kind::participant;
};
template <>
struct KindOf<UserId> {
  static constexpr Kind value = Kind::user;
};
template <>
struct KindOf<AccountId> {
  static constexpr Kind value = Kind::account;
};
template <>
struct KindOf<RegistryId> {
  static constexpr Kind value = Kind::registry;
};
template <>
struct KindOf<SchemeId> {
  static constexpr Kind value = Kind::scheme;
};
template <>
struct KindOf<DeviceId> {
  static constexpr Kind value = Kind::device;
};
template <>
struct KindOf<DeclarationId> {
  static constexpr Kind value = Kind::declaration;
};
template <>
struct KindOf<LotId> {
  static constexpr Kind value = Kind::lot;
};
template <>
struct KindOf<CancellationId> {
  static constexpr Kind value = Kind::cancellation;
};
template <>
struct KindOf<TransferId> {
  static constexpr Kind value = Kind::transfer;
};
template <>
struct KindOf<ProposalId> {
  static constexpr Kind value = Kind::proposal;
};
template <>
struct KindOf<DeviceChangeId> {
  static constexpr Kind value = Kind::device_change;
};
template <>
struct KindOf<MarketId> {
  static constexpr Kind value = Kind::market;
};
template <>
struct KindOf<InstrumentId> {
  static constexpr Kind value = Kind::instrument;
};
template <>
struct KindOf<SiteId> {
  static constexpr Kind value = Kind::site;
};
template <>
struct KindOf<OrderId> {
  static constexpr Kind value = Kind::order;
};

// SHA-256, and the text whose digest it is; empty: none that was hashed here.
[[nodiscard]] Hash256 hash_of(const std::string& text);
[[nodiscard]] std::string text_of(const Hash256& digest);
[[nodiscard]] Date as_date(const Json& value, const std::string& where);

class FromJson {
 public:
  explicit FromJson(Resolver& resolver) : resolver_(resolver) {}

  // Reads the members of `value` that are there; unknown members are mistakes.
  template <class T>
  requires encoding::Described<T>
  void members(StrictObject& object, T& value) {
    boost::mp11::mp_for_each<encoding::Members<T>>([&](auto member) {
      if (const Json* json = object.find(member.name)) {
        read(*json, value.*member.pointer, object.where() + "." + member.name);
      }
    });
  }

  void read(const Json& json, bool& value, const std::string& where);
  void read(const Json& json, std::string& value, const std::string& where);
  void read(const Json& json, Date& value, const std::string& where) {
    value = as_date(json, where);
  }
  void read(const Json& json, Instant& value, const std::string& where) {
    value = resolver_.instant(json, where);
  }
  void read(const Json& json, Currency& value, const std::string& where);
  void read(const Json& json, Hash256& value, const std::string& where);
  void read(const Json& json, Period& value, const std::string& where);
  void read(const Json& json, Scope& value, const std::string& where);
  void read(const Json& json, std::vector<Field>& value, const std::string& where);
  void read(const Json& json, std::vector<Deduction>& value, const std::string& where);
  void read(const Json& json, std::vector<ClauseSpec>& value, const std::string& where);

  template <class T>
  requires(std::is_integral_v<T> && !std::is_same_v<T, bool>) void read(const Json& json,
                                                                        T& value,
                                                                        const std::string& where) {
    const std::int64_t number = as_number(json, where);
    if (!std::in_range<T>(number)) throw FileMistake(where + " is out of range");
    value = static_cast<T>(number);
  }
  template <class Tag>
  void read(const Json& json, Amount<Tag>& value, const std::string& where) {
    value = Amount<Tag>(as_number(json, where));
  }
  template <class Tag, class Rep>
  void read(const Json& json, Id<Tag, Rep>& value, const std::string& where) {
    Rep raw = 0;
    if (json.is_string()) {
      if constexpr (requires { KindOf<Id<Tag, Rep>>::value; }) {
        raw = static_cast<Rep>(
            resolver_.resolve(KindOf<Id<Tag, Rep>>::value, json.get<std::string>()));
      } else {
        throw FileMistake(where + " must be a number");
      }
    } else {
      read(json, raw, where);
    }
    value = Id<Tag, Rep>(raw);
  }
  // By name; a number stands for a value that may not exist.
  template <class E>
  requires std::is_enum_v<E>
  void read(const Json& json, E& value, const std::string& where) {
    if (json.is_number_integer()) {
      std::underlying_type_t<E> raw = 0;
      read(json, raw, where);
      value = static_cast<E>(raw);
      return;
    }
    std::string word;
    read(json, word, where);
    bool known = false;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>([&](auto enumerator) {
      if (word != enumerator.name) return;
      value = enumerator.value;
      known = true;
    });
    if (!known) throw FileMistake(where + ": no such word: \"" + word + "\"");
  }
  template <class T>
  void read(const Json& json, std::vector<T>& value, const std::string& where) {
    value.clear();
    // {"from": 1, "step": 1, "count": 10001} stands for a long list of numbers.
    if (json.is_object() && json.contains("count")) {
      StrictObject series(json, where);
      const std::int64_t from = series.number("from");
      const std::int64_t step = series.number("step");
      const std::int64_t count = series.number("count");
      series.finish();
      for (std::int64_t i = 0; i < count; ++i)
        read(Json(from + i * step), value.emplace_back(), where);
      return;
    }
    if (!json.is_array()) throw FileMistake(where + " must be a list");
    for (const Json& item : json) read(item, value.emplace_back(), where);
  }
  template <class T>
  requires encoding::Described<T>
  void read(const Json& json, T& value, const std::string& where) {
    StrictObject object(json, where);
    members(object, value);
    object.finish();
  }

 private:
  Resolver& resolver_;
};

}  // namespace origo::scenario
