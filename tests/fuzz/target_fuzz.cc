#include <algorithm>
#include <string>
#include <string_view>

#include "engine/core/ensure.h"
#include "gateway/feed/router.h"

// Any request target is refused, or is a clean absolute path that the router finds or does not.
namespace {

bool has_controls(const std::string& text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
  });
}

bool climbs(const std::string& path) {
  const std::string closed = path + "/";
  return closed.find("/../") != std::string::npos || closed.find("/./") != std::string::npos;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace origo::gateway;
  static const Router router = [] {
    Router made;
    for (const char* pattern :
         {"/", "/metrics", "/api/v1/instruments/{id}", "/api/v1/instruments/all"})
      made.add("GET", pattern, [](const HttpRequest&) { return HttpResponse::json("{}"); });
    return made;
  }();
  const auto target = parse_target({reinterpret_cast<const char*>(data), size});
  if (!target) return 0;
  ENSURE(target->path.front() == '/');
  ENSURE(!has_controls(target->path));
  ENSURE(!climbs(target->path));
  for (const auto& [name, value] : target->query) {
    ENSURE(!name.empty());
    ENSURE(!has_controls(name));
    ENSURE(!has_controls(value));
  }
  HttpRequest request;
  request.method = "GET";
  request.path = target->path;
  request.query = target->query;
  const Router::Match match = router.find(request);
  ENSURE((match.handler == nullptr) == (match.otherwise.status != 200));
  return 0;
}
