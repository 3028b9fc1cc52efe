#include "gateway/cli/base/rehearsal.h"

#include "engine/registry/fields.h"

namespace origo::gateway {
namespace {

constexpr RegistryId kRegistry{1};

template <class Id>
Id id_in(const Rehearsal::Heard& heard) {
  return Id(static_cast<typename Id::Rep>(heard.id));
}

}  // namespace

Rehearsal::Rehearsal(const Scheme& scheme, const std::string& country, Instant now)
    : now_(now), country_(country) {
  Hash256 token{};
  token[0] = 1;
  give(UserId(), Bootstrap{.venue_name = "rehearsal", .admin_token = token});
  registry(SetRelaxations{.four_eyes = true, .holds = true, .exit_hold_ns = 0});
  for (const Role role : {Role::registry_operator, Role::issuing_body})
    registry(GrantRole{.user = kAdmin, .role = role, .scope = {}});
  for (const std::vector<FieldRule>* rules : {&scheme.device_fields, &scheme.production_fields}) {
    for (const FieldRule& rule : *rules) {
      if (!rule.attribute.empty())
        registry(DefineAttribute{.name = rule.attribute, .kind = attribute_kind(rule.kind)});
    }
  }
  LoadScheme load{.scheme = scheme, .source = {}};
  load.scheme.claims.clear();  // nothing is claimed here, and what they ask of is not known
  load.scheme.claims_barred.clear();
  const Heard loaded = registry(load);
  const Heard opened =
      registry(CreateRegistry{.code = "R", .name = "R", .scheme = scheme.code, .country = country});
  trouble_ = loaded.ok() ? opened.refused : loaded.refused;
  const Heard own = registry(
      CreateParticipant{.name = "import", .country = country, .kinds = {ParticipantKind::trader}});
  token[0] = 2;
  trustee_ = id_in<UserId>(registry(CreateUser{.participant = id_in<ParticipantId>(own),
                                               .name = "trustee",
                                               .person = "trustee",
                                               .token = token}));
}

Rehearsal::Heard Rehearsal::give(UserId principal, const Command& command) {
  Events events;
  const Answer answer = exchange_.apply(
      {.sequence = Sequence(++sequence_), .time = now_, .origin = {.principal = principal}},
      command,
      events);
  if (answer.ok()) return {.id = answer.id, .refused = {}};
  const RejectInfo& info = info_of(answer.code);
  std::string refused = std::string(info.field) + " " + std::string(info.rule);
  if (!answer.detail.empty()) refused += ": " + answer.detail;
  return {.id = 0, .refused = refused};
}

ParticipantId Rehearsal::participant(const std::string& name,
                                     const std::vector<ParticipantKind>& kinds) {
  const auto known = participants_.find(name);
  if (known != participants_.end()) return known->second;
  const auto id = id_in<ParticipantId>(
      registry(CreateParticipant{.name = name, .country = country_, .kinds = kinds}));
  for (const Role role : {Role::producer, Role::holder}) {
    registry(GrantRole{.user = trustee_,
                       .role = role,
                       .scope = {.kind = ScopeKind::participant, .id = id.value()}});
  }
  participants_.emplace(name, id);
  return id;
}

Rehearsal::Heard Rehearsal::account(const std::string& name) {
  const auto known = accounts_.find(name);
  if (known != accounts_.end()) return {.id = known->second.value(), .refused = {}};
  const Heard opened = registry(
      OpenAccount{.participant = participants_.at(name), .registry = kRegistry, .name = name});
  if (opened.ok()) accounts_.emplace(name, id_in<AccountId>(opened));
  return opened;
}

Rehearsal::Heard Rehearsal::add_device(const std::string& key,
                                       const RegisterDevice& details,
                                       ParticipantId producer) {
  RegisterDevice device = details;
  device.registry = kRegistry;
  device.producer = producer;
  const Heard registered = company(device);
  if (!registered.ok()) return registered;
  devices_[key] = id_in<DeviceId>(registered);
  return registry(ApproveDevice{.device = devices_[key]});
}

DeviceId Rehearsal::device(const std::string& key) const {
  const auto found = devices_.find(key);
  return found == devices_.end() ? DeviceId() : found->second;
}

Rehearsal::Heard Rehearsal::declare(const std::string& key,
                                    const std::string& carrier,
                                    const Period& period,
                                    Measured gross) {
  const std::tuple production(key, carrier, period.first, period.last);
  const auto known = declared_.find(production);
  if (known != declared_.end()) return {.id = known->second, .refused = {}};
  const Heard declared = company(DeclareProduction{.device = device(key),
                                                   .carrier = carrier,
                                                   .period = period,
                                                   .gross = gross,
                                                   .deductions = {},
                                                   .fields = {}});
  if (declared.ok()) declared_.emplace(production, declared.id);
  return declared;
}

void Rehearsal::freeze(FreezeTarget target, std::uint32_t id) {
  registry(SetFrozen{.target = target, .id = id, .frozen = true, .reason = "as at the node"});
}

Rehearsal::Heard Rehearsal::change(ChangeDevice change) {
  const Heard asked = company(change);
  if (!asked.ok()) return asked;
  return registry(ApproveDeviceChange{.change = id_in<DeviceChangeId>(asked)});
}

}  // namespace origo::gateway
