#pragma once

#include <boost/mp11.hpp>

#include "engine/core/events.h"
#include "engine/core/scheme.h"
#include "engine/dedupe.h"
#include "engine/state.h"

// What is read from journal, event log and snapshot by the canonical encoding: commands, events,
// and the state with maps, sets and nesting. Shared by the fuzzer and what makes its seeds.
namespace origo {

using EncodedKinds = boost::mp11::mp_list<Command,
                                          Event,
                                          CommandHeader,
                                          Answer,
                                          Scheme,
                                          Registry,
                                          Proposals,
                                          DueList,
                                          std::vector<Participant>,
                                          std::vector<User>,
                                          std::vector<Account>,
                                          ClientMemory::Client>;
inline constexpr std::size_t kEncodedKinds = boost::mp11::mp_size<EncodedKinds>::value;

}  // namespace origo
