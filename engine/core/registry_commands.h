#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/core/amount.h"
#include "engine/core/date.h"
#include "engine/core/digest.h"
#include "engine/core/id.h"
#include "engine/core/scheme.h"
#include "engine/eligibility/fuel.h"

// Commands about schemes, devices, certificates and mass balances.
namespace origo {

struct LoadScheme {
  Scheme scheme;
  Hash256 source{};  // SHA-256 of the file it came from
};
struct CreateRegistry {
  std::string code;
  std::string name;
  std::string scheme;   // code of a loaded scheme
  std::string country;  // of issuance
};
struct Field {
  std::string name;
  std::string value;  // as text: number "42", date "2026-01-31", flag "true" or "false"
};
struct RegisterDevice {
  RegistryId registry;
  ParticipantId producer;
  std::string name;
  std::string country;
  std::vector<std::string> carriers;
  Date start;  // of operation
  std::vector<Field> fields;
};
struct ApproveDevice {
  DeviceId device;
};
// Asks that a device be something else from a day on; what is left out stays. The registry approves
// it.
struct ChangeDevice {
  DeviceId device;
  Date valid_from;                    // not before that of the latest change, nor what was declared
  ParticipantId producer;             // its owner from then on; unset: stays
  std::string name;                   // empty: stays
  std::vector<std::string> carriers;  // all of them; empty: stay
  Date start;                 // of operation, while nothing is declared; unset (1970-01-01): stays
  Date last_day;              // of operation; kNever: none after all; unset: stays
  std::vector<Field> fields;  // those named; an empty value takes the field away
};
// A registry operator's consent, who is another person than asked for it.
struct ApproveDeviceChange {
  DeviceChangeId change;
};
// The registry refuses it, or its producer takes it back.
struct RefuseDeviceChange {
  DeviceChangeId change;
  std::string reason;  // must say something
};
// Takes the approval back, until the device is approved again: nothing of it is declared, requested
// or issued.
struct SuspendDevice {
  DeviceId device;
  std::string reason;  // must say something
};
struct Deduction {
  std::string kind;
  Measured amount;
};
struct DeclareProduction {
  DeviceId device;
  std::string carrier;
  Period period;
  Measured gross;  // Wh or g, as the scheme's dimension says
  std::vector<Deduction> deductions;
  std::vector<Field> fields;
};
struct RequestIssuance {
  DeclarationId declaration;
  AccountId account;  // receives the certificates
};
struct ApproveIssuance {
  DeclarationId declaration;
};
struct TransferCertificates {
  AccountId from;
  AccountId to;
  LotId lot;
  Units units;
};
struct CancelCertificates {
  AccountId account;
  LotId lot;
  Units units;
  std::string beneficiary;
  std::string country;  // of consumption; may be empty
  std::string purpose;
  Period period;  // of consumption; both dates unset (1970-01-01): none
  std::string note;
  std::string consumption_evidence;  // what proves it: a meter, an invoice, a document's digest;
                                     // may be empty
};
// What the issuing body has verified of a declared fuel, before its certificates are issued. They
// get what follows from it as attributes, in place of what the producer said. Given again, it
// replaces what was recorded.
struct RecordEvidence {
  DeclarationId declaration;
  FuelEvidence evidence;
  std::string reference;  // of the auditor's report
  Hash256 document{};     // SHA-256 of it
};
// Certificates that should not have been issued. Who holds them loses them; what was cancelled
// stays so, and its claim is void.
struct WithdrawCertificates {
  LotId lot;
  Serial first;  // 0: the latest serials
  Units units;
  std::string reason;  // told to all whom it concerns; must say something
};
// Certificates that nobody may move or use up until they are released, whoever holds them. What was
// sold already is still delivered; the issuing body may withdraw them, and they expire.
struct FreezeCertificates {
  LotId lot;
  Serial first;  // 0: from the first serial on
  Units units;   // 0: to the last serial
  bool frozen = true;
  std::string reason;  // told to all whom it concerns; must say something
};
// What was really produced: all of the measurement anew. After issuance a smaller amount withdraws
// certificates, the latest serials first; a larger one issues more.
struct CorrectDeclaration {
  DeclarationId declaration;
  Measured gross;
  std::vector<Deduction> deductions;
  std::string reason;  // must say something
};
// Uses certificates up as the input of what a device of the holder made from them, before that is
// issued.
struct ConvertCertificates {
  AccountId account;
  LotId lot;
  Units units;
  DeclarationId declaration;         // of the output
  std::uint32_t efficiency_ppm = 0;  // output per input in energy, 1 to 1,000,000; captured CO2: 0
  std::vector<Co2Source> co2;        // where the carbon comes from that the output was made with;
                                     // captured CO2: none, its certificates say so
  std::string note;
};
// Records what certificates of a cancellation are used for: the lowest serials that are neither
// used nor void. Final; each certificate is used once.
struct ClaimUse {
  CancellationId cancellation;
  Units units;
  std::string use;        // a code; by a claim rule of the scheme
  std::string claimant;   // who uses them: the beneficiary, or whoever it passed them on to
  Period period;          // that is reported on
  std::string activity;   // whose energy or emissions they stand for; may be empty
  Measured emissions;     // of the activity, in g CO2e; 0: not stated
  std::string reference;  // of the report in which they are used; may be empty
};
// A place of a certified operator where gas of one carrier and its proofs of sustainability are
// balanced. Books once the registry has approved it.
struct OpenSite {
  RegistryId registry;
  ParticipantId participant;  // the operator
  std::string name;
  std::string country;
  std::string carrier;
};
struct ApproveSite {
  SiteId site;
};
// Gas that came in from outside the registry, with a proof of sustainability that enters once, or
// without any.
struct BookInput {
  SiteId site;
  Date day;           // of the period that is open, at the latest today; 1970-01-01: today
  Measured energy;    // Wh
  std::string proof;  // its number; empty: gas alone, and nothing below is said
  std::string feedstock;
  std::string feedstock_country;
  std::string sustainability_scheme;  // that certified it
  std::int64_t ghg_intensity = 0;     // mg CO2e per MJ, -1,000,000 to 1,000,000
  std::string note;
};
// Gas that goes out, with so much of a proof that the site holds, or without any.
struct BookOutput {
  SiteId site;
  Date day;  // as in BookInput
  Measured energy;
  std::string proof;     // number of one that the site holds; empty: gas alone
  SiteId to_site;        // of the registry and carrier: there it comes in; unset: it leaves
  std::string receiver;  // who gets it, where it leaves
  std::string note;
};
// Certificates with their proof, and the gas behind them, go into the balance as one: they are
// used up.
struct TakeIntoBalance {
  AccountId account;
  LotId lot;
  Units units;
  SiteId site;  // of the account's participant
  std::string note;
};
// Parts a lot's proof, and the gas behind it, from its certificates, for good: the proof goes into
// the balance, the certificates stay. Needs all of the lot that is in circulation.
struct SplitProof {
  AccountId account;
  LotId lot;
  SiteId site;  // of the account's participant
};
// Burnt fuel whose carbon was captured: cancelled certificates that held captured CO2 before.
struct CarbonSource {
  LotId lot;
  CancellationId cancellation;
  Units units;    // the lowest serials of the cancellation that nobody has captured yet
  Measured mass;  // g of CO2, at most what the units hold
};
// What the issuing body has verified of where a declared capture of recycled CO2 came from, before
// its certificates are issued. Given again, it replaces what was recorded.
struct RecordCarbonSources {
  DeclarationId declaration;
  std::vector<CarbonSource> sources;
};

// clang-format off
BOOST_DESCRIBE_STRUCT(LoadScheme, (), (scheme, source))
BOOST_DESCRIBE_STRUCT(CreateRegistry, (), (code, name, scheme, country))
BOOST_DESCRIBE_STRUCT(Field, (), (name, value))
BOOST_DESCRIBE_STRUCT(RegisterDevice, (), (registry, producer, name, country, carriers, start, fields))
BOOST_DESCRIBE_STRUCT(ApproveDevice, (), (device))
BOOST_DESCRIBE_STRUCT(ChangeDevice, (),
                      (device, valid_from, producer, name, carriers, start, last_day, fields))
BOOST_DESCRIBE_STRUCT(ApproveDeviceChange, (), (change))
BOOST_DESCRIBE_STRUCT(RefuseDeviceChange, (), (change, reason))
BOOST_DESCRIBE_STRUCT(SuspendDevice, (), (device, reason))
BOOST_DESCRIBE_STRUCT(Deduction, (), (kind, amount))
BOOST_DESCRIBE_STRUCT(DeclareProduction, (), (device, carrier, period, gross, deductions, fields))
BOOST_DESCRIBE_STRUCT(RequestIssuance, (), (declaration, account))
BOOST_DESCRIBE_STRUCT(ApproveIssuance, (), (declaration))
BOOST_DESCRIBE_STRUCT(TransferCertificates, (), (from, to, lot, units))
BOOST_DESCRIBE_STRUCT(CancelCertificates, (),
                      (account, lot, units, beneficiary, country, purpose, period, note, consumption_evidence))
BOOST_DESCRIBE_STRUCT(RecordEvidence, (), (declaration, evidence, reference, document))
BOOST_DESCRIBE_STRUCT(WithdrawCertificates, (), (lot, first, units, reason))
BOOST_DESCRIBE_STRUCT(FreezeCertificates, (), (lot, first, units, frozen, reason))
BOOST_DESCRIBE_STRUCT(CorrectDeclaration, (), (declaration, gross, deductions, reason))
BOOST_DESCRIBE_STRUCT(ConvertCertificates, (), (account, lot, units, declaration, efficiency_ppm, co2, note))
BOOST_DESCRIBE_STRUCT(ClaimUse, (),
                      (cancellation, units, use, claimant, period, activity, emissions, reference))
BOOST_DESCRIBE_STRUCT(OpenSite, (), (registry, participant, name, country, carrier))
BOOST_DESCRIBE_STRUCT(ApproveSite, (), (site))
BOOST_DESCRIBE_STRUCT(BookInput, (),
                      (site, day, energy, proof, feedstock, feedstock_country, sustainability_scheme,
                       ghg_intensity, note))
BOOST_DESCRIBE_STRUCT(BookOutput, (), (site, day, energy, proof, to_site, receiver, note))
BOOST_DESCRIBE_STRUCT(TakeIntoBalance, (), (account, lot, units, site, note))
BOOST_DESCRIBE_STRUCT(SplitProof, (), (account, lot, site))
BOOST_DESCRIBE_STRUCT(CarbonSource, (), (lot, cancellation, units, mass))
BOOST_DESCRIBE_STRUCT(RecordCarbonSources, (), (declaration, sources))
// clang-format on

}  // namespace origo
