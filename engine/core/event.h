#pragma once

#include <variant>

#include "engine/core/market_events.h"
#include "engine/core/party_events.h"
#include "engine/core/registry_events.h"

// Every fact that the core decides. Past-tense names. The only output of the core besides the
// answer.
namespace origo {

// clang-format off
// Numbers (position from 1) are public: appended, never reordered.
using Event = std::variant<
    CommandRefused, NodeBootstrapped, RulesVersionSet, RelaxationsSet, AttributeDefined,       // 1-5
    ParticipantCreated, UserCreated, RoleGranted, RoleRevoked, TokenReplaced, AccountOpened,   // 6-11
    AccountTrusted, FreezeSet, CashDeposited, CashWithdrawn, CommandProposed, ProposalApproved,  // 12-17
    SchemeLoaded, RegistryCreated, DeviceRegistered, DeviceApproved, ProductionDeclared,       // 18-22
    IssuanceRequested, CertificatesIssued, CertificatesMoved, TransferHeld,                    // 23-26
    CertificatesTransferred, CertificatesCancelled, CertificatesExpired,                       // 27-29
    MarketCreated, CalendarSet, FeesSet, PhaseChanged, InstrumentCreated,                      // 30-34
    OrderAccepted, OrderRested, OrderAmended, Trade, TradeSettled, OrderEnded, LevelChanged,   // 35-41
    WithdrawalHeld, ExitRecalled, ProposalExpired, ProposalWithdrawn, RecordQuarantined,       // 42-46
    OrderWaiting, StopTriggered, OrderRefreshed, KillSwitchSet,                                // 47-50
    Uncrossed, ReferencePriceSet, PhaseChangeRefused, SettlementScheduled,                     // 51-54
    EvidenceRecorded, CertificatesConverted, CertificatesWithdrawn, HoldingWithdrawn,          // 55-58
    ClaimVoided, LotFlagged, DeclarationCorrected, ReferencePriceDecided,                      // 59-62
    SettlementUnwound, UseClaimed, UseVoided,                                                  // 63-65
    SiteOpened, SiteApproved, ProofEntered, BalanceBooked, ProofLapsed, BalanceClosed,         // 66-71
    ProofSplit, DeviceChangeRequested, DeviceChanged, DeviceChangeRefused,                     // 72-75
    DeviceSuspended, CertificatesFrozen, HoldingFrozen, CarbonSourcesRecorded>;                // 76-79
// clang-format on

}  // namespace origo
