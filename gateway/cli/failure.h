#pragma once

#include <stdexcept>
#include <string>
#include <utility>

namespace origo::gateway {

// What the shell is told. Documented in `origo --help` and docs/cli.md: numbers stay.
enum class Exit : int {
  ok = 0,
  refused = 1,        // the exchange refused a command: its state is unchanged
  usage = 2,          // the command line is wrong: nothing was sent
  unreachable = 3,    // no answer: no node there, or not in time
  not_permitted = 4,  // no token, an unknown one, or one without the right
  not_found = 5,      // no such thing, or out of reach
  failed = 6,         // anything else
  unreconciled = 7    // certificates do not add up to what was published
};

// Ends the program: what is wrong, and what to do about it.
class Failure : public std::runtime_error {
 public:
  Failure(Exit exit, const std::string& problem, std::string hint = {})
      : std::runtime_error(problem), exit_(exit), hint_(std::move(hint)) {}
  [[nodiscard]] Exit exit() const { return exit_; }
  [[nodiscard]] const std::string& hint() const { return hint_; }

 private:
  Exit exit_;
  std::string hint_;
};

}  // namespace origo::gateway
