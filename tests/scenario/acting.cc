#include "tests/scenario/steps.h"

// Who gives a command that names nobody, and what becomes of the name it gives.
namespace origo::scenario {

// The user whose business the command is.
UserId Stepper::principal_for(const Command& command) const {
  const auto owner = [&](AccountId account) { return world_.user_of(account); };
  return std::visit(
      [&](const auto& body) -> UserId {
        using T = std::remove_cvref_t<decltype(body)>;
        if constexpr (std::is_same_v<T, Bootstrap> || std::is_same_v<T, Tick> ||
                      std::is_same_v<T, QuarantineRecord>) {
          return UserId();
        } else if constexpr (std::is_same_v<T, EndSession>) {
          const auto opened_by = client_owners_.find(body.client);
          return opened_by == client_owners_.end() ? world_.user_called("admin")
                                                   : opened_by->second;
        } else if constexpr (std::is_same_v<T, SetKillSwitch>) {
          return world_.user_of(body.participant);
        } else if constexpr (requires { body.target.account; }) {
          return owner(body.target.account);
        } else if constexpr (std::is_same_v<T, TransferCertificates> ||
                             std::is_same_v<T, TrustAccount>) {
          return owner(body.from);
        } else if constexpr (std::is_same_v<T, DeclareProduction>) {
          return world_.producer_of(body.device);
        } else if constexpr (std::is_same_v<T, ChangeDevice>) {
          return world_.producer_of(body.device);
        } else if constexpr (std::is_same_v<T, RequestIssuance>) {
          return world_.producer_of(body.declaration);
        } else if constexpr (std::is_same_v<T, RegisterDevice>) {
          return world_.user_of(body.producer);
        } else if constexpr (std::is_same_v<T, ClaimUse>) {
          return world_.canceller_of(body.cancellation);
        } else if constexpr (std::is_same_v<T, OpenSite>) {
          return world_.user_of(body.participant);
        } else if constexpr (std::is_same_v<T, BookInput> || std::is_same_v<T, BookOutput>) {
          return world_.keeper_of(body.site);
        } else if constexpr (std::is_same_v<T, ApproveIssuance> ||
                             std::is_same_v<T, RecordEvidence> ||
                             std::is_same_v<T, RecordCarbonSources> ||
                             std::is_same_v<T, WithdrawCertificates> ||
                             std::is_same_v<T, CorrectDeclaration>) {
          return world_.user_called("issuer");
        } else if constexpr (std::is_same_v<T, OpenAccount>) {
          return world_.user_called(body.registry.is_set() ? "registrar" : "operator");
        } else if constexpr (std::is_same_v<T, ApproveDevice> || std::is_same_v<T, ApproveSite> ||
                             std::is_same_v<T, SuspendDevice> ||
                             std::is_same_v<T, ApproveDeviceChange> ||
                             std::is_same_v<T, RefuseDeviceChange> ||
                             std::is_same_v<T, FreezeCertificates>) {
          return world_.user_called("registrar");
        } else if constexpr (std::is_same_v<T, DepositCash> || std::is_same_v<T, CreateMarket> ||
                             std::is_same_v<T, SetCalendar> || std::is_same_v<T, SetFees> ||
                             std::is_same_v<T, SetPhase> || std::is_same_v<T, CreateInstrument> ||
                             std::is_same_v<T, DefineAttribute> || std::is_same_v<T, SetFrozen> ||
                             std::is_same_v<T, SetReferencePrice>) {
          return world_.user_called("operator");
        } else if constexpr (requires { body.account; }) {
          return owner(body.account);
        } else {
          return world_.user_called("admin");
        }
      },
      command);
}

// Gives what was created the name that the step or the command has for it.
void Stepper::bind(const Command& command) {
  const std::uint64_t id = outcome_.answer.id;
  if (id == 0) return;
  Names& names = world_.names();
  const auto name_it = [&](Kind kind, const std::string& own) {
    if (!envelope_.as.empty())
      names.bind(kind, envelope_.as, id);
    else if (!own.empty())
      names.bind(kind, own, id);
  };
  if (outcome_.answer.proposed) return name_it(Kind::proposal, "");
  std::visit(
      [&](const auto& body) {
        using T = std::remove_cvref_t<decltype(body)>;
        if constexpr (std::is_same_v<T, CreateParticipant>) {
          name_it(Kind::participant, body.name);
        } else if constexpr (std::is_same_v<T, CreateUser>) {
          name_it(Kind::user, body.name);
        } else if constexpr (std::is_same_v<T, OpenAccount>) {
          name_it(Kind::account, body.name);
          world_.record_account(id_of<AccountId>(id), body.participant);
        } else if constexpr (std::is_same_v<T, LoadScheme>) {
          name_it(Kind::scheme, "");
        } else if constexpr (std::is_same_v<T, CreateRegistry>) {
          name_it(Kind::registry, body.code);
        } else if constexpr (std::is_same_v<T, RegisterDevice>) {
          name_it(Kind::device, body.name);
          world_.record_device(id_of<DeviceId>(id), body.producer);
        } else if constexpr (std::is_same_v<T, ChangeDevice>) {
          name_it(Kind::device_change, "");
        } else if constexpr (std::is_same_v<T, DeclareProduction>) {
          name_it(Kind::declaration, "");
          world_.record_declaration(id_of<DeclarationId>(id), body.device);
        } else if constexpr (std::is_same_v<T, ApproveIssuance>) {
          name_it(Kind::lot, "");
        } else if constexpr (std::is_same_v<T, TransferCertificates> ||
                             std::is_same_v<T, WithdrawCash>) {
          name_it(Kind::transfer, "");
        } else if constexpr (std::is_same_v<T, CancelCertificates> ||
                             std::is_same_v<T, ConvertCertificates>) {
          name_it(Kind::cancellation, "");
          world_.record_cancellation(CancellationId(id), body.account);
        } else if constexpr (std::is_same_v<T, ClaimUse>) {
          name_it(Kind::claim, "");
        } else if constexpr (std::is_same_v<T, OpenSite>) {
          name_it(Kind::site, body.name);
          world_.record_site(id_of<SiteId>(id), body.participant);
        } else if constexpr (std::is_same_v<T, CreateMarket>) {
          name_it(Kind::market, body.code);
        } else if constexpr (std::is_same_v<T, CreateInstrument>) {
          name_it(Kind::instrument, body.code);
        } else if constexpr (std::is_same_v<T, PlaceOrder>) {
          name_it(Kind::order, outcome_.order);
        }
      },
      command);
}

}  // namespace origo::scenario
