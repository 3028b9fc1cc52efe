#pragma once

#include "engine/core/result.h"
#include "engine/core/scheme.h"

// What can be said against a scheme without any state.
namespace origo {

[[nodiscard]] bool is_kind(ParticipantKind kind);

// Rejects: code_invalid, name_invalid and scheme_invalid (detail: the key).
[[nodiscard]] Verdict check_scheme(const Scheme& scheme);

}  // namespace origo
