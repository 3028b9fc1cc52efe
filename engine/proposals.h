#pragma once

#include <boost/describe.hpp>
#include <map>

#include "engine/core/command.h"

namespace origo {

// A command that waits for a second person.
struct Proposal {
  UserId proposer;
  Command command;
  Instant until;  // then it expires
};
BOOST_DESCRIBE_STRUCT(Proposal, (), (proposer, command, until))

// Invariant: each has its entry in the due list, and its proposer may still give its command.
struct Proposals {
  std::map<ProposalId, Proposal> open;
  ProposalId last;
};
BOOST_DESCRIBE_STRUCT(Proposals, (), (open, last))

}  // namespace origo
