#include "tests/unit/cost/quiet_run.h"

#include <linux/seccomp.h>
#include <malloc.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>

#include "tests/unit/cost/heap.h"

namespace origo {
namespace {

constexpr int kNoSeccomp = 3;
constexpr int kHeapBytes = 256 << 20;

// In the copy; does not return. Ends by the one call that strict mode lets through.
[[noreturn]] void run_and_tell(int out,
                               std::size_t count,
                               const std::function<void(std::size_t)>& step) {
  // The allocator gets its memory from the kernel beforehand: its calls are counted as allocations.
  ::mallopt(M_MMAP_MAX, 0);
  ::mallopt(M_TRIM_THRESHOLD, kHeapBytes);
  std::free(std::malloc(kHeapBytes / 2));
  if (::prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT) != 0) ::_exit(kNoSeccomp);
  QuietRun run;
  const std::uint64_t before = heap_now().allocations;
  for (std::size_t i = 0; i < count; ++i) {
    step(i);
    const std::uint64_t now = heap_now().allocations - before;
    if (run.allocations == 0 && now > 0) run.first = i;
    run.allocations = now;
  }
  run.ended = true;
  const bool told = ::write(out, &run, sizeof run) == static_cast<ssize_t>(sizeof run);
  ::syscall(SYS_exit, told ? 0 : 1);
  __builtin_unreachable();
}

}  // namespace

std::string readable(const QuietRun& run) {
  if (!run.ended) return "a step made a system call";
  if (run.allocations == 0) return "no system call, no allocation";
  return std::to_string(run.allocations) + " allocations, the first in step " +
         std::to_string(run.first);
}

QuietRun run_quietly(std::size_t count, const std::function<void(std::size_t)>& step) {
  int ends[2] = {};
  if (::pipe(ends) != 0) throw std::runtime_error("no pipe");
  const pid_t child = ::fork();
  if (child < 0) throw std::runtime_error("no process");
  if (child == 0) run_and_tell(ends[1], count, step);
  ::close(ends[1]);
  QuietRun run;
  if (::read(ends[0], &run, sizeof run) != static_cast<ssize_t>(sizeof run)) run = {};
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  if (WIFEXITED(status) && WEXITSTATUS(status) == kNoSeccomp) {
    throw std::runtime_error("this kernel has no seccomp, so system calls cannot be forbidden");
  }
  return run;
}

}  // namespace origo
