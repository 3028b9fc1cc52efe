#include "gateway/cli/import/importer.h"

#include <algorithm>
#include <fstream>
#include <iostream>
#include <iterator>
#include <utility>

#include "proto/codec/commands.h"
#include "proto/codec/names.h"
#include "proto/codec/schemes.h"

namespace origo::gateway {
namespace {

// "ODRE 458" of "Name (ODRE 458)"; empty if the name does not end so.
std::string key_in(const std::string& name) {
  const auto open = name.rfind(" (");
  if (open == std::string::npos || !name.ends_with(')')) return {};
  return name.substr(open + 2, name.size() - open - 3);
}

// The token in a file, or of a name in a data directory.
std::string token_of(const std::string& who, const std::string& data) {
  for (const std::string& path : {who, data + "/users/" + who + ".token"}) {
    std::ifstream file(path);
    std::string token;
    if (file >> token) return token;
  }
  throw Failure(Exit::usage,
                "no token of " + who,
                "--approve-as takes a token file, or a name in the data directory's users/");
}

}  // namespace

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

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
  if (!options_.approve_as.empty()) {
    second_ =
        std::make_unique<Session>(admin_, token_of(options_.approve_as, admin_.options().data));
    const auto user = [](Session& session) {
      return session.ask(&v1::Accounts::Stub::WhoAmI, v1::WhoAmIRequest()).user().user();
    };
    if (user(*second_) == user(admin_))
      throw Failure(Exit::usage, "--approve-as must be another person than imports");
  }
  look_around();
}

void Importer::look_around() {
  const auto registries =
      admin_.ask_all(&v1::Registry::Stub::ListRegistries, v1::ListRegistriesRequest(), kEveryRow);
  for (const v1::RegistryDomain& registry : registries.registries()) {
    if (registry.code() != options_.registry) continue;
    registry_ = RegistryId(static_cast<RegistryId::Rep>(registry.registry()));
    scheme_ = registry.scheme();
  }
  const auto participants = admin_.ask_all(
      &v1::Accounts::Stub::ListParticipants, v1::ListParticipantsRequest(), kEveryRow);
  for (const v1::Participant& one : participants.participants()) {
    const ParticipantId id(static_cast<ParticipantId::Rep>(one.participant()));
    participants_.emplace(one.name(), id);
    details_[id] = one;
  }
  if (!registry_.is_set()) return;
  const auto accounts =
      admin_.ask_all(&v1::Accounts::Stub::ListAccounts, v1::ListAccountsRequest(), kEveryRow);
  for (const v1::Account& account : accounts.accounts()) {
    if (account.registry() != registry_.value()) continue;
    const AccountId id(static_cast<AccountId::Rep>(account.account()));
    accounts_.emplace(ParticipantId(static_cast<ParticipantId::Rep>(account.participant())), id);
    if (account.frozen()) frozen_accounts_.insert(id);
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
  Actor& made = found != nullptr ? *found : cast_.create(user, of, {}, scope);
  const auto who = made.session->ask(&v1::Accounts::Stub::WhoAmI, v1::WhoAmIRequest());
  std::vector<Command> grants;
  for (const Role role : roles) {
    const bool held = std::ranges::any_of(who.user().roles(), [&](const v1::RoleGrant& grant) {
      return static_cast<int>(grant.role()) == static_cast<int>(role) &&
             grant.scope().id() == scope.id;
    });
    if (held) continue;
    grants.push_back(GrantRole{
        .user = UserId(static_cast<UserId::Rep>(who.user().user())), .role = role, .scope = scope});
  }
  send(sender_, grants, "roles of " + user);
  return made;
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

void Importer::prepare(const std::string& scheme, const std::string& country) {
  country_ = country;
  if (scheme_.empty()) scheme_ = scheme;
  const auto status = admin_.ask(&v1::Admin::Stub::Status, v1::StatusRequest());
  const Instant now(status.now());
  today_ = date_of(now);
  v1::GetSchemeRequest request;
  request.set_code(scheme_);
  request.set_day(to_string(today_));
  v1::GetSchemeResponse answer;
  try {
    answer = admin_.ask(&v1::Registry::Stub::GetScheme, request);
  } catch (const Failure& failure) {
    if (failure.exit() != Exit::not_found) throw;
    throw Failure(Exit::failed,
                  "the node has no scheme " + scheme_ + " on " + to_string(today_),
                  "load it: `origo scheme load FILE`");
  }
  Scheme rules;
  if (proto::read_scheme(answer.scheme(), rules))
    throw Failure(Exit::failed, "the node's scheme " + scheme_ + " is not understood");
  rehearsal_ = std::make_unique<Rehearsal>(rules, country, now);
  if (!rehearsal_->trouble().empty())
    throw Failure(
        Exit::failed,
        "rows cannot be judged by the node's scheme " + scheme_ + ": " + rehearsal_->trouble());
  hold_devices();
}

ParticipantId Importer::rehearse(const std::string& company,
                                 const std::vector<ParticipantKind>& kinds) {
  const auto known = participants_.find(company);
  if (known == participants_.end()) return rehearsal_->participant(company, kinds);
  const v1::Participant& details = details_.at(known->second);
  std::vector<ParticipantKind> own;
  for (const int kind : details.kinds()) own.push_back(static_cast<ParticipantKind>(kind));
  return rehearsal_->participant(company, own);
}

Rehearsal::Heard Importer::rehearse_account(const std::string& company,
                                            const std::vector<ParticipantKind>& kinds) {
  rehearse(company, kinds);
  const Rehearsal::Heard account = rehearsal_->account(company);
  if (account.ok() && frozen_accounts_.contains(find_account(company)))
    rehearsal_->freeze(FreezeTarget::account, static_cast<std::uint32_t>(account.id));
  return account;
}

void Importer::open() {
  if (registry_.is_set()) return;
  registry_ =
      id_of<RegistryId>(sender_.must_send(CreateRegistry{.code = options_.registry,
                                                         .name = "Registry " + options_.registry,
                                                         .scheme = scheme_,
                                                         .country = country_},
                                          "opening the registry " + options_.registry));
  done_.push_back("registry opened");
  look_around();
}

void Importer::empower_second() {
  if (second_ == nullptr) return;
  const auto who = second_->ask(&v1::Accounts::Stub::WhoAmI, v1::WhoAmIRequest());
  const Scope own{.kind = ScopeKind::registry, .id = registry_.value()};
  const bool issues = std::ranges::any_of(who.user().roles(), [&](const v1::RoleGrant& grant) {
    return grant.role() == v1::ROLE_ISSUING_BODY &&
           (grant.scope().kind() == v1::SCOPE_KIND_NODE || grant.scope().id() == own.id);
  });
  if (issues) return;
  send(sender_,
       {GrantRole{.user = UserId(static_cast<UserId::Rep>(who.user().user())),
                  .role = Role::issuing_body,
                  .scope = own}},
       "roles of the second person");
}

std::string Importer::done_so_far() const {
  return done_.empty() ? "nothing was done before" : "done before: " + joined(done_);
}

std::vector<v1::Answer> Importer::send(Sender& sender,
                                       const std::vector<Command>& commands,
                                       const std::string& what) {
  if (commands.empty()) return {};
  constexpr const char* kGoesOn = "a repeat goes on from there";
  std::optional<Progress> progress;
  if (!shell_.json) progress.emplace(what, commands.size());
  std::vector<v1::Answer> answers;
  try {
    answers = sender.send(commands, [&](std::size_t n) {
      if (progress) progress->add(n);
    });
    consent(commands, answers);
  } catch (const Failure& failure) {
    throw Failure(failure.exit(),
                  std::string(failure.what()) + "; " + what + ": not known; " + done_so_far(),
                  kGoesOn);
  }
  const auto refused = std::ranges::find_if(answers, &v1::Answer::has_reject);
  const auto accepted = static_cast<std::size_t>(std::ranges::count_if(
      answers, [](const v1::Answer& answer) { return !answer.has_reject(); }));
  const std::string told =
      what + ": " + std::to_string(accepted) + " of " + std::to_string(commands.size());
  if (refused != answers.end()) {
    throw Failure(Exit::refused,
                  told + " done, the first of the others refused: " + describe(refused->reject()) +
                      "; " + done_so_far(),
                  kGoesOn);
  }
  if (progress) progress->finish("");
  done_.push_back(told);
  return answers;
}

// What became a proposal is done once the second person agrees; the answers become those of the
// commands.
void Importer::consent(const std::vector<Command>& commands, std::vector<v1::Answer>& answers) {
  if (second_ == nullptr) return;
  const auto may_wait = [](const Command& command) {
    return std::holds_alternative<ApproveIssuance>(command) ||
           std::holds_alternative<GrantRole>(command);
  };
  if (std::ranges::none_of(commands, may_wait)) return;
  const auto list =
      second_->ask_all(&v1::Accounts::Stub::ListProposals, v1::ListProposalsRequest(), kEveryRow);
  std::map<std::uint64_t, std::string> open;
  for (const v1::Proposal& proposal : list.proposals())
    open[proposal.proposal()] = proposal.command();
  std::vector<std::size_t> waiting;
  std::vector<Command> approvals;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const auto proposal = open.find(answers[i].id());
    const std::string name = std::visit(
        [](const auto& one) { return proto::type_name<std::remove_cvref_t<decltype(one)>>(); },
        commands[i]);
    if (answers[i].has_reject() || proposal == open.end() || proposal->second != name) continue;
    waiting.push_back(i);
    approvals.push_back(
        ApproveProposal{.proposal = ProposalId(static_cast<ProposalId::Rep>(proposal->first))});
  }
  if (approvals.empty()) return;
  Sender approver(*second_);
  const auto approved = approver.send(approvals, {});
  for (std::size_t i = 0; i < approved.size(); ++i) answers[waiting[i]] = approved[i];
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

std::optional<Exit> settle(const ImportReport& report, Importer& importer) {
  const ImportOptions& options = importer.options();
  const bool refused = !report.refused.empty();
  if (options.dry_run || (refused && !options.skip_refused)) {
    ImportReport told = report;
    if (!options.dry_run) {
      told.imported = 0;
      told.changed.clear();
    }
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
