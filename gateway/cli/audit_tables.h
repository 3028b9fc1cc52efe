#pragma once

#include <compare>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>

#include "storage/audit/export_format.h"
#include "storage/audit/register_flows.h"

// The tables for people that are made from an audit export.
namespace origo::gateway {

// By what the sums are told apart, as in a register's statistics.
struct AuditedKind {
  std::string month;  // "2026-01"
  std::string registry;
  std::string carrier;
  std::string country;
  Dimension dimension = Dimension::energy_wh;
  std::int64_t unit_size = 0;
  auto operator<=>(const AuditedKind&) const = default;
};
using AuditedSums = std::map<AuditedKind, storage::audit::RegisterFlows>;  // opening is not known

// Writes issuances.csv, transfers.csv, cancellations.csv, expiries.csv, withdrawals.csv and, at the
// end, sums.csv into a folder. Memory: the facts of the lots and accounts in it.
class AuditTables {
 public:
  // Throws a Failure if a file cannot be written; likewise end().
  explicit AuditTables(const std::filesystem::path& folder);

  void know(const storage::audit::ExportFacts& facts);
  void add(const storage::audit::ExportEntry& entry);
  void end();
  [[nodiscard]] const AuditedSums& sums() const { return sums_; }

 private:
  friend class AuditRow;

  const std::filesystem::path folder_;
  std::map<LotId, storage::audit::LotFacts> lots_;
  std::map<AccountId, storage::audit::AccountFacts> accounts_;
  AuditedSums sums_;
  std::ofstream issuances_;
  std::ofstream transfers_;
  std::ofstream cancellations_;
  std::ofstream expiries_;
  std::ofstream withdrawals_;
};

}  // namespace origo::gateway
