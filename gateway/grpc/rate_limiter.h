#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "engine/core/id.h"

// How many commands one user and one address may send.
namespace origo::gateway {

struct RateLimits {
  double user_commands_per_second = 500'000;
  double address_commands_per_second = 1'000'000;
  // Of each limit, saved up while nothing is sent.
  std::chrono::milliseconds burst{2'000};
};

enum class RateLimit : std::uint8_t { user, address };
[[nodiscard]] const char* name_of(RateLimit limit);

// What a caller wants to send at once. Cancels take risk out of the market, so they have an equal
// allowance of their own: whoever has used up the other can still leave.
struct CommandCounts {
  std::size_t cancels = 0;  // CancelOrder, MassCancel, ReduceOrder, EndSession, SetKillSwitch
  std::size_t others = 0;
  bool operator==(const CommandCounts&) const = default;
};

// How many of each may pass, the first ones. If not all may: why, and when one more could.
struct Admitted {
  CommandCounts counts;
  RateLimit limit = RateLimit::user;
  std::chrono::milliseconds retry_after{};
};

// Two token buckets, for cancels and for the rest. Thread-safe.
class Allowance {
 public:
  using Clock = std::chrono::steady_clock;

  Allowance(double per_second, std::chrono::milliseconds burst);

 private:
  friend class RateShare;
  friend class RateLimiter;
  // Guarded by mutex_: what is there now.
  void refill(Clock::time_point now);
  [[nodiscard]] bool is_full(Clock::time_point now);

  const double per_second_;
  const double burst_;
  std::mutex mutex_;
  double cancels_;
  double others_;
  Clock::time_point last_;
};

// What one call draws on. Thread-safe; outlives the limiter's own memory of the caller.
class RateShare {
 public:
  RateShare() = default;  // no limit
  RateShare(std::shared_ptr<Allowance> user, std::shared_ptr<Allowance> address);

  [[nodiscard]] Admitted admit(const CommandCounts& wanted, Allowance::Clock::time_point now);

 private:
  std::shared_ptr<Allowance> user_;
  std::shared_ptr<Allowance> address_;
};

// Knows the allowance of every user and address that sent something lately. Thread-safe.
class RateLimiter {
 public:
  explicit RateLimiter(const RateLimits& limits) : limits_(limits) {}

  // `peer` as gRPC names it: "ipv4:127.0.0.1:50412", "ipv6:[::1]:50412".
  [[nodiscard]] RateShare share_of(UserId user, std::string_view peer);

  [[nodiscard]] const RateLimits& limits() const { return limits_; }
  // Users and addresses known at the moment.
  [[nodiscard]] std::size_t remembered();

 private:
  // Allowances that are full again say nothing and are forgotten.
  static constexpr std::size_t kRemembered = 4'096;

  template <class Key>
  using Allowances = std::unordered_map<Key, std::shared_ptr<Allowance>>;
  template <class Key>
  std::shared_ptr<Allowance> find(Allowances<Key>& all, const Key& key, double per_second);

  const RateLimits limits_;
  std::mutex mutex_;
  Allowances<std::uint32_t> users_;  // guarded by mutex_, likewise the next one
  Allowances<std::string> addresses_;
};

// The host in gRPC's name of a peer, without its port.
[[nodiscard]] std::string host_of(std::string_view peer);

}  // namespace origo::gateway
