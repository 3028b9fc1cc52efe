#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/core/amount.h"
#include "engine/core/currency.h"
#include "engine/core/digest.h"
#include "engine/core/id.h"
#include "engine/core/scheme.h"

// Commands about the node itself and about who takes part in it.
namespace origo {

// clang-format off
enum class AttributeKind : std::uint8_t { symbol = 1, number = 2, date = 3, flag = 4 };
enum class Role : std::uint8_t {
  trader = 1, holder = 2, producer = 3, participant_admin = 4, registry_operator = 5, issuing_body = 6,
  market_operator = 7, auctioneer = 8, auditor = 9, admin = 10
};
enum class ScopeKind : std::uint8_t { node = 1, participant = 2, registry = 3 };
enum class FreezeTarget : std::uint8_t { participant = 1, account = 2 };
BOOST_DESCRIBE_ENUM(AttributeKind, symbol, number, date, flag)
BOOST_DESCRIBE_ENUM(Role, trader, holder, producer, participant_admin, registry_operator, issuing_body,
                    market_operator, auctioneer, auditor, admin)
BOOST_DESCRIBE_ENUM(ScopeKind, node, participant, registry)
BOOST_DESCRIBE_ENUM(FreezeTarget, participant, account)
// clang-format on

// The first command of a node: the venue's own participant, its account, and its first user, an
// admin.
struct Bootstrap {
  std::string venue_name;
  Hash256 admin_token;  // SHA-256 of the first user's token
};
// Due work and bounded bookkeeping; sent by the node itself when something falls due.
struct Tick {
  std::uint32_t sweep_limit = 0;  // holdings of expired lots to write off at most
  std::uint64_t draw = 0;  // drawn by the node: decides the random ends of calls that now begin
};
struct SetRulesVersion {
  std::uint32_t version = 0;
};
// What loopback demonstrations may relax; shown in the node's status.
struct SetRelaxations {
  bool four_eyes = false;         // true: one user suffices
  bool holds = false;             // true: exits are not held
  std::int64_t exit_hold_ns = 0;  // length of the hold on exits; 0: keep
};
struct DefineAttribute {
  std::string name;
  AttributeKind kind = AttributeKind::symbol;
};
struct CreateParticipant {
  std::string name;
  std::string country;  // ISO 3166-1 alpha-2
  std::vector<ParticipantKind> kinds;
};
struct CreateUser {
  ParticipantId participant;
  std::string name;
  std::string person;  // the natural person behind it: incompatible roles are judged per person
  Hash256 token{};     // SHA-256
};
struct Scope {
  ScopeKind kind = ScopeKind::node;
  std::uint32_t id = 0;  // participant or registry; 0 for the node
  auto operator<=>(const Scope&) const = default;
};
struct GrantRole {
  UserId user;
  Role role = Role::trader;
  Scope scope;
};
struct RevokeRole {
  UserId user;
  Role role = Role::trader;
  Scope scope;
};
struct ReplaceToken {
  UserId user;
  Hash256 token{};
};
struct OpenAccount {
  ParticipantId participant;
  RegistryId registry;  // unset: a cash account
  std::string name;
};
// Makes `to` trusted by `from`: after as long as exits are held, transfers to it no longer are.
struct TrustAccount {
  AccountId from;
  AccountId to;
  bool trusted = true;
};
struct SetFrozen {
  FreezeTarget target = FreezeTarget::participant;
  std::uint32_t id = 0;
  bool frozen = true;
  std::string reason;
};
// Engaged: all live orders of the participant end and no new ones are taken, until it is released;
// what the venue engaged, only the venue releases. Holdings and cash are not touched.
struct SetKillSwitch {
  ParticipantId participant;
  bool engaged = true;
  std::string reason;
};
struct DepositCash {
  AccountId account;
  Currency currency;
  Cash amount;
  std::string reference;  // of the bank's statement
};
struct WithdrawCash {
  AccountId account;
  Currency currency;
  Cash amount;
  std::string reference;
};
// Takes back a transfer or withdrawal that still waits for the end of its hold.
struct RecallExit {
  TransferId transfer;
};
// A second person's consent to a command that needs four eyes.
struct ApproveProposal {
  ProposalId proposal;
};
// The proposer takes it back, or one who could consent refuses to.
struct WithdrawProposal {
  ProposalId proposal;
};
// Sets a journaled record aside: applying it would stop every core. From the journal's first
// reading on the record applies as a refusal (Exchange::set_aside), so this comes after it in the
// journal and before it in effect. Only an offline tool journals it, after two operators have
// consented; no client can.
struct QuarantineRecord {
  Sequence record;
  std::string reason;
  UserId first;  // who consent; see may_quarantine
  UserId second;
};

// clang-format off
BOOST_DESCRIBE_STRUCT(Bootstrap, (), (venue_name, admin_token))
BOOST_DESCRIBE_STRUCT(Tick, (), (sweep_limit, draw))
BOOST_DESCRIBE_STRUCT(SetRulesVersion, (), (version))
BOOST_DESCRIBE_STRUCT(SetRelaxations, (), (four_eyes, holds, exit_hold_ns))
BOOST_DESCRIBE_STRUCT(DefineAttribute, (), (name, kind))
BOOST_DESCRIBE_STRUCT(CreateParticipant, (), (name, country, kinds))
BOOST_DESCRIBE_STRUCT(CreateUser, (), (participant, name, person, token))
BOOST_DESCRIBE_STRUCT(Scope, (), (kind, id))
BOOST_DESCRIBE_STRUCT(GrantRole, (), (user, role, scope))
BOOST_DESCRIBE_STRUCT(RevokeRole, (), (user, role, scope))
BOOST_DESCRIBE_STRUCT(ReplaceToken, (), (user, token))
BOOST_DESCRIBE_STRUCT(OpenAccount, (), (participant, registry, name))
BOOST_DESCRIBE_STRUCT(TrustAccount, (), (from, to, trusted))
BOOST_DESCRIBE_STRUCT(SetFrozen, (), (target, id, frozen, reason))
BOOST_DESCRIBE_STRUCT(SetKillSwitch, (), (participant, engaged, reason))
BOOST_DESCRIBE_STRUCT(DepositCash, (), (account, currency, amount, reference))
BOOST_DESCRIBE_STRUCT(WithdrawCash, (), (account, currency, amount, reference))
BOOST_DESCRIBE_STRUCT(RecallExit, (), (transfer))
BOOST_DESCRIBE_STRUCT(ApproveProposal, (), (proposal))
BOOST_DESCRIBE_STRUCT(WithdrawProposal, (), (proposal))
BOOST_DESCRIBE_STRUCT(QuarantineRecord, (), (record, reason, first, second))
// clang-format on

}  // namespace origo
