#include "gateway/cli/replay/venue.h"

#include <limits>
#include <string>

#include "gateway/cli/demo/sender.h"
#include "gateway/cli/failure.h"

namespace origo::gateway {
namespace {

// Certificates of 1 Wh, so that the smallest recorded quantity is a whole number of them.
Scheme replay_scheme(const std::string& code) {
  Scheme scheme;
  scheme.code = code;
  scheme.name = "Certificates for a replay";
  scheme.operator_name = "replay";
  scheme.valid_from = *make_date(2000, 1, 1);
  scheme.unit_size = 1;
  scheme.cancellable = {.basis = ClockBasis::issuance, .months = 120, .days = 0};
  scheme.carriers = {"biomethane"};
  scheme.holders = {ParticipantKind::trader};
  scheme.receivers = {ParticipantKind::trader};
  scheme.purposes = {"disclosure"};
  scheme.serial_format = "{registry}-{lot}-{serial}";
  return scheme;
}

InstrumentTerms terms_of(const Recording& recording) {
  InstrumentTerms terms;
  terms.currency = currency_of("EUR");
  terms.tick_value = Cash(1);
  terms.dimension = Dimension::energy_wh;
  terms.contract_size = 1;
  terms.quantity_max = Quantity(recording.quantity_max);
  terms.price_max = Price(recording.price_max);
  terms.price_min = Price(1);
  return terms;
}

// Twice what the record promises at most, as the replay's fills may differ from it.
std::int64_t ample(std::int64_t needed, const char* what) {
  constexpr std::int64_t kMost = std::int64_t{1} << 60;
  if (needed > kMost / 2)
    throw Failure(Exit::usage,
                  std::string("the recording needs more ") + what + " than an account can hold");
  return std::max<std::int64_t>(2 * needed, 1);
}

// "REPLAY-1", "REPLAY-2": the first whose market is not there.
std::string free_code(Session& admin) {
  const auto markets =
      admin.ask_all(&v1::MarketData::Stub::ListMarkets, v1::ListMarketsRequest(), 100'000);
  for (int n = 1;; ++n) {
    const std::string code = "REPLAY-" + std::to_string(n);
    bool taken = false;
    for (const v1::Market& market : markets.markets()) taken = taken || market.code() == code;
    if (!taken) return code;
  }
}

}  // namespace

ReplayVenue prepare_venue(const Recording& recording, Session& admin_session) {
  const auto status = admin_session.ask(&v1::Admin::Stub::Status, v1::StatusRequest());
  if (!status.relaxations().four_eyes()) {
    throw Failure(Exit::failed,
                  "this node asks a second person to consent to every issuance",
                  "--prepare needs a node started with `origod --demo`");
  }
  const std::string code = free_code(admin_session);
  ReplayVenue venue;
  venue.cast = std::make_unique<Cast>(admin_session, admin_session.options().data);
  Cast& cast = *venue.cast;
  Sender admin(admin_session);
  admin.must_send(LoadScheme{.scheme = replay_scheme(code), .source = {}}, "loading the scheme");
  const auto registry = id_of<RegistryId>(admin.must_send(
      CreateRegistry{.code = code, .name = "Registry of " + code, .scheme = code, .country = "FR"},
      "opening the registry"));
  const auto admit = [&](const std::string& name, std::vector<ParticipantKind> kinds) {
    return id_of<ParticipantId>(admin.must_send(
        CreateParticipant{.name = code + " " + name, .country = "FR", .kinds = std::move(kinds)},
        "admitting " + name));
  };
  const Scope of_registry{.kind = ScopeKind::registry, .id = registry.value()};
  Sender& issuer = *cast.create(code + "-issuer",
                                admit("issuer", {ParticipantKind::registry}),
                                {Role::registry_operator, Role::issuing_body},
                                of_registry)
                        .sender;
  Sender& market = *cast.create(code + "-market",
                                kVenue,
                                {Role::market_operator},
                                {.kind = ScopeKind::node, .id = 0})
                        .sender;
  const ParticipantId member =
      admit("trader", {ParticipantKind::trader, ParticipantKind::producer});
  Actor& actor = cast.create(code + "-trader",
                             member,
                             {Role::trader, Role::holder, Role::producer, Role::participant_admin},
                             {.kind = ScopeKind::participant, .id = member.value()});
  Sender& trader = *actor.sender;
  venue.trader = actor.session.get();
  const auto open_account = [&](const std::string& name) {
    return id_of<AccountId>(
        trader.must_send(OpenAccount{.participant = member, .registry = registry, .name = name},
                         "opening an account"));
  };
  venue.buyer = open_account(code + " bids");
  venue.seller = open_account(code + " asks");

  // Production that is past at the node's clock.
  const Date day = add_days(date_of(Instant(status.now())), -2);
  const auto device = id_of<DeviceId>(trader.must_send(RegisterDevice{.registry = registry,
                                                                      .producer = member,
                                                                      .name = code,
                                                                      .country = "FR",
                                                                      .carriers = {"biomethane"},
                                                                      .start = day,
                                                                      .fields = {}},
                                                       "registering a device"));
  issuer.must_send(ApproveDevice{.device = device}, "approving the device");
  const auto declaration = id_of<DeclarationId>(trader.must_send(
      DeclareProduction{.device = device,
                        .carrier = "biomethane",
                        .period = {.first = day, .last = day},
                        .gross = Measured(ample(recording.units_needed, "certificates")),
                        .deductions = {},
                        .fields = {}},
      "declaring production"));
  trader.must_send(RequestIssuance{.declaration = declaration, .account = venue.seller},
                   "requesting issuance");
  issuer.must_send(ApproveIssuance{.declaration = declaration}, "issuing");
  market.must_send(DepositCash{.account = venue.buyer,
                               .currency = currency_of("EUR"),
                               .amount = Cash(ample(recording.cash_needed, "cash")),
                               .reference = code},
                   "depositing cash");
  const auto market_id = id_of<MarketId>(market.must_send(
      CreateMarket{.code = code, .name = "Replay of recorded orders"}, "opening the market"));
  const auto number = static_cast<std::int64_t>(device.value());
  venue.instrument = id_of<InstrumentId>(market.must_send(
      CreateInstrument{
          .market = market_id,
          .code = code,
          .name = "Replay of recorded orders",
          .filter = {{.attribute = "device", .any_of = {}, .min = number, .max = number}},
          .terms = terms_of(recording)},
      "opening the instrument"));
  return venue;
}

}  // namespace origo::gateway
