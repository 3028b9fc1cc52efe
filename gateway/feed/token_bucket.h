#pragma once

#include <algorithm>
#include <chrono>

namespace origo::gateway {

// Allows `burst` actions at once and `per_second` in the long run.
class TokenBucket {
 public:
  using Clock = std::chrono::steady_clock;

  TokenBucket(double per_second, double burst) : per_second_(per_second), burst_(burst) {}

  [[nodiscard]] bool take(Clock::time_point now) {
    if (last_ != Clock::time_point{}) {
      const double elapsed = std::chrono::duration<double>(now - last_).count();
      tokens_ = std::min(burst_, tokens_ + elapsed * per_second_);
    } else {
      tokens_ = burst_;
    }
    last_ = now;
    if (tokens_ < 1) return false;
    tokens_ -= 1;
    return true;
  }

 private:
  double per_second_;
  double burst_;
  double tokens_ = 0;
  Clock::time_point last_{};
};

}  // namespace origo::gateway
