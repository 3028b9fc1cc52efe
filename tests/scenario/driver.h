#pragma once

#include <map>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "engine/core/command.h"
#include "engine/core/events.h"
#include "engine/core/scheme.h"
#include "engine/market/price_finding.h"

namespace origo::scenario {

// One command on its way: who asks, and with which number against repeats.
struct Submission {
  UserId principal;
  Command command;
  ClientId client;
  std::uint64_t client_sequence = 0;
};

struct Reply {
  Answer answer;
  std::vector<Event> events;  // of due work, then the command's own
};

struct LevelView {
  Price price;
  Quantity open;  // what is shown of it
  std::uint32_t orders = 0;
};

struct CashView {
  Cash available;
  Cash reserved;
  Cash pending;  // of what is reserved, for settlements that are still to come
};

struct HoldingView {
  LotId lot;
  Units available;
  Units reserved;
  Units pending;        // likewise
  std::string serials;  // "1-60,81-100"
  std::string frozen;   // of these
};

// What a device is from a day on.
struct DeviceVersionView {
  Date valid_from;  // unset: from the beginning
  ParticipantId producer;
  std::string name;
  DeviceChangeId change;
  UserId asked_by;
  UserId approved_by;
};

// A device on the day of the last command.
struct DeviceView {
  ParticipantId producer;
  std::string name;
  std::vector<std::string> carriers;
  Date start;
  Date last_day;  // unset: none
  std::vector<std::pair<std::string, std::string>> fields;
  bool approved = false;
  std::string suspended;
  DeviceChangeId waiting;
  std::vector<DeviceVersionView> history;
};

// One side of a trade that has yet to settle.
struct SettlementView {
  Side side = Side::buy;
  Cash cash;
  Cash fee;
  Instant due;
  std::vector<std::pair<LotId, Units>> deliveries;
};

struct LotView {
  RegistryId registry;
  DeviceId device;
  Date issued_on;
  Date transferable_until;
  Date cancellable_until;
  Units issued;
  Units held;
  Units cancelled;
  Units expired;
  Units withdrawn;
  Units voided;
  Units claimed;
  Units frozen;
  WithdrawalId flagged;
  Measured captured_co2;
  std::string first_serial;                       // as the scheme prints it
  std::map<std::string, std::string> attributes;  // several values: "a;b"
};

// The newest balance of a site: what it holds, or after its end what it carried on.
struct BalanceView {
  Period period;  // unset: nothing was booked yet
  bool closed = false;
  Measured gas;
  std::map<std::string, Measured> proofs;  // by number, those of which something is left
};

// A step of a lot's lineage: "captured", the lot it began with, and of how much CO2.
struct LineageStepView {
  std::string kind;
  LotId input;
  Units units;
  Measured captured_co2;
};

struct LineageView {
  std::vector<LineageStepView> upstream;
  std::vector<LineageStepView> downstream;
  std::vector<std::pair<std::string, Measured>> origins;  // "air;biogenic"
  bool complete = true;
};

// The driver cannot do what a step asks; the scenario is skipped by that name.
class NotOffered : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Where scenarios run: the core in this process, or a node.
class Driver {
 public:
  virtual ~Driver() = default;

  // A fresh exchange whose clock stands at `now`; if `bootstrapped`, user 1 is its admin.
  virtual void start(Instant now, bool bootstrapped) = 0;
  // Moves the clock; due work happens, its events are returned.
  virtual std::vector<Event> set_time(Instant now) = 0;
  [[nodiscard]] virtual Instant time() const = 0;
  virtual Reply execute(const Submission& submission) = 0;

  // What is true now, asked of the exchange and not guessed from events.
  [[nodiscard]] virtual std::vector<LevelView> levels(InstrumentId instrument,
                                                      Side side) = 0;  // best first
  // The same over the lattice: what a buyer can take there, what a seller can fill.
  [[nodiscard]] virtual std::vector<LevelView> combined(InstrumentId instrument, Side side) = 0;
  // What a call would trade if it ended now.
  [[nodiscard]] virtual PriceFinding indication(InstrumentId instrument) = 0;
  [[nodiscard]] virtual CashView cash(AccountId account, Currency currency) = 0;
  [[nodiscard]] virtual std::vector<HoldingView> holdings(AccountId account) = 0;        // by lot
  [[nodiscard]] virtual std::vector<SettlementView> settlements(AccountId account) = 0;  // by trade
  [[nodiscard]] virtual LotView lot(LotId lot) = 0;
  [[nodiscard]] virtual DeviceView device(DeviceId device) = 0;
  [[nodiscard]] virtual LineageView lineage(LotId lot) = 0;
  [[nodiscard]] virtual Measured carried(DeviceId device, const std::string& carrier) = 0;

  [[nodiscard]] virtual BalanceView balance(SiteId site) = 0;

  // What is wrong with the exchange itself after the last step; empty: nothing.
  [[nodiscard]] virtual std::vector<std::string> faults() = 0;
  // Whether commands reach the core as they are. A node reads them strictly first, and answers
  // `malformed` where the core has a word of its own for an enum that does not exist.
  [[nodiscard]] virtual bool is_core() const = 0;
  // Proofs over the whole scenario (replay); empty: nothing wrong.
  [[nodiscard]] virtual std::vector<std::string> finish() = 0;
};

}  // namespace origo::scenario
