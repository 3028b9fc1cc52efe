#pragma once

#include "loadtest/bench/workload/trades.h"
#include "loadtest/workload/flow_file.h"
#include "loadtest/workload/plain_book.h"

namespace origo::loadtest {

struct PlainSetting {
  explicit PlainSetting(const FlowHeader&) {}
};

// The yardstick. Other engines have the same members; see contestant.h.
template <class Trades>
class PlainEngine {
 public:
  static constexpr const char* kName = "plain";
  static constexpr bool kNeedsDenseIds = false;
  using Setting = PlainSetting;

  PlainEngine(Setting, const FlowHeader& header)
      : trades_(header.instruments),
        book_(header.instruments, [this](const FlowTrade& trade) { trades_.add(trade); }) {}

  void apply(const FlowCommand& command) { book_.apply(command); }
  [[nodiscard]] std::uint64_t trade_count() const { return trades_.count; }
  [[nodiscard]] const Trades& trades() const { return trades_; }
  [[nodiscard]] std::string problem() const { return {}; }
  template <class Visit>
  void for_each_resting(std::uint32_t instrument, FlowSide side, Visit&& visit) const {
    book_.for_each_resting(instrument, side, visit);
  }

 private:
  Trades trades_;
  PlainExchange book_;
};

}  // namespace origo::loadtest
