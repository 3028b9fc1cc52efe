#include "gateway/cli/base/register_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "gateway/cli/base/delimited.h"

namespace origo::gateway {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kMark = "\xef\xbb\xbf";

auto refused(std::size_t line, const char* rule) {
  return testing::AllOf(testing::Field("line", &RefusedRow::line, line),
                        testing::Field("rule", &RefusedRow::rule, HasSubstr(rule)));
}

TEST(Delimited, ReadsQuotesMarksBannersAndLineEnds) {
  const DelimitedTable table(
      std::string(kMark) + "a banner,,\r\n,,\r\nname," + kMark +
          "place,n\r\n\"Rye, \"\"Hill\"\"\r\nFarm\", Ely ,1\r\n\r\nshort\r\n",
      ',',
      {"name", "place", "n"});
  ASSERT_EQ(table.error(), "");
  ASSERT_EQ(table.rows().size(), 2U);
  EXPECT_EQ(table.cell(table.rows()[0], "name"), "Rye, \"Hill\"  Farm");
  EXPECT_EQ(table.cell(table.rows()[0], "place"), "Ely");
  EXPECT_EQ(table.rows()[0].line, 4U);
  EXPECT_EQ(table.rows()[1].line, 7U);
  EXPECT_EQ(table.cell(table.rows()[1], "n"), "");
}

TEST(Delimited, UnderstandsWindows1252WhereTextIsNotUtf8) {
  EXPECT_EQ(to_utf8("Caf\xe9 \x80 \x81"), "Café € ?");
  EXPECT_EQ(to_utf8("Café €"), "Café €");
}

TEST(Delimited, SaysWhatIsMissing) {
  EXPECT_THAT(DelimitedTable("name;place\n1;2\n", ';', {"name", "start"}).error(),
              HasSubstr("no column start"));
  EXPECT_THAT(DelimitedTable("", ';', {"name"}).error(), HasSubstr("no column name"));
  EXPECT_THAT(DelimitedTable("name\n\"never closed\n", ';', {"name"}).error(), HasSubstr("quote"));
}

std::string odre(const std::string& rows) {
  return std::string(kMark) +
         "Nom du site;Type de site;Commune;Departement;Region;Date de mise en service;Reseau;Type "
         "de Réseau;"
         "Capacite de production (GWh/an);N° de PITD/PITP;Code Region;" +
         kMark + "ID unique projet;Date de fermeture du site\r\n" + rows;
}

TEST(OdrePlants, AreSitesWithTheirSpellingsMadeOne) {
  const Plants plants = read_odre_plants(odre(
      "METHA;STEP;Lyon;Rhône;Auvergne;2020-02-29;GRTGaz;Transport;10.5;IR1;84;7;2023-01-31\r\n"
      "FERME;Aricole Territoriale;;;;2021-01-01;SOREGIES;Distribution;0.000000001;VN1;52;8;\r\n"));
  ASSERT_EQ(plants.error, "");
  EXPECT_TRUE(plants.refused.empty());
  ASSERT_EQ(plants.rows.size(), 2U);
  const Plant& first = plants.rows[0];
  EXPECT_EQ(first.key, "ODRE 7");
  EXPECT_EQ(first.device.name, "METHA (ODRE 7)");
  EXPECT_EQ(first.capacity, Measured(10'500'000'000));
  EXPECT_EQ(first.device.start, *make_date(2020, 2, 29));
  const auto field = [](const Plant& plant, const char* name) {
    for (const origo::Field& one : plant.device.fields) {
      if (one.name == name) return one.value;
    }
    return std::string("none");
  };
  EXPECT_EQ(field(first, "device_type"), "wastewater");
  EXPECT_EQ(field(first, "grid_operator"), "GRTgaz");
  EXPECT_EQ(field(first, "injection_end"), "2023-01-31");
  EXPECT_EQ(field(plants.rows[1], "region"), "Pays de la Loire");
  EXPECT_EQ(field(plants.rows[1], "injection_end"), "none");
}

TEST(OdrePlants, DirtyRowsAreNamedByLineAndRule) {
  const Plants plants =
      read_odre_plants(odre("A;ISDND;;;R;2020-02-30;G;T;1;N;1;1;\n"
                            "B;Volcan;;;R;2020-02-01;G;T;1;N;1;2;\n"
                            "C;ISDND;;;R;2020-02-01;G;T;-1;N;1;3;\n"
                            "D;ISDND;;;R;2020-02-01;G;T;1;N;1;x;\n"
                            "E;ISDND;;;R;2020-02-01;G;T;1;N;1;5;2019-01-01\n"
                            "F;ISDND;;;R;2020-02-01;G;T;1;N;1;6;\n"
                            "G;ISDND;;;R;2020-02-01;G;T;1;N;1;6;\n" +
                            std::string(201, 'h') + ";ISDND;;;R;2020-02-01;G;T;1;N;1;9;\n"));
  EXPECT_EQ(plants.rows.size(), 1U);
  EXPECT_THAT(plants.refused,
              ElementsAre(refused(2, "mise en service"),
                          refused(3, "Type de site"),
                          refused(4, "Capacite"),
                          refused(5, "ID unique"),
                          refused(6, "fermeture"),
                          refused(8, "once"),
                          refused(9, "name")));
}

TEST(RepdPlants, AreTheOperationalOnes) {
  const Plants plants = read_repd_plants(
      ",,Public Database\r\n,,,\r\n"
      "Ref ID,Operator (or Applicant),Site Name,Technology Type,Installed Capacity (MWelec),"
      "Development Status (short),Address,County,Region,Country,Post Code,Operational\r\n"
      "1,Rye,Caf\xe9,Anaerobic Digestion,1.5,Operational,\"The Leys, "
      "Ely\",Cambs,,England,,01/05/2007\r\n"
      "2,Rye,Barn,Solar,1,Application Withdrawn,,,,,,\r\n"
      "3,Rye,Mill,Solar,1,Operational,,,,,,31/02/2007\r\n"
      "4,,Hall,Solar,1,Operational,,,,Wales,,01/02/2007\r\n"
      "5,Rye,Wood,Solar,0,Operational,,,,Wales,,01/02/2007\r\n"
      "6,Rye,Wood,Solar,1,Operational,,,,,,01/02/2007\r\n");
  ASSERT_EQ(plants.error, "");
  ASSERT_EQ(plants.rows.size(), 1U);
  EXPECT_EQ(plants.rows[0].device.name, "Café (REPD 1)");
  EXPECT_EQ(plants.rows[0].device.fields[0].value, "The Leys, Ely, Cambs, England");
  EXPECT_EQ(plants.rows[0].device.fields[2].value, "1500");
  EXPECT_EQ(plants.passed_over.at("development status Application Withdrawn"), 1U);
  EXPECT_THAT(plants.refused,
              ElementsAre(refused(6, "Operational"),
                          refused(7, "owner"),
                          refused(8, "Capacity"),
                          refused(9, "Address")));
}

TEST(OdreVolumes, HoursMustGiveTheDay) {
  std::string header = "Journée gazière;Production Journalière (MWh PCS);Opérateur";
  std::string hours;
  std::string bad;
  for (int hour = 0; hour < 24; ++hour) {
    header += (hour < 10 ? ";0" : ";") + std::to_string(hour) + ":00";
    hours += ";1.001";
    bad += hour == 3 ? ";-1" : ";1.001";
  }
  const Volumes volumes = read_odre_hourly(
      header + "\n2022-02-02;24.0299995;GRTgaz" + hours + "\n2022-02-01;24.0240004999;GRTgaz" +
      hours + "\n2022-02-03;24.04;GRTgaz" + hours + "\n2022-02-04;24.02;GRTgaz" + bad +
      "\n2022-02-02;24.024;GRTgaz" + hours + "\n2022-02-02;24.024;Teréga" + hours + "\n");
  ASSERT_EQ(volumes.error, "");
  ASSERT_EQ(volumes.rows.size(), 3U);
  EXPECT_EQ(volumes.rows[0].period.first, *make_date(2022, 2, 1));
  EXPECT_EQ(volumes.rows[0].amount, Measured(24'024'000));
  EXPECT_EQ(volumes.rows[1].amount, Measured(24'030'000));
  EXPECT_EQ(volumes.rows[2].meter, "Teréga");
  EXPECT_THAT(
      volumes.refused,
      ElementsAre(
          refused(4, "24 hours"), refused(5, "03:00"), refused(6, "overlap that of line 2")));
}

TEST(OdreVolumes, MonthsAreWhole) {
  const Volumes volumes = read_odre_monthly(
      "Mois;Production mensuelle de biomethane (MWh)\n2023-02;5\n2023-13;5\n2023-03;\n");
  ASSERT_EQ(volumes.rows.size(), 1U);
  EXPECT_EQ(volumes.rows[0].period.last, *make_date(2023, 2, 28));
  EXPECT_THAT(volumes.refused, ElementsAre(refused(3, "Mois"), refused(4, "number")));
}

// A block of March 2023.
std::string block(std::int64_t first,
                  std::int64_t last,
                  std::int64_t count,
                  const std::string& status = "Redeemed",
                  const std::string& month = "Mar-2023") {
  const auto number = [](std::int64_t counter) {
    std::string digits = std::to_string(counter);
    return "G01821BWEN" + std::string(10 - digits.size(), '0') + digits + "010323310323GEN";
  };
  return "G01821BWEN,Drax,4065000.0,REGO,England,Biomass,," + month + "," + std::to_string(count) +
         "," + number(first) + "," + number(last) + ",1.0,15/05/2023," + status +
         ",01/07/2023,\"Gas, Ltd\",\n";
}

TEST(RegoBlocks, TileTheirMonthInOrder) {
  const RegoBlocks blocks =
      read_rego_blocks(block(5, 9, 5) + block(0, 4, 5, "Issued", "01/03/2023 - 31/03/2023"));
  ASSERT_EQ(blocks.error, "");
  EXPECT_TRUE(blocks.refused.empty());
  ASSERT_EQ(blocks.rows.size(), 2U);
  EXPECT_EQ(blocks.rows[0].first, 0);
  EXPECT_EQ(blocks.rows[0].status, "Issued");
  EXPECT_EQ(blocks.rows[0].printed,
            "G01821BWEN0000000000010323310323GEN - G01821BWEN0000000004010323310323GEN");
  EXPECT_EQ(blocks.rows[1].holder, "Gas, Ltd");
  EXPECT_EQ(blocks.rows[1].period.last, *make_date(2023, 3, 31));
}

TEST(RegoBlocks, OneBadRowRefusesItsWholeMonth) {
  const RegoBlocks gap = read_rego_blocks(block(0, 4, 5) + block(6, 9, 4));
  EXPECT_TRUE(gap.rows.empty());
  EXPECT_THAT(gap.refused, ElementsAre(refused(1, "line 2 does"), refused(2, "no gap")));
  const RegoBlocks overlap = read_rego_blocks(block(0, 4, 5) + block(4, 9, 6));
  EXPECT_EQ(overlap.refused.size(), 2U);
  const RegoBlocks late = read_rego_blocks(block(1, 4, 4));
  EXPECT_THAT(late.refused, ElementsAre(refused(1, "begin at 0")));
}

TEST(RegoBlocks, DirtyRowsAreNamedByLineAndRule) {
  const RegoBlocks blocks = read_rego_blocks(block(0, 4, 6) + block(0, 4, 5, "Lost") +
                                             block(0, 4, 5, "Issued", "Apr-2023") + "a,b\n" +
                                             block(0, 4, 5, "Issued", "Foo-2023"));
  EXPECT_TRUE(blocks.rows.empty());
  EXPECT_THAT(blocks.refused,
              ElementsAre(refused(1, "end - start + 1"),
                          refused(2, "status"),
                          refused(3, "station and month"),
                          refused(4, "17 columns"),
                          refused(5, "output period")));
}

// The published files themselves, where they are at hand: ORIGO_REAL_DATA names their folder, with
// the archives unpacked beside them.
class RealData : public testing::Test {
 protected:
  void SetUp() override {
    const char* const folder = std::getenv("ORIGO_REAL_DATA");
    if (folder == nullptr) GTEST_SKIP() << "ORIGO_REAL_DATA names no folder of published registers";
    folder_ = folder;
  }
  [[nodiscard]] std::string read(const char* file) const {
    std::ifstream in(folder_ / file, std::ios::binary);
    EXPECT_TRUE(in.is_open()) << file;
    return {std::istreambuf_iterator<char>(in), {}};
  }
  std::filesystem::path folder_;
};

TEST_F(RealData, OfOdreGivesTheTotalsOfTheSource) {
  const Plants plants = read_odre_plants(read("plants/odre_points-injection_2023.csv"));
  EXPECT_EQ(plants.rows.size(), 566U);
  EXPECT_TRUE(plants.refused.empty());
  Measured capacity;
  for (const Plant& plant : plants.rows) capacity += plant.capacity;
  EXPECT_EQ((capacity.value() + 500'000'000) / 1'000'000'000, 9'954);
  const Volumes months =
      read_odre_monthly(read("plants/odre_production-mensuelle-biomethane_2015-01_2023-03.csv"));
  EXPECT_EQ(months.rows.size(), 99U);
  Measured total;
  for (const Volume& month : months.rows) total += month.amount;
  EXPECT_EQ(total, Measured(18'229'738'000'000));
}

TEST_F(RealData, OfOfgemGivesTheTotalsOfTheSource) {
  const RegoBlocks blocks =
      read_rego_blocks(read("rego/ofgem_rego_2022-04_2023-03_drax_tritonknoll.csv"));
  EXPECT_TRUE(blocks.refused.empty());
  std::map<std::string, int> statuses;
  std::int64_t certificates = 0;
  for (const RegoBlock& one : blocks.rows) {
    ++statuses[one.status];
    certificates += one.count;
  }
  EXPECT_EQ(certificates, 15'880'819);
  const std::map<std::string, int> expected = {
      {"Redeemed", 155}, {"Retired", 70}, {"Expired", 12}, {"Issued", 1}};
  EXPECT_EQ(statuses, expected);
}

}  // namespace
}  // namespace origo::gateway
