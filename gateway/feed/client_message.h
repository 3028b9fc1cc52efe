#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "gateway/feed/api_error.h"
#include "gateway/feed/topic.h"

namespace origo::gateway {

// What a WebSocket client may say. `id` is echoed in the answer, so that a client can match them.
struct SubscribeMessage {
  Topic topic;
};
struct UnsubscribeMessage {
  Topic topic;
};
struct PingMessage {
  std::string id;
};
using ClientMessage = std::variant<SubscribeMessage, UnsubscribeMessage, PingMessage>;

// Reads one message. Unknown operations, unknown or missing fields and wrong types are refused.
[[nodiscard]] std::variant<ClientMessage, ApiError> parse_client_message(std::string_view text);

}  // namespace origo::gateway
