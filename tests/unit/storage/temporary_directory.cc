#include "tests/unit/storage/temporary_directory.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <string>
#include <system_error>

namespace origo::storage {

TemporaryDirectory::TemporaryDirectory() {
  std::string pattern = testing::TempDir() + "/origo-storage-XXXXXX";
  if (::mkdtemp(pattern.data()) == nullptr) std::abort();
  path_ = pattern;
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace origo::storage
