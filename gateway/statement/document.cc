#include "gateway/statement/document.h"

#include "engine/registry/lineage.h"
#include "engine/registry/serial_format.h"
#include "gateway/statement/facts.h"
#include "gateway/statement/statement_pdf.h"

namespace origo::gateway {

std::optional<DocumentFormat> parse_document_format(std::string_view text) {
  if (text == "json") return DocumentFormat::json;
  if (text == "html") return DocumentFormat::html;
  if (text == "pdf") return DocumentFormat::pdf;
  return std::nullopt;
}

void tell_voided(const Registry& registry, StatementEntry& entry) {
  const Lot* const lot = registry.find(entry.lot);
  if (lot == nullptr) return;
  entry.voided = voided_of(*lot, entry.cancellation);
  for (const SerialRange& range : entry.voided)
    entry.voided_printed.push_back(print_range(registry, *lot, range));
}

proto::Json statement_json(const StatementEntry& entry, const std::string& public_url) {
  proto::Json json = proto::to_json(entry);
  json["account"] = std::to_string(entry.account.value());
  json["lot"] = std::to_string(entry.lot.value());
  json["dimension"] =
      entry.dimension == Dimension::mass_gco2e ? "DIMENSION_MASS_GCO2E" : "DIMENSION_ENERGY_WH";
  for (std::size_t index = 0; index < entry.printed.size(); ++index) {
    json["ranges"][index]["printed"] = entry.printed[index];
  }
  json.erase("printed");
  for (std::size_t index = 0; index < entry.voided_printed.size(); ++index) {
    json["voided"][index]["printed"] = entry.voided_printed[index];
  }
  json.erase("voided_printed");
  if (entry.period == Period{}) json.erase("period");
  json["verification_url"] = verification_url(entry, public_url);
  return json;
}

Document make_document(const StatementEntry& entry,
                       const std::string& public_url,
                       DocumentFormat format) {
  const std::string name = "can-" + std::to_string(entry.cancellation.value());
  switch (format) {
    case DocumentFormat::json:
      return {.media_type = "application/json",
              .file_name = name + ".json",
              .bytes = statement_json(entry, public_url).dump(2) + "\n"};
    case DocumentFormat::html:
      return {.media_type = "text/html; charset=utf-8",
              .file_name = name + ".html",
              .bytes = statement_page(entry, public_url).html};
    case DocumentFormat::pdf:
      break;
  }
  return {.media_type = "application/pdf",
          .file_name = name + ".pdf",
          .bytes = statement_pdf(statement_facts(entry, public_url), entry.date)};
}

}  // namespace origo::gateway
