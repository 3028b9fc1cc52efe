#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "gateway/cli/base/rehearsal.h"
#include "gateway/cli/demo/cast.h"
#include "gateway/cli/demo/progress.h"
#include "gateway/cli/import/report.h"
#include "gateway/cli/verb.h"

namespace origo::gateway {

inline constexpr std::size_t kEveryRow = 10'000'000;  // of a list

struct ImportOptions {
  std::string file;                   // "-": standard input
  std::vector<std::string> stations;  // REGO: files of accredited stations
  std::string format;
  std::string registry;  // code; made if it is missing
  bool dry_run = false;
  bool skip_refused = false;  // else one refused row refuses the file
  std::string approve_as;     // who consents to what two persons must agree on: a token file, or a
                              // name in the data directory's users/; empty: nobody
};

// A plant that is there already, as another edition of the file has it.
struct PlantChange {
  const Plant* plant = nullptr;
  ChangeDevice change;   // without the producer
  std::string producer;  // its owner from now on; empty: stays
  std::string what;      // "capacity_kw: 500 -> 800"
};

// What of a file's plants is to be sent.
struct PlantWork {
  std::vector<const Plant*> missing;
  std::vector<PlantChange> changed;
  std::set<std::string> owners;  // of all these, past owners too
  bool unapproved = false;       // an earlier import ended between registration and approval
  [[nodiscard]] bool empty() const { return missing.empty() && changed.empty() && !unapproved; }
};

// Reads a file, or standard input. A Failure names it.
[[nodiscard]] std::string read_whole(const std::string& file);

// Where a registry's files go: the registry, who acts for it and for the companies in the files.
// All of it is looked for first and made only when something must be sent, so that a repeat changes
// nothing.
class Importer {
 public:
  Importer(Shell& shell, ImportOptions options);

  [[nodiscard]] const ImportOptions& options() const { return options_; }
  [[nodiscard]] Shell& shell() { return shell_; }
  [[nodiscard]] Session& admin() { return admin_; }

  // The registry if there is one: unset otherwise.
  [[nodiscard]] RegistryId registry() const { return registry_; }
  // Devices of the registry by the key in their names: "ODRE 458" of "Name (ODRE 458)".
  [[nodiscard]] const std::map<std::string, v1::Device>& devices() const { return devices_; }
  // The account of a participant of this name in the registry: unset if there is none.
  [[nodiscard]] AccountId find_account(const std::string& name) const;

  // The registry that is meant, or will be opened under `scheme`, which the node must have; what
  // its register holds is told to the rehearsal. Comes first.
  void prepare(const std::string& scheme, const std::string& country);
  [[nodiscard]] Rehearsal& rehearsal() { return *rehearsal_; }
  // The company in the rehearsal, with these kinds if the node does not have it.
  ParticipantId rehearse(const std::string& company, const std::vector<ParticipantKind>& kinds);
  Rehearsal::Heard rehearse_account(const std::string& company,
                                    const std::vector<ParticipantKind>& kinds);
  // Sorts the plants of a file: new ones, those that have changed, those that would be refused; the
  // rest is there already. `owner_named`: whether the source says who owns a plant.
  [[nodiscard]] PlantWork sort_plants(const std::string& file,
                                      const std::vector<const Plant*>& plants,
                                      const std::vector<ParticipantKind>& kinds,
                                      bool owner_named,
                                      ImportReport& report);

  // Opens the registry if it is missing.
  void open();
  // Makes the second person, if there is one, an issuing body of the registry.
  void empower_second();
  [[nodiscard]] bool has_second() const { return second_ != nullptr; }
  // Participants of these names, admitted where they are missing, for whom trustee() may act.
  void admit(const std::set<std::string>& names,
             const std::vector<ParticipantKind>& kinds,
             const std::string& country);
  // Their accounts in the registry.
  void open_accounts(const std::set<std::string>& names);
  [[nodiscard]] ParticipantId participant(const std::string& name) const {
    return participants_.at(name);
  }
  // Registers and approves new plants, and changes those that have changed; their owners are
  // admitted.
  void bring_plants(const PlantWork& work);

  [[nodiscard]] Sender& registrar();  // the registry's operator
  [[nodiscard]] Sender& issuer();     // its issuing body
  [[nodiscard]] Sender& trustee();    // acts for the companies in the files

  // Sends all with a progress line; the second person consents where one must. A refusal, which the
  // rehearsal has not foreseen, is a Failure that says what is done and what is not.
  std::vector<v1::Answer> send(Sender& sender,
                               const std::vector<Command>& commands,
                               const std::string& what);

 private:
  Actor& actor(const std::string& name,
               ParticipantId of,
               const std::vector<Role>& roles,
               Scope scope);
  ParticipantId body(const std::string& name, ParticipantKind kind, const std::string& country);
  void look_around();
  void hold_devices();
  void register_plants(const std::vector<const Plant*>& plants);
  void change_plants(std::vector<PlantChange> changes);
  [[nodiscard]] ChangeDevice wish_of(const PlantChange& change) const;
  [[nodiscard]] std::optional<PlantChange> compare(const Plant& plant,
                                                   const v1::Device& device,
                                                   bool owner_named) const;
  void consent(const std::vector<Command>& commands, std::vector<v1::Answer>& answers);
  [[nodiscard]] std::string done_so_far() const;

  Shell& shell_;
  const ImportOptions options_;
  Session& admin_;
  Sender sender_;
  Cast cast_;
  std::unique_ptr<Session> second_;  // the person who consents; null: nobody
  std::unique_ptr<Rehearsal> rehearsal_;
  std::vector<std::string> done_;  // what was sent, for whom a later refusal must tell it
  RegistryId registry_;
  std::string scheme_;
  std::string country_;
  Date today_;                                         // of the node
  std::map<std::string, ParticipantId> participants_;  // by name; the first of several
  std::map<ParticipantId, v1::Participant> details_;   // of those that the node has
  std::map<ParticipantId, AccountId> accounts_;        // in the registry
  std::set<AccountId> frozen_accounts_;
  std::map<std::string, v1::Device> devices_;
};

// "a, b"
[[nodiscard]] std::string joined(const std::vector<std::string>& words);

// Prints the report; true if rows are to be sent now. Exit says how the command ends if not.
[[nodiscard]] std::optional<Exit> settle(const ImportReport& report, Importer& importer);

Exit import_plants(Importer& importer);
Exit import_volumes(Importer& importer);
Exit import_rego(Importer& importer);

}  // namespace origo::gateway
