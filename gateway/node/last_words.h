#pragma once

#include <string>

namespace origo::gateway {

// Logs why the node cannot go on and ends the process at once: nothing is written or said any more.
[[noreturn]] void end_process(const std::string& why);

}  // namespace origo::gateway
