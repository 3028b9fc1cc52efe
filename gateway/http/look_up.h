#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/exchange.h"
#include "gateway/feed/router.h"
#include "gateway/grpc/server.h"
#include "proto/codec/json.h"

// What public look-ups by HTTP have in common.
namespace origo::gateway::web {

// Nothing if `text` is not a whole number without sign.
[[nodiscard]] std::optional<std::uint64_t> number_in(std::string_view text);
// The path's {id}: "can-3" or "3" with prefix "can-"; nothing if it is neither.
[[nodiscard]] std::optional<std::uint64_t> id_in(const HttpRequest& request,
                                                 std::string_view prefix);
// The path's {id} as an instrument that exists; unset if it does not.
[[nodiscard]] InstrumentId instrument_in(const NodeAccess& node, const HttpRequest& request);

[[nodiscard]] HttpResponse answer(const proto::Json& json);
[[nodiscard]] HttpResponse not_found(const std::string& what);                // 404
[[nodiscard]] HttpResponse unavailable(const std::string& why);               // 503
[[nodiscard]] HttpResponse bad_request(std::string field, std::string rule);  // 400

// page_size (50, at most 200) and page_token (a number); nothing if they are anything else.
[[nodiscard]] std::optional<HistoryPage> page_of(const HttpRequest& request);
[[nodiscard]] HttpResponse bad_page();
[[nodiscard]] HttpResponse bad_format();

// JSON unless the request says format=csv; nothing for any other format.
enum class ListFormat : std::uint8_t { json, csv };
[[nodiscard]] std::optional<ListFormat> format_in(const HttpRequest& request);
// A page of a list; the token of the next one, if any, is in the header X-Next-Page-Token.
[[nodiscard]] HttpResponse csv_page(std::string csv, const std::string& next_page_token);

[[nodiscard]] const char* public_name(Dimension dimension);
// By code, or by id with or without "reg-"; nullptr: there is none.
[[nodiscard]] const RegistryBook* registry_in(const Registry& registry, std::string_view text);

// Answers with what `query` makes of the newest state.
[[nodiscard]] HttpResponse read(
    const NodeAccess& node, const std::function<HttpResponse(const Exchange&, Sequence)>& query);

}  // namespace origo::gateway::web
