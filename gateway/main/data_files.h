#pragma once

#include <filesystem>
#include <string>

#include "storage/status.h"

namespace origo::gateway {

// Replaces a small file as a whole, readable by its owner only if `secret`. Whoever opens it sees
// the old content or the new.
storage::Status replace_file(const std::filesystem::path& path,
                             const std::string& content,
                             bool secret = false);

}  // namespace origo::gateway
