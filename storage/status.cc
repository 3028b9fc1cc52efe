#include "storage/status.h"

namespace origo::storage {

const char* name_of(StatusCode code) {
  switch (code) {
    case StatusCode::ok:
      return "ok";
    case StatusCode::full:
      return "full";
    case StatusCode::fatal:
      return "fatal";
    case StatusCode::in_use:
      return "in use";
    case StatusCode::absent:
      return "absent";
    case StatusCode::unreadable:
      return "unreadable";
    case StatusCode::damaged:
      return "damaged";
    case StatusCode::stale:
      return "stale";
    case StatusCode::invalid:
      return "invalid";
  }
  return "unknown";
}

}  // namespace origo::storage
