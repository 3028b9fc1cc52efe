#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/core/event.h"

namespace origo::scenario {

// An order as its owner sees it.
struct OrderState {
  AccountId account;
  InstrumentId instrument;
  OrderType type = OrderType::limit;
  Side side = Side::buy;
  Price price;
  Quantity quantity;
  Quantity open;
  Quantity filled;
  Quantity visible;  // what the book shows of it
  bool resting = false;
  bool waiting = false;  // for its stop price
  bool ended = false;
  [[nodiscard]] Quantity hidden() const { return open - visible; }
};

// The orders that stand on one side of a book, hidden parts included.
struct BookCount {
  std::int64_t orders = 0;
  Quantity open;
};

// Follows the orders through what the exchange says, as a participant's own software would.
class Observer {
 public:
  void see(const Event& event);
  [[nodiscard]] const OrderState* find(OrderId order) const;
  [[nodiscard]] BookCount count(InstrumentId instrument, Side side) const;
  // Of the last trade, or what was set; 0: neither.
  [[nodiscard]] Price last(InstrumentId instrument) const;
  void set_last(InstrumentId instrument, Price price) { last_[instrument] = price; }

 private:
  void see_book(const Event& event);
  void see_trade(const Trade& trade);
  void see_end(const OrderEnded& ended);

  std::map<OrderId, OrderState> orders_;
  std::map<InstrumentId, Price> last_;
};

}  // namespace origo::scenario
