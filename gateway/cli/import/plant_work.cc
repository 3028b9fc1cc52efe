#include <algorithm>
#include <utility>

#include "gateway/cli/import/importer.h"
#include "proto/codec/commands.h"

// Plants of a file beside those of the register: new ones, and those that another edition of the
// file has otherwise.
namespace origo::gateway {
namespace {

std::string or_none(const std::string& value) {
  return value.empty() ? "none" : value;
}

std::string last_day_of(Date date) {
  return date == kNever ? std::string() : to_string(date);
}

// Takes the plant's last day of operation over.
void close_plant(const Plant& plant, Date today, ChangeDevice& change) {
  change.last_day = plant.last_day;
  change.valid_from =
      plant.last_day == kNever ? today : std::min(today, add_days(plant.last_day, 1));
}

// Whether they ask for the same, whenever it begins.
bool same_wish(const ChangeDevice& a, v1::ChangeDevice b) {
  v1::Command command;
  proto::write_command(a, command);
  b.set_valid_from(command.change_device().valid_from());
  return b.SerializeAsString() == command.change_device().SerializeAsString();
}

}  // namespace

// Tells the rehearsal what devices the register has, what was declared of them, and who is frozen.
void Importer::hold_devices() {
  std::map<std::uint64_t, std::string> keys;
  for (const auto& [key, device] : devices_) {
    const auto owner =
        details_.find(ParticipantId(static_cast<ParticipantId::Rep>(device.producer())));
    const auto start = parse_date(device.start());
    if (owner == details_.end() || !start) continue;
    RegisterDevice known{.name = device.name(),
                         .country = device.country(),
                         .carriers = {device.carriers().begin(), device.carriers().end()},
                         .start = *start,
                         .fields = {}};
    for (const v1::Field& field : device.fields())
      known.fields.push_back({.name = field.name(), .value = field.value()});
    // One that the scheme of today would not take any more is not judged before it is sent.
    if (!rehearsal_->add_device(key, known, rehearse(owner->second.name(), {})).ok()) continue;
    keys[device.device()] = key;
    if (const auto last_day = parse_date(device.last_day()))
      rehearsal_->change(
          {.device = rehearsal_->device(key), .valid_from = kDateMin, .last_day = *last_day});
  }
  if (!keys.empty()) {
    v1::ListDeclarationsRequest request;
    request.set_registry(registry_.value());
    const auto declared = admin_.ask_all(&v1::Registry::Stub::ListDeclarations, request, kEveryRow);
    for (const v1::Declaration& one : declared.declarations()) {
      const auto key = keys.find(one.device());
      if (key == keys.end()) continue;
      rehearsal_->declare(key->second,
                          one.carrier(),
                          {.first = parse_date(one.period().first()).value_or(Date()),
                           .last = parse_date(one.period().last()).value_or(Date())},
                          Measured(one.gross()));
    }
  }
  for (const auto& [key, device] : devices_) {
    if (!device.suspended().empty() && rehearsal_->device(key).is_set())
      rehearsal_->registry(
          SuspendDevice{.device = rehearsal_->device(key), .reason = device.suspended()});
  }
  for (const auto& [id, details] : details_) {
    if (details.frozen())
      rehearsal_->freeze(FreezeTarget::participant, rehearse(details.name(), {}).value());
  }
}

void Importer::register_plants(const std::vector<const Plant*>& plants) {
  std::vector<Command> registrations;
  for (const Plant* const plant : plants) {
    RegisterDevice device = plant->device;
    device.registry = registry_;
    device.producer = participants_.at(plant->producer);
    registrations.push_back(std::move(device));
  }
  const auto answers = send(trustee(), registrations, "plants registered");
  std::vector<Command> approvals;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    v1::Device device;
    device.set_device(answers[i].id());
    device.set_approved(true);
    devices_[plants[i]->key] = device;
    approvals.push_back(ApproveDevice{.device = id_of<DeviceId>(answers[i])});
  }
  // An earlier import may have ended between the two.
  for (auto& [key, device] : devices_) {
    if (device.approved() || !device.suspended().empty()) continue;
    approvals.push_back(
        ApproveDevice{.device = DeviceId(static_cast<DeviceId::Rep>(device.device()))});
    device.set_approved(true);
  }
  send(registrar(), approvals, "plants approved");
}

// What another edition of the file says of a plant that is there.
std::optional<PlantChange> Importer::compare(const Plant& plant,
                                             const v1::Device& device,
                                             bool owner_named) const {
  PlantChange found{.plant = &plant, .change = {}, .producer = {}, .what = {}};
  ChangeDevice& change = found.change;
  change.device = DeviceId(static_cast<DeviceId::Rep>(device.device()));
  change.valid_from = today_;
  const auto tell =
      [&](const std::string& field, const std::string& before, const std::string& now) {
        if (before == now) return false;
        found.what += (found.what.empty() ? "" : "; ") + field + ": " + or_none(before) + " -> " +
                      or_none(now);
        return true;
      };
  const auto owner =
      details_.find(ParticipantId(static_cast<ParticipantId::Rep>(device.producer())));
  if (owner_named && owner != details_.end() && tell("owner", owner->second.name(), plant.producer))
    found.producer = plant.producer;
  if (tell("name", device.name(), plant.device.name)) change.name = plant.device.name;
  const std::vector<std::string> carriers(device.carriers().begin(), device.carriers().end());
  if (tell("carriers", joined(carriers), joined(plant.device.carriers)))
    change.carriers = plant.device.carriers;
  if (tell("start",
           device.start().empty() ? to_string(Date()) : device.start(),
           to_string(plant.device.start)))
    change.start = plant.device.start;
  std::map<std::string, std::string> fields;
  for (const v1::Field& field : device.fields()) fields[field.name()] = field.value();
  for (const Field& field : plant.device.fields) {
    if (tell(field.name, fields[field.name], field.value)) change.fields.push_back(field);
    fields.erase(field.name);
  }
  for (const auto& [name, value] : fields) {
    if (tell(name, value, "")) change.fields.push_back({.name = name, .value = {}});
  }
  if (tell("last_day", device.last_day(), last_day_of(plant.last_day)))
    close_plant(plant, today_, change);
  if (found.what.empty()) return std::nullopt;
  return found;
}

PlantWork Importer::sort_plants(const std::string& file,
                                const std::vector<const Plant*>& plants,
                                const std::vector<ParticipantKind>& kinds,
                                bool owner_named,
                                ImportReport& report) {
  PlantWork work;
  for (const Plant* const plant : plants) {
    const auto known = devices_.find(plant->key);
    const auto refuse = [&](const std::string& rule) {
      report.refuse(file, {{plant->line, rule}});
    };
    if (known == devices_.end()) {
      const auto added =
          rehearsal_->add_device(plant->key, plant->device, rehearse(plant->producer, kinds));
      if (!added.ok()) {
        refuse(added.refused);
        continue;
      }
      work.missing.push_back(plant);
      work.owners.insert(plant->producer);
      continue;
    }
    const v1::Device& device = known->second;
    work.unapproved = work.unapproved || (!device.approved() && device.suspended().empty());
    const auto change = compare(*plant, device, owner_named);
    if (!change) {
      ++report.already_there;
      continue;
    }
    if (device.has_waiting() && !same_wish(wish_of(*change), device.waiting().details())) {
      refuse(plant->key + " has another change that waits for the registry");
      continue;
    }
    if (rehearsal_->device(plant->key).is_set()) {
      ChangeDevice rehearsed = change->change;
      rehearsed.device = rehearsal_->device(plant->key);
      if (!change->producer.empty()) rehearsed.producer = rehearse(change->producer, kinds);
      const auto heard = rehearsal_->change(rehearsed);
      if (!heard.ok()) {
        refuse(heard.refused);
        continue;
      }
    }
    report.changed.push_back(
        {.file = file, .line = plant->line, .key = plant->key, .what = change->what});
    if (!change->producer.empty()) work.owners.insert(change->producer);
    const auto owner =
        details_.find(ParticipantId(static_cast<ParticipantId::Rep>(device.producer())));
    if (owner != details_.end()) work.owners.insert(owner->second.name());
    work.changed.push_back(*change);
  }
  return work;
}

// The change with its new owner, if the node knows that one.
ChangeDevice Importer::wish_of(const PlantChange& change) const {
  ChangeDevice wish = change.change;
  const auto owner = participants_.find(change.producer);
  if (owner != participants_.end()) wish.producer = owner->second;
  return wish;
}

void Importer::bring_plants(const PlantWork& work) {
  register_plants(work.missing);
  std::vector<PlantChange> changes = work.changed;
  for (const Plant* const plant : work.missing) {
    if (plant->last_day == kNever) continue;
    PlantChange closing{.plant = plant, .change = {}, .producer = {}, .what = {}};
    closing.change.device = DeviceId(static_cast<DeviceId::Rep>(devices_.at(plant->key).device()));
    close_plant(*plant, today_, closing.change);
    changes.push_back(closing);
  }
  change_plants(std::move(changes));
}

void Importer::change_plants(std::vector<PlantChange> changes) {
  std::vector<Command> approvals;
  std::vector<Command> wishes;
  for (const PlantChange& change : changes) {
    const v1::Device& device = devices_.at(change.plant->key);
    if (device.has_waiting()) {  // an earlier import ended between the two
      approvals.push_back(ApproveDeviceChange{
          .change = DeviceChangeId(static_cast<DeviceChangeId::Rep>(device.waiting().change()))});
    } else {
      wishes.push_back(wish_of(change));
    }
  }
  for (const v1::Answer& answer : send(trustee(), wishes, "changes of plants asked for"))
    approvals.push_back(ApproveDeviceChange{.change = id_of<DeviceChangeId>(answer)});
  send(registrar(), approvals, "changes of plants approved");
}

}  // namespace origo::gateway
