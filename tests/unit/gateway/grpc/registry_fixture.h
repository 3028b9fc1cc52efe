#pragma once

#include <string>
#include <utility>
#include <vector>

#include "tests/unit/gateway/grpc/grpc_fixture.h"

namespace origo::gateway::test {

inline constexpr RegistryId kRegistry{1};
inline constexpr Period kDecember{Date(20'423), Date(20'453)};  // of 2025

// A registry with a maker of electricity and hydrogen, and on demand those of recycled carbon.
class RegistryTest : public GrpcTest {
 protected:
  void SetUp() override {
    serve();
    must(SetRelaxations{.four_eyes = true, .holds = true, .exit_hold_ns = 0}, admin_);
    for (const auto& [name, kind] : std::vector<std::pair<const char*, AttributeKind>>{
             {"ghg_intensity", AttributeKind::number},
             {"ghg_saving_ppm", AttributeKind::number},
             {"gas_class", AttributeKind::symbol},
             {"rfnbo", AttributeKind::flag},
             {"electricity_case", AttributeKind::symbol},
             {"co2_source", AttributeKind::symbol},
             {"green_e", AttributeKind::flag},
             {"co2_counting", AttributeKind::symbol},
             {"co2_user_share_ppm", AttributeKind::number},
             {"co2_programme", AttributeKind::symbol}})
      must(DefineAttribute{.name = name, .kind = kind}, admin_);
    Scheme scheme;
    scheme.code = scheme.name = scheme.operator_name = "S";
    scheme.valid_from = *make_date(2000, 1, 1);
    scheme.unit_size = 1'000'000;
    scheme.carriers = {"electricity", "hydrogen"};
    scheme.holders = scheme.receivers = {ParticipantKind::producer};
    scheme.purposes = {"conversion", "disclosure"};
    scheme.claims = {
        {.name = "shown", .use = "disclosure", .purposes = {"disclosure"}, .source = "a test"}};
    scheme.serial_format = "{registry}-{lot}-{serial}";
    must(LoadScheme{.scheme = scheme, .source = {}}, admin_);
    must(CreateRegistry{.code = "R", .name = "R", .scheme = "S", .country = "DE"}, admin_);
    const Scope registry{};  // all
    const auto [operator_id, registrar] = add_user(1, Role::registry_operator, registry);
    must(GrantRole{.user = UserId(static_cast<std::uint32_t>(operator_id)),
                   .role = Role::issuing_body,
                   .scope = registry},
         admin_);
    body_ = registrar;
    const ParticipantId gas(static_cast<std::uint32_t>(must(
        CreateParticipant{.name = "Gas", .country = "DE", .kinds = {ParticipantKind::producer}},
        admin_)));
    const Scope own{.kind = ScopeKind::participant, .id = gas.value()};
    const auto [maker_id, maker] = add_user(gas.value(), Role::producer, own);
    must(GrantRole{.user = UserId(static_cast<std::uint32_t>(maker_id)),
                   .role = Role::holder,
                   .scope = own},
         admin_);
    maker_ = maker;
    gas_ = gas;
    account_ = AccountId(static_cast<std::uint32_t>(
        must(OpenAccount{.participant = gas, .registry = kRegistry, .name = "a"}, body_)));
    for (const char* carrier : {"electricity", "hydrogen"}) {
      const DeviceId device(
          static_cast<std::uint32_t>(must(RegisterDevice{.registry = kRegistry,
                                                         .producer = gas,
                                                         .name = carrier,
                                                         .country = "DE",
                                                         .carriers = {carrier},
                                                         .start = *make_date(2025, 1, 1),
                                                         .fields = {}},
                                          maker_)));
      must(ApproveDevice{.device = device}, body_);
    }
  }

  DeclarationId declare(DeviceId device,
                        const char* carrier,
                        std::int64_t gross,
                        const std::vector<Field>& fields = {},
                        Period period = kDecember) {
    return DeclarationId(static_cast<std::uint32_t>(must(DeclareProduction{.device = device,
                                                                           .carrier = carrier,
                                                                           .period = period,
                                                                           .gross = Measured(gross),
                                                                           .deductions = {},
                                                                           .fields = fields},
                                                         maker_)));
  }
  LotId issue(DeclarationId declaration, AccountId account = AccountId()) {
    must(RequestIssuance{.declaration = declaration,
                         .account = account.is_set() ? account : account_},
         maker_);
    return LotId(
        static_cast<std::uint32_t>(must(ApproveIssuance{.declaration = declaration}, body_)));
  }

  template <class Method, class Request, class Response>
  grpc::Status ask(Method method, Request request, Response& response, const std::string& token) {
    request.set_at_least_sequence(sequencer_->sequence().value());
    const auto registry = stub<v1::Registry>();
    return (registry.get()->*method)(Call(token), request, &response);
  }

  // A registry of certificates of captured CO2 and one of fuel made from it, each with a device and
  // an account of the maker.
  void add_carbon_registries() {
    Scheme capture;
    capture.code = capture.name = capture.operator_name = "K";
    capture.valid_from = *make_date(2000, 1, 1);
    capture.dimension = Dimension::mass_gco2e;
    capture.unit_size = 1'000;
    capture.carriers = {"captured_co2"};
    capture.holders = capture.receivers = {ParticipantKind::producer};
    capture.purposes = {"conversion"};
    capture.serial_format = "{registry}-{lot}-{serial}";
    capture.production_fields = {{.name = "source",
                                  .kind = FieldKind::choice,
                                  .choices = {"air", "recycled"},
                                  .attribute = "co2_source",
                                  .source = "s"}};
    must(LoadScheme{.scheme = capture, .source = {}}, admin_);
    Scheme fuel = capture;
    fuel.code = "F";
    fuel.dimension = Dimension::energy_wh;
    fuel.unit_size = 1'000'000;
    fuel.carriers = {"synthetic_methane"};
    fuel.purposes = {"disclosure"};
    fuel.co2_programmes = {{.name = "half",
                            .counting = Co2Counting::shared,
                            .user_share_ppm = 500'000,
                            .capture_schemes = {"K"},
                            .first = *make_date(2000, 1, 1),
                            .source = "s"}};
    fuel.production_fields = {
        {.name = "programme", .kind = FieldKind::co2_programme, .source = "s"},
        {.name = "mass", .kind = FieldKind::co2_mass, .source = "s"}};
    must(LoadScheme{.scheme = fuel, .source = {}}, admin_);
    for (const auto& [code, carrier] :
         {std::pair("K", "captured_co2"), std::pair("F", "synthetic_methane")}) {
      const RegistryId id(static_cast<std::uint32_t>(must(
          CreateRegistry{.code = code, .name = code, .scheme = code, .country = "DE"}, admin_)));
      const AccountId account(static_cast<std::uint32_t>(
          must(OpenAccount{.participant = gas_, .registry = id, .name = code}, body_)));
      (code[0] == 'K' ? capture_account_ : fuel_account_) = account;
      const DeviceId device(
          static_cast<std::uint32_t>(must(RegisterDevice{.registry = id,
                                                         .producer = gas_,
                                                         .name = carrier,
                                                         .country = "DE",
                                                         .carriers = {carrier},
                                                         .start = *make_date(2025, 1, 1),
                                                         .fields = {}},
                                          maker_)));
      must(ApproveDevice{.device = device}, body_);
    }
  }

  std::string body_;   // token of the issuing body
  std::string maker_;  // of who makes hydrogen from electricity
  ParticipantId gas_;
  AccountId account_;
  AccountId capture_account_;
  AccountId fuel_account_;
};

}  // namespace origo::gateway::test
