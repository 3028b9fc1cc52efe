#pragma once

#include <memory>
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

  // Recovers, installs what options and files ask for, and serves. Returns what stops it; empty: the
  // node serves, and its addresses are written down.
  [[nodiscard]] std::string start();

  // Looks after health and metrics; called about once a second.
  void look();

  // Ends in good order: no new calls, what waits is sequenced, a last snapshot.
  void stop();

 private:
  class Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace origo::gateway
