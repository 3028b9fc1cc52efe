#pragma once

#include <array>
#include <concepts>
#include <optional>

#include "engine/core/reject.h"
#include "engine/market/book.h"
#include "engine/market/order_table.h"

// One limit order book as a library: messages in, reports out by callback; no accounts, no
// settlement. It is the code that the exchange runs: the same orders, levels and table of ids.
//
//   struct Reports { void accepted(OrderId) ...; };
//   BookShelf shelf;
//   Reports reports;
//   OrderBook book(shelf, reports);
//   book.place(OrderId(1), Side::sell, Price(100), Quantity(5));
namespace origo {

// What books share. Order ids are unique among the live orders of a shelf; dense ids are fastest.
struct BookShelf {
  BookStore store;
  OrderTable ids;

  // Whether the orders are more than a cache holds, so that it pays to look ahead where commands
  // come in batches. Each step brings near what tells the next one where to look: call them some
  // commands apart.
  [[nodiscard]] bool looks_ahead() const { return store.orders.live() > 10'000; }
  // Require: looks_ahead(). For an order that a command names. In line, or the compiler drops them.
  [[gnu::always_inline]] void prefetch_place(OrderId id) const { ids.prefetch(id); }
  [[gnu::always_inline]] void prefetch_order(OrderId id) const {
    __builtin_prefetch(&store.orders[ids.hint(id)]);
  }
  [[gnu::always_inline]] void prefetch_level(OrderId id) const {
    const Order& order = store.orders[ids.hint(id)];
    __builtin_prefetch(&store.levels[order.level]);
    __builtin_prefetch(&store.orders[order.previous]);
    __builtin_prefetch(&store.orders[order.next]);
  }
};

// What a book tells. Trades come in the order in which they happen, at the maker's price.
template <class R>
concept BookReports =
    requires(R& r, OrderId id, Side side, Price price, Quantity quantity, LevelReport level) {
  r.accepted(id, side, price, quantity);  // a new order was taken in
  r.traded(id,
           id,
           side,
           price,
           quantity,
           quantity,
           level);                             // taker, maker, taker's side, .., maker's open after
  r.rested(id, side, price, quantity, level);  // what is left stands in the book
  r.ended(id, side, quantity);                 // gone; with what was open, 0 if filled
  r.cancelled(id, side, quantity, level);      // left the book; with what was open
  r.modified(id, side, price, quantity, level);  // of a modify, before it may trade again
  r.refused(id, Reject::order_unknown);          // nothing changed
};

template <BookReports Reports>
class alignas(64) OrderBook {
 public:
  OrderBook(BookShelf& shelf, Reports& reports, InstrumentId instrument = InstrumentId(1))
      : shelf_(shelf), reports_(reports), instrument_(instrument) {}

  // Trades what crosses, best price first, then oldest; gtc rests what is left, ioc drops it, fok
  // trades all or nothing. A market order is a limit at the end of the range that no price exceeds.
  //
  // Rejects: client_order_id_live (the id lives), quantity_not_positive, price_not_positive,
  //          price_outside_collar (above 2^62).
  // Ensures: the book is not crossed.
  void place(
      OrderId id, Side side, Price price, Quantity quantity, TimeInForce tif = TimeInForce::gtc) {
    if (!quantity.is_positive()) return reports_.refused(id, Reject::quantity_not_positive);
    if (!is_price(price)) return refuse(id, price);
    if (shelf_.ids.find(id, shelf_.store.orders) != kNoSlot)
      return reports_.refused(id, Reject::client_order_id_live);
    reports_.accepted(id, side, price, quantity);
    Quantity left = quantity;
    if (side_of(opposite(side)).reaches(price)) {
      if (tif == TimeInForce::fok && available(opposite(side), price, quantity) < quantity)
        return reports_.ended(id, side, quantity);
      left = trade(id, side, price, quantity);
      if (left.is_zero()) return reports_.ended(id, side, left);
    }
    if (tif != TimeInForce::gtc) return reports_.ended(id, side, left);
    const OrderSlot slot = shelf_.store.orders.take();
    Order& order = shelf_.store.orders[slot];
    order.id = id;
    order.side = side;
    order.total = quantity;
    order.open = left;
    shelf_.ids.insert(id, slot, shelf_.store.orders);
    rest(slot, price);
  }

  // Rejects: order_unknown (never seen, or gone).
  void cancel(OrderId id) {
    const OrderSlot slot = find(id);
    if (slot == kNoSlot) return reports_.refused(id, Reject::order_unknown);
    const Order& order = shelf_.store.orders[slot];
    const Side side = order.side;
    const Quantity open = order.open;
    const LevelReport level = side_of(side).unlink(shelf_.store, slot);
    drop(id, slot);
    reports_.cancelled(id, side, open, level);
  }

  // `quantity` is the new open quantity. A decrease at the same price keeps priority; anything else
  // loses it, and trades at once where the new price crosses.
  //
  // Rejects: order_unknown, quantity_not_positive, price_not_positive, price_outside_collar.
  void modify(OrderId id, Price price, Quantity quantity) { change(id, price, quantity, true); }
  // As modify, but the order always goes to the back of the queue.
  void replace(OrderId id, Price price, Quantity quantity) { change(id, price, quantity, false); }

  // Takes `by` off and keeps priority; all of what is open or more cancels.
  //
  // Rejects: order_unknown, quantity_not_positive.
  void reduce(OrderId id, Quantity by) {
    const OrderSlot slot = find(id);
    if (slot == kNoSlot) return reports_.refused(id, Reject::order_unknown);
    if (!by.is_positive()) return reports_.refused(id, Reject::quantity_not_positive);
    const Order& order = shelf_.store.orders[slot];
    if (by >= order.open) return cancel(id);
    modify(id, shelf_.store.levels[order.level].price, order.open - by);
  }

  // As the shelf's, for a new order: the book, the order's level, and the order that it will stand
  // behind.
  [[gnu::always_inline]] void prefetch() const {
    __builtin_prefetch(&sides_[0]);
    __builtin_prefetch(&sides_[1]);
  }
  [[gnu::always_inline]] void prefetch_level(Side side, Price price) const {
    __builtin_prefetch(&shelf_.store.levels[side_of(side).hint(price)]);
  }
  [[gnu::always_inline]] void prefetch_queue(Side side, Price price) const {
    __builtin_prefetch(&shelf_.store.orders[shelf_.store.levels[side_of(side).hint(price)].last]);
  }

  [[nodiscard]] std::optional<Price> best(Side side) const {
    const LevelSlot level = side_of(side).best();
    if (level == kNoSlot) return std::nullopt;
    return shelf_.store.levels[level].price;
  }
  [[nodiscard]] Quantity quantity_at(Side side, Price price) const {
    const LevelSlot level = side_of(side).find(shelf_.store, price);
    return level == kNoSlot ? Quantity() : shelf_.store.levels[level].open;
  }
  // Visits the resting orders of a side, best price first, then oldest: visit(id, price, open).
  template <class Visit>
  void for_each_order(Side side, Visit&& visit) const {
    side_of(side).for_each(shelf_.store, [&](const Level& level) {
      for (OrderSlot at = level.first; at != kNoSlot; at = shelf_.store.orders[at].next)
        visit(shelf_.store.orders[at].id, level.price, shelf_.store.orders[at].open);
      return true;
    });
  }

 private:
  [[nodiscard]] BookSide& side_of(Side side) { return sides_[static_cast<std::size_t>(side) - 1]; }
  [[nodiscard]] const BookSide& side_of(Side side) const {
    return sides_[static_cast<std::size_t>(side) - 1];
  }
  [[nodiscard]] static bool is_price(Price price) {
    return static_cast<std::uint64_t>(price.value()) - 1 < static_cast<std::uint64_t>(kSupplyMax);
  }
  void refuse(OrderId id, Price price) {
    reports_.refused(
        id, price.is_positive() ? Reject::price_outside_collar : Reject::price_not_positive);
  }
  [[nodiscard]] OrderSlot find(OrderId id) const {
    const OrderSlot slot = shelf_.ids.find(id, shelf_.store.orders);
    if (slot == kNoSlot) return kNoSlot;
    const Level& level = shelf_.store.levels[shelf_.store.orders[slot].level];
    return level.place.instrument() == instrument_ ? slot : kNoSlot;
  }
  [[nodiscard]] Quantity available(Side side, Price limit, Quantity wanted) const {
    return quantity_within(shelf_.store, side_of(side), limit, wanted);
  }

  // Requires: something is wanted, and the makers reach the limit. Returns what stays open.
  [[gnu::noinline]] Quantity trade(OrderId taker, Side side, Price limit, Quantity wanted) {
    BookSide& makers = side_of(opposite(side));
    LevelReport after;
    do {
      Level& level = shelf_.store.levels[makers.best()];
      const Price price = level.price;
      do {
        const OrderSlot slot = level.first;
        Order& maker = shelf_.store.orders[slot];
        const OrderId id = maker.id;
        const Quantity quantity = std::min(wanted, maker.open);
        wanted -= quantity;
        maker.open -= quantity;
        level.open -= quantity;
        if (maker.open.is_positive()) {
          reports_.traded(taker, id, side, price, quantity, maker.open, report_of(level));
          return wanted;
        }
        after = makers.pop_filled(shelf_.store, slot);
        drop(id, slot);
        reports_.traded(taker, id, side, price, quantity, Quantity(), after);
      } while (wanted.is_positive() && after.orders > 0);
    } while (wanted.is_positive() && makers.reaches(limit));
    return wanted;
  }

  void rest(OrderSlot slot, Price price) {
    const Order& order = shelf_.store.orders[slot];
    const LevelReport level =
        side_of(order.side).link(shelf_.store, slot, price, BookPlace(instrument_, order.side));
    reports_.rested(order.id, order.side, price, order.open, level);
  }

  [[gnu::noinline]] void change(OrderId id, Price price, Quantity quantity, bool may_keep_place) {
    const OrderSlot slot = find(id);
    if (slot == kNoSlot) return reports_.refused(id, Reject::order_unknown);
    if (!quantity.is_positive()) return reports_.refused(id, Reject::quantity_not_positive);
    if (!is_price(price)) return refuse(id, price);
    Order& order = shelf_.store.orders[slot];
    Level& level = shelf_.store.levels[order.level];
    if (!may_keep_place || level.price != price || quantity > order.open)
      return requeue(slot, price, quantity);
    level.open -= order.open - quantity;
    order.open = quantity;
    reports_.modified(id, order.side, price, quantity, report_of(level));
  }

  void requeue(OrderSlot slot, Price price, Quantity quantity) {
    Order& order = shelf_.store.orders[slot];
    const LevelReport before = leave(slot);
    order.open = quantity;
    order.total = quantity;
    reports_.modified(order.id, order.side, price, quantity, before);
    if (side_of(opposite(order.side)).reaches(price))
      order.open = trade(order.id, order.side, price, quantity);
    if (order.open.is_positive()) return rest(slot, price);
    const OrderId id = order.id;
    const Side side = order.side;
    drop(id, slot);
    reports_.ended(id, side, Quantity());
  }

  LevelReport leave(OrderSlot slot) {
    return side_of(shelf_.store.orders[slot].side).unlink(shelf_.store, slot);
  }
  // What it set of the order is reset here or by unlink(), or set anew when the place is taken
  // again.
  void drop(OrderId id, OrderSlot slot) {
    shelf_.ids.erase(id, slot);
    shelf_.store.orders[slot].id = OrderId();
    shelf_.store.orders.give_back_clean(slot);
  }

  std::array<BookSide, 2> sides_{BookSide(Side::buy), BookSide(Side::sell)};
  BookShelf& shelf_;
  Reports& reports_;
  InstrumentId instrument_;
};

}  // namespace origo
