#include "gateway/cli/demo/cast.h"

#include <filesystem>
#include <fstream>

namespace origo::gateway {
namespace {

constexpr Cash kSupplierCash{5'000'000'00};
constexpr Cash kTraderCash{20'000'000'00};
constexpr Cash kConsumerCash{12'000'000'00};

// "Île-de-France" as "ile-de-france".
std::string slug(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c >= 'A' && c <= 'Z') {
      out += static_cast<char>(c - 'A' + 'a');
    } else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
      out += static_cast<char>(c);
    } else if (c == 0xc3 &&
               i + 1 < text.size()) {  // Latin-1 letters in UTF-8, as region names have
      const auto next = static_cast<unsigned char>(text[++i]);
      out += next == 0x8e || next == 0xae ? 'i' : next == 0xb4 ? 'o' : 'e';
    } else if (!out.empty() && out.back() != '-') {
      out += '-';
    }
  }
  return out;
}

Company supplier(std::string user, std::string name, std::vector<std::string> regions) {
  return {.user = std::move(user),
          .name = std::move(name),
          .kind = ParticipantKind::supplier,
          .regions = std::move(regions),
          .deposit = kSupplierCash,
          .purpose = "disclosure"};
}

Company trader(std::string user, std::string name) {
  return {.user = std::move(user),
          .name = std::move(name),
          .kind = ParticipantKind::trader,
          .regions = {},
          .deposit = kTraderCash,
          .purpose = "disclosure"};
}

Company consumer(std::string user, std::string name, std::string purpose) {
  return {.user = std::move(user),
          .name = std::move(name),
          .kind = ParticipantKind::consumer,
          .regions = {},
          .deposit = kConsumerCash,
          .purpose = std::move(purpose)};
}

}  // namespace

const std::vector<Company>& companies() {
  static const std::vector<Company> all = {
      supplier("north",
               "Demo Energy North (invented)",
               {"Hauts-de-France", "Normandie", "Île-de-France"}),
      supplier("east",
               "Demo Energy East (invented)",
               {"Grand Est", "Bourgogne-Franche-Comté", "Auvergne-Rhône-Alpes"}),
      supplier("west",
               "Demo Energy West (invented)",
               {"Bretagne", "Pays de la Loire", "Centre-Val de Loire"}),
      supplier("south",
               "Demo Energy South (invented)",
               {"Nouvelle-Aquitaine", "Occitanie", "Provence-Alpes-Côte d'Azur"}),
      trader("alpha", "Demo Trading Alpha (invented)"),
      trader("beta", "Demo Trading Beta (invented)"),
      consumer("bakery", "Demo Bakery Group (invented)", "own_consumption"),
      consumer("buses", "Demo City Buses (invented)", "vehicle_fuel"),
      consumer("glass", "Demo Glassworks (invented)", "own_consumption"),
      consumer("hospital", "Demo Hospitals (invented)", "own_consumption"),
      consumer("greenhouse", "Demo Greenhouses (invented)", "own_consumption"),
      consumer("dairy", "Demo Dairy (invented)", "own_consumption"),
  };
  return all;
}

std::string producer_name(std::string_view region) {
  return "Demo Biogas " + std::string(region) + " (invented)";
}
std::string producer_user(std::string_view region) {
  return "biogas-" + slug(region);
}

Actor& Cast::add(const std::string& user, std::string token) {
  Actor actor;
  actor.session = std::make_unique<Session>(admin_, std::move(token));
  actor.sender = std::make_unique<Sender>(*actor.session);
  return actors_.insert_or_assign(user, std::move(actor)).first->second;
}

void Cast::keep_token(const std::string& user, const std::string& token) const {
  if (data_.empty()) return;
  namespace fs = std::filesystem;
  const fs::path folder = fs::path(data_) / "users";
  fs::create_directories(folder);
  fs::permissions(folder, fs::perms::owner_all);
  const fs::path path = folder / (user + ".token");
  std::ofstream file(path);
  fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write);
  file << token << "\n";
  if (!file.flush()) throw Failure(Exit::failed, "cannot write " + path.string());
}

Actor& Cast::create(const std::string& user,
                    ParticipantId participant,
                    const std::vector<Role>& roles,
                    Scope scope) {
  v1::Command create;  // not the engine's struct, which cannot leave the token to the node
  create.mutable_create_user()->set_participant(participant.value());
  create.mutable_create_user()->set_name(user);
  create.mutable_create_user()->set_person(user);
  const v1::Answer answer = admin_.must(create);
  if (answer.token().empty())
    throw Failure(Exit::failed, "the node drew no token for the user " + user);
  std::vector<Command> grants;
  for (const Role role : roles) {
    grants.push_back(GrantRole{
        .user = UserId(static_cast<std::uint32_t>(answer.id())), .role = role, .scope = scope});
  }
  if (!grants.empty()) {
    Sender sender(admin_);
    (void)sender.must_send(grants, "granting a role", {});
  }
  keep_token(user, answer.token());
  Actor& actor = add(user, answer.token());
  actor.participant = participant;
  return actor;
}

Actor* Cast::find_again(const std::string& user) {
  const auto path = std::filesystem::path(data_) / "users" / (user + ".token");
  std::ifstream file(path);
  std::string token;
  if (data_.empty() || !(file >> token)) return nullptr;
  Actor& actor = add(user, token);
  const auto who = actor.session->ask(&v1::Accounts::Stub::WhoAmI, v1::WhoAmIRequest());
  actor.participant = ParticipantId(static_cast<std::uint32_t>(who.participant().participant()));
  v1::ListAccountsRequest request;
  request.set_participant(who.participant().participant());
  const auto accounts = actor.session->ask_all(&v1::Accounts::Stub::ListAccounts, request, 10);
  for (const v1::Account& account : accounts.accounts()) {
    if (account.registry() != 0)
      actor.account = AccountId(static_cast<std::uint32_t>(account.account()));
  }
  return &actor;
}

Actor& Cast::get(const std::string& user) {
  const auto at = actors_.find(user);
  if (at == actors_.end()) throw Failure(Exit::failed, "the demo has no user " + user);
  return at->second;
}

}  // namespace origo::gateway
