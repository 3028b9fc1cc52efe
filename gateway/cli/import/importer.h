#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

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

  // Opens the registry if it is missing, under a scheme that the node has.
  void open(const std::string& scheme, const std::string& country);
  // Participants of these names, admitted where they are missing, for whom trustee() may act.
  void admit(const std::set<std::string>& names,
             const std::vector<ParticipantKind>& kinds,
             const std::string& country);
  // Their accounts in the registry.
  void open_accounts(const std::set<std::string>& names);
  [[nodiscard]] ParticipantId participant(const std::string& name) const {
    return participants_.at(name);
  }
  // Registers and approves plants, whose producers are admitted.
  void register_plants(const std::vector<const Plant*>& plants);

  [[nodiscard]] Sender& registrar();  // the registry's operator
  [[nodiscard]] Sender& issuer();     // its issuing body
  [[nodiscard]] Sender& trustee();    // acts for the companies in the files

  // Sends all with a progress line; a refusal is a Failure that names `what`.
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

  Shell& shell_;
  const ImportOptions options_;
  Session& admin_;
  Sender sender_;
  Cast cast_;
  RegistryId registry_;
  std::string country_;
  std::map<std::string, ParticipantId> participants_;  // by name; the first of several
  std::map<ParticipantId, AccountId> accounts_;        // in the registry
  std::map<std::string, v1::Device> devices_;
};

// Prints the report; true if rows are to be sent now. Exit says how the command ends if not.
[[nodiscard]] std::optional<Exit> settle(const ImportReport& report, Importer& importer);

Exit import_plants(Importer& importer);
Exit import_volumes(Importer& importer);
Exit import_rego(Importer& importer);

}  // namespace origo::gateway
