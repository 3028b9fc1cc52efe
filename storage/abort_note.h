#pragma once

#include <atomic>
#include <cstdint>

namespace origo::storage {

// When an invariant breaks the process aborts; from here on that names the command that `who` was
// applying then ("the live core was applying command 7"). `applying` (0: none) must live until the
// notes are forgotten. Four at most.
void note_on_abort(const char* who, const std::atomic<std::uint64_t>& applying);

// From here on there is nothing to name.
void forget_abort_notes();

}  // namespace origo::storage
