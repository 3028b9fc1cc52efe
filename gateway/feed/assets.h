#pragma once

#include <span>
#include <string_view>

namespace origo::gateway {

// A file of the web page, built into the program.
struct Asset {
  std::string_view name;  // "app.js"
  std::string_view content_type;
  std::string_view content;
  std::string_view etag;  // quoted, changes with the content
};

// Sorted by name. The definition is generated from gateway/page/ when the program is built.
[[nodiscard]] std::span<const Asset> page_assets();

}  // namespace origo::gateway
