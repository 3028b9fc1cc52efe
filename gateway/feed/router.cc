#include "gateway/feed/router.h"

#include <algorithm>

namespace origo::gateway {
namespace {

std::vector<std::string> segments_of(std::string_view path) {
  std::vector<std::string> segments;
  while (!path.empty()) {
    path.remove_prefix(1);  // the slash
    const std::size_t end = std::min(path.find('/'), path.size());
    segments.emplace_back(path.substr(0, end));
    path.remove_prefix(end);
  }
  return segments;
}

bool is_parameter(const std::string& segment) {
  return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

bool matches(const std::vector<std::string>& pattern, const std::vector<std::string>& path) {
  if (pattern.size() != path.size()) return false;
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (is_parameter(pattern[i]) ? path[i].empty() : pattern[i] != path[i]) return false;
  }
  return true;
}

std::size_t count_parameters(const std::vector<std::string>& pattern) {
  return static_cast<std::size_t>(std::count_if(pattern.begin(), pattern.end(), is_parameter));
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::optional<std::string> decode(std::string_view text, bool plus_is_space) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      if (i + 2 >= text.size()) return std::nullopt;
      const int high = hex_value(text[i + 1]);
      const int low = hex_value(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      c = static_cast<char>(high * 16 + low);
      i += 2;
    } else if (c == '+' && plus_is_space) {
      c = ' ';
    }
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return std::nullopt;
    decoded.push_back(c);
  }
  return decoded;
}

}  // namespace

std::string HttpRequest::query_or(const std::string& name, std::string otherwise) const {
  const auto found = query.find(name);
  return found == query.end() ? std::move(otherwise) : found->second;
}

std::string HttpRequest::header_or(const std::string& name, std::string otherwise) const {
  const auto found = headers.find(name);
  return found == headers.end() ? std::move(otherwise) : found->second;
}

HttpResponse HttpResponse::json(std::string body) {
  HttpResponse response;
  response.body = std::move(body);
  return response;
}

HttpResponse HttpResponse::text(std::string body) {
  HttpResponse response;
  response.content_type = "text/plain; charset=utf-8";
  response.body = std::move(body);
  return response;
}

HttpResponse HttpResponse::error(int status, const ApiError& error) {
  HttpResponse response = json(to_json(error));
  response.status = status;
  return response;
}

void Router::add(std::string method, std::string_view pattern, HttpHandler handler) {
  routes_.push_back({.method = std::move(method),
                     .segments = segments_of(pattern),
                     .handler = std::move(handler)});
}

Router::Match Router::find(HttpRequest& request) const {
  const auto segments = segments_of(request.path);
  const Route* best = nullptr;
  std::string allowed;
  for (const Route& route : routes_) {
    if (!matches(route.segments, segments)) continue;
    if (route.method != request.method) {
      allowed += (allowed.empty() ? "" : ", ") + route.method;
      continue;
    }
    if (best == nullptr || count_parameters(route.segments) < count_parameters(best->segments)) {
      best = &route;
    }
  }
  if (best != nullptr) {
    for (std::size_t i = 0; i < segments.size(); ++i) {
      const std::string& name = best->segments[i];
      if (is_parameter(name)) request.parameters[name.substr(1, name.size() - 2)] = segments[i];
    }
    return {.handler = &best->handler, .otherwise = {}};
  }
  if (!allowed.empty()) {
    HttpResponse response = HttpResponse::error(
        405, {"method_not_allowed", "method", "this path allows only: " + allowed});
    response.headers.emplace_back("Allow", allowed);
    return {.handler = nullptr, .otherwise = std::move(response)};
  }
  return {.handler = nullptr,
          .otherwise =
              HttpResponse::error(404, {"path_not_found", "path", "nothing lives at this path"})};
}

std::optional<Target> parse_target(std::string_view target) {
  if (target.empty() || target.front() != '/') return std::nullopt;
  const std::size_t question = std::min(target.find('?'), target.size());
  auto path = decode(target.substr(0, question), false);
  if (!path) return std::nullopt;
  for (const std::string& segment : segments_of(*path)) {
    if (segment == "." || segment == "..") return std::nullopt;
  }
  Target parsed{.path = *std::move(path), .query = {}};

  std::string_view rest = target.substr(std::min(question + 1, target.size()));
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('&'), rest.size());
    const std::string_view pair = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const std::size_t equals = std::min(pair.find('='), pair.size());
    auto name = decode(pair.substr(0, equals), true);
    auto value = decode(pair.substr(std::min(equals + 1, pair.size())), true);
    if (!name || !value) return std::nullopt;
    if (name->empty()) continue;
    if (!parsed.query.emplace(*std::move(name), *std::move(value)).second) return std::nullopt;
  }
  return parsed;
}

}  // namespace origo::gateway
