#include "storage/witness.h"

#include <fcntl.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "storage/crc32c.h"
#include "storage/little_endian.h"

namespace origo::storage {
namespace {

// u32 magic | u32 version | u64 generation | u64 sequence | 32 bytes chain | u32 CRC-32C
constexpr std::uint32_t kSlotMagic = 0x5457474F;  // "OGWT"
constexpr std::uint32_t kSlotVersion = 1;
constexpr std::size_t kSlotChainOffset = 24;
constexpr std::size_t kCrcOffset = kSlotChainOffset + sizeof(Chain);
constexpr std::size_t kSlotSize = kCrcOffset + 4;
constexpr std::size_t kSlotDistance = 4096;
constexpr std::size_t kFileSize = 2 * kSlotDistance;

struct Slot {
  std::uint64_t generation = 0;
  Tail tail;
};

using SlotBytes = std::array<std::byte, kSlotSize>;

SlotBytes encode(const Slot& slot) {
  SlotBytes bytes{};
  store_u32(bytes.data(), kSlotMagic);
  store_u32(bytes.data() + 4, kSlotVersion);
  store_u64(bytes.data() + 8, slot.generation);
  store_u64(bytes.data() + 16, slot.tail.sequence);
  std::copy(slot.tail.chain.begin(), slot.tail.chain.end(), bytes.begin() + kSlotChainOffset);
  store_u32(bytes.data() + kCrcOffset, crc32c(Bytes(bytes).first(kCrcOffset)));
  return bytes;
}

std::optional<Slot> decode(Bytes bytes) {
  if (load_u32(bytes.data()) != kSlotMagic || load_u32(bytes.data() + 4) != kSlotVersion) return {};
  if (load_u32(bytes.data() + kCrcOffset) != crc32c(bytes.first(kCrcOffset))) return {};
  Slot slot{.generation = load_u64(bytes.data() + 8),
            .tail = {.sequence = load_u64(bytes.data() + 16)}};
  std::memcpy(slot.tail.chain.data(), bytes.data() + kSlotChainOffset, sizeof(Chain));
  return slot;
}

// The newest whole slot.
Outcome<Slot> read_newest(const std::filesystem::path& path) {
  auto text = read_file(path);
  if (!text.ok()) return {.status = std::move(text.status)};
  std::optional<Slot> newest;
  const Bytes bytes = std::as_bytes(std::span(text.value));
  for (std::size_t offset = 0; offset + kSlotSize <= bytes.size(); offset += kSlotDistance) {
    const auto slot = decode(bytes.subspan(offset, kSlotSize));
    if (slot && (!newest || slot->generation > newest->generation)) newest = slot;
  }
  if (!newest) {
    return {.status = {.code = StatusCode::damaged,
                       .message = "the witness " + path.string() + " has no whole record"}};
  }
  return {.status = {}, .value = *newest};
}

}  // namespace

Outcome<Tail> Witness::read(const std::filesystem::path& path) {
  auto slot = read_newest(path);
  return {.status = std::move(slot.status), .value = slot.value.tail};
}

Outcome<Witness> Witness::open(const std::filesystem::path& path,
                               const Tail& initial,
                               bool replace) {
  auto slot = read_newest(path);
  if (replace || slot.status.code == StatusCode::absent) {
    if (Status status = create(path, initial); !status.ok()) return {.status = std::move(status)};
    slot = read_newest(path);
  }
  if (!slot.ok()) return {.status = std::move(slot.status)};
  auto file = open_file(path, O_RDWR);
  if (!file.ok()) return {.status = std::move(file.status)};
  Outcome<Witness> result;
  result.value.path_ = path;
  result.value.file_ = std::move(file.value);
  result.value.generation_ = slot.value.generation;
  return result;
}

// Under another name first, so that a witness that exists is whole.
Status Witness::create(const std::filesystem::path& path, const Tail& initial) {
  const std::filesystem::path temporary = path.string() + ".new";
  auto file = open_file(temporary, O_RDWR | O_CREAT | O_TRUNC);
  if (!file.ok()) return std::move(file.status);
  Witness witness;
  witness.path_ = temporary;
  witness.file_ = std::move(file.value);
  // Both slots are written in full, so that later writes need no space.
  const std::array<std::byte, kFileSize> zeros{};
  Status status = write_all(witness.file_.get(), zeros, 0, temporary);
  if (status.ok()) status = witness.write(initial);
  if (status.ok()) status = witness.sync();
  if (!status.ok()) return status;
  std::error_code error;
  std::filesystem::rename(temporary, path, error);
  if (error) return io_status("cannot create", path, error.value());
  return sync_directory(std::filesystem::absolute(path).parent_path());
}

Status Witness::write(const Tail& tail) {
  ++generation_;
  const SlotBytes bytes = encode({.generation = generation_, .tail = tail});
  return write_all(file_.get(), bytes, (generation_ % 2) * kSlotDistance, path_);
}

Status Witness::sync() {
  return sync_file(file_.get(), path_);
}

}  // namespace origo::storage
