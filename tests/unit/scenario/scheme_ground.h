#pragma once

#include <algorithm>
#include <boost/describe/enum_to_string.hpp>
#include <map>
#include <string>
#include <vector>

#include "engine/registry/registry.h"
#include "tests/scenario/samples.h"
#include "tests/scenario/scenario_file.h"

namespace origo::scenario {

inline Json refused(Reject reject) {
  const RejectInfo& info = info_of(reject);
  return Json{{"result", "rejected:" + std::string(info.klass)},
              {"reject", std::string(info.name)}};
}

inline Json with(Json step, const Json& more) {
  step.update(more);
  return step;
}

// A step that is to be refused.
inline Json wrong(Json step, Reject reject) {
  step["expect"] = refused(reject);
  return step;
}

template <class T>
bool has(const std::vector<T>& list, const T& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

inline std::string word(ParticipantKind kind) {
  return boost::describe::enum_to_string(kind, "?");
}

// A scheme file, with a day on which a month's production is issued under it, and who takes part:
// ann gets certificates and passes them on, bob receives them.
class Ground {
 public:
  Ground(std::string file, const Scheme& rules) : scheme(rules), file_(std::move(file)) {
    Date from = std::max(scheme.valid_from, *make_date(2016, 2, 1));
    for (const Member& member : scheme.members) from = std::max(from, member.first);
    const CivilDate civil_from = civil(add_months(from, 1));
    period.first = *make_date(civil_from.year, civil_from.month, 1);
    period.last = last_of_month(civil_from.year, civil_from.month);
    issued = add_days(period.last, 15);
    for (const FieldRule& rule : scheme.production_fields) {
      if (rule.required && rule.kind == FieldKind::date)
        fields_[rule.name] =
            to_string(rule.attribute == kDeclaredDay ? add_days(issued, 300) : period.last);
    }
  }

  const Scheme& scheme;
  Period period;
  Date issued;

  [[nodiscard]] std::int64_t units(std::int64_t halves) const {
    return halves * scheme.unit_size / 2;
  }
  [[nodiscard]] std::string country() const {
    return scheme.countries.empty() ? "DE" : scheme.countries.front();
  }
  [[nodiscard]] Date last(const Clock& clock) const {
    const Date declared = add_days(issued, 300);
    return last_day(clock, {.period = period, .issued = issued, .declared = declared});
  }
  // Who gets what is issued: of those who may pass certificates on, if any may.
  [[nodiscard]] ParticipantKind ann() const {
    const auto fits = [&](ParticipantKind kind) {
      return scheme.recipients.empty() || has(scheme.recipients.back().kinds, kind);
    };
    for (const ParticipantKind kind : scheme.holders) {
      if (fits(kind) && (scheme.senders.empty() || has(scheme.senders, kind))) return kind;
    }
    return scheme.holders.front();
  }

  [[nodiscard]] Json issue(const Json& more = Json::object()) const {
    Json step{{"do", "issue_lot"},
              {"as", "L"},
              {"device", "D"},
              {"account", "ann"},
              {"carrier", scheme.carriers.front()},
              {"period", {to_string(period.first), to_string(period.last)}},
              {"gross", units(10)},
              {"fields", fields_}};
    return with(std::move(step), more);
  }
  [[nodiscard]] Json device(const std::string& name, const Json& more = Json::object()) const {
    std::vector<Field> samples;
    add_samples(scheme, scheme.device_fields, samples);
    Json fields = Json::object();
    for (const Field& field : samples) fields[field.name] = field.value;
    Json step{{"do", "register_device"},
              {"registry", "R"},
              {"producer", "plant"},
              {"name", name},
              {"country", country()},
              {"carriers", {scheme.carriers.front()}},
              {"start", "2015-01-01"},
              {"fields", fields}};
    return with(std::move(step), more);
  }
  [[nodiscard]] Json cancel(const Json& more = Json::object()) const {
    Json step{{"do", "cancel_certificates"},
              {"account", "ann"},
              {"lot", "L"},
              {"units", 1},
              {"beneficiary", "Ville de Lyon"},
              {"purpose", scheme.purposes.front()},
              {"period", {to_string(period.first), to_string(period.last)}}};
    return with(std::move(step), more);
  }
  [[nodiscard]] static Json transfer(const std::string& to = "bob",
                                     const std::string& from = "ann") {
    return {{"do", "transfer"}, {"from", from}, {"to", to}, {"lot", "L"}, {"units", 1}};
  }
  [[nodiscard]] static Json day(Date date) {
    return {{"do", "set_date"}, {"now", to_string(date)}};
  }

  // The scenario of these steps on the day of issuance; accounts beside ann and bob by their kind.
  [[nodiscard]] Scenario scenario(const std::string& id,
                                  Json steps,
                                  const std::map<std::string, ParticipantKind>& others = {}) const {
    Scenario made;
    made.id = file_ + " " + id;
    made.start = to_string(issued);
    made.registries = {{"R", {.scheme = file_, .country = country()}}};
    made.devices = {{"D", {.carriers = {scheme.carriers.front()}}}};
    made.accounts["ann"].kinds = {word(ann())};
    made.accounts["bob"].kinds = {word(scheme.receivers.front())};
    for (const auto& [name, kind] : others) made.accounts[name].kinds = {word(kind)};
    made.steps = std::move(steps);
    return made;
  }
  // The same before anything is there.
  [[nodiscard]] Scenario bare(const std::string& id, Date start, Json steps) const {
    Scenario made;
    made.id = file_ + " " + id;
    made.start = to_string(start);
    made.steps = std::move(steps);
    return made;
  }
  [[nodiscard]] const std::string& file() const { return file_; }

 private:
  std::string file_;
  Json fields_ = Json::object();
};

}  // namespace origo::scenario
