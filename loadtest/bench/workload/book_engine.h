#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "engine/market/order_book.h"
#include "loadtest/bench/workload/engine_words.h"
#include "loadtest/bench/workload/trades.h"
#include "loadtest/workload/flow_file.h"

namespace origo::loadtest {

struct BookSetting {
  explicit BookSetting(const FlowHeader&) {}
};

// The book as a library: a book per instrument on one shelf. Every report is kept as a record, as a
// feed would need it, in a ring that no one reads.
template <class Trades>
class BookEngine {
 public:
  static constexpr const char* kName = "book";
  static constexpr bool kNeedsDenseIds = true;
  using Setting = BookSetting;

  BookEngine(Setting, const FlowHeader& header) : reports_(header.instruments) {
    books_.reserve(header.instruments);
    for (std::uint32_t i = 0; i < header.instruments; ++i) {
      books_.emplace_back(*shelf_, reports_, InstrumentId(i + 1));
    }
  }

  void apply(const FlowCommand& command) {
    reports_.instrument = command.instrument;
    OrderBook<Reports>& book = books_[command.instrument];
    const OrderId id(command.order);
    const Quantity quantity(command.quantity);
    switch (command.kind) {
      case FlowKind::limit:
        book.place(id,
                   side_of(command.side),
                   Price(command.price),
                   quantity,
                   time_in_force_of(command.time_in_force));
        break;
      case FlowKind::market:
        book.place(id, side_of(command.side), any_price(command.side), quantity, TimeInForce::ioc);
        break;
      case FlowKind::cancel:
        book.cancel(id);
        break;
      case FlowKind::reduce:
        book.reduce(id, quantity);
        break;
      case FlowKind::replace:
        book.replace(id, Price(command.price), quantity);
        break;
    }
  }

  [[nodiscard]] std::uint64_t trade_count() const { return reports_.trades.count; }
  [[nodiscard]] const Trades& trades() const { return reports_.trades; }
  [[nodiscard]] std::string problem() const { return {}; }
  template <class Visit>
  void for_each_resting(std::uint32_t instrument, FlowSide side, Visit&& visit) const {
    books_[instrument].for_each_order(side_of(side), [&](OrderId id, Price price, Quantity open) {
      visit(id.value(), price.value(), static_cast<std::uint64_t>(open.value()));
    });
  }

 private:
  // What a feed needs of one report.
  struct Record {
    std::uint64_t order;
    std::uint64_t maker;
    Price price;
    Quantity quantity;
    Quantity open;
    LevelReport level;
    std::uint32_t instrument;
    Side side;
    std::uint8_t kind;
  };

  struct Reports {
    explicit Reports(std::uint32_t instruments) : trades(instruments) {}

    void accepted(OrderId id, Side side, Price price, Quantity quantity) {
      keep(1, id, OrderId(), side, price, quantity, Quantity(), {});
    }
    void traded(OrderId taker,
                OrderId maker,
                Side side,
                Price price,
                Quantity quantity,
                Quantity open,
                const LevelReport& level) {
      keep(2, taker, maker, side, price, quantity, open, level);
      trades.add({.instrument = instrument,
                  .taker = taker.value(),
                  .maker = maker.value(),
                  .price = price.value(),
                  .quantity = static_cast<std::uint64_t>(quantity.value())});
    }
    void rested(OrderId id, Side side, Price price, Quantity open, const LevelReport& level) {
      keep(3, id, OrderId(), side, price, open, open, level);
    }
    void ended(OrderId id, Side side, Quantity open) {
      keep(4, id, OrderId(), side, Price(), Quantity(), open, {});
    }
    void cancelled(OrderId id, Side side, Quantity open, const LevelReport& level) {
      keep(5, id, OrderId(), side, level.price, Quantity(), open, level);
    }
    void modified(OrderId id, Side side, Price price, Quantity open, const LevelReport& level) {
      keep(6, id, OrderId(), side, price, open, open, level);
    }
    void refused(OrderId id, Reject) {
      keep(7, id, OrderId(), Side::buy, Price(), Quantity(), Quantity(), {});
    }

    void keep(std::uint8_t kind,
              OrderId order,
              OrderId maker,
              Side side,
              Price price,
              Quantity quantity,
              Quantity open,
              const LevelReport& level) {
      ring[next++ % ring.size()] = {.order = order.value(),
                                    .maker = maker.value(),
                                    .price = price,
                                    .quantity = quantity,
                                    .open = open,
                                    .level = level,
                                    .instrument = instrument,
                                    .side = side,
                                    .kind = kind};
    }

    Trades trades;
    std::uint32_t instrument = 0;
    std::uint64_t next = 0;
    std::array<Record, 64> ring{};
  };

  static Price any_price(FlowSide side) {
    return Price(side == FlowSide::buy ? std::numeric_limits<std::int32_t>::max() : 1);
  }

  std::unique_ptr<BookShelf> shelf_ = std::make_unique<BookShelf>();
  Reports reports_;
  std::vector<OrderBook<Reports>> books_;
};

}  // namespace origo::loadtest
