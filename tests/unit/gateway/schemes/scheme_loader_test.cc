#include "gateway/schemes/scheme_loader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace origo::gateway {
namespace {

// A complete file; each bad file below is this one with a line replaced.
const char* const kGood = R"(code = "T-GO"
name = "Test"
operator = "Tester"
valid_from = 2020-01-01
serial_format = "{registry}-{lot}-{serial}"
[unit]
dimension = "energy_wh"
size = 1000
[issuance]
measure = "net"
deductions = ["propane"]
carriers = ["biomethane"]
[cancellation]
last_day = {basis = "production_end", months = 39}
purposes = ["disclosure"]
beneficiary_required = true
consumption_period_required = false
[accounts]
holders = ["producer", "trader"]
receivers = ["trader"]
[bridge]
export = true
import = false
[[device_fields]]
name = "capacity"
kind = "number"
required = true
attribute = "capacity_kw"
source = "list"
[[rules]]
id = "valid_from"
text = "t"
source = "s"
confidence = "high"
)";

std::string good_file() {
  std::string text = kGood;
  for (const char* id : {"serial_format",
                         "unit",
                         "issuance.measure",
                         "issuance.deductions",
                         "issuance.carriers",
                         "cancellation.last_day",
                         "cancellation.purposes",
                         "cancellation.beneficiary_required",
                         "cancellation.consumption_period_required",
                         "accounts.holders",
                         "accounts.receivers",
                         "bridge"}) {
    text += std::string("[[rules]]\nid = \"") + id +
            "\"\ntext = \"t\"\nsource = \"s\"\nconfidence = \"low\"\n";
  }
  return text;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(SchemeLoader, ReadsEveryPart) {
  const auto loaded = parse_scheme(good_file(), "t.toml");
  ASSERT_TRUE(std::holds_alternative<LoadScheme>(loaded)) << to_string(std::get<FileError>(loaded));
  const Scheme& scheme = std::get<LoadScheme>(loaded).scheme;
  EXPECT_EQ(scheme.code, "T-GO");
  EXPECT_EQ(scheme.valid_from, *make_date(2020, 1, 1));
  EXPECT_EQ(scheme.valid_to, kNever);
  EXPECT_EQ(scheme.unit_size, 1000);
  EXPECT_EQ(scheme.measure, Measure::net);
  EXPECT_EQ(scheme.cancellable.basis, ClockBasis::production_end);
  EXPECT_EQ(scheme.cancellable.months, 39);
  EXPECT_EQ(scheme.transferable.basis, ClockBasis::none);
  EXPECT_EQ(scheme.receivers, std::vector{ParticipantKind::trader});
  ASSERT_EQ(scheme.device_fields.size(), 1u);
  EXPECT_EQ(scheme.device_fields[0].attribute, "capacity_kw");
  EXPECT_EQ(scheme.rules.size(), 13u);
  EXPECT_NE(std::get<LoadScheme>(loaded).source, Hash256{});
}

struct BadFile {
  const char* name;
  const char* from;
  const char* to;
  const char* error;  // as printed
};

class BadSchemeFile : public testing::TestWithParam<BadFile> {};

TEST_P(BadSchemeFile, NamesLineKeyAndRule) {
  const BadFile& bad = GetParam();
  const auto loaded = parse_scheme(replaced(good_file(), bad.from, bad.to), "t.toml");
  ASSERT_TRUE(std::holds_alternative<FileError>(loaded));
  EXPECT_THAT(to_string(std::get<FileError>(loaded)), testing::StartsWith(bad.error));
}

INSTANTIATE_TEST_SUITE_P(
    Files,
    BadSchemeFile,
    testing::Values(
        BadFile{"syntax", "size = 1000", "size = = 1000", "t.toml:8: "},
        BadFile{"duplicate_key", "size = 1000", "size = 1000\nsize = 2", "t.toml:9: "},
        BadFile{"unknown_key",
                "name = \"Test\"",
                "name = \"Test\"\ncolour = \"green\"",
                "t.toml:3: colour: is not a key of this file"},
        BadFile{"unknown_nested_key",
                "size = 1000",
                "size = 1000\nkind = 1",
                "t.toml:9: unit.kind: is not a key of this file"},
        BadFile{"unknown_clock_key",
                "months = 39",
                "months = 39, years = 3",
                "t.toml:14: cancellation.last_day.years: is not a key of this file"},
        BadFile{"unknown_field_key",
                "required = true\nattribute",
                "mandatory = true\nattribute",
                "t.toml:27: device_fields.mandatory: is not a key of this file"},
        BadFile{"missing_key", "code = \"T-GO\"\n", "", "t.toml:1: code: is missing"},
        BadFile{"missing_section",
                "[bridge]\nexport = true\nimport = false\n",
                "",
                "t.toml:1: bridge: is missing"},
        BadFile{"missing_nested_key",
                "measure = \"net\"\n",
                "",
                "t.toml:9: issuance.measure: is missing"},
        BadFile{"wrong_type",
                "size = 1000",
                "size = \"1000\"",
                "t.toml:8: unit.size: must be a whole number"},
        BadFile{"fraction",
                "size = 1000",
                "size = 1000.5",
                "t.toml:8: unit.size: must be a whole number"},
        BadFile{"flag_as_text",
                "beneficiary_required = true",
                "beneficiary_required = \"yes\"",
                "t.toml:16: cancellation.beneficiary_required: must be true or false"},
        BadFile{"date_as_text",
                "valid_from = 2020-01-01",
                "valid_from = \"2020-01-01\"",
                "t.toml:4: valid_from: must be a date"},
        BadFile{"date_order",
                "valid_from = 2020-01-01",
                "valid_from = 2020-01-01\nvalid_to = 2019-12-31",
                "t.toml:5: valid_to: must not be before valid_from"},
        BadFile{"list_as_text",
                "carriers = [\"biomethane\"]",
                "carriers = \"biomethane\"",
                "t.toml:12: issuance.carriers: must be a list of texts"},
        BadFile{"list_of_numbers",
                "carriers = [\"biomethane\"]",
                "carriers = [1]",
                "t.toml:12: issuance.carriers: must be a list of texts"},
        BadFile{"empty_list",
                "carriers = [\"biomethane\"]",
                "carriers = []",
                "t.toml:12: issuance.carriers: must not be empty"},
        BadFile{"word_twice",
                "holders = [\"producer\"",
                "holders = [\"trader\"",
                "t.toml:19: accounts.holders: names \"trader\" twice"},
        BadFile{
            "empty_text", "name = \"Test\"", "name = \"\"", "t.toml:2: name: must not be empty"},
        BadFile{"wrong_enum_word",
                "measure = \"net\"",
                "measure = \"nett\"",
                "t.toml:10: issuance.measure: \"nett\" must be one of gross, net"},
        BadFile{"wrong_kind_word",
                "receivers = [\"trader\"]",
                "receivers = [\"dealer\"]",
                "t.toml:20: accounts.receivers: \"dealer\" must be one of producer, trader"},
        BadFile{"receiver_no_holder",
                "receivers = [\"trader\"]",
                "receivers = [\"supplier\"]",
                "t.toml:20: accounts.receivers: must all be holders"},
        BadFile{"negative_size",
                "size = 1000",
                "size = -1000",
                "t.toml:8: unit.size: must lie between 1 and"},
        BadFile{
            "zero_size", "size = 1000", "size = 0", "t.toml:8: unit.size: must lie between 1 and"},
        BadFile{"negative_months",
                "months = 39",
                "months = -1",
                "t.toml:14: cancellation.last_day.months: must lie between 0 and"},
        BadFile{"empty_clock",
                "months = 39",
                "days = 0",
                "t.toml:14: cancellation.last_day: must have months, days or end"},
        BadFile{"gross_with_deductions",
                "measure = \"net\"",
                "measure = \"gross\"",
                "t.toml:11: issuance.deductions: only a net scheme deducts"},
        BadFile{"number_below_min",
                "required = true\nattribute",
                "min = 5\nmax = 4\nrequired = true\nattribute",
                "t.toml:28: device_fields.max: must not be below min"},
        BadFile{"limits_of_a_flag",
                "kind = \"number\"",
                "kind = \"flag\"\nmin = 5",
                "t.toml:27: device_fields.min: belongs to numbers and texts"},
        BadFile{"age_of_a_number",
                "kind = \"number\"",
                "kind = \"number\"\nmonths_old_max = 5",
                "t.toml:27: device_fields.months_old_max: belongs to dates"},
        BadFile{"member_of_none",
                "kind = \"number\"",
                "kind = \"member\"",
                "t.toml:24: device_fields: \"capacity\" names a member, and the scheme has none"},
        BadFile{"member_ends_first",
                "[[rules]]",
                "[[members]]\nname = \"a\"\nfirst = 2020-01-02\nlast = 2020-01-01\nsource = "
                "\"s\"\n[[rules]]",
                "t.toml:33: members.last: must not be before first"},
        BadFile{"member_without_source",
                "[[rules]]",
                "[[members]]\nname = \"a\"\nfirst = 2020-01-02\n[[rules]]",
                "t.toml:30: members.source: is missing"},
        BadFile{"programme_without_fields",
                "[[rules]]",
                "[[co2_programmes]]\nname = \"a\"\ncounting = \"neither\"\nfirst = "
                "2020-01-02\nsource = \"s\"\n[[rules]]",
                "t.toml:1: production_fields: must have one field of kind co2_programme and one of "
                "kind "
                "co2_mass"},
        BadFile{"mass_without_programme",
                "kind = \"number\"",
                "kind = \"co2_mass\"",
                "t.toml:28: device_fields.attribute: lots are told by the core how their CO2 is "
                "counted"},
        BadFile{"share_of_all",
                "[[rules]]",
                "[[co2_programmes]]\nname = \"a\"\ncounting = \"shared\"\nuser_share_ppm = "
                "1000000\n[[rules]]",
                "t.toml:33: co2_programmes.user_share_ppm: must lie between 1 and 999999"},
        BadFile{"share_of_one",
                "[[rules]]",
                "[[co2_programmes]]\nname = \"a\"\ncounting = \"neither\"\nuser_share_ppm = "
                "1\n[[rules]]",
                "t.toml:33: co2_programmes.user_share_ppm: belongs to counting = \"shared\""},
        BadFile{"compensation_of_nobody",
                "[[rules]]",
                "[[co2_programmes]]\nname = \"a\"\ncounting = \"user_reports\"\ncapture_schemes "
                "= [\"C\"]\n[[rules]]",
                "t.toml:33: co2_programmes.capture_schemes: belongs to counting = "
                "\"capturer_reports\" and \"shared\""},
        BadFile{"eligible_without_certificates",
                "[[rules]]",
                "[[co2_programmes]]\nname = \"a\"\ncounting = \"capturer_reports\"\neligible_only "
                "= true\n[[rules]]",
                "t.toml:33: co2_programmes.eligible_only: needs capture_schemes"},
        BadFile{"programme_of_two_meanings",
                "[[rules]]",
                "[[co2_programmes]]\nname = \"a\"\ncounting = \"neither\"\nfirst = "
                "2020-01-02\nlast = 2020-01-03\nsource = \"s\"\n[[co2_programmes]]\nname = "
                "\"a\"\ncounting = \"user_reports\"\nfirst = 2021-01-02\nsource = "
                "\"s\"\n[[rules]]",
                "t.toml:38: co2_programmes.counting: must be the same in all rows of a name"},
        BadFile{"programme_twice_a_day",
                "[[rules]]",
                "[[co2_programmes]]\nname = \"a\"\ncounting = \"neither\"\nfirst = "
                "2020-01-02\nsource = \"s\"\n[[co2_programmes]]\nname = "
                "\"a\"\ncounting = \"neither\"\nfirst = 2021-01-02\nsource = "
                "\"s\"\n[[rules]]",
                "t.toml:38: co2_programmes.first: must not be a day of another row of the name"},
        BadFile{"end_of_a_week",
                "months = 39",
                "end = \"week\"",
                "t.toml:14: cancellation.last_day.end: \"week\" must be one of day, month, "
                "quarter, year"},
        BadFile{"declared_by_nobody",
                "basis = \"production_end\"",
                "basis = \"declared\"",
                "t.toml:13: cancellation: counts from a declared day"},
        BadFile{"sender_no_holder",
                "receivers = [\"trader\"]",
                "receivers = [\"trader\"]\nsenders = [\"state\"]",
                "t.toml:21: accounts.senders: must all be holders"},
        BadFile{"recipient_of_no_kind",
                "[cancellation]",
                "[[issuance.recipients]]\nkinds = []\n[cancellation]",
                "t.toml:14: issuance.recipients.kinds: must not be empty"},
        BadFile{"recipient_on_a_guess",
                "[cancellation]",
                "[[issuance.recipients]]\nkinds = [\"trader\"]\nwhen = {a = {least = "
                "1}}\n[cancellation]",
                "t.toml:15: issuance.recipients.when.a: must be {min, max}"},
        BadFile{"recipient_on_a_fraction",
                "[cancellation]",
                "[[issuance.recipients]]\nkinds = [\"trader\"]\nwhen = {a = 1.5}\n[cancellation]",
                "t.toml:15: issuance.recipients.when.a: must be a word"},
        BadFile{"serial_of_unknown_key",
                "{registry}-",
                "{colour}-",
                "t.toml:5: serial_format: must have known keys"},
        BadFile{"serial_of_optional_field",
                "{registry}-",
                "{device.place}-",
                "t.toml:5: serial_format: must have known keys"},
        BadFile{"serial_of_odd_date",
                "{registry}-",
                "{start:ddd}-",
                "t.toml:5: serial_format: must have known keys"},
        BadFile{"what_only_the_core_refuses",
                "code = \"T-GO\"",
                "code = \"T GO\"",
                "t.toml: code: is refused by the core"},
        BadFile{"field_without_source",
                "source = \"list\"\n",
                "",
                "t.toml:24: device_fields.source: is missing"},
        BadFile{
            "field_twice",
            "[[rules]]",
            "[[device_fields]]\nname = \"capacity\"\nkind = \"text\"\nsource = \"s\"\n[[rules]]",
            "t.toml:31: device_fields.name: \"capacity\" is given twice"},
        BadFile{"choice_without_choices",
                "kind = \"number\"",
                "kind = \"choice\"",
                "t.toml:24: device_fields.choices: is missing"},
        BadFile{"rule_without_source",
                "text = \"t\"\nsource = \"s\"\n",
                "text = \"t\"\n",
                "t.toml:30: rules.source: is missing"},
        BadFile{"rule_without_confidence",
                "confidence = \"high\"\n",
                "",
                "t.toml:30: rules.confidence: is missing"},
        BadFile{"rule_of_nothing",
                "id = \"valid_from\"",
                "id = \"validity\"",
                "t.toml:31: rules.id: \"validity\" is not a rule that this file states"},
        BadFile{"rule_uncited", "id = \"unit\"", "id = \"issuance.measure\"", "t.toml:"},
        BadFile{"tables_as_table",
                "[[device_fields]]",
                "[device_fields]",
                "t.toml:24: device_fields: must be a list of tables"}),
    [](const testing::TestParamInfo<BadFile>& file) { return file.param.name; });

TEST(SchemeLoader, EveryStatedRuleMustBeCited) {
  const std::string block =
      "[[rules]]\nid = \"accounts.receivers\"\ntext = \"t\"\nsource = \"s\"\nconfidence = "
      "\"low\"\n";
  const auto loaded = parse_scheme(replaced(good_file(), block, ""), "t.toml");
  ASSERT_TRUE(std::holds_alternative<FileError>(loaded));
  EXPECT_EQ(
      to_string(std::get<FileError>(loaded)),
      "t.toml:20: accounts.receivers: needs a [[rules]] entry with this id that cites its source");
}

// The good file with a mass balance.
std::string balanced_file(const std::string& keys, const std::string& field) {
  std::string text = replaced(good_file(),
                              "[[device_fields]]",
                              "[mass_balance]\n" + keys +
                                  "[[production_fields]]\nname = \"pos\"\nkind = \"text\"\nsource "
                                  "= \"s\"\nattribute = \"" +
                                  field + "\"\n[[device_fields]]");
  for (const char* key : {"period_months", "carry_surplus", "split_purposes"}) {
    if (keys.find(key) != std::string::npos)
      text += std::string("[[rules]]\nid = \"mass_balance.") + key +
              "\"\ntext = \"t\"\nsource = \"s\"\nconfidence = \"low\"\n";
  }
  return text;
}

TEST(SchemeLoader, ReadsAMassBalance) {
  const auto loaded = parse_scheme(
      balanced_file("period_months = 3\ncarry_surplus = true\nsplit_purposes = [\"disclosure\"]\n",
                    kProofNumber),
      "t.toml");
  ASSERT_TRUE(std::holds_alternative<LoadScheme>(loaded)) << to_string(std::get<FileError>(loaded));
  const MassBalance& balance = std::get<LoadScheme>(loaded).scheme.mass_balance;
  EXPECT_EQ(balance.period_months, 3);
  EXPECT_TRUE(balance.carry_surplus);
  EXPECT_EQ(balance.split_purposes, std::vector<std::string>{"disclosure"});
}

TEST(SchemeLoader, ABadMassBalanceNamesLineKeyAndRule) {
  const auto error = [](const std::string& text) {
    const auto loaded = parse_scheme(text, "t.toml");
    return std::holds_alternative<FileError>(loaded) ? to_string(std::get<FileError>(loaded))
                                                     : "none";
  };
  EXPECT_EQ(error(balanced_file("period_months = 5\ncarry_surplus = true\n", kProofNumber)),
            "t.toml:25: mass_balance.period_months: must be 1, 2, 3, 4, 6 or 12");
  EXPECT_EQ(error(balanced_file("period_months = 3\n", kProofNumber)),
            "t.toml:24: mass_balance.carry_surplus: is missing");
  EXPECT_EQ(
      error(balanced_file("period_months = 3\ncarry_surplus = true\nsplit_purposes = "
                          "[\"heating\"]\n",
                          kProofNumber)),
      "t.toml:27: mass_balance.split_purposes: \"heating\" must be a purpose of cancellation");
  EXPECT_EQ(error(balanced_file("period_months = 3\ncarry_surplus = true\n", "feedstock")),
            "t.toml:24: mass_balance: needs a text of production that becomes "
            "proof_of_sustainability");
  EXPECT_EQ(error(replaced(replaced(good_file(), "measure = \"net\"", "measure = \"mass_balance\""),
                           "deductions = [\"propane\"]\n",
                           "")),
            "t.toml:1: mass_balance: must be there: what is issued was booked into a balance");
}

TEST(SchemeLoader, ANoteExplainsNoKey) {
  const std::string note =
      "[[rules]]\nid = \"note.audit\"\ntext = \"t\"\nsource = \"s\"\nconfidence = \"low\"\n";
  EXPECT_TRUE(std::holds_alternative<LoadScheme>(parse_scheme(good_file() + note, "t.toml")));
}

// A file and its base, in a folder of their own.
class FileWithBase : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = testing::TempDir() + "/schemes_" + std::to_string(getpid());
    std::filesystem::create_directories(folder_ / "shared");
    write("shared/base.toml", good_file());
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  void write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name) << text;
  }
  std::variant<LoadScheme, FileError> load(const std::string& text) {
    write("t.toml", text);
    return load_scheme_file(folder_ / "t.toml");
  }
  std::string error_of(const std::string& text) {
    const auto loaded = load(text);
    return std::holds_alternative<LoadScheme>(loaded) ? "none"
                                                      : to_string(std::get<FileError>(loaded));
  }

  std::filesystem::path folder_;
};

constexpr const char* kBase = "base = \"shared/base.toml\"\n";

TEST_F(FileWithBase, StatesOnlyWhatDiffers) {
  const auto loaded = load(std::string(kBase) +
                           "code = \"U-GO\"\n"
                           "[cancellation]\n"
                           "last_day = {basis = \"issuance\", days = 7}\n"
                           "[[device_fields]]\n"
                           "name = \"capacity\"\nkind = \"text\"\nsource = \"own\"\n"
                           "[[device_fields]]\n"
                           "name = \"place\"\nkind = \"text\"\nsource = \"own\"\n"
                           "[[rules]]\n"
                           "id = \"cancellation.last_day\"\ntext = \"t\"\nsource = \"own\"\n"
                           "confidence = \"high\"\n");
  ASSERT_TRUE(std::holds_alternative<LoadScheme>(loaded)) << to_string(std::get<FileError>(loaded));
  const Scheme& scheme = std::get<LoadScheme>(loaded).scheme;
  EXPECT_EQ(scheme.code, "U-GO");
  EXPECT_EQ(scheme.name, "Test");
  EXPECT_EQ(scheme.unit_size, 1000);
  EXPECT_EQ(scheme.purposes, std::vector<std::string>{"disclosure"});
  EXPECT_EQ(scheme.cancellable.basis, ClockBasis::issuance);
  EXPECT_EQ(scheme.cancellable.months, 0);  // a clock is one value
  ASSERT_EQ(scheme.device_fields.size(), 2u);
  EXPECT_EQ(scheme.device_fields[0].kind, FieldKind::text);
  EXPECT_EQ(scheme.device_fields[1].name, "place");
  ASSERT_EQ(scheme.rules.size(), 13u);
  EXPECT_EQ(scheme.rules[0].source, "own");
}

TEST_F(FileWithBase, WhoStatesAKeyCitesItsSource) {
  EXPECT_EQ(error_of(std::string(kBase) + "[issuance]\nmeasure = \"net\"\n"),
            (folder_ / "t.toml").string() +
                ":3: issuance.measure: needs a [[rules]] entry with this id that cites its source");
}

TEST_F(FileWithBase, AFaultOfTheBaseIsNamedThere) {
  const std::string base = (folder_ / "shared/base.toml").string();
  write("shared/base.toml", replaced(good_file(), "size = 1000", "size = 0"));
  EXPECT_THAT(error_of(kBase), testing::StartsWith(base + ":8: unit.size: must lie between"));
  write("shared/base.toml", replaced(good_file(), "size = 1000", "size = = 0"));
  EXPECT_THAT(error_of(kBase), testing::StartsWith(base + ":8: "));
  write("shared/base.toml", "colour = 1\n" + good_file());
  EXPECT_EQ(error_of(kBase), base + ":1: colour: is not a key of this file");
}

TEST_F(FileWithBase, IsInTheFilesFolderAndEnds) {
  const std::string file = (folder_ / "t.toml").string();
  for (const char* base : {"../t.toml", "/etc/hostname", "shared/../shared/base.toml"}) {
    EXPECT_EQ(error_of("base = \"" + std::string(base) + "\"\n"),
              file + ":1: base: must lie in the file's own folder or below");
  }
  EXPECT_THAT(error_of("base = \"shared/none.toml\"\n"),
              testing::HasSubstr("must exist and be readable"));
  EXPECT_EQ(error_of("base = \"t.toml\"\n"),
            file + ":1: base: must not lead on through more than 4 files");
  EXPECT_EQ(error_of("base = 7\n"), file + ":1: base: must be a text");
  EXPECT_EQ(to_string(std::get<FileError>(parse_scheme(kBase, "x.toml"))),
            "x.toml:1: base: is only known to files in a folder");
}

TEST_F(FileWithBase, FieldsBecomeWhatTheCatalogueKnows) {
  const std::string base = (folder_ / "shared/base.toml").string();
  write("attributes.toml", "[[attributes]]\nname = \"capacity_kw\"\nkind = \"number\"\n");
  EXPECT_EQ(error_of(kBase), "none");
  write("attributes.toml", "[[attributes]]\nname = \"capacity_kw\"\nkind = \"symbol\"\n");
  EXPECT_EQ(
      error_of(kBase),
      base + ":28: device_fields.attribute: \"capacity_kw\" is of another kind in attributes.toml");
  write("attributes.toml", "[[attributes]]\nname = \"place\"\nkind = \"symbol\"\n");
  EXPECT_EQ(error_of(kBase),
            base + ":28: device_fields.attribute: \"capacity_kw\" is not in attributes.toml");
  write("attributes.toml", "[[attributes]]\nname = 7\n");
  EXPECT_EQ(error_of(kBase),
            (folder_ / "attributes.toml").string() + ":2: attributes.name: must be a text");
}

TEST_F(FileWithBase, LintNamesWhatIsWrongOfSchemesAndCatalogue) {
  write("t.toml", kBase);
  write("attributes.toml", "[[attributes]]\nname = \"capacity_kw\"\nkind = \"number\"\n");
  EXPECT_FALSE(lint_file(folder_ / "t.toml").has_value());
  EXPECT_FALSE(lint_file(folder_ / "attributes.toml").has_value());
  write("attributes.toml", "[[attributes]]\nname = \"capacity_kw\"\n");
  EXPECT_EQ(lint_file(folder_ / "attributes.toml")->line, 1u);
  EXPECT_EQ(lint_file(folder_ / "none.toml")->rule, "must exist and be readable");
}

TEST_F(FileWithBase, TheSourceCoversBothFiles) {
  const auto before = std::get<LoadScheme>(load(kBase)).source;
  write("shared/base.toml", good_file() + "# a word more\n");
  EXPECT_NE(std::get<LoadScheme>(load(kBase)).source, before);
}

// Lines that follow a complete file, from line 95 on; each bad list below has some replaced.
constexpr const char* kClaims = R"([[claims]]
name = "scope"
use = "ghg_scope_1"
purposes = ["disclosure"]
first = 2021-01-01
last = 2021-12-31
when = {capacity_kw = {min = 5}, carrier = "biomethane"}
forbids_double_counting = true
text = "t"
source = "s"
confidence = "low"
[[claims_barred]]
name = "bar"
uses = ["ghg_scope_1"]
double_counting = true
when = {region = ["north", "south"]}
unless = {sold = true}
text = "t"
source = "s"
confidence = "medium"
)";

class ClaimRules : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "origo-claims-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
    std::ofstream(folder_ / "attributes.toml")
        << "[[attributes]]\nname = \"capacity_kw\"\nkind = \"number\"\n"
           "[[attributes]]\nname = \"region\"\nkind = \"symbol\"\n"
           "[[attributes]]\nname = \"sold\"\nkind = \"flag\"\n";
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  [[nodiscard]] std::variant<LoadScheme, FileError> load(const std::string& claims) const {
    return parse_scheme(good_file() + claims, "t.toml", folder_);
  }

  std::filesystem::path folder_;
};

TEST_F(ClaimRules, AreRead) {
  const auto loaded = load(kClaims);
  ASSERT_TRUE(std::holds_alternative<LoadScheme>(loaded)) << to_string(std::get<FileError>(loaded));
  const Scheme& scheme = std::get<LoadScheme>(loaded).scheme;
  ASSERT_EQ(scheme.claims.size(), 1u);
  const ClaimRule& rule = scheme.claims[0];
  EXPECT_EQ(rule.use, "ghg_scope_1");
  EXPECT_EQ(rule.purposes, std::vector<std::string>{"disclosure"});
  EXPECT_EQ(rule.first, *make_date(2021, 1, 1));
  EXPECT_EQ(rule.last, *make_date(2021, 12, 31));
  ASSERT_EQ(rule.when.size(), 2u);
  EXPECT_TRUE(rule.forbids_double_counting);
  EXPECT_EQ(rule.confidence, Confidence::low);
  ASSERT_EQ(scheme.claims_barred.size(), 1u);
  const ClaimBar& bar = scheme.claims_barred[0];
  EXPECT_TRUE(bar.double_counting);
  EXPECT_EQ(bar.first, Date());
  EXPECT_EQ(bar.last, kNever);
  ASSERT_EQ(bar.unless.size(), 1u);
  EXPECT_EQ(bar.unless[0].min, 1);
  EXPECT_EQ(bar.confidence, Confidence::medium);
}

TEST_F(ClaimRules, BadOnesNameLineKeyAndRule) {
  struct Case {
    const char* from;
    const char* to;
    const char* error;
  };
  for (const Case& c : {
           Case{"use = \"ghg_scope_1\"",
                "colour = \"green\"\nuse = \"ghg_scope_1\"",
                "t.toml:97: claims.colour: is not a key of this file"},
           Case{"use = \"ghg_scope_1\"\n", "", "t.toml:95: claims.use: is missing"},
           Case{"use = \"ghg_scope_1\"",
                "use = \"scope 1\"",
                "t.toml:97: claims.use: \"scope 1\" must be 1 to 40 of"},
           Case{"purposes = [\"disclosure\"]",
                "purposes = [\"disclosure\", \"heating\"]",
                "t.toml:98: claims.purposes: \"heating\" is not a purpose of the scheme"},
           Case{"last = 2021-12-31",
                "last = 2020-12-31",
                "t.toml:100: claims.last: must not be before first"},
           Case{"first = 2021-01-01",
                "first = \"2021-01-01\"",
                "t.toml:99: claims.first: must be a date"},
           Case{"carrier = \"biomethane\"",
                "colour = \"green\"",
                "t.toml:101: claims.when.colour: \"colour\" is not in attributes.toml"},
           Case{"carrier = \"biomethane\"",
                "carrier = 7",
                "t.toml:101: claims.when.carrier: must be a word or words"},
           Case{"{min = 5}", "\"5\"", "t.toml:101: claims.when.capacity_kw: must not be a word"},
           Case{"{min = 5}",
                "{least = 5}",
                "t.toml:101: claims.when.capacity_kw: must be {min, max} of numbers or dates"},
           Case{"source = \"s\"\nconfidence = \"low\"\n[[claims_barred]]",
                "confidence = \"low\"\n[[claims_barred]]",
                "t.toml:95: claims.source: is missing"},
           Case{"confidence = \"low\"\n[[claims_barred]]",
                "confidence = \"none\"\n[[claims_barred]]",
                "t.toml:105: claims.confidence: \"none\" must be one of high, medium, low"},
           Case{"uses = [\"ghg_scope_1\"]\ndouble_counting = true\n",
                "",
                "t.toml:106: claims_barred.uses: is missing, and double_counting is not true"},
           Case{"uses = [\"ghg_scope_1\"]", "uses = [\"\"]", "t.toml:108: claims_barred.uses: "},
           Case{"uses = [\"ghg_scope_1\"]",
                "purposes = [\"disclosure\"]",
                "t.toml:108: claims_barred.purposes: is not a key of this file"},
           Case{"unless = {sold = true}",
                "unless = {sold = \"yes\"}",
                "t.toml:111: claims_barred.unless.sold: must not be a word"},
           Case{"source = \"s\"\nconfidence = \"medium\"",
                "confidence = \"medium\"",
                "t.toml:106: claims_barred.source: is missing"},
       }) {
    const auto loaded = load(replaced(kClaims, c.from, c.to));
    ASSERT_TRUE(std::holds_alternative<FileError>(loaded)) << c.to;
    EXPECT_THAT(to_string(std::get<FileError>(loaded)), testing::StartsWith(c.error));
  }
  const auto twice = load(std::string(kClaims) + kClaims);
  ASSERT_TRUE(std::holds_alternative<FileError>(twice));
  EXPECT_THAT(to_string(std::get<FileError>(twice)),
              testing::StartsWith("t.toml:116: claims.name: \"scope\" is given twice"));
}

TEST_F(ClaimRules, OfAFileStandBeforeThoseOfItsBaseAndReplaceTheirNamesakes) {
  std::filesystem::create_directory(folder_ / "shared");
  std::ofstream(folder_ / "shared/base.toml") << good_file() << kClaims;
  const auto loaded = parse_scheme(
      "base = \"shared/base.toml\"\n[[claims]]\nname = \"more\"\nuse = \"disclosure\"\npurposes = "
      "[\"disclosure\"]\ntext = \"t\"\nsource = \"s\"\nconfidence = "
      "\"low\"\n[[claims_barred]]\nname "
      "= \"bar\"\nuses = [\"other\"]\ntext = \"t\"\nsource = \"s\"\nconfidence = \"low\"\n",
      "t.toml",
      folder_);
  ASSERT_TRUE(std::holds_alternative<LoadScheme>(loaded)) << to_string(std::get<FileError>(loaded));
  const Scheme& scheme = std::get<LoadScheme>(loaded).scheme;
  ASSERT_EQ(scheme.claims.size(), 2u);
  EXPECT_EQ(scheme.claims[0].name, "more");
  EXPECT_EQ(scheme.claims[1].name, "scope");
  ASSERT_EQ(scheme.claims_barred.size(), 1u);
  EXPECT_EQ(scheme.claims_barred[0].uses, std::vector<std::string>{"other"});
}

TEST(SchemeLoader, AnUnreadableFileIsAnError) {
  const auto loaded = load_scheme_file("schemes/no_such_scheme.toml");
  ASSERT_TRUE(std::holds_alternative<FileError>(loaded));
  EXPECT_EQ(to_string(std::get<FileError>(loaded)),
            "schemes/no_such_scheme.toml: must exist and be readable");
}

TEST(AttributeFile, BadFilesNameLineAndKey) {
  const auto twice = parse_attributes(
      "[[attributes]]\nname = \"a\"\nkind = \"flag\"\n[[attributes]]\nname = \"a\"\nkind = "
      "\"date\"\n",
      "a.toml");
  ASSERT_TRUE(std::holds_alternative<FileError>(twice));
  EXPECT_EQ(to_string(std::get<FileError>(twice)),
            "a.toml:5: attributes.name: \"a\" is given twice");
  const auto word = parse_attributes("[[attributes]]\nname = \"a\"\nkind = \"real\"\n", "a.toml");
  ASSERT_TRUE(std::holds_alternative<FileError>(word));
  EXPECT_EQ(to_string(std::get<FileError>(word)),
            "a.toml:3: attributes.kind: \"real\" must be one of symbol, number, date, flag");
}

AttributeKind kind_for(FieldKind kind) {
  switch (kind) {
    case FieldKind::number:
      return AttributeKind::number;
    case FieldKind::date:
      return AttributeKind::date;
    case FieldKind::flag:
      return AttributeKind::flag;
    case FieldKind::text:
    case FieldKind::member:
    case FieldKind::choice:
    case FieldKind::co2_programme:
    case FieldKind::co2_mass:
      return AttributeKind::symbol;
  }
  return AttributeKind::symbol;
}

// Every shipped file loads, and its fields fill attributes of the catalogue with fitting kinds.
TEST(ShippedFiles, LoadAndFitTheCatalogue) {
  const auto catalogue_file = load_attribute_file("schemes/attributes.toml");
  ASSERT_TRUE(std::holds_alternative<AttributeCatalogue>(catalogue_file))
      << to_string(std::get<FileError>(catalogue_file));
  std::map<std::string, AttributeKind> catalogue;
  for (const auto& a : std::get<AttributeCatalogue>(catalogue_file))
    catalogue.emplace(a.name, a.kind);

  std::set<std::string> codes;
  for (const auto& entry : std::filesystem::directory_iterator("schemes")) {
    if (entry.path().extension() != ".toml" || entry.path().filename() == "attributes.toml")
      continue;
    const auto loaded = load_scheme_file(entry.path());
    ASSERT_TRUE(std::holds_alternative<LoadScheme>(loaded))
        << to_string(std::get<FileError>(loaded));
    const Scheme& scheme = std::get<LoadScheme>(loaded).scheme;
    codes.insert(scheme.code);
    for (const auto* fields : {&scheme.device_fields, &scheme.production_fields}) {
      for (const FieldRule& field : *fields) {
        if (field.attribute.empty()) continue;
        ASSERT_TRUE(catalogue.contains(field.attribute)) << entry.path() << " " << field.attribute;
        EXPECT_EQ(catalogue[field.attribute], kind_for(field.kind)) << entry.path() << field.name;
      }
    }
  }
  EXPECT_THAT(codes,
              testing::ElementsAre("AT-AGCS",
                                   "CERTIFHY",
                                   "CO2-CAPTURE",
                                   "DE-DENA",
                                   "ERGAR-COO",
                                   "ERGAR-RED-MB",
                                   "FR-GO",
                                   "GB-REGO",
                                   "GREEN-E-RF",
                                   "NL-VERTICER",
                                   "RECYCLED-CARBON",
                                   "RED-GO",
                                   "UK-GGCS",
                                   "US-REC"));
}

}  // namespace
}  // namespace origo::gateway
