#include "gateway/main/data_files.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cstdio>
#include <span>

#include "storage/files.h"

namespace origo::gateway {

storage::Status replace_file(const std::filesystem::path& path,
                             const std::string& content,
                             bool secret) {
  const std::filesystem::path fresh = path.string() + ".new";
  std::error_code ignored;
  std::filesystem::remove(fresh, ignored);
  auto file = storage::open_file(fresh, O_CREAT | O_EXCL | O_WRONLY);
  if (!file.ok()) return file.status;
  const mode_t mode = secret ? S_IRUSR | S_IWUSR : S_IRUSR | S_IWUSR | S_IRGRP;
  if (::fchmod(file.value.get(), mode) != 0) {
    return storage::io_status("cannot protect", fresh, errno);
  }
  storage::Status status =
      storage::write_all(file.value.get(), std::as_bytes(std::span(content)), 0, fresh);
  if (status.ok()) status = storage::sync_file(file.value.get(), fresh);
  if (!status.ok()) return status;
  if (std::rename(fresh.c_str(), path.c_str()) != 0) {
    return storage::io_status("cannot replace", path, errno);
  }
  return storage::sync_directory(path.parent_path());
}

}  // namespace origo::gateway
