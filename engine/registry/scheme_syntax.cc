#include "engine/registry/scheme_syntax.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "engine/core/text.h"
#include "engine/registry/claim_rules.h"
#include "engine/registry/office.h"
#include "engine/registry/serial_format.h"

namespace origo {
namespace {

constexpr std::int64_t kUnitSizeMax = 1'000'000'000'000;
constexpr std::size_t kCo2ProgrammesMax = 100;

bool is_code(const std::string& word) {
  return !check_code(word);
}

// Whether a clock is sound, and what it counts from is declared.
bool is_clock(const Clock& clock, const Scheme& scheme) {
  const bool declares = std::any_of(
      scheme.production_fields.begin(), scheme.production_fields.end(), [](const FieldRule& field) {
        return field.attribute == kDeclaredDay && field.kind == FieldKind::date && field.required;
      });
  return clock.basis >= ClockBasis::none && clock.basis <= ClockBasis::declared &&
         clock.months <= 1200 && clock.days <= 36600 && clock.end <= ClockEnd::year &&
         (clock.basis != ClockBasis::declared || declares);
}

// Limits have an order and a meaning for the field's kind.
bool has_sound_limits(const FieldRule& field) {
  const bool bounded = field.kind == FieldKind::number || field.kind == FieldKind::text;
  if (!field.bounds.empty() &&
      (!bounded || field.bounds.size() != 2 || field.bounds[0] > field.bounds[1]))
    return false;
  return field.months_old_max == 0 ||
         (field.kind == FieldKind::date && field.months_old_max <= 1200);
}

bool keeps_calendar(std::uint16_t months) {
  return months > 0 && months <= 12 && 12 % months == 0;
}

// Balances are of energy, in calendar periods, and of proofs whose number production says.
bool is_sound(const MassBalance& balance, const Scheme& scheme) {
  const auto is_purpose = [&](const std::string& purpose) {
    return purpose != kBalancePurpose &&
           std::find(scheme.purposes.begin(), scheme.purposes.end(), purpose) !=
               scheme.purposes.end();
  };
  if (balance.period_months == 0)
    return scheme.measure != Measure::mass_balance && !balance.carry_surplus &&
           balance.split_purposes.empty();
  const bool says_number = std::any_of(
      scheme.production_fields.begin(), scheme.production_fields.end(), [](const FieldRule& field) {
        return field.attribute == kProofNumber && field.kind == FieldKind::text;
      });
  return keeps_calendar(balance.period_months) && scheme.dimension == Dimension::energy_wh &&
         says_number &&
         std::all_of(balance.split_purposes.begin(), balance.split_purposes.end(), is_purpose);
}

// Whether a programme's counting, share and compensation go together.
bool is_programme(const Co2Programme& programme) {
  const bool compensates = !programme.capture_schemes.empty();
  const std::uint32_t share = programme.user_share_ppm;
  const bool sound =
      !check_name(programme.name) && programme.first <= programme.last &&
      std::all_of(programme.capture_schemes.begin(), programme.capture_schemes.end(), is_code) &&
      (compensates || !programme.eligible_only);
  switch (programme.counting) {
    case Co2Counting::capturer_reports:
      return sound && share == 0;
    case Co2Counting::user_reports:
      return sound && share == kWholePpm && !compensates;
    case Co2Counting::shared:
      return sound && share > 0 && share < kWholePpm;
    case Co2Counting::neither:
      return sound && share == 0 && !compensates;
  }
  return false;
}

// Rows of one name keep their counting and don't overlap.
bool are_apart(const Co2Programme& a, const Co2Programme& b) {
  return a.name != b.name || (a.counting == b.counting && a.user_share_ppm == b.user_share_ppm &&
                              (a.last < b.first || b.last < a.first));
}

// A scheme of energy with programmes has one field for the name and one for the mass; others
// neither.
bool has_sound_programmes(const Scheme& scheme) {
  const std::vector<Co2Programme>& all = scheme.co2_programmes;
  if (all.size() > kCo2ProgrammesMax) return false;
  if (!all.empty() && scheme.dimension != Dimension::energy_wh) return false;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!is_programme(all[i])) return false;
    for (std::size_t j = 0; j < i; ++j) {
      if (!are_apart(all[i], all[j])) return false;
    }
  }
  const auto fields_of = [](const std::vector<FieldRule>& fields, FieldKind kind) {
    return std::count_if(
        fields.begin(), fields.end(), [&](const FieldRule& field) { return field.kind == kind; });
  };
  const std::ptrdiff_t wanted = all.empty() ? 0 : 1;
  for (const FieldKind kind : {FieldKind::co2_programme, FieldKind::co2_mass}) {
    if (fields_of(scheme.production_fields, kind) != wanted ||
        fields_of(scheme.device_fields, kind) != 0)
      return false;
  }
  return true;
}

}  // namespace

bool is_kind(ParticipantKind kind) {
  return kind >= ParticipantKind::producer && kind <= ParticipantKind::municipality;
}

Verdict check_scheme(const Scheme& scheme) {
  const auto bad = [](std::string key) { return Refusal(Reject::scheme_invalid, std::move(key)); };
  if (check_code(scheme.code)) return bad("code");
  if (check_name(scheme.name)) return bad("name");
  if (check_name(scheme.operator_name)) return bad("operator");
  if (scheme.valid_to < scheme.valid_from) return bad("valid_to");
  if (scheme.dimension < Dimension::energy_wh || scheme.dimension > Dimension::mass_gco2e)
    return bad("dimension");
  if (scheme.unit_size < 1 || scheme.unit_size > kUnitSizeMax) return bad("unit_size");
  if (scheme.measure < Measure::gross || scheme.measure > Measure::mass_balance)
    return bad("measure");
  if (scheme.measure != Measure::net && !scheme.deduction_kinds.empty())
    return bad("deduction_kinds");
  if (scheme.production_months_max > 1200) return bad("production_months_max");
  if (!is_clock(scheme.request_deadline, scheme)) return bad("request_deadline");
  if (!is_clock(scheme.request_deadline_supported, scheme))
    return bad("request_deadline_supported");
  if (!is_clock(scheme.transferable, scheme)) return bad("transferable");
  if (!is_clock(scheme.cancellable, scheme)) return bad("cancellable");
  if (!is_clock(scheme.sale, scheme)) return bad("sale");
  if (scheme.carriers.empty() ||
      !std::all_of(scheme.carriers.begin(), scheme.carriers.end(), is_code))
    return bad("carriers");
  if (scheme.holders.empty()) return bad("holders");
  if (scheme.receivers.empty()) return bad("receivers");
  if (scheme.purposes.empty()) return bad("purposes");
  for (const std::vector<ParticipantKind>* kinds : {&scheme.receivers, &scheme.senders}) {
    const bool hold = std::all_of(kinds->begin(), kinds->end(), [&](ParticipantKind kind) {
      return std::find(scheme.holders.begin(), scheme.holders.end(), kind) != scheme.holders.end();
    });
    if (!hold) return bad(kinds == &scheme.senders ? "senders" : "receivers");
  }
  for (const RecipientRule& rule : scheme.recipients) {
    if (rule.kinds.empty()) return bad("recipients");
  }
  if (const Verdict unsound = check_claim_rules(scheme)) return unsound;
  for (const Member& member : scheme.members) {
    if (check_name(member.name) || member.last < member.first) return bad("members");
  }
  if (!is_sound(scheme.mass_balance, scheme)) return bad("mass_balance");
  if (!has_sound_programmes(scheme)) return bad("co2_programmes");
  if (check_name(scheme.serial_format) ||
      !is_serial_format(scheme.serial_format, scheme.device_fields))
    return bad("serial_format");
  for (const std::vector<FieldRule>* rules : {&scheme.device_fields, &scheme.production_fields}) {
    for (const FieldRule& rule : *rules) {
      if (check_name(rule.name)) return bad("fields");
      if (rule.kind == FieldKind::choice && rule.choices.empty()) return bad(rule.name);
      if (rule.kind == FieldKind::member && scheme.members.empty()) return bad(rule.name);
      if (!has_sound_limits(rule)) return bad(rule.name);
    }
  }
  return std::nullopt;
}

}  // namespace origo
