#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "tests/integration/node_process.h"

// `origo import` against a real node, with small files in the form of the published ones.
namespace origo::integration {
namespace {

using testing::HasSubstr;

constexpr const char* kStations =
    "GeneratorID,StatusName,GeneratorName,SchemeName,Capacity,Country,TechnologyName,OutputType,"
    "AccreditationDate,"
    "CommissionDate,textbox6\n"
    "G01821BWEN,Live,Drax,REGO,4065000.000,England,Biomass,General,27/10/2003,01/10/1974,Drax "
    "Power Limited\n"
    "G09999BWEN,Revoked,Gone,REGO,1.000,England,Biomass,General,27/10/2003,01/10/1974,Gone "
    "Limited\n";

std::string number(int counter, const std::string& end) {
  const std::string digits = std::to_string(counter);
  return "G01821BWEN" + std::string(10 - digits.size(), '0') + digits + end;
}

std::string block(const std::string& month,
                  const std::string& end,
                  int first,
                  int last,
                  const std::string& status,
                  const std::string& holder) {
  return "G01821BWEN,Drax,4065000.0,REGO,England,Biomass,," + month + "," +
         std::to_string(last - first + 1) + "," + number(first, end) + "," + number(last, end) +
         ",1.0,15/05/2023," + status + ",01/07/2023," + holder + ",\r\n";
}

const std::string kMarch = "010323310323GEN";
const std::string kApril = "010422300422GEN";

class Import : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(node_.wait_until_ready()) << node_.log(); }

  [[nodiscard]] std::string file(const std::string& name, const std::string& text) const {
    const std::filesystem::path path = directory_.path() / name;
    std::ofstream(path, std::ios::binary) << text;
    return path.string();
  }
  [[nodiscard]] Ended origo(Words arguments) const {
    arguments.insert(arguments.begin(), {"--data", data_.string()});
    return run_program("origo", arguments);
  }
  [[nodiscard]] nlohmann::json json(Words arguments, int code = 0) const {
    arguments.insert(arguments.begin(), "--json");
    const Ended ended = origo(arguments);
    EXPECT_EQ(ended.code, code) << ended.output;
    return nlohmann::json::parse(ended.output.substr(0, ended.output.find('\n')), nullptr, false);
  }
  [[nodiscard]] std::string sequence() const {
    return json({"status"})["sequence"].get<std::string>();
  }

  TemporaryDirectory directory_;
  const std::filesystem::path data_ = directory_.path() / "node";
  NodeProcess node_{data_, {"--schemes", "schemes", "--demo", "--clock", "2023-06-30T08:00:00Z"}};
};

TEST_F(Import, TakesRegoBlocksOverWithTheirSerialNumbersAndARepeatDoesNothing) {
  const std::string stations = file("stations.csv", kStations);
  const std::string blocks =
      file("blocks.csv",
           block("Mar-2023", kMarch, 5000, 5099, "Redeemed", "\"Gas, Ltd\"") +
               block("Mar-2023", kMarch, 0, 4999, "Issued", "Storage Limited") +
               block("01/04/2022 - 30/04/2022", kApril, 0, 9, "Redeemed", "\"Gas, Ltd\"") +
               block("Apr-2022", kApril, 10, 19, "Retired", "Ørsted A/S") +
               block("Apr-2022", kApril, 20, 29, "Redeemed", "\"Gas, Ltd\"") +
               block("Apr-2022", kApril, 30, 39, "Expired", "Late Limited"));
  const Words import = {"import", "rego", blocks, "--stations", stations, "--registry", "GB"};
  Words dry = import;
  dry.push_back("--dry-run");
  const std::string before = sequence();
  auto report = json(dry);
  EXPECT_EQ(report["imported"], 6);
  EXPECT_EQ(report["totals"]["certificates"], "5,140");
  EXPECT_EQ(sequence(), before) << "a dry run sends nothing";

  report = json(import);
  EXPECT_EQ(report["imported"], 6);
  EXPECT_TRUE(report["refused"].empty());
  std::set<std::string> printed;
  const nlohmann::json told = json({"statements"});
  for (const auto& statement : told["statements"]) {
    EXPECT_EQ(statement["ranges"].size(), 1U);
    printed.insert(statement["ranges"][0]["printed"].get<std::string>());
  }
  const std::set<std::string> expected = {number(5000, kMarch) + " - " + number(5099, kMarch),
                                          number(0, kApril) + " - " + number(9, kApril),
                                          number(10, kApril) + " - " + number(19, kApril),
                                          number(20, kApril) + " - " + number(29, kApril)};
  EXPECT_EQ(printed, expected);
  std::int64_t issued = 0;
  std::int64_t held = 0;
  const nlohmann::json lots = json({"lots", "--registry", "GB"});
  for (const auto& lot : lots["lots"]) {
    issued += std::stoll(lot["issued"].get<std::string>());
    held += std::stoll(lot["held"].get<std::string>());
  }
  EXPECT_EQ(issued, 5'140);
  EXPECT_EQ(held, 5'010);

  const std::string after = sequence();
  report = json(import);
  EXPECT_EQ(report["already_there"], 6);
  EXPECT_EQ(report["imported"], 0);
  EXPECT_EQ(sequence(), after) << "a repeat sends nothing";
}

TEST_F(Import, TwoPersonsTakeARegisterOverAndAnInterruptedOneGoesOn) {
  const Words import = {"import",
                        "rego",
                        file("blocks.csv",
                             block("Mar-2023", kMarch, 0, 99, "Redeemed", "Gas Limited") +
                                 block("Mar-2023", kMarch, 100, 149, "Issued", "Storage Limited")),
                        "--stations",
                        file("stations.csv", kStations),
                        "--registry",
                        "GB"};
  const auto user = [&](const std::string& name) {
    const auto made =
        json({"user", "create", "--participant", "par-1", "--name", name, "--person", name});
    static_cast<void>(file(name + ".token", made["token"].get<std::string>() + "\n"));
    return made["id"].get<std::string>();
  };
  const auto approved_by = [&](const std::string& name) {
    Words words = import;
    words.insert(words.end(), {"--approve-as", (directory_.path() / (name + ".token")).string()});
    return words;
  };
  static_cast<void>(user("second"));
  // What cannot be known before: the other person trades, and so cannot issue.
  const std::string desk = json(
      {"participant", "create", "--name", "Desk", "--country", "GB", "--kinds", "trader"})["id"];
  const auto trader = json({"user", "create", "--participant", desk, "--name", "trader"});
  static_cast<void>(file("trader.token", trader["token"].get<std::string>() + "\n"));
  ASSERT_EQ(origo({"role",
                   "grant",
                   "--user",
                   trader["id"].get<std::string>(),
                   "--role",
                   "trader",
                   "--participant",
                   desk})
                .code,
            0);

  ASSERT_EQ(origo({"admin", "relax"}).code, 0);
  std::string before = sequence();
  Ended ended = origo(approved_by("second"));
  EXPECT_EQ(ended.code, 6) << ended.output;
  EXPECT_THAT(ended.output, HasSubstr("this node holds transfers"));
  EXPECT_EQ(sequence(), before);

  ASSERT_EQ(origo({"admin", "relax", "--holds"}).code, 0);
  before = sequence();
  ended = origo(import);
  EXPECT_EQ(ended.code, 6) << ended.output;
  EXPECT_THAT(ended.output, HasSubstr("--approve-as"));
  EXPECT_EQ(sequence(), before);

  ended = origo(approved_by("trader"));
  EXPECT_EQ(ended.code, 1) << ended.output;
  EXPECT_THAT(ended.output, HasSubstr("roles of the second person: 0 of 1 done"));
  EXPECT_THAT(ended.output, HasSubstr("done before: registry opened"));
  EXPECT_THAT(ended.output, HasSubstr("a repeat goes on from there"));

  EXPECT_EQ(json(approved_by("second"))["imported"], 2);
  EXPECT_EQ(json({"lots", "--registry", "GB"})["lots"][0]["issued"], "150");
  EXPECT_EQ(json({"statements"})["statements"].size(), 1U);
  before = sequence();
  EXPECT_EQ(json(approved_by("second"))["already_there"], 2);
  EXPECT_EQ(sequence(), before);
}

TEST_F(Import, RowsAreJudgedByTheNodesRulesBeforeAnythingIsSent) {
  // The output of March 2021 was to be cancelled by the end of June 2022.
  const std::string march = "010321310321GEN";
  Words import = {"import",
                  "rego",
                  file("blocks.csv",
                       block("Mar-2021", march, 0, 99, "Issued", "Late Limited") +
                           block("Mar-2023", kMarch, 0, 9, "Issued", "Storage Limited")),
                  "--stations",
                  file("stations.csv", kStations),
                  "--registry",
                  "GB"};
  const std::string before = sequence();
  const Ended refused = origo(import);
  EXPECT_EQ(refused.code, 1) << refused.output;
  EXPECT_THAT(
      refused.output,
      HasSubstr("blocks.csv:1: with its station's month: lot must not be past its last day"));
  EXPECT_EQ(sequence(), before);
  import.push_back("--skip-refused");
  const auto report = json(import);
  EXPECT_EQ(report["imported"], 1);
  EXPECT_EQ(report["totals"]["certificates"], "10");
}

TEST_F(Import, APlantThatAnotherEditionHasOtherwiseIsChanged) {
  const std::string header =
      "Nom du site;Type de site;Commune;Departement;Region;Date de mise en service;Reseau;Type de "
      "Réseau;"
      "Capacite de production (GWh/an);N° de PITD/PITP;Code Region;ID unique projet;Date de "
      "fermeture du site\n";
  const auto import = [&](const std::string& rows, const Words& more = {}) {
    Words words = {"import",
                   "plants",
                   file("sites.csv", header + rows),
                   "--format",
                   "odre",
                   "--registry",
                   "FR"};
    words.insert(words.end(), more.begin(), more.end());
    return json(words);
  };
  const std::string one = "A;ISDND;;;R;2020-02-01;G;T;1;N;1;1;\n";
  EXPECT_EQ(import(one + "B;ISDND;;;R;2020-02-01;G;T;1;N;1;2;2023-01-31\n")["imported"], 2);
  const std::string newer =
      "A neuf;ISDND;;;R;2020-02-01;G;T;12;N;1;1;\n"
      "B;ISDND;;;R;2020-02-01;G;T;1;N;1;2;2023-01-31\n";
  std::string before = sequence();
  auto report = import(newer, {"--dry-run"});
  ASSERT_EQ(report["changed"].size(), 1U) << report;
  EXPECT_EQ(report["changed"][0]["key"], "ODRE 1");
  EXPECT_EQ(report["changed"][0]["what"],
            "name: A (ODRE 1) -> A neuf (ODRE 1); capacity_mwh_year: 1000 -> 12000");
  EXPECT_EQ(report["already_there"], 1);
  EXPECT_EQ(sequence(), before);

  EXPECT_EQ(import(newer)["changed"].size(), 1U);
  const auto shown = json({"device", "show", "dev-1"});
  EXPECT_EQ(shown["device"]["name"], "A neuf (ODRE 1)");
  ASSERT_EQ(shown["history"].size(), 2U);
  EXPECT_EQ(shown["history"][1]["valid_from"], "2023-06-30");
  EXPECT_EQ(json({"device", "show", "dev-2"})["device"]["last_day"], "2023-01-31");
  before = sequence();
  EXPECT_EQ(import(newer)["already_there"], 2);
  EXPECT_EQ(sequence(), before) << "a repeat sends nothing";
}

TEST_F(Import, OneRefusedRowRefusesTheFileBeforeAnythingIsSent) {
  const std::string header =
      "Nom du site;Type de site;Commune;Departement;Region;Date de mise en service;Reseau;Type de "
      "Réseau;"
      "Capacite de production (GWh/an);N° de PITD/PITP;Code Region;ID unique projet;Date de "
      "fermeture du site\n";
  const std::string sites = file(
      "sites.csv",
      header + "A;ISDND;;;R;2020-02-01;G;T;1;N;1;1;\n" + "B;Volcan;;;R;2020-02-01;G;T;1;N;1;2;\n");
  Words import = {"import", "plants", sites, "--format", "odre", "--registry", "FR"};
  const std::string before = sequence();
  const Ended refused = origo(import);
  EXPECT_EQ(refused.code, 1) << refused.output;
  EXPECT_THAT(refused.output,
              HasSubstr("sites.csv:3: Type de site must be a known kind, not 'Volcan'"));
  EXPECT_EQ(sequence(), before);

  import.push_back("--skip-refused");
  auto report = json(import);
  EXPECT_EQ(report["imported"], 1);
  EXPECT_EQ(report["refused"][0]["line"], 3);
  const auto devices = json({"device", "list", "--registry", "FR"})["devices"];
  ASSERT_EQ(devices.size(), 1U);
  EXPECT_EQ(devices[0]["name"], "A (ODRE 1)");
  EXPECT_EQ(devices[0]["approved"], true);
  const std::string after = sequence();
  report = json(import);
  EXPECT_EQ(report["already_there"], 1);
  EXPECT_EQ(sequence(), after);
}

TEST_F(Import, VolumesAreDeclaredOnceAndAnotherAmountIsRefused) {
  const std::string header = "Mois;Production mensuelle de biomethane (MWh)\n";
  const auto import = [&](const std::string& rows, int code) {
    return json({"import",
                 "volumes",
                 file("months.csv", header + rows),
                 "--format",
                 "odre-monthly",
                 "--registry",
                 "FR"},
                code);
  };
  EXPECT_EQ(import("2022-01;10\n2022-02;11.5\n", 0)["imported"], 2);
  const std::string after = sequence();
  EXPECT_EQ(import("2022-01;10\n2022-02;11.5\n", 0)["already_there"], 2);
  const auto report = import("2022-01;10\n2022-02;12\n", 1);
  EXPECT_EQ(report["refused"][0]["line"], 3);
  EXPECT_EQ(sequence(), after);
  EXPECT_EQ(import("2022-01;10\n2022-02;11.5\n2022-03;1\n", 0)["imported"], 1);
}

}  // namespace
}  // namespace origo::integration
