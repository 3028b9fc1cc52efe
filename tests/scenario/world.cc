#include "tests/scenario/world.h"

#include <algorithm>
#include <cstdio>
#include <set>

#include "tests/scenario/samples.h"

namespace origo::scenario {
namespace {

constexpr std::int64_t kSecondNs = 1'000'000'000;
constexpr std::int64_t kAmpleCash = 1'000'000'000'000'000;
constexpr std::int64_t kAmpleUnits = 10'000'000'000;
constexpr std::int64_t kAmplePrice =
    10'000'000;  // at least; more where the scenario's prices are higher
constexpr std::int64_t kAmplePriceMax = 1'000'000'000;

// The largest number that any step has under one of `keys`.
std::int64_t largest(const Json& steps, const std::vector<const char*>& keys) {
  std::int64_t most = 0;
  for (const Json& step : steps) {
    if (!step.is_object()) continue;
    for (const char* key : keys) {
      const auto found = step.find(key);
      if (found == step.end() || !found->is_number_integer()) continue;
      if (found->is_number_unsigned() && found->get<std::uint64_t>() > (1ULL << 62)) continue;
      most = std::max(most, found->get<std::int64_t>());
    }
  }
  return most;
}

// Whole numbers are seconds, unless they are so large that they must be parts of seconds.
std::int64_t clock_unit(const Json& steps) {
  const std::int64_t most = largest(steps, {"now", "expire"});
  constexpr std::int64_t kSecondsMax = 5'000'000'000;  // 158 years
  std::int64_t unit = kSecondNs;
  for (std::int64_t limit = kSecondsMax; most > limit && unit > 1; limit *= 1000) unit /= 1000;
  return unit;
}

bool has_market_step(const Json& steps) {
  static const std::set<std::string> verbs = {"place",
                                              "cancel",
                                              "amend",
                                              "reduce",
                                              "mass_cancel",
                                              "phase",
                                              "set_last",
                                              "set_ref",
                                              "place_order"};
  return std::any_of(steps.begin(), steps.end(), [](const Json& step) {
    if (!step.is_object()) return false;
    const auto verb = step.find("do");
    return verb != step.end() && verb->is_string() && verbs.contains(verb->get<std::string>());
  });
}

}  // namespace

std::string print_instant(Instant instant) {
  const Date day = date_of(instant);
  const std::int64_t seconds = (instant.ns() - start_of(day).ns()) / 1'000'000'000;
  const auto two_digits = [](std::int64_t number) {
    return (number < 10 ? "0" : "") + std::to_string(number);
  };
  return to_string(day) + "T" + two_digits(seconds / 3600) + ":" + two_digits(seconds / 60 % 60) +
         ":" + two_digits(seconds % 60) + "Z";
}

Instant parse_instant(const std::string& text, const std::string& where) {
  const std::optional<Date> date = parse_date(std::string_view(text).substr(0, 10));
  int hour = 0;
  int minute = 0;
  int second = 0;
  int read = 0;
  bool good = date.has_value();
  if (good && text.size() > 10) {
    good = std::sscanf(text.c_str() + 10, "T%2d:%2d:%2dZ%n", &hour, &minute, &second, &read) == 3 &&
           static_cast<std::size_t>(read) + 10 == text.size() && hour >= 0 && hour < 24 &&
           minute >= 0 && minute < 60 && second >= 0 && second < 60;
  }
  if (!good) throw FileMistake(where + " must be \"2026-01-31\" or \"2026-01-31T12:00:00Z\"");
  return Instant(start_of(*date).ns() + (hour * 3600LL + minute * 60LL + second) * kSecondNs);
}

World::World(Driver& driver, SchemeFiles& files, const Scenario& scenario)
    : driver_(driver),
      files_(files),
      scenario_(scenario),
      has_stops_(scenario::has_stops(scenario)),
      instruments_(scenario.instruments) {}

std::uint64_t World::must(const std::string& user, Command command) {
  const Reply reply =
      driver_.execute({.principal = user_called(user), .command = std::move(command)});
  if (!reply.answer.ok()) {
    throw FileMistake("the setting was refused: " + std::string(info_of(reply.answer.code).name) +
                      " " + reply.answer.detail + " (as " + user + ")");
  }
  for (const std::string& fault : driver_.faults()) throw FileMistake("in the setting: " + fault);
  return reply.answer.id;
}

void World::build() {
  clock_origin_ = parse_instant(scenario_.start, "start");
  clock_unit_ns_ = clock_unit(scenario_.steps);
  const std::int64_t highest = largest(scenario_.steps, {"px", "protection", "stop"});
  ample_price_ = highest <= kAmplePriceMax / 2 ? std::max(kAmplePrice, 2 * highest) : kAmplePrice;
  driver_.start(clock_origin_, scenario_.bootstrapped);
  names_.bind(Kind::participant, "venue", 1);
  names_.bind(Kind::account, "venue", 1);
  names_.bind(Kind::user, "admin", 1);
  if (!scenario_.bootstrapped) return;
  users_[ParticipantId(1)] = UserId(1);
  record_account(AccountId(1), ParticipantId(1));
  accounts_.clear();
  SetRelaxations relaxations{.four_eyes = true, .holds = true, .exit_hold_ns = 0};
  if (!scenario_.relaxations.is_null()) {
    FromJson(*this).read(scenario_.relaxations, relaxations, "relaxations");
  }
  must("admin",
       SetRelaxations{.four_eyes = true, .holds = true, .exit_hold_ns = relaxations.exit_hold_ns});
  build_offices();
  build_registries();
  build_devices();
  const bool trades = has_market_step(scenario_.steps) || !instruments_.empty();
  minting_ = trades && scenario_.registries.empty();
  if (trades && instruments_.empty()) instruments_.emplace("X", InstrumentSpec{});
  if (trades) {
    default_instrument_ = instruments_.contains("X") ? "X" : instruments_.begin()->first;
    if (minting_) build_mint();
    build_market();
  }
  if (!relaxations.four_eyes || !relaxations.holds) must("admin", relaxations);
}

void World::build_offices() {
  for (const auto& [name, role] : {std::pair("registrar", Role::registry_operator),
                                   std::pair("issuer", Role::issuing_body),
                                   std::pair("operator", Role::market_operator),
                                   std::pair("auditor", Role::auditor)}) {
    const std::uint64_t user = must(
        "admin",
        CreateUser{
            .participant = ParticipantId(1), .name = name, .person = name, .token = hash_of(name)});
    names_.bind(Kind::user, name, user);
    must("admin",
         GrantRole{.user = UserId(static_cast<std::uint32_t>(user)), .role = role, .scope = {}});
  }
  for (const DefineAttribute& attribute : files_.attributes()) must("operator", attribute);
}

void World::build_registries() {
  std::set<std::string> loaded;
  for (const auto& [code, spec] : scenario_.registries) {
    const LoadScheme& load = files_.scheme(spec.scheme);
    if (loaded.insert(spec.scheme).second) must("admin", load);
    const std::uint64_t id =
        must("admin",
             CreateRegistry{
                 .code = code, .name = code, .scheme = load.scheme.code, .country = spec.country});
    names_.bind(Kind::registry, code, id);
    unit_sizes_[code] = load.scheme.unit_size;
    schemes_[code] = &load.scheme;
  }
}

void World::build_devices() {
  for (const auto& [name, spec] : scenario_.devices) {
    if (scenario_.registries.empty()) throw FileMistake("a device needs a registry");
    const std::string code =
        spec.registry.empty() ? scenario_.registries.front().first : spec.registry;
    const auto scheme = schemes_.find(code);
    if (scheme == schemes_.end()) throw FileMistake("no registry \"" + code + "\"");
    RegisterDevice device;
    device.registry = RegistryId(static_cast<std::uint32_t>(names_.find(Kind::registry, code)));
    device.producer = participant(spec.producer, "producer");
    device.name = name;
    device.country = spec.country;
    for (const auto& [registry, found] : scenario_.registries) {
      if (registry == code && device.country.empty()) device.country = found.country;
    }
    device.carriers = spec.carriers;
    if (device.carriers.empty()) device.carriers = {scheme->second->carriers.front()};
    device.start = as_date(Json(spec.start), name + ".start");
    FromJson(*this).read(spec.fields, device.fields, name + ".fields");
    add_samples(*scheme->second, scheme->second->device_fields, device.fields);
    const DeviceId id(static_cast<std::uint32_t>(must(spec.producer, device)));
    must("registrar", ApproveDevice{.device = id});
    names_.bind(Kind::device, name, id.value());
    record_device(id, device.producer);
    registry_of_[id] = code;
  }
}

void World::fill_required(DeclareProduction& declaration) const {
  const auto registry = registry_of_.find(declaration.device);
  if (registry == registry_of_.end()) return;
  const Scheme& scheme = *schemes_.at(registry->second);
  add_samples(scheme, scheme.production_fields, declaration.fields);
}

const AccountSpec& World::account_spec(const std::string& name) const {
  static const AccountSpec plain;
  static const AccountSpec without_units = [] {
    AccountSpec spec;
    spec.units = 0;
    return spec;
  }();
  if (name == LastPrice::kBuyer) return without_units;
  const auto found = scenario_.accounts.find(name);
  return found == scenario_.accounts.end() ? plain : found->second;
}

ParticipantId World::participant(const std::string& name, const std::string& kind_on_first_use) {
  if (const std::uint64_t known = names_.find(Kind::participant, name)) {
    return ParticipantId(static_cast<std::uint32_t>(known));
  }
  const AccountSpec& spec = account_spec(name);
  CreateParticipant create{.name = name, .country = spec.country, .kinds = {}};
  std::vector<std::string> kinds = spec.kinds;
  if (kinds.empty()) kinds = {kind_on_first_use};
  if (spec.kinds.empty() && kind_on_first_use == "trader") kinds.push_back("supplier");
  FromJson(*this).read(Json(kinds), create.kinds, name + ".kinds");
  const ParticipantId id(static_cast<std::uint32_t>(must("admin", create)));
  names_.bind(Kind::participant, name, id.value());
  const UserId user(static_cast<std::uint32_t>(
      must("admin",
           CreateUser{.participant = id, .name = name, .person = name, .token = hash_of(name)})));
  names_.bind(Kind::user, name, user.value());
  users_[id] = user;
  for (const std::string& word : spec.roles) {
    GrantRole grant{.user = user,
                    .role = Role::trader,
                    .scope = {.kind = ScopeKind::participant, .id = id.value()}};
    FromJson(*this).read(Json(word), grant.role, name + ".roles");
    must("admin", grant);
  }
  return id;
}

AccountId World::account(const std::string& name) {
  const AccountSpec& spec = account_spec(name);
  const ParticipantId owner = participant(name, "trader");
  OpenAccount open{.participant = owner, .registry = {}, .name = name};
  std::string registry = spec.registry;
  if (registry.empty() && minting_) registry = kMintRegistry;
  if (registry.empty() && !scenario_.registries.empty())
    registry = scenario_.registries.front().first;
  if (!registry.empty() && registry != "-") {
    open.registry = RegistryId(static_cast<std::uint32_t>(names_.find(Kind::registry, registry)));
    if (!open.registry.is_set()) throw FileMistake("no registry \"" + registry + "\"");
  }
  const AccountId id(
      static_cast<std::uint32_t>(must(open.registry.is_set() ? "registrar" : "operator", open)));
  names_.bind(Kind::account, name, id.value());
  record_account(id, owner);
  endow(name, id);
  return id;
}

void World::endow(const std::string& name, AccountId account) {
  const AccountSpec& spec = account_spec(name);
  std::map<std::string, std::int64_t> cash;
  if (spec.cash) {
    cash = *spec.cash;
  } else {
    for (const auto& [code, instrument] : instruments_) cash[instrument.currency] = kAmpleCash;
  }
  for (const auto& [currency, amount] : cash) {
    if (amount == 0) continue;
    must("operator",
         DepositCash{.account = account,
                     .currency = currency_of(currency),
                     .amount = Cash(amount),
                     .reference = "endowment"});
  }
  const Units units(spec.units.value_or(kAmpleUnits));
  if (!minting_ || units.is_zero()) return;
  const AccountId mint(static_cast<std::uint32_t>(names_.find(Kind::account, "mint")));
  for (const auto& [code, lot] : minted_) {
    must("mint", TransferCertificates{.from = mint, .to = account, .lot = lot, .units = units});
  }
}

std::uint64_t World::resolve(Kind kind, const std::string& name) {
  if (const std::uint64_t known = names_.find(kind, name)) return known;
  if (name.empty() || name == "-") return 0;
  if (!scenario_.bootstrapped) throw FileMistake("nobody is there yet: \"" + name + "\"");
  if (kind == Kind::account) return account(name).value();
  if (kind == Kind::participant) return participant(name, "producer").value();
  if (kind == Kind::user) {
    static_cast<void>(participant(name, "trader"));
    return names_.find(Kind::user, name);
  }
  throw FileMistake("no " + std::string(prefix_of(kind)) + " is called \"" + name + "\"");
}

Instant World::instant(const Json& value, const std::string& where) {
  if (value.is_string()) return parse_instant(value.get<std::string>(), where);
  const std::int64_t units = as_number(value, where);
  if (units > (kInstantMax.ns() - clock_origin_.ns()) / clock_unit_ns_ ||
      units < -clock_origin_.ns() / clock_unit_ns_) {
    throw FileMistake(where + " is beyond the clock");
  }
  return Instant(clock_origin_.ns() + units * clock_unit_ns_);
}

const InstrumentSpec& World::spec_of(const std::string& instrument) const {
  static const InstrumentSpec plain;
  const auto found = instruments_.find(instrument);
  return found == instruments_.end() ? plain : found->second;
}

void World::record_account(AccountId account, ParticipantId participant) {
  owners_[account] = participant;
  accounts_.push_back(account);
}

UserId World::user_of(AccountId account) const {
  const auto owner = owners_.find(account);
  return owner == owners_.end() ? UserId() : user_of(owner->second);
}

UserId World::user_of(ParticipantId participant) const {
  const auto found = users_.find(participant);
  return found == users_.end() ? UserId() : found->second;
}

UserId World::user_called(const std::string& name) const {
  return UserId(static_cast<std::uint32_t>(names_.find(Kind::user, name)));
}

// Of one that there is not: anybody.
UserId World::canceller_of(CancellationId cancellation) const {
  const auto found = cancelled_from_.find(cancellation);
  return found == cancelled_from_.end() ? user_called("admin") : user_of(found->second);
}

UserId World::producer_of(DeviceId device) const {
  const auto found = device_producers_.find(device);
  return found == device_producers_.end() ? UserId() : user_of(found->second);
}

UserId World::keeper_of(SiteId site) const {
  const auto found = site_keepers_.find(site);
  return found == site_keepers_.end() ? user_called("admin") : user_of(found->second);
}

UserId World::producer_of(DeclarationId declaration) const {
  const auto found = declared_for_.find(declaration);
  return found == declared_for_.end() ? UserId() : producer_of(found->second);
}

}  // namespace origo::scenario
