#include "engine/market/order_book.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/support/draw.h"

namespace origo {
namespace {

// What a book says, as text.
class Told {
 public:
  void accepted(OrderId id, Side, Price, Quantity) { say("new", id); }
  void traded(OrderId taker,
              OrderId maker,
              Side,
              Price price,
              Quantity quantity,
              Quantity open,
              LevelReport level) {
    say("trade", taker, maker, price, quantity, open, level.open);
  }
  void rested(OrderId id, Side, Price price, Quantity open, LevelReport level) {
    say("rest", id, price, open, level.open);
  }
  void ended(OrderId id, Side, Quantity open) { say("end", id, open); }
  void cancelled(OrderId id, Side, Quantity open, LevelReport level) {
    say("cancel", id, open, level.open);
  }
  void modified(OrderId id, Side, Price price, Quantity open, LevelReport) {
    say("modify", id, price, open);
  }
  void refused(OrderId id, Reject reason) {
    lines.push_back("no " + std::to_string(id.value()) + " " + std::string(info_of(reason).name));
  }
  std::vector<std::string> take() { return std::exchange(lines, {}); }
  std::vector<std::string> lines;

 private:
  template <class... Numbers>
  void say(const char* what, Numbers... numbers) {
    std::string line = what;
    ((line += " " + std::to_string(numbers.value())), ...);
    lines.push_back(line);
  }
};

// The same by searching one list of orders, oldest first.
class PlainBook {
 public:
  struct Resting {
    OrderId id;
    Side side;
    Price price;
    Quantity open;
  };
  explicit PlainBook(Told& told) : told_(told) {}

  void place(OrderId id, Side side, Price price, Quantity quantity, TimeInForce tif) {
    if (!quantity.is_positive()) return told_.refused(id, Reject::quantity_not_positive);
    if (!price.is_positive()) return told_.refused(id, Reject::price_not_positive);
    if (find(id) != orders_.end()) return told_.refused(id, Reject::client_order_id_live);
    told_.accepted(id, side, price, quantity);
    Quantity there;
    for (const Resting& order : orders_) {
      if (order.side != side && crosses(side, price, order.price)) there += order.open;
    }
    if (tif == TimeInForce::fok && there < quantity) return told_.ended(id, side, quantity);
    trade(id, side, price, quantity);
    if (quantity.is_zero() || tif != TimeInForce::gtc) return told_.ended(id, side, quantity);
    orders_.push_back({.id = id, .side = side, .price = price, .open = quantity});
    told_.rested(id, side, price, quantity, level(side, price));
  }
  void cancel(OrderId id) {
    const auto order = find(id);
    if (order == orders_.end()) return told_.refused(id, Reject::order_unknown);
    const Resting gone = *order;
    orders_.erase(order);
    told_.cancelled(id, gone.side, gone.open, level(gone.side, gone.price));
  }
  void modify(OrderId id, Price price, Quantity quantity, bool requeues) {
    const auto order = find(id);
    if (order == orders_.end()) return told_.refused(id, Reject::order_unknown);
    if (!quantity.is_positive()) return told_.refused(id, Reject::quantity_not_positive);
    if (!price.is_positive()) return told_.refused(id, Reject::price_not_positive);
    if (!requeues && order->price == price && quantity <= order->open) {
      order->open = quantity;
      return told_.modified(id, order->side, price, quantity, {});
    }
    const Side side = order->side;
    orders_.erase(order);
    told_.modified(id, side, price, quantity, {});
    trade(id, side, price, quantity);
    if (quantity.is_zero()) return told_.ended(id, side, quantity);
    orders_.push_back({.id = id, .side = side, .price = price, .open = quantity});
    told_.rested(id, side, price, quantity, level(side, price));
  }
  [[nodiscard]] LevelReport level(Side side, Price price) const {
    LevelReport report{.price = price, .open = {}, .orders = 0};
    for (const Resting& order : orders_) {
      if (order.side != side || order.price != price) continue;
      report.open += order.open;
      ++report.orders;
    }
    return report;
  }
  [[nodiscard]] const std::vector<Resting>& orders() const { return orders_; }

 private:
  static bool crosses(Side taker, Price limit, Price resting) {
    return taker == Side::buy ? resting <= limit : resting >= limit;
  }
  std::vector<Resting>::iterator find(OrderId id) {
    return std::ranges::find(orders_, id, &Resting::id);
  }
  void trade(OrderId id, Side side, Price limit, Quantity& quantity) {
    while (quantity.is_positive()) {
      auto best = orders_.end();
      for (auto order = orders_.begin(); order != orders_.end(); ++order) {
        if (order->side == side || !crosses(side, limit, order->price)) continue;
        const bool better =
            best == orders_.end() ||
            (side == Side::buy ? order->price < best->price : order->price > best->price);
        if (better) best = order;
      }
      if (best == orders_.end()) return;
      const Quantity part = std::min(quantity, best->open);
      quantity -= part;
      best->open -= part;
      const Resting maker = *best;
      if (maker.open.is_zero()) orders_.erase(best);
      told_.traded(
          id, maker.id, side, maker.price, part, maker.open, level(maker.side, maker.price));
    }
  }
  Told& told_;
  std::vector<Resting> orders_;
};

TEST(OrderBook, SaysWhatAPlainOneSays) {
  Draw draw(41);
  for (const std::int64_t prices : {4, 30, 1'000}) {
    BookShelf shelf;
    Told told;
    Told plain_told;
    OrderBook book(shelf, told, InstrumentId(1));
    OrderBook other(shelf, told, InstrumentId(2));  // shares the shelf, and stays apart
    other.place(OrderId(99'999), Side::buy, Price(prices * 3), Quantity(1));
    told.take();
    PlainBook plain(plain_told);
    for (int step = 0; step < 20'000; ++step) {
      const OrderId id(1 + draw.below(60));
      const Side side = draw.one_in(2) ? Side::buy : Side::sell;
      const Price price(draw.between(draw.one_in(50) ? 0 : 1, prices));
      const Quantity quantity(draw.between(draw.one_in(50) ? 0 : 1, 20));
      switch (draw.below(6)) {
        case 0:
          book.cancel(id);
          plain.cancel(id);
          break;
        case 1:
          book.modify(id, price, quantity);
          plain.modify(id, price, quantity, false);
          break;
        case 2:
          book.replace(id, price, quantity);
          plain.modify(id, price, quantity, true);
          break;
        default: {
          const TimeInForce tif = draw.one_in(4)   ? TimeInForce::ioc
                                  : draw.one_in(4) ? TimeInForce::fok
                                                   : TimeInForce::gtc;
          book.place(id, side, price, quantity, tif);
          plain.place(id, side, price, quantity, tif);
        }
      }
      ASSERT_EQ(told.take(), plain_told.take()) << "step " << step;
      const Price asked(draw.between(1, prices));
      ASSERT_EQ(book.quantity_at(side, asked), plain.level(side, asked).open);
      std::optional<Price> best;
      for (const PlainBook::Resting& order : plain.orders()) {
        if (order.side != side) continue;
        if (!best || (side == Side::buy ? order.price > *best : order.price < *best))
          best = order.price;
      }
      ASSERT_EQ(book.best(side), best);
    }
    EXPECT_EQ(other.best(Side::buy), Price(prices * 3));
    other.cancel(OrderId(1));
    EXPECT_EQ(told.take(), std::vector<std::string>{"no 1 order_unknown"});
  }
}

TEST(OrderBook, KnowsTheEndsOfPrices) {
  BookShelf shelf;
  Told told;
  OrderBook book(shelf, told);
  const std::int64_t highest = std::int64_t{1} << 62;
  book.place(OrderId(1), Side::sell, Price(highest), Quantity(1));
  book.place(OrderId(2), Side::sell, Price(highest + 1), Quantity(1));
  book.place(OrderId(3), Side::sell, Price(0), Quantity(1));
  book.place(OrderId(4), Side::buy, Price(1), Quantity(1));
  book.place(OrderId(5), Side::buy, Price(highest), Quantity(1));
  book.place(OrderId(6), Side::sell, Price(1), Quantity(1));
  EXPECT_EQ(told.take(),
            (std::vector<std::string>{"new 1",
                                      "rest 1 4611686018427387904 1 1",
                                      "no 2 price_outside_collar",
                                      "no 3 price_not_positive",
                                      "new 4",
                                      "rest 4 1 1 1",
                                      "new 5",
                                      "trade 5 1 4611686018427387904 1 0 0",
                                      "end 5 0",
                                      "new 6",
                                      "trade 6 4 1 1 0 0",
                                      "end 6 0"}));
  EXPECT_EQ(book.best(Side::buy), std::nullopt);
  EXPECT_EQ(book.best(Side::sell), std::nullopt);
}

// An empty book is small, and so is one that many orders have left.
TEST(OrderBook, IsSmallWhenEmpty) {
  EXPECT_LE(sizeof(OrderBook<Told>) + sizeof(BookShelf), 1024u);
}

TEST(OrderBook, AnIdIsFreeAfterItsOrdersDeath) {
  BookShelf shelf;
  Told told;
  OrderBook book(shelf, told);
  book.place(OrderId(7), Side::sell, Price(10), Quantity(2));
  book.place(OrderId(7), Side::sell, Price(10), Quantity(2));
  book.place(OrderId(8), Side::buy, Price(10), Quantity(2), TimeInForce::ioc);
  book.place(OrderId(7), Side::buy, Price(9), Quantity(1));
  EXPECT_EQ(told.take(),
            (std::vector<std::string>{"new 7",
                                      "rest 7 10 2 2",
                                      "no 7 client_order_id_live",
                                      "new 8",
                                      "trade 8 7 10 2 0 0",
                                      "end 8 0",
                                      "new 7",
                                      "rest 7 9 1 1"}));
}

}  // namespace
}  // namespace origo
