#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/command.h"
#include "gateway/cli/demo/sender.h"

// Who takes part in the demo. All companies are invented and named so that they show it; only the
// registry's operator is the real one, in a role that the demo gives it.
namespace origo::gateway {

// A company with an account, that trades, holds and cancels.
struct Company {
  std::string user;  // "demo-energy-north": also the name of its token file
  std::string name;
  ParticipantKind kind = ParticipantKind::supplier;
  std::vector<std::string> regions;  // of which a supplier buys the output
  Cash deposit;                      // EUR cents
  std::string purpose;               // what a consumer cancels for
};
[[nodiscard]] const std::vector<Company>& companies();

// One invented producer for each region, who owns its sites.
[[nodiscard]] std::string producer_name(std::string_view region);
[[nodiscard]] std::string producer_user(std::string_view region);  // "demo-biogas-grand-est"

// A user of the demo at work: its token, and what it may act with.
struct Actor {
  std::unique_ptr<Session> session;
  std::unique_ptr<Sender> sender;
  ParticipantId participant;
  AccountId account;  // unset: has none
};

// The users by name: as created, or found again through the token files of a data directory.
class Cast {
 public:
  Cast(Session& admin, std::string data) : admin_(admin), data_(std::move(data)) {}

  // Creates the user with these roles and keeps its token (in the data directory, if there is one).
  Actor& create(const std::string& user,
                ParticipantId participant,
                const std::vector<Role>& roles,
                Scope scope);
  // The user from its token file, with its participant's account; nullptr: no such file.
  Actor* find_again(const std::string& user);
  [[nodiscard]] Actor& get(const std::string& user);

 private:
  Actor& add(const std::string& user, std::string token);
  void keep_token(const std::string& user, const std::string& token) const;

  Session& admin_;
  std::string data_;
  std::map<std::string, Actor> actors_;
};

}  // namespace origo::gateway
