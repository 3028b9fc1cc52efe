#include "gateway/cli/base/book_view.h"

#include <gtest/gtest.h>

#include <sstream>

#include "gateway/cli/base/format.h"

namespace origo::gateway {
namespace {

BookPicture picture() {
  BookPicture book;
  book.title = "FR-BM-2023  French biomethane, vintage 2023";
  book.currency = "EUR";
  book.sequence = 42;
  book.bids = {{.price = 1240, .quantity = 800, .orders = 3},
               {.price = 1235, .quantity = 1, .orders = 1}};
  book.asks = {{.price = 1255, .quantity = 400, .orders = 2},
               {.price = 1300, .quantity = 1200, .orders = 1}};
  book.trades = {{.price = 1250, .quantity = 70, .bought = true, .time = "08:00:12"}};
  return book;
}

TEST(BookView, puts_the_best_prices_in_the_middle) {
  EXPECT_EQ(draw(picture(), {.width = 60, .colour = false}),
            "FR-BM-2023  French biomethane, vintage 2023\n"
            "         EUR     contracts  orders\n"
            "       13.00         1,200       1  ████████████████████████\n"
            "       12.55           400       2  ████████\n"
            " spread 0.15\n"
            "       12.40           800       3  ████████████████\n"
            "       12.35             1       1  ▏\n"
            "  trades\n"
            "       12.50            70  08:00:12\n"
            "  as of command 42\n");
}

TEST(BookView, orders_at_any_price_have_none) {
  BookPicture book = picture();
  book.bids.insert(book.bids.begin(), {.price = 0, .quantity = 900, .orders = 2});
  EXPECT_EQ(draw(book, {.width = 60, .colour = false}).substr(44),
            "         EUR     contracts  orders\n"
            "       13.00         1,200       1  ████████████████████████\n"
            "       12.55           400       2  ████████\n"
            " spread 0.15\n"
            "   any price           900       2  ██████████████████\n"
            "       12.40           800       3  ████████████████\n"
            "       12.35             1       1  ▏\n"
            "  trades\n"
            "       12.50            70  08:00:12\n"
            "  as of command 42\n");
  book.bids.resize(1);
  EXPECT_EQ(draw(book, {}).find("spread"), std::string::npos);
}

TEST(BookView, keeps_within_the_width) {
  for (const std::size_t width : {20U, 40U, 60U, 200U}) {
    std::istringstream lines(draw(picture(), {.width = width, .colour = false}));
    for (std::string line; std::getline(lines, line);) {
      EXPECT_LE(display_width(line), std::max<std::size_t>(width, 36)) << line;
    }
  }
}

TEST(BookView, colours_only_where_asked) {
  EXPECT_EQ(draw(picture(), {.width = 80, .colour = false}).find('\x1b'), std::string::npos);
  EXPECT_NE(draw(picture(), {.width = 80, .colour = true}).find('\x1b'), std::string::npos);
}

TEST(BookView, says_when_a_side_is_empty) {
  BookPicture book = picture();
  book.bids.clear();
  EXPECT_NE(draw(book, {}).find("one side is empty"), std::string::npos);
  book.asks.clear();
  EXPECT_NE(draw(book, {}).find("the book is empty"), std::string::npos);
}

}  // namespace
}  // namespace origo::gateway
