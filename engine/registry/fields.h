#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "engine/core/attributes.h"
#include "engine/core/result.h"
#include "engine/core/scheme.h"

namespace origo {

// The days by which fields are judged.
struct FieldDays {
  Date today;
  Date end;  // the production's last day; of a device's own fields: today
};

// The number that a field's text stands for under its rule's kind (a date's days, a flag's 0 or 1);
// text and choices answer 0. Nothing if the text is no value of that kind.
[[nodiscard]] std::optional<std::int64_t> parse_field(const FieldRule& rule, std::string_view text);

// Whether `fields` has every required field, none twice, no other, each with a value of its kind,
// within its limits, and a member's name only while it is one. `rules` are the scheme's for devices
// or production. Rejects: device_field_missing, device_field_unknown, device_field_invalid (detail:
// the field).
[[nodiscard]] Verdict check_fields(const Scheme& scheme,
                                   const std::vector<FieldRule>& rules,
                                   const std::vector<Field>& fields,
                                   FieldDays days);

// Adds what the fields say as lot attributes. A symbol may list several words, separated by ';'.
// Requires: check_fields() passed.
void collect_attributes(const std::vector<FieldRule>& rules,
                        const std::vector<Field>& fields,
                        Vocabulary& vocabulary,
                        AttributeValues& into);

// The kind of the attribute that a field of this kind becomes.
[[nodiscard]] AttributeKind attribute_kind(FieldKind kind);

}  // namespace origo
