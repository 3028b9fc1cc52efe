#pragma once

#include <string>
#include <utility>

#include "engine/core/reject.h"

namespace origo::proto {

// Why a message is not a command, found before the core sees it.
struct DecodeError {
  Reject code = Reject::malformed;
  std::string field;   // the path to it, e.g. "create_instrument.filter[2].attribute"
  std::string detail;  // what must hold, where the code's own rule does not say it

  // Puts `outer` before the path.
  void within(const std::string& outer) {
    if (field.empty()) {
      field = outer;
    } else {
      field = outer + (field.front() == '[' ? "" : ".") + field;
    }
  }
};

}  // namespace origo::proto
