#pragma once

#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace origo::storage {

// A disk for tests, in front of the real file system. It keeps count of what was synced, so that a
// simulated power cut can drop the rest, and it fails on command.
//
// Not simulated: a rename or a deletion that a power cut undoes, and unsynced bytes that come back
// as garbage instead of going missing from the end.
class FaultFileSystem : public rocksdb::FileSystemWrapper {
 public:
  FaultFileSystem() : FileSystemWrapper(rocksdb::FileSystem::Default()) {}

  [[nodiscard]] const char* Name() const override { return "FaultFileSystem"; }

  // The power goes at the n-th change from now (1: the next); it and all later ones fail.
  void crash_at(std::uint64_t change);
  void fail_append_at(std::uint64_t append);
  void fail_sync_at(std::uint64_t sync);
  // Leaves room for so many bytes; an append that does not fit writes what does.
  void limit_space(std::uint64_t bytes);
  void unlimit_space();

  [[nodiscard]] bool crashed() const;

  // Power is back: every file loses what was not synced, except for as many bytes as `keep(n)` of n
  // says, and files whose directory was not synced since they were created are gone.
  // Requires: no file is open.
  void restart(const std::function<std::uint64_t(std::uint64_t)>& keep);

  rocksdb::IOStatus NewWritableFile(const std::string& name,
                                    const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* result,
                                    rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus NewDirectory(const std::string& name,
                                 const rocksdb::IOOptions& options,
                                 std::unique_ptr<rocksdb::FSDirectory>* result,
                                 rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus DeleteFile(const std::string& name,
                               const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus RenameFile(const std::string& from,
                               const std::string& to,
                               const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus GetFreeSpace(const std::string& path,
                                 const rocksdb::IOOptions& options,
                                 std::uint64_t* free,
                                 rocksdb::IODebugContext* debug) override;

  // For the files and directories that this hands out.
  rocksdb::IOStatus append(const std::string& name,
                           const rocksdb::Slice& data,
                           const std::function<rocksdb::IOStatus(const rocksdb::Slice&)>& write);
  rocksdb::IOStatus sync(const std::string& name);
  rocksdb::IOStatus sync_directory(const std::string& name);
  void truncate(const std::string& name, std::uint64_t size);

 private:
  struct File {
    std::uint64_t size = 0;
    std::uint64_t synced = 0;
    bool name_synced = false;
  };

  // Counts one change. Requires: mutex_ is held.
  rocksdb::IOStatus change();

  // Makes the names in this directory survive. Requires: mutex_ is held.
  void sync_names(const std::string& directory);

  mutable std::mutex mutex_;
  std::map<std::string, File> files_;  // those created since the last restart
  std::uint64_t crash_in_ = 0;         // 0: not armed, likewise the next two
  std::uint64_t fail_append_in_ = 0;
  std::uint64_t fail_sync_in_ = 0;
  bool crashed_ = false;
  bool limited_ = false;
  std::uint64_t space_ = 0;
};

// The disk together with the Env that hands it to RocksDB.
struct FaultDisk {
  std::shared_ptr<FaultFileSystem> files = std::make_shared<FaultFileSystem>();
  std::unique_ptr<rocksdb::Env> env = rocksdb::NewCompositeEnv(files);
};

}  // namespace origo::storage
