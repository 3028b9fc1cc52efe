#include <set>
#include <variant>

#include "gateway/cli/base/format.h"
#include "gateway/cli/demo/demo.h"
#include "gateway/cli/demo/progress.h"
#include "gateway/schemes/scheme_loader.h"

namespace origo::gateway {
namespace {

ParticipantId admit(Sender& sender, const std::string& name, ParticipantKind kind) {
  return id_of<ParticipantId>(sender.must_send(
      CreateParticipant{.name = name, .country = "FR", .kinds = {kind}}, "admitting " + name));
}

void load_rules(const Stage& stage, Session& admin, Sender& sender) {
  const auto list =
      admin.ask_all(&v1::Registry::Stub::ListSchemes, v1::ListSchemesRequest(), 10'000);
  const auto loaded = load_scheme_file(stage.options.scheme);
  if (const auto* const error = std::get_if<FileError>(&loaded))
    throw Failure(Exit::usage, to_string(*error));
  const auto& load = std::get<LoadScheme>(loaded);
  for (const v1::SchemeSummary& scheme : list.schemes()) {
    if (scheme.code() == load.scheme.code) return;  // the node was started with it
  }
  sender.must_send(load, "loading the scheme");
}

void open_registry(Stage& stage, Sender& admin, Cast& cast) {
  const ParticipantId body =
      admit(admin, "GRDF (real registry operator, played by the demo)", ParticipantKind::registry);
  stage.registry = id_of<RegistryId>(
      admin.must_send(CreateRegistry{.code = kRegistryCode,
                                     .name = "Registre français du biométhane (demo)",
                                     .scheme = "FR-GO",
                                     .country = "FR"},
                      "opening the registry"));
  const Scope scope{.kind = ScopeKind::registry, .id = stage.registry.value()};
  cast.create("registry", body, {Role::registry_operator}, scope);
  cast.create("issuer", body, {Role::issuing_body}, scope);
}

// Producers own the sites; companies have one account for certificates and cash.
void admit_companies(Stage& stage, Sender& admin, Cast& cast) {
  std::set<std::string> regions;
  for (const Site& site : stage.sites) regions.insert(site.region);
  Progress progress("companies admitted", regions.size() + companies().size());
  for (const std::string& region : regions) {
    const ParticipantId producer = admit(admin, producer_name(region), ParticipantKind::producer);
    stage.producers[region] = producer;
    cast.create(producer_user(region),
                producer,
                {Role::producer},
                {.kind = ScopeKind::participant, .id = producer.value()});
    progress.add(1);
  }
  Sender& registry = *cast.get("registry").sender;
  Sender& market = *cast.get("market").sender;
  Cash total;
  for (const Company& company : companies()) {
    const ParticipantId participant = admit(admin, company.name, company.kind);
    Actor& actor = cast.create(company.user,
                               participant,
                               {Role::trader, Role::holder, Role::participant_admin},
                               {.kind = ScopeKind::participant, .id = participant.value()});
    actor.account = id_of<AccountId>(registry.must_send(
        OpenAccount{.participant = participant, .registry = stage.registry, .name = company.user},
        "opening an account"));
    market.must_send(DepositCash{.account = actor.account,
                                 .currency = currency_of("EUR"),
                                 .amount = company.deposit,
                                 .reference = "demo opening balance"},
                     "booking a deposit");
    total += company.deposit;
    progress.add(1);
  }
  progress.finish("with " + format_cash(total.value(), "EUR"));
}

void open_market(Stage& stage, Cast& cast) {
  Sender& market = *cast.get("market").sender;
  std::vector<Command> attributes;
  for (const char* name : {"device_type", "region", "grid"}) {
    attributes.push_back(DefineAttribute{.name = name, .kind = AttributeKind::symbol});
  }
  market.must_send(attributes, "defining attributes", {});
  const auto id = id_of<MarketId>(market.must_send(
      CreateMarket{.code = kMarketCode, .name = "French biomethane certificates (demo)"},
      "opening the market"));
  market.must_send(SetFees{.market = id,
                           .fees = {.maker = {.rate_ppm = 0, .per_contract = {}},
                                    .taker = {.rate_ppm = 1000, .per_contract = {}}}},
                   "setting fees");
  Progress progress("instruments opened", stage.instruments.size());
  for (DemoInstrument& instrument : stage.instruments) {
    instrument.id = id_of<InstrumentId>(
        market.must_send(CreateInstrument{.market = id,
                                          .code = instrument.code,
                                          .name = instrument.name,
                                          .filter = instrument.filter,
                                          .terms = {.currency = currency_of("EUR"),
                                                    .tick_value = Cash(1),
                                                    .dimension = Dimension::energy_wh,
                                                    .contract_size = 1'000'000,
                                                    .quantity_max = Quantity(100'000),
                                                    .price_max = Price(100'00),
                                                    .price_min = Price(1)}},
                         "opening " + instrument.code));
    progress.add(1);
  }
  progress.finish("taker fee 0.1 %");
}

}  // namespace

void set_up(Stage& stage, Session& admin_session, Cast& cast) {
  Sender admin(admin_session);
  load_rules(stage, admin_session, admin);
  cast.create("market", kVenue, {Role::market_operator}, {.kind = ScopeKind::node, .id = 0});
  open_registry(stage, admin, cast);
  admit_companies(stage, admin, cast);
  open_market(stage, cast);
}

}  // namespace origo::gateway
