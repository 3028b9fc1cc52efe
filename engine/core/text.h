#pragma once

#include <string_view>

#include "engine/core/result.h"

namespace origo {

// Whether `text` is UTF-8 (no surrogates, no overlong forms) without control characters.
[[nodiscard]] bool is_clean_text(std::string_view text);

// 1 to 200 bytes of clean text. Rejects: name_invalid.
[[nodiscard]] Verdict check_name(std::string_view name);
// At most 2,000 bytes of clean text; may be empty. Rejects: text_invalid.
[[nodiscard]] Verdict check_text(std::string_view text);
// 1 to 40 of A-Z a-z 0-9 . _ - Rejects: code_invalid.
[[nodiscard]] Verdict check_code(std::string_view code);
// Two letters A-Z. Rejects: country_invalid.
[[nodiscard]] Verdict check_country(std::string_view country);

}  // namespace origo
