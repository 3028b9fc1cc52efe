#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace origo::scenario {

// What an id is the id of. The prefixes are those that people write ids with.
enum class Kind : std::uint8_t {
  participant,
  user,
  account,
  registry,
  scheme,
  device,
  declaration,
  lot,
  cancellation,
  claim,
  transfer,
  proposal,
  device_change,
  market,
  instrument,
  order,
  trade,
  site
};

[[nodiscard]] std::string_view prefix_of(Kind kind);  // "acc"

// The names that a scenario gives to ids, apart for each kind.
class Names {
 public:
  // A later id takes the name over, as a new order takes its dead namesake's.
  void bind(Kind kind, const std::string& name, std::uint64_t id);
  // The id called `name`, or written with its prefix ("lot-9"); 0: none.
  [[nodiscard]] std::uint64_t find(Kind kind, std::string_view name) const;
  // The name of an id; its prefixed number if it has none; "-" for 0.
  [[nodiscard]] std::string name_of(Kind kind, std::uint64_t id) const;

 private:
  std::map<std::pair<Kind, std::string>, std::uint64_t> ids_;
  std::map<std::pair<Kind, std::uint64_t>, std::string> names_;
};

}  // namespace origo::scenario
