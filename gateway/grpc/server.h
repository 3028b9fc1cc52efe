#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>

#include "gateway/feed/http_options.h"
#include "gateway/grpc/rate_limiter.h"
#include "gateway/node/command_sink.h"
#include "gateway/node/history.h"
#include "gateway/node/reader.h"
#include "storage/journal.h"
#include "storage/status.h"

// The node's gRPC services (origo/v1). gRPC's own headers stay behind this one.
namespace origo::gateway {

class ScenarioControl;

// What a node says of itself beside the state; see v1::StatusResponse.
struct NodeStatus {
  Sequence durable;
  storage::Chain chain{};
  std::string sync_policy;
  std::string banner;
  std::string version;
  Instant started_at;
  Instant now;
  bool accepting = true;
  std::string trouble;
};

// What the services use of a node. All of it is thread-safe and outlives the server.
struct NodeAccess {
  CommandSink& sink;
  Reader& reader;
  HistoryView history;
  std::function<Sequence()> live_sequence;  // the last command answered
  std::function<NodeStatus()> status;
  std::string public_url = {};  // by which statements name this node, without a slash at the end
  // The last command that replaced a token; older authentication is judged anew. May be empty:
  // never.
  std::function<Sequence()> tokens_changed = {};
  ScenarioControl* scenario = nullptr;    // only of a node for scenario files, with the next one
  std::function<bool(Instant)> set_time;  // see ScenarioControl::set_time
  storage::Journal* journal = nullptr;    // for audit exports; null: there are none
};

struct GrpcOptions {
  std::string address = "127.0.0.1";  // anything but loopback needs tls
  std::uint16_t port = 0;             // 0 takes a free one; GrpcServer::port() tells
  std::optional<TlsOptions> tls;

  std::size_t memory_bytes_max = std::size_t{64} << 20U;  // of all connections together
  int message_bytes_max = 4 << 20;
  int metadata_bytes_max = 8 << 10;
  int streams_per_connection_max = 1'000;
  std::chrono::seconds connection_age_max{12 * 3600};
  std::chrono::seconds connection_idle_max{3600};
  // A connection whose other end has vanished without a word is noticed after the two together.
  std::chrono::milliseconds keepalive{10'000};
  std::chrono::milliseconds keepalive_timeout{10'000};
  std::chrono::milliseconds query_deadline{10'000};  // of calls that bring none, and the longest

  std::size_t frames_in_flight_max = 32;       // of one stream; then it is not read
  std::size_t commands_in_flight_max = 8'192;  // likewise
  // How long a client may be without a stream before its session is over; see Sessions.
  std::chrono::milliseconds disconnect_grace{5'000};
  // Told how many orders have ended with a session; may be empty.
  std::function<void(ClientId client, std::uint64_t orders)> on_session_over = {};
  RateLimits rates;
  // Called on gRPC's threads for commands that exceed a rate; may be empty.
  std::function<void(RateLimit limit, std::size_t commands)> on_limited = {};
  std::size_t query_threads = 2;
  std::size_t queries_waiting_max = 1'024;
};

class GrpcServer {
 public:
  // Serving when it returns. What went wrong, in words, instead: an address that is not loopback
  // without TLS, unreadable keys, a port in use.
  static storage::Outcome<std::unique_ptr<GrpcServer>> start(const GrpcOptions& options,
                                                             const NodeAccess& node);
  ~GrpcServer();
  GrpcServer(const GrpcServer&) = delete;
  GrpcServer& operator=(const GrpcServer&) = delete;

  [[nodiscard]] std::uint16_t port() const;
  // Whether the health service says SERVING.
  void set_serving(bool serving);
  // Clients without a stream whose orders may end when their grace does.
  [[nodiscard]] std::size_t clients_away() const;
  // Ends all calls; those not done within `grace` are cancelled. Sessions go on: it is the node
  // that leaves. The sink must still answer.
  void stop(std::chrono::milliseconds grace);

 private:
  struct Parts;
  explicit GrpcServer(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace origo::gateway
