#include "gateway/cli/reflect.h"

#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <fstream>
#include <iterator>
#include <utility>

#include "engine/core/date.h"
#include "gateway/cli/base/format.h"
#include "gateway/cli/base/table.h"
#include "gateway/cli/failure.h"

namespace origo::gateway {
namespace {

using google::protobuf::EnumDescriptor;
using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

using Name = std::pair<std::string_view, std::string_view>;
constexpr auto kPrefixes = std::to_array<Name>({
    {"participant", "par"},  {"producer", "par"},        {"user", "usr"},
    {"proposer", "usr"},     {"account", "acc"},         {"from", "acc"},
    {"to", "acc"},           {"registry", "reg"},        {"scheme", "sch"},
    {"device", "dev"},       {"declaration", "dcl"},     {"lot", "lot"},
    {"lots", "lot"},         {"cancellation", "can"},    {"transfer", "tra"},
    {"proposal", "pro"},     {"market", "mkt"},          {"instrument", "ins"},
    {"order", "ord"},        {"maker_order", "ord"},     {"taker_order", "ord"},
    {"trade", "trd"},        {"sell_instrument", "ins"}, {"buyer", "acc"},
    {"seller", "acc"},       {"maker", "ord"},           {"taker", "ord"},
    {"withdrawal", "wdr"},   {"flagged", "wdr"},         {"correction", "dcl"},
    {"input", "lot"},        {"outputs", "lot"},         {"later_lots", "lot"},
    {"claim", "clm"},        {"site", "site"},           {"to_site", "site"},
    {"counterpart", "site"}, {"split_into", "site"},     {"booking", "bkg"},
    {"entered_at", "site"},  {"change", "chg"},          {"asked_by", "usr"},
    {"approved_by", "usr"},
});
constexpr auto kInstants = std::to_array<std::string_view>({"time",
                                                            "expire_at",
                                                            "started_at",
                                                            "next_day_end",
                                                            "day_ends",
                                                            "until",
                                                            "at",
                                                            "calendar_until",
                                                            "due",
                                                            "settles_at"});
constexpr auto kPrices = std::to_array<std::string_view>({"price",
                                                          "last_price",
                                                          "price_min",
                                                          "price_max",
                                                          "stop_price",
                                                          "protection_price",
                                                          "reference_price"});
// Wh or g: a million make 1 MWh or 1 t.
constexpr auto kMeasured = std::to_array<std::string_view>({"gross",
                                                            "counted",
                                                            "unit_size",
                                                            "contract_size",
                                                            "yields",
                                                            "emissions",
                                                            "energy",
                                                            "carried_in",
                                                            "booked_in",
                                                            "booked_out",
                                                            "lapsed",
                                                            "carried_out",
                                                            "left",
                                                            "captured_co2",
                                                            "captured",
                                                            "inherited",
                                                            "given_up",
                                                            "compensated",
                                                            "mass"});

template <std::size_t N>
bool is_one_of(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

const FieldDescriptor* find_field(const Message& message, const char* name) {
  return message.GetDescriptor()->FindFieldByName(name);
}

std::string text_field(const Message& message, const char* name) {
  const FieldDescriptor* const field = find_field(message, name);
  if (field == nullptr || field->cpp_type() != FieldDescriptor::CPPTYPE_STRING) return {};
  return message.GetReflection()->GetString(message, field);
}

std::uint64_t instrument_in(const Message& message) {
  const FieldDescriptor* const field = find_field(message, "instrument");
  if (field == nullptr || field->cpp_type() != FieldDescriptor::CPPTYPE_UINT64) return 0;
  return message.GetReflection()->GetUInt64(message, field);
}

// Ticks of instrument terms, which say themselves what a tick is worth.
std::string in_terms(const Message& terms, std::int64_t ticks) {
  const FieldDescriptor* const tick = find_field(terms, "tick_value");
  if (tick == nullptr) return group_digits(ticks);
  return format_price(
      ticks, text_field(terms, "currency"), terms.GetReflection()->GetInt64(terms, tick));
}

const FieldDescriptor* rows_field(const Message& list) {
  for (int i = 0; i < list.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor* const field = list.GetDescriptor()->field(i);
    if (field->is_repeated() && field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) return field;
  }
  return nullptr;
}

std::string hex(const std::string& bytes) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const char c : bytes) {
    text += kDigits[static_cast<unsigned char>(c) >> 4];
    text += kDigits[static_cast<unsigned char>(c) & 0xf];
  }
  return text;
}

bool is_number(const FieldDescriptor& field) {
  const auto type = field.cpp_type();
  const bool integer =
      type == FieldDescriptor::CPPTYPE_INT64 || type == FieldDescriptor::CPPTYPE_INT32 ||
      type == FieldDescriptor::CPPTYPE_UINT64 || type == FieldDescriptor::CPPTYPE_UINT32;
  return integer && !field.is_repeated() && id_prefix(field.name()).empty() &&
         !is_one_of(kInstants, field.name());
}

std::string integer(const Message& message, const FieldDescriptor& field, std::int64_t value) {
  const std::string& name = field.name();
  if (is_one_of(kInstants, name)) return value == 0 ? "-" : format_instant(Instant(value));
  if (name.ends_with("_ns")) return group_digits(value / 1'000'000'000) + " s";
  const std::string currency = text_field(message, "currency");
  if (is_one_of(kMeasured, name)) return format_decimal(value, 6);
  if (name == "amount" &&
      (find_field(message, "carrier") != nullptr || find_field(message, "dimension") != nullptr ||
       find_field(message, "kind") != nullptr)) {
    return format_decimal(value, 6);
  }
  if (!currency.empty() &&
      (name == "available" || name == "reserved" || name == "pending" || name == "amount" ||
       name == "cash" || name == "fee" || name == "tick_value")) {
    return format_cash(value, currency);
  }
  return group_digits(value);
}

}  // namespace

std::string_view id_prefix(std::string_view field) {
  for (const auto& [name, prefix] : kPrefixes) {
    if (name == field) return prefix;
  }
  return {};
}

std::string short_name(const EnumValueDescriptor& value) {
  // TIME_IN_FORCE_GTC less the name of its type, TimeInForce.
  std::size_t prefix = 0;
  for (const char c : value.type()->name())
    prefix += std::isupper(static_cast<unsigned char>(c)) != 0 ? 2 : 1;
  std::string text = value.name().substr(prefix);
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) {
    return static_cast<char>(std::tolower(c));
  });
  return text;
}

std::vector<std::string> choices_of(const EnumDescriptor& type) {
  std::vector<std::string> names;
  for (int i = 0; i < type.value_count(); ++i) {
    std::string name = short_name(*type.value(i));
    if (name != "unspecified") names.push_back(std::move(name));
  }
  return names;
}

int enum_number(const EnumDescriptor& type, std::string_view name) {
  std::string known;
  for (const std::string& choice : choices_of(type)) known += (known.empty() ? "" : ", ") + choice;
  for (int i = 0; i < type.value_count(); ++i) {
    const std::string candidate = short_name(*type.value(i));
    if (candidate == name && candidate != "unspecified") return type.value(i)->number();
  }
  throw Failure(Exit::usage, "'" + std::string(name) + "' is none of: " + known);
}

std::string Shower::single(const Message& message, const FieldDescriptor& field, int index) const {
  const Reflection& reflection = *message.GetReflection();
  const bool many = field.is_repeated();
  const auto id = [&](std::uint64_t value) {
    const std::string_view prefix = id_prefix(field.name());
    return prefix.empty() ? std::to_string(value) : format_id(prefix, value);
  };
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING: {
      const std::string text = many ? reflection.GetRepeatedString(message, &field, index)
                                    : reflection.GetString(message, &field);
      return field.type() == FieldDescriptor::TYPE_BYTES ? hex(text) : text;
    }
    case FieldDescriptor::CPPTYPE_UINT64:
      return id(many ? reflection.GetRepeatedUInt64(message, &field, index)
                     : reflection.GetUInt64(message, &field));
    case FieldDescriptor::CPPTYPE_INT64: {
      const std::int64_t value = many ? reflection.GetRepeatedInt64(message, &field, index)
                                      : reflection.GetInt64(message, &field);
      if (field.name() == "price_min" || field.name() == "price_max")
        return in_terms(message, value);
      if (is_one_of(kPrices, field.name()))
        return value == 0 ? "-" : price_(instrument_in(message), value);
      return integer(message, field, value);
    }
    case FieldDescriptor::CPPTYPE_UINT32:
      return group_digits(many ? reflection.GetRepeatedUInt32(message, &field, index)
                               : reflection.GetUInt32(message, &field));
    case FieldDescriptor::CPPTYPE_INT32:
      return group_digits(many ? reflection.GetRepeatedInt32(message, &field, index)
                               : reflection.GetInt32(message, &field));
    case FieldDescriptor::CPPTYPE_BOOL:
      return reflection.GetBool(message, &field) ? "yes" : "no";
    case FieldDescriptor::CPPTYPE_ENUM:
      return short_name(many ? *reflection.GetRepeatedEnum(message, &field, index)
                             : *reflection.GetEnum(message, &field));
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return nested(many ? reflection.GetRepeatedMessage(message, &field, index)
                         : reflection.GetMessage(message, &field));
    case FieldDescriptor::CPPTYPE_DOUBLE:
    case FieldDescriptor::CPPTYPE_FLOAT:
      break;  // the API has integers only
  }
  return "?";
}

std::string Shower::nested(const Message& message) const {
  const std::string& type = message.GetDescriptor()->name();
  const auto field = [&](const char* name) {
    const FieldDescriptor* const one = find_field(message, name);
    return one == nullptr ? std::string() : cell(message, *one);
  };
  if (type == "Period") return field("first") + ".." + field("last");
  if (type == "Field") return field("name") + "=" + field("value");
  if (type == "SerialRange") {
    if (!field("printed").empty()) return field("printed");
    const Reflection& reflection = *message.GetReflection();
    const std::int64_t first = reflection.GetInt64(message, find_field(message, "first"));
    const std::int64_t count = reflection.GetInt64(message, find_field(message, "count"));
    return std::to_string(first) + "-" + std::to_string(first + count - 1);
  }
  if (type == "Scope") {
    if (field("kind") == "node") return "node";
    return (field("kind") == "participant" ? "par-" : "reg-") + field("id");
  }
  if (type == "RoleGrant") return field("role") + "@" + field("scope");
  if (type == "Carried") {
    const std::string programme = field("co2_programme");
    return field("carrier") + (programme.empty() ? "" : " of " + programme) + " " + field("amount");
  }
  if (type == "CarbonOrigin")
    return (field("sources").empty() ? "unknown" : field("sources")) + " " + field("mass") + " t";
  if (type == "ClauseSpec") {
    std::string words = field("any_of");
    const Reflection& reflection = *message.GetReflection();
    const auto bound = [&](const char* name) {
      return std::to_string(reflection.GetInt64(message, find_field(message, name)));
    };
    if (words.empty()) words = bound("min") + ".." + bound("max");
    return field("attribute") + " " + words;
  }
  if (type == "FeeTier") {
    const std::int64_t from =
        message.GetReflection()->GetInt64(message, find_field(message, "volume_from"));
    return "from " + format_decimal(from, 6) + " MWh or t: " + field("fees");
  }
  if (type == "FeeRate") return field("rate_ppm") + " ppm + " + field("per_contract");
  std::string text;
  for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor* const one = message.GetDescriptor()->field(i);
    const std::string value = cell(message, *one);
    if (value.empty() || value == "0") continue;
    text += (text.empty() ? "" : " ") + one->name() + " " + value;
  }
  return text;
}

std::string Shower::cell(const Message& message, const FieldDescriptor& field) const {
  const Reflection& reflection = *message.GetReflection();
  if (!field.is_repeated()) {
    if (field.has_presence() && !reflection.HasField(message, &field)) return "-";
    return single(message, field, 0);
  }
  std::string text;
  for (int i = 0; i < reflection.FieldSize(message, &field); ++i) {
    text += (i == 0 ? "" : ", ") + single(message, field, i);
  }
  return text;
}

std::string Shower::table(const Message& list, const std::vector<std::string>& columns) const {
  const FieldDescriptor* const rows = rows_field(list);
  if (rows == nullptr || list.GetReflection()->FieldSize(list, rows) == 0) return "none\n";
  std::vector<const FieldDescriptor*> fields;
  for (int i = 0; i < rows->message_type()->field_count(); ++i) {
    const FieldDescriptor* const field = rows->message_type()->field(i);
    if (columns.empty() ||
        std::find(columns.begin(), columns.end(), field->name()) != columns.end()) {
      fields.push_back(field);
    }
  }
  std::vector<Column> titles;
  for (const FieldDescriptor* const field : fields) {
    std::string title = field->name();
    if (is_one_of(kMeasured, title)) title += " (MWh or t)";
    std::replace(title.begin(), title.end(), '_', ' ');
    titles.push_back({.title = title, .align = is_number(*field) ? Align::right : Align::left});
  }
  Table table(std::move(titles));
  for (int i = 0; i < list.GetReflection()->FieldSize(list, rows); ++i) {
    const Message& row = list.GetReflection()->GetRepeatedMessage(list, rows, i);
    std::vector<std::string> cells;
    for (const FieldDescriptor* const field : fields) cells.push_back(cell(row, *field));
    table.add(std::move(cells));
  }
  return table.text();
}

void Shower::add_lines(std::string& out, const Message& message, std::size_t indent) const {
  const Reflection& reflection = *message.GetReflection();
  std::size_t width = 0;
  for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
    width = std::max(width, message.GetDescriptor()->field(i)->name().size());
  }
  for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor& field = *message.GetDescriptor()->field(i);
    std::string name = field.name();
    std::replace(name.begin(), name.end(), '_', ' ');
    const std::string title =
        std::string(indent, ' ') + name + std::string(width + 2 - name.size(), ' ');
    const bool message_field = field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
    if (message_field && !field.is_repeated() && reflection.HasField(message, &field) &&
        indent == 0 && field.message_type()->field_count() > 3) {
      out += name + "\n";
      add_lines(out, reflection.GetMessage(message, &field), 2);
    } else if (message_field && field.is_repeated()) {
      for (int k = 0; k < reflection.FieldSize(message, &field); ++k) {
        out += (k == 0 ? title : std::string(title.size(), ' ')) + single(message, field, k) + "\n";
      }
    } else {
      const std::string value = cell(message, field);
      if (!value.empty() && value != "-") out += title + value + "\n";
    }
  }
}

std::string Shower::page(const Message& message) const {
  std::string text;
  add_lines(text, message, 0);
  return text;
}

void read_json_file(const std::string& path, Message& message) {
  std::ifstream file(path, std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (!file.is_open() || file.bad()) throw Failure(Exit::usage, "cannot read " + path);
  const auto status = google::protobuf::util::JsonStringToMessage(text, &message);
  if (!status.ok()) throw Failure(Exit::usage, path + ": " + std::string(status.message()));
}

std::string to_json_line(const Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  options.always_print_primitive_fields = true;
  std::string text;
  const auto status = google::protobuf::util::MessageToJsonString(message, &text, options);
  if (!status.ok()) throw Failure(Exit::failed, "cannot print the answer: " + status.ToString());
  return text;
}

}  // namespace origo::gateway
