#include <optional>
#include <string>
#include <utility>

#include "gateway/http/look_up.h"
#include "gateway/http/public_routes.h"
#include "gateway/node/history.h"
#include "gateway/node/verification_code.h"
#include "gateway/statement/document.h"

// Cancellation statements, and whether a verification code belongs to one.
namespace origo::gateway {

namespace {

using namespace web;
using Found = storage::Outcome<std::optional<StatementEntry>>;

HttpResponse tell_statement(const NodeAccess& node, const StatementEntry& entry) {
  return answer({{"sequence", std::to_string(node.reader.sequence().value())},
                 {"statement", statement_json(entry, node.public_url)}});
}

// With what has become of it since; without that there is no answer.
Found as_of_now(const NodeAccess& node, Found found) {
  if (!found.ok() || !found.value) return found;
  const HttpResponse told = read(node, [&](const Exchange& exchange, Sequence) {
    found.status = tell_since(exchange.registry(), node.history, *found.value);
    return HttpResponse{};
  });
  if (told.status != 200)
    found.status = {.code = storage::StatusCode::unreadable, .message = "the node is ending"};
  return found;
}

Found statement_in(const NodeAccess& node, const HttpRequest& request) {
  const auto id = id_in(request, "can-");
  return id ? as_of_now(node, node.history.statement(CancellationId(*id))) : Found{};
}

HttpResponse get_cancellation(const NodeAccess& node, const HttpRequest& request) {
  const Found found = statement_in(node, request);
  if (!found.ok()) return unavailable(found.status.message);
  if (!found.value) return not_found("cancellation");
  return tell_statement(node, *found.value);
}

HttpResponse tell_page(WebPage page, int status) {
  return {.status = status,
          .content_type = "text/html; charset=utf-8",
          .body = std::move(page.html),
          .headers = {{"Content-Security-Policy", std::move(page.security_policy)}}};
}

HttpResponse get_document(const NodeAccess& node, const HttpRequest& request) {
  const auto format = parse_document_format(request.query_or("format", "html"));
  if (!format) return bad_request("format", "must be json, html or pdf");
  const Found found = statement_in(node, request);
  if (!found.ok()) return unavailable(found.status.message);
  if (!found.value) return not_found("cancellation");
  if (*format == DocumentFormat::html) {
    return tell_page(statement_page(*found.value, node.public_url), 200);
  }
  Document document = make_document(*found.value, node.public_url, *format);
  return {.content_type = std::move(document.media_type),
          .body = std::move(document.bytes),
          .headers = {{"Content-Disposition", "inline; filename=\"" + document.file_name + "\""}}};
}

// A code that is none and one that belongs to nothing answer alike.
Found confirmed_by(const NodeAccess& node, const std::string& typed) {
  const auto code = parse_verification_code(typed);
  return code ? as_of_now(node, node.history.statement_by_code(*code)) : Found{};
}

HttpResponse verify(const NodeAccess& node, const HttpRequest& request) {
  const Found found = confirmed_by(node, request.parameters.at("code"));
  if (!found.ok()) return unavailable(found.status.message);
  if (found.value) return tell_statement(node, *found.value);
  return HttpResponse::error(404,
                             {.code = "verification_code_unknown",
                              .field = "code",
                              .rule = "must be the code of a statement of this register"});
}

HttpResponse verification(const NodeAccess& node, const std::string& typed) {
  const Found found = confirmed_by(node, typed);
  if (!found.ok()) return unavailable(found.status.message);
  const StatementEntry* const entry = found.value ? &*found.value : nullptr;
  return tell_page(verification_page(entry, node.public_url, typed),
                   entry != nullptr || typed.empty() ? 200 : 404);
}

}  // namespace

void add_statement_routes(HttpServer& server, const NodeAccess& node) {
  server.add_route("GET", "/api/v1/cancellations/{id}", [&node](const HttpRequest& request) {
    return get_cancellation(node, request);
  });
  server.add_route("GET",
                   "/api/v1/cancellations/{id}/statement",
                   [&node](const HttpRequest& request) { return get_document(node, request); });
  server.add_route("GET", "/api/v1/verify/{code}", [&node](const HttpRequest& request) {
    return verify(node, request);
  });
  server.add_route("GET", "/verify", [&node](const HttpRequest& request) {
    return verification(node, request.query_or("code", ""));
  });
  server.add_route("GET", "/verify/{code}", [&node](const HttpRequest& request) {
    return verification(node, request.parameters.at("code"));
  });
}

}  // namespace origo::gateway
