#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "storage/files.h"
#include "storage/journal.h"

namespace origo::storage {

// A small file outside the journal that names the last synced tail. A log that was cut at a record
// boundary, deleted, or replaced by an older copy is intact in itself; only a witness shows it.
//
// Two slots in different disk sectors are written in turn, so that a torn write leaves the other.
// Keep it on another disk than the journal to notice an older copy of the whole data directory.
class Witness {
 public:
  // What the file says; `absent` if there is none, `damaged` if neither slot is whole.
  // Reads only.
  static Outcome<Tail> read(const std::filesystem::path& path);

  // Opens for writing; creates it naming `initial`, durably, when absent or `replace` is set.
  static Outcome<Witness> open(const std::filesystem::path& path,
                               const Tail& initial,
                               bool replace = false);

  Witness() = default;

  // Hands the tail to the operating system: it survives the end of this process from here on.
  // Requires: the journal is synced up to `tail`.
  Status write(const Tail& tail);

  // Makes what was written survive a power cut.
  Status sync();

 private:
  static Status create(const std::filesystem::path& path, const Tail& initial);

  std::filesystem::path path_;
  FileDescriptor file_;
  std::uint64_t generation_ = 0;
};

}  // namespace origo::storage
