#include "loadtest/workload/draw.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace origo::loadtest {

Geometric::Geometric(double mean) {
  // P(X > k) = ratio^(k+1) with ratio = mean / (mean + 1), the mean taken in 1/1024.
  const auto scaled = static_cast<std::uint64_t>(mean * 1024.0);
  const auto ratio = static_cast<std::uint64_t>((Wide{scaled} << 64U) / (scaled + 1024));
  for (std::uint64_t tail = ratio; tail > 16;
       tail = static_cast<std::uint64_t>((Wide{tail} * ratio) >> 64U)) {
    exceeds_.push_back(tail);
  }
}

std::uint32_t Geometric::operator()(Draw& draw) const {
  const std::uint64_t drawn = draw.next();
  const auto first_not_exceeded = std::partition_point(
      exceeds_.begin(), exceeds_.end(), [&](std::uint64_t tail) { return drawn < tail; });
  return static_cast<std::uint32_t>(first_not_exceeded - exceeds_.begin());
}

std::uint32_t draw_quantity(Draw& draw) {
  const double size = draw.unit();
  if (size < 0.6) return 1 + static_cast<std::uint32_t>(draw.below(10));
  if (size < 0.9) return 10 + static_cast<std::uint32_t>(draw.below(91));
  return 100 + static_cast<std::uint32_t>(draw.below(901));
}

Popularity::Popularity(std::uint32_t instruments, double exponent, Draw& draw) {
  std::uint64_t sum = 0;
  for (std::uint32_t rank = 1; rank <= instruments; ++rank) {
    // The usual exponent stays in integers; any other is as exact as this machine's pow.
    sum += exponent == 1.0
               ? 1'000'000'000'000U / rank
               : static_cast<std::uint64_t>(1e12 / std::pow(static_cast<double>(rank), exponent));
    cumulative_.push_back(sum);
    by_rank_.push_back(rank - 1);
  }
  for (std::size_t unshuffled = instruments; unshuffled > 1; --unshuffled) {
    std::swap(by_rank_[unshuffled - 1], by_rank_[draw.below(unshuffled)]);
  }
}

std::uint32_t Popularity::operator()(Draw& draw) const {
  if (by_rank_.size() == 1) return 0;
  const std::uint64_t drawn = draw.below(cumulative_.back());
  const auto above = std::upper_bound(cumulative_.begin(), cumulative_.end(), drawn);
  return by_rank_[static_cast<std::size_t>(above - cumulative_.begin())];
}

}  // namespace origo::loadtest
