#pragma once

#include <memory>
#include <optional>
#include <string>

#include "gateway/main/options.h"

namespace origo::gateway {

// The whole node: everything is constructed and connected here.
class Node {
 public:
  explicit Node(NodeOptions options);
  ~Node();
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  // Recovers, installs what options and files ask for, and serves. Returns what stops it; empty:
  // the node serves, and its addresses are written down.
  [[nodiscard]] std::string start();

  // Looks after health and metrics; called about once a second.
  void look();

  // A node for scenario files only: how to begin the run that was asked for instead of this one.
  [[nodiscard]] std::optional<NodeOptions> next_run() const;

  // Ends in good order: no new calls, what waits is sequenced, a last snapshot.
  void stop();

 private:
  class Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace origo::gateway
