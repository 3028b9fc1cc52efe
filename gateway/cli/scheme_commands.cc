#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>
#include <variant>

#include "gateway/cli/commands.h"
#include "gateway/schemes/scheme_loader.h"
#include "gateway/schemes/scheme_text.h"
#include "proto/codec/commands.h"
#include "proto/codec/schemes.h"

// Scheme files, and the schemes that a node has loaded, for the people who answer for their rules.
namespace origo::gateway {
namespace {

using Json = nlohmann::ordered_json;

LoadScheme must_load(const std::string& file) {
  auto loaded = load_scheme_file(file);
  if (const auto* error = std::get_if<FileError>(&loaded))
    throw Failure(Exit::usage, to_string(*error));
  return std::move(std::get<LoadScheme>(loaded));
}

// A scheme by what the user typed: a file, if it ends as one, or the code of one that the node has
// loaded.
v1::GetSchemeResponse find_scheme(Shell& shell, const std::string& what, const std::string& day) {
  v1::GetSchemeResponse found;
  if (std::filesystem::path(what).extension() == ".toml") {
    proto::write_scheme(must_load(what).scheme, *found.mutable_scheme());
    return found;
  }
  v1::GetSchemeRequest request;
  request.set_code(what);
  request.set_day(day);
  return shell.session().ask(&v1::Registry::Stub::GetScheme, request);
}

Scheme engine_scheme(const v1::GetSchemeResponse& found) {
  Scheme scheme;
  if (const auto error = proto::read_scheme(found.scheme(), scheme))
    throw Failure(Exit::failed,
                  "the node's scheme has a part that this program does not know: " + error->field);
  return scheme;
}

Exit lint(const std::vector<std::string>& files, bool json) {
  bool bad = false;
  for (const std::string& file : files) {
    const std::optional<FileError> error = lint_file(file);
    bad = bad || error.has_value();
    if (json) {
      Json line{{"file", error ? error->file : file}, {"ok", !error}};
      if (error) {
        line["line"] = error->line;
        line["key"] = error->key;
        line["rule"] = error->rule;
      }
      std::cout << line.dump() << "\n";
    } else if (error) {
      std::cout << to_string(*error) << "\n";
    } else {
      std::cout << file << ": ok\n";
    }
  }
  return bad ? Exit::usage : Exit::ok;
}

void print_differences(const std::vector<SchemeDifference>& found, bool json) {
  for (const SchemeDifference& difference : found) {
    if (json) {
      std::cout << Json{{"key", difference.key}, {"a", difference.a}, {"b", difference.b}}.dump()
                << "\n";
      continue;
    }
    std::cout << difference.key << "\n";
    if (!difference.a.empty()) std::cout << "  - " << difference.a << "\n";
    if (!difference.b.empty()) std::cout << "  + " << difference.b << "\n";
  }
}

void add_load(CLI::App& scheme, Shell& shell) {
  CommandParts load =
      command_parts(scheme, shell, "load", "Journal the rules written in a file", "load_scheme");
  load.verb.custom(
      "file", "e.g. schemes/fr_grdf.toml", true, [command = load.command](const auto& texts) {
        proto::write_command(must_load(texts.front()), *command);
      });
}

void add_lint(CLI::App& scheme, Shell& shell) {
  CLI::App& app = *scheme.add_subcommand("lint", "Check scheme files, without a node");
  auto files = std::make_shared<std::vector<std::string>>();
  app.add_option("files", *files, "e.g. schemes/*.toml")->required();
  app.callback(
      [&shell, files] { shell.action = [&shell, files] { return lint(*files, shell.json); }; });
}

void add_show(CLI::App& scheme, Shell& shell) {
  CLI::App& app = *scheme.add_subcommand("show", "All rules of a scheme with their sources");
  auto what = std::make_shared<std::string>();
  auto day = std::make_shared<std::string>();
  app.add_option(
         "scheme", *what, "a file that ends in .toml, or the code of a loaded one, e.g. FR-GO")
      ->required();
  app.add_option("--on", *day, "the version in force on this date; else the one loaded last");
  app.callback([&shell, what, day] {
    shell.action = [&shell, what, day] {
      const v1::GetSchemeResponse found = find_scheme(shell, *what, *day);
      if (shell.json) {
        shell.print_page(found);
      } else {
        std::cout << page_of(engine_scheme(found));
      }
      return Exit::ok;
    };
  });
}

void add_diff(CLI::App& scheme, Shell& shell) {
  CLI::App& app = *scheme.add_subcommand("diff", "Where the rules of two schemes differ");
  auto a = std::make_shared<std::string>();
  auto b = std::make_shared<std::string>();
  app.add_option("a", *a, "a file that ends in .toml, or the code of a loaded scheme")->required();
  app.add_option("b", *b, "the other")->required();
  app.footer("Example:\n  origo scheme diff FR-GO schemes/fr_grdf.toml");
  app.callback([&shell, a, b] {
    shell.action = [&shell, a, b] {
      const Scheme left = engine_scheme(find_scheme(shell, *a, {}));
      const Scheme right = engine_scheme(find_scheme(shell, *b, {}));
      print_differences(differences(left, right), shell.json);
      return Exit::ok;
    };
  });
}

}  // namespace

void add_scheme_commands(CLI::App& app, Shell& shell) {
  CLI::App& scheme =
      *app.add_subcommand("scheme", "Rules of certificate schemes")->require_subcommand(1);
  add_load(scheme, shell);
  add_lint(scheme, shell);
  list_verb(scheme, shell, "list", "Schemes that are loaded", &v1::Registry::Stub::ListSchemes, {});
  add_show(scheme, shell);
  add_diff(scheme, shell);
}

}  // namespace origo::gateway
