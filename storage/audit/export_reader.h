#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "storage/audit/export_format.h"
#include "storage/journal.h"
#include "storage/status.h"

namespace origo::storage::audit {

// A tail of the journal that somebody else names: a node, its witness, another export.
struct KnownTail {
  std::string who;
  Tail tail;
};

struct ReadExportOptions {
  // Those that lie within the export must agree with it.
  std::vector<KnownTail> known;
  // Apply the commands of an export that begins with the first one, and compare what the core says
  // with the events in it. Memory: the core's state.
  bool replay = false;
  std::function<void(std::uint64_t done, std::uint64_t all)> on_progress;  // bytes
  std::function<void(const ExportFacts&)> on_facts;
  std::function<void(const ExportEntry&)> on_event;
};

struct ExportReport {
  ExportHead head;
  ExportTail tail;
  std::vector<std::string> agreed;   // who named a tail that lies within, and agrees
  std::vector<std::string> outside;  // who named one that does not lie within
  bool replayed = false;
};

// Reads a whole export and checks it: form and seal; of each record its CRC; that the batches are
// the journal's from head.first to head.last without a gap and their chain leads from
// head.chain_before to tail.chain_after; that times do not go back and lie in the period; that
// events ascend and belong to these commands. Memory: one part.
//
// Returns: absent or unreadable; invalid: replay was asked of an export that does not begin with
//          the first command; damaged, with the place named, if anything is not as it should be.
//          What was told to on_facts and on_event until then may be wrong.
Outcome<ExportReport> read_export(const std::filesystem::path& file,
                                  const ReadExportOptions& options);

}  // namespace origo::storage::audit
