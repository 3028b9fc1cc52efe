#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "engine/core/pool.h"
#include "engine/market/order.h"

// Price levels and the queues in them. Orders and levels of all books share one store, so that a
// thousand small books cost what one large one does.
namespace origo {

// The queues of an instrument: its book; in a call, orders at any price; orders that wait for a
// stop price.
enum class Queue : std::uint8_t { book = 0, any_price = 1, stops = 2 };

// Which queue of which instrument, on which side.
struct BookPlace {
  std::uint32_t packed = 0;
  BookPlace() = default;
  BookPlace(InstrumentId instrument, Side side, Queue queue = Queue::book)
      : packed(instrument.value() << 3 | static_cast<std::uint32_t>(queue) << 1 |
               (side == Side::sell ? 1u : 0u)) {}
  [[nodiscard]] InstrumentId instrument() const { return InstrumentId(packed >> 3); }
  [[nodiscard]] Queue queue() const { return static_cast<Queue>(packed >> 1 & 3); }
  [[nodiscard]] Side side() const { return (packed & 1) != 0 ? Side::sell : Side::buy; }
  [[nodiscard]] std::uint32_t index() const { return packed & 7; }  // among the instrument's queues
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

// Levels lie in pages: those at 32 neighbouring prices, whether an order rests there or not.
inline constexpr unsigned kPageBits = 5;
inline constexpr std::uint32_t kPageLevels = std::uint32_t{1} << kPageBits;

struct BookStore {
  Pool<Order> orders;
  Pool<Level, 9, kPageLevels> levels;
};

// One side of an instrument's book. Prices become keys that grow with what the side prefers. Pages
// are kept in ascending order, so the best level is in the last one. Near prices lie in near pages:
// the page of a price is found at its distance from the last, or by bisection where there are gaps.
class BookSide {
 public:
  explicit BookSide(Side side) : sign_(side == Side::buy ? 1 : -1) {}

  [[nodiscard]] bool empty() const { return pages_.size() == 1; }
  [[nodiscard]] LevelSlot best() const { return highest(pages_.back()); }  // kNoSlot: empty
  // Whether an order of the other side with this limit would trade.
  [[nodiscard]] bool reaches(Price limit) const { return best_key() >= key_of(limit); }
  // kNoSlot: no order rests at `price`.
  [[nodiscard]] LevelSlot find(const BookStore& store, Price price) const;
  // The level next worse than `level`; kNoSlot: it is the worst.
  [[nodiscard]] LevelSlot worse_than(const BookStore& store, LevelSlot level) const;

  // Puts the order at the back of its price's queue; takes it out of its place, and an emptied
  // level with it. Both keep the level's sums and tell how it stands then. `hidden` is what an
  // iceberg does not show.
  LevelReport link(
      BookStore& store, OrderSlot slot, Price price, BookPlace place, Quantity hidden = {});
  LevelReport unlink(BookStore& store, OrderSlot slot, Quantity hidden = {});
  // As unlink, for the first order of a level when nothing of it is open.
  LevelReport pop_filled(BookStore& store, OrderSlot slot);

  // Where the level of `price` probably lies, for a prefetch.
  [[nodiscard]] LevelSlot hint(Price price) const {
    const Page* const last = &pages_.back();
    const std::int64_t key = key_of(price);
    const auto behind = static_cast<std::uint64_t>(last->number - (key >> kPageBits));
    return last[-static_cast<std::ptrdiff_t>(behind < pages_.size() ? behind : 0)].first +
           bit_of(key);
  }
  // Visits the levels, best first: visit(level) -> bool, false stops.
  template <class Visit>
  void for_each(const BookStore& store, Visit&& visit) const {
    for (LevelSlot at = best(); at != kNoSlot; at = worse_than(store, at)) {
      if (!visit(store.levels[at])) return;
    }
  }
  // Whether the side prefers `a` to `b`.
  [[nodiscard]] bool better(Price a, Price b) const { return key_of(a) > key_of(b); }

 private:
  struct Page {
    std::int64_t number;  // key / 32
    LevelSlot first;      // of its levels
    std::uint32_t used;   // in which of them orders rest
  };
  static_assert(8 * sizeof(Page::used) == kPageLevels);
  // Stands below all pages, so that there is always a last one.
  static constexpr Page kNoPage{
      .number = std::numeric_limits<std::int64_t>::min() >> kPageBits, .first = kNoSlot, .used = 1};
  [[nodiscard]] std::int64_t key_of(Price price) const { return sign_ * price.value(); }
  [[nodiscard]] static unsigned bit_of(std::int64_t key) {
    return static_cast<unsigned>(key) & (kPageLevels - 1);
  }
  [[nodiscard]] static unsigned highest_bit(const Page& page) {
    return kPageLevels - 1 -
           static_cast<unsigned>(std::countl_zero(page.used | 1));  // never 0, and seen so
  }
  [[nodiscard]] static LevelSlot highest(const Page& page) {
    return page.first + highest_bit(page);
  }
  [[nodiscard]] std::int64_t best_key() const {
    return pages_.back().number << kPageBits | highest_bit(pages_.back());
  }
  [[nodiscard]] std::size_t position(
      std::int64_t number) const;                      // of the first page not below `number`
  [[nodiscard]] Page* find_page(std::int64_t number);  // nullptr: there is none
  Page& open_page(BookStore& store, std::int64_t number);
  void close(BookStore& store, LevelSlot slot);

  std::vector<Page> pages_{kNoPage};
  std::int64_t sign_;
};

// All queues of an instrument, found without a branch: no processor can guess the side.
class Book {
 public:
  [[nodiscard]] BookSide& side(Side side) { return queues_[index(side)]; }
  [[nodiscard]] const BookSide& side(Side side) const { return queues_[index(side)]; }
  // One level, at 0.
  [[nodiscard]] BookSide& at_any_price(Side side) { return queues_[2 + index(side)]; }
  [[nodiscard]] const BookSide& at_any_price(Side side) const { return queues_[2 + index(side)]; }
  // Buys: the lowest stop price is reached first; sells: the highest.
  [[nodiscard]] BookSide& stops(Side side) { return queues_[4 + index(side)]; }
  [[nodiscard]] const BookSide& stops(Side side) const { return queues_[4 + index(side)]; }
  [[nodiscard]] BookSide& at(BookPlace place) { return queues_[place.index()]; }

 private:
  [[nodiscard]] static std::size_t index(Side side) { return static_cast<std::size_t>(side) - 1; }
  std::array<BookSide, 6> queues_{BookSide(Side::buy),
                                  BookSide(Side::sell),
                                  BookSide(Side::buy),
                                  BookSide(Side::sell),
                                  BookSide(Side::sell),
                                  BookSide(Side::buy)};
};

// What rests within `limit`, hidden parts too, counted up to `enough`.
[[nodiscard]] Quantity quantity_within(const BookStore& store,
                                       const BookSide& side,
                                       Price limit,
                                       Quantity enough);

[[nodiscard]] constexpr Side opposite(Side side) {
  static_assert(static_cast<int>(Side::buy) == 1 && static_cast<int>(Side::sell) == 2);
  return static_cast<Side>(
      3 - static_cast<unsigned>(side));  // not by a branch: no processor can guess it
}

// ---- the hot path, in line. Where an order stands in its queue no processor can guess, so links
// are set without a branch: a missing neighbour is the place that is nobody's. ----

// `a` if `first`, else `b`.
[[nodiscard]] constexpr std::uint32_t pick(bool first, std::uint32_t a, std::uint32_t b) {
  return b ^ ((a ^ b) & (0u - static_cast<std::uint32_t>(first)));
}

inline BookSide::Page* BookSide::find_page(std::int64_t number) {
  // Page numbers ascend, so with no gap between it lies at its distance from the last.
  const std::size_t count = pages_.size();
  Page* const last = &pages_.back();
  const auto behind = static_cast<std::uint64_t>(last->number - number);
  if (behind < count && (last - behind)->number == number) [[likely]]
    return last - behind;
  const std::size_t at = position(number);
  return at < count && pages_[at].number == number ? &pages_[at] : nullptr;
}

inline LevelReport BookSide::link(
    BookStore& store, OrderSlot slot, Price price, BookPlace place, Quantity hidden) {
  Order& order = store.orders[slot];
  ENSURE(!order.queued());
  ENSURE(order.open.is_positive());
  const std::int64_t key = key_of(price);
  Page* page = find_page(key >> kPageBits);
  if (page == nullptr) [[unlikely]]
    page = &open_page(store, key >> kPageBits);
  const unsigned bit = bit_of(key);
  const LevelSlot at = page->first + bit;
  page->used |= std::uint32_t{1} << bit;
  Level& level = store.levels[at];
  level.price = price;
  level.place = place;
  level.open += order.open - hidden;
  level.hidden += hidden;
  ++level.orders;
  const OrderSlot last = level.last;
  level.last = slot;
  level.first = pick(last == kNoSlot, slot, level.first);
  store.orders[last].next = slot;
  order.level = at;
  order.previous = last;
  order.next = kNoSlot;
  return report_of(level);
}

inline LevelReport BookSide::unlink(BookStore& store, OrderSlot slot, Quantity hidden) {
  Order& order = store.orders[slot];
  ENSURE(order.queued());
  const LevelSlot at = order.level;
  const OrderSlot previous = order.previous;
  const OrderSlot next = order.next;
  Level& level = store.levels[at];
  level.first = pick(previous == kNoSlot, next, level.first);
  level.last = pick(next == kNoSlot, previous, level.last);
  store.orders[previous].next = next;
  store.orders[next].previous = previous;
  order.previous = kNoSlot;
  order.next = kNoSlot;
  order.level = kNoSlot;
  level.open -= order.open - hidden;
  level.hidden -= hidden;
  --level.orders;
  const LevelReport after = report_of(level);
  if (after.orders == 0) [[unlikely]]
    close(store, at);
  return after;
}

inline LevelReport BookSide::pop_filled(BookStore& store, OrderSlot slot) {
  Order& order = store.orders[slot];
  const LevelSlot at = order.level;
  ENSURE(order.open.is_zero());
  Level& level = store.levels[at];
  ENSURE(level.first == slot);
  const OrderSlot next = order.next;
  level.first = next;
  level.last = pick(next == kNoSlot, kNoSlot, level.last);
  store.orders[next].previous = kNoSlot;
  order.next = kNoSlot;
  order.level = kNoSlot;
  --level.orders;
  const LevelReport after = report_of(level);
  if (after.orders == 0) [[unlikely]]
    close(store, at);
  return after;
}

}  // namespace origo
