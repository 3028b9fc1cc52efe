#include "tests/unit/storage/fault_file_system.h"

#include <algorithm>
#include <filesystem>
#include <utility>

namespace origo::storage {
namespace {

using rocksdb::IOStatus;

IOStatus no_power() {
  return IOStatus::IOError("the simulated power is off");
}

// Counts an armed fault down; true when it strikes.
bool strikes(std::uint64_t& countdown) {
  return countdown > 0 && --countdown == 0;
}

class FaultFile : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  FaultFile(std::unique_ptr<FSWritableFile>&& file, FaultFileSystem& disk, std::string name)
      : FSWritableFileOwnerWrapper(std::move(file)), disk_(disk), name_(std::move(name)) {}

  IOStatus Append(const rocksdb::Slice& data,
                  const rocksdb::IOOptions& options,
                  rocksdb::IODebugContext* debug) override {
    return disk_.append(name_, data, [&](const rocksdb::Slice& part) {
      return target()->Append(part, options, debug);
    });
  }
  IOStatus Append(const rocksdb::Slice& data,
                  const rocksdb::IOOptions& options,
                  const rocksdb::DataVerificationInfo& /*info*/,
                  rocksdb::IODebugContext* debug) override {
    return Append(data, options, debug);
  }
  IOStatus Truncate(std::uint64_t size,
                    const rocksdb::IOOptions& options,
                    rocksdb::IODebugContext* debug) override {
    disk_.truncate(name_, size);
    return target()->Truncate(size, options, debug);
  }
  // Nothing in a test outlives the machine, so the real sync is spared.
  IOStatus Sync(const rocksdb::IOOptions& /*options*/,
                rocksdb::IODebugContext* /*debug*/) override {
    return disk_.sync(name_);
  }
  IOStatus Fsync(const rocksdb::IOOptions& /*options*/,
                 rocksdb::IODebugContext* /*debug*/) override {
    return disk_.sync(name_);
  }
  IOStatus RangeSync(std::uint64_t /*offset*/,
                     std::uint64_t /*size*/,
                     const rocksdb::IOOptions& /*options*/,
                     rocksdb::IODebugContext* /*debug*/) override {
    return IOStatus::OK();
  }

 private:
  FaultFileSystem& disk_;
  const std::string name_;
};

class FaultDirectory : public rocksdb::FSDirectoryWrapper {
 public:
  FaultDirectory(std::unique_ptr<FSDirectory>&& directory, FaultFileSystem& disk, std::string name)
      : FSDirectoryWrapper(std::move(directory)), disk_(disk), name_(std::move(name)) {}

  IOStatus Fsync(const rocksdb::IOOptions& /*options*/,
                 rocksdb::IODebugContext* /*debug*/) override {
    return disk_.sync_directory(name_);
  }
  IOStatus FsyncWithDirOptions(const rocksdb::IOOptions& /*options*/,
                               rocksdb::IODebugContext* /*debug*/,
                               const rocksdb::DirFsyncOptions& /*how*/) override {
    return disk_.sync_directory(name_);
  }

 private:
  FaultFileSystem& disk_;
  const std::string name_;
};

std::string clean(const std::string& name) {
  std::string path = std::filesystem::path(name).lexically_normal().string();
  if (path.size() > 1 && path.back() == '/') path.pop_back();
  return path;
}

}  // namespace

void FaultFileSystem::crash_at(std::uint64_t change) {
  const std::lock_guard guard(mutex_);
  crash_in_ = change;
}

void FaultFileSystem::fail_append_at(std::uint64_t append) {
  const std::lock_guard guard(mutex_);
  fail_append_in_ = append;
}

void FaultFileSystem::fail_sync_at(std::uint64_t sync) {
  const std::lock_guard guard(mutex_);
  fail_sync_in_ = sync;
}

void FaultFileSystem::limit_space(std::uint64_t bytes) {
  const std::lock_guard guard(mutex_);
  limited_ = true;
  space_ = bytes;
}

void FaultFileSystem::unlimit_space() {
  const std::lock_guard guard(mutex_);
  limited_ = false;
}

bool FaultFileSystem::crashed() const {
  const std::lock_guard guard(mutex_);
  return crashed_;
}

void FaultFileSystem::restart(const std::function<std::uint64_t(std::uint64_t)>& keep) {
  const std::lock_guard guard(mutex_);
  for (const auto& [name, file] : files_) {
    if (!std::filesystem::exists(name)) continue;
    if (!file.name_synced) {
      std::filesystem::remove(name);
    } else if (file.synced < file.size) {
      std::filesystem::resize_file(name, file.synced + keep(file.size - file.synced));
    }
  }
  files_.clear();
  crashed_ = limited_ = false;
  crash_in_ = fail_append_in_ = fail_sync_in_ = 0;
}

IOStatus FaultFileSystem::change() {
  if (strikes(crash_in_)) crashed_ = true;
  return crashed_ ? no_power() : IOStatus::OK();
}

IOStatus FaultFileSystem::NewWritableFile(const std::string& name,
                                          const rocksdb::FileOptions& options,
                                          std::unique_ptr<rocksdb::FSWritableFile>* result,
                                          rocksdb::IODebugContext* debug) {
  const std::lock_guard guard(mutex_);
  if (IOStatus status = change(); !status.ok()) return status;
  IOStatus status = target()->NewWritableFile(name, options, result, debug);
  if (!status.ok()) return status;
  files_[clean(name)] = {};
  *result = std::make_unique<FaultFile>(std::move(*result), *this, clean(name));
  return status;
}

IOStatus FaultFileSystem::NewDirectory(const std::string& name,
                                       const rocksdb::IOOptions& options,
                                       std::unique_ptr<rocksdb::FSDirectory>* result,
                                       rocksdb::IODebugContext* debug) {
  IOStatus status = target()->NewDirectory(name, options, result, debug);
  if (!status.ok()) return status;
  *result = std::make_unique<FaultDirectory>(std::move(*result), *this, clean(name));
  return status;
}

IOStatus FaultFileSystem::DeleteFile(const std::string& name,
                                     const rocksdb::IOOptions& options,
                                     rocksdb::IODebugContext* debug) {
  const std::lock_guard guard(mutex_);
  if (IOStatus status = change(); !status.ok()) return status;
  files_.erase(clean(name));
  return target()->DeleteFile(name, options, debug);
}

IOStatus FaultFileSystem::RenameFile(const std::string& from,
                                     const std::string& to,
                                     const rocksdb::IOOptions& options,
                                     rocksdb::IODebugContext* debug) {
  const std::lock_guard guard(mutex_);
  if (IOStatus status = change(); !status.ok()) return status;
  IOStatus status = target()->RenameFile(from, to, options, debug);
  const auto found = files_.find(clean(from));
  if (!status.ok() || found == files_.end()) return status;
  const File file = found->second;
  files_.erase(found);
  files_[clean(to)] = file;
  // Changes of a directory reach a journaling file system in order: a rename that is not undone
  // takes the names before it along.
  sync_names(std::filesystem::path(clean(to)).parent_path().string());
  return status;
}

IOStatus FaultFileSystem::GetFreeSpace(const std::string& path,
                                       const rocksdb::IOOptions& options,
                                       std::uint64_t* free,
                                       rocksdb::IODebugContext* debug) {
  const std::lock_guard guard(mutex_);
  IOStatus status = target()->GetFreeSpace(path, options, free, debug);
  if (limited_) *free = std::min(*free, space_);
  return status;
}

IOStatus FaultFileSystem::append(const std::string& name,
                                 const rocksdb::Slice& data,
                                 const std::function<IOStatus(const rocksdb::Slice&)>& write) {
  const std::lock_guard guard(mutex_);
  if (crashed_) return no_power();
  const IOStatus power = change();
  File& file = files_[name];
  const auto write_part = [&](std::uint64_t size) {
    const IOStatus status = write(rocksdb::Slice(data.data(), size));
    if (status.ok()) file.size += size;
    return status;
  };
  if (!power.ok()) {
    // What arrived before the power went may or may not survive: restart() decides.
    if (IOStatus status = write_part(data.size()); !status.ok()) return status;
    return power;
  }
  if (strikes(fail_append_in_)) return IOStatus::IOError("a simulated write error");
  if (!limited_) return write_part(data.size());
  const std::uint64_t fitting = std::min<std::uint64_t>(space_, data.size());
  space_ -= fitting;
  IOStatus status = write_part(fitting);
  if (!status.ok() || fitting == data.size()) return status;
  return IOStatus::NoSpace("the simulated disk is full");
}

IOStatus FaultFileSystem::sync(const std::string& name) {
  const std::lock_guard guard(mutex_);
  if (IOStatus status = change(); !status.ok()) return status;
  if (strikes(fail_sync_in_)) return IOStatus::IOError("a simulated sync error");
  File& file = files_[name];
  file.synced = file.size;
  return IOStatus::OK();
}

IOStatus FaultFileSystem::sync_directory(const std::string& name) {
  const std::lock_guard guard(mutex_);
  if (IOStatus status = change(); !status.ok()) return status;
  sync_names(name);
  return IOStatus::OK();
}

void FaultFileSystem::sync_names(const std::string& directory) {
  for (auto& [name, file] : files_) {
    if (std::filesystem::path(name).parent_path() == directory) file.name_synced = true;
  }
}

void FaultFileSystem::truncate(const std::string& name, std::uint64_t size) {
  const std::lock_guard guard(mutex_);
  File& file = files_[name];
  file.size = std::min(file.size, size);
  file.synced = std::min(file.synced, size);
}

}  // namespace origo::storage
