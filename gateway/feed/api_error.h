#pragma once

#include <string>
#include <string_view>

namespace origo::gateway {

// A refusal as it is shown to a client: what went wrong, in which field, by which rule.
struct ApiError {
  std::string code;   // stable, snake_case
  std::string field;  // the offending field, header or parameter; empty if none
  std::string rule;   // a sentence that says what would be right
};

// {"code":...,"field":...,"rule":...}, with `lead` (already JSON members, ending in a comma) first.
[[nodiscard]] std::string to_json(const ApiError& error, const std::string& lead = {});

// A JSON string, quotes included: escaped, ASCII only, bad UTF-8 replaced.
[[nodiscard]] std::string json_string(std::string_view text);

}  // namespace origo::gateway
