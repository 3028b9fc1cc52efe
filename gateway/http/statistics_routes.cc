#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "gateway/cli/base/csv_row.h"
#include "gateway/http/look_up.h"
#include "gateway/http/public_routes.h"
#include "gateway/node/register_statistics.h"

// What became of certificates, by registry, month and kind, as JSON or CSV.
namespace origo::gateway {

namespace web {

namespace {

using proto::Json;

constexpr std::size_t kMonthsDefault = 200;
constexpr std::size_t kMonthsMax = 1'000;

// By the names of the API.
std::array<std::pair<const char*, Units>, 12> named(const RegisterFlows& flows) {
  return {{{"opening", flows.opening},
           {"issued", flows.issued},
           {"entered_otherwise", flows.entered_otherwise},
           {"transferred", flows.transferred},
           {"traded", flows.traded},
           {"cancelled", flows.cancelled},
           {"converted", flows.converted},
           {"expired", flows.expired},
           {"withdrawn", flows.withdrawn},
           {"left_otherwise", flows.left_otherwise},
           {"voided", flows.voided},
           {"closing", flows.closing()}}};
}

Json json_of(const Registry& registry, const RegisterMonth& month) {
  const RegisterKind& kind = month.kind;
  const RegistryBook& book = registry.get(kind.registry);
  Json units = Json::object();
  Json amounts = Json::object();
  for (const auto& [name, sum] : named(month.flows)) {
    units[name] = std::to_string(sum.value());
    amounts[name] = std::to_string(amount_of(sum, kind.unit_size));
  }
  return {{"registry", std::to_string(kind.registry.value())},
          {"registry_code", book.code},
          {"scheme", book.scheme},
          {"month", month_text(month.month)},
          {"carrier", kind.carrier},
          {"country", kind.country},
          {"dimension", public_name(kind.dimension)},
          {"unit_size", std::to_string(kind.unit_size)},
          {"units", std::move(units)},
          {"amounts", std::move(amounts)}};
}

// Units; the amount in Wh or g is units x unit_size.
std::string csv_of(const Registry& registry, const std::vector<RegisterMonth>& months) {
  std::string csv = "registry,scheme,month,carrier,country,dimension,unit_size";
  for (const auto& [name, sum] : named({})) csv += std::string(",") + name;
  csv += "\r\n";
  for (const RegisterMonth& month : months) {
    const RegisterKind& kind = month.kind;
    const RegistryBook& book = registry.get(kind.registry);
    csv += csv_row({book.code,
                    book.scheme,
                    month_text(month.month),
                    kind.carrier,
                    kind.country,
                    public_name(kind.dimension),
                    std::to_string(kind.unit_size)});
    for (const auto& [name, sum] : named(month.flows)) csv += "," + std::to_string(sum.value());
    csv += "\r\n";
  }
  return csv;
}

HttpResponse list_statistics(const NodeAccess& node, const HttpRequest& request) {
  WantedMonths wanted{.carrier = request.query_or("carrier", ""),
                      .country = request.query_or("country", "")};
  const std::string from = request.query_or("from", "");
  const std::string to = request.query_or("to", "");
  if (!from.empty()) {
    const auto month = parse_month(from);
    if (!month) return bad_request("from", "must be a month, e.g. 2026-01");
    wanted.from = *month;
  }
  if (!to.empty()) {
    const auto month = parse_month(to);
    if (!month || *month < wanted.from)
      return bad_request("to", "must be a month, e.g. 2026-01, not before from");
    wanted.to = *month;
  }
  const std::string token = request.query_or("page_token", "");
  if (!is_month_token(token))
    return bad_request("page_token", "must be the next_page_token of an answer");
  const auto size = number_in(request.query_or("page_size", std::to_string(kMonthsDefault)));
  if (!size) return bad_request("page_size", "must be a number");
  const auto format = format_in(request);
  if (!format) return bad_request("format", "must be json or csv");
  const RegisterPage page{.begin = token, .limit = std::clamp<std::size_t>(*size, 1, kMonthsMax)};
  const std::string code = request.query_or("registry", "");
  return read(node, [&](const Exchange& exchange, Sequence sequence) {
    const Registry& registry = exchange.registry();
    if (!code.empty()) {
      const RegistryBook* const book = registry_in(registry, code);
      if (book == nullptr) return not_found("registry");
      wanted.registry = book->id;
    }
    const auto found = node.history.registers().months(wanted, page);
    if (!found.ok()) return unavailable(found.status.message);
    if (*format == ListFormat::csv)
      return csv_page(csv_of(registry, found.value.entries), found.value.next);
    Json list = Json::array();
    for (const RegisterMonth& month : found.value.entries) list.push_back(json_of(registry, month));
    return answer({{"sequence", std::to_string(sequence.value())},
                   {"months", std::move(list)},
                   {"next_page_token", found.value.next}});
  });
}

}  // namespace
}  // namespace web

void add_statistics_routes(HttpServer& server, const NodeAccess& node) {
  server.add_route("GET", "/api/v1/statistics", [&node](const HttpRequest& request) {
    return web::list_statistics(node, request);
  });
}

}  // namespace origo::gateway
