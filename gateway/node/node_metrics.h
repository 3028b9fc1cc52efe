#pragma once

#include <memory>

#include "gateway/node/reader.h"
#include "gateway/node/sequencer.h"
#include "storage/journal.h"

namespace prometheus {
class Registry;
}

namespace origo::gateway {

// The node's own metrics, in the registry that /metrics shows. Thread-safe.
class NodeMetrics {
 public:
  NodeMetrics(prometheus::Registry& registry, storage::SyncPolicy policy);
  ~NodeMetrics();

  // What the sequencer did; its observer.
  void observe(const BatchFigures& figures);

  // Commands that exceeded the rate of a "user" or an "address". Any thread.
  void limited(const char* limit, std::size_t commands);

  // A client was gone for too long, and so many orders ended with its session. Any thread.
  void session_over(std::uint64_t orders);
  // Clients that are away and may come to that.
  void clients_away(std::size_t clients);

  // What is measured by looking, now and then.
  void look(const Sequencer& sequencer, const Reader& reader, const storage::Journal& journal);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace origo::gateway
