#include "loadtest/bench/workload/measure.h"

#include <malloc.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <stdexcept>
#include <string>

#if defined(__x86_64__)
#include <x86intrin.h>
#endif

namespace origo::loadtest {
namespace {

std::size_t status_bytes(const std::string& field) {
  std::ifstream status("/proc/self/status");
  std::string line;
  while (std::getline(status, line)) {
    if (line.rfind(field + ":", 0) == 0) return std::stoull(line.substr(field.size() + 1)) * 1024;
  }
  return 0;
}

}  // namespace

double seconds_now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

std::uint64_t ticks_now() {
#if defined(__x86_64__)
  return __rdtsc();
#else
  return static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
#endif
}

double ns_per_tick() {
  static const double kValue = [] {
    const double start = seconds_now();
    const std::uint64_t first = ticks_now();
    while (seconds_now() - start < 0.1) continue;
    const std::uint64_t last = ticks_now();
    return (seconds_now() - start) * 1e9 / static_cast<double>(last - first);
  }();
  return kValue;
}

double stamp_cost_ns() {
  constexpr int kStamps = 1'000'000;
  volatile std::uint64_t kept = 0;
  const double start = seconds_now();
  for (int i = 0; i < kStamps; ++i) kept = ticks_now();
  static_cast<void>(kept);
  return (seconds_now() - start) * 1e9 / kStamps;
}

Latency latency_of(std::vector<std::uint32_t>& ticks) {
  if (ticks.empty()) return {};
  const auto at = [&](double share) {
    const auto place = static_cast<std::ptrdiff_t>(share * static_cast<double>(ticks.size() - 1));
    std::nth_element(ticks.begin(), ticks.begin() + place, ticks.end());
    return ticks[static_cast<std::size_t>(place)] * ns_per_tick();
  };
  return {.p50_ns = at(0.5), .p99_ns = at(0.99), .p999_ns = at(0.999)};
}

std::size_t heap_bytes() {
  const auto info = mallinfo2();
  return info.uordblks + info.hblkhd;
}

std::size_t resident_bytes() {
  return status_bytes("VmRSS");
}
std::size_t resident_bytes_max() {
  return status_bytes("VmHWM");
}

MemoryUse in_own_process(const std::function<MemoryUse()>& measure) {
  int ends[2] = {};
  if (::pipe(ends) != 0) throw std::runtime_error("no pipe");
  const pid_t child = ::fork();
  if (child < 0) throw std::runtime_error("no process of its own");
  if (child == 0) {
    ::malloc_trim(0);  // what the parent has freed is not to be taken for memory that was there
    const MemoryUse use = measure();
    const bool said = ::write(ends[1], &use, sizeof use) == static_cast<ssize_t>(sizeof use);
    ::_exit(said ? 0 : 1);
  }
  ::close(ends[1]);
  MemoryUse use;
  const bool heard = ::read(ends[0], &use, sizeof use) == static_cast<ssize_t>(sizeof use);
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  if (!heard) throw std::runtime_error("the process that measures memory ended early");
  return use;
}

}  // namespace origo::loadtest
