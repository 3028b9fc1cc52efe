#include <algorithm>
#include <map>

#include "gateway/cli/base/format.h"
#include "gateway/cli/base/site_device.h"
#include "gateway/cli/demo/demo.h"
#include "gateway/cli/demo/progress.h"

namespace origo::gateway {
namespace {

RegisterDevice registration(const Site& site, const Stage& stage) {
  auto device = device_of(site);
  if (!device) {
    throw Failure(Exit::usage,
                  "site " + std::to_string(site.id) + " is of an unknown kind: " + site.kind);
  }
  device->registry = stage.registry;
  device->producer = stage.producers.at(site.region);
  return *std::move(device);
}

// The supplier that buys the region's output: certificates are issued to it.
AccountId supplier_of(const std::string& region, Cast& cast) {
  for (const Company& company : companies()) {
    if (std::find(company.regions.begin(), company.regions.end(), region) !=
        company.regions.end()) {
      return cast.get(company.user).account;
    }
  }
  throw Failure(Exit::failed, "no supplier of the demo buys in " + region);
}

struct Declared {
  DeclarationId declaration;
  std::string region;
};

// One month's declarations by each region's producer.
std::vector<Declared> declare(const Stage& stage, Cast& cast, const std::vector<Share>& shares) {
  std::map<std::string, std::vector<Command>> by_region;
  for (const Share& share : shares) {
    by_region[share.site->region].push_back(
        DeclareProduction{.device = stage.devices.at(share.site->id),
                          .carrier = kCarrier,
                          .period = share.period,
                          .gross = share.energy,
                          .deductions = {},
                          .fields = {}});
  }
  std::vector<Declared> declared;
  for (const auto& [region, commands] : by_region) {
    const auto answers = cast.get(producer_user(region))
                             .sender->must_send(commands, "declaring production in " + region, {});
    for (const v1::Answer& answer : answers) {
      declared.push_back({.declaration = DeclarationId(static_cast<std::uint32_t>(answer.id())),
                          .region = region});
    }
  }
  return declared;
}

void request(Cast& cast, const std::vector<Declared>& declared) {
  std::map<std::string, std::vector<Command>> by_region;
  for (const Declared& one : declared) {
    by_region[one.region].push_back(
        RequestIssuance{.declaration = one.declaration, .account = supplier_of(one.region, cast)});
  }
  for (const auto& [region, commands] : by_region) {
    cast.get(producer_user(region))
        .sender->must_send(commands, "requesting issuance in " + region, {});
  }
}

}  // namespace

void register_sites(Stage& stage, Cast& cast) {
  std::map<std::string, std::vector<const Site*>> by_region;
  for (const Site& site : stage.sites) by_region[site.region].push_back(&site);
  Progress registering("sites registered", stage.sites.size());
  std::vector<Command> approvals;
  Measured capacity;
  for (const auto& [region, sites] : by_region) {
    std::vector<Command> commands;
    for (const Site* const site : sites) commands.push_back(registration(*site, stage));
    const auto answers = cast.get(producer_user(region))
                             .sender->must_send(commands,
                                                "registering sites of " + region,
                                                [&](std::size_t n) { registering.add(n); });
    for (std::size_t i = 0; i < answers.size(); ++i) {
      const DeviceId device(static_cast<std::uint32_t>(answers[i].id()));
      stage.devices[sites[i]->id] = device;
      capacity += sites[i]->capacity;
      approvals.push_back(ApproveDevice{.device = device});
    }
  }
  registering.finish(format_decimal(capacity.value() / 1'000'000'000, 0) + " GWh a year");
  Progress approving("sites approved", approvals.size());
  cast.get("registry").sender->must_send(approvals, "approving sites", [&](std::size_t n) {
    approving.add(n);
  });
  approving.finish("by the registry's operator");
}

void issue_months(Stage& stage, Cast& cast) {
  for (const MonthTotal& month : stage.months) {
    const auto shares = allocate(month, stage.sites);
    const std::string name = to_string(month.month.first).substr(0, 7);
    Progress progress("certificates of " + name, shares.size());
    const auto declared = declare(stage, cast, shares);
    request(cast, declared);
    std::vector<Command> approvals;
    for (const Declared& one : declared)
      approvals.push_back(ApproveIssuance{.declaration = one.declaration});
    cast.get("issuer").sender->must_send(
        approvals, "issuing", [&](std::size_t n) { progress.add(n); });
    progress.finish("sites, " + format_mwh(month.total.value()));
  }
}

}  // namespace origo::gateway
