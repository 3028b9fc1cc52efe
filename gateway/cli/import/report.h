#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "gateway/cli/base/register_file.h"

namespace origo::gateway {

// What an import found and did, for people and as one JSON object.
struct ImportReport {
  std::string format;
  std::string file;
  std::string registry;
  bool dry_run = false;
  std::size_t rows = 0;  // that can be imported, those that are there already included
  std::size_t already_there = 0;
  std::size_t imported = 0;  // in a dry run: that would be
  struct Changed {
    std::string file;
    std::size_t line = 0;
    std::string key;   // of the plant
    std::string what;  // "capacity_kw: 500 -> 800"
  };
  std::vector<Changed> changed;  // plants that are there already, and become other than they were
  std::map<std::string, std::size_t> passed_over;  // by why
  struct Refused {
    std::string file;
    RefusedRow row;
  };
  std::vector<Refused> refused;
  std::vector<std::pair<std::string, std::string>> totals;  // of all rows, by name

  void refuse(const std::string& in, const std::vector<RefusedRow>& list);
};

void print(const ImportReport& report, bool json);

}  // namespace origo::gateway
