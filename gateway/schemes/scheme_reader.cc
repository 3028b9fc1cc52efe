#include "gateway/schemes/scheme_reader.h"

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "engine/registry/fields.h"
#include "engine/registry/serial_format.h"
#include "gateway/schemes/choice.h"
#include "gateway/schemes/claims_reader.h"
#include "gateway/schemes/condition_reader.h"

namespace origo::gateway {
namespace {

constexpr std::int64_t kUnitSizeMax = 1'000'000'000'000;  // 1 TWh, or 1 million t
constexpr std::int64_t kMonthsMax = 1200;
constexpr std::int64_t kDaysMax = 36500;
constexpr std::string_view kNote = "note.";  // ids of rules that say what no key enforces

// The first error, and which keys need a rule that explains them.
struct Context {
  std::optional<FileError>& error;
  const KnownAttributes& attributes;
  std::map<std::string, FilePlace> keys;  // path -> place of every key that states a rule

  void states_rule(const TomlReader& reader, std::string_view key) {
    if (reader.has(key)) keys.emplace(reader.path_of(key), reader.place_of(key));
  }
};

Clock read_clock(TomlReader& parent, std::string_view key, Context& context) {
  const toml::table* table = parent.table_if_any(key);
  if (table == nullptr) return {};
  TomlReader reader(*table, parent.path_of(key), context.error);
  Clock clock;
  clock.basis = choice(reader, "basis", ClockBasis::none);
  if (clock.basis == ClockBasis::none) reader.fail("basis", "must not be none: leave the key out");
  clock.months = static_cast<std::uint16_t>(reader.number_or("months", 0, kMonthsMax, 0));
  clock.days = static_cast<std::uint16_t>(reader.number_or("days", 0, kDaysMax, 0));
  if (reader.has("end")) clock.end = choice(reader, "end", ClockEnd::day);
  const bool moves = clock.months > 0 || clock.days > 0 || clock.end != ClockEnd::day;
  if (!moves && clock.basis != ClockBasis::declared)
    parent.fail(key, "must have months, days or end");
  reader.finish();
  context.states_rule(parent, key);
  return clock;
}

std::vector<ParticipantKind> read_kinds(TomlReader& reader, std::string_view key) {
  std::vector<ParticipantKind> kinds;
  for (const std::string& word : reader.words(key)) {
    kinds.push_back(choose(reader, key, word, ParticipantKind::trader));
  }
  return kinds;
}

// The least and the greatest value of a number, or length of a text in bytes.
std::vector<std::int64_t> read_bounds(TomlReader& reader, FieldKind kind) {
  constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
  constexpr std::int64_t kGreatest = std::numeric_limits<std::int64_t>::max();
  if (!reader.has("min") && !reader.has("max")) return {};
  const std::int64_t min = reader.number_or("min", kLeast, kGreatest, kLeast);
  const std::int64_t max = reader.number_or("max", kLeast, kGreatest, kGreatest);
  const char* const first = reader.has("min") ? "min" : "max";
  if (kind != FieldKind::number && kind != FieldKind::text)
    reader.fail(first, "belongs to numbers and texts");
  if (min > max) reader.fail("max", "must not be below min");
  return {min, max};
}

// Whether the field can become the attribute that it names.
void check_attribute(TomlReader& reader, const FieldRule& field, const Context& context) {
  if (field.attribute.empty() || !context.attributes) return;
  const auto known = context.attributes->find(field.attribute);
  if (known == context.attributes->end()) {
    reader.fail("attribute", "\"" + field.attribute + "\" is not in attributes.toml");
  } else if (known->second != attribute_kind(field.kind)) {
    reader.fail("attribute", "\"" + field.attribute + "\" is of another kind in attributes.toml");
  }
}

FieldRule read_field(const toml::table& table, const std::string& path, Context& context) {
  TomlReader reader(table, path, context.error);
  FieldRule field;
  field.name = reader.text("name");
  field.kind = choice(reader, "kind", FieldKind::text);
  field.required = reader.flag_or("required", false);
  field.choices =
      field.kind == FieldKind::choice ? reader.words("choices") : std::vector<std::string>();
  field.attribute = reader.text_or_empty("attribute");
  if (reader.has("attribute") &&
      (field.kind == FieldKind::co2_programme || field.kind == FieldKind::co2_mass))
    reader.fail("attribute", "lots are told by the core how their CO2 is counted");
  check_attribute(reader, field, context);
  field.source = reader.text("source");
  field.bounds = read_bounds(reader, field.kind);
  if (reader.has("months_old_max") && field.kind != FieldKind::date)
    reader.fail("months_old_max", "belongs to dates");
  field.months_old_max =
      static_cast<std::uint16_t>(reader.number_or("months_old_max", 1, kMonthsMax, 0));
  reader.finish();
  return field;
}

std::vector<FieldRule> read_fields(TomlReader& parent, std::string_view key, Context& context) {
  std::vector<FieldRule> fields;
  std::set<std::string> names;
  for (const toml::table* table : parent.tables(key)) {
    fields.push_back(read_field(*table, parent.path_of(key), context));
    if (!names.insert(fields.back().name).second) {
      TomlReader(*table, parent.path_of(key), context.error)
          .fail("name", "\"" + fields.back().name + "\" is given twice");
    }
  }
  return fields;
}

std::vector<Member> read_members(TomlReader& root, Context& context) {
  std::vector<Member> members;
  for (const toml::table* table : root.tables("members")) {
    TomlReader reader(*table, "members", context.error);
    Member member;
    member.name = reader.text("name");
    member.first = reader.date("first");
    member.last = reader.date_or("last", kNever);
    if (member.last < member.first) reader.fail("last", "must not be before first");
    member.source = reader.text("source");
    reader.finish();
    members.push_back(std::move(member));
  }
  context.states_rule(root, "members");
  return members;
}

// What a programme's counting needs beside its name.
void read_counting(TomlReader& reader, Co2Programme& programme) {
  programme.counting = choice(reader, "counting", Co2Counting::neither);
  const bool shares = programme.counting == Co2Counting::shared;
  if (shares) {
    programme.user_share_ppm =
        static_cast<std::uint32_t>(reader.number("user_share_ppm", 1, kWholePpm - 1));
  } else {
    if (reader.has("user_share_ppm"))
      reader.fail("user_share_ppm", "belongs to counting = \"shared\"");
    if (programme.counting == Co2Counting::user_reports) programme.user_share_ppm = kWholePpm;
  }
  programme.capture_schemes = reader.words_or_none("capture_schemes");
  if (!programme.capture_schemes.empty() && !shares &&
      programme.counting != Co2Counting::capturer_reports)
    reader.fail("capture_schemes", "belongs to counting = \"capturer_reports\" and \"shared\"");
  programme.eligible_only = reader.flag_or("eligible_only", false);
  if (programme.eligible_only && programme.capture_schemes.empty())
    reader.fail("eligible_only", "needs capture_schemes");
}

std::vector<Co2Programme> read_programmes(TomlReader& root, Context& context) {
  std::vector<Co2Programme> programmes;
  for (const toml::table* table : root.tables("co2_programmes")) {
    TomlReader reader(*table, "co2_programmes", context.error);
    Co2Programme programme;
    programme.name = reader.text("name");
    read_counting(reader, programme);
    programme.first = reader.date("first");
    programme.last = reader.date_or("last", kNever);
    if (programme.last < programme.first) reader.fail("last", "must not be before first");
    for (const Co2Programme& other : programmes) {
      if (other.name != programme.name) continue;
      if (other.counting != programme.counting || other.user_share_ppm != programme.user_share_ppm)
        reader.fail("counting", "must be the same in all rows of a name");
      if (other.first <= programme.last && programme.first <= other.last)
        reader.fail("first", "must not be a day of another row of the name");
    }
    programme.source = reader.text("source");
    reader.finish();
    programmes.push_back(std::move(programme));
  }
  context.states_rule(root, "co2_programmes");
  return programmes;
}

std::vector<RecipientRule> read_recipients(TomlReader& issuance, Context& context) {
  std::vector<RecipientRule> rules;
  for (const toml::table* table : issuance.tables("recipients")) {
    TomlReader reader(*table, "issuance.recipients", context.error);
    RecipientRule rule;
    rule.kinds = read_kinds(reader, "kinds");
    rule.when = read_conditions(reader, "when", context.attributes, context.error);
    reader.finish();
    rules.push_back(std::move(rule));
  }
  context.states_rule(issuance, "recipients");
  return rules;
}

std::vector<RuleNote> read_rules(TomlReader& parent, Context& context) {
  std::vector<RuleNote> rules;
  std::set<std::string> ids;
  for (const toml::table* table : parent.tables("rules")) {
    TomlReader reader(*table, "rules", context.error);
    RuleNote rule;
    rule.id = reader.text("id");
    rule.text = reader.text("text");
    rule.source = reader.text("source");
    rule.confidence = choice(reader, "confidence", Confidence::low);
    reader.finish();
    if (!ids.insert(rule.id).second) reader.fail("id", "\"" + rule.id + "\" is given twice");
    if (!context.keys.contains(rule.id) && !rule.id.starts_with(kNote)) {
      reader.fail("id", "\"" + rule.id + "\" is not a rule that this file states");
    }
    rules.push_back(std::move(rule));
  }
  for (const auto& [key, place] : context.keys) {
    if (ids.contains(key) || context.error) continue;
    context.error = FileError{.file = place.file,
                              .line = place.line,
                              .key = key,
                              .rule = "needs a [[rules]] entry with this id that cites its source"};
  }
  return rules;
}

void read_unit(TomlReader& root, Scheme& scheme, Context& context) {
  const toml::table* table = root.table("unit");
  if (table == nullptr) return;
  TomlReader reader(*table, "unit", context.error);
  scheme.dimension = choice(reader, "dimension", Dimension::energy_wh);
  scheme.unit_size = reader.number("size", 1, kUnitSizeMax);
  reader.finish();
  context.states_rule(root, "unit");
}

void read_issuance(TomlReader& root, Scheme& scheme, Context& context) {
  const toml::table* table = root.table("issuance");
  if (table == nullptr) return;
  TomlReader reader(*table, "issuance", context.error);
  scheme.measure = choice(reader, "measure", Measure::gross);
  scheme.deduction_kinds = reader.words_or_none("deductions");
  if (scheme.measure != Measure::net && !scheme.deduction_kinds.empty())
    reader.fail("deductions", "only a net scheme deducts");
  scheme.carriers = reader.words("carriers");
  scheme.production_months_max =
      static_cast<std::uint16_t>(reader.number_or("production_months_max", 1, kMonthsMax, 0));
  scheme.request_deadline = read_clock(reader, "request_by", context);
  scheme.request_deadline_supported = read_clock(reader, "request_by_supported", context);
  scheme.countries = reader.words_or_none("countries");
  scheme.recipients = read_recipients(reader, context);
  reader.finish();
  for (const char* key :
       {"measure", "deductions", "carriers", "production_months_max", "countries"}) {
    context.states_rule(reader, key);
  }
}

void read_life(TomlReader& root, Scheme& scheme, Context& context) {
  if (const toml::table* table = root.table_if_any("transfer")) {
    TomlReader reader(*table, "transfer", context.error);
    scheme.transferable = read_clock(reader, "last_day", context);
    scheme.sale = read_clock(reader, "sale_last_day", context);
    reader.finish();
  }
  const toml::table* table = root.table("cancellation");
  if (table == nullptr) return;
  TomlReader reader(*table, "cancellation", context.error);
  scheme.cancellable = read_clock(reader, "last_day", context);
  scheme.purposes = reader.words("purposes");
  scheme.beneficiary_required = reader.flag("beneficiary_required");
  scheme.consumption_period_required = reader.flag("consumption_period_required");
  reader.finish();
  for (const char* key : {"purposes", "beneficiary_required", "consumption_period_required"}) {
    context.states_rule(reader, key);
  }
}

void read_accounts(TomlReader& root, Scheme& scheme, Context& context) {
  const toml::table* table = root.table("accounts");
  if (table == nullptr) return;
  TomlReader reader(*table, "accounts", context.error);
  scheme.holders = read_kinds(reader, "holders");
  scheme.receivers = read_kinds(reader, "receivers");
  if (reader.has("senders")) scheme.senders = read_kinds(reader, "senders");
  for (const auto& [key, kinds] :
       {std::pair("receivers", &scheme.receivers), std::pair("senders", &scheme.senders)}) {
    for (const ParticipantKind kind : *kinds) {
      const bool holds =
          std::find(scheme.holders.begin(), scheme.holders.end(), kind) != scheme.holders.end();
      if (!holds) reader.fail(key, "must all be holders");
    }
  }
  reader.finish();
  for (const char* key : {"holders", "receivers", "senders"}) context.states_rule(reader, key);
}

void read_bridge(TomlReader& root, Scheme& scheme, Context& context) {
  const toml::table* table = root.table("bridge");
  if (table == nullptr) return;
  TomlReader reader(*table, "bridge", context.error);
  scheme.export_allowed = reader.flag("export");
  scheme.import_allowed = reader.flag("import");
  reader.finish();
  context.states_rule(root, "bridge");
}

void read_mass_balance(TomlReader& root, Scheme& scheme, Context& context) {
  const toml::table* table = root.table_if_any("mass_balance");
  if (table == nullptr) {
    if (scheme.measure == Measure::mass_balance)
      root.fail("mass_balance", "must be there: what is issued was booked into a balance");
    return;
  }
  TomlReader reader(*table, "mass_balance", context.error);
  MassBalance& balance = scheme.mass_balance;
  balance.period_months = static_cast<std::uint16_t>(reader.number("period_months", 1, 12));
  if (balance.period_months > 0 && 12 % balance.period_months != 0)
    reader.fail("period_months", "must be 1, 2, 3, 4, 6 or 12");
  balance.carry_surplus = reader.flag("carry_surplus");
  balance.split_purposes = reader.words_or_none("split_purposes");
  for (const std::string& purpose : balance.split_purposes) {
    const bool known =
        std::find(scheme.purposes.begin(), scheme.purposes.end(), purpose) != scheme.purposes.end();
    if (!known || purpose == kBalancePurpose)
      reader.fail("split_purposes", "\"" + purpose + "\" must be a purpose of cancellation");
  }
  reader.finish();
  for (const char* key : {"period_months", "carry_surplus", "split_purposes"})
    context.states_rule(reader, key);
  if (scheme.dimension != Dimension::energy_wh)
    root.fail("mass_balance", "balances energy, and the unit is of mass");
  const bool says_number = std::any_of(
      scheme.production_fields.begin(), scheme.production_fields.end(), [](const FieldRule& field) {
        return field.attribute == kProofNumber && field.kind == FieldKind::text;
      });
  if (!says_number)
    root.fail("mass_balance",
              std::string("needs a text of production that becomes ") + kProofNumber);
}

// Whether production can say its programme and its mass of captured CO2, where there are
// programmes.
void check_programme_fields(TomlReader& root, const Scheme& scheme) {
  const bool counts = !scheme.co2_programmes.empty();
  if (counts && scheme.dimension != Dimension::energy_wh)
    root.fail("co2_programmes", "belong to schemes of energy");
  for (const FieldKind kind : {FieldKind::co2_programme, FieldKind::co2_mass}) {
    const auto is_one = [&](const FieldRule& field) { return field.kind == kind; };
    const auto times =
        std::count_if(scheme.production_fields.begin(), scheme.production_fields.end(), is_one);
    if (times != (counts ? 1 : 0))
      root.fail(
          "production_fields",
          "must have one field of kind co2_programme and one of kind co2_mass where there are "
          "co2_programmes, else none");
    if (std::any_of(scheme.device_fields.begin(), scheme.device_fields.end(), is_one))
      root.fail("device_fields", "have no CO2: it belongs to production");
  }
}

// What no part can see by itself.
void check_whole(TomlReader& root, const Scheme& scheme) {
  if (!is_serial_format(scheme.serial_format, scheme.device_fields))
    root.fail("serial_format", "must have known keys, and of devices only required fields");
  for (const auto& [key, fields] : {std::pair("device_fields", &scheme.device_fields),
                                    std::pair("production_fields", &scheme.production_fields)}) {
    for (const FieldRule& field : *fields) {
      if (field.kind == FieldKind::member && scheme.members.empty())
        root.fail(key, "\"" + field.name + "\" names a member, and the scheme has none");
    }
  }
  check_programme_fields(root, scheme);
  const auto declares = [](const FieldRule& field) {
    return field.attribute == kDeclaredDay && field.kind == FieldKind::date && field.required;
  };
  const bool declared =
      std::any_of(scheme.production_fields.begin(), scheme.production_fields.end(), declares);
  for (const auto& [key, clock] : {std::pair("issuance", &scheme.request_deadline),
                                   std::pair("issuance", &scheme.request_deadline_supported),
                                   std::pair("transfer", &scheme.transferable),
                                   std::pair("transfer", &scheme.sale),
                                   std::pair("cancellation", &scheme.cancellable)}) {
    if (clock->basis == ClockBasis::declared && !declared)
      root.fail(key,
                std::string("counts from a declared day: a required date of production must have "
                            "the attribute ") +
                    kDeclaredDay);
  }
}

}  // namespace

Scheme read_scheme(const toml::table& table,
                   const KnownAttributes& attributes,
                   std::optional<FileError>& error) {
  Context context{.error = error, .attributes = attributes, .keys = {}};
  TomlReader root(table, "", context.error);
  Scheme scheme;
  scheme.code = root.text("code");
  scheme.name = root.text("name");
  scheme.operator_name = root.text("operator");
  scheme.valid_from = root.date("valid_from");
  scheme.valid_to = root.date_or("valid_to", kNever);
  if (scheme.valid_to < scheme.valid_from) root.fail("valid_to", "must not be before valid_from");
  scheme.serial_format = root.text("serial_format");
  context.states_rule(root, "valid_from");
  context.states_rule(root, "valid_to");
  context.states_rule(root, "serial_format");
  read_unit(root, scheme, context);
  read_issuance(root, scheme, context);
  read_life(root, scheme, context);
  read_accounts(root, scheme, context);
  read_bridge(root, scheme, context);
  scheme.device_fields = read_fields(root, "device_fields", context);
  scheme.production_fields = read_fields(root, "production_fields", context);
  scheme.members = read_members(root, context);
  read_claims(root, context.attributes, scheme, context.error);
  read_mass_balance(root, scheme, context);
  scheme.co2_programmes = read_programmes(root, context);
  check_whole(root, scheme);
  scheme.rules = read_rules(root, context);
  root.finish();
  return scheme;
}

}  // namespace origo::gateway
