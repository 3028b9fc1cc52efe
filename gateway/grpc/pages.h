#pragma once

#include <grpcpp/support/status.h>

#include <algorithm>
#include <cstdint>
#include <string>

#include "gateway/grpc/gate.h"

// Paged lists of things with ascending ids.
namespace origo::gateway {

inline constexpr std::uint32_t kPageDefault = 100;
inline constexpr std::uint32_t kPageMax = 1'000;
// A page that finds little ends here, with a token, so that no query stops the reader for long.
inline constexpr std::size_t kExaminedMax = 20'000;

[[nodiscard]] inline std::size_t page_size(std::uint32_t asked) {
  return std::min(asked == 0 ? kPageDefault : asked, kPageMax);
}

[[nodiscard]] inline grpc::Status invalid(const std::string& what) {
  return {grpc::StatusCode::INVALID_ARGUMENT, what};
}
[[nodiscard]] inline grpc::Status not_found(const std::string& what) {
  return {grpc::StatusCode::NOT_FOUND, what + ": must exist and be within reach of this user"};
}

// A page over `items`, in ascending order of key(item), which is at least 1.
// `take(item)` returns whether the item is in the list, having added it then.
template <class Request, class Response, class Items, class Key, class Take>
grpc::Status page(
    const Request& request, Response& response, const Items& items, Key key, Take take) {
  const auto after = request.page_token().empty() ? 0 : parse_uint64(request.page_token());
  if (!after) return invalid("page_token: must be the next_page_token of an answer");
  const std::size_t size = page_size(request.page_size());
  auto item = std::ranges::upper_bound(items, *after, {}, key);
  std::size_t added = 0;
  for (std::size_t examined = 0; item != std::ranges::end(items); ++item, ++examined) {
    if (added == size || examined == kExaminedMax) {
      response.set_next_page_token(std::to_string(key(*std::prev(item))));
      break;
    }
    if (take(*item)) ++added;
  }
  return grpc::Status::OK;
}

// The same over things that have an id, by `id`.
template <class Request, class Response, class Items, class Take>
grpc::Status page_by_id(const Request& request, Response& response, const Items& items, Take take) {
  return page(
      request,
      response,
      items,
      [](const auto& item) { return static_cast<std::uint64_t>(item.id.value()); },
      take);
}

// The item behind an id of 64 bits; nullptr if no such id can be.
template <class IdType, class Owner>
[[nodiscard]] auto find_by(const Owner& owner, std::uint64_t raw)
    -> decltype(owner.find(IdType())) {
  if (raw > std::numeric_limits<typename IdType::Rep>::max()) return nullptr;
  return owner.find(IdType(static_cast<typename IdType::Rep>(raw)));
}

}  // namespace origo::gateway
