#pragma once

#include <grpcpp/grpcpp.h>
#include <grpcpp/support/server_callback.h>

#include <atomic>
#include <chrono>
#include <optional>
#include <string>

#include "engine/core/id.h"
#include "gateway/grpc/rate_limiter.h"
#include "gateway/grpc/server.h"
#include "gateway/node/command_sink.h"

// What every call passes first.
namespace origo::gateway {

// Who calls, or the status to answer with.
struct Caller {
  UserId user;
  grpc::Status status;
  Hash256 token{};  // its digest
  Sequence known;   // the state that knew the token
};

// Finds the user of `authorization: Bearer <token>`. Any thread.
class Authenticator {
 public:
  explicit Authenticator(const NodeAccess& node) : node_(node) {}
  // UNAUTHENTICATED: no token, or not a user's; UNAVAILABLE: the node ends.
  [[nodiscard]] Caller identify(const grpc::CallbackServerContext& context);
  // Whether the token that a call began with is still its user's; cheap unless a token was replaced
  // meanwhile. UNAUTHENTICATED: it is not; UNAVAILABLE: the node ends.
  [[nodiscard]] grpc::Status confirm(Caller& caller);

 private:
  struct Search {
    ReadOutcome outcome = ReadOutcome::done;
    Sequence sequence;  // that the reader showed
    UserId user;        // unset: nobody there
  };
  [[nodiscard]] Search search(const Hash256& digest,
                              Sequence at_least,
                              std::chrono::milliseconds patience);
  [[nodiscard]] Sequence tokens_changed() const;

  const NodeAccess& node_;
  std::atomic<int> waiting_{0};  // calls with a token that the reader may not know yet
};

// The numbers of a unary command, from the metadata `client-id` and `client-sequence`.
struct ClientNumbers {
  std::uint64_t client = 0;
  std::uint64_t sequence = 0;
  grpc::Status status;  // INVALID_ARGUMENT: not decimal
};
[[nodiscard]] ClientNumbers client_numbers(const grpc::CallbackServerContext& context);

// What a stream says of its session, in the metadata `client-id` and `disconnect-grace-ms`.
struct SessionWish {
  ClientId client;  // unset: it will say so in its commands
  std::optional<std::chrono::milliseconds> grace;
  grpc::Status status;  // INVALID_ARGUMENT: not decimal
};
[[nodiscard]] SessionWish session_wish(const grpc::CallbackServerContext& context);

// The status of a call whose frame was turned away.
[[nodiscard]] grpc::Status status_of(FrameOutcome outcome);

// What a caller who sends too much is told: which limit, and when to try again.
[[nodiscard]] std::string words_of(const Admitted& admitted, const RateLimits& limits);

// Decimal digits only, nothing else; no value if there is no such 64-bit number.
[[nodiscard]] std::optional<std::uint64_t> parse_uint64(std::string_view text);

}  // namespace origo::gateway
