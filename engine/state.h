#pragma once

#include "engine/core/attributes.h"
#include "engine/core/due.h"
#include "engine/core/events.h"
#include "engine/ledger/cash.h"
#include "engine/ledger/holdings.h"
#include "engine/ledger/parties.h"
#include "engine/market/market.h"
#include "engine/proposals.h"
#include "engine/registry/registry.h"

namespace origo {

// All that the core knows, except its place in the sequence. Copyable; a copy is independent.
struct State {
  Vocabulary vocabulary;
  Parties parties;
  CashLedger cash;
  Holdings holdings;
  Registry registry;
  Market market;
  DueList due;
  std::uint64_t standing_version =
      1;  // grows when who may receive what may have changed; never encoded
  Proposals proposals;
  SetRelaxations relaxations{
      .four_eyes = false, .holds = false, .exit_hold_ns = 26LL * 3600 * 1'000'000'000};
};

// The venue's own account: the other side of fees and rebates.
inline constexpr AccountId kVenueAccount{1};

// One command at work on the state: when it happens and where its events go.
struct Working {
  State& state;
  Events& events;
  Instant now;
  UserId principal{};  // who asks; unset: the node itself
  ClientId client{};
  Sequence sequence{};  // of the command
};

}  // namespace origo
