#pragma once

#include "engine/core/result.h"
#include "engine/state.h"

namespace origo {

// Dates before are refused, so that calendar arithmetic never leaves the calendar.
inline constexpr Date kDateMin{-25'567};  // 1900-01-01

// The registry office: the life of a certificate from a device's registration to its end, by the rules
// that the registry's scheme has on the day. Syntax and rights are checked before it is called.
class Office {
 public:
  explicit Office(const Working& working)
      : events_(working.events), now_(working.now), state_(working.state), registry_(working.state.registry) {}

  // Rejects: attribute_unknown, scheme_invalid (detail: the key, also unit_size and dimension if a
  //          registry runs the scheme with others).
  // `ended`: lots whose last day of transfers is over by it, though it was not before.
  Result<SchemeId> load(const LoadScheme& command, std::vector<LotId>& ended);
  // Rejects: code_invalid, code_taken, name_invalid, country_invalid, scheme_unknown.
  Result<RegistryId> create(const CreateRegistry& command);
  // Rejects: registry_unknown, participant_unknown, name_invalid, country_invalid, scheme_unknown,
  //          country_not_allowed, carrier_not_allowed, device_field_missing, device_field_unknown, device_field_invalid.
  Result<DeviceId> register_device(const RegisterDevice& command);
  Result<DeviceId> approve(const ApproveDevice& command);
  // One declaration per device, carrier and day; nothing of the future. Deductions count in net schemes.
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
  Result<CancellationId> cancel(const CancelCertificates& command);
  [[nodiscard]] Verdict check(const WithdrawCash& command) const;
  Result<TransferId> withdraw(const WithdrawCash& command);
  Result<TransferId> recall(const RecallExit& command);

  // Due work.
  void complete_exit(TransferId id);
  // Writes off what is left of expired lots, those that expired first before others: each lot and each
  // holding counts as one of `limit`. Held certificates don't expire.
  void sweep(std::uint32_t limit);

 private:
  struct Issuance {
    SchemeId scheme;
    Units units;
    Measured carried_in;
    Measured carried_out;
    Date transferable_until;
    Date cancellable_until;
  };

  [[nodiscard]] const Scheme* scheme_today(RegistryId registry) const;
  [[nodiscard]] Verdict check_attributes(const Scheme& scheme) const;
  [[nodiscard]] Verdict check_recipients(const Scheme& scheme) const;
  [[nodiscard]] Verdict check_unit(const Scheme& scheme) const;
  [[nodiscard]] Result<Issuance> plan(const ApproveIssuance& command) const;
  [[nodiscard]] Verdict check_holder(AccountId account, const std::vector<ParticipantKind>& kinds,
                                     Reject otherwise) const;
  [[nodiscard]] Verdict check_unfrozen(AccountId account) const;
  // Whom certificates of this production may be issued to.
  [[nodiscard]] const std::vector<ParticipantKind>& recipients(const Scheme& scheme, const Device& device,
                                                               const Declaration& declaration);
  [[nodiscard]] ClockDays clock_days(const Declaration& declaration, Date issued) const;
  [[nodiscard]] Date transferable_until(const Scheme& scheme, const ClockDays& days) const;
  // Lots of the scheme change hands as its versions say now.
  void follow_sale_rules(const std::string& code, std::vector<LotId>& ended);
  [[nodiscard]] AttributeValues attributes_of(const Lot& lot, const Declaration& declaration);
  [[nodiscard]] Instant hold_until() const;
  [[nodiscard]] bool trusts(const Account& from, AccountId to) const;
  void move(const TransferCertificates& details, TransferId id);
  void finish(const Exit& exit);
  void give_back(const Exit& exit);

  Events& events_;
  Instant now_;
  State& state_;
  Registry& registry_;
};

}  // namespace origo
