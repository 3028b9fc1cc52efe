#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace origo::gateway {

// A public market-data channel.
enum class Channel : std::uint8_t {
  trades,
  book_l1,        // the best limits and the last price
  book_l2,        // by level
  book_l3,        // by order, without owners
  book_combined,  // by level, what a buyer can take and a seller can fill over the lattice
  auction,        // the market's phase, what a call would trade, and what the last one did
  stats,          // the day's prices and volume, and the reference price
};
inline constexpr std::array kChannels = {Channel::trades,
                                         Channel::book_l1,
                                         Channel::book_l2,
                                         Channel::book_l3,
                                         Channel::book_combined,
                                         Channel::auction,
                                         Channel::stats};

// One stream of messages with its own sequence numbers: a channel of one instrument.
struct Topic {
  Channel channel = Channel::trades;
  std::uint64_t instrument = 0;

  friend bool operator==(const Topic&, const Topic&) = default;
};

struct TopicHash {
  std::size_t operator()(const Topic& topic) const noexcept {
    return std::hash<std::uint64_t>{}(topic.instrument * 8 +
                                      static_cast<std::uint64_t>(topic.channel));
  }
};

// "trades", "book.l1", "book.l2", "book.l3", "book.combined", "auction", "stats".
[[nodiscard]] std::string_view name_of(Channel channel);
[[nodiscard]] std::optional<Channel> parse_channel(std::string_view name);

// "ins-4" for 4. Parsing takes exactly what printing gives: no sign, no leading zero, not 0.
[[nodiscard]] std::string instrument_name(std::uint64_t instrument);
[[nodiscard]] std::optional<std::uint64_t> parse_instrument(std::string_view name);

// Parses "<prefix><number>", for example prefix "can-" and text "can-3".
[[nodiscard]] std::optional<std::uint64_t> parse_public_id(std::string_view text,
                                                           std::string_view prefix);

}  // namespace origo::gateway
