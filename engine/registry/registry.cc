#include "engine/registry/registry.h"

#include <charconv>

namespace origo {
namespace {

std::string padded(std::string text, std::size_t width) {
  if (text.size() < width) text.insert(0, width - text.size(), '0');
  return text;
}

}  // namespace

Date last_day(const Clock& clock, Period period, Date issued) {
  Date basis = issued;
  switch (clock.basis) {
    case ClockBasis::production_start: basis = period.first; break;
    case ClockBasis::production_end: basis = period.last; break;
    case ClockBasis::issuance: break;
    case ClockBasis::none: return kNever;
  }
  return add_days(add_months(basis, clock.months), clock.days);
}

std::string print_serial(std::string_view format, const RegistryBook& registry, const Lot& lot,
                         Serial serial) {
  std::string out;
  while (!format.empty()) {
    const std::size_t close = format.find('}');
    if (format.front() != '{' || close == std::string_view::npos) {
      out += format.front();
      format.remove_prefix(1);
      continue;
    }
    std::string_view key = format.substr(1, close - 1);
    std::size_t width = 0;
    if (const std::size_t colon = key.find(':'); colon != std::string_view::npos) {
      for (const char digit : key.substr(colon + 1))
        width = width * 10 + static_cast<std::size_t>(digit - '0');
      key = key.substr(0, colon);
    }
    if (key == "registry") out += padded(registry.code, width);
    if (key == "country") out += padded(registry.country, width);
    if (key == "lot") out += padded(std::to_string(lot.id.value()), width);
    if (key == "serial") out += padded(std::to_string(serial.value()), width);
    if (key == "vintage") out += padded(std::to_string(year_of(lot.period.last)), width);
    format.remove_prefix(close + 1);
  }
  return out;
}

bool is_serial_format(std::string_view format) {
  while (!format.empty()) {
    if (format.front() == '}') return false;
    if (format.front() != '{') {
      format.remove_prefix(1);
      continue;
    }
    const std::size_t close = format.find('}');
    if (close == std::string_view::npos) return false;
    const std::string_view field = format.substr(1, close - 1);
    const std::size_t colon = field.find(':');
    const std::string_view key = field.substr(0, colon);
    if (key != "registry" && key != "country" && key != "lot" && key != "serial" && key != "vintage")
      return false;
    if (colon != std::string_view::npos) {
      const std::string_view width = field.substr(colon + 1);
      std::size_t number = 0;
      const auto [end, error] = std::from_chars(width.data(), width.data() + width.size(), number);
      if (error != std::errc() || end != width.data() + width.size()) return false;
      if (number < 1 || number > 20) return false;
    }
    format.remove_prefix(close + 1);
  }
  return true;
}

SchemeId Registry::scheme_on(std::string_view code, Date day) const {
  for (std::size_t i = schemes.size(); i > 0; --i) {
    const Scheme& scheme = schemes[i - 1];
    if (scheme.code == code && scheme.valid_from <= day && day <= scheme.valid_to)
      return SchemeId(static_cast<std::uint32_t>(i));
  }
  return {};
}

}  // namespace origo
