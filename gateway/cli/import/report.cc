#include "gateway/cli/import/report.h"

#include <iostream>
#include <nlohmann/json.hpp>

#include "gateway/cli/base/format.h"

namespace origo::gateway {
namespace {

void print_json(const ImportReport& report) {
  nlohmann::ordered_json json{{"format", report.format},
                              {"file", report.file},
                              {"registry", report.registry},
                              {"dry_run", report.dry_run},
                              {"rows", report.rows},
                              {"already_there", report.already_there},
                              {"imported", report.imported},
                              {"changed", nlohmann::ordered_json::array()},
                              {"passed_over", report.passed_over},
                              {"refused", nlohmann::ordered_json::array()},
                              {"totals", nlohmann::ordered_json::object()}};
  for (const auto& [file, line, key, what] : report.changed) {
    json["changed"].push_back({{"file", file}, {"line", line}, {"key", key}, {"what", what}});
  }
  for (const auto& [file, row] : report.refused) {
    json["refused"].push_back({{"file", file}, {"line", row.line}, {"rule", row.rule}});
  }
  for (const auto& [name, value] : report.totals) json["totals"][name] = value;
  std::cout << json.dump() << std::endl;
}

std::string counted(std::size_t number) {
  return group_digits(static_cast<std::int64_t>(number));
}

}  // namespace

void ImportReport::refuse(const std::string& in, const std::vector<RefusedRow>& list) {
  for (const RefusedRow& row : list) refused.push_back({in, row});
}

void print(const ImportReport& report, bool json) {
  if (json) return print_json(report);
  for (const auto& [file, row] : report.refused) {
    std::cout << file << ":" << row.line << ": " << row.rule << "\n";
  }
  for (const auto& [file, line, key, what] : report.changed) {
    std::cout << file << ":" << line << ": " << key
              << (report.dry_run ? " would change: " : " changed: ") << what << "\n";
  }
  const char* const tense = report.dry_run ? " would be" : "";
  std::cout << report.file << ": " << counted(report.rows) << " rows, "
            << counted(report.already_there) << " there already, " << counted(report.imported)
            << tense << " imported, ";
  if (!report.changed.empty()) std::cout << counted(report.changed.size()) << tense << " changed, ";
  std::cout << counted(report.refused.size()) << " refused\n";
  for (const auto& [why, number] : report.passed_over) {
    std::cout << "  passed over: " << counted(number) << ", " << why << "\n";
  }
  for (const auto& [name, value] : report.totals)
    std::cout << "  " << name << ": " << value << "\n";
  std::cout.flush();
}

}  // namespace origo::gateway
