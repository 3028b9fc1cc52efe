#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/feed/api_error.h"

namespace origo::gateway {

struct HttpRequest {
  std::string method;                             // "GET"; a HEAD request is routed as GET
  std::string path;                               // decoded, without the query
  std::map<std::string, std::string> parameters;  // from the path pattern
  std::map<std::string, std::string> query;       // decoded; a repeated name is refused before
  std::map<std::string, std::string> headers;     // names in lower case
  std::string body;
  std::string remote_address;

  // The value of a query parameter or header, or `otherwise`.
  [[nodiscard]] std::string query_or(const std::string& name, std::string otherwise) const;
  [[nodiscard]] std::string header_or(const std::string& name, std::string otherwise) const;
};

struct HttpResponse {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;

  [[nodiscard]] static HttpResponse json(std::string body);
  [[nodiscard]] static HttpResponse text(std::string body);
  [[nodiscard]] static HttpResponse error(int status, const ApiError& error);
};

using HttpHandler = std::function<HttpResponse(const HttpRequest&)>;

// Finds handlers by method and path. Patterns are literal segments and {name} segments:
// "/api/v1/cancellations/{id}". A literal segment wins over a {name} at the same place.
class Router {
 public:
  void add(std::string method, std::string_view pattern, HttpHandler handler);

  // The handler for request.method and request.path, with request.parameters filled in; or the
  // answer to give instead: 404, or 405 when only the method is wrong.
  struct Match {
    const HttpHandler* handler = nullptr;
    HttpResponse otherwise;
  };
  [[nodiscard]] Match find(HttpRequest& request) const;

 private:
  struct Route {
    std::string method;
    std::vector<std::string> segments;
    HttpHandler handler;
  };
  std::vector<Route> routes_;
};

// A request target taken apart; nothing if it is not an absolute path with well-formed escapes,
// contains "." or ".." segments, control characters, or repeats a query parameter.
struct Target {
  std::string path;
  std::map<std::string, std::string> query;
};
[[nodiscard]] std::optional<Target> parse_target(std::string_view target);

}  // namespace origo::gateway
