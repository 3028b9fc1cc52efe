#include "gateway/statement/document.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>

namespace origo::gateway {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kUrl = "https://register.example";
constexpr const char* kCodeUrl = "https://register.example/verify/0123-4567-89AB-CDEF";

StatementEntry sample() {
  return {.cancellation = CancellationId(3),
          .date = *make_date(2026, 3, 2),
          .command = Sequence(48'211),
          .account = AccountId(12),
          .lot = LotId(9),
          .registry = "FR-GAZ",
          .registry_name = "Registre français",
          .scheme = "FR-GO",
          .scheme_name = "Garanties d'origine",
          .units = Units(1'250),
          .amount = Measured(1'250'000'000),
          .dimension = Dimension::energy_wh,
          .unit_size = 1'000'000,
          .ranges = {{Serial(1), Units(1'000)}, {Serial(2'001), Units(250)}},
          .printed = {"FR-9-1 - FR-9-1000", "FR-9-2001 - FR-9-2250"},
          .beneficiary = "Brasserie <b>\"du\" Nord</b> & Cie",
          .country = "FR",
          .purpose = "disclosure",
          .period = {*make_date(2025, 1, 1), *make_date(2025, 12, 31)},
          .note = "Heat of the brewery",
          .consumption_evidence = "meter 30001234567890",
          .device = "BioBéarn",
          .device_country = "FR",
          .carrier = "biomethane",
          .production_period = {*make_date(2025, 6, 1), *make_date(2025, 6, 30)},
          .account_name = "trading",
          .holder = "Énergie du Nord",
          .verification_code = "0123-4567-89AB-CDEF"};
}

std::string bytes_of(const StatementEntry& entry, DocumentFormat format) {
  return make_document(entry, kUrl, format).bytes;
}

// The file's text, or the codes in it, as other programs read it.
class Reading {
 public:
  explicit Reading(const std::string& pdf) {
    std::string name = (std::filesystem::temp_directory_path() / "origo-statement-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory");
    directory_ = name;
    std::ofstream(directory_ / "statement.pdf", std::ios::binary) << pdf;
  }
  ~Reading() { std::filesystem::remove_all(directory_); }
  Reading(const Reading&) = delete;
  Reading& operator=(const Reading&) = delete;

  [[nodiscard]] std::string text() const {
    return output_of("pdftotext -layout statement.pdf - 2>&1");
  }
  [[nodiscard]] std::string code() const {
    return output_of(
        "pdftoppm -r 100 -f 1 -l 1 -png statement.pdf page && zbarimg -q --raw page-*.png "
        "2>/dev/null");
  }
  [[nodiscard]] std::string info() const { return output_of("pdfinfo -isodates statement.pdf"); }

 private:
  [[nodiscard]] std::string output_of(const std::string& command) const {
    const std::string whole = "cd " + directory_.string() + " && " + command;
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen(whole.c_str(), "r"), ::pclose);
    std::string output;
    std::array<char, 4'096> buffer{};
    while (const std::size_t count = std::fread(buffer.data(), 1, buffer.size(), pipe.get())) {
      output.append(buffer.data(), count);
    }
    return output;
  }

  std::filesystem::path directory_;
};

TEST(StatementDocument, AsJsonHoldsEveryField) {
  const Document document = make_document(sample(), kUrl, DocumentFormat::json);
  EXPECT_EQ(document.media_type, "application/json");
  EXPECT_EQ(document.file_name, "can-3.json");
  EXPECT_EQ(document.bytes, R"({
  "cancellation": "3",
  "date": "2026-03-02",
  "command": "48211",
  "account": "12",
  "lot": "9",
  "registry": "FR-GAZ",
  "registry_name": "Registre français",
  "scheme": "FR-GO",
  "scheme_name": "Garanties d'origine",
  "units": "1250",
  "amount": "1250000000",
  "dimension": "DIMENSION_ENERGY_WH",
  "unit_size": "1000000",
  "ranges": [
    {
      "first": "1",
      "count": "1000",
      "printed": "FR-9-1 - FR-9-1000"
    },
    {
      "first": "2001",
      "count": "250",
      "printed": "FR-9-2001 - FR-9-2250"
    }
  ],
  "beneficiary": "Brasserie <b>\"du\" Nord</b> & Cie",
  "country": "FR",
  "purpose": "disclosure",
  "period": {
    "first": "2025-01-01",
    "last": "2025-12-31"
  },
  "note": "Heat of the brewery",
  "consumption_evidence": "meter 30001234567890",
  "device": "BioBéarn",
  "device_country": "FR",
  "carrier": "biomethane",
  "production_period": {
    "first": "2025-06-01",
    "last": "2025-06-30"
  },
  "account_name": "trading",
  "holder": "Énergie du Nord",
  "verification_code": "0123-4567-89AB-CDEF",
  "voided": [],
  "claims": [],
  "more_claims": false,
  "unclaimed": "0",
  "verification_url": "https://register.example/verify/0123-4567-89AB-CDEF"
}
)");
}

TEST(StatementDocument, PrintsItsCodeBesideTheAddress) {
  const std::string html = make_document(sample(), kUrl, DocumentFormat::html).bytes;
  EXPECT_NE(html.find("0123-4567-89AB-CDEF</p>"), std::string::npos);
}

TEST(StatementDocument, TellsWhatWasWithdrawnSince) {
  StatementEntry entry = sample();
  EXPECT_EQ(make_document(entry, kUrl, DocumentFormat::html).bytes.find("claim void"),
            std::string::npos);
  entry.voided = {{.first = Serial(2001), .count = Units(10)}};
  entry.voided_printed = {"FR-9-2001 - FR-9-2010"};
  const std::string html = make_document(entry, kUrl, DocumentFormat::html).bytes;
  EXPECT_NE(html.find("Withdrawn since: claim void"), std::string::npos);
  EXPECT_NE(html.find("FR-9-2001 - FR-9-2010"), std::string::npos);
  const proto::Json json = statement_json(entry, kUrl);
  ASSERT_EQ(json["voided"].size(), 1u);
  EXPECT_EQ(json["voided"][0]["first"], "2001");
  EXPECT_EQ(json["voided"][0]["count"], "10");
  EXPECT_EQ(json["voided"][0]["printed"], "FR-9-2001 - FR-9-2010");
}

StatementEntry claimed_sample() {
  StatementEntry entry = sample();
  entry.claims = {{.claim = ClaimId(7),
                   .date = *make_date(2026, 3, 4),
                   .command = Sequence(48'300),
                   .cancellation = entry.cancellation,
                   .account = entry.account,
                   .lot = entry.lot,
                   .units = Units(1'010),
                   .use = "disclosure",
                   .rule = "disclosure",
                   .claimant = "Bière & <i>Fils</i>",
                   .period = {*make_date(2025, 1, 1), *make_date(2025, 12, 31)},
                   .activity = "heat",
                   .emissions = Measured(20'400'000),
                   .reference = "report 2025",
                   .ranges = {{Serial(1), Units(1'000)}, {Serial(2'001), Units(10)}},
                   .printed = {"FR-9-1 - FR-9-1000", "FR-9-2001 - FR-9-2010"},
                   .voided = {{Serial(2'001), Units(1)}},
                   .voided_printed = {"FR-9-2001"}}};
  entry.unclaimed = Units(240);
  return entry;
}

TEST(StatementDocument, SaysWhatItsCertificatesAreUsedFor) {
  const StatementEntry entry = claimed_sample();
  const std::string line =
      "disclosure: 1,010 by Bière & <i>Fils</i> for 2025-01-01 to 2025-12-31; heat; emissions 20.4 "
      "t CO₂e; report 2025; claimed on 2026-03-04 (clm-7): FR-9-1 - FR-9-1000, FR-9-2001 - "
      "FR-9-2010; void since they were withdrawn: FR-9-2001";
  EXPECT_THAT(
      bytes_of(entry, DocumentFormat::html),
      HasSubstr("<dt>Used for</dt><dd>disclosure: 1,010 by Bière &amp; &lt;i&gt;Fils&lt;/i&gt; "
                "for 2025-01-01 to 2025-12-31; heat; emissions 20.4 t CO₂e; report 2025; "
                "claimed on 2026-03-04 (clm-7): FR-9-1 - FR-9-1000, FR-9-2001 - FR-9-2010; "
                "void since they were withdrawn: FR-9-2001</dd>\n"
                "<dt>Not used yet</dt><dd>240</dd>"));
  EXPECT_THAT(verification_page(&entry, kUrl, "0123-4567-89AB-CDEF").html, HasSubstr("Used for"));
  std::string text = Reading(bytes_of(entry, DocumentFormat::pdf)).text();
  std::replace(text.begin(), text.end(), '\n', ' ');  // lines are wrapped
  text.erase(
      std::unique(text.begin(), text.end(), [](char a, char b) { return a == ' ' && b == ' '; }),
      text.end());
  EXPECT_THAT(text, HasSubstr(line));
  const proto::Json claim = statement_json(entry, kUrl)["claims"][0];
  EXPECT_EQ(
      claim.dump(),
      R"({"claim":"7","date":"2026-03-04","command":"48300","cancellation":"3","account":"12",)"
      R"("lot":"9","units":"1010","use":"disclosure","rule":"disclosure",)"
      R"("claimant":"Bière & <i>Fils</i>","period":{"first":"2025-01-01","last":"2025-12-31"},)"
      R"("activity":"heat","emissions":"20400000","reference":"report 2025",)"
      R"("ranges":[{"first":"1","count":"1000","printed":"FR-9-1 - FR-9-1000"},)"
      R"({"first":"2001","count":"10","printed":"FR-9-2001 - FR-9-2010"}],)"
      R"("voided":[{"first":"2001","count":"1","printed":"FR-9-2001"}]})");
  StatementEntry many = entry;
  many.more_claims = true;
  EXPECT_THAT(bytes_of(many, DocumentFormat::html),
              HasSubstr("<li>and more, which the register lists</li>"));
}

TEST(StatementDocument, AsHtmlSaysEverythingAndNothingIsMarkup) {
  const std::string html = bytes_of(sample(), DocumentFormat::html);
  EXPECT_THAT(html, HasSubstr(R"(<dl>
<dt>In the name of</dt><dd>Brasserie &lt;b&gt;&quot;du&quot; Nord&lt;/b&gt; &amp; Cie</dd>
<dt>Purpose</dt><dd>disclosure</dd>
<dt>Country of consumption</dt><dd>FR</dd>
<dt>Period of consumption</dt><dd>2025-01-01 to 2025-12-31</dd>
<dt>Evidence of consumption</dt><dd>meter 30001234567890</dd>
<dt>Note</dt><dd>Heat of the brewery</dd>
<dt>Cancelled on</dt><dd>2026-03-02</dd>
<dt>Account holder</dt><dd>Énergie du Nord</dd>
<dt>Account</dt><dd>trading (acc-12)</dd>
<dt>Registry</dt><dd>Registre français (FR-GAZ)</dd>
<dt>Scheme</dt><dd>Garanties d&#39;origine (FR-GO)</dd>
<dt>Production device</dt><dd>BioBéarn (FR)</dd>
<dt>Energy carrier</dt><dd>biomethane</dd>
<dt>Production period</dt><dd>2025-06-01 to 2025-06-30</dd>
<dt>Lot</dt><dd>lot-9</dd>
<dt>Certificates</dt><dd>1,250 of 1 MWh</dd>
<dt>Serial numbers</dt><dd><ul><li>FR-9-1 - FR-9-1000</li><li>FR-9-2001 - FR-9-2250</li></ul></dd>
</dl>
)"));
  EXPECT_THAT(
      html,
      HasSubstr(
          "<strong>1,250 MWh</strong> in 1,250 certificates of 1 MWh, cancelled on 2026-03-02"));
  EXPECT_THAT(html, HasSubstr(std::string("<a href=\"") + kCodeUrl + "\">"));
  EXPECT_THAT(html, Not(HasSubstr("<script")));
}

TEST(StatementDocument, LeavesOutWhatIsNotThere) {
  StatementEntry entry = sample();
  entry.beneficiary.clear();
  entry.period = {};
  entry.note.clear();
  const std::string html = bytes_of(entry, DocumentFormat::html);
  for (const char* label : {"In the name of", "Period of consumption", "Note"}) {
    EXPECT_THAT(html, Not(HasSubstr(label)));
  }
  EXPECT_THAT(bytes_of(entry, DocumentFormat::json), Not(HasSubstr("\"period\"")));
}

TEST(StatementDocument, WritesAmountsInTheLargestUnitThatFits) {
  StatementEntry entry = sample();
  entry.unit_size = 1'000;
  entry.units = Units(1);
  entry.amount = Measured(1'000);
  EXPECT_THAT(bytes_of(entry, DocumentFormat::html),
              HasSubstr("<strong>1 kWh</strong> in 1 certificate of 1 kWh"));
  entry.units = Units(1'500);
  entry.amount = Measured(1'500'000);
  EXPECT_THAT(bytes_of(entry, DocumentFormat::html),
              HasSubstr("<strong>1.5 MWh</strong> in 1,500 certificates of 1 kWh"));
  entry.dimension = Dimension::mass_gco2e;
  EXPECT_THAT(bytes_of(entry, DocumentFormat::html), HasSubstr("<strong>1.5 t CO₂e</strong>"));
}

TEST(StatementDocument, AsPdfIsReadByOtherPrograms) {
  StatementEntry entry = sample();
  entry.note = "Ελληνικά кириллица ﷼ Łódź";
  const std::string pdf = bytes_of(entry, DocumentFormat::pdf);
  EXPECT_EQ(pdf, bytes_of(entry, DocumentFormat::pdf)) << "the same facts give the same bytes";
  const Reading reading(pdf);
  const std::string text = reading.text();
  for (const char* part : {"can-3",
                           "1,250 MWh",
                           "in 1,250 certificates of 1 MWh, cancelled on 2026-03-02",
                           "Brasserie <b>\"du\" Nord</b> & Cie",
                           "disclosure",
                           "2025-01-01 to 2025-12-31",
                           "Ελληνικά кириллица",
                           "Łódź",
                           "Énergie du Nord",
                           "trading (acc-12)",
                           "Registre français (FR-GAZ)",
                           "Garanties d'origine (FR-GO)",
                           "BioBéarn (FR)",
                           "biomethane",
                           "2025-06-01 to 2025-06-30",
                           "lot-9",
                           "FR-9-1 - FR-9-1000",
                           "FR-9-2001 - FR-9-2250",
                           "0123-4567-89AB-CDEF",
                           "Cancellation is final"}) {
    EXPECT_THAT(text, HasSubstr(part));
  }
  EXPECT_EQ(reading.code(), std::string(kCodeUrl) + "\n");
  EXPECT_THAT(reading.info(), HasSubstr("2026-03-02T00:00:00"));
}

TEST(StatementDocument, AsPdfTakesAsManyPagesAsItsSerialNumbers) {
  StatementEntry entry = sample();
  entry.printed.clear();
  for (int range = 1; range <= 200; ++range)
    entry.printed.push_back("serial range " + std::to_string(range) + " end");
  const Reading reading(bytes_of(entry, DocumentFormat::pdf));
  const std::string text = reading.text();
  EXPECT_GE(std::ranges::count(text, '\f'), 4);
  for (const std::string& range : entry.printed) EXPECT_THAT(text, HasSubstr(range));
  EXPECT_THAT(text, HasSubstr("Cancellation is final"));
}

TEST(VerificationPage, ConfirmsOrSaysThatItDoesNot) {
  const StatementEntry entry = sample();
  const WebPage good = verification_page(&entry, kUrl, "0123-4567-89AB-CDEF");
  EXPECT_THAT(good.html, HasSubstr("Confirmed"));
  EXPECT_THAT(good.html, HasSubstr("Énergie du Nord"));
  const WebPage wrong = verification_page(nullptr, kUrl, "\"><script>");
  EXPECT_THAT(wrong.html, HasSubstr("confirms nothing"));
  EXPECT_THAT(wrong.html, HasSubstr("value=\"&quot;&gt;&lt;script&gt;\""));
  EXPECT_THAT(wrong.html, Not(HasSubstr("<article")));
  const WebPage empty = verification_page(nullptr, kUrl, "");
  EXPECT_THAT(empty.html, Not(HasSubstr("verdict bad")));
  EXPECT_THAT(good.security_policy, HasSubstr("default-src 'none'; style-src 'sha256-"));
}

}  // namespace
}  // namespace origo::gateway
