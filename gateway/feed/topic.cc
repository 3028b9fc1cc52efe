#include "gateway/feed/topic.h"

#include <charconv>

namespace origo::gateway {

std::string_view name_of(Channel channel) {
  switch (channel) {
    case Channel::trades:
      return "trades";
    case Channel::book_l1:
      return "book.l1";
    case Channel::book_l2:
      return "book.l2";
    case Channel::book_l3:
      return "book.l3";
    case Channel::book_combined:
      return "book.combined";
    case Channel::auction:
      return "auction";
    case Channel::stats:
      return "stats";
  }
  return "";
}

std::optional<Channel> parse_channel(std::string_view name) {
  for (const Channel channel : kChannels) {
    if (name == name_of(channel)) return channel;
  }
  return std::nullopt;
}

std::string instrument_name(std::uint64_t instrument) {
  return "ins-" + std::to_string(instrument);
}

std::optional<std::uint64_t> parse_instrument(std::string_view name) {
  return parse_public_id(name, "ins-");
}

std::optional<std::uint64_t> parse_public_id(std::string_view text, std::string_view prefix) {
  if (text.substr(0, prefix.size()) != prefix) return std::nullopt;
  const std::string_view digits = text.substr(prefix.size());
  if (digits.empty() || digits.front() < '1' || digits.front() > '9') return std::nullopt;
  std::uint64_t number = 0;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), number, 10);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return number;
}

}  // namespace origo::gateway
