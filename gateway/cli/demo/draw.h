#pragma once

#include <cstdint>

namespace origo::gateway {

// A repeatable sequence of numbers (splitmix64): the demo is the same at every run.
class Draw {
 public:
  explicit Draw(std::uint64_t seed) : state_(seed) {}
  // From 0 to bound - 1.
  std::uint64_t below(std::uint64_t bound) {
    state_ += 0x9e3779b97f4a7c15;
    std::uint64_t z = state_;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return (z ^ z >> 31) % bound;
  }
  std::int64_t between(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(high - low + 1)));
  }

 private:
  std::uint64_t state_;
};

}  // namespace origo::gateway
