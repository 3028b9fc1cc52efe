#pragma once

#include <cstdint>
#include <string>
#include <vector>

// One instrument's book and trades, drawn for a terminal. Pure text, so that it can be tested.
namespace origo::gateway {

struct BookLevel {
  std::int64_t price = 0;     // ticks; 0: orders at any price, best of all
  std::int64_t quantity = 0;  // contracts
  std::uint32_t orders = 0;
};
struct BookTrade {
  std::int64_t price = 0;
  std::int64_t quantity = 0;
  bool bought = false;  // the aggressor bought
  std::string time;     // "08:00:12"
};
struct BookPicture {
  std::string title;  // code and name
  std::string currency;
  std::int64_t tick_value = 1;
  std::uint64_t sequence = 0;
  std::vector<BookLevel> bids;    // best first
  std::vector<BookLevel> asks;    // best first
  std::vector<BookTrade> trades;  // newest first
};
struct Canvas {
  std::size_t width = 80;  // columns
  bool colour = false;
};

// Lines of at most `width` columns (36 are needed). Asks above bids, best prices in the middle,
// bars in proportion to the largest level shown.
[[nodiscard]] std::string draw(const BookPicture& book, const Canvas& canvas);

}  // namespace origo::gateway
