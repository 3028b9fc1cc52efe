#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "gateway/cli/base/recording.h"
#include "gateway/cli/base/replay_comparison.h"
#include "gateway/cli/replay/venue.h"

namespace origo::gateway {

struct PlayerOptions {
  double speed = 0;        // times the recorded one; 0: as fast as the node answers
  std::size_t frame = 64;  // commands a frame at most
  std::size_t frames_in_flight = 16;
};

struct Played {
  std::vector<bool> accepted;                  // by step
  std::vector<ReplayedTrade> trades;           // in order
  std::map<std::string, std::size_t> refused;  // "cancel: order_unknown" and how often
  std::vector<std::uint32_t> latencies_us;  // by step: from the writing of its frame to its answer
  double seconds = 0;                       // from the first frame to the last answer
  std::uint64_t events = 0;                 // of the exchange, from the first command to the last
};

// Sends all steps of the recording, in order over one stream, and gathers what came of them.
// `progress(n)` is told of every n steps answered.
Played play(const Recording& recording,
            const ReplayVenue& venue,
            const PlayerOptions& options,
            const std::function<void(std::size_t)>& progress);

}  // namespace origo::gateway
