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
      "--amount 1302.25");
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
      .may("producer", "only this one's");
  show_verb(device,
            shell,
            "show",
            "One device with its fields and what it carries over",
            &v1::Registry::Stub::GetDevice)
      .place("device", "which");
  add_production(app, shell);
}

}  // namespace origo::gateway
