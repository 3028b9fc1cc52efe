#pragma once

#include <boost/container/deque.hpp>
#include <boost/describe.hpp>
#include <cstdint>
#include <deque>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/attributes.h"
#include "engine/core/command.h"
#include "engine/core/encoding.h"
#include "engine/core/event.h"
#include "engine/core/scheme.h"
#include "engine/registry/balance.h"

// The registries' own records: schemes, devices, declarations, lots. Data and look-ups; the
// registry office (office.h) decides.
namespace origo {

// Records in the order of their ids. They lie in blocks: growing moves none of them.
template <class T>
using Records = boost::container::
    deque<T, void, boost::container::deque_options_t<boost::container::block_size<256U>>>;

// What goes over from one production of a device into its next: a carrier, and the programme that
// counts its CO2, so that a lot never has two.
struct ProductionLine {
  std::string carrier;
  std::string co2_programme;  // empty: none
  auto operator<=>(const ProductionLine&) const = default;
};
// Less than a unit, and the captured CO2 in it.
struct Remainder {
  Measured amount;  // Wh or g
  Measured co2;     // g
};

struct RegistryBook {
  RegistryId id;
  std::string code;
  std::string name;
  std::string scheme;  // code; the version depends on the day
  std::string country;
};

// What a device is from a day on, until its next version begins.
struct DeviceVersion {
  Date valid_from;  // of the first: the start of operation, though it holds before that, too
  ParticipantId producer;
  std::string name;
  std::vector<std::string> carriers;
  Date start;              // of operation
  Date last_day = kNever;  // of operation
  std::vector<Field> fields;
  AttributeValues attributes;  // what the fields say, in filterable form
  DeviceChangeId change;       // that made it so; unset: the registration
  UserId asked_by;
  UserId approved_by;
  Sequence
      approved_at;  // the command by which; of the registration: by which it was approved first
};

// Invariant: the versions ascend by valid_from; of several from one day the last holds.
struct Device {
  DeviceId id;
  RegistryId registry;
  std::string country;
  std::vector<DeviceVersion> versions;
  bool approved = false;
  std::string suspended;   // why it is not approved any more; empty: it is, or never was
  DeviceChangeId waiting;  // the change that was asked for; unset: none
  std::map<ProductionLine, Remainder> carried;
  std::map<std::pair<std::string, Period>, DeclarationId>
      periods;  // declared, by carrier; disjoint

  // As it is on `day`.
  [[nodiscard]] const DeviceVersion& on(Date day) const;
  [[nodiscard]] const DeviceVersion& latest() const { return versions.back(); }
  // Of operation. Once something was declared it doesn't change any more.
  [[nodiscard]] Date start() const { return latest().start; }
};

// A change that waits for the registry.
struct DeviceChange {
  DeviceChangeId id;
  ChangeDevice details;
  UserId asked_by;
  Sequence asked_at;  // the command
};

enum class DeclarationState : std::uint8_t { declared = 1, requested = 2, issued = 3 };
BOOST_DESCRIBE_ENUM(DeclarationState, declared, requested, issued)

// What was verified of a declaration, and what followed from it.
struct Evidence {
  RecordEvidence details;
  FuelVerdict verdict;
};

// Certificates that were used up to make what is declared.
struct ConversionInput {
  CancellationId cancellation;
  LotId lot;
  Units units;
  std::uint32_t efficiency_ppm = 0;
  Measured yields;  // Wh of output, rounded down
  std::vector<Co2Source> co2;
  Measured captured;  // g of captured CO2 that came with it, rounded down
};

// The CO2 of a fuel that is made from captured CO2, as declared. Fixed then: what is used up for it
// follows it.
struct FuelCo2 {
  Co2Programme programme;
  Measured captured;  // g that went into the fuel, beside what its inputs hold
};

struct Declaration {
  DeclarationId id;
  DeviceId device;
  std::string carrier;
  Period period;
  Measured gross;
  Measured counted;  // gross, or net of the deductions, as the scheme measures
  AttributeValues attributes;
  DeclarationState state = DeclarationState::declared;
  AccountId account;               // receives the certificates, once requested
  LotId lot;                       // once issued, unless all was carried
  std::vector<LotId> later_lots;   // issued by corrections
  std::vector<Evidence> evidence;  // at most one
  std::vector<ConversionInput> inputs;
  WithdrawalId flagged;               // an input was withdrawn
  std::vector<FuelCo2> co2;           // at most one
  std::vector<CarbonSource> sources;  // of captured CO2: the burnt fuel that it came from
  [[nodiscard]] ProductionLine line() const {
    return {.carrier = carrier,
            .co2_programme = co2.empty() ? std::string() : co2.front().programme.name};
  }
};

// Serials that have left circulation.
struct EndedRange {
  SerialRange range;
  MoveReason reason = MoveReason::cancellation;  // or expiry, or withdrawal
  std::uint64_t reference = 0;                   // cancellation or withdrawal
  DeclarationId converted_into;  // a cancellation that was the input of a production
  WithdrawalId voided;           // withdrawn after it had ended otherwise
  ClaimId claim;                 // in which a cancellation's certificates are used; unset: none
  std::uint32_t next = 0;        // in Lot::ended: the cancellation's next range, ascending; 0: none
  DeclarationId captured_into;   // a cancellation whose carbon was captured again
};

// Invariant: issued = held + cancelled + expired + withdrawn; the ranges that are held or ended
// tile the lot.
struct Lot {
  LotId id;
  RegistryId registry;
  SchemeId scheme;  // version of its issuance
  DeviceId device;
  DeclarationId declaration;
  Period period;  // of production
  Date issued_on;
  Date transferable_until;  // last day; kNever: no end
  Date cancellable_until;   // last day; kNever: no end
  Dimension dimension = Dimension::energy_wh;
  std::int64_t unit_size = 0;  // Wh or g CO2e
  Units issued;
  Units cancelled;
  Units expired;
  AttributeValues attributes;
  bool watched = false;  // its ends are in the list of due work, since some of it was promised once
  WithdrawalId flagged;  // made from certificates that were withdrawn: by the latest one
  Units withdrawn;       // from holders
  Units voided;          // of the cancelled: their claim is void
  Units corrected;       // issued for what turned out not to be produced
  Units claimed;         // of the cancelled: used, and not void
  std::vector<EndedRange> ended;
  ProofId proof;      // of sustainability, in a scheme that keeps mass balances; unset: none
  SiteId split_into;  // where the proof went without the certificates; unset: it is with them
  Measured co2;       // g of captured CO2 in all its units
};

// Cuts an ended range so that `part` of it stands for itself; returns its place. The chain of the
// cancellation's ranges stays whole and in order. Requires: `part` lies within the range at
// `place`.
std::size_t cut_ended(Lot& lot, std::size_t place, const SerialRange& part);

// Certificates taken back by the issuing body.
struct Withdrawal {
  WithdrawalId id;
  LotId lot;
  DeclarationId correction;  // unset: none
  Date date;
  Units requested;
  Units withdrawn;
  Units voided;
  std::string reason;
  [[nodiscard]] Units shortfall() const { return requested - withdrawn; }
};

// What claims are made with.
struct Cancellation {
  LotId lot;
  AccountId account;
  SymbolId purpose;
  std::uint32_t range = 0;  // in Lot::ended: no range of it before this one can still be used
  Period period;            // of consumption; both dates unset: none
  Units left;               // neither used nor void
};

// A transfer or withdrawal that waits for the end of its hold.
struct Exit {
  TransferId id;
  bool is_cash = false;
  TransferCertificates certificates;
  WithdrawCash cash;
  Instant until;
};

BOOST_DESCRIBE_STRUCT(RegistryBook, (), (id, code, name, scheme, country))
BOOST_DESCRIBE_STRUCT(ProductionLine, (), (carrier, co2_programme))
BOOST_DESCRIBE_STRUCT(Remainder, (), (amount, co2))
BOOST_DESCRIBE_STRUCT(DeviceVersion,
                      (),
                      (valid_from,
                       producer,
                       name,
                       carriers,
                       start,
                       last_day,
                       fields,
                       attributes,
                       change,
                       asked_by,
                       approved_by,
                       approved_at))
BOOST_DESCRIBE_STRUCT(
    Device, (), (id, registry, country, versions, approved, suspended, waiting, carried, periods))
BOOST_DESCRIBE_STRUCT(DeviceChange, (), (id, details, asked_by, asked_at))
BOOST_DESCRIBE_STRUCT(Evidence, (), (details, verdict))
BOOST_DESCRIBE_STRUCT(ConversionInput,
                      (),
                      (cancellation, lot, units, efficiency_ppm, yields, co2, captured))
BOOST_DESCRIBE_STRUCT(FuelCo2, (), (programme, captured))
BOOST_DESCRIBE_STRUCT(
    EndedRange, (), (range, reason, reference, converted_into, voided, claim, next, captured_into))
BOOST_DESCRIBE_STRUCT(Declaration,
                      (),
                      (id,
                       device,
                       carrier,
                       period,
                       gross,
                       counted,
                       attributes,
                       state,
                       account,
                       lot,
                       later_lots,
                       evidence,
                       inputs,
                       flagged,
                       co2,
                       sources))
BOOST_DESCRIBE_STRUCT(Lot,
                      (),
                      (id,
                       registry,
                       scheme,
                       device,
                       declaration,
                       period,
                       issued_on,
                       transferable_until,
                       cancellable_until,
                       dimension,
                       unit_size,
                       issued,
                       cancelled,
                       expired,
                       attributes,
                       watched,
                       flagged,
                       withdrawn,
                       voided,
                       corrected,
                       claimed,
                       ended,
                       proof,
                       split_into,
                       co2))
BOOST_DESCRIBE_STRUCT(Withdrawal,
                      (),
                      (id, lot, correction, date, requested, withdrawn, voided, reason))
BOOST_DESCRIBE_STRUCT(Cancellation, (), (lot, account, purpose, range, period, left))
BOOST_DESCRIBE_STRUCT(Exit, (), (id, is_cash, certificates, cash, until))

// What clocks count from.
struct ClockDays {
  Period period;  // of production
  Date issued;
  Date declared = kNever;  // what the production said in kDeclaredDay
};
// The last day by `clock`; kNever without a clock.
[[nodiscard]] Date last_day(const Clock& clock, const ClockDays& days);

struct Registry {
  std::vector<Scheme> schemes;        // versions in order of loading, by id - 1
  std::vector<RegistryBook> books;    // by id - 1
  Records<Device> devices;            // by id - 1
  Records<Declaration> declarations;  // by id - 1
  Records<Lot> lots;                  // by id - 1
  std::map<TransferId, Exit> exits;   // waiting
  // Lots that expire some day, or have and wait for Office::sweep: by last day, ascending each.
  std::map<Date, std::deque<LotId>> to_write_off;
  TransferId last_transfer;
  Records<Cancellation> cancellations;  // by id - 1
  ClaimId last_claim;
  Records<Withdrawal> withdrawals;  // by id - 1
  std::vector<Site> sites;          // by id - 1
  Records<Proof> proofs;            // by id - 1
  Records<Booking> bookings;        // by id - 1
  std::map<std::pair<RegistryId, std::string>, ProofId> proof_numbers;
  std::map<DeviceChangeId, DeviceChange> changes;  // waiting
  DeviceChangeId last_change;

  // The version of a scheme in force on `day`: of those valid then, the one loaded last. Unset:
  // none.
  [[nodiscard]] SchemeId scheme_on(std::string_view code, Date day) const;
  // The last day on which certificates may still change hands, by what each day's version of the
  // scheme says of its own day (Scheme::sale), from the day of issuance on; kNever: no version says
  // so.
  [[nodiscard]] Date sale_end(std::string_view code, const ClockDays& days) const;
  // Whether certificates that have expired by `now` are still to be written off.
  [[nodiscard]] bool has_expired(Instant now) const {
    return !to_write_off.empty() && end_of(to_write_off.begin()->first) <= now;
  }
  // Enters a lot into `to_write_off`, unless it is there.
  void await_write_off(Date last_day, LotId lot);
  [[nodiscard]] const RegistryBook* find(RegistryId id) const { return find_by_id(books, id); }
  [[nodiscard]] const Device* find(DeviceId id) const { return find_by_id(devices, id); }
  [[nodiscard]] const Declaration* find(DeclarationId id) const {
    return find_by_id(declarations, id);
  }
  [[nodiscard]] const Lot* find(LotId id) const { return find_by_id(lots, id); }
  [[nodiscard]] const Cancellation* find(CancellationId id) const {
    return find_by_id(cancellations, id);
  }
  [[nodiscard]] const Withdrawal* find(WithdrawalId id) const {
    return find_by_id(withdrawals, id);
  }
  [[nodiscard]] Cancellation& get(CancellationId id) { return get_by_id(cancellations, id); }
  [[nodiscard]] const Site* find(SiteId id) const { return find_by_id(sites, id); }
  [[nodiscard]] const Proof* find(ProofId id) const { return find_by_id(proofs, id); }
  // The proof that has entered the registry under this number; nullptr: none.
  [[nodiscard]] const Proof* find_proof(RegistryId registry, const std::string& number) const {
    const auto found = proof_numbers.find({registry, number});
    return found == proof_numbers.end() ? nullptr : find(found->second);
  }
  [[nodiscard]] Site& get(SiteId id) { return get_by_id(sites, id); }
  [[nodiscard]] const Proof& get(ProofId id) const { return get_by_id(proofs, id); }
  [[nodiscard]] Device& get(DeviceId id) { return get_by_id(devices, id); }
  [[nodiscard]] const Device& get(DeviceId id) const { return get_by_id(devices, id); }
  // The device of a declaration or lot, as it was when that was produced.
  [[nodiscard]] const DeviceVersion& maker_of(const Declaration& declaration) const {
    return get(declaration.device).on(declaration.period.first);
  }
  [[nodiscard]] const DeviceVersion& maker_of(const Lot& lot) const {
    return get(lot.device).on(lot.period.first);
  }
  [[nodiscard]] Declaration& get(DeclarationId id) { return get_by_id(declarations, id); }
  [[nodiscard]] const Scheme& get(SchemeId id) const { return get_by_id(schemes, id); }
  [[nodiscard]] const RegistryBook& get(RegistryId id) const { return get_by_id(books, id); }
  [[nodiscard]] const Lot& get(LotId id) const { return get_by_id(lots, id); }
  [[nodiscard]] Lot& get(LotId id) { return get_by_id(lots, id); }
};
BOOST_DESCRIBE_STRUCT(Registry,
                      (),
                      (schemes,
                       books,
                       devices,
                       declarations,
                       lots,
                       exits,
                       to_write_off,
                       last_transfer,
                       cancellations,
                       last_claim,
                       withdrawals,
                       sites,
                       proofs,
                       bookings,
                       proof_numbers,
                       changes,
                       last_change))

}  // namespace origo
