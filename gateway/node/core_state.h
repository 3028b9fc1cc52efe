#pragma once

#include "engine/exchange.h"
#include "storage/chain.h"

namespace origo::gateway {

// A core at the end of a batch, with the chains that commit to everything before.
struct CoreState {
  Exchange exchange;
  storage::Chain journal_chain{};
  storage::Chain event_chain{};
  Sequence snapshot;  // of the newest snapshot; unset: none
};

}  // namespace origo::gateway
