#pragma once

#include "engine/core/command.h"
#include "gateway/node/command_sink.h"

namespace origo::gateway {

struct Asked {
  FrameOutcome outcome = FrameOutcome::sequenced;
  SequencedAnswer answer;  // if sequenced
};

// Submits one command of the node's own and waits for its answer. Not on the sequencer's thread.
Asked ask(CommandSink& sink, const Origin& origin, const Command& command);

}  // namespace origo::gateway
