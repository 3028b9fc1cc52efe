#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

// Clocks, memory and statistics of the benchmark. One thread.
namespace origo::loadtest {

double seconds_now();  // since some start; only differences count
double median(std::vector<double> values);

// The processor's time-stamp counter where there is one, else the steady clock.
std::uint64_t ticks_now();
double ns_per_tick();    // measured once
double stamp_cost_ns();  // what one ticks_now() adds to each measured command

struct Latency {
  double p50_ns = 0;
  double p99_ns = 0;
  double p999_ns = 0;
};
Latency latency_of(std::vector<std::uint32_t>& ticks);  // reorders them

std::size_t heap_bytes();  // allocated now, by the allocator's own count
std::size_t resident_bytes();
std::size_t resident_bytes_max();  // of this process so far

struct MemoryUse {
  double bytes_per_order_start =
      0;  // heap per resting order after the prefill, without what is apart
  double bytes_per_order_end = 0;  // and after the last command
  double apart_bytes = 0;          // holdings, after the last command
  double setup_bytes = 0;          // accounts, holdings, empty books: heap before the first command
  double resident_growth = 0;      // peak of resident memory, above what the process began with
};

// Runs `measure` in a process of its own, so that what others allocated does not count.
MemoryUse in_own_process(const std::function<MemoryUse()>& measure);

}  // namespace origo::loadtest
