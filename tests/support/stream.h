#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "engine/core/command.h"
#include "engine/exchange.h"
#include "tests/support/draw.h"

namespace origo {

struct Step {
  CommandHeader header;
  Command command;
};

// A seeded stream of commands: first what sets an exchange up (each of these succeeds), then random
// ones that are mostly sensible: orders of all kinds, amendments, transfers, held exits,
// cancellations, freezes, phases, fees, further issuance, repeats, and a clock that lets orders and
// certificates expire. Two registries, one counting kWh and one MWh, deliver into one contract of 1
// MWh.
class Stream {
 public:
  explicit Stream(std::uint64_t seed);

  // The next command for `exchange`, which has applied all before it.
  [[nodiscard]] Step next(const Exchange& exchange);
  // How many commands set up; random ones follow.
  [[nodiscard]] std::size_t set_up_size() const { return set_up_size_; }

 private:
  struct Trader {
    UserId user;
    ParticipantId participant;
    std::vector<AccountId> accounts;
  };
  struct Plant {
    std::size_t trader;
    AccountId account;
    DeviceId device;
    Date next;  // the earliest day that is not declared yet
  };

  // set-up: ids are known beforehand, since they count up
  void plan(UserId principal, const Command& command);
  void plan_node();
  void plan_trader(std::size_t number);
  void plan_account(std::size_t trader, RegistryId registry);
  void plan_plant(std::size_t trader, AccountId account, RegistryId registry);
  void plan_issuance(Plant& plant, Date first, Date last);
  void plan_markets();

  // random commands
  void tell_time(const Exchange& exchange);
  Step stamped(UserId principal, const Command& command);
  Step random(const Exchange& exchange);
  Step repeat();
  Command draw_of_trader(const Exchange& exchange, const Trader& trader);
  Command draw_place(const Trader& trader);
  Command draw_amend(const Exchange& exchange, const Trader& trader);
  Command draw_mass_cancel(const Trader& trader);
  Command draw_transfer(const Exchange& exchange, const Trader& trader);
  Command draw_cancellation(const Exchange& exchange, const Trader& trader);
  Command draw_operation(const Exchange& exchange);
  Command draw_freeze(const Exchange& exchange);
  FeeSchedule draw_fees();
  OrderRef draw_target(const Exchange& exchange, const Trader& trader);
  AccountId draw_account(const Trader& trader);
  LotId draw_lot(const Exchange& exchange, AccountId account);
  bool issue_more(const Exchange& exchange);

  Draw draw_;
  std::deque<std::pair<UserId, Command>> planned_;
  std::size_t set_up_size_ = 0;
  std::uint64_t sequence_ = 0;
  std::int64_t now_ns_ = 0;
  std::vector<Trader> traders_;
  std::vector<Plant> plants_;
  std::uint32_t accounts_ = 1;  // opened so far; the first is the venue's
  std::uint32_t declarations_ = 0;
  std::uint64_t client_numbers_ = 0;
  std::deque<Step> recent_;
};

}  // namespace origo
