#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <variant>

#include "engine/core/market_commands.h"
#include "engine/core/party_commands.h"
#include "engine/core/registry_commands.h"

// Every request that can change state. Imperative names; what was wrong in one is told by reject.h.
namespace origo {

// clang-format off
// Numbers (position from 1) are the journal's: appended, never reordered.
using Command = std::variant<
    Bootstrap, Tick, SetRulesVersion, SetRelaxations, DefineAttribute,                       // 1-5
    CreateParticipant, CreateUser, GrantRole, RevokeRole, ReplaceToken, OpenAccount,         // 6-11
    TrustAccount, SetFrozen, DepositCash, WithdrawCash, ApproveProposal,                     // 12-16
    LoadScheme, CreateRegistry, RegisterDevice, ApproveDevice, DeclareProduction,            // 17-21
    RequestIssuance, ApproveIssuance, TransferCertificates, CancelCertificates,              // 22-25
    CreateMarket, SetCalendar, SetFees, SetPhase, CreateInstrument,                          // 26-30
    PlaceOrder, AmendOrder, ReduceOrder, CancelOrder, MassCancel,                            // 31-35
    RecallExit, WithdrawProposal, QuarantineRecord,                                          // 36-38
    SetKillSwitch, EndSession, SetReferencePrice,                                            // 39-41
    RecordEvidence, WithdrawCertificates, CorrectDeclaration, ConvertCertificates,           // 42-45
    ClaimUse,                                                                                // 46
    OpenSite, ApproveSite, BookInput, BookOutput, TakeIntoBalance, SplitProof,               // 47-52
    ChangeDevice, ApproveDeviceChange, RefuseDeviceChange, SuspendDevice,                    // 53-56
    FreezeCertificates, RecordCarbonSources>;                                                // 57-58
// clang-format on

// Who asks, and the number that makes a repeat harmless.
struct Origin {
  UserId principal;  // authenticated by the gateway, authorised by the core; unset: the node itself
  ClientId client;   // unset: no protection against repeats
  std::uint64_t client_sequence = 0;
  Hash128 digest{};  // of the body's canonical bytes, made by the gateway
};

// One journal record: what the sequencer adds to a command.
struct CommandHeader {
  Sequence sequence;  // consecutive from 1
  Instant time;       // never decreasing
  Origin origin;
};

BOOST_DESCRIBE_STRUCT(Origin, (), (principal, client, client_sequence, digest))
BOOST_DESCRIBE_STRUCT(CommandHeader, (), (sequence, time, origin))

}  // namespace origo
