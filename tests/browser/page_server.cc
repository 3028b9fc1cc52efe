// Serves the real page and the real feed with made-up data, for the browser test and for looking at
// the page without a node.
//
//   origo-page-server [PORT] [--live]     --live lets the market move by itself
#include <prometheus/registry.h>

#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <thread>

#include "gateway/feed/book_feed.h"
#include "gateway/feed/http_server.h"

namespace origo::gateway {
namespace {

constexpr const char* kStatus = R"({
  "sequence": "48211", "durable_sequence": "48211", "sync_policy": "interval",
  "relaxations": {"four_eyes": true, "holds": true}, "rules_version": 1,
  "venue": "Origo demonstration venue", "banner": "Demonstration market with published data.",
  "version": "0.1.0", "started_at": "1774000000000000000", "time": "1774010000000000000", "accepting": true, "trouble": ""})";

constexpr const char* kCandles = R"({"sequence": "48211", "next_page_token": "", "candles": [
  {"start": "1773792000000000000", "open": "1230", "high": "1260", "low": "1225", "close": "1240", "volume": "120",
   "turnover": "148800", "trades": "9", "vwap": "1240000"},
  {"start": "1773878400000000000", "open": "1240", "high": "1242", "low": "1236", "close": "1238", "volume": "35",
   "turnover": "43330", "trades": "4", "vwap": "1238000"}]})";

constexpr const char* kReferences = R"({"sequence": "48211", "next_page_token": "", "prices": [
  {"instrument": "1", "day": "2026-03-16", "price": "1240", "method": "closing_call", "volume": "12", "trades": 3,
   "time": "1773680400000000000"},
  {"instrument": "1", "day": "2026-03-17", "price": "1238", "method": "vwap", "volume": "35", "trades": 4,
   "time": "1773766800000000000"}]})";

// The third name tries to be markup.
constexpr const char* kInstruments =
    R"({"sequence": "48211", "next_page_token": "", "instruments": [
  {"instrument": "1", "market": "1", "code": "FR-BIOMETHANE-2025",
   "name": "French biomethane, produced in 2025", "last_price": "0", "wider": ["2"],
   "terms": {"currency": "EUR", "tick_value": "1", "dimension": "DIMENSION_ENERGY_WH",
             "contract_size": "1000000"}},
  {"instrument": "2", "market": "1", "code": "EU-BIOMETHANE-UNSUBSIDISED",
   "name": "European biomethane without subsidy", "last_price": "0", "narrower": ["1"],
   "terms": {"currency": "EUR", "tick_value": "5", "dimension": "DIMENSION_ENERGY_WH",
             "contract_size": "1000000"}},
  {"instrument": "3", "market": "2", "code": "UK-RGGO",
   "name": "<img src=x onerror=\"document.title='hacked'\"> British biomethane",
   "last_price": "612",
   "terms": {"currency": "GBP", "tick_value": "1", "dimension": "DIMENSION_ENERGY_WH",
             "contract_size": "1000"}},
  {"instrument": "4", "market": "2", "code": "REMOVAL-BIOCHAR",
   "name": "Biochar removals, 100 years", "last_price": "0",
   "terms": {"currency": "EUR", "tick_value": "100", "dimension": "DIMENSION_MASS_GCO2E",
             "contract_size": "1000000"}}]})";

constexpr const char* kStatement = R"({"sequence": "48211", "statement": {
  "cancellation": "3", "date": "2026-03-02", "account": "12", "lot": "9", "registry": "FR-GAZ",
  "scheme": "FR", "units": "1250", "amount": "1250000000", "dimension": "DIMENSION_ENERGY_WH",
  "ranges": [{"first": "1", "count": "1000", "printed": "FR-9-000000001 to FR-9-000001000"},
             {"first": "2001", "count": "250", "printed": ""}],
  "beneficiary": "Brasserie du Nord <b>SAS</b>", "country": "FR", "purpose": "disclosure",
  "period": {"first": "2025-01-01", "last": "2025-12-31"}, "note": "Heat of the Lille brewery",
  "device": "BioBéarn, Mourenx", "carrier": "biomethane",
  "production_period": {"first": "2025-06-01", "last": "2025-06-30"},
  "claims": [{"claim": "7", "date": "2026-03-04", "units": "1000", "use": "disclosure",
    "claimant": "Bar <i>du</i> Port", "period": {"first": "2025-01-01", "last": "2025-12-31"},
    "activity": "", "emissions": "20400000", "reference": "report 2025",
    "ranges": [{"first": "1", "count": "1000", "printed": ""}],
    "voided": [{"first": "1", "count": "1", "printed": "FR-9-000000001"}]}],
  "unclaimed": "250"}})";

// A device whose name tries to be markup, its lots, and what became of one.
constexpr const char* kDevices = R"({"sequence": "48211", "next_page_token": "", "devices": [
  {"device": "1", "registry": "1", "registry_code": "FR-GAZ", "name": "<b onclick=\"alert(1)\">BioBéarn</b>",
   "country": "FR", "carriers": ["biomethane"], "start": "2020-05-01"}]})";
constexpr const char* kMoreDevices = R"({"sequence": "48211", "next_page_token": "1", "devices": [
  {"device": "2", "registry": "1", "registry_code": "FR-GAZ", "name": "Second page", "country": "FR",
   "carriers": ["biomethane"], "start": ""}]})";
constexpr const char* kDevice = R"({"sequence": "48211", "device": {
  "device": "1", "registry": "1", "registry_code": "FR-GAZ", "registry_name": "Gaz",
  "name": "<b onclick=\"alert(1)\">BioBéarn</b>", "country": "FR", "carriers": ["biomethane"], "start": "2020-05-01",
  "last_day": "", "suspended": true,
  "fields": [{"name": "device_address", "value": "<script>document.title='hacked'</script> Mourenx"}],
  "history": [
    {"valid_from": "", "name": "Béarn", "carriers": ["biomethane"], "last_day": "",
     "fields": [{"name": "device_address", "value": "Pau"}]},
    {"valid_from": "2024-01-01", "name": "<b onclick=\"alert(1)\">BioBéarn</b>", "carriers": ["biomethane"], "last_day": "",
     "fields": [{"name": "device_address", "value": "<script>document.title='hacked'</script> Mourenx"}]}]}})";

constexpr const char* kLotMembers =
    R"("lot": "9", "registry": "1", "registry_code": "FR-GAZ", "scheme": "FR",
  "device": "1", "device_name": "<b onclick=\"alert(1)\">BioBéarn</b>", "country": "FR", "carrier": "biomethane",
  "period": {"first": "2025-06-01", "last": "2025-06-30"}, "issued_on": "2025-08-01",
  "transferable_until": "2026-02-01", "cancellable_until": "2026-06-30", "dimension": "DIMENSION_ENERGY_WH",
  "unit_size": "1000000", "issued": "2000", "held": "500", "cancelled": "1250", "expired": "50", "withdrawn": "200",
  "voided": "10", "claimed": "700", "frozen": "40", "first_serial": "FR-9-000000001", "last_serial": "FR-9-000002000", "flagged": true)";
constexpr const char* kLotMore =
    R"(, "registry_name": "Gaz", "scheme_name": "France", "declaration": "4", "captured_co2": "0",
  "today": "2026-03-20", "attributes": [{"name": "gas_class", "value": "renewable"}],
  "evidence": [{"kind": "rfnbo", "verdict": {"total_mg_per_mj": "28200", "saving_ppm": "700000", "saving": "none",
    "co2": ["co2_too_late"], "electricity": ["none"], "rfnbo": "none", "gas_class": "renewable", "gas": "none",
    "green_e": "none"}}])";
constexpr const char* kLineage = R"({"sequence": "48211", "complete": true,
  "origins": [{"sources": ["air", "biogenic"], "mass": "3960000"}], "upstream": [
  {"kind": "converted", "captured_co2": "0", "input": "7", "input_carrier": "electricity", "units": "10", "cancellation": "2", "efficiency_ppm": 600000,
   "outputs": ["9"], "output_carrier": "biomethane", "yields": "6000000"}], "downstream": [
  {"kind": "converted", "captured_co2": "0", "input": "9", "input_carrier": "biomethane", "units": "5", "cancellation": "3", "efficiency_ppm": 900000,
   "outputs": [], "output_carrier": "hydrogen", "yields": "4500000"}]})";
constexpr const char* kEvents = R"({"sequence": "48211", "next_page_token": "", "events": [
  {"event": "100", "time": "1754000000000000000", "command": "70", "kind": "issued", "units": "2000",
   "reference": "dcl-4", "ranges": []},
  {"event": "140", "time": "1772400000000000000", "command": "90", "kind": "cancelled", "units": "1250",
   "reference": "can-3", "ranges": [{"first": "1", "count": "1250", "printed": "FR-9-000000001 - FR-9-000001250"}]}]})";
constexpr const char* kCancellations =
    R"({"sequence": "48211", "next_page_token": "", "statements": [
  {"cancellation": "3", "date": "2026-03-02", "lot": "9", "units": "1250", "amount": "1250000000",
   "dimension": "DIMENSION_ENERGY_WH", "beneficiary": "Brasserie du Nord <b>SAS</b>", "purpose": "disclosure"}]})";

// Issued in June, cancelled in August; nothing happened in July.
constexpr const char* kStatistics = R"({"sequence": "48211", "next_page_token": "", "months": [
  {"registry": "1", "registry_code": "FR-GAZ", "scheme": "FR", "month": "2025-06", "carrier": "biomethane",
   "country": "FR", "dimension": "DIMENSION_ENERGY_WH", "unit_size": "1000000",
   "units": {}, "amounts": {"opening": "0", "issued": "2000000000", "entered_otherwise": "0",
    "transferred": "500000000", "traded": "0", "cancelled": "0", "converted": "0", "expired": "0", "withdrawn": "0",
    "left_otherwise": "0", "voided": "0", "closing": "2000000000"}},
  {"registry": "2", "registry_code": "NL-GAS", "scheme": "NL", "month": "2025-06", "carrier": "hydrogen",
   "country": "NL", "dimension": "DIMENSION_ENERGY_WH", "unit_size": "1000000",
   "units": {}, "amounts": {"opening": "0", "issued": "300000000", "entered_otherwise": "0",
    "transferred": "0", "traded": "0", "cancelled": "0", "converted": "0", "expired": "0", "withdrawn": "0",
    "left_otherwise": "0", "voided": "0", "closing": "300000000"}},
  {"registry": "1", "registry_code": "FR-GAZ", "scheme": "FR", "month": "2025-08", "carrier": "biomethane",
   "country": "FR", "dimension": "DIMENSION_ENERGY_WH", "unit_size": "1000000",
   "units": {}, "amounts": {"opening": "2000000000", "issued": "0", "entered_otherwise": "0",
    "transferred": "0", "traded": "0", "cancelled": "1250000000", "converted": "0", "expired": "50000000",
    "withdrawn": "200000000", "left_otherwise": "0", "voided": "10000000", "closing": "500000000"}}]})";

class Market {
 public:
  Market(BookFeed& feed, FeedHub& hub) : feed_(feed), hub_(hub) {}

  void start() {
    Events events;
    for (std::uint32_t id = 1; id <= 4; ++id) {
      events.append(InstrumentCreated{.instrument = InstrumentId(id), .details = {}});
      for (std::int64_t i = 0; i < 12; ++i) {
        append_level(events, id, Side::buy, 1240 - 5 * i, 10 + (i * 37 + id * 11) % 60);
        append_level(events, id, Side::sell, 1260 + 5 * i, 10 + (i * 53 + id * 7) % 60);
      }
    }
    events.append(ReferencePriceDecided{.instrument = InstrumentId(1),
                                        .day = *parse_date("2026-03-17"),
                                        .price = Price(1238),
                                        .method = ReferenceMethod::vwap,
                                        .volume = Quantity(35),
                                        .trades = 4});
    publish(events);
  }
  void set_level(std::uint32_t id, Side side, std::int64_t price, std::int64_t contracts) {
    Events events;
    append_level(events, id, side, price, contracts);
    publish(events);
  }
  void trade(std::uint32_t id, std::int64_t price, std::int64_t contracts, Side aggressor) {
    const std::lock_guard lock(mutex_);
    Events events;
    events.append(Trade{.trade = TradeId(++trades_),
                        .instrument = InstrumentId(id),
                        .sell_instrument = InstrumentId(id),
                        .price = Price(price),
                        .quantity = Quantity(contracts),
                        .aggressor = aggressor});
    send(events);
  }
  void move_by_itself() {
    std::mt19937_64 random(1);
    const auto draw = [&random](std::uint64_t bound) {
      return static_cast<std::int64_t>(random() % bound);
    };
    for (;;) {
      const auto id = static_cast<std::uint32_t>(1 + draw(4));
      const bool buy = draw(2) == 0;
      const std::int64_t price = buy ? 1240 - 5 * draw(12) : 1260 + 5 * draw(12);
      set_level(id, buy ? Side::buy : Side::sell, price, 5 + draw(70));
      if (draw(4) == 0) trade(id, buy ? 1260 : 1240, 1 + draw(20), buy ? Side::buy : Side::sell);
      std::this_thread::sleep_for(std::chrono::milliseconds(60));
    }
  }

 private:
  static void append_level(
      Events& events, std::uint32_t id, Side side, std::int64_t price, std::int64_t contracts) {
    events.append(LevelChanged{.instrument = InstrumentId(id),
                               .side = side,
                               .price = Price(price),
                               .open = Quantity(contracts),
                               .orders = static_cast<std::uint32_t>((contracts + 9) / 10)});
  }
  void publish(const Events& events) {
    const std::lock_guard lock(mutex_);
    send(events);
  }
  void send(const Events& events) {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    feed_.submit(hub_,
                 {.last = Sequence(++commands_),
                  .time = Instant(std::chrono::nanoseconds(now).count()),
                  .events = std::make_shared<const Bytes>(events.copy())});
  }

  BookFeed& feed_;
  FeedHub& hub_;
  std::mutex mutex_;
  std::uint64_t commands_ = 48'211;  // guarded by mutex_
  std::uint64_t trades_ = 0;         // guarded by mutex_
};

std::int64_t number(const HttpRequest& request, const std::string& name) {
  return std::stoll(request.query_or(name, "0"));
}

Side side_of(const HttpRequest& request) {
  return request.query_or("side", "buy") == "buy" ? Side::buy : Side::sell;
}

void add_routes(HttpServer& server, Market& market) {
  const auto fixed = [&server](const char* path, const std::string& body) {
    server.add_route("GET", path, [body](const HttpRequest&) { return HttpResponse::json(body); });
  };
  fixed("/api/v1/status", kStatus);
  fixed("/api/v1/instruments", kInstruments);
  fixed("/api/v1/instruments/ins-1/candles", kCandles);
  server.add_route("GET", "/api/v1/instruments/{id}/candles", [](const HttpRequest&) {
    return HttpResponse::json(R"({"sequence": "48211", "next_page_token": "", "candles": []})");
  });
  fixed("/api/v1/instruments/ins-1/reference-prices", kReferences);
  server.add_route("GET", "/api/v1/instruments/{id}/reference-prices", [](const HttpRequest&) {
    return HttpResponse::json(R"({"sequence": "48211", "next_page_token": "", "prices": []})");
  });
  fixed("/api/v1/cancellations/can-3", kStatement);
  fixed("/api/v1/cancellations", kCancellations);
  fixed("/api/v1/statistics", kStatistics);
  server.add_route("GET", "/api/v1/devices", [](const HttpRequest& request) {
    return HttpResponse::json(request.query_or("page_token", "").empty() ? kMoreDevices : kDevices);
  });
  fixed("/api/v1/devices/dev-1", kDevice);
  const std::string lot = std::string("{") + kLotMembers;
  fixed("/api/v1/lots", R"({"sequence": "48211", "next_page_token": "", "lots": [)" + lot + "}]}");
  fixed("/api/v1/lots/lot-9", R"({"sequence": "48211", "lot": )" + lot + kLotMore + "}}");
  fixed("/api/v1/lots/lot-9/events", kEvents);
  fixed("/api/v1/lots/lot-9/lineage", kLineage);
  server.add_route("GET", "/api/v1/cancellations/{id}", [](const HttpRequest&) {
    return HttpResponse::error(404, {"cancellation_unknown", "id", "must be a known statement"});
  });
  // How the test moves the market.
  server.add_route("POST", "/test/level", [&market](const HttpRequest& request) {
    market.set_level(static_cast<std::uint32_t>(number(request, "instrument")),
                     side_of(request),
                     number(request, "price"),
                     number(request, "contracts"));
    return HttpResponse::json("{}");
  });
  server.add_route("POST", "/test/trade", [&market](const HttpRequest& request) {
    market.trade(static_cast<std::uint32_t>(number(request, "instrument")),
                 number(request, "price"),
                 number(request, "contracts"),
                 side_of(request));
    return HttpResponse::json("{}");
  });
}

int run(std::uint16_t port, bool live) {
  BookFeed feed;
  const auto metrics = std::make_shared<FeedMetrics>(std::make_shared<prometheus::Registry>());
  FeedHub hub(feed, metrics);
  feed.set_relator([](InstrumentId instrument) {
    FeedRelations related;
    if (instrument == InstrumentId(2)) related.narrower = {InstrumentId(1)};
    return std::optional(related);
  });
  Market market(feed, hub);
  HttpOptions options;
  options.port = port;
  HttpServer server(options, hub, metrics);
  add_routes(server, market);
  market.start();
  server.start();
  std::cout << server.url() << std::endl;
  if (live) market.move_by_itself();

  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  int signal = 0;
  sigwait(&signals, &signal);
  return 0;
}

}  // namespace
}  // namespace origo::gateway

int main(int argc, char** argv) {
  // Blocked in every thread, so that only run() sees them.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  bool live = false;
  std::uint16_t port = 0;
  for (int i = 1; i < argc; ++i) {
    if (std::string(argv[i]) == "--live") {
      live = true;
    } else {
      port = static_cast<std::uint16_t>(std::atoi(argv[i]));
    }
  }
  if (!live) pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return origo::gateway::run(port, live);
}
