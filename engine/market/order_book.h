#pragma once

#include <concepts>
#include <optional>

#include "engine/core/reject.h"
#include "engine/market/book.h"

// One limit order book as a library: messages in, reports out by callback; no accounts, no settlement.
// It is the code that the exchange runs: the same orders, levels, pages and table of ids.
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
};

// What a book tells. Trades come in the order in which they happen, at the maker's price.
template <class R>
concept BookReports = requires(R& r, OrderId id, Side side, Price price, Quantity quantity, LevelReport level) {
  r.accepted(id, side, price, quantity);                          // a new order was taken in
  r.traded(id, id, side, price, quantity, quantity, level);      // taker, maker, taker's side, .., maker's open after
  r.rested(id, side, price, quantity, level);                    // what is left stands in the book
  r.ended(id, side, quantity);                                   // gone; with what was open, 0 if filled
  r.cancelled(id, side, quantity, level);                        // left the book; with what was open
  r.modified(id, side, price, quantity, level);                  // of a modify, before it may trade again
  r.refused(id, Reject::order_unknown);                          // nothing changed
};

template <BookReports Reports>
class OrderBook {
 public:
  OrderBook(BookShelf& shelf, Reports& reports, InstrumentId instrument = InstrumentId(1))
      : shelf_(shelf), reports_(reports), instrument_(instrument) {}

  // Trades what crosses, best price first, then oldest; gtc rests what is left, ioc drops it, fok trades all
  // or nothing. A market order is a limit at the end of the range that no price exceeds.
  //
  // Rejects: client_order_id_live (the id lives), quantity_not_positive, price_not_positive.
  // Ensures: the book is not crossed.
  void place(OrderId id, Side side, Price price, Quantity quantity, TimeInForce tif = TimeInForce::gtc) {
    if (!quantity.is_positive()) return reports_.refused(id, Reject::quantity_not_positive);
    if (!price.is_positive()) return reports_.refused(id, Reject::price_not_positive);
    if (shelf_.ids.find(id) != kNoSlot) return reports_.refused(id, Reject::client_order_id_live);
    reports_.accepted(id, side, price, quantity);
    if (tif == TimeInForce::fok && available(opposite(side), price, quantity) < quantity)
      return reports_.ended(id, side, quantity);
    const Quantity left = trade(id, side, price, quantity);
    if (left.is_zero() || tif != TimeInForce::gtc) return reports_.ended(id, side, left);
    const OrderSlot slot = shelf_.store.orders.take();
    Order& order = shelf_.store.orders[slot];
    order.id = id;
    order.side = side;
    order.total = quantity;
    order.open = left;
    shelf_.ids.insert(id, slot);
    rest(slot, price);
  }

  // Rejects: order_unknown (never seen, or gone).
  void cancel(OrderId id) {
    const OrderSlot slot = find(id);
    if (slot == kNoSlot) return reports_.refused(id, Reject::order_unknown);
    const Order order = shelf_.store.orders[slot];
    const LevelReport level = leave(slot);
    drop(slot);
    reports_.cancelled(id, order.side, order.open, level);
  }

  // `quantity` is the new open quantity. A decrease at the same price keeps priority; anything else loses it,
  // and trades at once where the new price crosses.
  //
  // Rejects: order_unknown, quantity_not_positive, price_not_positive.
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

  [[nodiscard]] std::optional<Price> best(Side side) const {
    const LevelSlot level = book_.side(side).best();
    if (level == kNoSlot) return std::nullopt;
    return shelf_.store.levels[level].price;
  }
  [[nodiscard]] Quantity quantity_at(Side side, Price price) const {
    const LevelSlot level = book_.side(side).find(shelf_.store, price);
    return level == kNoSlot ? Quantity() : shelf_.store.levels[level].open;
  }
  // Visits the resting orders of a side, best price first, then oldest: visit(id, price, open).
  template <class Visit>
  void for_each_order(Side side, Visit&& visit) const {
    book_.side(side).for_each(shelf_.store, [&](const Level& level) {
      for (OrderSlot at = level.first; at != kNoSlot; at = shelf_.store.orders[at].next)
        visit(shelf_.store.orders[at].id, level.price, shelf_.store.orders[at].open);
      return true;
    });
  }

 private:
  [[nodiscard]] OrderSlot find(OrderId id) const {
    const OrderSlot slot = shelf_.ids.find(id);
    if (slot == kNoSlot) return kNoSlot;
    const Level& level = shelf_.store.levels[shelf_.store.orders[slot].level];
    return level.place.instrument() == instrument_ ? slot : kNoSlot;
  }
  [[nodiscard]] Quantity available(Side side, Price limit, Quantity wanted) const {
    return quantity_within(shelf_.store, book_.side(side), limit, wanted);
  }

  Quantity trade(OrderId taker, Side side, Price limit, Quantity wanted) {
    BookSide& makers = book_.side(opposite(side));
    while (wanted.is_positive() && !makers.empty()) {
      Level& level = shelf_.store.levels[makers.best()];
      if (makers.better(limit, level.price)) break;
      const OrderSlot slot = level.first;
      Order& maker = shelf_.store.orders[slot];
      const Quantity quantity = std::min(wanted, maker.open);
      const OrderId maker_id = maker.id;
      const Price price = level.price;
      wanted -= quantity;
      maker.open -= quantity;
      level.open -= quantity;
      if (maker.open.is_positive()) {
        reports_.traded(taker, maker_id, side, price, quantity, maker.open, report_of(level));
        break;
      }
      const LevelReport after = leave(slot);
      drop(slot);
      reports_.traded(taker, maker_id, side, price, quantity, Quantity(), after);
    }
    return wanted;
  }

  void rest(OrderSlot slot, Price price) {
    const Order& order = shelf_.store.orders[slot];
    const LevelReport level =
        book_.side(order.side).link(shelf_.store, slot, price, BookPlace(instrument_, order.side));
    reports_.rested(order.id, order.side, price, order.open, level);
  }

  void change(OrderId id, Price price, Quantity quantity, bool may_keep_place) {
    const OrderSlot slot = find(id);
    if (slot == kNoSlot) return reports_.refused(id, Reject::order_unknown);
    if (!quantity.is_positive()) return reports_.refused(id, Reject::quantity_not_positive);
    if (!price.is_positive()) return reports_.refused(id, Reject::price_not_positive);
    Order& order = shelf_.store.orders[slot];
    Level& level = shelf_.store.levels[order.level];
    if (!may_keep_place || level.price != price || quantity > order.open) return requeue(slot, price, quantity);
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
    order.open = trade(order.id, order.side, price, quantity);
    if (order.open.is_positive()) return rest(slot, price);
    const OrderId id = order.id;
    const Side side = order.side;
    drop(slot);
    reports_.ended(id, side, Quantity());
  }

  LevelReport leave(OrderSlot slot) {
    return book_.side(shelf_.store.orders[slot].side).unlink(shelf_.store, slot);
  }
  void drop(OrderSlot slot) {
    shelf_.ids.erase(shelf_.store.orders[slot].id);
    shelf_.store.orders.give_back(slot);
  }

  BookShelf& shelf_;
  Reports& reports_;
  InstrumentId instrument_;
  Book book_;
};

}  // namespace origo
