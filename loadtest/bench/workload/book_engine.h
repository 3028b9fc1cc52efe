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
    reports_.of(command.instrument);
    OrderBook<Reports>& book = books_[command.instrument];
    const OrderId id(command.order);
    const Quantity quantity(command.quantity);
    // As few branches as can be, the likeliest first: no processor can guess what comes next.
    if (command.kind <= FlowKind::market) {
      const bool market = command.kind == FlowKind::market;
      book.place(id,
                 side_of(command.side),
                 market ? kAnyPrice[static_cast<std::size_t>(command.side)] : Price(command.price),
                 quantity,
                 market ? TimeInForce::ioc : time_in_force_of(command.time_in_force));
    } else if (command.kind == FlowKind::cancel) {
      book.cancel(id);
    } else if (command.kind == FlowKind::replace) {
      book.replace(id, Price(command.price), quantity);
    } else {
      book.reduce(id, quantity);
    }
  }

  static constexpr std::size_t kLookAhead = 16;
  [[nodiscard]] bool looks_ahead() const { return shelf_->looks_ahead(); }
  // In steps: each brings what tells the next one where to look.
  [[gnu::always_inline]] void look_ahead(const FlowCommand* commands) const {
    const FlowCommand& first = commands[16];
    books_[first.instrument].prefetch();
    shelf_->prefetch_place(OrderId(first.order));
    shelf_->prefetch_order(OrderId(commands[12].order));
    const FlowCommand& third = commands[8];
    shelf_->prefetch_level(OrderId(third.order));
    books_[third.instrument].prefetch_level(side_of(third.side), Price(third.price));
    const FlowCommand& last = commands[4];
    books_[last.instrument].prefetch_queue(side_of(last.side), Price(last.price));
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
  enum class Kind : std::uint8_t {
    accepted = 1,
    traded,
    rested,
    ended,
    cancelled,
    modified,
    refused
  };

  // What a feed needs of one report: one cache line. Each kind sets the fields that it has.
  struct alignas(64) Record {
    OrderId order;
    OrderId maker;
    Price price;
    Quantity quantity;
    Quantity open;
    Quantity level_open;
    std::uint32_t level_orders;
    std::uint64_t head;  // instrument << 32 | kind << 8 | side
    void set(const LevelReport& level) {
      level_open = level.open;
      level_orders = level.orders;
    }
  };
  static_assert(sizeof(Record) == 64);

  struct Reports {
    explicit Reports(std::uint32_t instruments) : trades(instruments) {}
    void of(std::uint32_t instrument) { head = std::uint64_t{instrument} << 32; }

    void accepted(OrderId id, Side side, Price price, Quantity quantity) {
      Record& record = next(Kind::accepted, id, side);
      record.price = price;
      record.quantity = quantity;
    }
    void traded(OrderId taker,
                OrderId maker,
                Side side,
                Price price,
                Quantity quantity,
                Quantity open,
                const LevelReport& level) {
      Record& record = next(Kind::traded, taker, side);
      record.maker = maker;
      record.price = price;
      record.quantity = quantity;
      record.open = open;
      record.set(level);
      trades.add({.instrument = static_cast<std::uint32_t>(head >> 32),
                  .taker = taker.value(),
                  .maker = maker.value(),
                  .price = price.value(),
                  .quantity = static_cast<std::uint64_t>(quantity.value())});
    }
    void rested(OrderId id, Side side, Price price, Quantity open, const LevelReport& level) {
      Record& record = next(Kind::rested, id, side);
      record.price = price;
      record.open = open;
      record.set(level);
    }
    void ended(OrderId id, Side side, Quantity open) { next(Kind::ended, id, side).open = open; }
    void cancelled(OrderId id, Side side, Quantity open, const LevelReport& level) {
      Record& record = next(Kind::cancelled, id, side);
      record.price = level.price;
      record.open = open;
      record.set(level);
    }
    void modified(OrderId id, Side side, Price price, Quantity open, const LevelReport& level) {
      Record& record = next(Kind::modified, id, side);
      record.price = price;
      record.open = open;
      record.quantity = Quantity(level.price.value());  // where it stood
      record.set(level);
    }
    void refused(OrderId id, Reject) { next(Kind::refused, id, Side::buy); }

    Record& next(Kind kind, OrderId order, Side side) {
      Record& record = ring[count++ % ring.size()];
      record.order = order;
      record.head = head | static_cast<std::uint64_t>(kind) << 8 | static_cast<std::uint64_t>(side);
      return record;
    }

    Trades trades;
    std::uint64_t head = 0;
    std::uint64_t count = 0;
    std::array<Record, 64> ring{};
  };

  // A market order is a limit order at a price that none exceeds, and never rests.
  static constexpr Price kAnyPrice[] = {Price(std::numeric_limits<std::int32_t>::max()), Price(1)};

  std::unique_ptr<BookShelf> shelf_ = std::make_unique<BookShelf>();
  Reports reports_;
  std::vector<OrderBook<Reports>> books_;
};

}  // namespace origo::loadtest
