#include "storage/rocks.h"

#include <rocksdb/env.h>
#include <rocksdb/options.h>
#include <rocksdb/slice.h>
#include <rocksdb/status.h>

namespace origo::storage {
namespace {

class SilentLogger : public rocksdb::Logger {
 public:
  using rocksdb::Logger::Logv;
  void Logv(const char* /*format*/, va_list /*arguments*/) override {}
};

StatusCode code_of(const rocksdb::Status& status) {
  if (status.ok()) return StatusCode::ok;
  if (status.IsNoSpace()) return StatusCode::full;
  if (status.IsCorruption()) return StatusCode::damaged;
  // A file that the manifest names is gone.
  if (status.IsNotFound() || status.IsPathNotFound()) return StatusCode::damaged;
  if (status.IsIOError() && status.ToString().find("lock ") != std::string::npos) {
    return StatusCode::in_use;
  }
  return StatusCode::unreadable;
}

}  // namespace

Status from_rocks(const rocksdb::Status& status, const std::string& what) {
  if (status.ok()) return {};
  return {.code = code_of(status), .message = what + ": " + status.ToString()};
}

rocksdb::Options base_options(rocksdb::Env* env, std::size_t write_buffer_bytes) {
  rocksdb::Options options;
  if (env != nullptr) options.env = env;
  options.compression = rocksdb::kNoCompression;
  // Small buffers keep flushes short, and a full disk needs room for one of them to heal.
  options.write_buffer_size = write_buffer_bytes;
  options.max_write_buffer_number = 4;
  options.max_open_files = 256;
  options.skip_stats_update_on_db_open = true;
  options.allow_concurrent_memtable_write = false;
  options.enable_write_thread_adaptive_yield = false;
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  // Its own log file ends the process: once a full disk has refused a line, the next one is an
  // assertion.
  options.info_log = silent_logger();
  return options;
}

std::shared_ptr<rocksdb::Logger> silent_logger() {
  return std::make_shared<SilentLogger>();
}

rocksdb::Slice as_slice(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

Bytes as_bytes(const rocksdb::Slice& slice) {
  return {reinterpret_cast<const std::byte*>(slice.data()), slice.size()};
}

}  // namespace origo::storage
