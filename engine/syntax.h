#pragma once

#include "engine/core/command.h"
#include "engine/core/result.h"

namespace origo {

// What can be said against a command without knowing any state: unknown enumerators, amounts that
// are not positive, unclean text, lists that are too long, ranges that are empty, dates off the
// calendar. Judged first, before rights, so the parts of the core that decide rely on it.
//
// Rejects: the codes of the fields; detail: the field, where the code names several.
// Source:  market rules, section 2: syntax, rights, state, ...
[[nodiscard]] Verdict check_syntax(const Command& command);
// The same for those of which most come.
[[nodiscard]] Verdict check_syntax_of(const PlaceOrder& command);
[[nodiscard]] Verdict check_syntax_of(const AmendOrder& command);
[[nodiscard]] Verdict check_syntax_of(const ReduceOrder& command);
[[nodiscard]] Verdict check_syntax_of(const CancelOrder& command);

}  // namespace origo
