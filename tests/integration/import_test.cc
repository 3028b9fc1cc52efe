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
