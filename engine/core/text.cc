#include "engine/core/text.h"

#include <algorithm>
#include <cstdint>

namespace origo {
namespace {

// The length of the well-formed UTF-8 sequence at the start of `text`; 0 if there is none.
std::size_t sequence_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const auto continues = [&](std::size_t i) { return i < text.size() && (byte(i) & 0xc0) == 0x80; };
  const std::uint8_t lead = byte(0);
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead <= 0xdf) return continues(1) ? 2 : 0;
  if (lead >= 0xe0 && lead <= 0xef) {
    if (!continues(1) || !continues(2)) return 0;
    if (lead == 0xe0 && byte(1) < 0xa0) return 0;  // overlong
    if (lead == 0xed && byte(1) > 0x9f) return 0;  // surrogate
    return 3;
  }
  if (lead >= 0xf0 && lead <= 0xf4) {
    if (!continues(1) || !continues(2) || !continues(3)) return 0;
    if (lead == 0xf0 && byte(1) < 0x90) return 0;  // overlong
    if (lead == 0xf4 && byte(1) > 0x8f) return 0;  // beyond U+10FFFF
    return 4;
  }
  return 0;
}

bool is_code_character(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '_' || c == '-';
}

}  // namespace

bool is_clean_text(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = sequence_length(text);
    if (length == 0) return false;
    const auto lead = static_cast<std::uint8_t>(text[0]);
    if (length == 1 && (lead < 0x20 || lead == 0x7f)) return false;
    if (lead == 0xc2 && static_cast<std::uint8_t>(text[1]) < 0xa0) return false;  // C1 controls
    text.remove_prefix(length);
  }
  return true;
}

Verdict check_name(std::string_view name) {
  if (name.empty() || name.size() > 200 || !is_clean_text(name)) return Reject::name_invalid;
  return std::nullopt;
}

Verdict check_text(std::string_view text) {
  if (text.size() > 2000 || !is_clean_text(text)) return Reject::text_invalid;
  return std::nullopt;
}

Verdict check_code(std::string_view code) {
  const bool ok = !code.empty() && code.size() <= 40 &&
                  std::all_of(code.begin(), code.end(), is_code_character);
  if (!ok) return Refusal(Reject::code_invalid);
  return std::nullopt;
}

Verdict check_country(std::string_view country) {
  const bool ok = country.size() == 2 && std::all_of(country.begin(), country.end(), [](char c) {
                    return c >= 'A' && c <= 'Z';
                  });
  if (!ok) return Refusal(Reject::country_invalid);
  return std::nullopt;
}

}  // namespace origo
