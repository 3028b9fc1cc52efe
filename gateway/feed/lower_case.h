#pragma once

#include <string>
#include <string_view>

namespace origo::gateway {

// ASCII letters as small ones: names of hosts and of headers compare without case, in any locale.
[[nodiscard]] inline std::string lower_case(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

}  // namespace origo::gateway
