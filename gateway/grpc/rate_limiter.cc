#include "gateway/grpc/rate_limiter.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace origo::gateway {
namespace {

using SteadyClock = Allowance::Clock;

// Sums of parts of a second may fall short of a whole number by their rounding.
std::size_t whole(double tokens) {
  return static_cast<std::size_t>(std::max(0.0, tokens + 1e-6));
}

}  // namespace

const char* name_of(RateLimit limit) {
  return limit == RateLimit::user ? "user" : "address";
}

Allowance::Allowance(double per_second, std::chrono::milliseconds burst)
    : per_second_(per_second),
      burst_(std::max(1.0, per_second * std::chrono::duration<double>(burst).count())),
      cancels_(burst_),
      others_(burst_) {}

void Allowance::refill(SteadyClock::time_point now) {
  if (last_ != SteadyClock::time_point{} && now > last_) {
    const double fresh = std::chrono::duration<double>(now - last_).count() * per_second_;
    cancels_ = std::min(burst_, cancels_ + fresh);
    others_ = std::min(burst_, others_ + fresh);
  }
  last_ = std::max(last_, now);
}

bool Allowance::is_full(SteadyClock::time_point now) {
  const std::lock_guard lock(mutex_);
  refill(now);
  return cancels_ >= burst_ && others_ >= burst_;
}

RateShare::RateShare(std::shared_ptr<Allowance> user, std::shared_ptr<Allowance> address)
    : user_(std::move(user)), address_(std::move(address)) {}

Admitted RateShare::admit(const CommandCounts& wanted, SteadyClock::time_point now) {
  Admitted admitted{.counts = wanted};
  if (!user_) return admitted;
  const std::scoped_lock lock(user_->mutex_, address_->mutex_);
  for (const RateLimit limit : {RateLimit::user, RateLimit::address}) {
    Allowance& allowance = limit == RateLimit::user ? *user_ : *address_;
    allowance.refill(now);
    const CommandCounts left{.cancels = whole(allowance.cancels_),
                             .others = whole(allowance.others_)};
    if (left.cancels >= admitted.counts.cancels && left.others >= admitted.counts.others) continue;
    admitted.limit = limit;
    double missing = 0;  // of one more command
    if (left.cancels < admitted.counts.cancels)
      missing = 1 - (allowance.cancels_ - static_cast<double>(left.cancels));
    if (left.others < admitted.counts.others) {
      missing = std::max(missing, 1 - (allowance.others_ - static_cast<double>(left.others)));
    }
    admitted.retry_after = std::max(admitted.retry_after,
                                    std::chrono::milliseconds(static_cast<std::int64_t>(
                                        std::ceil(1'000 * missing / allowance.per_second_))));
    admitted.counts.cancels = std::min(admitted.counts.cancels, left.cancels);
    admitted.counts.others = std::min(admitted.counts.others, left.others);
  }
  for (Allowance* allowance : {user_.get(), address_.get()}) {
    allowance->cancels_ -= static_cast<double>(admitted.counts.cancels);
    allowance->others_ -= static_cast<double>(admitted.counts.others);
  }
  return admitted;
}

RateShare RateLimiter::share_of(UserId user, std::string_view peer) {
  const std::lock_guard lock(mutex_);
  return {find(users_, user.value(), limits_.user_commands_per_second),
          find(addresses_, host_of(peer), limits_.address_commands_per_second)};
}

std::size_t RateLimiter::remembered() {
  const std::lock_guard lock(mutex_);
  return users_.size() + addresses_.size();
}

template <class Key>
std::shared_ptr<Allowance> RateLimiter::find(Allowances<Key>& all,
                                             const Key& key,
                                             double per_second) {
  if (all.size() >= kRemembered && !all.contains(key)) {
    const auto now = SteadyClock::now();
    std::erase_if(all, [&](const auto& one) {
      return one.second.use_count() == 1 && one.second->is_full(now);
    });
  }
  std::shared_ptr<Allowance>& found = all[key];
  if (!found) found = std::make_shared<Allowance>(per_second, limits_.burst);
  return found;
}

std::string host_of(std::string_view peer) {
  const std::size_t scheme = peer.find(':');
  const std::size_t port = peer.rfind(':');
  if (scheme == std::string_view::npos || port <= scheme) return std::string(peer);
  return std::string(peer.substr(scheme + 1, port - scheme - 1));
}

}  // namespace origo::gateway
