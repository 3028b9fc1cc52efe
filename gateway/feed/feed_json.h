#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "engine/core/amount.h"
#include "gateway/feed/shown.h"

// The JSON of feed messages, appended piece by piece.
namespace origo::gateway {

void append_number(std::string& json, std::uint64_t value);
// Numbers of 64 bits are strings in JSON: a reader's doubles would round them.
void append_quoted(std::string& json, std::int64_t value);

void append_item(std::string& json, const FeedTrade& trade);
void append_item(std::string& json, const ShownLevel& level);
void append_item(std::string& json, const ShownOrder& order);

// "name":[...]
template <class Items>
void append_list(std::string& json, std::string_view name, const Items& items) {
  json.append("\"").append(name).append("\":[");
  const char* separator = "";
  for (const auto& item : items) {
    json.append(std::exchange(separator, ","));
    append_item(json, item);
  }
  json.push_back(']');
}

// "bids":[...],"asks":[...]
template <class Item>
void append_sides(std::string& json, const BothSides<Item>& sides) {
  append_list(json, "bids", sides.bids);
  json.push_back(',');
  append_list(json, "asks", sides.asks);
}

}  // namespace origo::gateway
