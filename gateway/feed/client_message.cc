#include "gateway/feed/client_message.h"

#include <initializer_list>
#include <nlohmann/json.hpp>
#include <optional>

namespace origo::gateway {
namespace {

using Json = nlohmann::json;
using Outcome = std::variant<ClientMessage, ApiError>;

constexpr std::size_t kPingIdMax = 64;

// No message nests: depth is bounded before the parser builds anything.
bool is_flat(std::string_view text) {
  int depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      if (++depth > 1) return false;
    } else if (c == '}' || c == ']') {
      --depth;
    }
  }
  return true;
}

std::optional<ApiError> find_unknown_field(const Json& message,
                                           std::initializer_list<std::string_view> known) {
  for (const auto& [key, value] : message.items()) {
    bool found = false;
    for (const std::string_view name : known) found = found || key == name;
    if (!found) return ApiError{"unknown_field", key, "this operation has no such field"};
  }
  return std::nullopt;
}

// The text of a field, or nothing if it is missing or not a string.
std::optional<std::string> find_text(const Json& message, const char* field) {
  const auto found = message.find(field);
  if (found == message.end() || !found->is_string()) return std::nullopt;
  return found->get<std::string>();
}

std::variant<Topic, ApiError> parse_topic(const Json& message) {
  const auto channel_text = find_text(message, "channel");
  const auto channel = channel_text ? parse_channel(*channel_text) : std::nullopt;
  if (!channel) {
    return ApiError{"unknown_channel",
                    "channel",
                    "must be trades, book.l1, book.l2, book.l3, book.combined, auction or stats"};
  }
  const auto instrument_text = find_text(message, "instrument");
  const auto instrument = instrument_text ? parse_instrument(*instrument_text) : std::nullopt;
  if (!instrument) {
    return ApiError{"malformed_instrument", "instrument", "must be an instrument id like ins-1"};
  }
  return Topic{.channel = *channel, .instrument = *instrument};
}

Outcome parse_topic_operation(const Json& message, bool subscribe) {
  if (auto error = find_unknown_field(message, {"op", "channel", "instrument"})) return *error;
  const auto topic = parse_topic(message);
  if (const auto* error = std::get_if<ApiError>(&topic)) return *error;
  if (subscribe) return ClientMessage{SubscribeMessage{std::get<Topic>(topic)}};
  return ClientMessage{UnsubscribeMessage{std::get<Topic>(topic)}};
}

Outcome parse_ping(const Json& message) {
  if (auto error = find_unknown_field(message, {"op", "id"})) return *error;
  PingMessage ping;
  if (message.contains("id")) {
    auto id = find_text(message, "id");
    if (!id || id->size() > kPingIdMax) {
      return ApiError{"malformed_id", "id", "must be a string of at most 64 bytes"};
    }
    ping.id = *std::move(id);
  }
  return ClientMessage{std::move(ping)};
}

}  // namespace

Outcome parse_client_message(std::string_view text) {
  const ApiError malformed{"malformed_message", "", "must be one flat JSON object"};
  if (!is_flat(text)) return malformed;
  const Json message = Json::parse(text, nullptr, false);
  if (!message.is_object()) return malformed;
  const auto op = find_text(message, "op");
  if (op == "subscribe") return parse_topic_operation(message, true);
  if (op == "unsubscribe") return parse_topic_operation(message, false);
  if (op == "ping") return parse_ping(message);
  return ApiError{"unknown_op", "op", "must be subscribe, unsubscribe or ping"};
}

}  // namespace origo::gateway
