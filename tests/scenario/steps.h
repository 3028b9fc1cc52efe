#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tests/scenario/observer.h"
#include "tests/scenario/world.h"

namespace origo::scenario {

template <class IdType>
[[nodiscard]] IdType id_of(std::uint64_t value) {
  return IdType(static_cast<typename IdType::Rep>(value));
}

// What one step did.
struct StepOutcome {
  Answer answer;
  std::string edge_reject;  // class of a refusal that the API's own numbers make; empty: none
  std::vector<Event> events;
  std::string instrument;   // that expectations without a name speak of
  std::string order;        // placed by this step
  bool indicative = false;  // asked what a call would trade
  TimeInForce time_in_force = TimeInForce::gtc;
  [[nodiscard]] bool accepted() const { return edge_reject.empty() && answer.ok(); }
  [[nodiscard]] std::string reject_class() const;
};

// Turns steps into commands and lets them happen.
class Stepper {
 public:
  Stepper(World& world, Observer& observer) : world_(world), observer_(observer) {}

  // Throws FileMistake if the step cannot be understood. Reads all of the step but "expect".
  StepOutcome run(const Json& step, const std::string& where);

 private:
  struct Envelope {
    std::string principal;
    std::string as;
    ClientId client;
    std::uint64_t client_sequence = 0;
    std::int64_t times = 1;  // the command is given
  };

  void place(StrictObject& step);
  void cancel(StrictObject& step);
  void amend(StrictObject& step);
  void reduce(StrictObject& step);
  void mass_cancel(StrictObject& step);
  void phase(StrictObject& step);
  void set_time(StrictObject& step);
  void set_last(StrictObject& step);
  void set_reference(StrictObject& step);
  void issue_lot(StrictObject& step);
  void command(StrictObject& step, const std::string& verb);
  void generic(StrictObject& step);

  bool do_market_verb(StrictObject& step, const std::string& verb);
  void execute(Command command);
  void absorb(const std::vector<Event>& events);
  void bind(const Command& command);
  [[nodiscard]] OrderRef target(StrictObject& step);
  // Reads a number of the scenario if it is there; false, with an edge reject, if it lies between
  // ticks or contracts.
  bool read_price(StrictObject& step, const char* key, Price& price);
  bool read_quantity(StrictObject& step, const char* key, Quantity& quantity);
  [[nodiscard]] ClientOrderId client_order_id(const std::string& order);
  [[nodiscard]] InstrumentId instrument(StrictObject& step);
  // In ticks and contracts; nothing, with an edge reject, if the scenario's number is between them.
  [[nodiscard]] std::optional<std::int64_t> scaled(const Json& value,
                                                   std::int64_t unit,
                                                   const char* reject);
  [[nodiscard]] UserId principal_for(const Command& command) const;

  World& world_;
  Observer& observer_;
  Envelope envelope_;
  StepOutcome outcome_;
  std::map<std::string, std::uint64_t> client_order_ids_;
  std::map<ClientId, UserId> client_owners_;  // who used it first
};

}  // namespace origo::scenario
