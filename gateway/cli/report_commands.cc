#include <iostream>
#include <memory>
#include <string>

#include "gateway/cli/base/format.h"
#include "gateway/cli/base/table.h"
#include "gateway/cli/commands.h"
#include "origo/v1/reports.grpc.pb.h"

// What a register answers for.
namespace origo::gateway {
namespace {

struct StatisticsOptions {
  std::string registry;
  std::string carrier;
  std::string country;
  std::string from;
  std::string to;
  bool csv = false;
  bool in_units = false;
  bool check = false;
};

constexpr const char* kFlows =
    "opening,issued,entered_otherwise,transferred,traded,cancelled,converted,expired,withdrawn,"
    "left_otherwise,voided,closing";

void print_csv(const v1::ListRegisterStatisticsResponse& list, bool in_units) {
  std::cout << "registry,scheme,month,carrier,country,unit_size," << kFlows << '\n';
  for (const v1::RegisterMonth& month : list.months()) {
    const v1::RegisterFlows& flows = in_units ? month.units() : month.amounts();
    std::cout << month.registry_code() << ',' << month.scheme() << ',' << month.month() << ','
              << month.carrier() << ',' << month.country() << ',' << month.unit_size();
    const auto* fields = v1::RegisterFlows::descriptor();
    for (int i = 0; i < fields->field_count(); ++i)
      std::cout << ',' << v1::RegisterFlows::GetReflection()->GetInt64(flows, fields->field(i));
    std::cout << '\n';
  }
}

// MWh or t, whole ones grouped; what is below shows as a fraction.
std::string large(std::int64_t amount) {
  constexpr std::int64_t kMillion = 1'000'000;
  return amount % kMillion == 0 ? group_digits(amount / kMillion) : format_decimal(amount, 6);
}

void print_table(const v1::ListRegisterStatisticsResponse& list, bool in_units) {
  if (list.months().empty()) {
    std::cout << "nothing has happened\n";
    return;
  }
  Table table({{.title = "month"},
               {.title = "registry"},
               {.title = "carrier"},
               {.title = "origin"},
               {.title = "opening", .align = Align::right},
               {.title = "issued", .align = Align::right},
               {.title = "cancelled", .align = Align::right},
               {.title = "expired", .align = Align::right},
               {.title = "withdrawn", .align = Align::right},
               {.title = "closing", .align = Align::right},
               {.title = "transferred", .align = Align::right},
               {.title = in_units ? "in units of" : "in"}});
  for (const v1::RegisterMonth& month : list.months()) {
    const v1::RegisterFlows& flows = in_units ? month.units() : month.amounts();
    const bool mass = month.dimension() == v1::DIMENSION_MASS_GCO2E;
    const auto cell = [&](std::int64_t sum) { return in_units ? group_digits(sum) : large(sum); };
    table.add(
        {month.month(),
         month.registry_code(),
         month.carrier(),
         month.country(),
         cell(flows.opening()),
         cell(flows.issued()),
         cell(flows.cancelled()),
         cell(flows.expired()),
         cell(flows.withdrawn()),
         cell(flows.closing()),
         cell(flows.transferred()),
         in_units ? large(month.unit_size()) + (mass ? " t" : " MWh") : (mass ? "t" : "MWh")});
  }
  std::cout << table.text();
  if (!list.next_page_token().empty()) std::cout << "there is more: --limit shows it\n";
}

// Both sides of each kind; Exit::unreconciled if any differs.
Exit check(Shell& shell) {
  const v1::ReconcileRegisterResponse found =
      shell.session().ask(&v1::Reports::Stub::ReconcileRegister, v1::ReconcileRegisterRequest());
  if (shell.json) {
    std::cout << to_json_line(found) << '\n';
    return found.agrees() ? Exit::ok : Exit::unreconciled;
  }
  Table table({{.title = "registry"},
               {.title = "carrier"},
               {.title = "origin"},
               {.title = "issued", .align = Align::right},
               {.title = "- cancelled", .align = Align::right},
               {.title = "- expired", .align = Align::right},
               {.title = "- withdrawn", .align = Align::right},
               {.title = "= stock", .align = Align::right},
               {.title = "held in the ledger", .align = Align::right},
               {.title = ""}});
  for (const v1::RegisterBalance& balance : found.balances()) {
    table.add({balance.registry_code(),
               balance.carrier(),
               balance.country(),
               group_digits(balance.issued()),
               group_digits(balance.cancelled()),
               group_digits(balance.expired()),
               group_digits(balance.withdrawn()),
               group_digits(balance.stock()),
               group_digits(balance.held()),
               balance.agrees() ? "agrees" : "DIFFERS"});
  }
  std::cout << table.text()
            << (found.agrees() ? "statistics and ledger agree at command "
                               : "statistics and ledger DIFFER at command ")
            << found.sequence() << '\n';
  return found.agrees() ? Exit::ok : Exit::unreconciled;
}

Exit tell_statistics(Shell& shell, const StatisticsOptions& asked) {
  if (asked.check) return check(shell);
  v1::ListRegisterStatisticsRequest request;
  if (!asked.registry.empty()) request.set_registry(shell.session().registry(asked.registry));
  request.set_carrier(asked.carrier);
  request.set_country(asked.country);
  request.set_from(asked.from);
  request.set_to(asked.to);
  const v1::ListRegisterStatisticsResponse list =
      shell.session().ask_all(&v1::Reports::Stub::ListRegisterStatistics, request, shell.limit);
  if (shell.json) {
    std::cout << to_json_line(list) << '\n';
  } else if (asked.csv) {
    print_csv(list, asked.in_units);
  } else {
    print_table(list, asked.in_units);
  }
  return Exit::ok;
}

}  // namespace

void add_report_commands(CLI::App& app, Shell& shell) {
  CLI::App& statistics =
      *app.add_subcommand("statistics", "What became of certificates, by registry, month and kind");
  auto asked = std::make_shared<StatisticsOptions>();
  statistics.add_option("--registry", asked->registry, "only here, by id or code");
  statistics.add_option("--carrier", asked->carrier, "e.g. biomethane; without it any");
  statistics.add_option("--country", asked->country, "origin, e.g. FR; without it any");
  statistics.add_option("--from", asked->from, "first month, e.g. 2026-01");
  statistics.add_option("--to", asked->to, "last month");
  statistics.add_flag("--units", asked->in_units, "in certificates instead of MWh or t");
  statistics.add_flag(
      "--csv", asked->csv, "comma-separated values: Wh or g, or with --units units");
  statistics.add_flag("--check",
                      asked->check,
                      "compare with the ledger, added up anew; ends with 7 if they differ");
  statistics.footer(
      "  origo statistics --carrier biomethane --from 2026-01\n  origo statistics --csv > "
      "statistics.csv\n  origo statistics --check");
  statistics.callback([&shell, asked] {
    shell.action = [&shell, asked] { return tell_statistics(shell, *asked); };
  });
}

}  // namespace origo::gateway
