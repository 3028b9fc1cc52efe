#include "gateway/feed/feed_json.h"

#include <charconv>

namespace origo::gateway {
namespace {

template <class Integer>
void append_digits(std::string& json, Integer value) {
  char digits[24];
  json.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
}

}  // namespace

void append_number(std::string& json, std::uint64_t value) {
  append_digits(json, value);
}

void append_quoted(std::string& json, std::int64_t value) {
  json.push_back('"');
  append_digits(json, value);
  json.push_back('"');
}

void append_item(std::string& json, const FeedTrade& trade) {
  json.append("{\"trade\":");
  append_quoted(json, static_cast<std::int64_t>(trade.trade.value()));
  json.append(",\"price\":");
  append_quoted(json, trade.price.value());
  json.append(",\"quantity\":");
  append_quoted(json, trade.quantity.value());
  json.append(trade.aggressor == Side::buy ? ",\"aggressor\":\"buy\"" : ",\"aggressor\":\"sell\"");
  json.append(",\"time\":");
  append_quoted(json, trade.time.ns());
  json.push_back('}');
}

void append_item(std::string& json, const ShownLevel& level) {
  json.push_back('[');
  append_quoted(json, level.price.value());
  json.push_back(',');
  append_quoted(json, level.open.value());
  json.push_back(',');
  append_number(json, level.orders);
  json.push_back(']');
}

void append_item(std::string& json, const ShownOrder& order) {
  json.push_back('[');
  append_quoted(json, order.price.value());
  json.push_back(',');
  append_quoted(json, order.open.value());
  json.push_back(',');
  append_quoted(json, static_cast<std::int64_t>(order.entry));
  json.push_back(']');
}

}  // namespace origo::gateway
