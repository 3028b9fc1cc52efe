#include "gateway/http/public_routes.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "engine/exchange.h"
#include "gateway/feed/api_error.h"
#include "gateway/http/look_up.h"
#include "gateway/http/register_json.h"
#include "gateway/node/history.h"
#include "gateway/statement/document.h"
#include "proto/codec/json.h"

namespace origo::gateway {

namespace {

using namespace web;
using proto::Json;

const char* name_of(AuctionRules rules) {
  switch (rules) {
    case AuctionRules::t7:
      return "AUCTION_RULES_T7";
    case AuctionRules::xetra_nearest:
      return "AUCTION_RULES_XETRA_NEAREST";
    case AuctionRules::euronext:
      return "AUCTION_RULES_EURONEXT";
    case AuctionRules::jpx:
      return "AUCTION_RULES_JPX";
    case AuctionRules::midpoint:
      return "AUCTION_RULES_MIDPOINT";
  }
  return "";
}

Json json_of(const std::vector<InstrumentId>& instruments) {
  Json list = Json::array();
  for (const InstrumentId id : instruments) list.push_back(std::to_string(id.value()));
  return list;
}

Json json_of(const Instrument& instrument) {
  Json terms = proto::to_json(instrument.terms);
  terms["dimension"] = public_name(instrument.terms.dimension);
  Json rules = proto::to_json(instrument.rules);
  rules["auction"] = name_of(instrument.rules.auction);
  return {{"instrument", std::to_string(instrument.id.value())},
          {"market", std::to_string(instrument.market.value())},
          {"code", instrument.code},
          {"name", instrument.name},
          {"filter", proto::to_json(instrument.spec)},
          {"terms", std::move(terms)},
          {"last_price", std::to_string(instrument.last.value())},
          {"volume", std::to_string(instrument.volume.value())},
          {"narrower", json_of(instrument.narrower)},
          {"wider", json_of(instrument.wider)},
          {"rules", std::move(rules)},
          {"reference_price", std::to_string(instrument.reference.value())}};
}

Json json_of(const TradeEntry& entry) {
  const Trade& trade = entry.trade;
  return {{"trade", std::to_string(trade.trade.value())},
          {"instrument", std::to_string(trade.instrument.value())},
          {"price", std::to_string(trade.price.value())},
          {"quantity", std::to_string(trade.quantity.value())},
          {"aggressor", trade.aggressor == Side::buy ? "SIDE_BUY" : "SIDE_SELL"},
          {"time", std::to_string(entry.time.ns())},
          {"command", std::to_string(entry.command.value())}};
}

HttpResponse get_status(const NodeAccess& node) {
  const NodeStatus status = node.status();
  return read(node, [&](const Exchange& exchange, Sequence sequence) {
    const Participant* const venue = exchange.parties().find(ParticipantId(1));
    return answer({{"sequence", std::to_string(sequence.value())},
                   {"durable_sequence", std::to_string(status.durable.value())},
                   {"event_sequence", std::to_string(exchange.event_sequence().value())},
                   {"time", std::to_string(exchange.time().ns())},
                   {"chain", storage::to_hex(status.chain)},
                   {"sync_policy", status.sync_policy},
                   {"relaxations", proto::to_json(exchange.relaxations())},
                   {"rules_version", exchange.rules_version()},
                   {"venue", venue == nullptr ? "" : venue->name},
                   {"banner", status.banner},
                   {"version", status.version},
                   {"started_at", std::to_string(status.started_at.ns())},
                   {"snapshot_sequence", std::to_string(node.reader.snapshot_sequence().value())},
                   {"accepting", status.accepting},
                   {"trouble", status.trouble}});
  });
}

HttpResponse list_instruments(const NodeAccess& node, const HttpRequest& request) {
  const auto page = page_of(request);
  if (!page) return bad_page();
  return read(node, [&](const Exchange& exchange, Sequence sequence) {
    const auto& all = exchange.market().instruments;  // by id - 1
    const std::size_t begin = std::min<std::size_t>(page->after, all.size());
    const std::size_t end = std::min(begin + page->limit, all.size());
    Json list = Json::array();
    for (std::size_t index = begin; index < end; ++index) list.push_back(json_of(all[index]));
    return answer({{"sequence", std::to_string(sequence.value())},
                   {"instruments", std::move(list)},
                   {"next_page_token", end < all.size() ? std::to_string(end) : ""}});
  });
}

// A page of history as JSON; `key(entry)` is where the next page begins.
template <class Entry, class Show, class Key>
HttpResponse list(const NodeAccess& node,
                  const char* name,
                  const storage::Outcome<std::vector<Entry>>& entries,
                  const HistoryPage& page,
                  Show show,
                  Key key) {
  if (!entries.ok()) return unavailable(entries.status.message);
  Json list = Json::array();
  for (const Entry& entry : entries.value) list.push_back(show(entry));
  const bool more = entries.value.size() == page.limit;
  return answer({{"sequence", std::to_string(node.reader.sequence().value())},
                 {name, std::move(list)},
                 {"next_page_token", more ? std::to_string(key(entries.value.back())) : ""}});
}

HttpResponse list_trades(const NodeAccess& node, const HttpRequest& request) {
  const auto page = page_of(request);
  if (!page) return bad_page();
  const InstrumentId instrument = instrument_in(node, request);
  if (!instrument.is_set()) return not_found("instrument");
  return list(
      node,
      "trades",
      node.history.trades(instrument, *page),
      *page,
      [](const TradeEntry& entry) { return json_of(entry); },
      [](const TradeEntry& entry) { return entry.trade.trade.value(); });
}

HttpResponse list_cancellations(const NodeAccess& node, const HttpRequest& request) {
  const auto page = page_of(request);
  if (!page) return bad_page();
  const auto format = format_in(request);
  if (!format) return bad_format();
  auto entries = node.history.newest_statements(*page);
  return read(node, [&](const Exchange& exchange, Sequence) {
    for (StatementEntry& entry : entries.value) {
      if (entries.ok())
        entries.status = tell_since(exchange.registry(), node.history, entry, kClaimsInList);
    }
    if (*format == ListFormat::csv && entries.ok()) {
      std::string csv = statement_csv_header();
      for (const StatementEntry& entry : entries.value) csv += statement_csv(entry);
      const bool more = entries.value.size() == page->limit;
      return csv_page(std::move(csv),
                      more ? std::to_string(entries.value.back().cancellation.value()) : "");
    }
    return list(
        node,
        "statements",
        entries,
        *page,
        [&](const StatementEntry& entry) { return statement_json(entry, node.public_url); },
        [](const StatementEntry& entry) { return entry.cancellation.value(); });
  });
}

}  // namespace

void add_public_routes(HttpServer& server, const NodeAccess& node) {
  const auto get = [&](const char* path,
                       HttpResponse (*handler)(const NodeAccess&, const HttpRequest&)) {
    server.add_route("GET", path, [&node, handler](const HttpRequest& request) {
      return handler(node, request);
    });
  };
  get("/api/v1/status",
      [](const NodeAccess& access, const HttpRequest&) { return get_status(access); });
  get("/api/v1/instruments", list_instruments);
  get("/api/v1/instruments/{id}/trades", list_trades);
  get("/api/v1/cancellations", list_cancellations);
  add_statement_routes(server, node);
  add_price_routes(server, node);
  add_statistics_routes(server, node);
  add_register_routes(server, node);
}

}  // namespace origo::gateway
