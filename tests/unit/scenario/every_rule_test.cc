#include <gtest/gtest.h>

#include <algorithm>
#include <boost/mp11/algorithm.hpp>
#include <filesystem>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tests/scenario/in_process_driver.h"
#include "tests/scenario/runner.h"
#include "tests/unit/scenario/claim_rows.h"
#include "tests/unit/scenario/scheme_ground.h"

// Every rule of every scheme file is kept and broken once, by scenarios made from the file itself:
// a new scheme is covered as it is, a new kind of rule needs its row below.
namespace origo::scenario {
namespace {

const std::vector<ParticipantKind>& all_kinds() {
  static const std::vector<ParticipantKind> kinds = [] {
    std::vector<ParticipantKind> found;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<ParticipantKind>>(
        [&](auto kind) { found.push_back(kind.value); });
    return found;
  }();
  return kinds;
}

// The first kind in none of the lists; nothing: each is in one.
std::optional<ParticipantKind> kind_outside(const std::vector<ParticipantKind>& list,
                                            const std::vector<ParticipantKind>& within) {
  for (const ParticipantKind kind : within) {
    if (!has(list, kind)) return kind;
  }
  return std::nullopt;
}

using Row = std::function<Scenarios(const Ground&)>;

// Kept on the last day, broken on the next.
Scenario to_the_last_day(
    const Ground& on, const std::string& id, Date last, const Json& act, Reject then) {
  return on.scenario(
      id, {on.issue(), Ground::day(last), act, Ground::day(add_days(last, 1)), wrong(act, then)});
}

Scenarios valid_from(const Ground& on) {
  const Json load{{"do", "load_scheme"}, {"file", on.file()}};
  const Json create{{"do", "create_registry"},
                    {"code", "R"},
                    {"name", "R"},
                    {"scheme", on.scheme.code},
                    {"country", on.country()}};
  return {on.bare(
      "valid_from",
      add_days(on.scheme.valid_from, -1),
      {load, wrong(create, Reject::scheme_unknown), Ground::day(on.scheme.valid_from), create})};
}

Scenarios valid_to(const Ground& on) {
  if (on.scheme.valid_to == kNever) return {};
  return {on.scenario("valid_to",
                      {Ground::day(on.scheme.valid_to),
                       on.device("last"),
                       Ground::day(add_days(on.scheme.valid_to, 1)),
                       wrong(on.device("late"), Reject::scheme_unknown)})};
}

Scenarios unit(const Ground& on) {
  const Json expected{{"issued", {{"units", 2}, {"carried_out", on.units(1)}}}};
  return {on.scenario("unit",
                      {on.issue({{"gross", on.units(5)}, {"expect", expected}}),
                       wrong(on.cancel({{"units", 3}}), Reject::units_not_available)})};
}

Scenarios measure(const Ground& on) {
  const Json used{{"deductions", {{"own_use", on.units(2)}}}};
  if (on.scheme.measure != Measure::net)
    return {on.scenario("gross", {wrong(on.issue(used), Reject::deduction_unknown), on.issue()})};
  const std::string kind = on.scheme.deduction_kinds.front();
  const auto less = [&](std::int64_t amount) {
    return on.issue({{"deductions", {{kind, amount}}}});
  };
  return {on.scenario("net",
                      {wrong(less(on.units(10) + 1), Reject::deduction_invalid),
                       wrong(less(-1), Reject::deduction_invalid),
                       with(less(on.units(2)), {{"expect", {{"issued", {{"units", 4}}}}}})})};
}

Scenarios deductions(const Ground& on) {
  Json each = Json::object();
  for (const std::string& kind : on.scheme.deduction_kinds) each[kind] = 1;
  return {
      on.scenario("deductions",
                  {wrong(on.issue({{"deductions", {{"good_will", 1}}}}), Reject::deduction_unknown),
                   on.issue({{"deductions", each}})})};
}

Scenarios carriers(const Ground& on) {
  return {on.scenario(
      "carriers",
      {wrong(on.device("coal", {{"carriers", {"town_gas"}}}), Reject::carrier_not_allowed),
       on.device("all", {{"carriers", on.scheme.carriers}}),
       wrong(on.issue({{"carrier", "town_gas"}}), Reject::carrier_not_allowed)})};
}

Scenarios countries(const Ground& on) {
  Json steps{wrong(on.device("far", {{"country", "AQ"}}), Reject::country_not_allowed)};
  for (const std::string& country : on.scheme.countries)
    steps.push_back(on.device(country, {{"country", country}}));
  return {on.scenario("countries", steps)};
}

Scenarios production_months(const Ground& on) {
  const Date last = add_days(add_months(on.period.first, on.scheme.production_months_max), -1);
  const auto to = [&](Date day) {
    return on.issue({{"period", {to_string(on.period.first), to_string(day)}}});
  };
  return {on.scenario("longest period",
                      {wrong(to(add_days(last, 1)), Reject::period_too_long), to(last)})};
}

Scenarios request_in_time(const Ground& on, const char* id, const Clock& clock, const Json& more) {
  const Date last = on.last(clock);
  return {on.scenario(std::string(id) + " kept", {Ground::day(last), on.issue(more)}),
          on.scenario(std::string(id) + " broken",
                      {Ground::day(add_days(last, 1)),
                       wrong(on.issue(more), Reject::issuance_deadline_passed)})};
}

Scenarios request_by(const Ground& on) {
  return request_in_time(on, "request_by", on.scheme.request_deadline, Json::object());
}

Scenarios request_by_supported(const Ground& on) {
  for (const FieldRule& rule : on.scheme.production_fields) {
    if (rule.attribute != "support") continue;
    Json fields = on.issue()["fields"];
    fields[rule.name] = rule.choices.back();
    return request_in_time(
        on, "supported", on.scheme.request_deadline_supported, {{"fields", fields}});
  }
  return {};  // and so the test fails
}

Scenarios recipients(const Ground& on) {
  std::vector<ParticipantKind> some;
  for (const RecipientRule& rule : on.scheme.recipients)
    some.insert(some.end(), rule.kinds.begin(), rule.kinds.end());
  const auto other = kind_outside(some, on.scheme.holders);
  if (!other) return {};
  return {on.scenario("recipients",
                      {wrong(on.issue({{"account", "eve"}}), Reject::account_kind_barred)},
                      {{"eve", *other}})};
}

Scenarios transferable(const Ground& on) {
  const Date last = on.last(on.scheme.transferable);
  const bool ends = last == on.last(on.scheme.cancellable);
  return {to_the_last_day(on,
                          "transfer",
                          last,
                          Ground::transfer(),
                          ends ? Reject::certificates_expired : Reject::transfer_period_ended)};
}

Scenarios sale(const Ground& on) {
  return {to_the_last_day(
      on, "sale", on.last(on.scheme.sale), Ground::transfer(), Reject::transfer_period_ended)};
}

Scenarios cancellable(const Ground& on) {
  return {to_the_last_day(
      on, "end", on.last(on.scheme.cancellable), on.cancel(), Reject::certificates_expired)};
}

Scenarios purposes(const Ground& on) {
  Json steps{on.issue({{"gross", on.units(200)}}),
             wrong(on.cancel({{"purpose", "a_good_feeling"}}), Reject::purpose_invalid)};
  for (const std::string& purpose : on.scheme.purposes) {
    const Json use = on.cancel({{"purpose", purpose}});  // into a balance there is a way of its own
    steps.push_back(purpose == kBalancePurpose ? wrong(use, Reject::purpose_invalid) : use);
  }
  return {on.scenario("purposes", steps)};
}

Scenarios beneficiary(const Ground& on) {
  const Json nobody = on.cancel({{"beneficiary", ""}});
  return {on.scenario(
      "beneficiary",
      {on.issue(),
       on.scheme.beneficiary_required ? wrong(nobody, Reject::beneficiary_missing) : nobody})};
}

Scenarios consumption(const Ground& on) {
  const Json timeless = on.cancel({{"period", {"1970-01-01", "1970-01-01"}}});
  return {on.scenario(
      "consumption",
      {on.issue(),
       on.scheme.consumption_period_required ? wrong(timeless, Reject::consumption_period_missing)
                                             : timeless})};
}

Json open_for(const std::string& participant, const char* name) {
  return {{"do", "open_account"}, {"participant", participant}, {"registry", "R"}, {"name", name}};
}

Scenarios holders(const Ground& on) {
  const auto other = kind_outside(on.scheme.holders, all_kinds());
  Json steps{open_for("ann", "second")};
  if (other) steps.push_back(wrong(open_for("eve", "first"), Reject::account_kind_barred));
  return {on.scenario("holders", steps, {{"eve", other.value_or(on.ann())}})};
}

Scenarios receivers(const Ground& on) {
  const auto other = kind_outside(on.scheme.receivers, on.scheme.holders);
  Json steps{on.issue(), Ground::transfer()};
  if (other) steps.push_back(wrong(Ground::transfer("eve"), Reject::receiver_barred));
  return {on.scenario("receivers", steps, {{"eve", other.value_or(on.scheme.receivers.front())}})};
}

Scenarios senders(const Ground& on) {
  const auto other = kind_outside(on.scheme.senders, on.scheme.receivers);
  if (!other) return {};
  return {on.scenario("senders",
                      {on.issue(),
                       Ground::transfer("eve"),
                       wrong(Ground::transfer("bob", "eve"), Reject::sender_barred)},
                      {{"eve", *other}})};
}

Scenarios serials(const Ground& on) {
  const std::map<std::string, std::string> first = {
      {"{registry}-{lot}-{serial}", "R-1-1"},
      {"{device.accreditation}{index:10}{start:ddmmyy}{end:ddmmyy}{device.generation_class}",
       "XXXXXXXXXX0000000000010316310316GEN"}};
  const auto expected = first.find(on.scheme.serial_format);
  if (expected == first.end()) return {};
  return {on.scenario(
      "serials",
      {on.issue({{"expect", {{"lots", {{"L", {{"first_serial", expected->second}}}}}}}})})};
}

Scenarios members(const Ground& on) {
  for (const FieldRule& rule : on.scheme.production_fields) {
    if (rule.kind != FieldKind::member) continue;
    Json fields = on.issue()["fields"];
    fields[rule.name] = "Nobody's registry";
    return {on.scenario(
        "members",
        {wrong(on.issue({{"fields", fields}}), Reject::device_field_invalid), on.issue()})};
  }
  return {};
}

// Each programme by itself: issued at once, or only once the capturer is compensated.
Scenarios co2_programmes(const Ground& on) {
  std::string name;
  std::string mass;
  for (const FieldRule& rule : on.scheme.production_fields) {
    if (rule.kind == FieldKind::co2_programme) name = rule.name;
    if (rule.kind == FieldKind::co2_mass) mass = rule.name;
  }
  const auto issue = [&](const Json& more) {
    Json step = on.issue();
    step["fields"].update(more);
    return step;
  };
  Scenarios made = {
      on.scenario("programme",
                  {wrong(issue({{name, "nobody's"}, {mass, "1"}}), Reject::programme_unknown),
                   wrong(issue({{mass, "1"}}), Reject::programme_missing)})};
  for (const Co2Programme& programme : on.scheme.co2_programmes) {
    const Json step = issue({{name, programme.name}, {mass, "1"}});
    made.push_back(on.scenario(
        "programme " + programme.name,
        {programme.capture_schemes.empty() ? step
                                           : wrong(step, Reject::capture_certificates_missing)}));
    made.push_back(
        on.scenario("programme " + programme.name + " without CO2",
                    {wrong(issue({{name, programme.name}}), Reject::captured_mass_missing)}));
  }
  return made;
}

Json gas_in(Date day, const Json& more = Json::object()) {
  return with({{"do", "book_input"}, {"site", "S"}, {"energy", 10}, {"day", to_string(day)}}, more);
}

// A site whose balance is opened on the day of issuance, then `steps`.
Scenario balancing(const Ground& on, const std::string& id, const Json& steps) {
  const Json open{{"do", "open_site"},
                  {"registry", "R"},
                  {"participant", "ann"},
                  {"name", "S"},
                  {"country", on.country()},
                  {"carrier", on.scheme.carriers.front()}};
  const Json approve{{"do", "approve_site"}, {"site", "S"}};
  Json all = Json::array({open, approve});
  all.insert(all.end(), steps.begin(), steps.end());
  return on.scenario(id, all);
}

// The first day of the period after the one in which certificates are issued.
Date next_period(const Ground& on) {
  const std::int32_t months = on.scheme.mass_balance.period_months;
  const std::int32_t first = (month_of(on.issued) / months + 1) * months;
  return *make_date(first / 12, static_cast<unsigned>(first % 12) + 1, 1);
}

Scenarios balance_period(const Ground& on) {
  const Date next = next_period(on);
  const Date first = add_months(next, -on.scheme.mass_balance.period_months);
  return {balancing(on,
                    "balance period",
                    {gas_in(first),
                     wrong(gas_in(add_days(first, -1)), Reject::booking_day_closed),
                     Ground::day(add_days(next, 1)),
                     wrong(gas_in(add_days(next, -1)), Reject::booking_day_closed),
                     gas_in(next)})};
}

// Of 10 with a proof 4 are sold as gas: 6 can be carried, and what is not lapses.
Scenarios carry_surplus(const Ground& on) {
  const Json proof{{"proof", "P"},
                   {"feedstock", "manure"},
                   {"feedstock_country", "DE"},
                   {"sustainability_scheme", "iscc"}};
  const int kept = on.scheme.mass_balance.carry_surplus ? 6 : 0;
  const Date next = next_period(on);
  const Json closed =
      Json::array({Json::array({"S", to_string(add_days(next, -1)), 6, kept, 10 - kept})});
  return {balancing(on,
                    "surplus",
                    {gas_in(on.issued, proof),
                     {{"do", "book_output"}, {"site", "S"}, {"energy", 4}},
                     with(Ground::day(add_days(next, 1)), {{"expect", {{"closed", closed}}}})})};
}

// What a rule's id asks for. Not here: what nothing enforces yet.
const std::map<std::string, Row>& rows() {
  static const std::map<std::string, Row> all = {
      {"valid_from", valid_from},
      {"valid_to", valid_to},
      {"unit", unit},
      {"issuance.measure", measure},
      {"issuance.deductions", deductions},
      {"issuance.carriers", carriers},
      {"issuance.countries", countries},
      {"issuance.production_months_max", production_months},
      {"issuance.request_by", request_by},
      {"issuance.request_by_supported", request_by_supported},
      {"issuance.recipients", recipients},
      {"transfer.last_day", transferable},
      {"transfer.sale_last_day", sale},
      {"cancellation.last_day", cancellable},
      {"cancellation.purposes", purposes},
      {"cancellation.beneficiary_required", beneficiary},
      {"cancellation.consumption_period_required", consumption},
      {"accounts.holders", holders},
      {"accounts.receivers", receivers},
      {"accounts.senders", senders},
      {"mass_balance.period_months", balance_period},
      {"mass_balance.carry_surplus", carry_surplus},
      {"serial_format", serials},
      {"members", members},
      {"co2_programmes", co2_programmes}};
  return all;
}

// Rules in words, and those of the bridge between registries, which nothing crosses yet.
bool is_unenforced(const std::string& id) {
  return id.starts_with("note.") || id.starts_with("bridge");
}

std::vector<std::string> numbers_beyond(const std::vector<std::int64_t>& bounds) {
  std::vector<std::string> beyond;
  if (bounds[0] > std::numeric_limits<std::int64_t>::min())
    beyond.push_back(std::to_string(bounds[0] - 1));
  if (bounds[1] < std::numeric_limits<std::int64_t>::max())
    beyond.push_back(std::to_string(bounds[1] + 1));
  return beyond;
}

// Fields have sources of their own, and no rule ids.
std::vector<std::string> values_against(const FieldRule& rule) {
  switch (rule.kind) {
    case FieldKind::text:
      if (rule.bounds.empty() || rule.bounds[1] > 2'000) return {};  // longer than any text
      return {std::string(static_cast<std::size_t>(rule.bounds[1]) + 1, 'X')};
    case FieldKind::number:
      if (rule.bounds.empty()) return {"12.5", "twelve", ""};
      return numbers_beyond(rule.bounds);
    case FieldKind::date:
      return {"2015-02-29", "2016-02-30", "0000-01-01", "1 May 2016"};
    case FieldKind::flag:
      return {"yes", "1"};
    case FieldKind::choice:
    case FieldKind::member:
      return {"none of them"};
    case FieldKind::co2_programme:
      return {""};  // of unknown ones see co2_programmes()
    case FieldKind::co2_mass:
      return {"-1", "12.5", "4611686018427387905"};
  }
  return {};
}

Scenarios device_fields(const Ground& on) {
  const Json sound = on.device("sound");
  Json steps = Json::array();
  for (const FieldRule& rule : on.scheme.device_fields) {
    Json broken = sound;
    if (rule.required) {
      broken["fields"].erase(rule.name);
      steps.push_back(wrong(broken, Reject::device_field_missing));
    }
    for (const std::string& value : values_against(rule)) {
      broken["fields"][rule.name] = value;
      steps.push_back(wrong(broken, Reject::device_field_invalid));
    }
  }
  Json strange = sound;
  strange["fields"]["colour"] = "green";
  steps.push_back(wrong(strange, Reject::device_field_unknown));
  steps.push_back(sound);
  return {on.scenario("device fields", steps)};
}

Scenarios production_fields(const Ground& on) {
  Json steps = Json::array();
  for (const FieldRule& rule : on.scheme.production_fields) {
    for (const std::string& value : values_against(rule)) {
      Json broken = on.issue();
      broken["fields"][rule.name] = value;
      steps.push_back(wrong(broken, Reject::device_field_invalid));
    }
  }
  for (const FieldRule& rule : on.scheme.production_fields) {
    if (!rule.required) continue;
    Json bare = on.issue();  // the plain command gets no samples
    bare["do"] = "declare";
    bare.erase("as");
    bare.erase("account");
    bare["fields"] = Json::object();
    steps.push_back(wrong(bare, Reject::device_field_missing));
    break;
  }
  Json strange = on.issue();
  strange["fields"]["colour"] = "green";
  steps.push_back(wrong(strange, Reject::device_field_unknown));
  steps.push_back(on.issue());
  return {on.scenario("production fields", steps)};
}

std::vector<std::string> scheme_names() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator("schemes")) {
    if (entry.path().extension() == ".toml" && entry.path().stem() != "attributes")
      names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

class EveryRule : public testing::TestWithParam<std::string> {
 protected:
  void expect_passed(const Scenarios& scenarios, const std::string& rule) {
    EXPECT_FALSE(scenarios.empty()) << GetParam() << ": no scenario breaks " << rule;
    for (const Scenario& scenario : scenarios) {
      const ScenarioResult result = run_scenario(driver_, files_, scenario);
      EXPECT_EQ(result.ending, Ending::passed) << scenario.id << ": " << result.reason << "\n"
                                               << scenario.steps.dump();
    }
  }

  InProcessDriver driver_;
  SchemeFiles files_{"schemes"};
};

TEST_P(EveryRule, isKeptAndBrokenOnce) {
  const Scheme& scheme = files_.scheme(GetParam()).scheme;
  const Ground ground(GetParam(), scheme);
  for (const RuleNote& rule : scheme.rules) {
    if (is_unenforced(rule.id)) continue;
    const auto row = rows().find(rule.id);
    ASSERT_NE(row, rows().end()) << GetParam() << ": nothing here breaks " << rule.id;
    if (rule.id == "valid_to" && scheme.valid_to == kNever) continue;
    expect_passed(row->second(ground), rule.id);
  }
  expect_passed(device_fields(ground), "device_fields");
  expect_passed(production_fields(ground), "production_fields");
  expect_passed(claims(ground), "claims");
  if (const Scenarios barred = claims_barred(ground); !barred.empty())
    expect_passed(barred, "claims_barred");
}

INSTANTIATE_TEST_SUITE_P(Schemes,
                         EveryRule,
                         testing::ValuesIn(scheme_names()),
                         [](const auto& name) { return name.param; });

}  // namespace
}  // namespace origo::scenario
