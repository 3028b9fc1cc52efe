#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/feed/api_error.h"

namespace origo::gateway {

// Decides by which names the server may be addressed and which web pages may talk to it.
//
// A browser sends requests to any address on behalf of any page. The Host check stops a foreign
// name that resolves to this machine (DNS rebinding); the Origin check stops a foreign page that
// opens the WebSocket or posts, which the same-origin rule of browsers alone would not.
class HostCheck {
 public:
  HostCheck(std::vector<std::string> hosts, std::vector<std::string> origins, bool tls);

  // Checks a Host header: a loopback name or one of `hosts`, with or without a port.
  [[nodiscard]] std::optional<ApiError> check_host(std::string_view host) const;

  // Checks an Origin header beside the Host header of the same request. Programs send no Origin:
  // pass nothing then, which is allowed.
  [[nodiscard]] std::optional<ApiError> check_origin(std::optional<std::string_view> origin,
                                                     std::string_view host) const;

 private:
  std::vector<std::string> hosts_;
  std::vector<std::string> origins_;
  std::string scheme_;
};

}  // namespace origo::gateway
