#pragma once

#include <cstdint>
#include <vector>

namespace origo::loadtest {

struct OverlapOptions {
  std::uint32_t listed = 10'000;    // instruments in all
  std::uint64_t commands = 60'000;  // timed, for each group
  int rounds = 5;
};

// What one command costs where its instrument overlaps with others.
struct Overlap {
  std::uint32_t instruments = 0;  // that overlap, each narrower than the next
  std::uint32_t listed = 0;       // in all
  double ns_per_command = 0;      // median of the rounds
  double ratio = 0;               // to one instrument that overlaps with none, of the same round
};

// The whole core with `listed` instruments, among them groups of 1, 4, 16 and 64 that overlap; each
// group gets the same orders, spread over its instruments, in turn. First the one instrument alone.
std::vector<Overlap> measure_overlap(const OverlapOptions& options);

}  // namespace origo::loadtest
