#include <algorithm>
#include <set>

#include "tests/scenario/world.h"

// Where a scenario names no registries, one that mints ample certificates for every instrument.
namespace origo::scenario {
namespace {

constexpr std::int64_t kMintedUnits = 2'000'000'000'000'000;
constexpr std::int64_t kMintUnitWh = 1000;

// Attributes that the core derives itself, so that a scheme cannot fill them.
bool is_derived(const std::string& name) {
  static const std::set<std::string> derived = {"registry",
                                                "scheme",
                                                "carrier",
                                                "country",
                                                "device",
                                                "vintage",
                                                "production_start",
                                                "production_end",
                                                "issued",
                                                "expiry",
                                                "co2_counting",
                                                "co2_user_share_ppm",
                                                "co2_programme"};
  return derived.contains(name);
}

FieldKind field_kind_for(AttributeKind kind) {
  switch (kind) {
    case AttributeKind::number:
      return FieldKind::number;
    case AttributeKind::date:
      return FieldKind::date;
    case AttributeKind::flag:
      return FieldKind::flag;
    case AttributeKind::symbol:
      return FieldKind::text;
  }
  return FieldKind::text;
}

// A scheme that asks nothing and lets everything be said of a lot.
Scheme mint_scheme(const std::vector<std::string>& carriers,
                   const gateway::AttributeCatalogue& attributes) {
  Scheme scheme;
  scheme.code = kMintRegistry;
  scheme.name = "Scenario scheme";
  scheme.operator_name = "Scenario";
  scheme.valid_from = *make_date(1990, 1, 1);
  scheme.unit_size = kMintUnitWh;
  scheme.carriers = carriers;
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<ParticipantKind>>([&](auto kind) {
    scheme.holders.push_back(kind.value);
    scheme.receivers.push_back(kind.value);
  });
  scheme.purposes = {"disclosure"};
  scheme.serial_format = "{registry}-{lot}-{serial}";
  for (const DefineAttribute& attribute : attributes) {
    if (is_derived(attribute.name)) continue;
    FieldRule& field = scheme.production_fields.emplace_back();
    field.name = attribute.name;
    field.kind = field_kind_for(attribute.kind);
    field.attribute = attribute.name;
    field.source = "scenario";
  }
  scheme.rules.push_back({.id = "scenario", .text = "Nothing is asked.", .source = "scenario"});
  return scheme;
}

// One value that a clause lets through.
std::string some_word(const ClauseSpec& clause) {
  return clause.any_of.empty() ? std::to_string(clause.min) : clause.any_of.front();
}

std::string field_value(const ClauseSpec& clause, AttributeKind kind) {
  if (kind == AttributeKind::flag) return clause.min == 0 ? "false" : "true";
  if (kind == AttributeKind::date) return to_string(Date(static_cast<std::int32_t>(clause.min)));
  return some_word(clause);
}

}  // namespace

void World::build_mint() {
  std::set<std::string> carriers = {"biomethane"};
  for (auto& [name, spec] : instruments_) {
    if (spec.filter.is_null()) spec.filter = Json{{"registry", kMintRegistry}, {"project", name}};
    std::vector<ClauseSpec> clauses;
    FromJson(*this).read(spec.filter, clauses, "filter of " + name);
    for (const ClauseSpec& clause : clauses) {
      if (clause.attribute == "carrier") carriers.insert(some_word(clause));
    }
  }
  must("admin",
       LoadScheme{.scheme = mint_scheme({carriers.begin(), carriers.end()}, files_.attributes()),
                  .source = hash_of("mint")});
  names_.bind(
      Kind::registry,
      kMintRegistry,
      must("admin",
           CreateRegistry{
               .code = kMintRegistry, .name = "Mint", .scheme = kMintRegistry, .country = "DE"}));
  unit_sizes_[kMintRegistry] = kMintUnitWh;
  names_.bind(Kind::participant, "mint", participant("mint", "producer").value());
  const ParticipantId mint(static_cast<std::uint32_t>(names_.find(Kind::participant, "mint")));
  const std::uint64_t own = must(
      "registrar", OpenAccount{.participant = mint, .registry = RegistryId(1), .name = "mint"});
  names_.bind(Kind::account, "mint", own);
  owners_[AccountId(static_cast<std::uint32_t>(own))] = mint;
  for (const auto& [name, spec] : instruments_) mint_for(name);
}

// One lot of certificates that meets the instrument's filter.
void World::mint_for(const std::string& name) {
  std::vector<ClauseSpec> clauses;
  FromJson(*this).read(instruments_.at(name).filter, clauses, "filter of " + name);
  RegisterDevice device{
      .registry = RegistryId(1),
      .producer = ParticipantId(static_cast<std::uint32_t>(resolve(Kind::participant, "mint"))),
      .name = "plant " + name,
      .country = "DE",
      .carriers = {"biomethane"},
      .start = *make_date(1990, 1, 1),
      .fields = {}};
  std::int64_t year = civil(date_of(clock_origin_)).year - 1;
  DeclareProduction declaration;
  for (const ClauseSpec& clause : clauses) {
    if (clause.attribute == "carrier") device.carriers = {some_word(clause)};
    if (clause.attribute == "country") device.country = some_word(clause);
    if (clause.attribute == "vintage") year = clause.min;
    if (is_derived(clause.attribute)) continue;
    const gateway::AttributeCatalogue& attributes = files_.attributes();
    const auto known =
        std::find_if(attributes.begin(), attributes.end(), [&](const DefineAttribute& a) {
          return a.name == clause.attribute;
        });
    if (known == attributes.end()) throw FileMistake("no attribute \"" + clause.attribute + "\"");
    declaration.fields.push_back(
        {.name = clause.attribute, .value = field_value(clause, known->kind)});
  }
  const DeviceId id(static_cast<std::uint32_t>(must("mint", device)));
  must("registrar", ApproveDevice{.device = id});
  declaration.device = id;
  declaration.carrier = device.carriers.front();
  declaration.period = {.first = *make_date(static_cast<int>(year), 1, 1),
                        .last = *make_date(static_cast<int>(year), 12, 31)};
  declaration.gross = Measured(kMintedUnits * kMintUnitWh);
  const DeclarationId declared(static_cast<std::uint32_t>(must("mint", declaration)));
  const AccountId own(static_cast<std::uint32_t>(names_.find(Kind::account, "mint")));
  must("mint", RequestIssuance{.declaration = declared, .account = own});
  minted_[name] =
      LotId(static_cast<std::uint32_t>(must("issuer", ApproveIssuance{.declaration = declared})));
}

}  // namespace origo::scenario
