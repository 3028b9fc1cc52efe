#include <memory>

#include "gateway/cli/commands.h"
#include "gateway/cli/import/importer.h"

namespace origo::gateway {
namespace {

struct ImportKind {
  const char* name;
  const char* help;
  std::vector<std::string> formats;
  Exit (*run)(Importer&);
  const char* example;
};

void add_import(CLI::App& parent, Shell& shell, const ImportKind& kind) {
  CLI::App& app = *parent.add_subcommand(kind.name, kind.help);
  auto options = std::make_shared<ImportOptions>();
  options->format = kind.formats.front();
  app.add_option("file", options->file, "the published file; - reads standard input")->required();
  if (kind.formats.size() > 1) {
    app.add_option("--format", options->format, "what file it is")
        ->required()
        ->check(CLI::IsMember(kind.formats));
  } else {
    app.add_option("--stations", options->stations, "files of accredited stations")
        ->required()
        ->take_all();
  }
  app.add_option("--registry",
                 options->registry,
                 "code of the registry that takes it; made if it is missing")
      ->required();
  app.add_flag(
      "--dry-run", options->dry_run, "only say what would be imported and what refused, and why");
  app.add_option("--approve-as",
                 options->approve_as,
                 "who consents to what two persons must agree on: a token file, or a name in the "
                 "data directory's users/");
  app.add_flag("--skip-refused",
               options->skip_refused,
               "import the other rows; else one refused row refuses the file");
  app.footer(std::string("Needs an admin's token and the data directory, which keeps the tokens of "
                         "the users that act\n"
                         "for the registry. All rows are judged before anything is sent; a repeat "
                         "changes nothing.\nExamples:\n") +
             kind.example);
  app.callback([&shell, options, run = kind.run] {
    shell.action = [&shell, options, run] {
      Importer importer(shell, *options);
      return run(importer);
    };
  });
}

}  // namespace

void add_import_commands(CLI::App& app, Shell& shell) {
  CLI::App& group_of_imports = group(app, "import", "Take over what public registers hold");
  add_import(
      group_of_imports,
      shell,
      {.name = "plants",
       .help = "Plants in service, as approved devices",
       .formats = {"odre", "repd"},
       .run = import_plants,
       .example =
           "  origo import plants points-injection.csv --format odre --registry FR-GAS --dry-run\n"
           "  zcat repd.csv.gz | origo import plants - --format repd --registry UK-RES"});
  add_import(
      group_of_imports,
      shell,
      {.name = "volumes",
       .help = "Measured injection, as declarations of production",
       .formats = {"odre-hourly", "odre-monthly"},
       .run = import_volumes,
       .example = "  origo import volumes monthly.csv --format odre-monthly --registry FR-GRID"});
  add_import(
      group_of_imports,
      shell,
      {.name = "rego",
       .help = "Blocks of the British register: issued, moved to their holders, cancelled",
       .formats = {"rego"},
       .run = import_rego,
       .example = "  origo import rego certificates.csv --stations stations.csv --registry GB"});
}

}  // namespace origo::gateway
