#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/integration/node_process.h"

// The demo and the command line against a real node: every certificate is accounted for, and what
// goes wrong is said with an exit code that a script can tell.
namespace origo::integration {
namespace {

using testing::HasSubstr;

const Words kDemoNode = {"--schemes", "schemes", "--demo", "--clock", "2023-04-28T08:00:00Z"};

class Demo : public testing::Test {
 protected:
  [[nodiscard]] Ended origo(Words arguments) const {
    arguments.insert(arguments.begin(), {"--data", data_.string()});
    return run_program("origo", arguments);
  }
  // With `connection` instead of the data directory, if given.
  void expect(int code,
              const std::string& says,
              Words arguments,
              const Words& connection = {}) const {
    arguments.insert(arguments.begin(), connection.begin(), connection.end());
    const Ended ended = connection.empty() ? origo(arguments) : run_program("origo", arguments);
    EXPECT_EQ(ended.code, code) << ended.output;
    EXPECT_THAT(ended.output, HasSubstr(says));
  }
  [[nodiscard]] nlohmann::json json(Words arguments) const {
    arguments.insert(arguments.begin(), "--json");
    const Ended ended = origo(arguments);
    EXPECT_EQ(ended.code, 0) << ended.output;
    return nlohmann::json::parse(ended.output, nullptr, false);
  }

  TemporaryDirectory directory_;
  const std::filesystem::path data_ = directory_.path() / "node";
};

TEST_F(Demo, ReconcilesEveryCertificateAndSaysSoAgainAfterARestart) {
  // The same at every run: the flow is drawn from a fixed seed.
  const std::string closing =
      "reconciled: issued 3,389,706 = held 3,123,652 + cancelled 266,054 + expired 0; with "
      "242.000000 MWh "
      "carried: 3,389,948.000000 MWh of 3,389,948.000000 MWh published";
  const auto code_of_first_statement = [&] {
    return json({"statement", "can-1"})["statement"]["verification_code"].get<std::string>();
  };
  std::string code;
  {
    NodeProcess node(data_, kDemoNode);
    ASSERT_TRUE(node.wait_until_ready()) << node.log();
    expect(0, closing, {"demo"});
    expect(0, "the demo's market is there already", {"demo", "--live-orders", "3"});
    code = code_of_first_statement();
    ASSERT_EQ(node.stop(), 0) << node.log();
  }
  // What history holds comes from the journal alone, so codes on paper stay valid.
  std::filesystem::remove_all(data_ / "history");
  const Ended verified = run_program("origo-verify", {data_.string()});
  EXPECT_EQ(verified.code, 0) << verified.output;
  NodeProcess node(data_, kDemoNode);
  ASSERT_TRUE(node.wait_until_ready()) << node.log();
  expect(0, closing, {"demo", "--reconcile"});
  EXPECT_EQ(code_of_first_statement(), code);

  // One declaration more than was published, and the demo no longer adds up.
  const auto devices = json({"--as", "biogas-bretagne", "--limit", "1", "device", "list"});
  const std::string device = devices["devices"][0]["device"];
  expect(0,
         "accepted",
         {"--as",
          "biogas-bretagne",
          "production",
          "declare",
          "--device",
          device,
          "--carrier",
          "biomethane",
          "--period",
          "2023-04-01..2023-04-27",
          "--amount",
          "10.5"});
  expect(kUnreconciled, "NOT reconciled", {"demo", "--reconcile"});
}

TEST_F(Demo, SaysWhatTheNodeLacks) {
  {
    NodeProcess node(data_, {"--schemes", "schemes"});
    ASSERT_TRUE(node.wait_until_ready()) << node.log();
    expect(kFailed, "origod --demo", {"demo"});
    expect(kNotFound, "no demo market", {"demo", "--reconcile"});
    ASSERT_EQ(node.stop(), 0);
  }
  NodeProcess node(data_,
                   {"--schemes", "schemes", "--demo"});  // of today, when the months are long past
  ASSERT_TRUE(node.wait_until_ready()) << node.log();
  expect(kFailed, "--clock 2023-04-28T08:00:00Z", {"demo"});
}

TEST_F(Demo, TheCommandLineTradesAndTellsWhatIsWrong) {
  expect(kUnreachable, "no node runs", {"status"});
  NodeProcess node(data_, kDemoNode);
  ASSERT_TRUE(node.wait_until_ready()) << node.log();
  expect(kNotPermitted, "needs a token", {"whoami"}, {"--server", node.grpc()});
  expect(kNotPermitted, "not accepted", {"--token", std::string(64, '0'), "whoami"});
  expect(kUsage, "must be encrypted", {"--token", "x", "--server", "192.0.2.1:7401", "whoami"});
  expect(0, "admin@node", {"whoami"});
  ASSERT_EQ(origo({"demo"}).code, 0);

  const auto accounts = json({"--as", "bakery", "account", "list"});
  const std::string account = "acc-" + accounts["accounts"][0]["account"].get<std::string>();
  const Words place = {"--as",
                       "bakery",
                       "order",
                       "place",
                       "--account",
                       account,
                       "--instrument",
                       "FR-BM",
                       "--side",
                       "buy",
                       "--quantity",
                       "1,000"};
  const auto with = [&](Words more) {
    Words all = place;
    all.insert(all.end(), more.begin(), more.end());
    return all;
  };
  expect(kUsage, "a limit order needs --price", place);
  expect(kUsage, "steps of 0.01 EUR", with({"--price", "12.345"}));
  expect(kUsage,
         "is none of: gtc, day, gtd, ioc, fok",
         with({"--price", "12.34", "--time-in-force", "soon"}));
  expect(kRefused, "price must lie within the instrument's collar", with({"--price", "5000.00"}));
  expect(0, "resting", with({"--price", "0.50"}));
  expect(0, "traded", with({"--type", "market"}));
  const auto orders =
      json({"--as", "bakery", "orders", "--account", account, "--instrument", "FR-BM"});
  const std::string order = orders["orders"].back()["order"];
  expect(0,
         "accepted",
         {"--as",
          "bakery",
          "order",
          "amend",
          "--account",
          account,
          "--order",
          order,
          "--price",
          "0.60"});
  expect(0, "0.60", {"--as", "bakery", "orders", "--account", account});
  expect(
      0, "accepted", {"--as", "bakery", "order", "cancel", "--account", account, "--order", order});
  expect(kRefused,
         "order must be a live order",
         {"--as", "bakery", "order", "cancel", "--account", account, "--order", order});
  expect(kNotFound, "there is no instrument", {"book", "show", "FR-BM-1999"});
  expect(0, "prices in EUR a contract", {"price", "candles", "FR-BM"});
  expect(0, "start,open,high,low,close,volume", {"price", "candles", "FR-BM", "--csv"});
  expect(0,
         "prices in EUR a MWh",
         {"price", "history", "--carrier", "biomethane", "--interval", "1mo"});
  expect(0, "nothing traded", {"price", "history", "--country", "NL"});
  expect(0, "average", {"price", "today", "FR-BM"});
  expect(kUsage, "is not one of 1m, 5m", {"price", "candles", "FR-BM", "--interval", "2h"});
  expect(kUsage, "is neither a date", {"price", "candles", "FR-BM", "--from", "yesterday"});
  expect(0, "spread", {"book", "watch", "FR-BM", "--rounds", "2", "--interval-ms", "10"});
  expect(0, "Customers of Demo Energy North", {"statement", "can-1"});
  expect(0, "<dd>Customers of Demo Energy North", {"statement", "can-1", "--format", "html"});
  const std::string pdf = (directory_.path() / "statement.pdf").string();
  expect(0, "", {"statement", "can-1", "-o", pdf});
  EXPECT_GT(std::filesystem::file_size(pdf), 1'000U);
  expect(kUsage, "json, html or pdf", {"statement", "can-1", "-o", pdf + ".txt"});
  expect(kNotFound, "not found", {"statement", "can-999999"});
  expect(kUsage, "is not an id such as can-12", {"statement", "lot-1"});

  // What the issuing body does with what it has issued.
  const auto holdings = json({"--as", "bakery", "holdings", "--account", account});
  const std::string lot = "lot-" + holdings["holdings"][0]["lot"].get<std::string>();
  const Words withdraw = {"--as",
                          "issuer",
                          "withdraw",
                          "--lot",
                          lot,
                          "--units",
                          "1",
                          "--first",
                          holdings["holdings"][0]["ranges"][0]["first"],
                          "--reason"};
  const auto because = [&](const char* reason) {
    Words all = withdraw;
    all.emplace_back(reason);
    return all;
  };
  expect(kRefused, "must say why", because(""));
  expect(0, "accepted", because("meter exchanged"));
  expect(0, "meter exchanged", {"withdrawals", "--lot", lot});
  expect(0, "complete", {"lineage", lot});
  expect(0, "by the issuing body", {"demo", "--reconcile"});
  const std::string file = (directory_.path() / "evidence.json").string();
  const Words record = {
      "--as", "issuer", "evidence", "record", "--declaration", "dcl-1", "--file", file};
  expect(kUsage, "cannot read", record);
  std::ofstream(file) << R"({"kind": "FUEL_KIND_BIOGAS", "gaseous": true, "emission": {}})";
  expect(kUsage, "emission", record);
  std::ofstream(file)
      << R"({"kind": "FUEL_KIND_BIOGAS", "gaseous": true, "emissions": {"e_p_mg_per_mj": 5000}})";
  expect(kRefused, "takes evidence until its certificates are issued", record);
  Words carbon = {"--as",
                  "issuer",
                  "evidence",
                  "carbon",
                  "--declaration",
                  "dcl-1",
                  "--source",
                  "lot-1:can-1:1"};
  expect(kUsage, "is not lot:cancellation:units:t", carbon);
  carbon.back() += ":0.198";
  expect(kRefused, "takes evidence until its certificates are issued", carbon);
}

}  // namespace
}  // namespace origo::integration
