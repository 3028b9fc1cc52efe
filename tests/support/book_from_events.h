#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/core/event.h"
#include "engine/market/market.h"

namespace origo {

// What a reader of the public events knows of all books, and nothing else: by order (L3), from what
// is said of orders; by price level (L2) and its best price (L1), from what is said of levels.
class BookFromEvents {
 public:
  struct Shown {
    OrderId order;
    Quantity visible;
    bool operator==(const Shown&) const = default;
  };
  struct Depth {
    Quantity open;
    std::uint32_t orders = 0;
    bool operator==(const Depth&) const = default;
  };
  // One side of one instrument's book.
  struct SideOfBook {
    std::map<Price, std::vector<Shown>> queues;  // by priority
    std::map<Price, Depth> levels;
    [[nodiscard]] std::optional<Price> best(Side side) const;
  };
  using Place = std::pair<InstrumentId, Side>;

  void see(const Event& event);

  // Every difference from what the core holds, in words: the queue of each level, its sums, and the
  // best price with what is there. Cost: all live orders.
  [[nodiscard]] std::vector<std::string> compare(const Market& market) const;

 private:
  struct Where {
    Place place;
    Price price;
  };
  void stand(OrderId order, Place place, Price price, Quantity visible);
  void leave(OrderId order);
  // What the book shows of an order; nullptr: it is not in the book.
  [[nodiscard]] Shown* find(OrderId order);
  void trade_away(const Trade& trade);
  void compare_side(const Market& market, Place place, std::vector<std::string>& differences) const;

  std::map<Place, SideOfBook> sides_;
  std::map<OrderId, Where> where_;  // of the orders in the book
};

}  // namespace origo
