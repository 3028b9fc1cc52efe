#include "engine/market/book.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <list>
#include <map>
#include <vector>

#include "engine/market/order.h"
#include "engine/market/order_table.h"
#include "tests/support/draw.h"

namespace origo {
namespace {

// Ids count up, or jump, or come back after death; orders die in any order. Found is exactly what
// lives.
TEST(OrderTable, AgreesWithAMap) {
  Draw draw(29);
  for (const std::uint64_t longest : {5u, 300u, 30'000u}) {
    for (const bool jumps : {false, true}) {
      Pool<Order> orders;
      OrderTable table;
      std::map<std::uint64_t, OrderSlot> plain;
      std::uint64_t last = draw.below(1'000);
      for (int step = 0; step < 60'000; ++step) {
        if (plain.size() < longest && !draw.one_in(3)) {
          std::uint64_t id = last += 1 + (draw.one_in(50) ? draw.below(2'000) : 0);
          if (jumps && draw.one_in(20)) id = draw.below(last * 3);
          if (jumps && draw.one_in(300)) id = ~draw.below(1'000);
          if (plain.count(id) != 0 || id == 0) continue;
          const OrderSlot slot = orders.take();
          orders[slot].id = OrderId(id);
          table.insert(OrderId(id), slot, orders);
          plain[id] = slot;
        } else if (!plain.empty()) {
          auto victim = plain.lower_bound(draw.below(last));
          if (victim == plain.end() || draw.one_in(3)) victim = plain.begin();
          table.erase(OrderId(victim->first), victim->second);
          orders.give_back(victim->second);
          plain.erase(victim);
        }
        const std::uint64_t asked = last + 300 - std::min(last + 300, draw.below(5'000));
        const auto found = plain.find(asked);
        ASSERT_EQ(table.find(OrderId(asked), orders),
                  found == plain.end() ? kNoSlot : found->second)
            << asked;
        if (step % 5'000 != 0) continue;
        for (const auto& [live, slot] : plain) ASSERT_EQ(table.find(OrderId(live), orders), slot);
      }
    }
  }
}

// However many have lived, the table is bounded by those that live.
TEST(OrderTable, IsBoundedByWhatLives) {
  Pool<Order> orders;
  OrderTable table;
  const auto enter = [&](std::uint64_t id) {
    const OrderSlot slot = orders.take();
    orders[slot].id = OrderId(id);
    table.insert(OrderId(id), slot, orders);
    return slot;
  };
  std::vector<OrderSlot> old;
  for (std::uint64_t id = 1; id <= 100; ++id) old.push_back(enter(id));
  for (std::uint64_t id = 101; id <= 1'000'000; ++id) {
    const OrderSlot slot = enter(id);
    table.erase(OrderId(id), slot);
    orders.give_back(slot);
  }
  EXPECT_LE(table.places(), 16'384u);
  for (std::uint64_t id = 1; id <= 100; ++id)
    EXPECT_EQ(table.find(OrderId(id), orders), old[id - 1]);
  EXPECT_EQ(orders.places(), 101u);
}

TEST(OrderTableDeathTest, EntersAnIdOnce) {
  Pool<Order> orders;
  OrderTable table;
  EXPECT_EQ(table.find(OrderId(700), orders), kNoSlot);
  const OrderSlot slot = orders.take();
  orders[slot].id = OrderId(700);
  table.insert(OrderId(700), slot, orders);
  EXPECT_DEATH(table.insert(OrderId(700), orders.take(), orders), "== kNoSlot");
  EXPECT_DEATH(table.erase(OrderId(701), slot + 1), "== slot");
  EXPECT_EQ(table.find(OrderId(~std::uint64_t{0}), orders), kNoSlot);
}

TEST(Pool, CopiesAreIndependent) {
  Pool<Order> pool;
  for (int i = 0; i < 5'000; ++i) pool[pool.take()].account = AccountId(7);
  pool.give_back(4'321);
  Pool<Order> copy = pool;
  EXPECT_EQ(copy.live(), 4'999u);
  EXPECT_EQ(copy.take(), 4'321u);
  copy[3].account = AccountId(8);
  EXPECT_EQ(pool[3].account, AccountId(7));
  EXPECT_EQ(copy[4'999].account, AccountId(7));
}

// They never move, whatever is taken beside them.
TEST(Pool, ItemsStayWhereTheyAre) {
  Pool<Level, 9, 32> pool;
  std::vector<Level*> where;
  for (std::uint32_t i = 0; i < 3'000; ++i) {
    const std::uint32_t slot = pool.take();
    ASSERT_EQ(slot, i * 32);
    pool[slot + 31].orders = i;
    where.push_back(&pool[slot]);
  }
  for (std::uint32_t i = 0; i < 3'000; ++i) {
    EXPECT_EQ(&pool[i * 32], where[i]);
    EXPECT_EQ(pool[i * 32 + 31].orders, i);
    EXPECT_EQ(pool[i * 32].first, kNoSlot);
  }
  pool.give_back(32);
  EXPECT_EQ(pool[63].orders, 0u);
  EXPECT_EQ(pool.live(), 2'999u * 32);
}

// What is written to the place that is nobody's changes no other.
TEST(Pool, HasAPlaceThatIsNobodys) {
  Pool<Order> pool;
  const std::uint32_t first = pool.take();
  pool[Pool<Order>::kNone].next = 7;
  EXPECT_EQ(pool[first].next, kNoSlot);
  EXPECT_EQ(pool.live(), 1u);
  Pool<Order> moved = std::move(pool);
  EXPECT_EQ(moved[first].next, kNoSlot);
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

void expect_same(const BookSide& side, const BookStore& store, const PlainSide& plain, Side which) {
  std::vector<std::pair<std::int64_t, std::list<OrderSlot>>> expected(plain.levels.begin(),
                                                                      plain.levels.end());
  if (which == Side::buy) std::reverse(expected.begin(), expected.end());
  std::size_t i = 0;
  side.for_each(store, [&](const Level& level) {
    EXPECT_LT(i, expected.size());
    if (i >= expected.size()) return false;
    EXPECT_EQ(level.price.value(), expected[i].first);
    Quantity open;
    std::list<OrderSlot> queue;
    OrderSlot before = kNoSlot;
    for (OrderSlot slot = level.first; slot != kNoSlot; slot = store.orders[slot].next) {
      EXPECT_EQ(store.orders[slot].previous, before);
      before = slot;
      queue.push_back(slot);
      open += store.orders[slot].open;
    }
    EXPECT_EQ(level.last, before);
    EXPECT_EQ(queue, expected[i].second);
    EXPECT_EQ(level.open, open);
    EXPECT_EQ(level.orders, queue.size());
    EXPECT_EQ(level.place.side(), which);
    ++i;
    return true;
  });
  EXPECT_EQ(i, expected.size());
  EXPECT_EQ(side.empty(), expected.empty());
}

// Prices near each other, spread, and so far apart that each has a page of its own; the middle
// drifts.
TEST(BookSide, AgreesWithAMapOfLists) {
  Draw draw(31);
  for (const Side which : {Side::buy, Side::sell}) {
    for (const std::int64_t prices : {3, 60, 2'000, 10'000'000}) {
      BookStore store;
      BookSide side(which);
      PlainSide plain;
      std::vector<OrderSlot> live;
      std::int64_t floor = 1;
      for (int step = 0; step < 6'000; ++step) {
        if (draw.one_in(100)) floor = draw.between(1, prices);
        const std::int64_t price = floor + draw.between(0, prices);
        if (live.size() < 300 && !draw.one_in(3)) {
          const OrderSlot slot = store.orders.take();
          store.orders[slot].open = Quantity(draw.between(1, 50));
          side.link(store, slot, Price(price), BookPlace(InstrumentId(3), which));
          plain.levels[price].push_back(slot);
          live.push_back(slot);
        } else if (!live.empty()) {
          const std::size_t at = draw.below(live.size());
          const OrderSlot slot = live[at];
          const std::int64_t of = store.levels[store.orders[slot].level].price.value();
          live.erase(live.begin() + static_cast<std::ptrdiff_t>(at));
          side.unlink(store, slot);
          store.orders.give_back(slot);
          plain.levels[of].remove(slot);
          if (plain.levels[of].empty()) plain.levels.erase(of);
        }
        const LevelSlot found = side.find(store, Price(price));
        ASSERT_EQ(found != kNoSlot, plain.levels.count(price) == 1);
        ASSERT_TRUE(found == kNoSlot || store.levels[found].price.value() == price);
        if (step % 20 == 0) expect_same(side, store, plain, which);
        if (HasFailure()) return;
      }
      while (!live.empty()) {
        side.unlink(store, live.back());
        live.pop_back();
      }
      EXPECT_TRUE(side.empty());
      EXPECT_EQ(store.levels.live(), 0u);
    }
  }
}

TEST(BookDeathTest, KeepsItsSums) {
  BookStore store;
  Book book;
  const OrderSlot slot = store.orders.take();
  const BookPlace place(InstrumentId(1), Side::buy);
  EXPECT_DEATH(book.side(Side::buy).link(store, slot, Price(5), place), "open.is_positive");
  store.orders[slot].open = Quantity(3);
  EXPECT_DEATH(book.side(Side::buy).unlink(store, slot), "queued");
  book.side(Side::buy).link(store, slot, Price(5), place);
  EXPECT_DEATH(book.side(Side::buy).link(store, slot, Price(5), place), "!order.queued");
  store.orders[slot].open = Quantity(2);
  EXPECT_DEATH(book.side(Side::buy).unlink(store, slot), "open.is_zero");
}

}  // namespace
}  // namespace origo
