#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/integration/client.h"
#include "tests/integration/node_process.h"

namespace origo::integration {

// A market on a new node, started with --schemes and --demo, for traders with cash and no
// certificates.
class Stage {
 public:
  explicit Stage(const NodeProcess& node);

  struct Trader {
    std::uint64_t participant = 0;
    std::uint64_t account = 0;
    std::string token;
  };
  Trader add_trader(const std::string& name);

  [[nodiscard]] std::uint64_t instrument() const { return instrument_; }
  [[nodiscard]] const std::string& operator_token() const { return operator_token_; }

 private:
  std::string add_user(std::uint64_t participant,
                       const std::vector<v1::Role>& roles,
                       v1::ScopeKind kind,
                       std::uint64_t scope);

  const std::string address_;
  Client admin_;
  std::uint64_t registry_ = 0;
  std::uint64_t instrument_ = 0;
  std::string operator_token_;
};

}  // namespace origo::integration
