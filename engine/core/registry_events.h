#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/core/booking.h"
#include "engine/core/registry_commands.h"

// Facts about schemes, devices, certificates and mass balances.
namespace origo {

// clang-format off
enum class MoveReason : std::uint8_t {
  issuance = 1, transfer = 2, trade = 3, cancellation = 4, expiry = 5, withdrawal = 6
};
BOOST_DESCRIBE_ENUM(MoveReason, issuance, transfer, trade, cancellation, expiry, withdrawal)
// clang-format on

// Serials first .. first + count - 1 of a lot.
struct SerialRange {
  Serial first;
  Units count;
  auto operator<=>(const SerialRange&) const = default;
};
struct SchemeLoaded {
  SchemeId scheme;
  std::string code;
  Date valid_from;
  Hash256 source{};
};
struct RegistryCreated {
  RegistryId registry;
  CreateRegistry details;
};
struct DeviceRegistered {
  DeviceId device;
  RegisterDevice details;
};
struct DeviceApproved {
  DeviceId device;
};
struct DeviceChangeRequested {
  DeviceChangeId change;
  ChangeDevice details;
  UserId asked_by;
};
struct DeviceChanged {
  DeviceChangeId change;
  DeviceId device;
  Date valid_from;
  UserId asked_by;
  UserId approved_by;
};
// Refused by the registry, or taken back.
struct DeviceChangeRefused {
  DeviceChangeId change;
  DeviceId device;
  UserId refused_by;
  std::string reason;
};
struct DeviceSuspended {
  DeviceId device;
  std::string reason;
};
struct ProductionDeclared {
  DeclarationId declaration;
  DeclareProduction details;
};
struct IssuanceRequested {
  DeclarationId declaration;
  AccountId account;
};
// A declaration became certificates. `units` may be 0: then `lot` is unset and all is carried.
struct CertificatesIssued {
  DeclarationId declaration;
  LotId lot;
  AccountId account;
  Units units;
  Measured counted;      // gross or net, as the scheme says
  Measured carried_in;   // remainder of the device's period before
  Measured carried_out;  // counted + carried_in = units x unit size + carried_out
  Date transferable_until;
  Date cancellable_until;
};
// One range changed hands, or left circulation (`to` unset), or entered it (`from` unset).
struct CertificatesMoved {
  LotId lot;
  AccountId from;
  AccountId to;
  SerialRange range;
  MoveReason reason = MoveReason::transfer;
  std::uint64_t reference = 0;  // trade, transfer, cancellation, declaration or withdrawal
};
// A transfer that waits for the end of its hold.
struct TransferHeld {
  TransferId transfer;
  TransferCertificates details;
  Instant until;
};
struct CertificatesTransferred {
  TransferId transfer;
  TransferCertificates details;
};
struct CertificatesCancelled {
  CancellationId cancellation;
  CancelCertificates details;
  Date date;
  std::vector<SerialRange> ranges;
};
struct CertificatesExpired {
  LotId lot;
  AccountId account;
  Units units;
};
// What follows from the evidence; certificates get it when they are issued.
struct EvidenceRecorded {
  RecordEvidence details;
  FuelVerdict verdict;
};
// Certificates used up as the input of a production; CertificatesCancelled is the statement.
struct CertificatesConverted {
  CancellationId cancellation;
  ConvertCertificates details;
  Measured yields;  // Wh of output that the input allows, rounded down
  Measured co2;     // g of captured CO2 that came with it, rounded down
};
// Where captured CO2 came from; replaces what was recorded.
struct CarbonSourcesRecorded {
  RecordCarbonSources details;
};
// Certificates of a lot were taken back; HoldingWithdrawn tells each holder, ClaimVoided whoever
// had cancelled some.
struct CertificatesWithdrawn {
  WithdrawalId withdrawal;
  LotId lot;
  DeclarationId correction;  // whose correction it is; unset: none
  Units requested;
  Units withdrawn;  // from those who held them
  Units voided;     // cancelled before: their claim is void
  Units shortfall;  // requested, and no longer in circulation: cancelled, expired, or withdrawn
                    // before
  std::string reason;
};
struct HoldingWithdrawn {
  WithdrawalId withdrawal;
  LotId lot;
  AccountId account;
  Units units;
};
// Certificates of a lot were frozen or released; HoldingFrozen tells each holder, range by range.
struct CertificatesFrozen {
  FreezeCertificates details;
  Units units;   // that are frozen or released by it, in circulation
  Units spared;  // named, but owed to trades that have yet to settle
};
struct HoldingFrozen {
  LotId lot;
  AccountId account;
  bool frozen = true;  // else released
  SerialRange range;
};
// What was cancelled stays cancelled, but nothing can be claimed with it any more.
struct ClaimVoided {
  WithdrawalId withdrawal;
  LotId lot;
  CancellationId cancellation;
  SerialRange range;
};
// Certificates of a cancellation are used, each for the only time.
struct UseClaimed {
  ClaimId claim;
  ClaimUse details;
  AccountId account;  // from which they were cancelled
  LotId lot;
  Date date;
  std::string rule;  // name of the claim rule that allows it
  std::vector<SerialRange> ranges;
};
// Certificates that were used are withdrawn: the claim made with them does not hold.
struct UseVoided {
  WithdrawalId withdrawal;
  LotId lot;
  CancellationId cancellation;
  ClaimId claim;
  SerialRange range;
};
// A lot was made from certificates that were withdrawn, however many conversions lie between.
struct LotFlagged {
  WithdrawalId withdrawal;
  LotId lot;
};
// A declaration was corrected; what is issued or withdrawn for it follows.
struct DeclarationCorrected {
  CorrectDeclaration details;
  Measured counted_before;
  Measured counted;
  Measured carried_out;  // of the device's carrier, once issued
};
struct SiteOpened {
  SiteId site;
  OpenSite details;
};
struct SiteApproved {
  SiteId site;
};
// A proof of sustainability has entered the registry: with a booking, or (lot set) with
// certificates.
struct ProofEntered {
  Proof proof;
};
struct BalanceBooked {
  Booking booking;
};
// A proof of sustainability without gas behind it, gone at the end of the period.
struct ProofLapsed {
  SiteId site;
  ProofId proof;
  Measured energy;
};
// The period of a site's balance is over: gas goes on, and so much of the proofs as it carries.
struct BalanceClosed {
  SiteId site;
  Period period;
  Measured gas_carried;
  Measured proofs_carried;
  Measured proofs_lapsed;
};
// For good: the lot's certificates are without their proof of sustainability from now on.
struct ProofSplit {
  LotId lot;
  AccountId account;
  Units units;  // that were in circulation
  BookingId booking;
};

// clang-format off
BOOST_DESCRIBE_STRUCT(SerialRange, (), (first, count))
BOOST_DESCRIBE_STRUCT(SchemeLoaded, (), (scheme, code, valid_from, source))
BOOST_DESCRIBE_STRUCT(RegistryCreated, (), (registry, details))
BOOST_DESCRIBE_STRUCT(DeviceRegistered, (), (device, details))
BOOST_DESCRIBE_STRUCT(DeviceApproved, (), (device))
BOOST_DESCRIBE_STRUCT(DeviceChangeRequested, (), (change, details, asked_by))
BOOST_DESCRIBE_STRUCT(DeviceChanged, (), (change, device, valid_from, asked_by, approved_by))
BOOST_DESCRIBE_STRUCT(DeviceChangeRefused, (), (change, device, refused_by, reason))
BOOST_DESCRIBE_STRUCT(DeviceSuspended, (), (device, reason))
BOOST_DESCRIBE_STRUCT(ProductionDeclared, (), (declaration, details))
BOOST_DESCRIBE_STRUCT(IssuanceRequested, (), (declaration, account))
BOOST_DESCRIBE_STRUCT(CertificatesIssued, (),
                      (declaration, lot, account, units, counted, carried_in, carried_out,
                       transferable_until, cancellable_until))
BOOST_DESCRIBE_STRUCT(CertificatesMoved, (), (lot, from, to, range, reason, reference))
BOOST_DESCRIBE_STRUCT(TransferHeld, (), (transfer, details, until))
BOOST_DESCRIBE_STRUCT(CertificatesTransferred, (), (transfer, details))
BOOST_DESCRIBE_STRUCT(CertificatesCancelled, (), (cancellation, details, date, ranges))
BOOST_DESCRIBE_STRUCT(CertificatesExpired, (), (lot, account, units))
BOOST_DESCRIBE_STRUCT(EvidenceRecorded, (), (details, verdict))
BOOST_DESCRIBE_STRUCT(CertificatesConverted, (), (cancellation, details, yields, co2))
BOOST_DESCRIBE_STRUCT(CarbonSourcesRecorded, (), (details))
BOOST_DESCRIBE_STRUCT(CertificatesWithdrawn, (),
                      (withdrawal, lot, correction, requested, withdrawn, voided, shortfall, reason))
BOOST_DESCRIBE_STRUCT(HoldingWithdrawn, (), (withdrawal, lot, account, units))
BOOST_DESCRIBE_STRUCT(CertificatesFrozen, (), (details, units, spared))
BOOST_DESCRIBE_STRUCT(HoldingFrozen, (), (lot, account, frozen, range))
BOOST_DESCRIBE_STRUCT(ClaimVoided, (), (withdrawal, lot, cancellation, range))
BOOST_DESCRIBE_STRUCT(UseClaimed, (), (claim, details, account, lot, date, rule, ranges))
BOOST_DESCRIBE_STRUCT(UseVoided, (), (withdrawal, lot, cancellation, claim, range))
BOOST_DESCRIBE_STRUCT(LotFlagged, (), (withdrawal, lot))
BOOST_DESCRIBE_STRUCT(DeclarationCorrected, (), (details, counted_before, counted, carried_out))
BOOST_DESCRIBE_STRUCT(SiteOpened, (), (site, details))
BOOST_DESCRIBE_STRUCT(SiteApproved, (), (site))
BOOST_DESCRIBE_STRUCT(ProofEntered, (), (proof))
BOOST_DESCRIBE_STRUCT(BalanceBooked, (), (booking))
BOOST_DESCRIBE_STRUCT(ProofLapsed, (), (site, proof, energy))
BOOST_DESCRIBE_STRUCT(BalanceClosed, (), (site, period, gas_carried, proofs_carried, proofs_lapsed))
BOOST_DESCRIBE_STRUCT(ProofSplit, (), (lot, account, units, booking))
// clang-format on

}  // namespace origo
