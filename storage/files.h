#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "storage/chain.h"
#include "storage/status.h"

namespace origo::storage {

// Owns a POSIX file descriptor; -1 is none.
class FileDescriptor {
 public:
  FileDescriptor() = default;
  explicit FileDescriptor(int descriptor) : descriptor_(descriptor) {}
  ~FileDescriptor() { reset(); }
  FileDescriptor(FileDescriptor&& other) noexcept : descriptor_(other.release()) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept;

  [[nodiscard]] int get() const { return descriptor_; }
  [[nodiscard]] bool is_open() const { return descriptor_ >= 0; }
  int release();
  void reset();

 private:
  int descriptor_ = -1;
};

// The status for a failed system call: `error` is its errno, `what` a verb as in "cannot open".
Status io_status(const std::string& what, const std::filesystem::path& path, int error);

// open(2) with close-on-exec and mode 0640.
Outcome<FileDescriptor> open_file(const std::filesystem::path& path, int flags);

// Writes all of `bytes` at `offset`, whatever signals and short writes come between.
Status write_all(int descriptor,
                 Bytes bytes,
                 std::uint64_t offset,
                 const std::filesystem::path& path);

// The whole file. `absent` if there is none.
Outcome<std::string> read_file(const std::filesystem::path& path);

// fsync, and fsync of a directory so that the names in it are durable.
Status sync_file(int descriptor, const std::filesystem::path& path);
Status sync_directory(const std::filesystem::path& path);

// Creates `path` and its parents where missing; durable on return.
Status make_directories(const std::filesystem::path& path);

// Holds a directory for one process, until destroyed or the process ends. The lock is on the
// directory itself, so taking it leaves no file and changes nothing.
Outcome<FileDescriptor> lock_directory(const std::filesystem::path& path);

}  // namespace origo::storage
