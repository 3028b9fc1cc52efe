#include "storage/audit/export_reader.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <fstream>
#include <optional>
#include <set>
#include <span>
#include <utility>

#include "proto/codec/record.h"
#include "storage/audit/audited_replay.h"
#include "storage/batch.h"
#include "storage/chain.h"
#include "storage/little_endian.h"
#include "storage/replay.h"

namespace origo::storage::audit {
namespace {

Status damaged(const std::string& what) {
  return {StatusCode::damaged, "the export " + what};
}

Hash256 hash_of(const Chain& chain) {
  Hash256 hash{};
  std::memcpy(hash.data(), chain.data(), chain.size());
  return hash;
}

Chain chain_of(const Hash256& hash) {
  Chain chain{};
  std::memcpy(chain.data(), hash.data(), hash.size());
  return chain;
}

template <class T>
bool decode(Bytes bytes, T& value) {
  const auto body = as_core_bytes(bytes);
  Decoder decoder(body.data(), body.size());
  decoder.get(value);
  return decoder.ok() && decoder.at_end();
}

class ExportReader {
 public:
  ExportReader(const std::filesystem::path& file, const ReadExportOptions& options)
      : file_(file), options_(options) {}

  Outcome<ExportReport> run();

 private:
  Status open();
  // The next part into part_; nothing was read if it is not ok.
  Status next();
  bool take(std::byte* to, std::size_t size);
  Status read_head();
  Status read_parts();
  Status read_batch();
  Status check_times(const BatchView& batch);
  Status read_facts();
  Status read_events();
  Status read_tail();
  Status read_seal();
  Status check_known();

  const std::filesystem::path file_;
  const ReadExportOptions& options_;
  std::ifstream in_;
  std::uint64_t size_ = 0;
  std::uint64_t done_ = 0;
  Hasher whole_;  // of everything but the seal
  Hasher hasher_;
  Part kind_ = Part::head;
  std::vector<std::byte> part_;

  ExportReport report_;
  ExportTail counted_;
  Tail tail_;  // of what was read
  Instant time_;
  ExportEntry entry_;
  std::set<std::size_t> met_;  // of options_.known
  std::optional<AuditedReplay> replay_;
};

Status ExportReader::open() {
  std::error_code error;
  size_ = std::filesystem::file_size(file_, error);
  if (error == std::errc::no_such_file_or_directory)
    return {StatusCode::absent, "there is no file " + file_.string()};
  in_.open(file_, std::ios::binary);
  if (error || !in_) return {StatusCode::unreadable, "cannot read " + file_.string()};
  whole_.begin();
  std::vector<std::byte> magic(kMagic.size());
  if (!take(magic.data(), magic.size()) ||
      !std::ranges::equal(magic, std::as_bytes(std::span(kMagic))))
    return damaged("does not begin as one: " + file_.string());
  whole_.update(magic);
  return {};
}

bool ExportReader::take(std::byte* to, std::size_t size) {
  in_.read(reinterpret_cast<char*>(to), static_cast<std::streamsize>(size));
  done_ += size;
  return static_cast<std::size_t>(in_.gcount()) == size;
}

Status ExportReader::next() {
  std::array<std::byte, 5> header{};
  if (!take(header.data(), header.size())) return damaged("is cut short");
  kind_ = static_cast<Part>(header[0]);
  const std::uint32_t length = load_u32(header.data() + 1);
  if (length > kPartMax || length > size_ - std::min(size_, done_))
    return damaged("is cut short, or names a part that is too long");
  part_.resize(length);
  if (!take(part_.data(), part_.size())) return damaged("is cut short");
  if (kind_ != Part::seal) {
    whole_.update(header);
    whole_.update(part_);
  }
  if (options_.on_progress) options_.on_progress(done_, size_);
  return {};
}

Status ExportReader::read_head() {
  if (Status status = next(); !status.ok()) return status;
  ExportHead& head = report_.head;
  if (kind_ != Part::head || !decode(part_, head)) return damaged("has no head");
  if (!head.first.is_set() || head.last.value() + 1 < head.first.value() || head.to < head.from)
    return damaged("has a head that makes no sense");
  tail_ = {.sequence = head.first.value() - 1, .chain = chain_of(head.chain_before)};
  if (tail_.sequence == 0 && tail_.chain != Chain{})
    return damaged("begins with the first command, and not with the empty chain");
  if (options_.replay) {
    if (tail_.sequence != 0)
      return {StatusCode::invalid, "only an export that begins with command 1 can be replayed"};
    replay_.emplace(find_quarantines(file_));
  }
  return check_known();
}

// Those who name the tail that was just reached.
Status ExportReader::check_known() {
  for (std::size_t i = 0; i < options_.known.size(); ++i) {
    const KnownTail& known = options_.known[i];
    if (known.tail.sequence != tail_.sequence) continue;
    if (known.tail.chain != tail_.chain)
      return damaged("differs from " + known.who + " in the chain at command " +
                     std::to_string(tail_.sequence));
    met_.insert(i);
  }
  return {};
}

Status ExportReader::read_parts() {
  Part before = Part::head;
  while (true) {
    if (Status status = next(); !status.ok()) return status;
    const bool events = before == Part::facts || before == Part::events;
    Status status;
    if (kind_ == Part::batch && !events) {
      status = read_batch();
    } else if (kind_ == Part::facts) {
      status = read_facts();
    } else if (kind_ == Part::events) {
      status = read_events();
    } else if (kind_ == Part::tail) {
      return read_tail();
    } else {
      status = damaged("has a part where none may be");
    }
    if (!status.ok()) return status;
    before = kind_;
  }
}

Status ExportReader::read_batch() {
  Chain chain{};
  if (part_.size() < chain.size()) return damaged("has a batch that is cut short");
  std::memcpy(chain.data(), part_.data(), chain.size());
  const auto batch = parse_batch(Bytes(part_).subspan(chain.size()));
  const std::string place = "at command " + std::to_string(tail_.sequence + 1);
  if (!batch.ok()) return damaged(place + ": " + batch.status.message);
  if (batch.value.first_sequence != tail_.sequence + 1)
    return damaged("lacks commands " + place + ", or has some twice");
  if (hasher_.extend(tail_.chain, batch.value.bytes) != chain)
    return damaged("fails its chain " + place);
  tail_ = {.sequence = batch.value.last_sequence(), .chain = chain};
  if (tail_.sequence > report_.head.last.value()) return damaged("goes on behind its last command");
  ++counted_.batches;
  counted_.commands += batch.value.count;
  if (Status status = check_times(batch.value); !status.ok()) return status;
  if (replay_) {
    if (Status status = replay_->apply(batch.value); !status.ok()) return status;
  }
  return check_known();
}

// Records that were set aside may not decode: the chain vouches for them.
Status ExportReader::check_times(const BatchView& batch) {
  Status status;
  CommandHeader header;
  Command command;
  batch.for_each([&](std::uint64_t sequence, Bytes record) {
    if (!status.ok() || !proto::read_record(as_core_bytes(record), header, command)) return;
    const std::string place = "command " + std::to_string(sequence);
    if (header.sequence.value() != sequence) status = damaged("has another number in " + place);
    if (header.time < time_) status = damaged("goes back in time at " + place);
    const Date date = date_of(header.time);
    if (date < report_.head.from || date > report_.head.to)
      status = damaged("has " + place + ", which is not of its period");
    time_ = header.time;
  });
  return status;
}

Status ExportReader::read_facts() {
  ExportFacts facts;
  if (!decode(part_, facts)) return damaged("has facts of unknown form");
  if (options_.on_facts) options_.on_facts(facts);
  return {};
}

Status ExportReader::read_events() {
  const auto body = as_core_bytes(part_);
  Decoder decoder(body.data(), body.size());
  while (!decoder.at_end()) {
    ExportEntry entry;
    decoder.get(entry);
    if (!decoder.ok()) return damaged("has events of unknown form");
    const std::string place = " at event " + std::to_string(entry.sequence.value());
    if (entry.sequence <= entry_.sequence || entry.command < entry_.command)
      return damaged("has events out of order" + place);
    if (entry.command < report_.head.first || entry.command > report_.head.last)
      return damaged("has an event of a command that is not in it" + place);
    const Date date = date_of(entry.time);
    if (entry.time < entry_.time || date < report_.head.from || date > report_.head.to)
      return damaged("has a time that is not of its period" + place);
    if (!is_audited(static_cast<std::uint16_t>(entry.event.index() + 1)))
      return damaged("has an event of a kind that does not belong there" + place);
    ++counted_.events;
    if (replay_) replay_->told(entry);
    if (options_.on_event) options_.on_event(entry);
    entry_ = std::move(entry);
  }
  return {};
}

Status ExportReader::read_tail() {
  ExportTail& tail = report_.tail;
  if (!decode(part_, tail)) return damaged("has no tail");
  if (tail_.sequence != report_.head.last.value())
    return damaged("ends at command " + std::to_string(tail_.sequence) + ", not at " +
                   std::to_string(report_.head.last.value()));
  if (tail.chain_after != hash_of(tail_.chain)) return damaged("names another chain at its end");
  if (tail.batches != counted_.batches || tail.commands != counted_.commands ||
      tail.events != counted_.events)
    return damaged("does not hold what its tail counts");
  return replay_ ? replay_->compare() : Status{};
}

Status ExportReader::read_seal() {
  if (Status status = next(); !status.ok()) return status;
  if (kind_ != Part::seal || !std::ranges::equal(part_, whole_.finish()))
    return damaged("is not as it was sealed");
  if (done_ != size_) return damaged("has something behind its seal");
  return {};
}

Outcome<ExportReport> ExportReader::run() {
  Status status = open();
  if (status.ok()) status = read_head();
  if (status.ok()) status = read_parts();
  if (status.ok()) status = read_seal();
  for (std::size_t i = 0; i < options_.known.size(); ++i)
    (met_.contains(i) ? report_.agreed : report_.outside).push_back(options_.known[i].who);
  report_.replayed = replay_.has_value();
  return {.status = std::move(status), .value = std::move(report_)};
}

}  // namespace

Outcome<ExportReport> read_export(const std::filesystem::path& file,
                                  const ReadExportOptions& options) {
  return ExportReader(file, options).run();
}

}  // namespace origo::storage::audit
