#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "tests/scenario/connect.h"
#include "tests/scenario/in_process_driver.h"
#include "tests/scenario/runner.h"

namespace origo::scenario {
namespace {

struct Options {
  std::vector<std::string> files;
  std::vector<std::string> only;
  std::string server;
  std::string schemes;
  bool verbose = false;
  bool json = false;
};

struct Totals {
  int passed = 0;
  int failed = 0;
  int skipped = 0;
  Json results = Json::array();
};

const char* word_for(Ending ending) {
  switch (ending) {
    case Ending::passed:
      return "ok";
    case Ending::failed:
      return "FAIL";
    case Ending::skipped:
      return "skip";
  }
  return "";
}

void report(const ScenarioResult& result, const Options& options, Totals& totals) {
  (result.ending == Ending::passed   ? totals.passed
   : result.ending == Ending::failed ? totals.failed
                                     : totals.skipped)++;
  if (options.json) {
    Json one;
    one["id"] = result.id;
    one["title"] = result.title;
    one["result"] = word_for(result.ending);
    if (!result.reason.empty()) one["reason"] = result.reason;
    totals.results.push_back(std::move(one));
    return;
  }
  std::cout << word_for(result.ending) << (result.ending == Ending::passed ? "   " : " ")
            << result.id << " ";
  if (result.ending == Ending::passed)
    std::cout << result.title << "\n";
  else
    std::cout << "(" << result.title << "): " << result.reason << "\n";
  if (options.verbose) {
    for (const std::string& line : result.log) std::cout << "  " << line << "\n";
  }
  std::cout.flush();  // a node may take a while
}

void run_file(const std::string& path,
              const Options& options,
              Driver& driver,
              SchemeFiles& schemes,
              Totals& totals) {
  ScenarioFile file;
  try {
    file = read_scenario_file(path);
  } catch (const FileMistake& mistake) {
    report({.id = path, .title = "file", .ending = Ending::failed, .reason = mistake.what()},
           options,
           totals);
    return;
  }
  for (const Scenario& scenario : file.scenarios) {
    const bool wanted =
        options.only.empty() ||
        std::find(options.only.begin(), options.only.end(), scenario.id) != options.only.end();
    if (wanted) report(run_scenario(driver, schemes, scenario), options, totals);
  }
}

int run(const Options& options) {
  std::unique_ptr<Driver> driver = std::make_unique<InProcessDriver>();
  if (!options.server.empty()) {
    std::string error;
    driver = connect(options.server, error);
    if (driver == nullptr) {
      std::cerr << "origo-scenario: " << error << "\n";
      return 2;
    }
  }
  std::error_code none;
  SchemeFiles schemes(SchemeFiles::find_folder(
      options.schemes, std::filesystem::read_symlink("/proc/self/exe", none)));
  Totals totals;
  for (const std::string& path : options.files) run_file(path, options, *driver, schemes, totals);
  if (options.json) {
    Json all;
    all["passed"] = totals.passed;
    all["failed"] = totals.failed;
    all["skipped"] = totals.skipped;
    all["scenarios"] = std::move(totals.results);
    std::cout << all.dump(2) << "\n";
  } else {
    std::cout << totals.passed << " passed, " << totals.failed << " failed, " << totals.skipped
              << " skipped\n";
  }
  return totals.failed == 0 ? 0 : 1;
}

}  // namespace
}  // namespace origo::scenario

int main(int argc, char** argv) {
  origo::scenario::Options options;
  CLI::App app("Runs scenario files against the core in this process, or against a node.",
               "origo-scenario");
  app.add_option("files", options.files, "Scenario files")->required()->check(CLI::ExistingFile);
  app.add_option("--only", options.only, "Run only the scenarios with these ids");
  app.add_option("--server", options.server, "HOST:PORT of a node started with --scenario");
  app.add_option(
      "--schemes",
      options.schemes,
      "Folder of the scheme files; without it ./schemes, then beside and above this program");
  app.add_flag("-v,--verbose", options.verbose, "Print every step and what the exchange said");
  app.add_flag("--json", options.json, "Print one JSON document");
  try {
    app.parse(argc, argv);
    return origo::scenario::run(options);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  } catch (const std::exception& error) {
    std::cerr << "origo-scenario: " << error.what() << "\n";
    return 2;
  }
}
