#pragma once

#include <string>

#include "engine/core/reject.h"
#include "origo/v1/common.pb.h"
#include "proto/codec/decode_error.h"

// What a caller is told about a refusal.
namespace origo::proto {

// A refusal by the core.
void write_reject(Reject code, const std::string& detail, v1::Reject& out);

// A refusal at the edge: names the field by its path, and the rule if the code's own does not say
// it.
void write_reject(const DecodeError& error, v1::Reject& out);

}  // namespace origo::proto
