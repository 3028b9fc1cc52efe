#include "gateway/grpc/gate.h"

#include <algorithm>
#include <charconv>

#include "gateway/grpc/token.h"

namespace origo::gateway {
namespace {

using SteadyClock = std::chrono::steady_clock;

// The metadata value; nothing if absent or given twice.
std::optional<std::string_view> find_metadata(const grpc::CallbackServerContext& context,
                                              const char* key) {
  const auto& metadata = context.client_metadata();
  const auto [begin, end] = metadata.equal_range(key);
  if (begin == end || std::next(begin) != end) return std::nullopt;
  return std::string_view(begin->second.data(), begin->second.size());
}

// The number in the metadata; nothing if absent. `status` tells if it is none.
std::optional<std::uint64_t> find_number(const grpc::CallbackServerContext& context,
                                         const char* key,
                                         grpc::Status& status) {
  if (context.client_metadata().count(key) == 0) return std::nullopt;
  const auto text = find_metadata(context, key);
  const auto number = text ? parse_uint64(*text) : std::nullopt;
  if (!number) {
    status = {grpc::StatusCode::INVALID_ARGUMENT,
              std::string(key) + ": must be a decimal number, given once"};
  }
  return number;
}

grpc::Status unauthenticated(const char* what) {
  return {grpc::StatusCode::UNAUTHENTICATED, what};
}

}  // namespace

std::optional<std::uint64_t> parse_uint64(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return value;
}

Authenticator::Search Authenticator::search(const Hash256& digest,
                                            Sequence at_least,
                                            std::chrono::milliseconds patience) {
  Search found;
  found.outcome = node_.reader.read(
      at_least, SteadyClock::now() + patience, [&](const Exchange& exchange, Sequence sequence) {
        const User* user = exchange.parties().find_user_by_token(digest);
        if (user != nullptr) found.user = user->id;
        found.sequence = sequence;
      });
  return found;
}

Sequence Authenticator::tokens_changed() const {
  return node_.tokens_changed ? node_.tokens_changed() : Sequence();
}

grpc::Status Authenticator::confirm(Caller& caller) {
  const Sequence changed = tokens_changed();
  if (changed <= caller.known) return grpc::Status::OK;
  const Search found = search(caller.token, changed, std::chrono::seconds(5));
  if (found.outcome != ReadOutcome::done) return status_of(FrameOutcome::stopping);
  if (found.user != caller.user) return unauthenticated("authorization: this token was replaced");
  caller.known = found.sequence;
  return grpc::Status::OK;
}

Caller Authenticator::identify(const grpc::CallbackServerContext& context) {
  constexpr std::string_view kScheme = "Bearer ";
  const auto header = find_metadata(context, "authorization");
  if (!header)
    return {.user = {},
            .status = unauthenticated("authorization: must be given once, as 'Bearer <token>'")};
  if (!header->starts_with(kScheme) || header->size() > 200) {
    return {.user = {}, .status = unauthenticated("authorization: must be 'Bearer <token>'")};
  }
  const Hash256 digest = digest_of_token(header->substr(kScheme.size()));
  const Sequence live = node_.live_sequence();
  // A token that was replaced must not pass because the reader is behind.
  Search found = search(digest, tokens_changed(), std::chrono::seconds(5));
  if (found.outcome == ReadOutcome::done && !found.user.is_set() && found.sequence < live) {
    // The token may be so new that the reader had not come to it. Few may wait, as this holds a
    // thread of gRPC.
    if (waiting_.fetch_add(1) < 2) found = search(digest, live, std::chrono::milliseconds(500));
    waiting_.fetch_sub(1);
  }
  if (found.user.is_set()) {
    return {
        .user = found.user, .status = grpc::Status::OK, .token = digest, .known = found.sequence};
  }
  if (found.outcome == ReadOutcome::stopped)
    return {.user = {}, .status = status_of(FrameOutcome::stopping)};
  return {.user = {}, .status = unauthenticated("authorization: this token belongs to no user")};
}

ClientNumbers client_numbers(const grpc::CallbackServerContext& context) {
  ClientNumbers numbers;
  numbers.client = find_number(context, "client-id", numbers.status).value_or(0);
  numbers.sequence = find_number(context, "client-sequence", numbers.status).value_or(0);
  return numbers;
}

SessionWish session_wish(const grpc::CallbackServerContext& context) {
  constexpr std::uint64_t kLongest = 86'400'000;  // a day; the node's own is shorter
  SessionWish wish;
  wish.client = ClientId(find_number(context, "client-id", wish.status).value_or(0));
  if (const auto grace = find_number(context, "disconnect-grace-ms", wish.status)) {
    wish.grace = std::chrono::milliseconds(std::min(*grace, kLongest));
  }
  return wish;
}

grpc::Status status_of(FrameOutcome outcome) {
  switch (outcome) {
    case FrameOutcome::sequenced:
      return grpc::Status::OK;
    case FrameOutcome::disk_full:
      return {grpc::StatusCode::RESOURCE_EXHAUSTED,
              "disk_full: the node's disk is full; it takes no commands until there is room; "
              "nothing was done"};
    case FrameOutcome::overloaded:
      return {grpc::StatusCode::RESOURCE_EXHAUSTED,
              "overloaded: too many commands wait; nothing was done, try again"};
    case FrameOutcome::stopping:
      return {grpc::StatusCode::UNAVAILABLE, "stopping: the node is ending; nothing was done"};
  }
  return {grpc::StatusCode::INTERNAL, "unknown outcome"};
}

std::string words_of(const Admitted& admitted, const RateLimits& limits) {
  const double rate = admitted.limit == RateLimit::user ? limits.user_commands_per_second
                                                        : limits.address_commands_per_second;
  return "exceeds " + std::to_string(static_cast<std::uint64_t>(rate)) +
         " commands a second of this " + name_of(admitted.limit) +
         "; nothing was done, try again in " + std::to_string(admitted.retry_after.count()) + " ms";
}

}  // namespace origo::gateway
