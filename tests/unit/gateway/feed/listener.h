#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <variant>
#include <vector>

#include "gateway/feed/feed_hub.h"

namespace origo::gateway {

using Json = nlohmann::json;

inline std::string payload_of(const WireFrame& frame) {
  const auto length = static_cast<unsigned char>((*frame)[1]);
  return frame->substr(length < 126 ? 2 : length == 126 ? 4 : 10);
}

// Keeps every message; may refuse.
class Listener : public FeedSubscriber {
 public:
  bool enqueue(const WireFrame& frame) override {
    if (full) return false;
    messages.push_back(Json::parse(payload_of(frame)));
    return true;
  }
  void flush() override { ++flushes; }
  void fall_behind() override { ++falls; }

  std::vector<Json> messages;
  int falls = 0;
  int flushes = 0;
  bool full = false;
};

// The snapshot that a subscription begins with, or the error.
inline Json subscribe(FeedHub& hub, Listener& listener, Channel channel, std::uint64_t instrument) {
  const auto result = hub.subscribe(listener, {.channel = channel, .instrument = instrument});
  if (const auto* error = std::get_if<ApiError>(&result)) return Json::parse(to_json(*error));
  return Json::parse(payload_of(std::get<WireFrame>(result)));
}

}  // namespace origo::gateway
