#include "tests/integration/stage.h"

#include <stdexcept>

namespace origo::integration {

Stage::Stage(const NodeProcess& node)
    : address_(node.grpc()), admin_(address_, node.admin_token()) {
  v1::Command command;
  auto& registry = *command.mutable_create_registry();
  registry.set_code("FR");
  registry.set_name("France");
  registry.set_scheme("FR-GO");
  registry.set_country("FR");
  registry_ = admin_.must(command);
  operator_token_ = add_user(1, {v1::ROLE_MARKET_OPERATOR}, v1::SCOPE_KIND_NODE, 0);
  Client desk(address_, operator_token_);
  command.mutable_create_market()->set_code("M");
  command.mutable_create_market()->set_name("Market");
  const std::uint64_t market = desk.must(command);
  auto& instrument = *command.mutable_create_instrument();
  instrument.set_market(market);
  instrument.set_code("I");
  instrument.set_name("Instrument");
  auto& clause = *instrument.add_filter();
  clause.set_attribute("carrier");
  clause.add_any_of("biomethane");
  auto& terms = *instrument.mutable_terms();
  terms.set_currency("EUR");
  terms.set_tick_value(1);
  terms.set_dimension(v1::DIMENSION_ENERGY_WH);
  terms.set_contract_size(1'000'000);
  terms.set_quantity_max(1000);
  terms.set_price_max(1000);
  terms.set_price_min(1);
  instrument_ = desk.must(command);
}

Stage::Trader Stage::add_trader(const std::string& name) {
  v1::Command command;
  auto& participant = *command.mutable_create_participant();
  participant.set_name(name);
  participant.set_country("NL");
  participant.add_kinds(v1::PARTICIPANT_KIND_TRADER);
  const std::uint64_t id = admin_.must(command);
  const std::string token =
      add_user(id, {v1::ROLE_TRADER, v1::ROLE_PARTICIPANT_ADMIN}, v1::SCOPE_KIND_PARTICIPANT, id);
  auto& account = *command.mutable_open_account();
  account.set_participant(id);
  account.set_registry(registry_);
  account.set_name("main");
  const std::uint64_t opened = Client(address_, token).must(command);
  auto& deposit = *command.mutable_deposit_cash();
  deposit.set_account(opened);
  deposit.set_currency("EUR");
  deposit.set_amount(1'000'000'000'000);
  Client(address_, operator_token_).must(command);
  return {.participant = id, .account = opened, .token = token};
}

std::string Stage::add_user(std::uint64_t participant,
                            const std::vector<v1::Role>& roles,
                            v1::ScopeKind kind,
                            std::uint64_t scope) {
  v1::Command command;
  command.mutable_create_user()->set_participant(participant);
  command.mutable_create_user()->set_name("user");
  const v1::Answer answer = admin_.submit(command);
  if (answer.has_reject()) throw std::runtime_error(answer.reject().ShortDebugString());
  for (const v1::Role role : roles) {
    auto& grant = *command.mutable_grant_role();
    grant.set_user(answer.id());
    grant.set_role(role);
    grant.mutable_scope()->set_kind(kind);
    grant.mutable_scope()->set_id(scope);
    admin_.must(command);
  }
  return answer.token();
}

}  // namespace origo::integration
