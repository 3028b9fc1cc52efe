#include "engine/registry/fields.h"

#include <algorithm>
#include <charconv>

#include "engine/core/text.h"

namespace origo {
namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

// Calls `visit(word)` for each ';'-separated word; false as soon as it answers false.
template <class Visit>
bool for_each_word(std::string_view text, Visit&& visit) {
  while (true) {
    const std::size_t end = text.find(';');
    if (!visit(trimmed(text.substr(0, end)))) return false;
    if (end == std::string_view::npos) return true;
    text.remove_prefix(end + 1);
  }
}

const FieldRule* find_rule(const std::vector<FieldRule>& rules, std::string_view name) {
  const auto found = std::find_if(
      rules.begin(), rules.end(), [&](const FieldRule& rule) { return rule.name == name; });
  return found == rules.end() ? nullptr : &*found;
}

bool is_member(const Scheme& scheme, std::string_view name, Date day) {
  return std::any_of(scheme.members.begin(), scheme.members.end(), [&](const Member& member) {
    return member.name == name && member.first <= day && day <= member.last;
  });
}

// Whether a value of the rule's kind keeps within its limits.
bool is_within(const Scheme& scheme,
               const FieldRule& rule,
               const Field& field,
               std::int64_t value,
               FieldDays days) {
  if (rule.kind == FieldKind::member) return is_member(scheme, field.value, days.today);
  if (rule.months_old_max > 0 &&
      add_months(Date(static_cast<std::int32_t>(value)), rule.months_old_max) < days.end)
    return false;
  if (rule.bounds.empty()) return true;
  const std::int64_t measured =
      rule.kind == FieldKind::text ? static_cast<std::int64_t>(field.value.size()) : value;
  return rule.bounds[0] <= measured && measured <= rule.bounds[1];
}

}  // namespace

std::optional<std::int64_t> parse_field(const FieldRule& rule, std::string_view text) {
  if (text.empty() || check_text(text)) return std::nullopt;
  switch (rule.kind) {
    case FieldKind::co2_mass:
    case FieldKind::number: {
      std::int64_t number = 0;
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
      if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
      if (rule.kind == FieldKind::co2_mass && (number < 0 || number > kSupplyMax))
        return std::nullopt;
      return number;
    }
    case FieldKind::date: {
      const std::optional<Date> date = parse_date(text);
      return date ? std::optional<std::int64_t>(date->days()) : std::nullopt;
    }
    case FieldKind::flag:
      if (text != "true" && text != "false") return std::nullopt;
      return text == "true" ? 1 : 0;
    case FieldKind::choice: {
      const bool known = for_each_word(text, [&](std::string_view word) {
        return std::find(rule.choices.begin(), rule.choices.end(), word) != rule.choices.end();
      });
      return known ? std::optional<std::int64_t>(0) : std::nullopt;
    }
    case FieldKind::member:
    case FieldKind::co2_programme:
    case FieldKind::text: {
      // Words that become symbols obey the limits of names.
      if (rule.attribute.empty()) return 0;
      const bool clean =
          for_each_word(text, [](std::string_view word) { return !check_name(word); });
      return clean ? std::optional<std::int64_t>(0) : std::nullopt;
    }
  }
  return std::nullopt;
}

Verdict check_fields(const Scheme& scheme,
                     const std::vector<FieldRule>& rules,
                     const std::vector<Field>& fields,
                     FieldDays days) {
  for (const Field& field : fields) {
    const FieldRule* rule = find_rule(rules, field.name);
    const auto times = std::count_if(
        fields.begin(), fields.end(), [&](const Field& other) { return other.name == field.name; });
    if (rule == nullptr || times > 1) return Refusal(Reject::device_field_unknown, field.name);
    const std::optional<std::int64_t> value = parse_field(*rule, field.value);
    if (!value || !is_within(scheme, *rule, field, *value, days))
      return Refusal(Reject::device_field_invalid, field.name);
  }
  for (const FieldRule& rule : rules) {
    const bool given = std::any_of(
        fields.begin(), fields.end(), [&](const Field& field) { return field.name == rule.name; });
    if (rule.required && !given) return Refusal(Reject::device_field_missing, rule.name);
  }
  return std::nullopt;
}

void collect_attributes(const std::vector<FieldRule>& rules,
                        const std::vector<Field>& fields,
                        Vocabulary& vocabulary,
                        AttributeValues& into) {
  for (const Field& field : fields) {
    const FieldRule* rule = find_rule(rules, field.name);
    ENSURE(rule != nullptr);
    if (rule->attribute.empty()) continue;
    const AttributeId attribute = vocabulary.find_attribute(rule->attribute);
    ENSURE(attribute.is_set());
    if (vocabulary.get_attribute(attribute).kind == AttributeKind::symbol) {
      for_each_word(field.value, [&](std::string_view word) {
        into.push_back({attribute, vocabulary.intern(word).value()});
        return true;
      });
    } else {
      into.push_back({attribute, *parse_field(*rule, field.value)});
    }
  }
  std::sort(into.begin(), into.end());
  into.erase(std::unique(into.begin(), into.end()), into.end());
}

AttributeKind attribute_kind(FieldKind kind) {
  switch (kind) {
    case FieldKind::number:
      return AttributeKind::number;
    case FieldKind::date:
      return AttributeKind::date;
    case FieldKind::flag:
      return AttributeKind::flag;
    case FieldKind::text:
    case FieldKind::member:
    case FieldKind::choice:
    case FieldKind::co2_programme:
    case FieldKind::co2_mass:
      return AttributeKind::symbol;
  }
  return AttributeKind::symbol;
}

}  // namespace origo
