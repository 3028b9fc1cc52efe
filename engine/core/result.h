#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "engine/core/ensure.h"
#include "engine/core/reject.h"

namespace origo {

// A typed refusal; `detail` names the item where the rule's field holds several (a device field's
// name).
struct Refusal {
  Reject code = Reject::malformed;
  std::string detail;
  Refusal() = default;
  Refusal(Reject c) : code(c) {}  // NOLINT(google-explicit-constructor): a bare code is a refusal
  Refusal(Reject c, std::string d) : code(c), detail(std::move(d)) {}
};

// The verdict of a check: nothing, or why not.
using Verdict = std::optional<Refusal>;

// A value, or why there is none.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}            // NOLINT
  Result(Refusal refusal) : state_(std::in_place_index<1>, std::move(refusal)) {}  // NOLINT
  Result(Reject code) : state_(std::in_place_index<1>, code) {}                    // NOLINT
  [[nodiscard]] bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }
  [[nodiscard]] const T& value() const {
    ENSURE(ok());
    return *std::get_if<0>(&state_);
  }
  [[nodiscard]] T& value() {
    ENSURE(ok());
    return *std::get_if<0>(&state_);
  }
  const T& operator*() const { return value(); }
  T& operator*() { return value(); }
  const T* operator->() const { return &value(); }
  T* operator->() { return &value(); }
  [[nodiscard]] const Refusal& refusal() const {
    ENSURE(!ok());
    return *std::get_if<1>(&state_);
  }

 private:
  std::variant<T, Refusal> state_;
};

}  // namespace origo
