#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "engine/core/ensure.h"

namespace origo {

// Blocks of this size are aligned to it, so that a program may back them with one page of memory
// each.
inline constexpr std::size_t kBlockBytes = std::size_t{1} << 21;

// Items addressed by a 32-bit slot. They never move: they lie in blocks that double in size up to 2
// MiB, so growing copies nothing, an empty pool owns nothing and a large one wastes little. Freed
// slots are used again, last freed first. A free place is a T(). With kRun > 1, that many
// neighbours are taken and freed together; the slot of the first names them. Once something was
// taken, the slot kNone names a place that is nobody's: what is written there is lost, so links to
// a missing neighbour are set without a branch.
template <class T, unsigned kGrainBits = 9, std::uint32_t kRun = 1>
class Pool {
 public:
  static constexpr std::uint32_t kNone = 0xffffffff;

  Pool() = default;
  Pool(Pool&& other) noexcept { swap(other); }
  Pool& operator=(Pool&& other) noexcept {
    swap(other);
    return *this;
  }
  Pool(const Pool& other) {
    while (room_ < other.places_) add_block();
    for (; places_ < other.places_; ++places_) new (&(*this)[places_]) T(other[places_]);
    free_count_ = other.free_count_;
    std::copy_n(other.free_.get(), free_count_, free_.get());
  }
  Pool& operator=(const Pool& other) { return *this = Pool(other); }
  ~Pool() {
    if (room_ == 0) return;
    for (std::uint32_t slot = 0; slot < places_; ++slot) (*this)[slot].~T();
    (*this)[kNone].~T();
  }

  std::uint32_t take() {
    if (free_count_ > 0) [[likely]]
      return free_[--free_count_];
    if (room_ - places_ < kRun) [[unlikely]]
      add_block();
    const std::uint32_t slot = places_;
    for (; places_ < slot + kRun; ++places_) new (&(*this)[places_]) T();
    return slot;
  }
  void give_back(std::uint32_t slot) {
    for (std::uint32_t i = 0; i < kRun; ++i) {
      if constexpr (std::is_trivially_copyable_v<T>) {
        static constexpr T kFree{};
        std::memcpy(&(*this)[slot + i], &kFree, sizeof(T));
      } else {
        (*this)[slot + i] = T();
      }
    }
    give_back_clean(slot);
  }
  // Requires: what lies there equals T(), as far as anyone reads it.
  void give_back_clean(std::uint32_t slot) { free_[free_count_++] = slot; }

  // As a signed number, kNone is the place before the first.
  T& operator[](std::uint32_t slot) {
    return grains_[(slot + 1) >> kGrainBits][static_cast<std::int32_t>(slot)];
  }
  const T& operator[](std::uint32_t slot) const { return const_cast<Pool&>(*this)[slot]; }
  [[nodiscard]] std::size_t live() const { return places_ - free_count_ * std::size_t{kRun}; }
  [[nodiscard]] std::uint32_t places() const { return places_; }
  // The last is taken first.
  [[nodiscard]] std::span<const std::uint32_t> free_slots() const {
    return {free_.get(), free_count_};
  }

 private:
  static constexpr std::uint32_t kSlots = std::uint32_t{1} << 31;
  static constexpr std::uint32_t kGrain = std::uint32_t{1} << kGrainBits;
  static_assert(kGrain % kRun == 0);
  static_assert(kGrain * sizeof(T) <= kBlockBytes);
  static constexpr std::uint32_t kBlockMax =
      static_cast<std::uint32_t>(kBlockBytes / sizeof(T)) & ~(kGrain - 1);

  static constexpr std::align_val_t alignment_of(std::size_t bytes) {
    return std::align_val_t(bytes == kBlockBytes ? kBlockBytes
                                                 : std::max<std::size_t>(alignof(T), 64));
  }
  struct Block {
    void* memory;
    std::size_t bytes;
    Block(const Block&) = delete;
    Block& operator=(const Block&) = delete;
    Block(Block&& other) noexcept
        : memory(std::exchange(other.memory, nullptr)), bytes(other.bytes) {}
    Block& operator=(Block&&) = delete;
    explicit Block(std::size_t size)
        : memory(::operator new(size, alignment_of(size))), bytes(size) {}
    ~Block() {
      if (memory != nullptr) ::operator delete(memory, alignment_of(bytes));
    }
  };

  void add_block() {
    const std::uint32_t items = std::min(std::max(kGrain, room_ + 1), kBlockMax);
    ENSURE(room_ < kSlots - items);
    const std::size_t bytes = items == kBlockMax ? kBlockBytes : items * sizeof(T);
    T* const first = static_cast<T*>(blocks_.emplace_back(bytes).memory);
    // Each grain's pointer is to where slot 0 would lie before it.
    for (std::uint32_t i = 0; i < items; i += kGrain)
      grains_.push_back(first + i + 1 - static_cast<std::ptrdiff_t>(grains_.size() * kGrain));
    if (room_ == 0) new (first) T();
    room_ += room_ == 0 ? items - 1 : items;
    // So that giving back never allocates. Nothing is free when a block is needed: nothing is
    // copied.
    if (free_room_ < room_ / kRun) {
      ENSURE(free_count_ == 0);
      free_room_ = std::max(room_ / kRun, 2 * free_room_);
      free_ = std::make_unique_for_overwrite<std::uint32_t[]>(free_room_);
    }
  }
  void swap(Pool& other) noexcept {
    std::swap(grains_, other.grains_);
    std::swap(blocks_, other.blocks_);
    std::swap(free_, other.free_);
    std::swap(free_room_, other.free_room_);
    std::swap(free_count_, other.free_count_);
    std::swap(places_, other.places_);
    std::swap(room_, other.room_);
  }

  std::vector<T*> grains_;  // where (slot + 1) / kGrain lies, as operator[] needs it
  std::vector<Block> blocks_;
  std::unique_ptr<std::uint32_t[]> free_;
  std::uint32_t free_room_ = 0;
  std::uint32_t free_count_ = 0;
  std::uint32_t places_ = 0;  // ever taken
  std::uint32_t room_ = 0;
};

}  // namespace origo
