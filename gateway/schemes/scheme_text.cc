#include "gateway/schemes/scheme_text.h"

#include <algorithm>
#include <boost/describe.hpp>
#include <limits>
#include <map>
#include <utility>

#include "engine/core/date.h"

namespace origo::gateway {
namespace {

template <class E>
std::string word(E value) {
  return boost::describe::enum_to_string(value, "?");
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& each : words) out += (out.empty() ? "" : ", ") + each;
  return out;
}

std::string joined(const std::vector<ParticipantKind>& kinds) {
  std::vector<std::string> words;
  for (const ParticipantKind kind : kinds) words.push_back(word(kind));
  return joined(words);
}

std::string counted(std::int64_t count, const std::string& what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

// 1,000,000 Wh as "1 MWh".
std::string unit_text(Dimension dimension, std::int64_t size) {
  const bool energy = dimension == Dimension::energy_wh;
  if (size % 1'000'000 == 0)
    return std::to_string(size / 1'000'000) + (energy ? " MWh" : " t CO2e");
  if (size % 1'000 == 0) return std::to_string(size / 1'000) + (energy ? " kWh" : " kg CO2e");
  return std::to_string(size) + (energy ? " Wh" : " g CO2e");
}

std::string clock_text(const Clock& clock) {
  std::string out;
  if (clock.months > 0) out = counted(clock.months, "month");
  if (clock.days > 0) out += (out.empty() ? "" : " and ") + counted(clock.days, "day");
  out += (out.empty() ? "" : " after ") + word(clock.basis);
  if (clock.end != ClockEnd::day) out += ", to the end of the " + word(clock.end);
  return out;
}

std::string bounds_text(const FieldRule& field) {
  if (field.bounds.size() != 2) return {};
  std::string out;
  if (field.bounds[0] != std::numeric_limits<std::int64_t>::min())
    out += " from " + std::to_string(field.bounds[0]);
  if (field.bounds[1] != std::numeric_limits<std::int64_t>::max())
    out += " to " + std::to_string(field.bounds[1]);
  if (field.kind == FieldKind::text) out += " bytes";
  return out;
}

std::string field_text(const FieldRule& field) {
  std::string out =
      (field.required ? "required " : "optional ") + word(field.kind) + bounds_text(field);
  if (!field.choices.empty()) out += " of " + joined(field.choices);
  if (field.months_old_max > 0)
    out += ", at most " + counted(field.months_old_max, "month") + " old";
  if (!field.attribute.empty()) out += ", becomes " + field.attribute;
  return out;
}

// A bound as its field is written: a day, true or false, or a number.
std::string bound(const Scheme& scheme, const std::string& attribute, std::int64_t value) {
  for (const std::vector<FieldRule>* fields : {&scheme.device_fields, &scheme.production_fields}) {
    for (const FieldRule& field : *fields) {
      if (field.attribute != attribute) continue;
      if (field.kind == FieldKind::date) return to_string(Date(static_cast<std::int32_t>(value)));
      if (field.kind == FieldKind::flag) return value == 0 ? "false" : "true";
    }
  }
  return std::to_string(value);
}

std::string condition(const Scheme& scheme, const ClauseSpec& clause) {
  if (!clause.any_of.empty()) return clause.attribute + " is " + joined(clause.any_of);
  if (clause.min == clause.max)
    return clause.attribute + " is " + bound(scheme, clause.attribute, clause.min);
  std::string out = clause.attribute;
  if (clause.min != std::numeric_limits<std::int64_t>::min())
    out += " from " + bound(scheme, clause.attribute, clause.min);
  if (clause.max != std::numeric_limits<std::int64_t>::max())
    out += " to " + bound(scheme, clause.attribute, clause.max);
  return out;
}

// ", if a is b and c is d" behind `word`; empty: no conditions.
std::string conditions(const Scheme& scheme,
                       const std::string& word,
                       const std::vector<ClauseSpec>& clauses) {
  std::string out;
  for (const ClauseSpec& clause : clauses)
    out += (out.empty() ? word : " and ") + condition(scheme, clause);
  return out;
}

std::string recipients(const Scheme& scheme) {
  std::string out;
  for (const RecipientRule& rule : scheme.recipients)
    out += (out.empty() ? "" : "; ") + joined(rule.kinds) + conditions(scheme, " if ", rule.when);
  return out;
}

// "from 2022-09-01 on", "to 2025-12-31"; empty: always.
std::string days_text(Date first, Date last) {
  std::string out;
  if (first != Date()) out = ", from " + to_string(first) + (last == kNever ? " on" : "");
  if (last != kNever) out += (first == Date() ? ", to " : " to ") + to_string(last);
  return out;
}

std::string claim_text(const Scheme& scheme, const ClaimRule& rule) {
  return rule.use + ", of what was cancelled for " + joined(rule.purposes) +
         conditions(scheme, " if ", rule.when) + days_text(rule.first, rule.last) +
         (rule.forbids_double_counting ? ", counted by nobody else" : "");
}

std::string bar_text(const Scheme& scheme, const ClaimBar& bar) {
  std::string uses = joined(bar.uses);
  if (bar.double_counting)
    uses += std::string(uses.empty() ? "" : ", ") + "whatever nobody else may count";
  return "not " + uses + conditions(scheme, " if ", bar.when) +
         conditions(scheme, " unless ", bar.unless) + days_text(bar.first, bar.last);
}

std::string last_of(Date date) {
  return date == kNever ? "on" : "to " + to_string(date);
}

std::string programme_text(const Co2Programme& programme) {
  std::string out = word(programme.counting);
  if (programme.counting == Co2Counting::shared)
    out += ", the user " + std::to_string(programme.user_share_ppm) + " ppm";
  if (!programme.capture_schemes.empty())
    out += ", compensated by certificates of " + joined(programme.capture_schemes);
  if (programme.eligible_only) out += " for CO2 that a fuel may deduct";
  return out + ", from " + to_string(programme.first) + " " + last_of(programme.last);
}

// Collects what is stated, and leaves out what is not.
class Lines {
 public:
  void add(std::string key, std::string value) {
    if (!value.empty()) lines_.push_back({.key = std::move(key), .value = std::move(value)});
  }
  void add(std::string key, const Clock& value) {
    if (value.basis != ClockBasis::none) add(std::move(key), clock_text(value));
  }
  void add_flag(std::string key, bool value) { add(std::move(key), value ? "yes" : "no"); }
  void add_fields(const std::string& list, const std::vector<FieldRule>& fields) {
    for (const FieldRule& field : fields) {
      add(list + "." + field.name, field_text(field));
      add(list + "." + field.name + ".source", field.source);
    }
  }
  [[nodiscard]] std::vector<SchemeLine> take() { return std::move(lines_); }

 private:
  std::vector<SchemeLine> lines_;
};

// What the keys of a section state, without fields, members and words.
void add_keys(Lines& lines, const Scheme& scheme) {
  lines.add("valid_from", to_string(scheme.valid_from));
  if (scheme.valid_to != kNever) lines.add("valid_to", to_string(scheme.valid_to));
  lines.add("serial_format", scheme.serial_format);
  lines.add("unit", unit_text(scheme.dimension, scheme.unit_size));
  lines.add("issuance.measure", word(scheme.measure));
  lines.add("issuance.deductions", joined(scheme.deduction_kinds));
  lines.add("issuance.carriers", joined(scheme.carriers));
  lines.add("issuance.countries", joined(scheme.countries));
  if (scheme.production_months_max > 0)
    lines.add("issuance.production_months_max", std::to_string(scheme.production_months_max));
  lines.add("issuance.request_by", scheme.request_deadline);
  lines.add("issuance.request_by_supported", scheme.request_deadline_supported);
  lines.add("issuance.recipients", recipients(scheme));
  lines.add("transfer.last_day", scheme.transferable);
  lines.add("transfer.sale_last_day", scheme.sale);
  lines.add("cancellation.last_day", scheme.cancellable);
  lines.add("cancellation.purposes", joined(scheme.purposes));
  lines.add_flag("cancellation.beneficiary_required", scheme.beneficiary_required);
  lines.add_flag("cancellation.consumption_period_required", scheme.consumption_period_required);
  lines.add("accounts.holders", joined(scheme.holders));
  lines.add("accounts.receivers", joined(scheme.receivers));
  lines.add("accounts.senders", joined(scheme.senders));
  if (const MassBalance& balance = scheme.mass_balance; balance.period_months > 0) {
    lines.add("mass_balance.period_months", std::to_string(balance.period_months));
    lines.add_flag("mass_balance.carry_surplus", balance.carry_surplus);
    lines.add("mass_balance.split_purposes", joined(balance.split_purposes));
  }
  lines.add("bridge",
            std::string(scheme.export_allowed ? "export" : "no export") + ", " +
                (scheme.import_allowed ? "import" : "no import"));
}

template <class Rule>
std::string cited(const Rule& rule) {
  return rule.text + " [" + word(rule.confidence) + ": " + rule.source + "]";
}

const RuleNote* rule_of(const Scheme& scheme, const std::string& key) {
  const auto found = std::find_if(scheme.rules.begin(),
                                  scheme.rules.end(),
                                  [&](const RuleNote& rule) { return rule.id == key; });
  return found == scheme.rules.end() ? nullptr : &*found;
}

void add_fields(std::string& page, const char* title, const std::vector<FieldRule>& fields) {
  if (fields.empty()) return;
  page += std::string("\n") + title + "\n";
  for (const FieldRule& field : fields)
    page += "  " + field.name + ": " + field_text(field) + "\n      " + field.source + "\n";
}

}  // namespace

std::vector<SchemeLine> lines_of(const Scheme& scheme) {
  Lines lines;
  lines.add("code", scheme.code);
  lines.add("name", scheme.name);
  lines.add("operator", scheme.operator_name);
  add_keys(lines, scheme);
  for (const Member& member : scheme.members)
    lines.add("members." + member.name + "." + to_string(member.first),
              last_of(member.last) + " [" + member.source + "]");
  for (const Co2Programme& programme : scheme.co2_programmes)
    lines.add("co2_programmes." + programme.name + "." + to_string(programme.first),
              programme_text(programme) + " [" + programme.source + "]");
  lines.add_fields("device_fields", scheme.device_fields);
  lines.add_fields("production_fields", scheme.production_fields);
  for (const ClaimRule& rule : scheme.claims)
    lines.add("claims." + rule.name, claim_text(scheme, rule) + ": " + cited(rule));
  for (const ClaimBar& bar : scheme.claims_barred)
    lines.add("claims_barred." + bar.name, bar_text(scheme, bar) + ": " + cited(bar));
  for (const RuleNote& rule : scheme.rules) lines.add("rules." + rule.id, cited(rule));
  return lines.take();
}

std::string page_of(const Scheme& scheme) {
  std::string page = scheme.code + ": " + scheme.name + ", run by " + scheme.operator_name + "\n\n";
  Lines keys;
  add_keys(keys, scheme);
  std::map<Confidence, int> sure;
  const auto explain = [&](const std::string& key) {
    if (const RuleNote* rule = rule_of(scheme, key)) {
      page += "    " + cited(*rule) + "\n";
      ++sure[rule->confidence];
    }
  };
  for (const SchemeLine& line : keys.take()) {
    page += line.key + ": " + line.value + "\n";
    explain(line.key);
  }
  if (!scheme.members.empty()) {
    page += "\nMembers\n";
    explain("members");
    for (const Member& member : scheme.members)
      page += "  " + member.name + ": from " + to_string(member.first) + " " +
              last_of(member.last) + "\n      " + member.source + "\n";
  }
  if (!scheme.co2_programmes.empty()) {
    page += "\nCO2 programmes\n";
    explain("co2_programmes");
    for (const Co2Programme& programme : scheme.co2_programmes)
      page += "  " + programme.name + ": " + programme_text(programme) + "\n      " +
              programme.source + "\n";
  }
  add_fields(page, "Fields of devices", scheme.device_fields);
  add_fields(page, "Fields of production", scheme.production_fields);
  const auto add_claims = [&](const char* title, const auto& rules, auto&& text_of) {
    if (!rules.empty()) page += std::string("\n") + title + "\n";
    for (const auto& rule : rules) {
      page += "  " + rule.name + ": " + text_of(scheme, rule) + "\n      " + cited(rule) + "\n";
      ++sure[rule.confidence];
    }
  };
  add_claims("What cancelled certificates may be used for, once", scheme.claims, claim_text);
  add_claims("And what not", scheme.claims_barred, bar_text);
  bool noted = false;
  for (const RuleNote& rule : scheme.rules) {
    if (!rule.id.starts_with("note.")) continue;
    page += (noted ? "  " : "\nNot enforced\n  ") + cited(rule) + "\n";
    noted = true;
  }
  page += "\n" + counted(sure[Confidence::high], "rule") + " read at the source, " +
          std::to_string(sure[Confidence::medium]) + " second-hand, " +
          std::to_string(sure[Confidence::low]) + " to be treated as configurable\n";
  return page;
}

std::vector<SchemeDifference> differences(const Scheme& a, const Scheme& b) {
  const std::vector<SchemeLine> left = lines_of(a);
  const std::vector<SchemeLine> right = lines_of(b);
  const auto value_in = [](const std::vector<SchemeLine>& lines, const std::string& key) {
    const auto found = std::find_if(
        lines.begin(), lines.end(), [&](const SchemeLine& line) { return line.key == key; });
    return found == lines.end() ? std::string() : found->value;
  };
  std::vector<SchemeDifference> found;
  for (const SchemeLine& line : left) {
    std::string other = value_in(right, line.key);
    if (other != line.value)
      found.push_back({.key = line.key, .a = line.value, .b = std::move(other)});
  }
  for (const SchemeLine& line : right) {
    if (value_in(left, line.key).empty())
      found.push_back({.key = line.key, .a = {}, .b = line.value});
  }
  return found;
}

}  // namespace origo::gateway
