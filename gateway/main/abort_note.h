#pragma once

#include <atomic>
#include <cstdint>

namespace origo::gateway {

// When an invariant breaks the process aborts; this names the commands that were being applied then,
// by the live core and by the reader's. Both counters must live until the end of the process.
void install_abort_note(const std::atomic<std::uint64_t>& live,
                        const std::atomic<std::uint64_t>& reader);

// From here on there is nothing to name.
void remove_abort_note();

}  // namespace origo::gateway
