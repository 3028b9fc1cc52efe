#include "gateway/node/clock.h"

#include <algorithm>

namespace origo::gateway {

Instant SystemClock::now() const {
  const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
  return Instant(std::chrono::duration_cast<std::chrono::nanoseconds>(since_epoch).count());
}

std::optional<std::chrono::nanoseconds> SystemClock::until(Instant due) const {
  return std::chrono::nanoseconds(std::max<std::int64_t>(0, due.ns() - now().ns()));
}

Instant OffsetClock::now() const {
  return Instant(SystemClock().now().ns() + offset_ns_);
}

std::optional<std::chrono::nanoseconds> OffsetClock::until(Instant due) const {
  return std::chrono::nanoseconds(std::max<std::int64_t>(0, due.ns() - now().ns()));
}

bool SimulatedClock::set(Instant now) {
  std::int64_t before = now_.load();
  do {
    if (now.ns() < before) return false;
  } while (!now_.compare_exchange_weak(before, now.ns()));
  return true;
}

}  // namespace origo::gateway
