#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "engine/core/ensure.h"

namespace origo {

// Items addressed by a 32-bit slot. They lie in chunks that never move, so growing copies nothing and an
// empty pool owns nothing; freed slots are used again, last freed first. A free place is a T().
template <class T, unsigned kChunkBits = 12>
class Pool {
 public:
  static constexpr std::uint32_t kNone = 0xffffffff;

  Pool() = default;
  Pool(Pool&&) noexcept = default;
  Pool& operator=(Pool&&) noexcept = default;
  Pool(const Pool& other) : free_(other.free_), places_(other.places_) {
    for (const Chunk& chunk : other.chunks_) {
      chunks_.push_back(std::make_unique<T[]>(kChunk));
      std::copy_n(chunk.get(), kChunk, chunks_.back().get());
    }
  }
  Pool& operator=(const Pool& other) { return *this = Pool(other); }
  ~Pool() = default;

  std::uint32_t take() {
    if (!free_.empty()) {
      const std::uint32_t slot = free_.back();
      free_.pop_back();
      return slot;
    }
    if (places_ % kChunk == 0) {
      chunks_.push_back(std::make_unique<T[]>(kChunk));
      free_.reserve(places_ + kChunk);  // so that giving back never allocates
    }
    ENSURE(places_ < kNone);
    return places_++;
  }
  void give_back(std::uint32_t slot) {
    (*this)[slot] = T();
    free_.push_back(slot);
  }
  T& operator[](std::uint32_t slot) { return chunks_[slot >> kChunkBits][slot & (kChunk - 1)]; }
  const T& operator[](std::uint32_t slot) const { return chunks_[slot >> kChunkBits][slot & (kChunk - 1)]; }
  [[nodiscard]] std::size_t live() const { return places_ - free_.size(); }
  [[nodiscard]] std::uint32_t places() const { return places_; }

 private:
  static constexpr std::uint32_t kChunk = std::uint32_t{1} << kChunkBits;
  using Chunk = std::unique_ptr<T[]>;
  std::vector<Chunk> chunks_;
  std::vector<std::uint32_t> free_;
  std::uint32_t places_ = 0;
};

}  // namespace origo
