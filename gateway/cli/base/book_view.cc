#include "gateway/cli/base/book_view.h"

#include <algorithm>

#include "engine/core/amount.h"
#include "gateway/cli/base/format.h"

namespace origo::gateway {
namespace {

constexpr std::size_t kBarMax = 32;

enum class Paint { none, bid, ask, dim, bold };

std::string painted(const std::string& text, Paint paint, const Canvas& canvas) {
  if (!canvas.colour || paint == Paint::none) return text;
  const char* code = "1";                      // bold
  if (paint == Paint::bid) code = "38;5;36";   // green with a blue cast
  if (paint == Paint::ask) code = "38;5;173";  // copper
  if (paint == Paint::dim) code = "2";
  return "\x1b[" + std::string(code) + "m" + text + "\x1b[0m";
}

std::string right(const std::string& text, std::size_t width) {
  const std::size_t have = display_width(text);
  return std::string(width - std::min(width, have), ' ') + text;
}

// A bar of `part` in `whole`, in eighths of a column; never empty.
std::string bar(std::int64_t part, std::int64_t whole, std::size_t width) {
  static constexpr const char* kEighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  const auto eighths_max = static_cast<std::int64_t>(width * 8);
  const std::int64_t eighths = std::max<std::int64_t>(
      1, divide_floor(Int128{part} * eighths_max, std::max<std::int64_t>(whole, 1)));
  std::string text;
  for (std::int64_t i = 0; i < eighths / 8; ++i) text += "█";
  return text + kEighths[eighths % 8];
}

std::string level_line(const BookLevel& level,
                       std::int64_t largest,
                       Paint paint,
                       const BookPicture& book,
                       const Canvas& canvas) {
  const std::string price = right(
      level.price == 0 ? "any price" : format_price(level.price, book.currency, book.tick_value),
      12);
  const std::string quantity = right(group_digits(level.quantity), 12);
  const std::string orders = right(std::to_string(level.orders), 8);
  const std::size_t used = 12 + 2 + 12 + 8 + 2;
  const std::size_t space = canvas.width > used ? std::min(kBarMax, canvas.width - used) : 0;
  std::string line =
      painted(price, paint, canvas) + "  " + quantity + painted(orders, Paint::dim, canvas);
  if (space > 0) line += "  " + painted(bar(level.quantity, largest, space), paint, canvas);
  return line + "\n";
}

std::string spread_line(const BookPicture& book, const Canvas& canvas) {
  if (book.bids.empty() || book.asks.empty()) {
    return painted("        " + std::string(book.bids.empty() && book.asks.empty()
                                                ? "the book is empty"
                                                : "one side is empty"),
                   Paint::dim,
                   canvas) +
           "\n";
  }
  const auto best = [](const std::vector<BookLevel>& side) {
    return std::find_if(
        side.begin(), side.end(), [](const BookLevel& level) { return level.price != 0; });
  };
  const auto bid = best(book.bids);
  const auto ask = best(book.asks);
  if (bid == book.bids.end() || ask == book.asks.end()) return "\n";
  const std::int64_t spread = ask->price - bid->price;
  return painted(right("spread " + format_price(spread, book.currency, book.tick_value), 12),
                 Paint::dim,
                 canvas) +
         "\n";
}

}  // namespace

std::string draw(const BookPicture& book, const Canvas& canvas) {
  std::int64_t largest = 1;
  for (const BookLevel& level : book.bids) largest = std::max(largest, level.quantity);
  for (const BookLevel& level : book.asks) largest = std::max(largest, level.quantity);
  std::string text = painted(shorten(book.title, canvas.width), Paint::bold, canvas) + "\n";
  text += painted(right(book.currency, 12) + "  " + right("contracts", 12) + right("orders", 8),
                  Paint::dim,
                  canvas) +
          "\n";
  for (auto level = book.asks.rbegin(); level != book.asks.rend(); ++level) {
    text += level_line(*level, largest, Paint::ask, book, canvas);
  }
  text += spread_line(book, canvas);
  for (const BookLevel& level : book.bids)
    text += level_line(level, largest, Paint::bid, book, canvas);
  if (!book.trades.empty()) text += painted("  trades", Paint::dim, canvas) + "\n";
  for (const BookTrade& trade : book.trades) {
    text += painted(right(format_price(trade.price, book.currency, book.tick_value), 12),
                    trade.bought ? Paint::bid : Paint::ask,
                    canvas) +
            "  " + right(group_digits(trade.quantity), 12) + "  " +
            painted(trade.time, Paint::dim, canvas) + "\n";
  }
  return text + painted("  as of command " + std::to_string(book.sequence), Paint::dim, canvas) +
         "\n";
}

}  // namespace origo::gateway
