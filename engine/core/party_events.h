#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <string>

#include "engine/core/party_commands.h"
#include "engine/core/reject.h"

// Facts about the node itself and about who takes part in it.
namespace origo {

struct CommandRefused {
  Reject reason = Reject::malformed;
  std::string detail;
};
struct NodeBootstrapped {
  ParticipantId venue;
  AccountId account;
  UserId admin;
  std::string venue_name;
};
struct RulesVersionSet {
  std::uint32_t version = 0;
};
struct RelaxationsSet {
  SetRelaxations relaxations;
};
struct AttributeDefined {
  AttributeId attribute;
  DefineAttribute definition;
};
struct ParticipantCreated {
  ParticipantId participant;
  CreateParticipant details;
};
struct UserCreated {
  UserId user;
  ParticipantId participant;
  std::string name;
};
struct RoleGranted {
  GrantRole grant;
};
struct RoleRevoked {
  RevokeRole grant;
};
struct TokenReplaced {
  UserId user;
};
struct AccountOpened {
  AccountId account;
  OpenAccount details;
};
struct AccountTrusted {
  TrustAccount trust;
};
struct FreezeSet {
  SetFrozen freeze;
};
struct KillSwitchSet {
  SetKillSwitch kill_switch;
};
struct CashDeposited {
  DepositCash deposit;
};
struct CashWithdrawn {
  WithdrawCash withdrawal;
};
// A withdrawal that waits for the end of its hold.
struct WithdrawalHeld {
  TransferId transfer;
  WithdrawCash details;
  Instant until;
};
// A held exit was taken back, or its receiver was frozen meanwhile; what it held is available
// again.
struct ExitRecalled {
  TransferId transfer;
};
struct RecordQuarantined {
  QuarantineRecord quarantine;
};
struct CommandProposed {
  ProposalId proposal;
  UserId proposer;
};
struct ProposalApproved {
  ProposalId proposal;
  UserId approver;
};
// Taken back by its proposer, refused by another person, or (user unset) void: its proposer may no
// longer give the command.
struct ProposalWithdrawn {
  ProposalId proposal;
  UserId user;
};
// Nobody consented in time.
struct ProposalExpired {
  ProposalId proposal;
};

// clang-format off
BOOST_DESCRIBE_STRUCT(CommandRefused, (), (reason, detail))
BOOST_DESCRIBE_STRUCT(NodeBootstrapped, (), (venue, account, admin, venue_name))
BOOST_DESCRIBE_STRUCT(RulesVersionSet, (), (version))
BOOST_DESCRIBE_STRUCT(RelaxationsSet, (), (relaxations))
BOOST_DESCRIBE_STRUCT(AttributeDefined, (), (attribute, definition))
BOOST_DESCRIBE_STRUCT(ParticipantCreated, (), (participant, details))
BOOST_DESCRIBE_STRUCT(UserCreated, (), (user, participant, name))
BOOST_DESCRIBE_STRUCT(RoleGranted, (), (grant))
BOOST_DESCRIBE_STRUCT(RoleRevoked, (), (grant))
BOOST_DESCRIBE_STRUCT(TokenReplaced, (), (user))
BOOST_DESCRIBE_STRUCT(AccountOpened, (), (account, details))
BOOST_DESCRIBE_STRUCT(AccountTrusted, (), (trust))
BOOST_DESCRIBE_STRUCT(FreezeSet, (), (freeze))
BOOST_DESCRIBE_STRUCT(KillSwitchSet, (), (kill_switch))
BOOST_DESCRIBE_STRUCT(CashDeposited, (), (deposit))
BOOST_DESCRIBE_STRUCT(CashWithdrawn, (), (withdrawal))
BOOST_DESCRIBE_STRUCT(WithdrawalHeld, (), (transfer, details, until))
BOOST_DESCRIBE_STRUCT(ExitRecalled, (), (transfer))
BOOST_DESCRIBE_STRUCT(RecordQuarantined, (), (quarantine))
BOOST_DESCRIBE_STRUCT(CommandProposed, (), (proposal, proposer))
BOOST_DESCRIBE_STRUCT(ProposalApproved, (), (proposal, approver))
BOOST_DESCRIBE_STRUCT(ProposalWithdrawn, (), (proposal, user))
BOOST_DESCRIBE_STRUCT(ProposalExpired, (), (proposal))
// clang-format on

}  // namespace origo
