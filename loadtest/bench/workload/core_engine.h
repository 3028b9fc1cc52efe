#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "engine/look_ahead.h"
#include "loadtest/base/core_market.h"
#include "loadtest/bench/workload/engine_words.h"
#include "loadtest/bench/workload/event_book.h"
#include "loadtest/bench/workload/measure.h"
#include "loadtest/bench/workload/trades.h"
#include "loadtest/workload/flow_file.h"

namespace origo::loadtest {

// A market for the file: accounts with cash, and certificates for each instrument.
struct CoreSetting {
  explicit CoreSetting(const FlowHeader& header) : market(options_for(header)) {}
  CoreMarket market;

 private:
  static SampleMarketOptions options_for(const FlowHeader& header) {
    SampleMarketOptions options;
    options.accounts = header.accounts;
    options.instruments = header.instruments;
    options.shared_lots = true;
    options.units_per_lot = 100'000'000;  // each account's range
    options.price_max = Price(header.price_max);
    return options;
  }
};

// The whole core: every command goes through Exchange::apply, with rights, reservations of cash and
// certificates, fees, settlement of each trade and all events built. One lot per instrument, of
// which every account holds one range; cash and units are ample, so that nothing is refused for
// want of them. A replacement is a cancel and a new order: in the workload it has another price and
// its own quantity.
template <class Trades>
class CoreEngine {
 public:
  static constexpr const char* kName = "core";
  static constexpr bool kNeedsDenseIds = true;
  using Setting = CoreSetting;

  CoreEngine(Setting setting, const FlowHeader& header)
      : core_(std::move(setting.market)),
        ids_(header.order_max + 1),
        trades_(header.instruments),
        book_(Trades::kChecked ? header.instruments : 0) {
    if constexpr (Trades::kChecked) flow_ids_.push_back(0);
  }

  void apply(const FlowCommand& command) {
    switch (command.kind) {
      case FlowKind::limit:
      case FlowKind::market:
        enter(command);
        break;
      case FlowKind::cancel:
        cancel(command);
        break;
      case FlowKind::reduce:
        reduce(command);
        break;
      case FlowKind::replace:
        if (cancel(command)) enter(command);
        break;
    }
  }

  static constexpr std::size_t kLookAhead = LookAhead::kFind + 4;
  [[nodiscard]] bool looks_ahead() const { return ahead().pays(); }
  // As the sequencer does for a batch. The map from the file's ids to the exchange's is the
  // benchmark's own.
  [[gnu::always_inline]] void look_ahead(const FlowCommand* commands) const {
    __builtin_prefetch(&ids_[commands[kLookAhead].order]);
    ahead().find(coming(commands[LookAhead::kFind]));
    ahead().follow(coming(commands[LookAhead::kFollow]));
    ahead().surround(coming(commands[LookAhead::kSurround]));
  }

  // Gives all certificates back as they were before the first trade, so that the flow cuts them
  // into the same ranges again. Requires: nothing rests.
  void restore_certificates() {
    const std::vector<AccountId>& accounts = core_.market().accounts;
    const auto transfer = [&](AccountId from, AccountId to, LotId lot, Units units) {
      if (!units.is_positive()) return;
      core_.apply(core_.trader(),
                  TransferCertificates{.from = from, .to = to, .lot = lot, .units = units});
    };
    for (const Lot& lot : core_.exchange().registry().lots) {
      const Holdings& holdings = core_.exchange().holdings();
      const Units each(holdings.circulating(lot.id).value() /
                       static_cast<std::int64_t>(accounts.size()));
      for (std::size_t a = 1; a < accounts.size(); ++a)
        transfer(accounts[a], accounts[0], lot.id, holdings.available(accounts[a], lot.id));
      for (std::size_t a = 1; a < accounts.size(); ++a)
        transfer(accounts[0], accounts[a], lot.id, each);
    }
  }

  [[nodiscard]] std::uint64_t trade_count() const {
    return core_.exchange().market().last_trade.value();
  }
  // The holdings: trading cuts their ranges of serials. Measured by what a copy of them takes.
  [[nodiscard]] std::size_t bytes_apart() const {
    const std::size_t before = heap_bytes();
    const Holdings copy = core_.exchange().holdings();
    return heap_bytes() - before;
  }
  [[nodiscard]] const Trades& trades() const { return trades_; }
  [[nodiscard]] std::string problem() const {
    const std::vector<std::string> broken = core_.exchange().check_invariants();
    return broken.empty() ? std::string() : broken.front();
  }
  template <class Visit>
  void for_each_resting(std::uint32_t instrument, FlowSide side, Visit&& visit) const {
    book_.for_each(
        core_.market().instruments[instrument],
        side_of(side),
        [&](OrderId id, Price price, Quantity open) {
          visit(flow_ids_[id.value()], price.value(), static_cast<std::uint64_t>(open.value()));
        });
  }

 private:
  [[nodiscard]] LookAhead ahead() const { return LookAhead(core_.exchange().state()); }
  [[nodiscard]] ComingOrder coming(const FlowCommand& command) const {
    ComingOrder told;
    if (command.kind > FlowKind::market) told.order = ids_[command.order];
    if (command.kind > FlowKind::market && command.kind != FlowKind::replace) return told;
    told.account = core_.market().accounts[command.account];
    told.instrument = core_.market().instruments[command.instrument];
    told.side = side_of(command.side);
    told.price = Price(command.price);
    return told;
  }

  void enter(const FlowCommand& command) {
    auto& order = std::get<PlaceOrder>(place_);
    const bool market = command.kind == FlowKind::market;
    order.account = core_.market().accounts[command.account];
    order.instrument = core_.market().instruments[command.instrument];
    order.side = side_of(command.side);
    order.type = market ? OrderType::market : OrderType::limit;
    order.time_in_force = time_in_force_of(command.time_in_force);
    order.price = Price(command.price);
    order.quantity = Quantity(command.quantity);
    // What is entered gets the next id of the exchange.
    const Answer answer = core_.apply(core_.trader(), place_);
    ids_[command.order] = OrderId(answer.id);
    if constexpr (Trades::kChecked) {
      flow_ids_.resize(std::max<std::size_t>(flow_ids_.size(), answer.id + 1));
      flow_ids_[answer.id] = command.order;
      read_events();
    }
  }

  bool cancel(const FlowCommand& command) {
    std::get<CancelOrder>(cancel_).target = target_of(command);
    return change(cancel_);
  }

  void reduce(const FlowCommand& command) {
    auto& reduce = std::get<ReduceOrder>(reduce_);
    reduce.target = target_of(command);
    reduce.by = Quantity(command.quantity);
    change(reduce_);
  }

  [[nodiscard]] OrderRef target_of(const FlowCommand& command) const {
    return {.account = core_.market().accounts[command.account],
            .order = ids_[command.order],
            .client_order_id = {}};
  }

  bool change(const Command& command) {
    const bool done = core_.apply(core_.trader(), command).ok();
    if constexpr (Trades::kChecked) read_events();
    return done;
  }

  void read_events() {
    const auto& bytes = core_.events().bytes();
    for_each_event(bytes.data(), bytes.size(), [this](const Event& event) {
      std::visit([this](const auto& one) { book_.on(one); }, event);
      if (const auto* trade = std::get_if<Trade>(&event)) tell(*trade);
    });
  }
  void tell(const Trade& trade) {
    trades_.add(
        {.instrument = trade.instrument.value() - core_.market().instruments.front().value(),
         .taker = flow_ids_[trade.taker.value()],
         .maker = flow_ids_[trade.maker.value()],
         .price = trade.price.value(),
         .quantity = static_cast<std::uint64_t>(trade.quantity.value())});
  }

  CoreMarket core_;
  Command place_{PlaceOrder{}};
  Command cancel_{CancelOrder{}};
  Command reduce_{ReduceOrder{}};
  std::vector<OrderId> ids_;  // by the file's order id
  Trades trades_;
  EventBook book_;                       // checking runs only, like
  std::vector<std::uint64_t> flow_ids_;  // by the exchange's order id
};

}  // namespace origo::loadtest
