#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "engine/core/command.h"
#include "engine/core/events.h"

// A small market to put load on, and an order flow for it. The same for the core and for a node.
namespace origo::loadtest {

// Users that the sample market needs, each with rights of its own.
enum class Actor : std::uint8_t { admin, market_operator, issuing_body, trader };

// Sends one command as one of the actors and returns its answer; ends the program on a refusal.
using Send = std::function<Answer(Actor actor, const Command& command)>;
// Makes a user of `participant` that acts as `actor` from now on.
using AddActor = std::function<UserId(Actor actor, ParticipantId participant)>;

struct SampleMarketOptions {
  std::uint32_t accounts = 64;
  std::uint32_t instruments = 1;
  std::int64_t units_per_lot = 1'000'000'000;  // each account gets one such lot per instrument
  bool shared_lots =
      false;  // instead: one lot per instrument, of which each account gets a range so long
  Price price_max{10'000};
  Cash cash{1'000'000'000'000'000};  // each account
  bool fees = true;
  std::uint32_t settle_days = 0;
};

struct SampleMarket {
  std::vector<AccountId> accounts;
  std::vector<InstrumentId> instruments;
};

// Builds participants, a registry, devices, lots, instruments and cash. Relaxes four eyes and
// holds. Production is declared for `production`, which must have ended at the node's clock.
SampleMarket build_sample_market(const SampleMarketOptions& options,
                                 Period production,
                                 const Send& send,
                                 const AddActor& add_actor);

// Our own generator: a seed means one run on every machine.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next();
  // Evenly in 0 .. bound - 1.
  std::uint64_t below(std::uint64_t bound);

 private:
  std::uint64_t state_;
};

// Limit orders around a price that walks slowly: about half rest, about half trade at once; a share
// of what rests is cancelled again, so that the book keeps its depth.
class OrderFlow {
 public:
  OrderFlow(SampleMarket market, std::uint64_t seed) : market_(std::move(market)), random_(seed) {}
  PlaceOrder next_order();
  // Cancels a resting order told by note_resting(); nothing to cancel: an order instead.
  Command next_command();
  void note_resting(AccountId account, OrderId order) { resting_.push_back({account, order}); }

 private:
  struct Resting {
    AccountId account;
    OrderId order;
  };
  SampleMarket market_;
  Random random_;
  std::int64_t mid_ = 5'000;
  std::vector<Resting> resting_;
};

}  // namespace origo::loadtest
