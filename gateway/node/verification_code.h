#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "engine/core/id.h"
#include "storage/chain.h"

// The code on a cancellation statement by which anybody may ask the node whether it stands in the
// register.
//
// It is the first 80 bits of SHA-256 over a fixed text, the journal's chain that commits to the
// cancellation, the cancellation's event number and its event's canonical bytes. So a replay of the
// journal gives the same code, another node or another journal gives another one, and nobody can
// make one up that this node confirms. It is no secret: statements are public, and the code stands
// on them.
namespace origo::gateway {

// 16 digits of Crockford's base 32, without dashes.
[[nodiscard]] std::string verification_code(const storage::Chain& journal_chain,
                                            EventSequence sequence,
                                            std::span<const std::uint8_t> event);

// "ABCD-EFGH-JKMN-PQRS", as it is printed.
[[nodiscard]] std::string print_verification_code(std::string_view code);

// What a person typed: dashes and blanks are passed over, small letters, O for 0, I and L for 1 are
// understood. Nothing if it is not 16 digits.
[[nodiscard]] std::optional<std::string> parse_verification_code(std::string_view text);

}  // namespace origo::gateway
