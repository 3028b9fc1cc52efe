#include "gateway/http/look_up.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <utility>

namespace origo::gateway::web {

namespace {

constexpr std::chrono::seconds kPatience{5};
constexpr std::size_t kPageDefault = 50;
constexpr std::size_t kPageMax = 200;

}  // namespace

std::optional<std::uint64_t> number_in(std::string_view text) {
  std::uint64_t value = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || stop != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<std::uint64_t> id_in(const HttpRequest& request, std::string_view prefix) {
  std::string_view text = request.parameters.at("id");
  if (text.starts_with(prefix)) text.remove_prefix(prefix.size());
  return number_in(text);
}

InstrumentId instrument_in(const NodeAccess& node, const HttpRequest& request) {
  const auto id = id_in(request, "ins-");
  if (!id || *id == 0 || *id > UINT32_MAX) return {};
  const InstrumentId instrument(static_cast<std::uint32_t>(*id));
  bool known = false;
  (void)read(node, [&](const Exchange& exchange, Sequence) {
    known = exchange.market().find(instrument) != nullptr;
    return HttpResponse();
  });
  return known ? instrument : InstrumentId();
}

HttpResponse answer(const proto::Json& json) {
  return HttpResponse::json(json.dump());
}

HttpResponse not_found(const std::string& what) {
  return HttpResponse::error(404, {.code = what + "_unknown", .field = "id", .rule = "must exist"});
}

HttpResponse unavailable(const std::string& why) {
  return HttpResponse::error(503, {.code = "unavailable", .field = "node", .rule = why});
}

HttpResponse bad_request(std::string field, std::string rule) {
  return HttpResponse::error(
      400, {.code = "bad_request", .field = std::move(field), .rule = std::move(rule)});
}

std::optional<HistoryPage> page_of(const HttpRequest& request) {
  const auto size = number_in(request.query_or("page_size", std::to_string(kPageDefault)));
  const std::string token = request.query_or("page_token", "");
  const auto after = token.empty() ? std::optional<std::uint64_t>(0) : number_in(token);
  if (!size || !after) return std::nullopt;
  const std::size_t limit = std::clamp<std::size_t>(*size, 1, kPageMax);
  return HistoryPage{.after = *after, .limit = limit};
}

HttpResponse bad_page() {
  return bad_request("page", "page_size and page_token must be numbers");
}

HttpResponse bad_format() {
  return bad_request("format", "must be json or csv");
}

std::optional<ListFormat> format_in(const HttpRequest& request) {
  const std::string format = request.query_or("format", "json");
  if (format == "csv") return ListFormat::csv;
  return format == "json" ? std::optional(ListFormat::json) : std::nullopt;
}

HttpResponse csv_page(std::string csv, const std::string& next_page_token) {
  HttpResponse response{.content_type = "text/csv; charset=utf-8", .body = std::move(csv)};
  if (!next_page_token.empty()) response.headers.emplace_back("X-Next-Page-Token", next_page_token);
  return response;
}

const char* public_name(Dimension dimension) {
  return dimension == Dimension::mass_gco2e ? "DIMENSION_MASS_GCO2E" : "DIMENSION_ENERGY_WH";
}

const RegistryBook* registry_in(const Registry& registry, std::string_view text) {
  const auto named = std::ranges::find(registry.books, text, &RegistryBook::code);
  if (named != registry.books.end()) return &*named;
  if (text.starts_with("reg-")) text.remove_prefix(4);
  const auto id = number_in(text);
  if (!id || *id > UINT32_MAX) return nullptr;
  return registry.find(RegistryId(static_cast<std::uint32_t>(*id)));
}

HttpResponse read(const NodeAccess& node,
                  const std::function<HttpResponse(const Exchange&, Sequence)>& query) {
  HttpResponse response;
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  const ReadOutcome outcome =
      node.reader.read(Sequence(), deadline, [&](const Exchange& exchange, Sequence sequence) {
        response = query(exchange, sequence);
      });
  return outcome == ReadOutcome::done ? response : unavailable("is ending");
}

}  // namespace origo::gateway::web
