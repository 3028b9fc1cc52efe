#pragma once

#include <cstdint>
#include <filesystem>

#include "storage/status.h"

namespace origo::storage {

// Disk space kept in reserve, as a file: given up when the disk is full, so that RocksDB can write
// out what it holds in memory and the node stays in good order until somebody makes room.
class Ballast {
 public:
  // `size` 0 keeps none.
  Ballast(std::filesystem::path path, std::uint64_t size) : path_(std::move(path)), size_(size) {}

  // Takes the space; `full` if there is not enough. Does nothing when already taken.
  [[nodiscard]] Status reserve() const;

  // Gives the space back.
  void release() const;

  [[nodiscard]] std::uint64_t size() const { return size_; }

 private:
  std::filesystem::path path_;
  std::uint64_t size_;
};

}  // namespace origo::storage
