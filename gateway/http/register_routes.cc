#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gateway/http/look_up.h"
#include "gateway/http/public_routes.h"
#include "gateway/http/register_json.h"

// The public register: registries, devices, lots and what became of them.
namespace origo::gateway {

namespace web {

namespace {

using proto::Json;

// A page that finds little ends here, with a token, so that no request stops the reader for long.
constexpr std::size_t kExaminedMax = 20'000;
constexpr std::size_t kLineageMax = 200;  // steps each way

// What a list is asked for beside the page.
struct Wanted {
  RegistryId registry;  // unset: any
  DeviceId device;      // likewise
  std::string carrier;  // empty: any
  std::string country;  // likewise
};

// Applicants' devices are not in the register yet; suspended ones stay.
bool is_listed(const Device& device) {
  return device.approved || !device.suspended.empty();
}

const Device* device_in(const Registry& registry, std::optional<std::uint64_t> id) {
  if (!id || *id > UINT32_MAX) return nullptr;
  const Device* const device = registry.find(DeviceId(static_cast<std::uint32_t>(*id)));
  return device != nullptr && is_listed(*device) ? device : nullptr;
}

const Lot* lot_in(const Registry& registry, const HttpRequest& request) {
  const auto id = id_in(request, "lot-");
  if (!id || *id > UINT32_MAX) return nullptr;
  return registry.find(LotId(static_cast<std::uint32_t>(*id)));
}

// Nothing: `wrong` says why.
std::optional<Wanted> wanted_in(const Registry& registry,
                                const HttpRequest& request,
                                HttpResponse& wrong) {
  Wanted wanted{.carrier = request.query_or("carrier", ""),
                .country = request.query_or("country", "")};
  const std::string code = request.query_or("registry", "");
  if (!code.empty()) {
    const RegistryBook* const book = registry_in(registry, code);
    if (book == nullptr) {
      wrong = not_found("registry");
      return std::nullopt;
    }
    wanted.registry = book->id;
  }
  std::string device = request.query_or("device", "");
  if (!device.empty()) {
    if (device.starts_with("dev-")) device.erase(0, 4);
    const Device* const known = device_in(registry, number_in(device));
    if (known == nullptr) {
      wrong = not_found("device");
      return std::nullopt;
    }
    wanted.device = known->id;
  }
  return wanted;
}

bool agrees(const Exchange& exchange, const Device& device, const Wanted& wanted) {
  const std::vector<std::string>& carriers = device.on(date_of(exchange.time())).carriers;
  return is_listed(device) && (!wanted.registry.is_set() || device.registry == wanted.registry) &&
         (!wanted.device.is_set() || device.id == wanted.device) &&
         (wanted.country.empty() || device.country == wanted.country) &&
         (wanted.carrier.empty() || std::ranges::find(carriers, wanted.carrier) != carriers.end());
}

bool agrees(const Exchange& exchange, const Lot& lot, const Wanted& wanted) {
  const Registry& registry = exchange.registry();
  const Device& device = *registry.find(lot.device);
  return (!wanted.registry.is_set() || lot.registry == wanted.registry) &&
         (!wanted.device.is_set() || lot.device == wanted.device) &&
         (wanted.country.empty() || device.country == wanted.country) &&
         (wanted.carrier.empty() || registry.find(lot.declaration)->carrier == wanted.carrier);
}

// Some of `items`, which are in the order of their ids, behind page.after.
template <class Item>
struct Found {
  std::vector<const Item*> items;
  std::string next;  // page token; empty: this is the last page
};
template <class Item>
Found<Item> find_page(const Exchange& exchange,
                      const std::vector<const Item*>& items,
                      const HistoryPage& page,
                      const Wanted& wanted) {
  Found<Item> found;
  std::size_t examined = 0;
  for (const Item* const item : items) {
    if (found.items.size() == page.limit || examined++ == kExaminedMax) {
      found.next = std::to_string(item->id.value() - 1);
      break;
    }
    if (agrees(exchange, *item, wanted)) found.items.push_back(item);
  }
  return found;
}

// Those behind `after`, at most as many as a page looks at and one more.
template <class Item>
std::vector<const Item*> behind(const Records<Item>& all, std::uint64_t after) {
  std::vector<const Item*> items;  // by id - 1
  for (std::size_t i = std::min<std::uint64_t>(after, all.size());
       i < all.size() && items.size() <= kExaminedMax;
       ++i)
    items.push_back(&all[i]);
  return items;
}

// A device's lots without looking at any other's.
std::vector<const Lot*> lots_of(const Registry& registry, DeviceId device, std::uint64_t after) {
  std::vector<const Lot*> lots;
  const auto add = [&](LotId id) {
    if (id.is_set() && id.value() > after) lots.push_back(registry.find(id));
  };
  for (const auto& [of, declared] : registry.find(device)->periods) {
    const Declaration& declaration = *registry.find(declared);
    add(declaration.lot);
    std::ranges::for_each(declaration.later_lots, add);
  }
  std::ranges::sort(lots, {}, &Lot::id);
  return lots;
}

// Answers a page of `found` as `format` asks; show(item) is JSON, line(item) a row.
template <class Item, class Show, class Line>
HttpResponse tell(const char* name,
                  Sequence sequence,
                  const Found<Item>& found,
                  ListFormat format,
                  Show show,
                  std::string header,
                  Line line) {
  if (format == ListFormat::csv) {
    for (const Item* const item : found.items) header += line(*item);
    return csv_page(std::move(header), found.next);
  }
  Json list = Json::array();
  for (const Item* const item : found.items) list.push_back(show(*item));
  return answer({{"sequence", std::to_string(sequence.value())},
                 {name, std::move(list)},
                 {"next_page_token", found.next}});
}

HttpResponse list_registries(const NodeAccess& node, const HttpRequest&) {
  return read(node, [&](const Exchange& exchange, Sequence sequence) {
    Json list = Json::array();
    for (const RegistryBook& book : exchange.registry().books)
      list.push_back({{"registry", std::to_string(book.id.value())},
                      {"code", book.code},
                      {"name", book.name},
                      {"scheme", book.scheme},
                      {"country", book.country}});
    return answer(
        {{"sequence", std::to_string(sequence.value())}, {"registries", std::move(list)}});
  });
}

// A page of the register as the request asks for it; items(registry, wanted, after) are those to
// look at.
template <class Items, class Show, class Line>
HttpResponse list_of(const NodeAccess& node,
                     const HttpRequest& request,
                     const char* name,
                     Items items,
                     Show show,
                     std::string header,
                     Line line) {
  const auto page = page_of(request);
  if (!page) return bad_page();
  const auto format = format_in(request);
  if (!format) return bad_format();
  return read(node, [&](const Exchange& exchange, Sequence sequence) {
    const Registry& registry = exchange.registry();
    HttpResponse wrong;
    const auto wanted = wanted_in(registry, request, wrong);
    if (!wanted) return wrong;
    return tell(
        name,
        sequence,
        find_page(exchange, items(registry, *wanted, page->after), *page, *wanted),
        *format,
        [&](const auto& item) { return show(exchange, item); },
        header,
        [&](const auto& item) { return line(exchange, item); });
  });
}

HttpResponse list_devices(const NodeAccess& node, const HttpRequest& request) {
  return list_of(
      node,
      request,
      "devices",
      [](const Registry& registry, const Wanted&, std::uint64_t after) {
        return behind(registry.devices, after);
      },
      [](const Exchange& exchange, const Device& device) {
        return device_json(exchange, device, false);
      },
      device_csv_header(),
      device_csv);
}

HttpResponse list_lots(const NodeAccess& node, const HttpRequest& request) {
  return list_of(
      node,
      request,
      "lots",
      [](const Registry& registry, const Wanted& wanted, std::uint64_t after) {
        return wanted.device.is_set() ? lots_of(registry, wanted.device, after)
                                      : behind(registry.lots, after);
      },
      [](const Exchange& exchange, const Lot& lot) { return lot_json(exchange, lot, false); },
      lot_csv_header(),
      [](const Exchange& exchange, const Lot& lot) { return lot_csv(exchange.registry(), lot); });
}

HttpResponse get_device(const NodeAccess& node, const HttpRequest& request) {
  return read(node, [&](const Exchange& exchange, Sequence sequence) {
    const Device* const device = device_in(exchange.registry(), id_in(request, "dev-"));
    if (device == nullptr) return not_found("device");
    return answer({{"sequence", std::to_string(sequence.value())},
                   {"device", device_json(exchange, *device, true)}});
  });
}

HttpResponse get_lot(const NodeAccess& node, const HttpRequest& request) {
  return read(node, [&](const Exchange& exchange, Sequence sequence) {
    const Lot* const lot = lot_in(exchange.registry(), request);
    if (lot == nullptr) return not_found("lot");
    return answer(
        {{"sequence", std::to_string(sequence.value())}, {"lot", lot_json(exchange, *lot, true)}});
  });
}

HttpResponse list_events(const NodeAccess& node, const HttpRequest& request) {
  const auto page = page_of(request);
  if (!page) return bad_page();
  return read(node, [&](const Exchange& exchange, Sequence sequence) {
    const Registry& registry = exchange.registry();
    const Lot* const lot = lot_in(registry, request);
    if (lot == nullptr) return not_found("lot");
    const auto entries = node.history.lot(lot->id, *page);
    if (!entries.ok()) return unavailable(entries.status.message);
    Json list = Json::array();
    for (const LotEntry& entry : entries.value)
      if (auto told = event_json(registry, *lot, entry)) list.push_back(std::move(*told));
    const bool more = entries.value.size() == page->limit;
    return answer({{"sequence", std::to_string(sequence.value())},
                   {"events", std::move(list)},
                   {"next_page_token",
                    more ? std::to_string(entries.value.back().sequence.value()) : std::string()}});
  });
}

HttpResponse get_lineage(const NodeAccess& node, const HttpRequest& request) {
  return read(node, [&](const Exchange& exchange, Sequence sequence) {
    const Registry& registry = exchange.registry();
    const Lot* const lot = lot_in(registry, request);
    if (lot == nullptr) return not_found("lot");
    const Lineage lineage = trace(registry, exchange.vocabulary(), lot->id, kLineageMax);
    Json upstream = Json::array();
    for (const LineageStep& step : lineage.upstream)
      upstream.push_back(lineage_json(registry, step));
    Json downstream = Json::array();
    for (const LineageStep& step : lineage.downstream)
      downstream.push_back(lineage_json(registry, step));
    Json origins = Json::array();
    for (const CarbonOrigin& origin : lineage.origins)
      origins.push_back({{"sources", proto::to_json(origin.sources)},
                         {"mass", std::to_string(origin.mass.value())}});
    return answer({{"sequence", std::to_string(sequence.value())},
                   {"upstream", std::move(upstream)},
                   {"downstream", std::move(downstream)},
                   {"origins", std::move(origins)},
                   {"complete", lineage.complete}});
  });
}

}  // namespace
}  // namespace web

void add_register_routes(HttpServer& server, const NodeAccess& node) {
  using namespace web;
  const auto get = [&](const char* path,
                       HttpResponse (*handler)(const NodeAccess&, const HttpRequest&)) {
    server.add_route("GET", path, [&node, handler](const HttpRequest& request) {
      return handler(node, request);
    });
  };
  get("/api/v1/registries", list_registries);
  get("/api/v1/devices", list_devices);
  get("/api/v1/devices/{id}", get_device);
  get("/api/v1/lots", list_lots);
  get("/api/v1/lots/{id}", get_lot);
  get("/api/v1/lots/{id}/events", list_events);
  get("/api/v1/lots/{id}/lineage", get_lineage);
}

}  // namespace origo::gateway
