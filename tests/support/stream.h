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

// Whether markets go into calls.
enum class Calls : std::uint8_t { none, some };

// A seeded stream of commands: first what sets an exchange up (each of these succeeds), then random
// ones that are mostly sensible: orders of all kinds, amendments, transfers, held exits,
// cancellations, freezes, kill switches, sessions, phases, fees, further issuance, repeats, and a
// clock that lets orders and certificates expire. Two registries, one counting kWh and one MWh,
// deliver into one contract of 1 MWh.
class Stream {
 public:
  // Every fourth seed has markets that settle later, one with limit orders and a price band only.
  explicit Stream(std::uint64_t seed, Calls calls = Calls::none);

  // The next command for `exchange`, which has applied all before it.
  [[nodiscard]] Step next(const Exchange& exchange);
  // How many commands set up; random ones follow.
  [[nodiscard]] std::size_t set_up_size() const { return set_up_size_; }

 private:
  struct Trader {
    UserId user;
    ParticipantId participant;
    std::vector<AccountId> accounts;
    bool receives;    // in all registries
    ClientId client;  // under which it sometimes asks
    std::uint64_t client_numbers = 0;
  };
  struct Plant {
    std::size_t trader;
    AccountId account;
    DeviceId device;
    Date next;  // the earliest day that is not declared yet
  };

  static constexpr UserId kAdmin{1};
  static constexpr std::int64_t kSecond = 1'000'000'000;

  // set-up: ids are known beforehand, since they count up
  void plan(UserId principal, const Command& command);
  void plan_node();
  void plan_trader(std::size_t number);
  void plan_account(std::size_t trader, RegistryId registry);
  void plan_plant(std::size_t trader, AccountId account, RegistryId registry);
  void plan_issuance(Plant& plant, Date first, Date last);
  void plan_markets();
  void plan_lattice();
  void plan_others();
  void list(MarketId market,
            const char* code,
            const std::vector<ClauseSpec>& filter,
            const InstrumentTerms& terms,
            const TradingRules& rules);

  // random commands: stream.cc
  void tell_time(const Exchange& exchange);
  Step stamped(UserId principal, const Command& command);
  Step random(const Exchange& exchange);
  Step repeat();
  Step end_session();
  bool issue_more(const Exchange& exchange);

  // orders: stream_orders.cc
  Command draw_of_trader(const Exchange& exchange, const Trader& trader);
  Command draw_place(const Exchange& exchange, const Trader& trader);
  OrderType draw_type(const Exchange& exchange, InstrumentId instrument);
  TimeInForce draw_time_in_force(const Exchange& exchange, InstrumentId instrument);
  void draw_conditions(const Exchange& exchange, PlaceOrder& order);
  Price draw_near_last(const Exchange& exchange, InstrumentId instrument, Side side);
  Command draw_amend(const Exchange& exchange, const Trader& trader);
  Command draw_mass_cancel(const Trader& trader);
  OrderRef draw_target(const Exchange& exchange, const Trader& trader);
  AccountId draw_account(const Trader& trader);

  // the rest: stream_operations.cc
  Command draw_transfer(const Exchange& exchange, const Trader& trader);
  Command draw_cancellation(const Exchange& exchange, const Trader& trader);
  Command draw_operation(const Exchange& exchange);
  Command draw_phase(const Exchange& exchange, MarketId market);
  Command draw_calendar(MarketId market);
  Command draw_reference_price();
  Command draw_set_fees(MarketId market);
  Command draw_kill_switch(const Exchange& exchange, const Trader& trader);
  Command draw_freeze(const Exchange& exchange);
  Command draw_lot_freeze(const Exchange& exchange);
  FeeSchedule draw_fees();
  LotId draw_lot(const Exchange& exchange, AccountId account);

  Draw draw_;
  Calls calls_;
  bool settles_later_;
  std::deque<std::pair<UserId, Command>> planned_;
  std::size_t set_up_size_ = 0;
  std::uint64_t sequence_ = 0;
  std::int64_t now_ns_ = 0;
  std::vector<Trader> traders_;
  std::vector<Plant> plants_;
  std::uint32_t accounts_ = 1;  // opened so far; the first is the venue's
  std::uint32_t declarations_ = 0;
  std::deque<Step> recent_;
};

}  // namespace origo
