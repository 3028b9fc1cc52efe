#pragma once

#include <map>
#include <string>
#include <vector>

#include "tests/scenario/steps.h"

namespace origo::scenario {

// "2026-01-31" or "never", as expectations have it.
[[nodiscard]] Json date_json(Date date);

// The event of a step that a detailed expectation speaks of: the last one of its kind.
template <class E>
const E* last_of(const std::vector<Event>& events) {
  const E* found = nullptr;
  for (const Event& event : events) {
    if (const E* one = std::get_if<E>(&event)) found = one;
  }
  return found;
}

// Compares what a step did, and what is true after it, with what the scenario expects.
class Expectations {
 public:
  Expectations(World& world, const Observer& observer, bool aggregate_trades)
      : world_(world), observer_(observer), aggregate_trades_(aggregate_trades) {}

  // Every difference, as "key: expected ..., got ...". Throws FileMistake if `expect` cannot be
  // read.
  [[nodiscard]] std::vector<std::string> check(const Json& expect,
                                               const StepOutcome& outcome,
                                               const std::string& where);

 private:
  void compare(const std::string& key, const Json& expected, const Json& got);
  void check_result(StrictObject& expect, const StepOutcome& outcome);
  [[nodiscard]] static bool same_by_convention(StrictObject& expect,
                                               const std::string& expected,
                                               const StepOutcome& outcome);
  void check_trades(StrictObject& expect, const StepOutcome& outcome);
  void check_cancels(StrictObject& expect, const StepOutcome& outcome);
  void check_triggered(StrictObject& expect, const StepOutcome& outcome);
  void check_auction(StrictObject& expect, const StepOutcome& outcome);
  void check_phases(StrictObject& expect, const StepOutcome& outcome);
  void check_references(StrictObject& expect, const StepOutcome& outcome);
  [[nodiscard]] PriceFinding auction_of(const StepOutcome& outcome, InstrumentId id);
  [[nodiscard]] Json fills_of(const StepOutcome& outcome);
  void check_market(StrictObject& expect, const StepOutcome& outcome);
  void check_orders(const Json& orders);
  void check_book(const std::string& key, const Json& expected, const std::string& instrument);
  void check_side(const std::string& key,
                  const Json& expected,
                  const std::string& instrument,
                  Side side);
  void check_levels(const std::string& key, const Json& expected, InstrumentId id, Side side);
  void check_count(const Json& expected, InstrumentId id, Side side);
  void check_balances(StrictObject& expect);
  void check_pending(const Json& pending);
  void check_lots(const Json& lots);
  void check_lineage(const Json& lots);
  void check_facts(StrictObject& expect, const StepOutcome& outcome);
  void check_withdrawals(StrictObject& expect, const StepOutcome& outcome);
  void check_claims(StrictObject& expect, const StepOutcome& outcome);
  void check_mass_balances(StrictObject& expect, const StepOutcome& outcome);
  void check_devices(StrictObject& expect);

  // Only the keys that `expected` asks for, so that the rest is not compared.
  [[nodiscard]] static Json pick(const Json& all, const Json& expected);
  [[nodiscard]] static std::vector<Json> sorted(std::vector<Json> items);
  [[nodiscard]] std::vector<Json> trades_of(const StepOutcome& outcome, bool with_uncrossed);
  [[nodiscard]] std::string name(Kind kind, std::uint64_t id) {
    return world_.names().name_of(kind, id);
  }
  [[nodiscard]] const InstrumentSpec& spec(InstrumentId id);

  World& world_;
  const Observer& observer_;
  bool aggregate_trades_;
  bool told_otherwise_ = false;  // refused, or accepted and cancelled: the same by convention
  std::vector<std::string> differences_;
  std::map<ProofId, std::string> proof_numbers_;  // as they entered
};

}  // namespace origo::scenario
