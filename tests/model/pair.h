#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "engine/exchange.h"
#include "tests/model/twin.h"
#include "tests/support/stream.h"

namespace origo {

// What a run has shown at least once, so that a stream which tests little is noticed.
struct Seen {
  std::set<std::string> events;  // an order's end with its reason
  std::set<Reject> rejects;
  std::uint64_t commands = 0;
  std::uint64_t cascades = 0;  // commands that fired stops which other stops had reached
  std::uint64_t halved_fees = 0;
  std::uint64_t halved_rebates = 0;

  void note(const Answer& answer, const std::vector<Event>& events);
};

// A core and its twin side by side. Copyable: a copy goes its own way.
class Pair {
 public:
  // Both apply the step. What they say differently; empty: nothing.
  std::string apply(const Step& step, Seen* seen = nullptr);
  // What they hold or queue differently, and which of the core's invariants are broken.
  [[nodiscard]] std::string compare_states() const;

  [[nodiscard]] const Exchange& core() const { return core_; }
  [[nodiscard]] const Twin& twin() const { return twin_; }
  // What the twin said last.
  [[nodiscard]] const Twin::Said& said() const { return said_; }

 private:
  Exchange core_;
  Twin twin_;
  Twin::Said said_;
};

}  // namespace origo
