#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

namespace origo {

// What a run did besides its work.
struct QuietRun {
  bool ended = false;             // false: the kernel killed it, at a system call
  std::uint64_t allocations = 0;  // of a run that ended
  std::size_t first = 0;          // the step that allocated first, if any did
};
std::string readable(const QuietRun& run);

// Runs step(0) .. step(count - 1) in a copy of this process from which the kernel takes every
// system call but read, write and exit (seccomp's strict mode): any other one kills it. Allocations
// are counted; they are served from memory taken beforehand, so that they are no system calls
// besides.
QuietRun run_quietly(std::size_t count, const std::function<void(std::size_t)>& step);

}  // namespace origo
