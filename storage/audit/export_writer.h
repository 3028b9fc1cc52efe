#pragma once

#include <cstdint>
#include <functional>

#include "engine/core/encoding.h"
#include "storage/audit/export_format.h"
#include "storage/batch.h"
#include "storage/chain.h"

namespace origo::storage::audit {

// Writes the parts of an export, in their order, to a sink that takes bytes and says whether it
// wants more. Memory: one part.
class ExportWriter {
 public:
  using Sink = std::function<bool(Bytes)>;

  explicit ExportWriter(Sink sink);

  // Each returns whether the sink goes on.
  [[nodiscard]] bool begin(const ExportHead& head);
  [[nodiscard]] bool add(const BatchView& batch, const Chain& chain_after);
  [[nodiscard]] bool add(const ExportFacts& facts);
  // Entries end to end, each in the canonical encoding.
  [[nodiscard]] bool add_events(std::span<const std::uint8_t> entries, std::uint64_t count);
  // The tail and the seal: nothing follows.
  [[nodiscard]] bool end();

 private:
  bool write(Part part, Bytes first, Bytes second = {});
  bool write(Part part, const origo::Bytes& bytes);

  Sink sink_;
  Hasher hasher_;
  ExportTail tail_;
  std::vector<std::byte> part_;
};

}  // namespace origo::storage::audit
