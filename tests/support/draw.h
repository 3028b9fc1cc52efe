#pragma once

#include <cstdint>

#include "engine/core/ensure.h"

namespace origo {

// Our own generator with its own bounded draw (SplitMix64): a seed means one run on every machine,
// compiler and library.
class Draw {
 public:
  explicit Draw(std::uint64_t seed) : state_(seed) {}

  std::uint64_t bits() {
    state_ += 0x9e3779b97f4a7c15u;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }

  // Evenly one of `count` numbers from 0. Requires: count > 0.
  std::uint64_t below(std::uint64_t count) {
    ENSURE(count > 0);
    const std::uint64_t uneven = (0 - count) % count;  // as many of the smallest draws are dropped
    std::uint64_t drawn = bits();
    while (drawn < uneven) drawn = bits();
    return drawn % count;
  }

  // Evenly one of first..last, both included.
  std::int64_t between(std::int64_t first, std::int64_t last) {
    ENSURE(first <= last);
    const std::uint64_t span = static_cast<std::uint64_t>(last) - static_cast<std::uint64_t>(first);
    return first + static_cast<std::int64_t>(span == UINT64_MAX ? bits() : below(span + 1));
  }

  bool one_in(std::uint64_t count) { return below(count) == 0; }

 private:
  std::uint64_t state_;
};

}  // namespace origo
