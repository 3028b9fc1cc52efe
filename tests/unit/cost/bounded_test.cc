#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "engine/market/order_book.h"
#include "loadtest/base/core_market.h"
#include "tests/support/draw.h"
#include "tests/unit/cost/heap.h"

// What books hold on to: little while they are empty, and never more than live orders ask for.
namespace origo {
namespace {

struct NoReports {
  void accepted(OrderId, Side, Price, Quantity) {}
  void traded(OrderId, OrderId, Side, Price, Quantity, Quantity, const LevelReport&) {}
  void rested(OrderId, Side, Price, Quantity, const LevelReport&) {}
  void ended(OrderId, Side, Quantity) {}
  void cancelled(OrderId, Side, Quantity, const LevelReport&) {}
  void modified(OrderId, Side, Price, Quantity, const LevelReport&) {}
  void refused(OrderId, Reject) { ++refusals; }
  std::uint64_t refusals = 0;
};

std::int64_t bytes_since(std::int64_t before) {
  return heap_now().bytes - before;
}

TEST(Bounded, EmptyBookTakesAtMost64KiB) {
  NoReports reports;
  const std::int64_t before = heap_now().bytes;
  const auto shelf = std::make_unique<BookShelf>();
  const auto book = std::make_unique<OrderBook<NoReports>>(*shelf, reports);
  EXPECT_LE(bytes_since(before), 64 * 1024);
  EXPECT_GE(bytes_since(before), static_cast<std::int64_t>(sizeof(*shelf) + sizeof(*book)));
  const std::int64_t first = heap_now().bytes;
  const auto second = std::make_unique<OrderBook<NoReports>>(*shelf, reports, InstrumentId(2));
  EXPECT_LE(bytes_since(first), 1024) << "another book on the shelf";
}

// Nothing but a new listing: its device and its lot are counted too.
TEST(Bounded, InstrumentOfTheCoreTakesAtMost64KiB) {
  loadtest::SampleMarketOptions options;
  options.accounts = 1;
  const loadtest::CoreMarket one(options);
  options.instruments = 101;
  const std::int64_t before = heap_now().bytes;
  const loadtest::CoreMarket many(options);
  const std::int64_t all = bytes_since(before);
  const std::int64_t first = heap_now().bytes;
  options.instruments = 1;
  const loadtest::CoreMarket again(options);
  EXPECT_LE((all - bytes_since(first)) / 100, 64 * 1024);
}

// Ten million orders come and go at 1,000 that live, at a price that wanders; ten stay for ever.
TEST(Bounded, BookIsBoundedByLiveOrders) {
  constexpr std::size_t kLive = 1000;
  NoReports reports;
  const auto shelf = std::make_unique<BookShelf>();
  std::vector<OrderBook<NoReports>> books;
  for (std::uint32_t i = 1; i <= 4; ++i) books.emplace_back(*shelf, reports, InstrumentId(i));
  Draw draw(11);
  struct Resting {
    OrderId id;
    std::size_t book;
  };
  std::vector<Resting> live;
  std::uint64_t last = 0;
  std::int64_t middle = 1'000'000;
  const auto enter = [&] {
    const std::uint64_t drawn = draw.bits();
    if (drawn % 16 == 0) middle += drawn & 256 ? 1 : -1;
    if (drawn % 65'536 == 0) middle += static_cast<std::int64_t>(drawn >> 44) - 524'288;
    middle = std::clamp<std::int64_t>(middle, 1'000, 2'000'000);
    const bool buy = (drawn >> 20 & 1) != 0;
    const auto away = static_cast<std::int64_t>(drawn >> 24 & 255) + 1;
    const Resting order{.id = OrderId(++last), .book = drawn >> 40 & 3};
    // Sells far above all buys: nothing trades, so each insert is ended by its cancel.
    books[order.book].place(order.id,
                            buy ? Side::buy : Side::sell,
                            Price(buy ? middle - away : 4'000'000 + middle + away),
                            Quantity(1 + away % 9));
    return order;
  };
  for (int i = 0; i < 10; ++i) enter();
  while (live.size() < kLive) live.push_back(enter());
  const auto churn = [&](std::uint64_t orders) {
    for (std::uint64_t i = 0; i < orders; ++i) {
      Resting& victim = live[draw.bits() % kLive];
      books[victim.book].cancel(victim.id);
      victim = enter();
    }
  };
  churn(1'000'000);
  const std::int64_t after_one = heap_now().bytes;
  churn(9'000'000);
  // A block of levels more or less at new prices; not a byte for each that has lived.
  EXPECT_LE(bytes_since(after_one), 512 * 1024);
  EXPECT_EQ(reports.refusals, 0u);
  EXPECT_EQ(shelf->store.orders.live(), kLive + 10);
}

// The same of the whole core, where orders carry promises and are known by account and client.
TEST(Bounded, CoreIsBoundedByLiveOrders) {
  constexpr std::size_t kLive = 1000;
  loadtest::SampleMarketOptions options;
  options.instruments = 4;
  loadtest::CoreMarket core(options);
  Draw draw(12);
  std::vector<OrderRef> live;
  Command place = PlaceOrder{};
  Command cancel = CancelOrder{};
  std::uint64_t refusals = 0;
  std::uint64_t client_id = 0;
  const auto enter = [&] {
    auto& order = std::get<PlaceOrder>(place);
    order.account = core.market().accounts[draw.below(64)];
    order.instrument = core.market().instruments[draw.below(4)];
    order.side = draw.one_in(2) ? Side::buy : Side::sell;
    order.price =
        Price(order.side == Side::buy ? draw.between(1, 4'000) : draw.between(6'000, 9'999));
    order.quantity = Quantity(draw.between(1, 20));
    order.client_order_id = ClientOrderId(draw.one_in(2) ? 0 : ++client_id);
    const Answer answer = core.apply(core.trader(), place);
    if (!answer.ok()) ++refusals;
    return OrderRef{.account = order.account, .order = OrderId(answer.id), .client_order_id = {}};
  };
  while (live.size() < kLive) live.push_back(enter());
  const auto churn = [&](std::uint64_t orders) {
    for (std::uint64_t i = 0; i < orders; ++i) {
      OrderRef& victim = live[draw.below(kLive)];
      std::get<CancelOrder>(cancel).target = victim;
      if (!core.apply(core.trader(), cancel).ok()) ++refusals;
      victim = enter();
    }
  };
  churn(100'000);
  const std::int64_t after_some = heap_now().bytes;
  churn(400'000);
  EXPECT_LE(bytes_since(after_some), 128 * 1024);
  EXPECT_EQ(refusals, 0u);
}

}  // namespace
}  // namespace origo
