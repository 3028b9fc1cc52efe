#pragma once

#include <memory>

#include "gateway/cli/base/recording.h"
#include "gateway/cli/demo/cast.h"

namespace origo::gateway {

// Where a recording is replayed: an instrument, an account that places the bids and one that places
// the asks, and the user who may trade for both.
struct ReplayVenue {
  std::unique_ptr<Cast> cast;  // owns the trader's session, if the venue was made for the replay
  Session* trader = nullptr;
  InstrumentId instrument;
  AccountId buyer;
  AccountId seller;
};

// Makes a market whose terms fit the recording, with cash and certificates enough for all of it, in
// a registry of its own. Needs an admin's session and a node on which one person suffices.
ReplayVenue prepare_venue(const Recording& recording, Session& admin);

}  // namespace origo::gateway
