#pragma once

#include <array>
#include <cstdint>
#include <string>

namespace origo::loadtest {

// Weights of the commands of a flow, in this order: GTC, IOC, FOK, market, cancel, reduce, replace.
using FlowMix = std::array<double, 7>;
inline constexpr FlowMix kFullMix{42, 5, 1, 2, 36, 6, 8};
inline constexpr FlowMix kBasicMix{42, 5, 0, 2, 36, 0, 8};

struct FlowOptions {
  std::uint32_t instruments = 1;
  std::uint32_t depth = 1000;     // resting orders aimed at, over all instruments
  std::uint64_t ops = 2'000'000;  // measured commands
  std::uint32_t accounts = 1000;
  std::uint64_t seed = 1;
  double zipf = 1.0;        // popularity of instruments
  double spread = 0;        // mean distance of an order from the middle, ticks; 0: by the depth
  double recent = 0.7;      // share of cancels and changes that hit one of the latest orders
  bool sparse_ids = false;  // ids scrambled over 64 bits instead of 1, 2, 3 ...
  FlowMix mix = kFullMix;

  // Ours alone, for what must not hurt an engine; either leaves the flow above when 0.
  std::uint32_t swing_percent =
      0;  // the middle falls by this much until half of the run, then returns
  std::uint32_t sparse_levels =
      0;  // orders lie evenly on so many levels a side, kSparseGap ticks apart
};
inline constexpr std::int64_t kSparseGap = 16;

// "full", "basic" or seven weights with commas; throws std::invalid_argument otherwise.
FlowMix parse_mix(const std::string& text);

// What is wrong with the options; empty: nothing.
std::string problem_with(const FlowOptions& options);

}  // namespace origo::loadtest
