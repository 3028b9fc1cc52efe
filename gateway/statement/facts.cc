#include "gateway/statement/facts.h"

#include <array>
#include <string_view>

#include "gateway/cli/base/format.h"
#include "gateway/statement/document.h"

namespace origo::gateway {

namespace {

struct Scale {
  std::string_view unit;
  std::int64_t size;
  unsigned digits;
};
constexpr std::array kEnergyScales{
    Scale{"MWh", 1'000'000, 6}, Scale{"kWh", 1'000, 3}, Scale{"Wh", 1, 0}};
constexpr std::array kMassScales{
    Scale{"t CO₂e", 1'000'000, 6}, Scale{"kg CO₂e", 1'000, 3}, Scale{"g CO₂e", 1, 0}};

// 1,500,000 Wh: "1.5 MWh", in the largest unit of which there is one.
std::string amount_text(std::int64_t amount, Dimension dimension) {
  const auto& scales = dimension == Dimension::mass_gco2e ? kMassScales : kEnergyScales;
  const Scale* chosen = &scales.back();
  for (const Scale& scale : scales) {
    if (amount < scale.size) continue;
    chosen = &scale;
    break;
  }
  std::string text = format_decimal(amount, chosen->digits);
  if (chosen->digits > 0) {
    text.erase(text.find_last_not_of('0') + 1);
    if (text.ends_with('.')) text.pop_back();
  }
  return text + " " + std::string(chosen->unit);
}

std::string period_text(const Period& period) {
  if (period == Period{}) return {};
  if (period.first == period.last) return to_string(period.first);
  return to_string(period.first) + " to " + to_string(period.last);
}

// "Name (code)", or what there is of it.
std::string named(const std::string& name, const std::string& code) {
  if (name.empty() || name == code) return code;
  return name + " (" + code + ")";
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

// "disclosure: 250 by Example Bakery for 2025-01-01 to 2025-12-31, claimed on 2026-03-04 (clm-7)",
// with all that the claim says, then its serial numbers.
std::vector<std::string> use_lines(const StatementEntry& entry) {
  std::vector<std::string> lines;
  for (const ClaimEntry& claim : entry.claims) {
    std::string line = claim.use + ": " + group_digits(claim.units.value()) + " by " +
                       claim.claimant + " for " + period_text(claim.period);
    if (!claim.activity.empty()) line += "; " + claim.activity;
    if (claim.emissions.is_positive())
      line += "; emissions " + amount_text(claim.emissions.value(), Dimension::mass_gco2e);
    if (!claim.reference.empty()) line += "; " + claim.reference;
    line += "; claimed on " + to_string(claim.date) + " (clm-" +
            std::to_string(claim.claim.value()) + "): " + joined(claim.printed);
    if (!claim.voided_printed.empty())
      line += "; void since they were withdrawn: " + joined(claim.voided_printed);
    lines.push_back(std::move(line));
  }
  if (entry.more_claims) lines.emplace_back("and more, which the register lists");
  return lines;
}

}  // namespace

std::string verification_url(const StatementEntry& entry, const std::string& public_url) {
  return public_url + "/verify/" + entry.verification_code;
}

StatementFacts statement_facts(const StatementEntry& entry, const std::string& public_url) {
  StatementFacts facts;
  facts.number = "can-" + std::to_string(entry.cancellation.value());
  facts.issuer = named(entry.registry_name, entry.registry);
  facts.amount = amount_text(entry.amount.value(), entry.dimension);
  facts.sentence = "in " + group_digits(entry.units.value()) +
                   (entry.units.value() == 1 ? " certificate of " : " certificates of ") +
                   amount_text(entry.unit_size, entry.dimension) + ", cancelled on " +
                   to_string(entry.date);
  facts.finality =
      "Cancellation is final. These certificates cannot be sold or cancelled again, and each is "
      "used once.";
  facts.code = entry.verification_code;
  facts.url = verification_url(entry, public_url);
  const auto add = [&](const char* label, std::string text) {
    if (!text.empty()) facts.rows.push_back({label, {std::move(text)}});
  };
  add("In the name of", entry.beneficiary);
  add("Purpose", entry.purpose);
  add("Country of consumption", entry.country);
  add("Period of consumption", period_text(entry.period));
  add("Evidence of consumption", entry.consumption_evidence);
  add("Note", entry.note);
  add("Cancelled on", to_string(entry.date));
  add("Account holder", entry.holder);
  add("Account", named(entry.account_name, "acc-" + std::to_string(entry.account.value())));
  add("Registry", facts.issuer);
  add("Scheme", named(entry.scheme_name, entry.scheme));
  add("Production device", named(entry.device, entry.device_country));
  add("Energy carrier", entry.carrier);
  add("Production period", period_text(entry.production_period));
  add("Lot", "lot-" + std::to_string(entry.lot.value()));
  add("Certificates",
      group_digits(entry.units.value()) + " of " + amount_text(entry.unit_size, entry.dimension));
  if (!entry.printed.empty()) facts.rows.push_back({"Serial numbers", entry.printed});
  if (!entry.claims.empty()) facts.rows.push_back({"Used for", use_lines(entry)});
  if (entry.unclaimed.is_positive()) add("Not used yet", group_digits(entry.unclaimed.value()));
  if (!entry.voided_printed.empty())
    facts.rows.push_back({"Withdrawn since: claim void", entry.voided_printed});
  return facts;
}

}  // namespace origo::gateway
