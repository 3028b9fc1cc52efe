#include "tests/scenario/samples.h"

#include <algorithm>
#include <string>

namespace origo::scenario {
namespace {

std::string sample_of(const FieldRule& rule, const Scheme& scheme) {
  const bool bounded = rule.bounds.size() == 2;
  switch (rule.kind) {
    case FieldKind::text:
      return bounded ? std::string(static_cast<std::size_t>(rule.bounds[0]), 'X') : "sample";
    case FieldKind::number:
      return std::to_string(bounded ? std::clamp<std::int64_t>(1, rule.bounds[0], rule.bounds[1])
                                    : 1);
    case FieldKind::date:
      return rule.attribute == kDeclaredDay ? "2099-12-31" : "2020-01-01";
    case FieldKind::flag:
      return "false";
    case FieldKind::choice:
      return rule.choices.front();
    case FieldKind::member:
      return scheme.members.front().name;
    case FieldKind::co2_programme:
      return scheme.co2_programmes.front().name;
    case FieldKind::co2_mass:
      return "1";
  }
  return {};
}

}  // namespace

void add_samples(const Scheme& scheme,
                 const std::vector<FieldRule>& rules,
                 std::vector<Field>& fields) {
  for (const FieldRule& rule : rules) {
    const bool given = std::any_of(
        fields.begin(), fields.end(), [&](const Field& field) { return field.name == rule.name; });
    if (rule.required && !given)
      fields.push_back({.name = rule.name, .value = sample_of(rule, scheme)});
  }
}

}  // namespace origo::scenario
