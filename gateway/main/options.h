#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "engine/core/date.h"
#include "gateway/feed/http_options.h"
#include "gateway/grpc/rate_limiter.h"
#include "storage/journal.h"

namespace origo::gateway {

// Exit codes of `origod`, beside 0.
constexpr int kFailure = 1;
constexpr int kUsageError = 2;

struct Endpoint {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;
};

// "127.0.0.1:7401", "[::1]:7401", "localhost:0"; nothing if it is anything else.
[[nodiscard]] std::optional<Endpoint> parse_endpoint(const std::string& text);
[[nodiscard]] std::string to_string(const Endpoint& endpoint);
// The host in "https://host:port"; empty if it is no such address.
[[nodiscard]] std::string host_of(const std::string& url);
[[nodiscard]] bool is_loopback(const std::string& host);

// How the node was started.
struct NodeOptions {
  std::filesystem::path data;     // empty only with `scenario`: a temporary directory
  std::filesystem::path schemes;  // empty: none
  Endpoint grpc{.host = "127.0.0.1", .port = 7401};
  Endpoint http{.host = "127.0.0.1", .port = 7402};
  std::optional<TlsOptions> tls;
  std::string
      public_url;  // by which others reach the page, without a slash at the end; empty: `http`
  std::string venue = "Origo venue";
  bool demo = false;
  std::optional<Instant> clock;  // only with `demo`: where the node's clock starts
  bool scenario = false;
  std::uint64_t scenario_run = 0;         // only with `scenario`: which run this is
  std::optional<Instant> scenario_start;  // likewise: where the clock stands first
  bool adopt_missing_witness = false;
  storage::SyncPolicy sync = storage::SyncPolicy::always;
  std::filesystem::path witness;  // empty: in the data directory
  RateLimits rates;
  std::chrono::milliseconds disconnect_grace{5'000};
  std::uint64_t snapshot_every = 0;
  std::string log_level = "info";
};

// Reads the command line. Prints help, the version or what is wrong, and ends the process then.
NodeOptions parse_options(int argc, char** argv);

}  // namespace origo::gateway
