#pragma once

#include <map>
#include <string>
#include <vector>

#include "tests/scenario/driver.h"
#include "tests/scenario/scenario_file.h"

namespace origo::scenario {

class World;

// Makes the last trade price of an instrument what a scenario says it is, in the one way that a
// market has: by a trade, of whoever mints the certificates with an account that no scenario names.
class LastPrice {
 public:
  static constexpr const char* kBuyer = "last price";

  explicit LastPrice(World& world) : world_(world) {}

  // Of the last trade that really was; 0: none.
  [[nodiscard]] Price of(InstrumentId instrument) const;
  void see(const Event& event);

  // Trades as little as the instrument takes; what the trade caused beyond itself: stops that it
  // fires. Throws NotOffered where the two would not meet each other: orders in reach stand at the
  // price or beyond it, or the market does not trade now.
  std::vector<Event> trade_at(const std::string& instrument, Price price);

 private:
  Reply execute(AccountId account, Command command);
  void give_back(const std::vector<Event>& events, AccountId from, AccountId to);

  World& world_;
  std::map<InstrumentId, Price> last_;
};

// Whether any order of the scenario waits for a last trade price.
[[nodiscard]] bool has_stops(const Scenario& scenario);

// What the last trade price of each instrument must be before the first step, in the scenario's
// numbers: that of its setting, or of its first `set_last` where nothing could tell when that
// happened.
[[nodiscard]] std::map<std::string, std::int64_t> starting_prices(
    const Scenario& scenario, const std::string& default_instrument);

}  // namespace origo::scenario
