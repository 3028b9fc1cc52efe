#include <sstream>
#include <string>
#include <vector>

#include "gateway/cli/base/parse.h"
#include "gateway/cli/commands.h"

namespace origo::gateway {
namespace {

void add_registries(CLI::App& app, Shell& shell) {
  CLI::App& registry = group(app, "registry", "Issuing bodies' books");
  command_verb(registry, shell, "create", "Open a registry under a scheme", "create_registry")
      .need("code", "1 to 40 of A-Z a-z 0-9 . _ -")
      .need("name", "of the issuing body's book")
      .need("scheme", "code of a loaded scheme")
      .need("country", "of issuance, two letters");
  list_verb(registry, shell, "list", "Registries", &v1::Registry::Stub::ListRegistries, {});
}

// "lot-7:can-3:20:3.96": the lot, its cancellation, units, t of CO2.
void read_source(const std::string& text, v1::CarbonSource& source) {
  std::vector<std::string> parts;
  std::istringstream words(text);
  for (std::string part; std::getline(words, part, ':');) parts.push_back(part);
  const bool whole = parts.size() == 4;
  parts.resize(4);
  const auto lot = parse_id(parts[0], "lot");
  const auto cancellation = parse_id(parts[1], "can");
  const auto units = parse_count(parts[2]);
  const auto mass = parse_decimal(parts[3], 6);
  if (!whole || !lot || !cancellation || !units || !mass)
    throw Failure(Exit::usage, "'" + text + "' is not lot:cancellation:units:t");
  source.set_lot(*lot);
  source.set_cancellation(*cancellation);
  source.set_units(static_cast<std::int64_t>(*units));
  source.set_mass(*mass);
}

void add_carbon_sources(CLI::App& evidence, Shell& shell) {
  CommandParts parts =
      command_parts(evidence,
                    shell,
                    "carbon",
                    "Record which burnt fuel's carbon was captured, before issuance (issuing body)",
                    "record_carbon_sources");
  parts.verb.need("declaration", "of the capture");
  parts.verb
      .custom(
          "--source",
          "lot:cancellation:units:t of CO2; may be given several times; none: takes back what "
          "was recorded",
          false,
          [command = parts.command](const std::vector<std::string>& texts) {
            for (const std::string& text : texts)
              read_source(text, *command->mutable_record_carbon_sources()->add_sources());
          },
          true)
      .examples("  origo evidence carbon --declaration dcl-9 --source lot-7:can-3:20:3.96");
}

void add_production(CLI::App& app, Shell& shell) {
  CLI::App& production = group(app, "production", "What devices produced");
  CommandParts parts = command_parts(
      production, shell, "declare", "Declare a period's production", "declare_production");
  parts.verb.need("device", "which").need("carrier", "e.g. biomethane");
  parts.verb.need("period", "2023-03, or 2023-03-05..2023-03-31");
  parts.verb.need_amount([command = parts.command](std::int64_t amount) {
    command->mutable_declare_production()->set_gross(amount);
  });
  parts.verb.may("deductions", "kind=MWh, as the scheme lists; may be given several times");
  parts.verb.may("fields", "name=value, as the scheme asks; may be given several times");
  parts.verb.examples(
      "  origo production declare --device dev-5 --carrier biomethane --period 2023-03 "
      "--amount 1302.25\n"
      "  origo production declare --device dev-9 --carrier synthetic_methane --period 2026-03 "
      "--amount 50\n    --fields co2_programme=capturer-reports captured_co2_g=9900000");
  CommandParts correction = command_parts(production,
                                          shell,
                                          "correct",
                                          "State the measurement anew (issuing body, two users)",
                                          "correct_declaration");
  correction.verb.need("declaration", "which").need("reason", "told to all whom it concerns");
  correction.verb.need_amount([command = correction.command](std::int64_t amount) {
    command->mutable_correct_declaration()->set_gross(amount);
  });
  correction.verb.may("deductions", "kind=MWh, all of them; may be given several times")
      .examples(
          "  origo production correct --declaration dcl-3 --amount 1290 --reason 'meter "
          "recalibrated'");
  list_verb(production,
            shell,
            "list",
            "Declarations within reach",
            &v1::Registry::Stub::ListDeclarations,
            {"declaration", "device", "carrier", "period", "gross", "state", "account", "lot"})
      .may("registry", "only here, by id or code")
      .may("device", "only this one's")
      .may("state", "only in this state");
  show_verb(production, shell, "show", "One declaration", &v1::Registry::Stub::GetDeclaration)
      .place("declaration", "which");

  CLI::App& issue = group(app, "issue", "From declarations to certificates");
  command_verb(issue, shell, "request", "Ask the issuing body for certificates", "request_issuance")
      .need("declaration", "of what was produced")
      .need("account", "that receives the certificates");
  command_verb(issue, shell, "approve", "Issue them (issuing body)", "approve_issuance")
      .place("declaration", "one whose issuance was requested");

  CLI::App& evidence = group(app, "evidence", "What is verified of declared fuels");
  CommandParts record = command_parts(evidence,
                                      shell,
                                      "record",
                                      "Record what was verified, before issuance (issuing body)",
                                      "record_evidence");
  record.verb.need("declaration", "which").may("reference", "of the auditor's report");
  record.verb.may("document", "SHA-256 of the report, 64 hex digits");
  record.verb
      .custom("--file",
              "the evidence as JSON, its fields as FuelEvidence has them",
              true,
              [command = record.command](const std::vector<std::string>& paths) {
                read_json_file(paths.front(),
                               *command->mutable_record_evidence()->mutable_evidence());
              })
      .examples(
          "  origo evidence record --declaration dcl-3 --file evidence.json --reference 'audit "
          "2026-17'\n"
          "  origo production show dcl-3   # evidence and verdict");
  add_carbon_sources(evidence, shell);
}

// What becomes of devices after their registration.
void add_changes(CLI::App& device, Shell& shell) {
  command_verb(device, shell, "change", "Ask for a change from a day on", "change_device")
      .place("device", "which")
      .need("valid_from", "from which day, e.g. 2026-04-01")
      .may("producer", "its owner from then on")
      .may("name", "of the plant")
      .may("carriers", "all of them")
      .may("start", "of operation, while nothing is declared")
      .may("last_day", "of operation; 9999-12-31 takes it back")
      .may("fields", "name=value, those that change; 'name=' takes one away")
      .examples(
          "  origo device change dev-5 --valid-from 2026-04-01 --fields capacity_mwh_year=12000\n"
          "  origo device change dev-5 --valid-from 2026-07-01 --last-day 2026-06-30   # "
          "decommissioned\n"
          "  origo device approve-change chg-3");
  command_verb(device,
               shell,
               "approve-change",
               "Consent to a change (registry operator, another person than asked)",
               "approve_device_change")
      .place("change", "e.g. chg-3; `origo device list --waiting` shows them");
  command_verb(device,
               shell,
               "refuse-change",
               "Refuse a change, or take one's own back",
               "refuse_device_change")
      .place("change", "e.g. chg-3")
      .need("reason", "told with it");
  command_verb(device,
               shell,
               "suspend",
               "Take the approval back until `origo device approve` (registry operator)",
               "suspend_device")
      .place("device", "which")
      .need("reason", "told with it");
  list_verb(device,
            shell,
            "history",
            "What a device was, is and will be, oldest first",
            &v1::Registry::Stub::ListDeviceChanges,
            {"valid_from",
             "producer",
             "name",
             "carriers",
             "start",
             "last_day",
             "change",
             "asked_by",
             "approved_by",
             "approved_at"})
      .place("device", "which");
}

}  // namespace

void add_registry_commands(CLI::App& app, Shell& shell) {
  add_registries(app, shell);
  CLI::App& device = group(app, "device", "Production plants");
  command_verb(device, shell, "register", "Register a plant", "register_device")
      .need("registry", "where, by id or code")
      .need("producer", "the participant that runs it")
      .need("name", "of the plant")
      .need("country", "two letters")
      .need("carriers", "what it produces, e.g. biomethane")
      .need("start", "of operation, e.g. 2019-06-01")
      .may("fields", "name=value, as the scheme asks; may be given several times")
      .examples(
          "  origo device register --registry FR-GRDF --producer par-4 --name 'Ferme A' --country "
          "FR "
          "--carriers biomethane\n    --start 2019-06-01 --fields address='1 rue A' "
          "region=Bretagne …");
  command_verb(device, shell, "approve", "Admit it (registry operator)", "approve_device")
      .place("device", "which");
  list_verb(device,
            shell,
            "list",
            "Devices within reach",
            &v1::Registry::Stub::ListDevices,
            {"device", "registry", "producer", "name", "carriers", "start", "approved", "carried"})
      .may("registry", "only here, by id or code")
      .may("producer", "only this one's")
      .may("waiting", "only those with a change that waits for the registry");
  show_verb(device,
            shell,
            "show",
            "One device as it is today, what waits for approval, and its history",
            &v1::Registry::Stub::GetDevice)
      .place("device", "which");
  add_changes(device, shell);
  add_production(app, shell);
}

}  // namespace origo::gateway
