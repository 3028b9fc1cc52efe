#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "gateway/http/look_up.h"
#include "gateway/http/public_routes.h"
#include "gateway/node/prices.h"

// Prices over time, as JSON or CSV.
namespace origo::gateway {

namespace {

using namespace web;
using proto::Json;

constexpr std::size_t kCandlesMax = 1'000;

using Average = std::int64_t (*)(const Candle&);

// What a request asks for, or what is wrong with it.
struct Asked {
  Interval interval = Interval::day;
  CandlePage page;
  ListFormat format = ListFormat::json;
  std::optional<HttpResponse> wrong = {};
};

// An instant in nanoseconds, or a date.
std::optional<Instant> instant_in(const std::string& text) {
  if (const auto date = parse_date(text)) return start_of(*date);
  const auto number = number_in(text);
  if (!number || *number > static_cast<std::uint64_t>(kInstantMax.ns())) return std::nullopt;
  return Instant(static_cast<std::int64_t>(*number));
}

Asked read_request(const HttpRequest& request) {
  Asked asked;
  const auto refuse = [&](const char* field, const char* rule) {
    asked.wrong = bad_request(field, rule);
    return asked;
  };
  const auto interval = parse_interval(request.query_or("interval", "1d"));
  if (!interval) return refuse("interval", "must be one of 1m, 5m, 15m, 1h, 1d, 1w, 1mo, 1y");
  const std::string token = request.query_or("page_token", "");
  const auto from = instant_in(token.empty() ? request.query_or("from", "0") : token);
  if (!from)
    return refuse(token.empty() ? "from" : "page_token",
                  "must be a date or an instant in nanoseconds");
  const std::string end = request.query_or("to", "");
  const auto to = end.empty() ? std::optional(kInstantMax) : instant_in(end);
  if (!to || *to <= *from)
    return refuse("to", "must be a date or an instant in nanoseconds after from");
  const auto size = number_in(request.query_or("page_size", "500"));
  if (!size) return refuse("page_size", "must be a number");
  const auto format = format_in(request);
  if (!format) return refuse("format", "must be json or csv");
  asked.interval = *interval;
  asked.page = {.from = *from, .to = *to, .limit = std::clamp<std::size_t>(*size, 1, kCandlesMax)};
  asked.format = *format;
  return asked;
}

Json json_of(const Candle& candle, Average average) {
  const auto text = [](std::int64_t number) { return std::to_string(number); };
  return {{"start", text(candle.start.ns())},
          {"open", text(candle.open)},
          {"high", text(candle.high)},
          {"low", text(candle.low)},
          {"close", text(candle.close)},
          {"volume", text(candle.volume)},
          {"turnover", text(candle.turnover)},
          {"trades", std::to_string(candle.trades)},
          {"vwap", text(average(candle))}};
}

// Instants as dates where days are meant, else in nanoseconds, so that any program reads them.
std::string csv_of(const std::vector<Candle>& candles, Interval interval, Average average) {
  std::string csv = "start,open,high,low,close,volume,turnover,trades,vwap\r\n";
  for (const Candle& candle : candles) {
    csv += interval < Interval::day ? std::to_string(candle.start.ns())
                                    : to_string(date_of(candle.start));
    for (const std::int64_t number : {candle.open,
                                      candle.high,
                                      candle.low,
                                      candle.close,
                                      candle.volume,
                                      candle.turnover,
                                      static_cast<std::int64_t>(candle.trades),
                                      average(candle)})
      csv += "," + std::to_string(number);
    csv += "\r\n";
  }
  return csv;
}

HttpResponse tell(const NodeAccess& node,
                  const storage::Outcome<CandleList>& found,
                  const Asked& asked,
                  Average average) {
  if (!found.ok()) return unavailable(found.status.message);
  const std::string next = found.value.next.is_set() ? std::to_string(found.value.next.ns()) : "";
  if (asked.format == ListFormat::csv)
    return csv_page(csv_of(found.value.entries, asked.interval, average), next);
  Json list = Json::array();
  for (const Candle& candle : found.value.entries) list.push_back(json_of(candle, average));
  return web::answer({{"sequence", std::to_string(node.reader.sequence().value())},
                      {"candles", std::move(list)},
                      {"next_page_token", next}});
}

HttpResponse list_candles(const NodeAccess& node, const HttpRequest& request) {
  const Asked asked = read_request(request);
  if (asked.wrong) return *asked.wrong;
  const InstrumentId instrument = instrument_in(node, request);
  if (!instrument.is_set()) return not_found("instrument");
  return tell(node,
              node.history.prices().candles(instrument, asked.interval, asked.page),
              asked,
              average_of_instrument);
}

HttpResponse list_prices(const NodeAccess& node, const HttpRequest& request) {
  const Asked asked = read_request(request);
  if (asked.wrong) return *asked.wrong;
  if (asked.interval < Interval::day) return bad_request("interval", "must be a day or longer");
  const auto vintage = number_in(request.query_or("vintage", "0"));
  if (!vintage || *vintage > 9'999) return bad_request("vintage", "must be a year");
  const std::string dimension = request.query_or("dimension", "energy");
  if (dimension != "energy" && dimension != "mass")
    return bad_request("dimension", "must be energy or mass");
  const PriceAttributes wanted{
      .currency = currency_of(request.query_or("currency", "EUR")),
      .dimension = dimension == "mass" ? Dimension::mass_gco2e : Dimension::energy_wh,
      .carrier = request.query_or("carrier", ""),
      .country = request.query_or("country", ""),
      .vintage = static_cast<std::int32_t>(*vintage)};
  if (!is_valid(wanted.currency)) return bad_request("currency", "must be an ISO 4217 code");
  return tell(node,
              node.history.prices().candles(wanted, asked.interval, asked.page),
              asked,
              average_of_kind);
}

}  // namespace

Json json_of(const ReferenceEntry& entry) {
  const ReferencePriceDecided& decided = entry.decided;
  return {{"instrument", std::to_string(decided.instrument.value())},
          {"day", to_string(decided.day)},
          {"price", std::to_string(decided.price.value())},
          {"method", proto::to_json(decided.method)},
          {"volume", std::to_string(decided.volume.value())},
          {"trades", decided.trades},
          {"time", std::to_string(entry.time.ns())}};
}

std::string csv_of(const std::vector<ReferenceEntry>& entries) {
  std::string csv = "instrument,day,price,method,volume,trades,time\r\n";
  for (const ReferenceEntry& entry : entries) {
    const ReferencePriceDecided& decided = entry.decided;
    csv += std::to_string(decided.instrument.value()) + "," + to_string(decided.day) + "," +
           std::to_string(decided.price.value()) + "," +
           proto::to_json(decided.method).get<std::string>() + "," +
           std::to_string(decided.volume.value()) + "," + std::to_string(decided.trades) + "," +
           std::to_string(entry.time.ns()) + "\r\n";
  }
  return csv;
}

HttpResponse tell(const NodeAccess& node,
                  const storage::Outcome<ReferenceList>& found,
                  ListFormat format) {
  if (!found.ok()) return unavailable(found.status.message);
  const std::string next = found.value.next == 0 ? "" : std::to_string(found.value.next);
  if (format == ListFormat::csv) return csv_page(csv_of(found.value.entries), next);
  Json list = Json::array();
  for (const ReferenceEntry& entry : found.value.entries) list.push_back(json_of(entry));
  return web::answer({{"sequence", std::to_string(node.reader.sequence().value())},
                      {"prices", std::move(list)},
                      {"next_page_token", next}});
}

// Of the instrument in the path, or (none there) of all whose filter names what is asked for.
HttpResponse list_references(const NodeAccess& node, const HttpRequest& request, bool of_one) {
  const std::string first = request.query_or("from", "");
  const auto from = first.empty() ? std::optional(Date()) : parse_date(first);
  if (!from) return bad_request("from", "must be a date");
  const std::string last = request.query_or("to", "");
  const auto to = last.empty() ? std::optional(kNever) : parse_date(last);
  if (!to || *to < *from) return bad_request("to", "must be a date that is not before from");
  const auto begin = number_in(request.query_or("page_token", "0"));
  if (!begin) return bad_request("page_token", "must be the next_page_token of an answer");
  const auto size = number_in(request.query_or("page_size", "500"));
  if (!size) return bad_request("page_size", "must be a number");
  const auto vintage = number_in(request.query_or("vintage", "0"));
  if (!vintage || *vintage > 9'999) return bad_request("vintage", "must be a year");
  const auto format = format_in(request);
  if (!format) return bad_request("format", "must be json or csv");
  const ReferencePage page{.from = *from,
                           .to = *to,
                           .begin = *begin,
                           .limit = std::clamp<std::size_t>(*size, 1, kCandlesMax)};
  if (of_one) {
    const InstrumentId instrument = instrument_in(node, request);
    if (!instrument.is_set()) return not_found("instrument");
    return tell(node, node.history.references().of(instrument, page), *format);
  }
  const WantedKind wanted{.carrier = request.query_or("carrier", ""),
                          .country = request.query_or("country", ""),
                          .vintage = static_cast<std::int64_t>(*vintage)};
  return read(node, [&](const Exchange& exchange, Sequence) {
    const auto take = [&](InstrumentId id) {
      const Instrument* const instrument = exchange.market().find(id);
      return instrument != nullptr && names(instrument->spec, wanted);
    };
    return tell(node, node.history.references().all(page, take), *format);
  });
}

void add_price_routes(HttpServer& server, const NodeAccess& node) {
  server.add_route("GET", "/api/v1/instruments/{id}/candles", [&node](const HttpRequest& request) {
    return list_candles(node, request);
  });
  server.add_route("GET", "/api/v1/prices", [&node](const HttpRequest& request) {
    return list_prices(node, request);
  });
  server.add_route(
      "GET", "/api/v1/instruments/{id}/reference-prices", [&node](const HttpRequest& request) {
        return list_references(node, request, true);
      });
  server.add_route("GET", "/api/v1/reference-prices", [&node](const HttpRequest& request) {
    return list_references(node, request, false);
  });
}

}  // namespace origo::gateway
