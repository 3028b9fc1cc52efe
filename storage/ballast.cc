#include "storage/ballast.h"

#include <fcntl.h>

#include <system_error>

#include "storage/files.h"

namespace origo::storage {

Status Ballast::reserve() const {
  if (size_ == 0) return {};
  auto file = open_file(path_, O_RDWR | O_CREAT);
  if (!file.ok()) return std::move(file.status);
  const int error = ::posix_fallocate(file.value.get(), 0, static_cast<off_t>(size_));
  if (error == 0) return {};
  release();
  return io_status("cannot reserve space in", path_, error);
}

void Ballast::release() const {
  std::error_code ignored;
  std::filesystem::remove(path_, ignored);
}

}  // namespace origo::storage
