#pragma once

#include <string>
#include <vector>

#include "engine/core/result.h"
#include "engine/state.h"

namespace origo {

// The registry office: the life of a certificate from a device's registration to its end, by the
// rules that the registry's scheme has on the day. Syntax and rights are checked before it is
// called.
class Office {
 public:
  explicit Office(const Working& working)
      : events_(working.events),
        now_(working.now),
        principal_(working.principal),
        sequence_(working.sequence),
        state_(working.state),
        registry_(working.state.registry) {}

  // Rejects: attribute_unknown, scheme_invalid (detail: the key, also unit_size and dimension if a
  //          registry runs the scheme with others).
  // `ended`: lots whose last day of transfers is over by it, though it was not before.
  Result<SchemeId> load(const LoadScheme& command, std::vector<LotId>& ended);
  // Rejects: code_invalid, code_taken, name_invalid, country_invalid, scheme_unknown.
  Result<RegistryId> create(const CreateRegistry& command);
  // Rejects: registry_unknown, participant_unknown, name_invalid, country_invalid, scheme_unknown,
  //          country_not_allowed, carrier_not_allowed, device_field_missing, device_field_unknown,
  //          device_field_invalid.
  Result<DeviceId> register_device(const RegisterDevice& command);
  // Again after a suspension.
  Result<DeviceId> approve(const ApproveDevice& command);
  // Until it is approved again nothing of the device is declared, requested or issued.
  // Rejects: device_unknown, device_not_approved.
  Result<DeviceId> suspend(const SuspendDevice& command);
  // Asks for a change of a device, which is judged now and again when it is approved; at most one
  // waits. Rejects: device_unknown, device_change_pending, device_change_backdated,
  // device_unchanged,
  //          device_change_declared, device_start_fixed, participant_unknown, participant_frozen,
  //          scheme_unknown, carrier_not_allowed, device_field_missing, device_field_unknown,
  //          device_field_invalid.
  Result<DeviceChangeId> ask(const ChangeDevice& command);
  // By another person than asked for it.
  // Rejects: device_change_unknown, proposal_own, and those of ask().
  Result<DeviceChangeId> approve(const ApproveDeviceChange& command);
  Result<DeviceChangeId> refuse(const RefuseDeviceChange& command);
  // One declaration per device, carrier and day; nothing of the future. The device is judged as it
  // was in the period. Deductions count in net schemes.
  Result<DeclarationId> declare(const DeclareProduction& command);
  Result<DeclarationId> request(const RequestIssuance& command);
  // Whole units of (counted + carried remainder) enter circulation; what is left is carried on.
  // The lot's id; unset if all was carried.
  // Rejects: declaration_unknown, issuance_not_requested, participant_frozen, account_frozen,
  //          scheme_unknown, amount_above_cap, certificates_expired (they would be born dead).
  [[nodiscard]] Verdict check(const ApproveIssuance& command) const;
  Result<LotId> issue(const ApproveIssuance& command);
  // At once within a participant, to trusted accounts or with holds relaxed; else after the hold.
  Result<TransferId> transfer(const TransferCertificates& command);
  // Final. The event is the public statement.
  Result<CancellationId> cancel(const CancelCertificates& command) {
    return cancel(command, DeclarationId());
  }
  // Keeps what was verified of a declaration, and what follows from it.
  // Rejects: declaration_unknown, evidence_closed, attribute_unknown (detail: one in which results
  // are told).
  Result<DeclarationId> record(const RecordEvidence& command);
  // Cancels certificates as the input of a declared production: purpose "conversion". Those of
  // captured CO2 compensate the capturer, as the declaration's CO2 programme asks.
  // Rejects: declaration_unknown, account_unknown, lot_unknown, scheme_unknown, conversion_barred,
  //          efficiency_invalid, too_many_items, attribute_unknown, counting_mixed,
  //          capture_certificates_barred, capture_source_barred, capture_certificates_exceeded, and
  //          those of cancel().
  Result<CancellationId> convert(const ConvertCertificates& command);
  // Records what cancelled certificates are used for.
  // Rejects: cancellation_unknown, participant_frozen, account_frozen, conversion_not_claimable,
  //          scheme_unknown, use_barred (detail: by which bar), use_not_allowed,
  //          reporting_period_invalid, units_not_claimable (detail: how many are left).
  // Cost:    the ranges that are used or void since the cancellation's last claim.
  Result<ClaimId> claim(const ClaimUse& command);
  // Keeps which burnt fuel's carbon was captured, each unit's once.
  // Rejects: declaration_unknown, evidence_closed, scheme_unknown, lot_unknown,
  //          carbon_source_barred, carbon_exceeded.
  Result<DeclarationId> record(const RecordCarbonSources& command);

  // What a withdrawal takes from a holding: how many units are left in it.
  struct Loss {
    HoldingSlot holding;
    Units left;
  };
  // Takes certificates back from whoever holds them; what was cancelled stays so, its claim is
  // void. Requires: of each holding no more than Loss::left is reserved. Shape: CertificatesMoved
  // or ClaimVoided per range, HoldingWithdrawn per holder, CertificatesWithdrawn, then
  //           LotFlagged for each lot that was made from what is void.
  // Rejects:  lot_unknown, serials_not_in_lot, nothing_to_withdraw.
  // Cost:     the lot's ranges.
  [[nodiscard]] Verdict check(const WithdrawCertificates& command) const;
  [[nodiscard]] std::vector<Loss> losses(const WithdrawCertificates& command) const;
  Result<WithdrawalId> withdraw(const WithdrawCertificates& command);
  // Takes held exits of the holding back, the newest first, until no more than `left` units are
  // reserved, or none waits.
  void recall_beyond(HoldingSlot holding, Units left);
  // Freezes what is held of the named serials, or releases what of them is frozen. What trades that
  // have yet to settle need beyond the holder's other certificates of the lot is spared, the lowest
  // serials. Requires: as losses() says. Rejects: lot_unknown, serials_not_in_lot,
  // freeze_unchanged. Cost:    the lot's ranges and all settlements that are still to come.
  [[nodiscard]] Verdict check(const FreezeCertificates& command) const;
  [[nodiscard]] std::vector<Loss> losses(const FreezeCertificates& command) const;
  Result<LotId> freeze(const FreezeCertificates& command);
  // Corrects a declaration. Issued already: the difference, with the device's remainder, is
  // withdrawn or issued in whole units, and the rest carried. Rejects: declaration_unknown,
  // scheme_unknown, deduction_unknown, correction_unchanged, conversion_exceeded,
  //          and upward those of issue().
  [[nodiscard]] Verdict check(const CorrectDeclaration& command) const;
  [[nodiscard]] std::vector<Loss> losses(const CorrectDeclaration& command) const;
  Result<DeclarationId> correct(const CorrectDeclaration& command);

  [[nodiscard]] Verdict check(const WithdrawCash& command) const;
  Result<TransferId> withdraw(const WithdrawCash& command);
  Result<TransferId> recall(const RecallExit& command);

  // Due work.
  void complete_exit(TransferId id);
  // Writes off what is left of expired lots, those that expired first before others: each lot and
  // each holding counts as one of `limit`. Held certificates don't expire.
  void sweep(std::uint32_t limit);

 private:
  struct Issuance {
    SchemeId scheme;
    Units units;
    Measured carried_in;
    Measured carried_out;
    Date transferable_until;
    Date cancellable_until;
    Measured co2_in;   // carried in, and what the declaration adds
    Measured co2;      // of the lot
    Measured co2_out;  // carried on
  };

  // Units of a lot to be taken back: from serial `first` on, or (0) the latest.
  struct Taking {
    LotId lot;
    Serial first;
    Units units;
    DeclarationId correction;  // unset: none
  };
  // Serials of one fate: in a holding, or (kNone) in Lot::ended.
  struct Reached {
    SerialRange range;
    HoldingSlot holding;
    std::size_t ended;
    bool frozen;
  };
  // Of one holding: what a freeze takes, or releases.
  struct Freezing {
    HoldingSlot holding;
    std::vector<SerialRange> ranges;
    Units units;   // in them
    Units spared;  // owed to trades that have yet to settle
  };
  struct Correction {
    Measured counted;
    Units fewer;    // to be taken back
    Issuance more;  // units may be 0; what is carried counts either way
  };

  // devices.cc
  [[nodiscard]] Result<DeviceVersion> plan(const ChangeDevice& command) const;
  [[nodiscard]] Verdict change_fields(const ChangeDevice& command,
                                      const Scheme& scheme,
                                      DeviceVersion& changed) const;
  [[nodiscard]] static Verdict check_carriers(const Scheme& scheme,
                                              const std::vector<std::string>& carriers);
  // Whether the device could make that then.
  // Rejects: carrier_not_allowed, device_decommissioned, period_spans_change.
  [[nodiscard]] static Verdict check_making(const Device& device,
                                            const std::string& carrier,
                                            const Period& period);

  // freezing.cc
  [[nodiscard]] Verdict check_available(HoldingSlot holding, Units units) const;
  [[nodiscard]] std::vector<Freezing> plan(const FreezeCertificates& command) const;

  [[nodiscard]] const Scheme* scheme_today(RegistryId registry) const;
  // Whether an attribute in which lots are told something is there, with that kind.
  [[nodiscard]] Verdict check_attribute(const char* name, AttributeKind kind) const;
  [[nodiscard]] Verdict check_attributes(const Scheme& scheme) const;
  [[nodiscard]] Verdict check_conditions(const Scheme& scheme) const;
  // Whether what is said of a device, a production or a lot meets a rule's conditions.
  [[nodiscard]] bool meets(const AttributeValues& said, const std::vector<ClauseSpec>& when) const;
  [[nodiscard]] Verdict check_unit(const Scheme& scheme) const;
  // What counts of a measurement. Rejects: deduction_unknown (detail: which).
  [[nodiscard]] static Result<Measured> count(const Scheme& scheme,
                                              Measured gross,
                                              const std::vector<Deduction>& deductions);
  [[nodiscard]] Result<Issuance> plan(const ApproveIssuance& command) const;
  // Fills in what `whole`, with the remainder carried in, brings into circulation today.
  [[nodiscard]] Verdict plan_units(const Declaration& declaration,
                                   SchemeId version,
                                   Int128 whole,
                                   Issuance& planned) const;
  LotId bring_out(DeclarationId declaration, const Issuance& planned, Measured counted);
  [[nodiscard]] Verdict check_holder(AccountId account,
                                     const std::vector<ParticipantKind>& kinds,
                                     Reject otherwise) const;
  [[nodiscard]] Verdict check_unfrozen(AccountId account) const;
  // Whom certificates of this production may be issued to.
  [[nodiscard]] const std::vector<ParticipantKind>& recipients(
      const Scheme& scheme, const Declaration& declaration) const;
  [[nodiscard]] ClockDays clock_days(const Declaration& declaration, Date issued) const;
  [[nodiscard]] Date transferable_until(const Scheme& scheme, const ClockDays& days) const;
  // Lots of the scheme change hands as its versions say now.
  void follow_sale_rules(const std::string& code, std::vector<LotId>& ended);
  [[nodiscard]] AttributeValues attributes_of(const Lot& lot, const Declaration& declaration);
  Result<CancellationId> cancel(const CancelCertificates& command, DeclarationId converted_into);

  // claiming.cc
  [[nodiscard]] Result<const ClaimRule*> find_rule(const Scheme& scheme,
                                                   const Cancellation& cancellation,
                                                   const std::string& use) const;

  // In a scheme that keeps mass balances, remainders don't add up to units with a proof.
  [[nodiscard]] bool keeps_apart(const Scheme& scheme, const Declaration& declaration) const;
  [[nodiscard]] Working working() const {
    return {.state = state_, .events = events_, .now = now_};
  }

  // evidence.cc
  [[nodiscard]] Verdict check_result_attributes() const;
  void say_results(const Declaration& declaration, AttributeValues& values);

  // counting.cc
  [[nodiscard]] Verdict check_programmes(const Scheme& scheme) const;
  [[nodiscard]] static Result<std::vector<FuelCo2>> fuel_co2(const Scheme& scheme,
                                                             const DeclareProduction& command);
  [[nodiscard]] Verdict check_co2(const Declaration& declaration, const Scheme& scheme) const;
  [[nodiscard]] Verdict check_co2_input(const Lot& lot,
                                        Units units,
                                        const Declaration& declaration) const;
  [[nodiscard]] Verdict check_source(const CarbonSource& source, DeclarationId declaration) const;
  void mark_captured(const CarbonSource& source, DeclarationId declaration);

  // converting.cc
  [[nodiscard]] Verdict check_yield(const Declaration& declaration, Measured counted) const;
  void flag_outputs(WithdrawalId id, std::vector<DeclarationId> made);

  // withdrawing.cc
  [[nodiscard]] std::vector<Reached> reach(const Taking& taking) const;
  void add_losses(const Taking& taking, std::vector<Loss>& losses) const;
  [[nodiscard]] Result<Correction> plan(const CorrectDeclaration& command) const;
  [[nodiscard]] std::vector<Taking> takings(const CorrectDeclaration& command, Units fewer) const;
  void make_void(Lot& lot, const Reached& part, WithdrawalId id);
  WithdrawalId take_back(const Taking& taking, const std::string& reason);

  [[nodiscard]] Instant hold_until() const;
  [[nodiscard]] bool trusts(const Account& from, AccountId to) const;
  void move(HoldingSlot holding, const TransferCertificates& details, TransferId id);
  void finish(const Exit& exit);
  void give_back(const Exit& exit);

  Events& events_;
  Instant now_;
  UserId principal_;
  Sequence sequence_;  // of the command
  State& state_;
  Registry& registry_;
};

}  // namespace origo
