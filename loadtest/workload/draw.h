#pragma once

#include <cstdint>
#include <vector>

// Random draws that are the same on every machine: own generator, and no library function decides a
// value.
namespace origo::loadtest {

__extension__ using Wide = unsigned __int128;

// SplitMix64 (Steele, Lea, Flood 2014): a counter, scrambled. scramble() alone is a bijection of 64
// bits.
class Draw {
 public:
  explicit Draw(std::uint64_t state) : state_(state) {}

  std::uint64_t next() {
    state_ += kGolden;
    return scramble(state_);
  }
  // In [0, 1), a multiple of 2^-53.
  double unit() { return static_cast<double>(next() >> 11U) * 0x1.0p-53; }
  // Evenly in 0 .. bound - 1; one draw each, so a bias of at most bound / 2^64.
  std::uint64_t below(std::uint64_t bound) {
    return static_cast<std::uint64_t>((Wide{next()} * bound) >> 64U);
  }
  bool chance(double probability) { return unit() < probability; }

  static std::uint64_t scramble(std::uint64_t x) {
    x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9U;
    x = (x ^ (x >> 27U)) * 0x94D049BB133111EBU;
    return x ^ (x >> 31U);
  }
  static constexpr std::uint64_t kGolden = 0x9E3779B97F4A7C15U;

 private:
  std::uint64_t state_;
};

// 0, 1, 2, ... geometrically, by inverting a table of integers: exceeds_[k] is 2^64 x P(X > k).
class Geometric {
 public:
  explicit Geometric(double mean);
  std::uint32_t operator()(Draw& draw) const;

 private:
  std::vector<std::uint64_t> exceeds_;
};

// Small sizes mostly: 60 % 1-10, 30 % 10-100, 10 % 100-1,000.
std::uint32_t draw_quantity(Draw& draw);

// Which instrument a command is for: the share of the r-th most popular falls with r^-exponent, and
// popularity is not the order of the numbers.
class Popularity {
 public:
  Popularity(std::uint32_t instruments, double exponent, Draw& draw);
  std::uint32_t operator()(Draw& draw) const;

 private:
  std::vector<std::uint64_t> cumulative_;
  std::vector<std::uint32_t> by_rank_;
};

}  // namespace origo::loadtest
