#pragma once

#include "engine/core/result.h"
#include "engine/core/scheme.h"

namespace origo {

// Whether each of the scheme's rules on claims says what for, of which of its purposes, when, and
// who says so. Rejects: scheme_invalid (detail: claims or claims_barred).
[[nodiscard]] Verdict check_claim_rules(const Scheme& scheme);

}  // namespace origo
