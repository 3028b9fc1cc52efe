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
  bool resting = false;
  bool ended = false;
};

// Follows the orders through what the exchange says, as a participant's own software would.
class Observer {
 public:
  void see(const Event& event);
  [[nodiscard]] const OrderState* find(OrderId order) const;
  [[nodiscard]] Price last(InstrumentId instrument) const;
  void set_last(InstrumentId instrument, Price price) { last_[instrument] = price; }

 private:
  void fill(OrderId order, Quantity quantity, Quantity open);

  std::map<OrderId, OrderState> orders_;
  std::map<InstrumentId, Price> last_;
};

}  // namespace origo::scenario
