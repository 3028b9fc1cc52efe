#pragma once

#include "engine/core/result.h"
#include "engine/state.h"

namespace origo {

// Whether `principal` may give `command`: default deny, judged by roles and their scopes.
// A foreign id and a missing id answer alike. The node itself (unset) may bootstrap, tick and
// quarantine.
//
// Rejects: user_unknown, not_permitted, not_bootstrapped, and the *_unknown of what decides the
// scope.
[[nodiscard]] Verdict authorise(const State& state, UserId principal, const Command& command);

// The same for an order of `account`: what nearly every command is. Who has the right is noted in
// the account's standing (Standings::knows_trader), so that it need not be asked again until
// something else has changed.
[[nodiscard]] Verdict authorise_order(State& state, UserId principal, AccountId account);

// Whether these two may set a record aside: two persons, each an admin or market operator of the
// node.
[[nodiscard]] bool may_quarantine(const State& state, UserId first, UserId second);

// Whether a second person must consent before `command` of `principal` takes effect.
[[nodiscard]] bool needs_four_eyes(const State& state, const Command& command);

}  // namespace origo
