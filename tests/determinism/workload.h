#pragma once

#include <cstdint>
#include <vector>

#include "engine/core/command.h"
#include "engine/core/event.h"
#include "engine/exchange.h"
#include "tests/support/draw.h"

namespace origo {

// A seeded run of an exchange: a registry with issued certificates, a market, then random orders,
// amendments, cancellations, transfers and clock steps. What it says depends on the seed only.
class Workload {
 public:
  explicit Workload(std::uint64_t seed) : draw_(seed) {}

  // Creates parties, registry, certificates and instruments. Each of these commands must succeed.
  void set_up();
  // Applies `commands` random ones.
  void run(std::uint64_t commands);

  [[nodiscard]] const Exchange& exchange() const { return exchange_; }
  [[nodiscard]] const Events& events() const { return events_; }

 private:
  struct Trader {
    UserId user;
    ParticipantId participant;
    AccountId account;  // in the registry
  };

  Answer send(UserId principal, const Command& command);
  std::uint64_t create(UserId principal, const Command& command);
  void load_registry();
  void add_trader(int number);
  void issue_certificates(const Trader& trader, std::int64_t megawatt_hours);
  void open_market();

  Command draw_command(const Trader& trader);
  Command draw_order(const Trader& trader);
  OrderRef draw_target(const Trader& trader);

  Draw draw_;
  Exchange exchange_;
  Events events_;
  std::uint64_t sequence_ = 0;
  std::int64_t now_ns_ = 0;
  UserId admin_;
  RegistryId registry_;
  std::vector<Trader> traders_;
  std::vector<InstrumentId> instruments_;
  std::vector<OrderId> orders_;
};

}  // namespace origo
