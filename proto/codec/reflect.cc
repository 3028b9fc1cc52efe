#include "proto/codec/reflect.h"

#include <google/protobuf/unknown_field_set.h>

namespace origo::proto::reflect {

bool check_unknown_fields(const Message& message, DecodeError& error) {
  const auto& unknown = message.GetReflection()->GetUnknownFields(message);
  if (unknown.empty()) return true;
  error = {Reject::malformed,
           "",
           "has field number " + std::to_string(unknown.field(0).number()) +
               ", which this version does not know"};
  return false;
}

bool read_text(const std::string& raw, std::string& out, DecodeError& error) {
  if (!is_clean_text(raw)) {
    error = {Reject::text_invalid, "", "must be UTF-8 without control characters"};
    return false;
  }
  out = raw;
  return true;
}

bool read_date(const std::string& raw, Date& out, DecodeError& error) {
  if (raw.empty()) return true;  // the struct's own default
  const auto date = parse_date(raw);
  if (!date) {
    error = {Reject::malformed, "", "must be a date like 2026-01-31"};
    return false;
  }
  out = *date;
  return true;
}

bool read_currency(const std::string& raw, Currency& out, DecodeError& error) {
  out = currency_of(raw);
  if (is_valid(out)) return true;
  error.code = Reject::currency_invalid;
  return false;
}

bool read_digest(const std::string& raw, Hash256& out, DecodeError& error) {
  if (raw.empty()) return true;
  if (raw.size() != out.size()) {
    error = {Reject::malformed, "", "must be 32 bytes"};
    return false;
  }
  std::copy(raw.begin(), raw.end(), out.begin());
  return true;
}

bool read_optional_side(const Message& m,
                        const FieldDescriptor* field,
                        std::uint8_t& out,
                        DecodeError& error) {
  if (!m.GetReflection()->HasField(m, field)) return true;
  Side side = Side::buy;
  if (!read_enum(m.GetReflection()->GetEnumValue(m, field), side, error)) return false;
  out = static_cast<std::uint8_t>(side);
  return true;
}

}  // namespace origo::proto::reflect
