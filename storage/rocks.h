#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "storage/chain.h"
#include "storage/status.h"

namespace rocksdb {
class Env;
class Logger;
class Slice;
class Status;
struct Options;
}  // namespace rocksdb

namespace origo::storage {

// What our two databases share. Internal to this folder.

// Translates; `what` says what was being done, and where. Never returns fatal.
Status from_rocks(const rocksdb::Status& status, const std::string& what);

// Settings for a single-writer, uncompressed, single-family database without background chatter.
rocksdb::Options base_options(rocksdb::Env* env, std::size_t write_buffer_bytes);

// A read-only open must not leave a log file behind.
std::shared_ptr<rocksdb::Logger> silent_logger();

[[nodiscard]] rocksdb::Slice as_slice(Bytes bytes);
[[nodiscard]] Bytes as_bytes(const rocksdb::Slice& slice);

}  // namespace origo::storage
