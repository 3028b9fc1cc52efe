#pragma once

#include <memory>
#include <utility>

#include "engine/exchange.h"
#include "tests/scenario/driver.h"
#include "tests/support/book_from_events.h"

namespace origo::scenario {

// The core in this process with a simulated clock. Checks every invariant after every command, that
// the books can be told from the events alone, that refusals change nothing, and at the end that a
// replay of the records says the same, byte by byte.
class InProcessDriver : public Driver {
 public:
  void start(Instant now, bool bootstrapped) override;
  std::vector<Event> set_time(Instant now) override;
  [[nodiscard]] Instant time() const override { return now_; }
  Reply execute(const Submission& submission) override;
  [[nodiscard]] std::vector<LevelView> levels(InstrumentId instrument, Side side) override;
  [[nodiscard]] std::vector<LevelView> combined(InstrumentId instrument, Side side) override;
  [[nodiscard]] PriceFinding indication(InstrumentId instrument) override;
  [[nodiscard]] CashView cash(AccountId account, Currency currency) override;
  [[nodiscard]] std::vector<HoldingView> holdings(AccountId account) override;
  [[nodiscard]] std::vector<SettlementView> settlements(AccountId account) override;
  [[nodiscard]] LotView lot(LotId lot) override;
  [[nodiscard]] DeviceView device(DeviceId device) override;
  [[nodiscard]] LineageView lineage(LotId lot) override;
  [[nodiscard]] Measured carried(DeviceId device, const std::string& carrier) override;
  [[nodiscard]] BalanceView balance(SiteId site) override;
  [[nodiscard]] std::vector<std::string> faults() override;
  [[nodiscard]] bool is_core() const override { return true; }
  [[nodiscard]] std::vector<std::string> finish() override;

 private:
  Reply apply(const Origin& origin, const Command& command);
  void tick_while_due(std::vector<Event>& events);
  [[nodiscard]] Bytes state() const;

  std::unique_ptr<Exchange> exchange_;
  Instant now_;
  std::vector<std::pair<CommandHeader, Command>> records_;
  Bytes said_;  // the events of all records
  BookFromEvents books_;
  std::vector<std::string> faults_;
};

}  // namespace origo::scenario
