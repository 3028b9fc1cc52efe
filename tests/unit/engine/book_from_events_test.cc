#include "tests/support/book_from_events.h"

#include <gtest/gtest.h>

#include "engine/exchange.h"
#include "tests/support/readable.h"
#include "tests/support/stream.h"

// Whoever reads the events alone knows every book: best prices, levels, and the queue of each
// level.
namespace origo {
namespace {

TEST(BookFromEvents, IsTheCoresBookAfterEveryCommand) {
  std::size_t compared = 0;
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    Stream stream(seed);
    Exchange exchange;
    BookFromEvents books;
    const std::size_t count = stream.set_up_size() + 3'000;
    for (std::size_t i = 0; i < count; ++i) {
      const Step step = stream.next(exchange);
      Events events;
      exchange.apply(step.header, step.command, events);
      const bool whole = for_each_event(events.bytes().data(),
                                        events.bytes().size(),
                                        [&](const Event& event) { books.see(event); });
      ASSERT_TRUE(whole);
      ASSERT_EQ(books.compare(exchange.market()), std::vector<std::string>())
          << "seed " << seed << " after " << readable(step.command);
      compared += exchange.market().store.orders.live();
    }
  }
  EXPECT_GT(compared, 50'000u) << "the books are not empty";
}

TEST(BookFromEvents, NamesADifference) {
  Stream stream(1);
  Exchange exchange;
  BookFromEvents books;
  for (std::size_t i = 0; i < stream.set_up_size(); ++i) {
    const Step step = stream.next(exchange);
    Events events;
    exchange.apply(step.header, step.command, events);
  }
  EXPECT_TRUE(books.compare(exchange.market()).empty());
  books.see(LevelChanged{.instrument = InstrumentId(1),
                         .side = Side::buy,
                         .price = Price(7),
                         .open = Quantity(3),
                         .orders = 1});
  const std::string where = "buy side of instrument 1";
  EXPECT_EQ(books.compare(exchange.market()),
            (std::vector<std::string>{
                where + " by level: the core holds nothing, the events say 7: 3 in 1",
                where + ": the best is nothing, the events say 7"}));
}

}  // namespace
}  // namespace origo
