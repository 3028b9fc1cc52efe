#include <string_view>

#include "engine/core/ensure.h"
#include "gateway/feed/client_message.h"

// Any text from a WebSocket client is understood as one message, or refused with a typed error.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace origo::gateway;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto parsed = parse_client_message(text);
  if (const auto* error = std::get_if<ApiError>(&parsed)) {
    ENSURE(!error->code.empty());
    ENSURE(!error->rule.empty());
    ENSURE(to_json(*error).front() == '{');
    return 0;
  }
  const auto& message = std::get<ClientMessage>(parsed);
  const Topic* topic = nullptr;
  if (const auto* subscribe = std::get_if<SubscribeMessage>(&message)) topic = &subscribe->topic;
  if (const auto* unsubscribe = std::get_if<UnsubscribeMessage>(&message))
    topic = &unsubscribe->topic;
  if (topic != nullptr) {
    ENSURE(parse_channel(name_of(topic->channel)) == topic->channel);
    ENSURE(parse_instrument(instrument_name(topic->instrument)) == topic->instrument);
  }
  if (const auto* ping = std::get_if<PingMessage>(&message)) ENSURE(ping->id.size() <= 64);
  return 0;
}
