#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "engine/core/command.h"
#include "gateway/node/clock.h"
#include "storage/status.h"

namespace origo::gateway {

struct QuarantineRequest {
  std::filesystem::path directory;  // of a node that does not run
  std::filesystem::path witness;    // empty: directory/witness
  std::uint64_t record = 0;
  std::string reason;
  // Digests of the tokens of two persons, each an admin or market operator of the node at that
  // record.
  Hash256 first_token{};
  Hash256 second_token{};
};

// Sets aside a journaled command that stops every core that applies it: journals a
// QuarantineRecord, in a batch of its own, after which the command applies as a refusal everywhere.
// The command is applied once more, in a process of its own, so that nothing is set aside that
// could have been done.
//
// Returns: ok, and `done` holds the number of the quarantine;
//          invalid with the reason, and no file is changed: no such command, one that is set aside
//          already or lies within a snapshot or applies well, tokens that do not suffice, no
//          reason; else as storage::open_rocks_journal(), or damaged where the journal before it
//          does not replay.
storage::Status quarantine(const QuarantineRequest& request, Clock& clock, Sequence& done);

}  // namespace origo::gateway
