#include "gateway/node/register_log.h"

#include <limits>
#include <string>

#include "gateway/node/history_rows.h"

namespace origo::gateway {

namespace {

using namespace history_rows;
using storage::Outcome;
using storage::audit::ExportEntry;

constexpr std::uint32_t kLogRunMax = 128;

// By command, so that a period finds its first one, then by number: one command may have many runs.
std::string log_key(Sequence command, EventSequence first) {
  return key_of(command.value()) + key_of(first.value());
}

}  // namespace

// The entry as ExportEntry would encode, without taking the event apart.
void RegisterLogRecorder::add(EventSequence sequence,
                              std::uint16_t number,
                              std::span<const std::uint8_t> body,
                              Instant time,
                              Sequence command) {
  if (count_ == kLogRunMax) flush();
  if (count_ == 0) {
    command_ = command;
    first_ = sequence;
  }
  ++count_;
  Encoder encoder(run_);
  encoder.put(sequence);
  encoder.put(time);
  encoder.put(command);
  encoder.put(number);
  run_.insert(run_.end(), body.begin(), body.end());
}

void RegisterLogRecorder::flush() {
  if (count_ == 0) return;
  batch_.put(kRegisterLog,
             log_key(command_, first_),
             {reinterpret_cast<const char*>(run_.data()), run_.size()});
  count_ = 0;
  run_.clear();
}

Outcome<RegisterLogEntries> RegisterLogView::page(const RegisterLogPage& page) const {
  Outcome<RegisterLogEntries> found;
  // The first one may lie within a run that begins before it.
  std::string from = log_key(page.first, page.after);
  found.status = history_.scan({.kind = kRegisterLog, .from = from, .reverse = true, .limit = 1},
                               [&](std::string_view key, std::string_view) {
                                 from = key;
                                 return true;
                               });
  if (!found.ok()) return found;
  bool readable = true;
  std::size_t bytes = 0;
  const auto visit = [&](std::string_view, std::string_view value) {
    Decoder decoder(reinterpret_cast<const std::uint8_t*>(value.data()), value.size());
    while (!decoder.at_end()) {
      ExportEntry entry;
      const std::size_t before = decoder.left();
      decoder.get(entry);
      readable = decoder.ok();
      if (!readable || entry.command > page.last) return false;
      if (entry.command < page.first || entry.sequence <= page.after) continue;
      if (bytes >= page.bytes) {
        found.value.more = true;
        return false;
      }
      bytes += before - decoder.left();
      found.value.entries.push_back(std::move(entry));
    }
    return true;
  };
  found.status = history_.scan(
      {.kind = kRegisterLog, .from = from, .limit = std::numeric_limits<std::size_t>::max()},
      visit);
  if (found.ok() && !readable) found.status = damaged();
  return found;
}

}  // namespace origo::gateway
