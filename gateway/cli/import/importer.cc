#include "gateway/cli/import/importer.h"

#include <fstream>
#include <iostream>
#include <iterator>
#include <utility>

namespace origo::gateway {
namespace {

// "ODRE 458" of "Name (ODRE 458)"; empty if the name does not end so.
std::string key_in(const std::string& name) {
  const auto open = name.rfind(" (");
  if (open == std::string::npos || !name.ends_with(')')) return {};
  return name.substr(open + 2, name.size() - open - 3);
}

}  // namespace

std::string read_whole(const std::string& file) {
  if (file == "-") return {std::istreambuf_iterator<char>(std::cin), {}};
  std::ifstream in(file, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), {}};
  if (!in.is_open() || in.bad()) throw Failure(Exit::usage, "cannot read " + file);
  return text;
}

Importer::Importer(Shell& shell, ImportOptions options)
    : shell_(shell),
      options_(std::move(options)),
      admin_(shell.session()),
      sender_(admin_),
      cast_(admin_, admin_.options().data) {
  look_around();
}

void Importer::look_around() {
  const auto registries =
      admin_.ask_all(&v1::Registry::Stub::ListRegistries, v1::ListRegistriesRequest(), kEveryRow);
  for (const v1::RegistryDomain& registry : registries.registries()) {
    if (registry.code() == options_.registry)
      registry_ = RegistryId(static_cast<RegistryId::Rep>(registry.registry()));
  }
  if (!registry_.is_set()) return;
  const auto participants = admin_.ask_all(
      &v1::Accounts::Stub::ListParticipants, v1::ListParticipantsRequest(), kEveryRow);
  for (const v1::Participant& one : participants.participants()) {
    participants_.emplace(one.name(),
                          ParticipantId(static_cast<ParticipantId::Rep>(one.participant())));
  }
  const auto accounts =
      admin_.ask_all(&v1::Accounts::Stub::ListAccounts, v1::ListAccountsRequest(), kEveryRow);
  for (const v1::Account& account : accounts.accounts()) {
    if (account.registry() != registry_.value()) continue;
    accounts_.emplace(ParticipantId(static_cast<ParticipantId::Rep>(account.participant())),
                      AccountId(static_cast<AccountId::Rep>(account.account())));
  }
  v1::ListDevicesRequest request;
  request.set_registry(registry_.value());
  const auto devices = admin_.ask_all(&v1::Registry::Stub::ListDevices, request, kEveryRow);
  for (const v1::Device& device : devices.devices()) {
    if (const std::string key = key_in(device.name()); !key.empty()) devices_.emplace(key, device);
  }
}

AccountId Importer::find_account(const std::string& name) const {
  const auto participant = participants_.find(name);
  if (participant == participants_.end()) return {};
  const auto account = accounts_.find(participant->second);
  return account == accounts_.end() ? AccountId() : account->second;
}

ParticipantId Importer::body(const std::string& name,
                             ParticipantKind kind,
                             const std::string& country) {
  const auto known = participants_.find(name);
  if (known != participants_.end()) return known->second;
  const auto made = id_of<ParticipantId>(sender_.must_send(
      CreateParticipant{.name = name, .country = country, .kinds = {kind}}, "admitting " + name));
  participants_.emplace(name, made);
  return made;
}

Actor& Importer::actor(const std::string& name,
                       ParticipantId of,
                       const std::vector<Role>& roles,
                       Scope scope) {
  const std::string user = "import-" + options_.registry + "-" + name;
  if (admin_.options().data.empty()) {
    throw Failure(Exit::usage,
                  "an import keeps the tokens of the users that it makes",
                  "give the node's data directory with --data DIR, or set ORIGO_DATA");
  }
  Actor* const found = cast_.find_again(user);
  return found != nullptr ? *found : cast_.create(user, of, roles, scope);
}

Sender& Importer::registrar() {
  return *actor("registrar",
                body("Issuing body of " + options_.registry, ParticipantKind::registry, country_),
                {Role::registry_operator},
                {.kind = ScopeKind::registry, .id = registry_.value()})
              .sender;
}

Sender& Importer::issuer() {
  return *actor("issuer",
                body("Issuing body of " + options_.registry, ParticipantKind::registry, country_),
                {Role::issuing_body},
                {.kind = ScopeKind::registry, .id = registry_.value()})
              .sender;
}

Sender& Importer::trustee() {
  const ParticipantId of =
      body("Import of " + options_.registry, ParticipantKind::trader, country_);
  return *actor("trustee", of, {Role::holder}, {.kind = ScopeKind::participant, .id = of.value()})
              .sender;
}

void Importer::open(const std::string& scheme, const std::string& country) {
  country_ = country;
  if (registry_.is_set()) return;
  registry_ =
      id_of<RegistryId>(sender_.must_send(CreateRegistry{.code = options_.registry,
                                                         .name = "Registry " + options_.registry,
                                                         .scheme = scheme,
                                                         .country = country},
                                          "opening the registry " + options_.registry));
  look_around();
}

std::vector<v1::Answer> Importer::send(Sender& sender,
                                       const std::vector<Command>& commands,
                                       const std::string& what) {
  if (commands.empty()) return {};
  if (shell_.json) return sender.must_send(commands, what, {});
  Progress progress(what, commands.size());
  auto answers = sender.must_send(commands, what, [&](std::size_t n) { progress.add(n); });
  progress.finish("");
  return answers;
}

void Importer::admit(const std::set<std::string>& names,
                     const std::vector<ParticipantKind>& kinds,
                     const std::string& country) {
  std::vector<std::string> missing;
  std::vector<Command> commands;
  for (const std::string& name : names) {
    if (participants_.contains(name)) continue;
    missing.push_back(name);
    commands.push_back(CreateParticipant{.name = name, .country = country, .kinds = kinds});
  }
  const auto answers = send(sender_, commands, "participants admitted");
  for (std::size_t i = 0; i < answers.size(); ++i)
    participants_.emplace(missing[i], id_of<ParticipantId>(answers[i]));

  const auto who = trustee().session().ask(&v1::Accounts::Stub::WhoAmI, v1::WhoAmIRequest());
  std::set<std::pair<int, std::uint64_t>> held;
  for (const v1::RoleGrant& grant : who.user().roles())
    held.emplace(grant.role(), grant.scope().id());
  const UserId user(static_cast<UserId::Rep>(who.user().user()));
  std::vector<Command> grants;
  for (const std::string& name : names) {
    const ParticipantId of = participants_.at(name);
    for (const Role role : {Role::producer, Role::holder}) {
      if (held.contains({static_cast<int>(role), of.value()})) continue;
      grants.push_back(GrantRole{
          .user = user, .role = role, .scope = {.kind = ScopeKind::participant, .id = of.value()}});
    }
  }
  send(sender_, grants, "roles granted");
}

void Importer::open_accounts(const std::set<std::string>& names) {
  std::vector<ParticipantId> owners;
  std::vector<Command> commands;
  for (const std::string& name : names) {
    const ParticipantId owner = participants_.at(name);
    if (accounts_.contains(owner)) continue;
    owners.push_back(owner);
    commands.push_back(OpenAccount{.participant = owner, .registry = registry_, .name = name});
  }
  const auto answers = send(registrar(), commands, "accounts opened");
  for (std::size_t i = 0; i < answers.size(); ++i)
    accounts_.emplace(owners[i], id_of<AccountId>(answers[i]));
}

void Importer::register_plants(const std::vector<const Plant*>& plants) {
  std::vector<Command> registrations;
  for (const Plant* const plant : plants) {
    RegisterDevice device = plant->device;
    device.registry = registry_;
    device.producer = participants_.at(plant->producer);
    registrations.push_back(std::move(device));
  }
  const auto answers = send(trustee(), registrations, "plants registered");
  std::vector<Command> approvals;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    v1::Device device;
    device.set_device(answers[i].id());
    device.set_approved(true);
    devices_[plants[i]->key] = device;
    approvals.push_back(ApproveDevice{.device = id_of<DeviceId>(answers[i])});
  }
  // An earlier import may have ended between the two.
  for (auto& [key, device] : devices_) {
    if (device.approved()) continue;
    approvals.push_back(
        ApproveDevice{.device = DeviceId(static_cast<DeviceId::Rep>(device.device()))});
    device.set_approved(true);
  }
  send(registrar(), approvals, "plants approved");
}

std::optional<Exit> settle(const ImportReport& report, Importer& importer) {
  const ImportOptions& options = importer.options();
  const bool refused = !report.refused.empty();
  if (options.dry_run || (refused && !options.skip_refused)) {
    ImportReport told = report;
    if (!options.dry_run) told.imported = 0;
    print(told, importer.shell().json);
    if (refused && !options.dry_run) {
      throw Failure(
          Exit::refused,
          std::to_string(report.refused.size()) + " rows were refused: nothing was imported",
          "correct them, or import the others with --skip-refused");
    }
    return refused ? Exit::refused : Exit::ok;
  }
  return std::nullopt;
}

}  // namespace origo::gateway
