#include "gateway/feed/api_error.h"

#include <nlohmann/json.hpp>

namespace origo::gateway {

std::string json_string(std::string_view text) {
  return nlohmann::json(text).dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
}

std::string to_json(const ApiError& error, const std::string& lead) {
  return "{" + lead + "\"code\":" + json_string(error.code) +
         ",\"field\":" + json_string(error.field) + ",\"rule\":" + json_string(error.rule) + "}";
}

}  // namespace origo::gateway
