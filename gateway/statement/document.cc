#include "gateway/statement/document.h"

#include <utility>
#include <vector>

#include "engine/registry/lineage.h"
#include "engine/registry/serial_format.h"
#include "gateway/statement/facts.h"
#include "gateway/statement/statement_pdf.h"

namespace origo::gateway {
namespace {

std::vector<std::string> print_ranges(const Registry& registry,
                                      const Lot& lot,
                                      const std::vector<SerialRange>& ranges) {
  std::vector<std::string> printed;
  for (const SerialRange& range : ranges) printed.push_back(print_range(registry, lot, range));
  return printed;
}

// Each range with its serial numbers as they are printed.
template <class Entry>
void take_in_printed(proto::Json& json, const Entry& entry) {
  for (std::size_t index = 0; index < entry.printed.size(); ++index)
    json["ranges"][index]["printed"] = entry.printed[index];
  for (std::size_t index = 0; index < entry.voided_printed.size(); ++index)
    json["voided"][index]["printed"] = entry.voided_printed[index];
  json.erase("printed");
  json.erase("voided_printed");
}

proto::Json claim_json(const ClaimEntry& entry) {
  proto::Json json = proto::to_json(entry);
  json["claim"] = std::to_string(entry.claim.value());
  json["account"] = std::to_string(entry.account.value());
  json["lot"] = std::to_string(entry.lot.value());
  take_in_printed(json, entry);
  return json;
}

}  // namespace

std::optional<DocumentFormat> parse_document_format(std::string_view text) {
  if (text == "json") return DocumentFormat::json;
  if (text == "html") return DocumentFormat::html;
  if (text == "pdf") return DocumentFormat::pdf;
  return std::nullopt;
}

storage::Status tell_since(const Registry& registry,
                           const HistoryView& history,
                           StatementEntry& entry,
                           std::size_t claims_max) {
  const Lot* const lot = registry.find(entry.lot);
  const Cancellation* const cancellation = registry.find(entry.cancellation);
  if (lot == nullptr || cancellation == nullptr) return {};
  entry.voided = voided_of(*lot, entry.cancellation);
  entry.voided_printed = print_ranges(registry, *lot, entry.voided);
  entry.unclaimed = cancellation->left;
  auto claims = history.claims(entry.cancellation, {.limit = claims_max + 1});
  entry.claims = std::move(claims.value);
  entry.more_claims = entry.claims.size() > claims_max;
  if (entry.more_claims) entry.claims.pop_back();
  for (ClaimEntry& claim : entry.claims) tell_voided(registry, claim);
  return claims.status;
}

void tell_voided(const Registry& registry, ClaimEntry& entry) {
  const Lot* const lot = registry.find(entry.lot);
  if (lot == nullptr) return;
  entry.voided = voided_of(*lot, entry.claim);
  entry.voided_printed = print_ranges(registry, *lot, entry.voided);
}

proto::Json statement_json(const StatementEntry& entry, const std::string& public_url) {
  proto::Json json = proto::to_json(entry);
  json["account"] = std::to_string(entry.account.value());
  json["lot"] = std::to_string(entry.lot.value());
  json["dimension"] =
      entry.dimension == Dimension::mass_gco2e ? "DIMENSION_MASS_GCO2E" : "DIMENSION_ENERGY_WH";
  take_in_printed(json, entry);
  if (entry.period == Period{}) json.erase("period");
  for (std::size_t index = 0; index < entry.claims.size(); ++index)
    json["claims"][index] = claim_json(entry.claims[index]);
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
