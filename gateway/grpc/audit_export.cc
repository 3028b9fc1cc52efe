#include "gateway/grpc/audit_export.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <set>
#include <vector>

#include "engine/registry/serial_format.h"
#include "gateway/node/journal_period.h"
#include "storage/audit/export_writer.h"

namespace origo::gateway {
namespace {

using namespace storage::audit;

constexpr std::size_t kPieceMax = std::size_t{256} << 10U;
constexpr std::size_t kSliceBytes = std::size_t{1} << 20U;  // of the journal, at once
constexpr std::chrono::seconds kReaderPatience{10};

grpc::Status unreadable(const storage::Status& status) {
  return {grpc::StatusCode::DATA_LOSS, status.message};
}

// The lots and accounts that a described structure names, whatever it is.
class Named {
 public:
  void look(LotId id) { lots.insert(id); }
  void look(AccountId id) { accounts.insert(id); }
  template <class T>
  void look(const std::vector<T>& all) {
    for (const T& one : all) look(one);
  }
  template <class T>
  void look(const T& value) {
    if constexpr (encoding::Described<T>) {
      boost::mp11::mp_for_each<encoding::Members<T>>(
          [&](auto member) { look(value.*member.pointer); });
    }
  }

  std::set<LotId> lots;
  std::set<AccountId> accounts;
};

LotFacts facts_of(const Registry& registry, const Lot& lot) {
  return {.lot = lot.id,
          .registry = registry.get(lot.registry).code,
          .scheme = registry.get(lot.scheme).code,
          .device = lot.device,
          .device_name = registry.maker_of(lot).name,
          .country = registry.get(lot.device).country,
          .carrier = registry.find(lot.declaration)->carrier,
          .period = lot.period,
          .dimension = lot.dimension,
          .unit_size = lot.unit_size,
          .first_serial = print_serial(registry, lot, Serial(1))};
}

class AuditExport {
 public:
  AuditExport(const NodeAccess& node, const std::function<bool(const v1::AuditPiece&)>& sink)
      : node_(node), sink_(sink), writer_([this](storage::Bytes bytes) { return send(bytes); }) {}

  grpc::Status run(Date from, Date to);

 private:
  bool send(storage::Bytes bytes);
  grpc::Status write_head(Date from, Date to);
  grpc::Status write_batches();
  grpc::Status write_events();
  bool write_facts(const std::vector<ExportEntry>& entries, grpc::Status& status);
  static grpc::Status gone() { return {grpc::StatusCode::CANCELLED, "nobody reads the export"}; }

  const NodeAccess& node_;
  const std::function<bool(const v1::AuditPiece&)>& sink_;
  ExportWriter writer_;
  v1::AuditPiece piece_;
  JournalPeriod period_;
  std::vector<bool> told_lots_;  // by id
  std::vector<bool> told_accounts_;
};

bool AuditExport::send(storage::Bytes bytes) {
  while (!bytes.empty()) {
    const storage::Bytes part = bytes.first(std::min(bytes.size(), kPieceMax));
    piece_.set_data(part.data(), part.size());
    if (!sink_(piece_)) return false;
    bytes = bytes.subspan(part.size());
  }
  return true;
}

grpc::Status AuditExport::run(Date from, Date to) {
  grpc::Status status = write_head(from, to);
  if (status.ok()) status = write_batches();
  if (status.ok()) status = write_events();
  if (status.ok() && !writer_.end()) status = gone();
  return status;
}

grpc::Status AuditExport::write_head(Date from, Date to) {
  // What the history shows is durable, and ends with a batch.
  const auto period = find_period(*node_.journal, from, to, node_.history.sequence());
  if (!period.ok()) return unreadable(period.status);
  period_ = period.value;
  const NodeStatus now = node_.status();
  ExportHead head{.version = now.version,
                  .from = from,
                  .to = to,
                  .made_at = now.now,
                  .first = period_.first,
                  .last = period_.last};
  std::memcpy(head.chain_before.data(), period_.chain_before.data(), head.chain_before.size());
  const auto deadline = std::chrono::steady_clock::now() + kReaderPatience;
  const ReadOutcome outcome =
      node_.reader.read(Sequence(), deadline, [&](const Exchange& exchange, Sequence) {
        const Participant* const venue = exchange.parties().find(ParticipantId(1));
        if (venue != nullptr) head.venue = venue->name;
      });
  if (outcome != ReadOutcome::done) return {grpc::StatusCode::UNAVAILABLE, "the node is ending"};
  // Events are fewer or more than commands: the bar is by commands, half of it for each.
  piece_.set_all(2 * (period_.last.value() + 1 - period_.first.value()));
  return writer_.begin(head) ? grpc::Status::OK : gone();
}

grpc::Status AuditExport::write_batches() {
  struct Copied {
    storage::BatchView view;
    std::vector<std::byte> bytes;
    storage::Chain chain{};
  };
  std::uint64_t next = period_.first.value();
  while (next <= period_.last.value()) {
    std::vector<Copied> slice;
    std::size_t bytes = 0;
    const storage::Status status = node_.journal->read(
        next, [&](const storage::BatchView& batch, const storage::Chain& chain) {
          Copied& copy = slice.emplace_back();
          copy.bytes.assign(batch.bytes.begin(), batch.bytes.end());
          copy.view = {.first_sequence = batch.first_sequence, .count = batch.count};
          copy.chain = chain;
          bytes += batch.bytes.size();
          next = batch.last_sequence() + 1;
          return bytes < kSliceBytes && next <= period_.last.value();
        });
    if (!status.ok()) return unreadable(status);
    if (slice.empty())
      return {grpc::StatusCode::DATA_LOSS, "the journal ends before its own last command"};
    for (Copied& copy : slice) {
      copy.view.bytes = copy.bytes;
      piece_.set_done(copy.view.first_sequence - period_.first.value());
      if (!writer_.add(copy.view, copy.chain)) return gone();
    }
  }
  return grpc::Status::OK;
}

grpc::Status AuditExport::write_events() {
  const std::uint64_t commands = period_.last.value() + 1 - period_.first.value();
  RegisterLogPage page{.first = period_.first, .last = period_.last};
  bool more = commands > 0;
  Bytes bytes;
  while (more) {
    const auto found = node_.history.register_log().page(page);
    if (!found.ok()) return unreadable(found.status);
    const std::vector<ExportEntry>& entries = found.value.entries;
    if (entries.empty()) break;
    grpc::Status status;
    if (!write_facts(entries, status)) return status.ok() ? gone() : status;
    bytes.clear();
    for (const ExportEntry& entry : entries) Encoder(bytes).put(entry);
    piece_.set_done(commands + entries.back().command.value() - period_.first.value());
    if (!writer_.add_events(bytes, entries.size())) return gone();
    page.first = entries.back().command;
    page.after = entries.back().sequence;
    more = found.value.more;
  }
  piece_.set_done(2 * commands);
  return grpc::Status::OK;
}

// Of the lots and accounts that were not told yet.
bool AuditExport::write_facts(const std::vector<ExportEntry>& entries, grpc::Status& status) {
  Named named;
  for (const ExportEntry& entry : entries)
    std::visit([&](const auto& event) { named.look(event); }, entry.event);
  const auto fresh = [](std::vector<bool>& told, std::uint32_t id) {
    if (told.size() <= id) told.resize(id + std::size_t{1});
    const bool before = told[id];
    told[id] = true;
    return !before;
  };
  ExportFacts facts;
  const auto deadline = std::chrono::steady_clock::now() + kReaderPatience;
  const ReadOutcome outcome =
      node_.reader.read(Sequence(), deadline, [&](const Exchange& exchange, Sequence) {
        for (const LotId id : named.lots) {
          const Lot* const lot = exchange.registry().find(id);
          if (lot != nullptr && fresh(told_lots_, id.value()))
            facts.lots.push_back(facts_of(exchange.registry(), *lot));
        }
        for (const AccountId id : named.accounts) {
          const Account* const account = exchange.parties().find(id);
          if (account == nullptr || !fresh(told_accounts_, id.value())) continue;
          facts.accounts.push_back(
              {.account = id,
               .name = account->name,
               .participant = account->participant,
               .participant_name = exchange.parties().find(account->participant)->name});
        }
      });
  if (outcome != ReadOutcome::done) {
    status = {grpc::StatusCode::UNAVAILABLE, "the node is ending"};
    return false;
  }
  return (facts.lots.empty() && facts.accounts.empty()) || writer_.add(facts);
}

}  // namespace

grpc::Status export_audit(const NodeAccess& node,
                          Date from,
                          Date to,
                          const std::function<bool(const v1::AuditPiece&)>& sink) {
  return AuditExport(node, sink).run(from, to);
}

}  // namespace origo::gateway
