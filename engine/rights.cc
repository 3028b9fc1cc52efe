#include "engine/rights.h"

namespace origo {
namespace {

// The decision for each command, in the words of the roles table.
class Judge {
 public:
  Judge(const State& state, UserId principal) : state_(state), principal_(principal) {}

  // the node
  Verdict operator()(const Bootstrap&) const { return Reject::already_bootstrapped; }
  Verdict operator()(const Tick&) const { return Reject::not_permitted; }
  Verdict operator()(const QuarantineRecord&) const { return Reject::not_permitted; }
  Verdict operator()(const SetRulesVersion&) const { return need(node(Role::admin)); }
  Verdict operator()(const SetRelaxations&) const { return need(node(Role::admin)); }
  Verdict operator()(const DefineAttribute&) const {
    return need(node(Role::admin) || node(Role::market_operator));
  }
  Verdict operator()(const LoadScheme&) const { return need(node(Role::admin)); }
  Verdict operator()(const CreateRegistry&) const { return need(node(Role::admin)); }

  // who takes part
  Verdict operator()(const CreateParticipant&) const {
    return need(node(Role::admin) || node(Role::market_operator) ||
                state_.parties.has_role(principal_, Role::registry_operator));
  }
  Verdict operator()(const CreateUser& c) const {
    return need(node(Role::admin) || of(c.participant, Role::participant_admin));
  }
  Verdict operator()(const ReplaceToken& c) const {
    const User* user = state_.parties.find(c.user);
    if (c.user == principal_ || node(Role::admin)) return std::nullopt;
    return need(user != nullptr && of(user->participant, Role::participant_admin));
  }
  Verdict operator()(const GrantRole& c) const { return may_grant(c.user, c.role, c.scope); }
  Verdict operator()(const RevokeRole& c) const { return may_grant(c.user, c.role, c.scope); }
  Verdict operator()(const OpenAccount& c) const {
    if (of(c.participant, Role::participant_admin)) return std::nullopt;
    return need(c.registry.is_set() ? in(c.registry, Role::registry_operator)
                                    : node(Role::market_operator));
  }
  Verdict operator()(const TrustAccount& c) const { return own(c.from, Role::participant_admin); }
  Verdict operator()(const SetFrozen& c) const {
    if (node(Role::admin) || node(Role::market_operator)) return std::nullopt;
    const Account* account =
        c.target == FreezeTarget::account ? state_.parties.find(AccountId(c.id)) : nullptr;
    return need(account != nullptr && account->registry.is_set() &&
                in(account->registry, Role::registry_operator));
  }
  // Its own traders and admins, and whoever runs the market.
  Verdict operator()(const SetKillSwitch& c) const {
    return need(node(Role::admin) || node(Role::market_operator) ||
                of(c.participant, Role::trader) || of(c.participant, Role::participant_admin));
  }
  // The client id is its user's: judged where client ids are known.
  Verdict operator()(const EndSession&) const { return std::nullopt; }
  Verdict operator()(const DepositCash&) const { return need(node(Role::market_operator)); }
  Verdict operator()(const WithdrawCash& c) const {
    return own(c.account, Role::participant_admin);
  }
  Verdict operator()(const RecallExit& c) const {
    const auto found = state_.registry.exits.find(c.transfer);
    if (found == state_.registry.exits.end()) return Reject::transfer_unknown;
    const Exit& exit = found->second;
    const Verdict barred = exit.is_cash ? own(exit.cash.account, Role::participant_admin)
                                        : own(exit.certificates.from, Role::holder);
    if (barred) return Refusal(Reject::transfer_unknown);
    return std::nullopt;
  }
  // Judged again for the command that is proposed.
  Verdict operator()(const ApproveProposal&) const { return std::nullopt; }
  Verdict operator()(const WithdrawProposal&) const { return std::nullopt; }

  // registry
  Verdict operator()(const RegisterDevice& c) const { return need(of(c.producer, Role::producer)); }
  Verdict operator()(const ApproveDevice& c) const {
    const Device* device = state_.registry.find(c.device);
    if (device == nullptr) return Reject::device_unknown;
    return need(in(device->registry, Role::registry_operator));
  }
  // Whoever owns it by its latest version, or the registry.
  Verdict operator()(const ChangeDevice& c) const {
    const Device* device = state_.registry.find(c.device);
    if (device == nullptr || !changes(*device)) return Reject::device_unknown;
    return std::nullopt;
  }
  Verdict operator()(const ApproveDeviceChange& c) const {
    const auto found = state_.registry.changes.find(c.change);
    if (found == state_.registry.changes.end()) return Reject::device_change_unknown;
    return need(
        in(state_.registry.get(found->second.details.device).registry, Role::registry_operator));
  }
  Verdict operator()(const RefuseDeviceChange& c) const {
    const auto found = state_.registry.changes.find(c.change);
    if (found == state_.registry.changes.end() ||
        !changes(state_.registry.get(found->second.details.device)))
      return Reject::device_change_unknown;
    return std::nullopt;
  }
  Verdict operator()(const SuspendDevice& c) const {
    const Device* device = state_.registry.find(c.device);
    if (device == nullptr) return Reject::device_unknown;
    return need(in(device->registry, Role::registry_operator));
  }
  Verdict operator()(const DeclareProduction& c) const {
    const Device* device = state_.registry.find(c.device);
    if (device == nullptr || !of(device->on(c.period.first).producer, Role::producer))
      return Reject::device_unknown;
    return std::nullopt;
  }
  Verdict operator()(const RequestIssuance& c) const {
    const Declaration* declaration = state_.registry.find(c.declaration);
    if (declaration == nullptr) return Reject::declaration_unknown;
    if (!of(state_.registry.maker_of(*declaration).producer, Role::producer))
      return Reject::declaration_unknown;
    return std::nullopt;
  }
  Verdict operator()(const ApproveIssuance& c) const { return may_issue(c.declaration); }
  Verdict operator()(const RecordEvidence& c) const { return may_issue(c.declaration); }
  Verdict operator()(const RecordCarbonSources& c) const { return may_issue(c.declaration); }
  Verdict operator()(const CorrectDeclaration& c) const { return may_issue(c.declaration); }
  Verdict operator()(const WithdrawCertificates& c) const {
    const Lot* lot = state_.registry.find(c.lot);
    if (lot == nullptr) return Reject::lot_unknown;
    return need(in(lot->registry, Role::issuing_body));
  }
  Verdict operator()(const FreezeCertificates& c) const {
    const Lot* lot = state_.registry.find(c.lot);
    if (lot == nullptr) return Reject::lot_unknown;
    return need(in(lot->registry, Role::registry_operator) ||
                in(lot->registry, Role::issuing_body));
  }
  Verdict operator()(const ConvertCertificates& c) const { return own(c.account, Role::holder); }
  // Those who may cancel; to strangers there is no such cancellation.
  Verdict operator()(const ClaimUse& c) const {
    const Cancellation* cancellation = state_.registry.find(c.cancellation);
    if (cancellation == nullptr) return Reject::cancellation_unknown;
    const Verdict barred = own(cancellation->account, Role::holder);
    if (barred && barred->code == Reject::account_unknown) return Reject::cancellation_unknown;
    return barred;
  }
  Verdict operator()(const TransferCertificates& c) const { return own(c.from, Role::holder); }
  Verdict operator()(const CancelCertificates& c) const { return own(c.account, Role::holder); }

  // mass balance
  Verdict operator()(const OpenSite& c) const { return need(of(c.participant, Role::holder)); }
  Verdict operator()(const ApproveSite& c) const {
    const Site* site = state_.registry.find(c.site);
    if (site == nullptr) return Reject::site_unknown;
    return need(in(site->registry, Role::registry_operator));
  }
  Verdict operator()(const BookInput& c) const { return may_book(c.site); }
  Verdict operator()(const BookOutput& c) const { return may_book(c.site); }
  Verdict operator()(const TakeIntoBalance& c) const { return own(c.account, Role::holder); }
  Verdict operator()(const SplitProof& c) const { return own(c.account, Role::holder); }

  // market
  Verdict operator()(const CreateMarket&) const { return need(node(Role::market_operator)); }
  Verdict operator()(const SetCalendar&) const { return need(node(Role::market_operator)); }
  Verdict operator()(const SetFees&) const { return need(node(Role::market_operator)); }
  Verdict operator()(const SetPhase&) const { return need(node(Role::market_operator)); }
  Verdict operator()(const SetReferencePrice&) const { return need(node(Role::market_operator)); }
  Verdict operator()(const CreateInstrument&) const { return need(node(Role::market_operator)); }
  Verdict operator()(const PlaceOrder& c) const { return order_of(c.account); }
  Verdict operator()(const AmendOrder& c) const { return order_of(c.target.account); }
  Verdict operator()(const ReduceOrder& c) const { return order_of(c.target.account); }
  Verdict operator()(const CancelOrder& c) const { return order_of(c.target.account); }
  Verdict operator()(const MassCancel& c) const { return order_of(c.account); }

  [[nodiscard]] Verdict order_of(AccountId account) const { return own(account, Role::trader); }

 private:
  static Verdict need(bool has) {
    if (has) return std::nullopt;
    return Refusal(Reject::not_permitted);
  }
  [[nodiscard]] bool node(Role role) const { return state_.parties.may(principal_, role, Scope{}); }
  [[nodiscard]] bool of(ParticipantId participant, Role role) const {
    return state_.parties.may(
        principal_, role, {.kind = ScopeKind::participant, .id = participant.value()});
  }
  [[nodiscard]] bool in(RegistryId registry, Role role) const {
    return state_.parties.may(
        principal_, role, {.kind = ScopeKind::registry, .id = registry.value()});
  }
  // Whoever may ask for changes of the device.
  [[nodiscard]] bool changes(const Device& device) const {
    return of(device.latest().producer, Role::producer) ||
           in(device.registry, Role::registry_operator);
  }
  // The body that issues the declaration's certificates.
  [[nodiscard]] Verdict may_issue(DeclarationId id) const {
    const Declaration* declaration = state_.registry.find(id);
    if (declaration == nullptr) return Refusal(Reject::declaration_unknown);
    return need(in(state_.registry.find(declaration->device)->registry, Role::issuing_body));
  }
  [[nodiscard]] Verdict may_book(SiteId id) const {
    const Site* site = state_.registry.find(id);
    if (site == nullptr || !of(site->participant, Role::holder)) return Reject::site_unknown;
    return std::nullopt;
  }
  // The account is of a participant for which the principal has `role`. Those who act for the
  // participant in another role learn that the role is missing; strangers learn nothing.
  [[nodiscard]] Verdict own(AccountId id, Role role) const {
    const Account* account = state_.parties.find(id);
    if (account == nullptr) return Refusal(Reject::account_unknown);
    if (of(account->participant, role)) return std::nullopt;
    const bool insider = state_.parties.get(principal_).participant == account->participant;
    return Refusal(insider ? Reject::not_permitted : Reject::account_unknown);
  }
  // Admins give any role; a participant's admin gives the roles that act for that participant only.
  [[nodiscard]] Verdict may_grant(UserId user, Role role, const Scope& scope) const {
    if (node(Role::admin)) return std::nullopt;
    const User* subject = state_.parties.find(user);
    const bool local = role == Role::trader || role == Role::holder || role == Role::producer;
    return need(local && subject != nullptr && scope.kind == ScopeKind::participant &&
                scope.id == subject->participant.value() &&
                of(subject->participant, Role::participant_admin));
  }

  const State& state_;
  UserId principal_;
};

}  // namespace

Verdict authorise_order(State& state, UserId principal, AccountId account) {
  if (state.parties.find(principal) != nullptr) {
    if (const Verdict barred = Judge(state, principal).order_of(account)) return barred;
    AccountStanding& standing = state.market.standings.of(account);
    standing.trader = principal;
    standing.trader_as_of = state.standing_version;
    return std::nullopt;
  }
  if (state.parties.participants().empty()) return Reject::not_bootstrapped;
  return principal.is_set() ? Reject::user_unknown : Reject::not_permitted;
}

Verdict authorise(const State& state, UserId principal, const Command& command) {
  const bool empty = state.parties.participants().empty();
  if (!principal.is_set()) {
    if (std::holds_alternative<Tick>(command) || std::holds_alternative<Bootstrap>(command) ||
        std::holds_alternative<QuarantineRecord>(command) ||
        std::holds_alternative<EndSession>(command))
      return std::nullopt;
    return empty ? Reject::not_bootstrapped : Reject::not_permitted;
  }
  if (empty) return Reject::not_bootstrapped;
  const User* user = state.parties.find(principal);
  if (user == nullptr) return Reject::user_unknown;
  return std::visit(Judge(state, principal), command);
}

bool may_quarantine(const State& state, UserId first, UserId second) {
  const auto operates = [&](UserId id) {
    return state.parties.find(id) != nullptr &&
           (state.parties.may(id, Role::admin, Scope{}) ||
            state.parties.may(id, Role::market_operator, Scope{}));
  };
  return operates(first) && operates(second) && !state.parties.same_person(first, second);
}

bool needs_four_eyes(const State& state, const Command& command) {
  if (state.relaxations.four_eyes) return false;
  if (std::holds_alternative<ApproveIssuance>(command) ||
      std::holds_alternative<WithdrawCash>(command) ||
      std::holds_alternative<WithdrawCertificates>(command) ||
      std::holds_alternative<CorrectDeclaration>(command))
    return true;
  // Roles need a second admin, as soon as there is one.
  const bool roles =
      std::holds_alternative<GrantRole>(command) || std::holds_alternative<RevokeRole>(command);
  return roles && state.parties.admin_persons() > 1;
}

}  // namespace origo
