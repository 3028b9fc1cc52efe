#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <vector>

#include "engine/core/pool.h"
#include "engine/market/order.h"

// Price levels and the queues in them. Orders, levels and pages of all books share one store, so that a
// thousand small books cost what one large one does.
namespace origo {

using PageSlot = std::uint32_t;

// The queues of an instrument: its book; in a call, orders at any price; orders that wait for a stop price.
enum class Queue : std::uint8_t { book = 0, any_price = 1, stops = 2 };

// Which queue of which instrument, on which side.
struct BookPlace {
  std::uint32_t packed = 0;
  BookPlace() = default;
  BookPlace(InstrumentId instrument, Side side, Queue queue = Queue::book)
      : packed(instrument.value() << 3 | static_cast<std::uint32_t>(queue) << 1 | (side == Side::sell ? 1u : 0u)) {}
  [[nodiscard]] InstrumentId instrument() const { return InstrumentId(packed >> 3); }
  [[nodiscard]] Queue queue() const { return static_cast<Queue>(packed >> 1 & 3); }
  [[nodiscard]] Side side() const { return (packed & 1) != 0 ? Side::sell : Side::buy; }
};

// The orders of one queue at one price, by priority.
struct Level {
  Price price;
  Quantity open;    // Invariant: the sum of what the orders show
  Quantity hidden;  // Invariant: the sum of what they hide
  OrderSlot first = kNoSlot;
  OrderSlot last = kNoSlot;
  std::uint32_t orders = 0;
  BookPlace place;
};

// A level as it stands after a change.
struct LevelReport {
  BookPlace place{};
  Price price;
  Quantity open;
  std::uint32_t orders = 0;  // 0: the level is gone
};
[[nodiscard]] inline LevelReport report_of(const Level& level) {
  return {.place = level.place, .price = level.price, .open = level.open, .orders = level.orders};
}

// The levels at 64 neighbouring prices, and which of them exist.
struct LevelPage {
  std::uint64_t used = 0;
  std::array<LevelSlot, 64> levels{};
};

struct BookStore {
  Pool<Order> orders;
  Pool<Level> levels;
  Pool<LevelPage, 6> pages;
};

// One side of an instrument's book. Prices become keys that grow with what the side prefers; pages of 64
// keys are kept in ascending order, so the best is the last. Near prices lie in near pages: the page of a
// price is found at its distance from the best page, or by bisection where there are gaps.
class BookSide {
 public:
  explicit BookSide(Side side) : sign_(side == Side::buy ? 1 : -1) {}

  [[nodiscard]] bool empty() const { return best_ == kNoSlot; }
  [[nodiscard]] LevelSlot best() const { return best_; }  // kNoSlot: empty
  // kNoSlot: no order rests at `price`.
  [[nodiscard]] LevelSlot find(const BookStore& store, Price price) const;
  // The level next worse than `level`; kNoSlot: it is the worst.
  [[nodiscard]] LevelSlot worse_than(const BookStore& store, LevelSlot level) const;

  // Puts the order at the back of its price's queue; takes it out of its place, and an emptied level with
  // it. Both keep the level's sums and tell how it stands then. `hidden` is what an iceberg does not show.
  LevelReport link(BookStore& store, OrderSlot slot, Price price, BookPlace place, Quantity hidden = {});
  LevelReport unlink(BookStore& store, OrderSlot slot, Quantity hidden = {});

  // Visits the levels, best first: visit(level) -> bool, false stops.
  template <class Visit>
  void for_each(const BookStore& store, Visit&& visit) const {
    for (LevelSlot at = best_; at != kNoSlot; at = worse_than(store, at)) {
      if (!visit(store.levels[at])) return;
    }
  }
  // Whether the side prefers `a` to `b`.
  [[nodiscard]] bool better(Price a, Price b) const { return key_of(a) > key_of(b); }

 private:
  struct Entry {
    std::int64_t number;  // key / 64
    PageSlot page;
  };
  [[nodiscard]] std::int64_t key_of(Price price) const { return sign_ * price.value(); }
  [[nodiscard]] std::size_t position(std::int64_t number) const;  // of the first page not below `number`
  [[nodiscard]] static unsigned bit_of(std::int64_t key) { return static_cast<unsigned>(key & 63); }
  [[nodiscard]] static LevelSlot highest(const LevelPage& page) {
    return page.levels[63u - static_cast<unsigned>(std::countl_zero(page.used))];
  }
  LevelSlot open(BookStore& store, Price price, BookPlace place);
  void close(BookStore& store, LevelSlot slot);

  std::vector<Entry> pages_;
  LevelSlot best_ = kNoSlot;
  std::int32_t sign_;
};

struct Book {
  BookSide bids{Side::buy};
  BookSide asks{Side::sell};
  BookSide buys_at_any_price{Side::buy};  // one level, at 0
  BookSide sells_at_any_price{Side::sell};
  BookSide buy_stops{Side::sell};  // the lowest stop price is reached first
  BookSide sell_stops{Side::buy};  // the highest
  [[nodiscard]] BookSide& side(Side s) { return s == Side::buy ? bids : asks; }
  [[nodiscard]] const BookSide& side(Side s) const { return s == Side::buy ? bids : asks; }
  [[nodiscard]] BookSide& at_any_price(Side s) { return s == Side::buy ? buys_at_any_price : sells_at_any_price; }
  [[nodiscard]] const BookSide& at_any_price(Side s) const {
    return s == Side::buy ? buys_at_any_price : sells_at_any_price;
  }
  [[nodiscard]] BookSide& stops(Side s) { return s == Side::buy ? buy_stops : sell_stops; }
  [[nodiscard]] const BookSide& stops(Side s) const { return s == Side::buy ? buy_stops : sell_stops; }
  [[nodiscard]] BookSide& at(BookPlace place) {
    if (place.queue() == Queue::book) [[likely]] return side(place.side());
    return place.queue() == Queue::stops ? stops(place.side()) : at_any_price(place.side());
  }
};

// What rests within `limit`, hidden parts too, counted up to `enough`.
[[nodiscard]] Quantity quantity_within(const BookStore& store, const BookSide& side, Price limit, Quantity enough);

[[nodiscard]] constexpr Side opposite(Side side) { return side == Side::buy ? Side::sell : Side::buy; }

// ---- the hot path, in line ----

inline std::size_t BookSide::position(std::int64_t number) const {
  const std::size_t count = pages_.size();
  if (count == 0 || pages_[count - 1].number < number) return count;
  // Page numbers ascend, so the one that many places before the last is not above `number`.
  std::size_t low = 0;
  std::size_t high = count - 1;
  const auto behind = static_cast<std::uint64_t>(pages_[high].number - number);
  if (behind <= high) {
    low = high - static_cast<std::size_t>(behind);
    if (pages_[low].number == number) return low;
  }
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    if (pages_[middle].number < number) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

inline LevelSlot BookSide::open(BookStore& store, Price price, BookPlace place) {
  const std::int64_t key = key_of(price);
  const std::int64_t number = key >> 6;
  const std::size_t at = position(number);
  if (at == pages_.size() || pages_[at].number != number) {
    pages_.insert(pages_.begin() + static_cast<std::ptrdiff_t>(at),
                  Entry{.number = number, .page = store.pages.take()});
  }
  LevelPage& page = store.pages[pages_[at].page];
  const std::uint64_t bit = std::uint64_t{1} << bit_of(key);
  if ((page.used & bit) != 0) return page.levels[bit_of(key)];
  const LevelSlot slot = store.levels.take();
  page.used |= bit;
  page.levels[bit_of(key)] = slot;
  Level& level = store.levels[slot];
  level.price = price;
  level.place = place;
  if (best_ == kNoSlot || key > key_of(store.levels[best_].price)) best_ = slot;
  return slot;
}

inline void BookSide::close(BookStore& store, LevelSlot slot) {
  const Level& level = store.levels[slot];
  ENSURE(level.orders == 0);
  ENSURE(level.open.is_zero());
  const std::int64_t key = key_of(level.price);
  const std::size_t at = position(key >> 6);
  ENSURE(at < pages_.size());
  LevelPage& page = store.pages[pages_[at].page];
  ENSURE(page.levels[bit_of(key)] == slot);
  page.used &= ~(std::uint64_t{1} << bit_of(key));
  if (page.used == 0) {
    store.pages.give_back(pages_[at].page);
    pages_.erase(pages_.begin() + static_cast<std::ptrdiff_t>(at));
  }
  if (best_ == slot) best_ = pages_.empty() ? kNoSlot : highest(store.pages[pages_.back().page]);
  store.levels.give_back(slot);
}

inline LevelReport BookSide::link(BookStore& store, OrderSlot slot, Price price, BookPlace place,
                                  Quantity hidden) {
  Order& order = store.orders[slot];
  ENSURE(!order.queued());
  ENSURE(order.open.is_positive());
  const LevelSlot at = best_ != kNoSlot && store.levels[best_].price == price ? best_ : open(store, price, place);
  Level& level = store.levels[at];
  order.level = at;
  order.previous = level.last;
  order.next = kNoSlot;
  (level.last == kNoSlot ? level.first : store.orders[level.last].next) = slot;
  level.last = slot;
  level.open += order.open - hidden;
  level.hidden += hidden;
  ++level.orders;
  return report_of(level);
}

inline LevelReport BookSide::unlink(BookStore& store, OrderSlot slot, Quantity hidden) {
  Order& order = store.orders[slot];
  ENSURE(order.queued());
  const LevelSlot at = order.level;
  Level& level = store.levels[at];
  (order.previous == kNoSlot ? level.first : store.orders[order.previous].next) = order.next;
  (order.next == kNoSlot ? level.last : store.orders[order.next].previous) = order.previous;
  order.previous = kNoSlot;
  order.next = kNoSlot;
  order.level = kNoSlot;
  level.open -= order.open - hidden;
  level.hidden -= hidden;
  --level.orders;
  const LevelReport after = report_of(level);
  if (after.orders == 0) close(store, at);
  return after;
}

}  // namespace origo
