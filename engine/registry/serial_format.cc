#include "engine/registry/serial_format.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace origo {
namespace {

constexpr std::string_view kDevice = "device.";

// "serial:10" is the key "serial" with the option "10".
struct SerialKey {
  std::string_view name;
  std::string_view option;
  bool has_option;  // a colon without one says nothing
};

// Takes the text before the next key, or the key, off the front of `format`; false at the end. A
// brace that opens or closes nothing is text.
bool take_key(std::string_view& format, std::string_view& text, std::optional<SerialKey>& key) {
  if (format.empty()) return false;
  key.reset();
  const std::size_t close = format.find('}');
  if (format.front() != '{' || close == std::string_view::npos) {
    text = format.substr(0, std::max<std::size_t>(1, std::min(format.find('{'), format.size())));
    format.remove_prefix(text.size());
    return true;
  }
  const std::string_view inside = format.substr(1, close - 1);
  const std::size_t colon = inside.find(':');
  key = SerialKey{
      .name = inside.substr(0, colon),
      .option = colon == std::string_view::npos ? std::string_view() : inside.substr(colon + 1),
      .has_option = colon != std::string_view::npos};
  format.remove_prefix(close + 1);
  return true;
}

// The width that the option asks for, 0 for none; nothing if it is no width.
std::optional<std::size_t> width_of(std::string_view option) {
  if (option.empty()) return 0;
  std::size_t width = 0;
  const auto [end, error] = std::from_chars(option.data(), option.data() + option.size(), width);
  if (error != std::errc() || end != option.data() + option.size()) return std::nullopt;
  if (width < 1 || width > 20) return std::nullopt;
  return width;
}

std::string padded(std::string text, std::size_t width) {
  if (text.size() < width) text.insert(0, width - text.size(), '0');
  return text;
}

std::string digits(std::int64_t value, std::size_t width) {
  return padded(std::to_string(value), width);
}

bool is_date_key(std::string_view name) {
  return name == "start" || name == "end";
}

// "ddmmyy" of 1 March 2023 is 010323; signs other than d, m and y stand for themselves.
std::optional<std::string> print_date(std::string_view pattern, Date date) {
  const CivilDate day = civil(date);
  std::string out;
  while (!pattern.empty()) {
    const std::size_t same = std::min(pattern.find_first_not_of(pattern.front()), pattern.size());
    const std::string_view part = pattern.substr(0, same);
    if (part == "dd") {
      out += digits(day.day, 2);
    } else if (part == "mm") {
      out += digits(day.month, 2);
    } else if (part == "yy") {
      out += digits(day.year % 100, 2);
    } else if (part == "yyyy") {
      out += digits(day.year, 4);
    } else if (part.front() == 'd' || part.front() == 'm' || part.front() == 'y') {
      return std::nullopt;
    } else {
      out += part;
    }
    pattern.remove_prefix(same);
  }
  return out;
}

bool is_serial_key(const SerialKey& key, const std::vector<FieldRule>& device_fields) {
  if (key.has_option && key.option.empty()) return false;
  if (is_date_key(key.name))
    return !key.option.empty() && print_date(key.option, Date()).has_value();
  if (!width_of(key.option)) return false;
  if (key.name.starts_with(kDevice)) {
    const std::string_view name = key.name.substr(kDevice.size());
    return std::any_of(device_fields.begin(), device_fields.end(), [&](const FieldRule& field) {
      return field.name == name && field.required;
    });
  }
  for (const std::string_view known :
       {"registry", "country", "lot", "vintage", "serial", "index"}) {
    if (key.name == known) return true;
  }
  return false;
}

std::string print_key(const SerialKey& key,
                      const Registry& registry,
                      const Lot& lot,
                      Serial serial) {
  if (key.name == "start") return print_date(key.option, lot.period.first).value_or("");
  if (key.name == "end") return print_date(key.option, lot.period.last).value_or("");
  const std::size_t width = width_of(key.option).value_or(0);
  const RegistryBook& book = registry.get(lot.registry);
  if (key.name == "registry") return padded(book.code, width);
  if (key.name == "country") return padded(book.country, width);
  if (key.name == "lot") return digits(lot.id.value(), width);
  if (key.name == "vintage") return digits(year_of(lot.period.last), width);
  if (key.name == "serial") return digits(serial.value(), width);
  if (key.name == "index") return digits(serial.value() - 1, width);
  for (const Field& field : registry.maker_of(lot).fields) {
    if (field.name == key.name.substr(kDevice.size())) return padded(field.value, width);
  }
  return {};  // a device of before the scheme asked for the field
}

}  // namespace

bool is_serial_format(std::string_view format, const std::vector<FieldRule>& device_fields) {
  std::string_view text;
  std::optional<SerialKey> key;
  while (take_key(format, text, key)) {
    if (key ? !is_serial_key(*key, device_fields)
            : text.find_first_of("{}") != std::string_view::npos)
      return false;
  }
  return true;
}

std::string print_serial(const Registry& registry, const Lot& lot, Serial serial) {
  std::string out;
  std::string_view format = registry.get(lot.scheme).serial_format;
  std::string_view text;
  std::optional<SerialKey> key;
  while (take_key(format, text, key))
    out += key ? print_key(*key, registry, lot, serial) : std::string(text);
  return out;
}

std::string print_range(const Registry& registry, const Lot& lot, const SerialRange& range) {
  const Serial last(range.first.value() + range.count.value() - 1);
  return print_serial(registry, lot, range.first) + " - " + print_serial(registry, lot, last);
}

}  // namespace origo
