#include "gateway/http/look_up.h"

#include <charconv>
#include <chrono>
#include <utility>

namespace origo::gateway::web {

namespace {

constexpr std::chrono::seconds kPatience{5};

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
