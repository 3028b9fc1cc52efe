#include <algorithm>

#include "engine/registry/fields.h"
#include "engine/registry/office.h"

// Devices: how they are registered and approved, change from a day on, and are judged as they were.
namespace origo {
namespace {

bool same_fields(std::vector<Field> a, std::vector<Field> b) {
  std::ranges::sort(a, {}, &Field::name);
  std::ranges::sort(b, {}, &Field::name);
  return std::ranges::equal(a, b, [](const Field& one, const Field& other) {
    return one.name == other.name && one.value == other.value;
  });
}

}  // namespace

Verdict Office::check_carriers(const Scheme& scheme, const std::vector<std::string>& carriers) {
  const bool fit = !carriers.empty() && carriers.size() <= scheme.carriers.size() &&
                   std::all_of(carriers.begin(), carriers.end(), [&](const std::string& carrier) {
                     return std::find(scheme.carriers.begin(), scheme.carriers.end(), carrier) !=
                            scheme.carriers.end();
                   });
  if (!fit) return Reject::carrier_not_allowed;
  return std::nullopt;
}

Result<DeviceId> Office::register_device(const RegisterDevice& command) {
  if (registry_.find(command.registry) == nullptr) return Reject::registry_unknown;
  const Participant* producer = state_.parties.find(command.producer);
  if (producer == nullptr) return Reject::participant_unknown;
  if (producer->frozen) return Reject::participant_frozen;
  const Scheme* scheme = scheme_today(command.registry);
  if (scheme == nullptr) return Reject::scheme_unknown;
  if (!scheme->countries.empty() &&
      std::find(scheme->countries.begin(), scheme->countries.end(), command.country) ==
          scheme->countries.end())
    return Reject::country_not_allowed;
  if (const Verdict bad = check_carriers(*scheme, command.carriers)) return *bad;
  if (const Verdict bad = check_fields(*scheme,
                                       scheme->device_fields,
                                       command.fields,
                                       {.today = date_of(now_), .end = date_of(now_)}))
    return *bad;
  const DeviceId id(static_cast<std::uint32_t>(registry_.devices.size() + 1));
  Device& device = registry_.devices.emplace_back();
  device.id = id;
  device.registry = command.registry;
  device.country = command.country;
  DeviceVersion& version = device.versions.emplace_back();
  version.valid_from = kDateMin;
  version.producer = command.producer;
  version.name = command.name;
  version.carriers = command.carriers;
  version.start = command.start;
  version.fields = command.fields;
  version.asked_by = principal_;
  collect_attributes(scheme->device_fields, command.fields, state_.vocabulary, version.attributes);
  events_.append(DeviceRegistered{.device = id, .details = command});
  return id;
}

Result<DeviceId> Office::approve(const ApproveDevice& command) {
  if (registry_.find(command.device) == nullptr) return Reject::device_unknown;
  Device& device = registry_.get(command.device);
  if (device.approved) return Reject::device_already_approved;
  device.approved = true;
  device.suspended.clear();
  DeviceVersion& registered = device.versions.front();
  if (!registered.approved_by.is_set()) {
    registered.approved_by = principal_;
    registered.approved_at = sequence_;
  }
  events_.append(DeviceApproved{.device = command.device});
  return command.device;
}

Result<DeviceId> Office::suspend(const SuspendDevice& command) {
  if (registry_.find(command.device) == nullptr) return Reject::device_unknown;
  Device& device = registry_.get(command.device);
  if (!device.approved) return Reject::device_not_approved;
  device.approved = false;
  device.suspended = command.reason;
  events_.append(DeviceSuspended{.device = command.device, .reason = command.reason});
  return command.device;
}

// What the change makes of the device's fields; attributes follow when it is approved. The scheme
// of the day judges them as at a registration.
Verdict Office::change_fields(const ChangeDevice& command,
                              const Scheme& scheme,
                              DeviceVersion& changed) const {
  if (command.fields.empty()) return std::nullopt;
  std::erase_if(changed.fields, [&](const Field& kept) {
    return std::ranges::any_of(command.fields,
                               [&](const Field& field) { return field.name == kept.name; });
  });
  std::ranges::copy_if(command.fields, std::back_inserter(changed.fields), [](const Field& field) {
    return !field.value.empty();
  });
  return check_fields(
      scheme, scheme.device_fields, changed.fields, {.today = date_of(now_), .end = date_of(now_)});
}

// What the device would be from then on. The scheme judges what changes, and nothing else.
Result<DeviceVersion> Office::plan(const ChangeDevice& command) const {
  const Device& device = registry_.get(command.device);
  const DeviceVersion& latest = device.latest();
  if (command.valid_from < latest.valid_from) return Reject::device_change_backdated;
  const Scheme* scheme = scheme_today(device.registry);
  if (scheme == nullptr) return Reject::scheme_unknown;
  DeviceVersion changed = latest;
  changed.valid_from = command.valid_from;
  if (command.producer.is_set()) {
    const Participant* producer = state_.parties.find(command.producer);
    if (producer == nullptr) return Reject::participant_unknown;
    if (producer->frozen) return Reject::participant_frozen;
    changed.producer = command.producer;
  }
  if (!command.carriers.empty()) {
    if (const Verdict bad = check_carriers(*scheme, command.carriers)) return *bad;
    changed.carriers = command.carriers;
  }
  if (command.start != Date()) changed.start = command.start;
  if (command.last_day != Date()) {
    changed.last_day = command.last_day;
    const bool follows =
        command.last_day >= changed.start && add_days(command.last_day, 1) >= command.valid_from;
    if (!follows) return Refusal(Reject::device_field_invalid, "last_day");
  }
  if (const Verdict bad = change_fields(command, *scheme, changed)) return *bad;
  if (!command.name.empty()) changed.name = command.name;

  const bool all_but_name = changed.producer == latest.producer &&
                            changed.carriers == latest.carriers && changed.start == latest.start &&
                            changed.last_day == latest.last_day &&
                            same_fields(changed.fields, latest.fields);
  if (all_but_name) {
    if (changed.name == latest.name) return Reject::device_unchanged;
    return changed;
  }
  if (changed.start != latest.start && !device.periods.empty()) return Reject::device_start_fixed;
  const bool reaches = std::ranges::any_of(device.periods, [&](const auto& declared) {
    return declared.first.second.last >= command.valid_from;
  });
  if (reaches) return Reject::device_change_declared;
  return changed;
}

Result<DeviceChangeId> Office::ask(const ChangeDevice& command) {
  if (registry_.find(command.device) == nullptr) return Reject::device_unknown;
  Device& device = registry_.get(command.device);
  if (device.waiting.is_set()) return Reject::device_change_pending;
  const Result<DeviceVersion> planned = plan(command);
  if (!planned) return planned.refusal();
  const DeviceChangeId id = next(registry_.last_change);
  registry_.last_change = id;
  device.waiting = id;
  registry_.changes.emplace(
      id,
      DeviceChange{.id = id, .details = command, .asked_by = principal_, .asked_at = sequence_});
  events_.append(DeviceChangeRequested{.change = id, .details = command, .asked_by = principal_});
  return id;
}

Result<DeviceChangeId> Office::approve(const ApproveDeviceChange& command) {
  const auto found = registry_.changes.find(command.change);
  if (found == registry_.changes.end()) return Reject::device_change_unknown;
  const DeviceChange change = found->second;
  if (!state_.relaxations.four_eyes && state_.parties.same_person(change.asked_by, principal_))
    return Reject::proposal_own;
  const Result<DeviceVersion> planned = plan(change.details);
  if (!planned) return planned.refusal();
  DeviceVersion version = *planned;
  Device& device = registry_.get(change.details.device);
  if (!change.details.fields.empty()) {
    version.attributes.clear();
    collect_attributes(scheme_today(device.registry)->device_fields,
                       version.fields,
                       state_.vocabulary,
                       version.attributes);
  }
  version.change = change.id;
  version.asked_by = change.asked_by;
  version.approved_by = principal_;
  version.approved_at = sequence_;
  device.versions.push_back(version);
  device.waiting = {};
  registry_.changes.erase(found);
  events_.append(DeviceChanged{.change = change.id,
                               .device = device.id,
                               .valid_from = version.valid_from,
                               .asked_by = version.asked_by,
                               .approved_by = version.approved_by});
  return change.id;
}

Result<DeviceChangeId> Office::refuse(const RefuseDeviceChange& command) {
  const auto found = registry_.changes.find(command.change);
  if (found == registry_.changes.end()) return Reject::device_change_unknown;
  const DeviceId device = found->second.details.device;
  registry_.get(device).waiting = {};
  registry_.changes.erase(found);
  events_.append(DeviceChangeRefused{.change = command.change,
                                     .device = device,
                                     .refused_by = principal_,
                                     .reason = command.reason});
  return command.change;
}

Verdict Office::check_making(const Device& device,
                             const std::string& carrier,
                             const Period& period) {
  const DeviceVersion& maker = device.on(period.first);
  for (std::size_t i = 0; i < device.versions.size(); ++i) {
    const DeviceVersion& version = device.versions[i];
    const Date first = std::max(version.valid_from, period.first);
    Date last = period.last;
    if (i + 1 < device.versions.size())
      last = std::min(last, add_days(device.versions[i + 1].valid_from, -1));
    if (first > last) continue;  // it holds on no day of the period
    if (std::ranges::find(version.carriers, carrier) == version.carriers.end())
      return Reject::carrier_not_allowed;
    if (last > version.last_day) return Reject::device_decommissioned;
    if (version.producer != maker.producer || version.attributes != maker.attributes)
      return Reject::period_spans_change;
  }
  return std::nullopt;
}

}  // namespace origo
