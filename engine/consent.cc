#include "engine/consent.h"

#include <algorithm>
#include <vector>

#include "engine/rights.h"

namespace origo {

Result<ProposalId> Consent::propose(UserId proposer, const Command& command) {
  const auto own = static_cast<std::size_t>(
      std::count_if(proposals_.open.begin(), proposals_.open.end(), [&](const auto& entry) {
        return entry.second.proposer == proposer;
      }));
  if (own >= kOpenOfUserMax) return Refusal(Reject::proposals_full, "user");
  if (proposals_.open.size() >= kOpenMax) return Refusal(Reject::proposals_full, "node");
  proposals_.last = next(proposals_.last);
  const ProposalId id = proposals_.last;
  put_back(id,
           {.proposer = proposer,
            .command = command,
            .until = Instant(std::min(now_.ns() + kLifeNs, kInstantMax.ns()))});
  events_.append(CommandProposed{.proposal = id, .proposer = proposer});
  return id;
}

Verdict Consent::check(const ApproveProposal& command, UserId approver) const {
  const auto found = proposals_.open.find(command.proposal);
  if (found == proposals_.open.end()) return Reject::proposal_unknown;
  if (authorise(state_, approver, found->second.command)) return Reject::proposal_unknown;
  if (state_.parties.same_person(found->second.proposer, approver)) return Reject::proposal_own;
  return std::nullopt;
}

Proposal Consent::take(ProposalId id) {
  const Proposal proposal = proposals_.open.at(id);
  remove(id);
  return proposal;
}

void Consent::put_back(ProposalId id, const Proposal& proposal) {
  proposals_.open.emplace(id, proposal);
  state_.due.insert({.at = proposal.until, .kind = DueKind::deadline, .id = id.value()});
}

void Consent::approved(ProposalId id, UserId approver) {
  events_.append(ProposalApproved{.proposal = id, .approver = approver});
}

Result<std::uint64_t> Consent::withdraw(const WithdrawProposal& command, UserId user) {
  const auto found = proposals_.open.find(command.proposal);
  if (found == proposals_.open.end()) return Reject::proposal_unknown;
  const bool may =
      found->second.proposer == user || !authorise(state_, user, found->second.command);
  if (!may) return Reject::proposal_unknown;
  remove(command.proposal);
  events_.append(ProposalWithdrawn{.proposal = command.proposal, .user = user});
  return std::uint64_t{command.proposal.value()};
}

void Consent::drop_unfounded(UserId user) {
  std::vector<ProposalId> unfounded;
  for (const auto& [id, proposal] : proposals_.open) {
    if (proposal.proposer == user && authorise(state_, user, proposal.command))
      unfounded.push_back(id);
  }
  for (const ProposalId id : unfounded) {
    remove(id);
    events_.append(ProposalWithdrawn{.proposal = id, .user = UserId()});
  }
}

void Consent::expire(ProposalId id) {
  remove(id);
  events_.append(ProposalExpired{.proposal = id});
}

void Consent::remove(ProposalId id) {
  const auto found = proposals_.open.find(id);
  ENSURE(found != proposals_.open.end());
  state_.due.erase({.at = found->second.until, .kind = DueKind::deadline, .id = id.value()});
  proposals_.open.erase(found);
}

}  // namespace origo
