#include <algorithm>
#include <limits>

#include "gateway/cli/base/format.h"
#include "gateway/cli/base/parse.h"
#include "gateway/cli/verb.h"
#include "proto/codec/schemes.h"

namespace origo::gateway {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

[[noreturn]] void wrong(const std::string& value, const std::string& expected) {
  throw Failure(Exit::usage, "'" + value + "' is not " + expected);
}

std::uint64_t read_id(const std::string& field, const std::string& value, Session& session) {
  const std::string_view prefix = id_prefix(field);
  if (const auto id = parse_id(value, prefix)) return *id;
  if (field == "instrument") return session.instrument(value).instrument();
  if (field == "registry") return session.registry(value);
  if (field == "market") return session.market(value);
  wrong(value, prefix.empty() ? "a number" : "an id such as " + std::string(prefix) + "-12");
}

std::int64_t read_number(const std::string& value, std::int64_t max) {
  const bool negative = value.starts_with('-');
  const auto number = parse_count(negative ? value.substr(1) : value);
  if (!number || static_cast<std::int64_t>(*number) > max) wrong(value, "a whole number");
  return negative ? -static_cast<std::int64_t>(*number) : static_cast<std::int64_t>(*number);
}

std::string read_hex(const std::string& value) {
  std::string bytes;
  const auto digit = [&](char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    wrong(value, "pairs of hexadecimal digits");
  };
  if (value.size() % 2 != 0) wrong(value, "pairs of hexadecimal digits");
  for (std::size_t i = 0; i < value.size(); i += 2) {
    bytes += static_cast<char>(digit(value[i]) * 16 + digit(value[i + 1]));
  }
  return bytes;
}

void set_text(Message& message, const char* field, const std::string& value) {
  message.GetReflection()->SetString(
      &message, message.GetDescriptor()->FindFieldByName(field), value);
}

void set_number(Message& message, const char* field, std::int64_t value) {
  message.GetReflection()->SetInt64(
      &message, message.GetDescriptor()->FindFieldByName(field), value);
}

void set_nested(Message& message, const std::string& value) {
  const std::string& type = message.GetDescriptor()->name();
  if (type == "Period") {
    const auto period = parse_period(value);
    if (!period) wrong(value, "a period such as 2023-03, 2023-03-05 or 2023-03-01..2023-03-31");
    set_text(message, "first", to_string(period->first));
    set_text(message, "last", to_string(period->last));
    return;
  }
  if (type == "ClauseSpec") {
    const auto clause = parse_clause(value);
    if (!clause) wrong(value, "a condition such as carrier=biomethane or vintage:2022..2023");
    v1::ClauseSpec spec;
    spec.set_attribute(clause->attribute);
    for (const std::string& word : clause->any_of) spec.add_any_of(word);
    spec.set_min(clause->min);
    spec.set_max(clause->max);
    message.CopyFrom(spec);
    return;
  }
  if (type == "FeeTier") {
    const auto tier = parse_tier(value);
    if (!tier) wrong(value, "a tier such as 1000MWh:maker=-5,taker=30");
    v1::FeeTier out;
    proto::write_tier(*tier, out);
    message.CopyFrom(out);
    return;
  }
  const auto pair = parse_key_value(value);
  if (!pair) wrong(value, "of the form name=value");
  if (type == "Field") {
    set_text(message, "name", pair->key);
    set_text(message, "value", pair->value);
    return;
  }
  const auto amount = parse_decimal(pair->value, 6);  // Deduction
  if (!amount) wrong(value, "of the form kind=MWh");
  set_text(message, "kind", pair->key);
  set_number(message, "amount", *amount);
}

void set_one(Message& message,
             const FieldDescriptor& field,
             const std::string& value,
             Session& session) {
  const Reflection& reflection = *message.GetReflection();
  const bool many = field.is_repeated();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING: {
      const std::string text =
          field.type() == FieldDescriptor::TYPE_BYTES ? read_hex(value) : value;
      many ? reflection.AddString(&message, &field, text)
           : reflection.SetString(&message, &field, text);
      return;
    }
    case FieldDescriptor::CPPTYPE_UINT64: {
      const std::uint64_t id = read_id(field.name(), value, session);
      many ? reflection.AddUInt64(&message, &field, id)
           : reflection.SetUInt64(&message, &field, id);
      return;
    }
    case FieldDescriptor::CPPTYPE_INT64:
      reflection.SetInt64(
          &message, &field, read_number(value, std::numeric_limits<std::int64_t>::max()));
      return;
    case FieldDescriptor::CPPTYPE_INT32: {
      const std::int64_t number = read_number(value, std::numeric_limits<std::int32_t>::max());
      reflection.SetInt32(&message, &field, static_cast<std::int32_t>(number));
      return;
    }
    case FieldDescriptor::CPPTYPE_UINT32: {
      const std::int64_t number = read_number(value, std::numeric_limits<std::uint32_t>::max());
      if (number < 0) wrong(value, "a whole number");
      reflection.SetUInt32(&message, &field, static_cast<std::uint32_t>(number));
      return;
    }
    case FieldDescriptor::CPPTYPE_BOOL:
      if (value != "true" && value != "false") wrong(value, "true or false");
      reflection.SetBool(&message, &field, value == "true");
      return;
    case FieldDescriptor::CPPTYPE_ENUM: {
      const auto* const kind =
          field.enum_type()->FindValueByNumber(enum_number(*field.enum_type(), value));
      many ? reflection.AddEnum(&message, &field, kind)
           : reflection.SetEnum(&message, &field, kind);
      return;
    }
    case FieldDescriptor::CPPTYPE_MESSAGE:
      set_nested(many ? *reflection.AddMessage(&message, &field)
                      : *reflection.MutableMessage(&message, &field),
                 value);
      return;
    case FieldDescriptor::CPPTYPE_DOUBLE:
    case FieldDescriptor::CPPTYPE_FLOAT:
      break;  // the API has integers only
  }
  throw Failure(Exit::failed, "cannot set " + field.full_name());
}

}  // namespace

std::int64_t ticks_of(const std::string& text, const v1::Instrument& instrument) {
  if (text.ends_with('t')) {
    const auto ticks = parse_count(text.substr(0, text.size() - 1));
    if (!ticks) throw Failure(Exit::usage, "'" + text + "' is not a number of ticks");
    return static_cast<std::int64_t>(*ticks);
  }
  const v1::InstrumentTerms& terms = instrument.terms();
  const auto ticks = parse_price(text, terms.currency(), terms.tick_value());
  if (ticks) return *ticks;
  throw Failure(Exit::usage,
                "'" + text + "' is not a price of " + instrument.code() + ": steps of " +
                    format_cash(terms.tick_value(), terms.currency()));
}

void set_field(Message& message,
               const std::string& field,
               const std::vector<std::string>& values,
               Session& session) {
  const FieldDescriptor* const descriptor = message.GetDescriptor()->FindFieldByName(field);
  if (descriptor == nullptr) throw Failure(Exit::failed, "no field " + field);
  for (const std::string& value : values) set_one(message, *descriptor, value, session);
}

}  // namespace origo::gateway
