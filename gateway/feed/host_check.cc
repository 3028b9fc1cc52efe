#include "gateway/feed/host_check.h"

#include <algorithm>
#include <utility>

#include "gateway/feed/lower_case.h"

namespace origo::gateway {
namespace {

bool is_port(std::string_view text) {
  return !text.empty() && text.size() <= 5 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// "name" of "name", "name:port", "[v6]" and "[v6]:port"; empty if it is none of them.
std::string name_of_host(std::string_view host) {
  std::size_t end = std::string_view::npos;
  if (!host.empty() && host.front() == '[') {
    end = host.find(']');
    if (end == std::string_view::npos) return {};
    ++end;
  } else {
    end = std::min(host.find(':'), host.size());
  }
  const std::string_view rest = host.substr(end);
  if (!rest.empty() && (rest.front() != ':' || !is_port(rest.substr(1)))) return {};
  return lower_case(host.substr(0, end));
}

}  // namespace

HostCheck::HostCheck(std::vector<std::string> hosts, std::vector<std::string> origins, bool tls)
    : hosts_{"localhost", "127.0.0.1", "[::1]"}, scheme_(tls ? "https://" : "http://") {
  for (const std::string& host : hosts) hosts_.push_back(lower_case(host));
  for (const std::string& origin : origins) origins_.push_back(lower_case(origin));
}

std::optional<ApiError> HostCheck::check_host(std::string_view host) const {
  const std::string name = name_of_host(host);
  if (!name.empty() && std::find(hosts_.begin(), hosts_.end(), name) != hosts_.end()) {
    return std::nullopt;
  }
  return ApiError{"host_not_allowed", "Host", "must be a loopback name or a configured host name"};
}

std::optional<ApiError> HostCheck::check_origin(std::optional<std::string_view> origin,
                                                std::string_view host) const {
  if (!origin) return std::nullopt;
  const std::string asked = lower_case(*origin);
  if (asked == scheme_ + lower_case(host)) return std::nullopt;
  if (std::find(origins_.begin(), origins_.end(), asked) != origins_.end()) return std::nullopt;
  return ApiError{
      "origin_not_allowed", "Origin", "must be this server's own or a configured origin"};
}

}  // namespace origo::gateway
