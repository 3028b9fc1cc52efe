#include "engine/market/book.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <list>
#include <map>
#include <vector>

#include "engine/market/order.h"
#include "tests/support/draw.h"

namespace origo {
namespace {

// Ids count up; orders die in any order. Found is exactly what lives.
TEST(OrderTable, AgreesWithAMap) {
  Draw draw(29);
  for (const std::uint64_t longest : {5u, 300u, 3'000u}) {
    OrderTable table;
    std::map<std::uint64_t, OrderSlot> plain;
    std::uint64_t last = draw.below(1'000);
    for (int step = 0; step < 20'000; ++step) {
      if (plain.size() < longest && !draw.one_in(3)) {
        last += 1 + (draw.one_in(50) ? draw.below(2'000) : 0);
        const auto slot = static_cast<OrderSlot>(draw.below(1'000'000));
        table.insert(OrderId(last), slot);
        plain[last] = slot;
      } else if (!plain.empty()) {
        auto victim = plain.begin();
        if (!draw.one_in(3))
          std::advance(victim, static_cast<std::ptrdiff_t>(draw.below(plain.size())));
        table.erase(OrderId(victim->first));
        plain.erase(victim);
      }
      const std::uint64_t asked = last + 300 - std::min(last + 300, draw.below(5'000));
      const auto found = plain.find(asked);
      ASSERT_EQ(table.find(OrderId(asked)), found == plain.end() ? kNoSlot : found->second)
          << asked;
      if (step % 1'000 == 0) {
        for (const auto& [id, slot] : plain) ASSERT_EQ(table.find(OrderId(id)), slot);
      }
    }
  }
}

TEST(OrderTableDeathTest, EntersAnIdOnce) {
  OrderTable table;
  table.insert(OrderId(700), 1);
  EXPECT_DEATH(table.insert(OrderId(700), 2), "== kNoSlot");
  EXPECT_DEATH(table.insert(OrderId(1), 2), "page >= first_page_");
  EXPECT_DEATH(table.erase(OrderId(701)), "!= kNoSlot");
  EXPECT_EQ(table.find(OrderId(0)), kNoSlot);
  EXPECT_EQ(table.find(OrderId(~std::uint64_t{0})), kNoSlot);
}

TEST(Pool, UsesPlacesAgain) {
  Pool<Order> pool;
  const std::uint32_t a = pool.take();
  const std::uint32_t b = pool.take();
  pool[a].id = OrderId(5);
  pool.give_back(a);
  EXPECT_EQ(pool.live(), 1u);
  EXPECT_FALSE(pool[a].id.is_set());
  EXPECT_EQ(pool.take(), a);
  EXPECT_EQ(pool.places(), 2u);
  EXPECT_NE(a, b);
}

// A side of a book: the plain one is a map of lists.
class PlainSide {
 public:
  std::map<std::int64_t, std::list<OrderSlot>> levels;
};

void expect_same(const BookSide& side,
                 const Pool<Order>& orders,
                 const PlainSide& plain,
                 Side which) {
  const std::span<const Level> levels = side.worst_to_best();
  ASSERT_EQ(levels.size(), plain.levels.size());
  std::vector<std::pair<std::int64_t, std::list<OrderSlot>>> expected(plain.levels.begin(),
                                                                      plain.levels.end());
  if (which == Side::sell) std::reverse(expected.begin(), expected.end());
  for (std::size_t i = 0; i < levels.size(); ++i) {
    ASSERT_EQ(levels[i].price.value(), expected[i].first);
    Quantity open;
    std::list<OrderSlot> queue;
    OrderSlot before = kNoSlot;
    for (OrderSlot slot = levels[i].first; slot != kNoSlot; slot = orders[slot].next) {
      ASSERT_EQ(orders[slot].previous, before);
      before = slot;
      queue.push_back(slot);
      open += orders[slot].open;
    }
    ASSERT_EQ(levels[i].last, before);
    ASSERT_EQ(queue, expected[i].second);
    ASSERT_EQ(levels[i].open, open);
    ASSERT_EQ(levels[i].orders, queue.size());
  }
  if (levels.empty()) return;
  ASSERT_EQ(side.best().price.value(), expected.back().first);
}

TEST(BookSide, AgreesWithAMapOfLists) {
  Draw draw(31);
  for (const Side which : {Side::buy, Side::sell}) {
    for (const std::int64_t prices : {3, 60, 10'000}) {
      Pool<Order> orders;
      BookSide side(which);
      PlainSide plain;
      std::vector<OrderSlot> live;
      for (int step = 0; step < 3'000; ++step) {
        if (live.size() < 200 && !draw.one_in(3)) {
          const OrderSlot slot = orders.take();
          orders[slot].side = which;
          orders[slot].price = Price(draw.between(1, prices));
          orders[slot].open = Quantity(draw.between(1, 50));
          link(side, orders, slot);
          plain.levels[orders[slot].price.value()].push_back(slot);
          live.push_back(slot);
        } else if (!live.empty()) {
          const std::size_t at = draw.below(live.size());
          const OrderSlot slot = live[at];
          const std::int64_t price = orders[slot].price.value();
          live.erase(live.begin() + static_cast<std::ptrdiff_t>(at));
          unlink(side, orders, slot);
          orders.give_back(slot);
          plain.levels[price].remove(slot);
          if (plain.levels[price].empty()) plain.levels.erase(price);
        }
        const std::int64_t asked = draw.between(1, prices);
        const Level* found = side.find(Price(asked));
        ASSERT_EQ(found != nullptr, plain.levels.count(asked) == 1);
        ASSERT_EQ(found == nullptr ? asked : found->price.value(), asked);
        if (step % 10 == 0) expect_same(side, orders, plain, which);
      }
    }
  }
}

TEST(BookDeathTest, KeepsItsSums) {
  Pool<Order> orders;
  Book book;
  const OrderSlot slot = orders.take();
  orders[slot].price = Price(5);
  EXPECT_DEATH(link(book.bids, orders, slot), "open.is_positive");
  orders[slot].open = Quantity(3);
  EXPECT_DEATH(unlink(book.bids, orders, slot), "resting");
  link(book.bids, orders, slot);
  EXPECT_DEATH(link(book.bids, orders, slot), "!order.resting");
  EXPECT_DEATH(book.bids.close(Price(5)), "orders == 0");
  EXPECT_DEATH(static_cast<void>(book.bids.get(Price(6))), "price == price");
}

}  // namespace
}  // namespace origo
