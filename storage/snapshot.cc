#include "storage/snapshot.h"

#include <fcntl.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <functional>
#include <system_error>
#include <utility>

#include "storage/files.h"
#include "storage/little_endian.h"

namespace origo::storage {
namespace {

namespace fs = std::filesystem;

// u32 magic | u32 version | u64 sequence | chain | event chain | u64 size | state | SHA-256 of all
constexpr std::uint32_t kMagic = 0x4E53474F;  // "OGSN"
constexpr std::uint32_t kVersion = 1;
constexpr std::size_t kChainOffset = 16;
constexpr std::size_t kEventChainOffset = kChainOffset + sizeof(Chain);
constexpr std::size_t kSizeOffset = kEventChainOffset + sizeof(Chain);
constexpr std::size_t kHeaderSize = kSizeOffset + 8;

constexpr const char* kPrefix = "snapshot-";
constexpr const char* kTemporary = ".new";

using Header = std::array<std::byte, kHeaderSize>;

Header encode(const Tail& tail, const Chain& event_chain, std::uint64_t size) {
  Header header{};
  store_u32(header.data(), kMagic);
  store_u32(header.data() + 4, kVersion);
  store_u64(header.data() + 8, tail.sequence);
  std::memcpy(header.data() + kChainOffset, tail.chain.data(), sizeof(Chain));
  std::memcpy(header.data() + kEventChainOffset, event_chain.data(), sizeof(Chain));
  store_u64(header.data() + kSizeOffset, size);
  return header;
}

// Twenty digits, so that names sort as numbers do.
std::string file_name(std::uint64_t sequence) {
  std::array<char, 40> name{};
  const int size = std::snprintf(
      name.data(), name.size(), "%s%020llu", kPrefix, static_cast<unsigned long long>(sequence));
  return {name.data(), static_cast<std::size_t>(size)};
}

std::optional<std::uint64_t> sequence_of(const std::string& name) {
  const std::string_view prefix = kPrefix;
  if (!name.starts_with(prefix) || name.size() != prefix.size() + 20) return {};
  std::uint64_t sequence = 0;
  const char* end = name.data() + name.size();
  const auto [rest, error] = std::from_chars(name.data() + prefix.size(), end, sequence);
  if (error != std::errc{} || rest != end) return {};
  return sequence;
}

}  // namespace

SnapshotStore::SnapshotStore(fs::path directory, std::size_t keep)
    : directory_(std::move(directory)), keep_(std::max<std::size_t>(keep, 1)) {}

Status SnapshotStore::write(const Tail& tail, const Chain& event_chain, Bytes state) {
  if (Status status = make_directories(directory_); !status.ok()) return status;
  const fs::path final = directory_ / file_name(tail.sequence);
  const fs::path temporary = final.string() + kTemporary;
  auto file = open_file(temporary, O_WRONLY | O_CREAT | O_TRUNC);
  if (!file.ok()) return std::move(file.status);

  const Header header = encode(tail, event_chain, state.size());
  Hasher hasher;
  hasher.begin();
  hasher.update(header);
  hasher.update(state);
  const Chain digest = hasher.finish();
  const int descriptor = file.value.get();
  Status status = write_all(descriptor, header, 0, temporary);
  if (status.ok()) status = write_all(descriptor, state, kHeaderSize, temporary);
  if (status.ok()) status = write_all(descriptor, digest, kHeaderSize + state.size(), temporary);
  if (status.ok()) status = sync_file(descriptor, temporary);
  std::error_code error;
  if (!status.ok()) {
    fs::remove(temporary, error);  // It may have been what filled the disk.
    return status;
  }
  fs::rename(temporary, final, error);
  if (error) return io_status("cannot name", final, error.value());
  status = sync_directory(directory_);
  if (status.ok()) remove_old();
  return status;
}

Outcome<FoundSnapshot> SnapshotStore::newest_valid(std::uint64_t sequence_last) const {
  auto files = list();
  if (!files.ok()) return {.status = std::move(files.status)};
  Outcome<FoundSnapshot> result;
  for (const fs::path& file : files.value) {
    if (sequence_of(file.filename().string()).value_or(0) > sequence_last) continue;
    auto snapshot = load(file);
    if (snapshot.ok()) {
      result.value.snapshot = std::move(snapshot.value);
      break;
    }
    result.value.notes.push_back(std::move(snapshot.status.message));
  }
  return result;
}

Outcome<Snapshot> SnapshotStore::load(const fs::path& file) {
  const auto damaged = [&](const std::string& why) {
    return Outcome<Snapshot>{.status = {.code = StatusCode::damaged,
                                        .message = "the snapshot " + file.string() + " " + why}};
  };
  auto content = read_file(file);
  if (!content.ok()) return {.status = std::move(content.status)};
  const Bytes bytes = std::as_bytes(std::span(content.value));
  if (bytes.size() < kHeaderSize + sizeof(Chain)) return damaged("is cut short");
  if (load_u32(bytes.data()) != kMagic) return damaged("is not a snapshot");
  if (load_u32(bytes.data() + 4) != kVersion) return damaged("has an unknown version");
  const std::size_t size = bytes.size() - kHeaderSize - sizeof(Chain);
  if (load_u64(bytes.data() + kSizeOffset) != size) return damaged("is cut short");
  Hasher hasher;
  hasher.begin();
  hasher.update(bytes.first(bytes.size() - sizeof(Chain)));
  const Chain digest = hasher.finish();
  if (!std::ranges::equal(digest, bytes.last(sizeof(Chain)))) return damaged("fails its SHA-256");

  Outcome<Snapshot> result;
  Snapshot& snapshot = result.value;
  snapshot.tail.sequence = load_u64(bytes.data() + 8);
  std::memcpy(snapshot.tail.chain.data(), bytes.data() + kChainOffset, sizeof(Chain));
  std::memcpy(snapshot.event_chain.data(), bytes.data() + kEventChainOffset, sizeof(Chain));
  snapshot.state = content.value.substr(kHeaderSize, size);
  return result;
}

Outcome<std::vector<fs::path>> SnapshotStore::list() const {
  Outcome<std::vector<fs::path>> result;
  std::error_code error;
  for (fs::directory_iterator at(directory_, error), end; !error && at != end;
       at.increment(error)) {
    if (sequence_of(at->path().filename().string())) result.value.push_back(at->path());
  }
  if (error && error.value() != ENOENT) {
    return {.status = io_status("cannot list", directory_, error.value())};
  }
  std::ranges::sort(result.value, std::greater<>());
  return result;
}

// What cannot be removed now is tried again after the next snapshot.
void SnapshotStore::remove_old() const {
  const auto files = list();
  std::error_code ignored;
  for (std::size_t index = keep_; index < files.value.size(); ++index) {
    fs::remove(files.value[index], ignored);
  }
  for (fs::directory_iterator at(directory_, ignored), end; at != end; at.increment(ignored)) {
    if (at->path().extension() == kTemporary) fs::remove(at->path(), ignored);
  }
}

}  // namespace origo::storage
