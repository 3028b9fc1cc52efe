#include "storage/files.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace origo::storage {

FileDescriptor& FileDescriptor::operator=(FileDescriptor&& other) noexcept {
  if (this != &other) {
    reset();
    descriptor_ = other.release();
  }
  return *this;
}

int FileDescriptor::release() {
  const int descriptor = descriptor_;
  descriptor_ = -1;
  return descriptor;
}

void FileDescriptor::reset() {
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = -1;
}

Status io_status(const std::string& what, const std::filesystem::path& path, int error) {
  StatusCode code = StatusCode::unreadable;
  if (error == ENOENT) code = StatusCode::absent;
  if (error == ENOSPC || error == EDQUOT) code = StatusCode::full;
  return {.code = code,
          .message = what + " " + path.string() + ": " + std::generic_category().message(error)};
}

Outcome<FileDescriptor> open_file(const std::filesystem::path& path, int flags) {
  FileDescriptor file(::open(path.c_str(), flags | O_CLOEXEC, 0640));
  if (!file.is_open()) return {.status = io_status("cannot open", path, errno)};
  return {.status = {}, .value = std::move(file)};
}

Status write_all(int descriptor,
                 Bytes bytes,
                 std::uint64_t offset,
                 const std::filesystem::path& path) {
  while (!bytes.empty()) {
    const ssize_t written =
        ::pwrite(descriptor, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return io_status("cannot write", path, errno);
    bytes = bytes.subspan(static_cast<std::size_t>(written));
    offset += static_cast<std::uint64_t>(written);
  }
  return {};
}

Outcome<std::string> read_file(const std::filesystem::path& path) {
  auto file = open_file(path, O_RDONLY);
  if (!file.ok()) return {.status = std::move(file.status)};
  Outcome<std::string> result;
  const off_t size = ::lseek(file.value.get(), 0, SEEK_END);
  if (size < 0) return {.status = io_status("cannot read", path, errno)};
  result.value.resize(static_cast<std::size_t>(size));
  std::size_t done = 0;
  while (done < result.value.size()) {
    const ssize_t got = ::pread(file.value.get(),
                                result.value.data() + done,
                                result.value.size() - done,
                                static_cast<off_t>(done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return {.status = io_status("cannot read", path, errno)};
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  result.value.resize(done);
  return result;
}

Status sync_file(int descriptor, const std::filesystem::path& path) {
  if (::fsync(descriptor) != 0) return io_status("cannot sync", path, errno);
  return {};
}

Status sync_directory(const std::filesystem::path& path) {
  auto directory = open_file(path, O_RDONLY | O_DIRECTORY);
  if (!directory.ok()) return std::move(directory.status);
  return sync_file(directory.value.get(), path);
}

Status make_directories(const std::filesystem::path& path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) return {};
  const std::filesystem::path parent = std::filesystem::absolute(path, error).parent_path();
  if (error) return io_status("cannot create", path, error.value());
  if (parent != path) {
    if (Status status = make_directories(parent); !status.ok()) return status;
  }
  if (!std::filesystem::create_directory(path, error) && error) {
    return io_status("cannot create", path, error.value());
  }
  return sync_directory(parent);
}

Outcome<FileDescriptor> lock_directory(const std::filesystem::path& path) {
  auto directory = open_file(path, O_RDONLY | O_DIRECTORY);
  if (!directory.ok()) return directory;
  if (::flock(directory.value.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return {.status = io_status("cannot lock", path, errno)};
    return {.status = {.code = StatusCode::in_use,
                       .message = path.string() + " is in use by another process"}};
  }
  return directory;
}

}  // namespace origo::storage
