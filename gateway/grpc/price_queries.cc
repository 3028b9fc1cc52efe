#include "gateway/grpc/price_queries.h"

#include <optional>

#include "gateway/grpc/pages.h"

namespace origo::gateway {
namespace {

using Average = std::int64_t (*)(const Candle&);

void write(const Candle& candle, Average average, v1::Candle& out) {
  out.set_start(candle.start.ns());
  out.set_open(candle.open);
  out.set_high(candle.high);
  out.set_low(candle.low);
  out.set_close(candle.close);
  out.set_volume(candle.volume);
  out.set_turnover(candle.turnover);
  out.set_trades(candle.trades);
  out.set_vwap(average(candle));
}

void write(const ReferenceEntry& entry, v1::ReferencePrice& out) {
  const ReferencePriceDecided& decided = entry.decided;
  out.set_instrument(decided.instrument.value());
  out.set_day(to_string(decided.day));
  out.set_price(decided.price.value());
  out.set_method(static_cast<v1::ReferenceMethod>(decided.method));
  out.set_volume(decided.volume.value());
  out.set_trades(decided.trades);
  out.set_time(entry.time.ns());
}

// The page that a request asks for. Its token is where it begins.
template <class Request>
std::optional<CandlePage> page_of(const Request& request, grpc::Status& status) {
  const auto next = request.page_token().empty() ? 0 : parse_uint64(request.page_token());
  if (!next || *next > static_cast<std::uint64_t>(kInstantMax.ns())) {
    status = invalid("page_token: must be the next_page_token of an answer");
  } else if (request.interval() == v1::INTERVAL_UNSPECIFIED ||
             !v1::Interval_IsValid(request.interval())) {
    status = invalid("interval: must be one of Interval");
  } else if (request.from() < 0 || request.from() > kInstantMax.ns()) {
    status = invalid("from: must be an instant");
  } else if (request.to() < 0 || request.to() > kInstantMax.ns() ||
             (request.to() != 0 && request.to() <= request.from())) {
    status = invalid("to: must be an instant after from");
  } else {
    return CandlePage{
        .from = *next == 0 ? Instant(request.from()) : Instant(static_cast<std::int64_t>(*next)),
        .to = request.to() == 0 ? kInstantMax : Instant(request.to()),
        .limit = page_size(request.page_size())};
  }
  return std::nullopt;
}

template <class Response>
grpc::Status answer(const storage::Outcome<CandleList>& found,
                    Average average,
                    Response& response) {
  if (!found.ok()) return {grpc::StatusCode::DATA_LOSS, "history: " + found.status.message};
  for (const Candle& candle : found.value.entries) write(candle, average, *response.add_candles());
  if (found.value.next.is_set())
    response.set_next_page_token(std::to_string(found.value.next.ns()));
  return grpc::Status::OK;
}

}  // namespace

grpc::Status list_candles(const HistoryView& history,
                          const Viewer& viewer,
                          const v1::ListCandlesRequest& request,
                          v1::ListCandlesResponse& response) {
  const Instrument* const instrument =
      find_by<InstrumentId>(viewer.exchange().market(), request.instrument());
  if (instrument == nullptr) return not_found("instrument");
  grpc::Status status;
  const auto page = page_of(request, status);
  if (!page) return status;
  return answer(
      history.prices().candles(instrument->id, static_cast<Interval>(request.interval()), *page),
      average_of_instrument,
      response);
}

grpc::Status list_prices(const HistoryView& history,
                         const v1::ListPricesRequest& request,
                         v1::ListPricesResponse& response) {
  grpc::Status status;
  const auto page = page_of(request, status);
  if (!page) return status;
  const auto interval = static_cast<Interval>(request.interval());
  if (interval < Interval::day) return invalid("interval: must be a day or longer");
  const PriceAttributes wanted{.currency = currency_of(request.currency()),
                               .dimension = request.dimension() == v1::DIMENSION_MASS_GCO2E
                                                ? Dimension::mass_gco2e
                                                : Dimension::energy_wh,
                               .carrier = request.carrier(),
                               .country = request.country(),
                               .vintage = request.vintage()};
  if (!is_valid(wanted.currency)) return invalid("currency: must be an ISO 4217 code");
  return answer(history.prices().candles(wanted, interval, *page), average_of_kind, response);
}

grpc::Status list_reference_prices(const HistoryView& history,
                                   const Viewer& viewer,
                                   const v1::ListReferencePricesRequest& request,
                                   v1::ListReferencePricesResponse& response) {
  const Market& market = viewer.exchange().market();
  const auto from = request.from().empty() ? std::optional(Date()) : parse_date(request.from());
  if (!from) return invalid("from: must be a date, e.g. 2026-01-31");
  const auto to = request.to().empty() ? std::optional(kNever) : parse_date(request.to());
  if (!to || *to < *from) return invalid("to: must be a date, e.g. 2026-01-31, not before from");
  const auto begin = request.page_token().empty() ? 0 : parse_uint64(request.page_token());
  if (!begin) return invalid("page_token: must be the next_page_token of an answer");
  const ReferencePage page{
      .from = *from, .to = *to, .begin = *begin, .limit = page_size(request.page_size())};
  const WantedKind wanted{
      .carrier = request.carrier(), .country = request.country(), .vintage = request.vintage()};
  storage::Outcome<ReferenceList> found;
  if (request.instrument() != 0) {
    const Instrument* const instrument = find_by<InstrumentId>(market, request.instrument());
    if (instrument == nullptr) return not_found("instrument");
    if (!names({}, wanted))
      return invalid("instrument: leaves nothing to say of carrier, country, vintage");
    found = history.references().of(instrument->id, page);
  } else {
    found = history.references().all(page, [&](InstrumentId id) {
      const Instrument* const instrument = market.find(id);
      return instrument != nullptr && names(instrument->spec, wanted);
    });
  }
  if (!found.ok()) return {grpc::StatusCode::DATA_LOSS, "history: " + found.status.message};
  for (const ReferenceEntry& entry : found.value.entries) write(entry, *response.add_prices());
  if (found.value.next != 0) response.set_next_page_token(std::to_string(found.value.next));
  return grpc::Status::OK;
}

grpc::Status get_statistics(const HistoryView& history,
                            const Viewer& viewer,
                            const v1::GetStatisticsRequest& request,
                            v1::GetStatisticsResponse& response) {
  const Exchange& exchange = viewer.exchange();
  const Instrument* const instrument =
      find_by<InstrumentId>(exchange.market(), request.instrument());
  if (instrument == nullptr) return not_found("instrument");
  const auto today = history.prices().candles(
      instrument->id, Interval::day, {.from = exchange.time(), .limit = 1});
  if (!today.ok()) return {grpc::StatusCode::DATA_LOSS, "history: " + today.status.message};
  response.set_instrument(instrument->id.value());
  if (!today.value.entries.empty())
    write(today.value.entries.front(), average_of_instrument, *response.mutable_day());
  response.set_last_price(instrument->last.value());
  response.set_volume(instrument->volume.value());
  return grpc::Status::OK;
}

}  // namespace origo::gateway
