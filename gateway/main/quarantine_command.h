#pragma once

namespace origo::gateway {

// `origod quarantine`: sets a journaled command aside that stops the node. `argv[0]` is
// "quarantine". Returns the exit code: 0 set aside; 1 not, and why; 2 wrong usage.
int run_quarantine(int argc, char** argv);

}  // namespace origo::gateway
