#include "gateway/http/register_json.h"

#include <algorithm>
#include <utility>
#include <variant>
#include <vector>

#include "engine/core/attributes.h"
#include "engine/registry/serial_format.h"
#include "gateway/cli/base/csv_row.h"
#include "gateway/http/look_up.h"

namespace origo::gateway::web {

namespace {

using proto::Json;

template <class Number>
std::string text(Number number) {
  return std::to_string(number.value());
}

// kNever and no date are not said.
std::string text_of(Date date) {
  return date == kNever || date == Date() ? "" : to_string(date);
}

Json json_of(Period period) {
  return {{"first", to_string(period.first)}, {"last", to_string(period.last)}};
}

Json json_of(const std::vector<Field>& fields) {
  Json list = Json::array();
  for (const Field& field : fields) list.push_back({{"name", field.name}, {"value", field.value}});
  return list;
}

Json json_of(const Vocabulary& vocabulary, const AttributeValues& attributes) {
  Json list = Json::array();
  for (const AttributeValue& attribute : attributes)
    list.push_back({{"name", vocabulary.get_attribute(attribute.attribute).name},
                    {"value", print_value(vocabulary, attribute)}});
  return list;
}

Json json_of(const Registry& registry, const Lot& lot, const SerialRange& range) {
  return {{"first", text(range.first)},
          {"count", text(range.count)},
          {"printed", print_range(registry, lot, range)}};
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : "; ") + word;
  return text;
}

Units frozen(const Exchange& exchange, const Lot& lot) {
  Units sum;
  for (const SerialRange& range : exchange.holdings().frozen(lot.id)) sum += range.count;
  return sum;
}

Units held(const Lot& lot) {
  return lot.issued - lot.cancelled - lot.expired - lot.withdrawn;
}

// What an event says to anybody; nothing of what is not told.
class PublicEvent {
 public:
  PublicEvent(const Registry& registry, const Lot& lot) : registry_(registry), lot_(lot) {}

  std::optional<Json> operator()(const CertificatesIssued& event) const {
    return tell("issued", event.units, "dcl-" + text(event.declaration));
  }
  std::optional<Json> operator()(const CertificatesCancelled& event) const {
    Json json = tell("cancelled", event.details.units, "can-" + text(event.cancellation));
    for (const SerialRange& range : event.ranges)
      json["ranges"].push_back(json_of(registry_, lot_, range));
    return json;
  }
  std::optional<Json> operator()(const CertificatesExpired& event) const {
    return tell("expired", event.units, "");
  }
  std::optional<Json> operator()(const CertificatesConverted& event) const {
    return tell("converted", event.details.units, "dcl-" + text(event.details.declaration));
  }
  std::optional<Json> operator()(const CertificatesWithdrawn& event) const {
    return tell("withdrawn", event.withdrawn, "wdr-" + text(event.withdrawal));
  }
  std::optional<Json> operator()(const ClaimVoided& event) const {
    Json json = tell("claim_voided", event.range.count, "can-" + text(event.cancellation));
    json["ranges"].push_back(json_of(registry_, lot_, event.range));
    return json;
  }
  std::optional<Json> operator()(const UseClaimed& event) const {
    return tell("used", event.details.units, "can-" + text(event.details.cancellation));
  }
  std::optional<Json> operator()(const UseVoided& event) const {
    Json json = tell("use_voided", event.range.count, "can-" + text(event.cancellation));
    json["ranges"].push_back(json_of(registry_, lot_, event.range));
    return json;
  }
  std::optional<Json> operator()(const CertificatesFrozen& event) const {
    return tell(event.details.frozen ? "frozen" : "released", event.units, "");
  }
  std::optional<Json> operator()(const ProofSplit& event) const {
    return tell("proof_split", event.units, "");
  }
  std::optional<Json> operator()(const CarbonSourcesRecorded& event) const {
    Units units;
    for (const CarbonSource& source : event.details.sources) {
      if (source.lot == lot_.id) units += source.units;
    }
    return tell("carbon_captured", units, "dcl-" + text(event.details.declaration));
  }
  std::optional<Json> operator()(const LotFlagged& event) const {
    return tell("flagged", Units(), "wdr-" + text(event.withdrawal));
  }
  template <class Other>
  std::optional<Json> operator()(const Other&) const {
    return std::nullopt;
  }

 private:
  static Json tell(const char* kind, Units units, const std::string& reference) {
    return {{"kind", kind},
            {"units", text(units)},
            {"reference", reference},
            {"ranges", Json::array()}};
  }

  const Registry& registry_;
  const Lot& lot_;
};

Json evidence_json(const Declaration& declaration) {
  Json list = Json::array();
  for (const Evidence& evidence : declaration.evidence)
    list.push_back({{"kind", proto::to_json(evidence.details.evidence.kind)},
                    {"verdict", proto::to_json(evidence.verdict)}});
  return list;
}

}  // namespace

Json device_json(const Exchange& exchange, const Device& device, bool whole) {
  const RegistryBook& book = exchange.registry().get(device.registry);
  const DeviceVersion& today = device.on(date_of(exchange.time()));
  Json json{{"device", text(device.id)},
            {"registry", text(device.registry)},
            {"registry_code", book.code},
            {"registry_name", book.name},
            {"name", today.name},
            {"country", device.country},
            {"carriers", proto::to_json(today.carriers)},
            {"start", text_of(device.start())},
            {"last_day", text_of(today.last_day)},
            {"suspended", !device.suspended.empty()}};
  if (!whole) return json;
  json["fields"] = json_of(today.fields);
  json["history"] = Json::array();
  for (const DeviceVersion& version : device.versions)
    json["history"].push_back(
        {{"valid_from", version.valid_from > kDateMin ? text_of(version.valid_from) : ""},
         {"name", version.name},
         {"carriers", proto::to_json(version.carriers)},
         {"last_day", text_of(version.last_day)},
         {"fields", json_of(version.fields)}});
  return json;
}

Json lot_json(const Exchange& exchange, const Lot& lot, bool whole) {
  const Registry& registry = exchange.registry();
  const RegistryBook& book = registry.get(lot.registry);
  const Scheme& scheme = registry.get(lot.scheme);
  const Declaration& declaration = *registry.find(lot.declaration);
  Json json{{"lot", text(lot.id)},
            {"registry", text(lot.registry)},
            {"registry_code", book.code},
            {"scheme", scheme.code},
            {"device", text(lot.device)},
            {"device_name", registry.maker_of(lot).name},
            {"country", registry.get(lot.device).country},
            {"carrier", declaration.carrier},
            {"period", json_of(lot.period)},
            {"issued_on", to_string(lot.issued_on)},
            {"transferable_until", text_of(lot.transferable_until)},
            {"cancellable_until", text_of(lot.cancellable_until)},
            {"dimension", public_name(lot.dimension)},
            {"unit_size", std::to_string(lot.unit_size)},
            {"issued", text(lot.issued)},
            {"held", text(held(lot))},
            {"cancelled", text(lot.cancelled)},
            {"expired", text(lot.expired)},
            {"withdrawn", text(lot.withdrawn)},
            {"voided", text(lot.voided)},
            {"claimed", text(lot.claimed)},
            {"frozen", text(frozen(exchange, lot))},
            {"first_serial", print_serial(registry, lot, Serial(1))},
            {"last_serial", print_serial(registry, lot, Serial(lot.issued.value()))},
            {"flagged", lot.flagged.is_set()}};
  if (!whole) return json;
  json["registry_name"] = book.name;
  json["scheme_name"] = scheme.name;
  json["declaration"] = text(lot.declaration);
  json["today"] = to_string(date_of(exchange.time()));
  json["attributes"] = json_of(exchange.vocabulary(), lot.attributes);
  json["evidence"] = evidence_json(declaration);
  json["captured_co2"] = text(lot.co2);
  return json;
}

std::optional<Json> event_json(const Registry& registry, const Lot& lot, const LotEntry& entry) {
  std::optional<Json> told = std::visit(PublicEvent(registry, lot), entry.event);
  if (!told) return std::nullopt;
  Json json{{"event", text(entry.sequence)},
            {"time", std::to_string(entry.time.ns())},
            {"command", text(entry.command)}};
  json.update(*told);
  return json;
}

Json lineage_json(const Registry& registry, const LineageStep& step) {
  const Declaration& output = *registry.find(step.declaration);
  const Lot& input = registry.get(step.input.lot);
  Json outputs = Json::array();
  if (output.lot.is_set()) outputs.push_back(text(output.lot));
  for (const LotId later : output.later_lots) outputs.push_back(text(later));
  return {{"input", text(step.input.lot)},
          {"input_carrier", registry.find(input.declaration)->carrier},
          {"units", text(step.input.units)},
          {"cancellation", text(step.input.cancellation)},
          {"efficiency_ppm", step.input.efficiency_ppm},
          {"outputs", std::move(outputs)},
          {"output_carrier", output.carrier},
          {"kind", proto::to_json(step.kind)},
          {"captured_co2", text(step.input.captured)},
          {"yields", text(step.input.yields)}};
}

std::string device_csv_header() {
  return "device,registry,name,country,carriers,start,fields\r\n";
}

std::string device_csv(const Exchange& exchange, const Device& device) {
  const DeviceVersion& today = device.on(date_of(exchange.time()));
  std::vector<std::string> fields;
  for (const Field& field : today.fields) fields.push_back(field.name + "=" + field.value);
  return csv_row({"dev-" + text(device.id),
                  exchange.registry().get(device.registry).code,
                  today.name,
                  device.country,
                  joined(today.carriers),
                  text_of(device.start()),
                  joined(fields)}) +
         "\r\n";
}

std::string lot_csv_header() {
  return "lot,registry,scheme,device,device_name,country,carrier,period_first,period_last,issued_"
         "on,"
         "transferable_until,cancellable_until,dimension,unit_size,issued,held,cancelled,expired,"
         "withdrawn,voided,first_serial,last_serial,flagged\r\n";
}

std::string lot_csv(const Registry& registry, const Lot& lot) {
  return csv_row({"lot-" + text(lot.id),
                  registry.get(lot.registry).code,
                  registry.get(lot.scheme).code,
                  "dev-" + text(lot.device),
                  registry.maker_of(lot).name,
                  registry.get(lot.device).country,
                  registry.find(lot.declaration)->carrier,
                  to_string(lot.period.first),
                  to_string(lot.period.last),
                  to_string(lot.issued_on),
                  text_of(lot.transferable_until),
                  text_of(lot.cancellable_until),
                  public_name(lot.dimension),
                  std::to_string(lot.unit_size),
                  text(lot.issued),
                  text(held(lot)),
                  text(lot.cancelled),
                  text(lot.expired),
                  text(lot.withdrawn),
                  text(lot.voided),
                  print_serial(registry, lot, Serial(1)),
                  print_serial(registry, lot, Serial(lot.issued.value())),
                  lot.flagged.is_set() ? "true" : "false"}) +
         "\r\n";
}

std::string statement_csv_header() {
  return "cancellation,date,registry,scheme,lot,units,amount,dimension,unit_size,beneficiary,"
         "country,purpose,period_first,period_last,note,device,device_country,carrier,"
         "production_first,production_last,holder,serials,voided,verification_code\r\n";
}

std::string statement_csv(const StatementEntry& entry) {
  const bool no_period = entry.period == Period();
  return csv_row({"can-" + text(entry.cancellation),
                  to_string(entry.date),
                  entry.registry,
                  entry.scheme,
                  "lot-" + text(entry.lot),
                  text(entry.units),
                  text(entry.amount),
                  public_name(entry.dimension),
                  std::to_string(entry.unit_size),
                  entry.beneficiary,
                  entry.country,
                  entry.purpose,
                  no_period ? "" : to_string(entry.period.first),
                  no_period ? "" : to_string(entry.period.last),
                  entry.note,
                  entry.device,
                  entry.device_country,
                  entry.carrier,
                  to_string(entry.production_period.first),
                  to_string(entry.production_period.last),
                  entry.holder,
                  joined(entry.printed),
                  joined(entry.voided_printed),
                  entry.verification_code}) +
         "\r\n";
}

}  // namespace origo::gateway::web
