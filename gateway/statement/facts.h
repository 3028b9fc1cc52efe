#pragma once

#include <string>
#include <vector>

#include "gateway/node/history.h"

// What a statement says, in words, for every form in which people read it.
namespace origo::gateway {

struct StatementRow {
  std::string label;
  std::vector<std::string> lines;
};

struct StatementFacts {
  std::string number;              // "can-3"
  std::string issuer;              // the registry
  std::string amount;              // "1,250 MWh"
  std::string sentence;            // "in 1,250 certificates of 1 MWh, cancelled on 2026-03-02"
  std::vector<StatementRow> rows;  // none is empty
  std::string finality;
  std::string code;  // as printed
  std::string url;   // where the code is checked
};

[[nodiscard]] StatementFacts statement_facts(const StatementEntry& entry,
                                             const std::string& public_url);

}  // namespace origo::gateway
