#include "gateway/node/history.h"

#include <algorithm>
#include <limits>
#include <set>
#include <span>
#include <string_view>

#include "engine/core/ensure.h"
#include "engine/exchange.h"
#include "engine/registry/serial_format.h"
#include "gateway/node/event_scan.h"
#include "gateway/node/history_rows.h"
#include "gateway/node/verification_code.h"

namespace origo::gateway {

namespace {

using namespace history_rows;
using storage::HistoryKind;
using storage::HistoryScan;
using storage::Outcome;

// Whoever asks for one entry reads its whole run.
constexpr std::uint32_t kRunMax = 128;

template <class T>
Outcome<std::vector<T>> scan(const storage::History& history, const HistoryScan& range) {
  Outcome<std::vector<T>> found;
  bool readable = true;
  found.status = history.scan(range, [&](std::string_view, std::string_view value) {
    readable = read(value, found.value.emplace_back());
    return readable;
  });
  if (found.ok() && !readable) found.status = damaged();
  return found;
}

template <class T>
Outcome<std::optional<T>> get(const storage::History& history,
                              HistoryKind kind,
                              const std::string& key) {
  const auto stored = history.get(kind, key);
  Outcome<std::optional<T>> found{.status = stored.status};
  if (!found.ok() || !stored.value) return found;
  if (!read(*stored.value, found.value.emplace())) found.status = damaged();
  return found;
}

// Visits the entries of a run in order, until `visit` says false. False: not such a run.
template <class T, class Visit>
bool read_run(std::string_view value, Visit&& visit) {
  Decoder decoder(reinterpret_cast<const std::uint8_t*>(value.data()), value.size());
  T entry;
  while (!decoder.at_end()) {
    decoder.get(entry);
    if (!decoder.ok()) return false;
    if (!visit(entry)) return true;
  }
  return true;
}

// The entries of `kind` whose numbers an index lists behind `prefix`, from page.after on.
template <class T>
Outcome<std::vector<T>> listed(const storage::History& history,
                               HistoryKind kind,
                               HistoryKind index,
                               const std::string& prefix,
                               HistoryPage page) {
  Outcome<std::vector<T>> found;
  std::vector<std::uint64_t> numbers;
  found.status = history.scan({.kind = index,
                               .prefix = prefix,
                               .from = prefix + key_of(page.after + 1),
                               .limit = page.limit},
                              [&](std::string_view key, std::string_view) {
                                numbers.push_back(number_in(key));
                                return true;
                              });
  for (const std::uint64_t number : numbers) {
    auto one = get<T>(history, kind, key_of(number));
    if (!one.ok()) return {.status = one.status};
    if (!one.value) return {.status = damaged()};
    found.value.push_back(std::move(*one.value));
  }
  return found;
}

// The last key before `number` among those that start with `prefix`; for reverse scans.
std::string key_below(const std::string& prefix, std::uint64_t number) {
  const std::uint64_t last = number == 0 ? std::numeric_limits<std::uint64_t>::max() : number - 1;
  return prefix + key_of(last);
}

}  // namespace

void HistoryRecorder::add(const AppliedCommand& command, const Exchange& exchange) {
  if (command.sequence.value() <= history_.applied_sequence()) return;  // a replay of what is here
  EventSequence sequence = command.first_event;
  for_each_framed(command.events, [&](std::uint16_t number, Body body) {
    if (storage::audit::is_audited(number))
      log_.add(sequence, number, body, command.time, command.sequence);
    switch (number) {
      case event_number<Trade>():
        put_trade(body, command);
        break;
      case event_number<CertificatesIssued>(): {
        const auto event = decode_event<CertificatesIssued>(body);
        if (event.lot.is_set()) put_lot_event(event.lot, sequence, number, body, command);
        break;
      }
      case event_number<CertificatesMoved>(): {
        const auto event = decode_event<CertificatesMoved>(body);
        put_lot_event(event.lot, sequence, number, body, command);
        registers_.add(event, command.time, exchange);
        if (event.reason == MoveReason::trade) prices_.add_delivery(event, exchange);
        break;
      }
      case event_number<SettlementUnwound>():
        put_lot_event(decode_event<SettlementUnwound>(body).lot, sequence, number, body, command);
        break;
      case event_number<SettlementScheduled>():
        prices_.add_deliveries(decode_event<SettlementScheduled>(body).settlement, exchange);
        break;
      case event_number<CertificatesCancelled>(): {
        const auto event = decode_event<CertificatesCancelled>(body);
        put_lot_event(event.details.lot, sequence, number, body, command);
        put_statement(event, sequence, body, command, exchange);
        break;
      }
      case event_number<CertificatesExpired>():
        put_lot_event(decode_event<CertificatesExpired>(body).lot, sequence, number, body, command);
        break;
      case event_number<CertificatesConverted>(): {
        const auto event = decode_event<CertificatesConverted>(body);
        put_lot_event(event.details.lot, sequence, number, body, command);
        registers_.add(event, command.time, exchange);
        break;
      }
      case event_number<CarbonSourcesRecorded>(): {
        const auto recorded = decode_event<CarbonSourcesRecorded>(body);
        std::set<LotId> told;
        for (const CarbonSource& source : recorded.details.sources) {
          if (told.insert(source.lot).second)
            put_lot_event(source.lot, sequence, number, body, command);
        }
        break;
      }
      case event_number<CertificatesWithdrawn>():
        put_lot_event(
            decode_event<CertificatesWithdrawn>(body).lot, sequence, number, body, command);
        break;
      case event_number<HoldingWithdrawn>():
        put_lot_event(decode_event<HoldingWithdrawn>(body).lot, sequence, number, body, command);
        break;
      case event_number<CertificatesFrozen>():
        put_lot_event(
            decode_event<CertificatesFrozen>(body).details.lot, sequence, number, body, command);
        break;
      case event_number<HoldingFrozen>():
        put_lot_event(decode_event<HoldingFrozen>(body).lot, sequence, number, body, command);
        break;
      case event_number<ClaimVoided>(): {
        const auto event = decode_event<ClaimVoided>(body);
        put_lot_event(event.lot, sequence, number, body, command);
        registers_.add(event, command.time, exchange);
        break;
      }
      case event_number<LotFlagged>():
        put_lot_event(decode_event<LotFlagged>(body).lot, sequence, number, body, command);
        break;
      case event_number<UseClaimed>(): {
        const auto event = decode_event<UseClaimed>(body);
        put_lot_event(event.lot, sequence, number, body, command);
        put_claim(event, command, exchange);
        break;
      }
      case event_number<UseVoided>():
        put_lot_event(decode_event<UseVoided>(body).lot, sequence, number, body, command);
        break;
      case event_number<ProofSplit>():
        put_lot_event(decode_event<ProofSplit>(body).lot, sequence, number, body, command);
        break;
      case event_number<ReferencePriceDecided>():
        put_reference(batch_,
                      {.decided = decode_event<ReferencePriceDecided>(body), .time = command.time});
        break;
      case event_number<Uncrossed>(): {
        const AuctionEntry entry{.uncrossed = decode_event<Uncrossed>(body), .time = command.time};
        put(batch_, kAuctions, key_of(entry.uncrossed.instrument.value()), entry);
        break;
      }
      default:
        break;
    }
    sequence = next(sequence);
  });
}

storage::Status HistoryRecorder::commit(Sequence last) {
  end_runs(kTrades, trades_);
  end_runs(kLots, lots_);
  log_.flush();
  if (storage::Status trouble = prices_.flush(); !trouble.ok()) return trouble;
  if (storage::Status trouble = registers_.flush(); !trouble.ok()) return trouble;
  const storage::Status status = history_.apply(last.value(), batch_);
  if (status.ok()) batch_.clear();
  return status;
}

// Where the owner's next entry goes, which has this number.
Bytes& HistoryRecorder::begin_entry(Runs& runs,
                                    HistoryKind kind,
                                    std::uint32_t owner,
                                    std::uint64_t number) {
  Run& run = runs[owner];
  if (run.count == kRunMax) end_run(kind, owner, run);
  if (run.count == 0) run.first = number;
  ++run.count;
  return run.entries;
}

void HistoryRecorder::end_run(HistoryKind kind, std::uint32_t owner, Run& run) {
  if (run.count == 0) return;
  batch_.put(kind,
             key_of(owner, run.first),
             {reinterpret_cast<const char*>(run.entries.data()), run.entries.size()});
  run.count = 0;
  run.entries.clear();
}

void HistoryRecorder::end_runs(HistoryKind kind, Runs& runs) {
  constexpr std::size_t kKept = 1'024;  // buffers that are used again
  for (auto& [owner, run] : runs) end_run(kind, owner, run);
  if (runs.size() > kKept) runs.clear();
}

// The entries as TradeEntry and LotEntry would encode, without taking the event apart.
void HistoryRecorder::put_trade(Body body, const AppliedCommand& command) {
  const auto trade = decode_event<Trade>(body);
  prices_.add(trade, command.time);
  const auto put = [&](InstrumentId instrument) {
    Bytes& out = begin_entry(trades_, kTrades, instrument.value(), trade.trade.value());
    out.insert(out.end(), body.begin(), body.end());
    Encoder encoder(out);
    encoder.put(command.time);
    encoder.put(command.sequence);
  };
  put(trade.instrument);
  if (trade.sell_instrument != trade.instrument) put(trade.sell_instrument);
}

void HistoryRecorder::put_statement(const CertificatesCancelled& event,
                                    EventSequence sequence,
                                    Body body,
                                    const AppliedCommand& command,
                                    const Exchange& exchange) {
  const Registry& registry = exchange.registry();
  const CancelCertificates& details = event.details;
  const Lot& lot = registry.get(details.lot);
  const RegistryBook& book = registry.get(lot.registry);
  const Scheme& scheme = registry.get(lot.scheme);
  const Declaration* const declaration = registry.find(lot.declaration);
  const Account* const account = exchange.parties().find(details.account);
  ENSURE(account != nullptr);
  const Participant* const holder = exchange.parties().find(account->participant);
  ENSURE(holder != nullptr);
  const std::string code = verification_code(command.journal_chain, sequence, body);
  ENSURE(declaration != nullptr);
  StatementEntry entry{.cancellation = event.cancellation,
                       .date = event.date,
                       .command = command.sequence,
                       .account = details.account,
                       .lot = details.lot,
                       .registry = book.code,
                       .registry_name = book.name,
                       .scheme = scheme.code,
                       .scheme_name = scheme.name,
                       .units = details.units,
                       .amount = Measured(details.units.value() * lot.unit_size),
                       .dimension = lot.dimension,
                       .unit_size = lot.unit_size,
                       .ranges = event.ranges,
                       .beneficiary = details.beneficiary,
                       .country = details.country,
                       .purpose = details.purpose,
                       .period = details.period,
                       .note = details.note,
                       .consumption_evidence = details.consumption_evidence,
                       .device = registry.maker_of(lot).name,
                       .device_country = registry.get(lot.device).country,
                       .carrier = declaration->carrier,
                       .production_period = lot.period,
                       .account_name = account->name,
                       .holder = holder->name,
                       .verification_code = print_verification_code(code)};
  for (const SerialRange& range : event.ranges)
    entry.printed.push_back(print_range(registry, lot, range));
  put(batch_, kStatements, key_of(event.cancellation.value()), entry);
  batch_.put(kVerificationCodes, code, key_of(event.cancellation.value()));
  batch_.put(kAccountStatements, key_of(details.account.value(), event.cancellation.value()), {});
}

void HistoryRecorder::put_claim(const UseClaimed& event,
                                const AppliedCommand& command,
                                const Exchange& exchange) {
  const Registry& registry = exchange.registry();
  const ClaimUse& details = event.details;
  ClaimEntry entry{.claim = event.claim,
                   .date = event.date,
                   .command = command.sequence,
                   .cancellation = details.cancellation,
                   .account = event.account,
                   .lot = event.lot,
                   .units = details.units,
                   .use = details.use,
                   .rule = event.rule,
                   .claimant = details.claimant,
                   .period = details.period,
                   .activity = details.activity,
                   .emissions = details.emissions,
                   .reference = details.reference,
                   .ranges = event.ranges};
  for (const SerialRange& range : event.ranges)
    entry.printed.push_back(print_range(registry, registry.get(event.lot), range));
  const std::uint64_t claim = event.claim.value();
  put(batch_, kClaims, key_of(claim), entry);
  batch_.put(kAccountClaims, key_of(event.account.value(), claim), {});
  batch_.put(kCancellationClaims, key_of(details.cancellation.value()) + key_of(claim), {});
}

void HistoryRecorder::put_lot_event(LotId lot,
                                    EventSequence sequence,
                                    std::uint16_t number,
                                    Body body,
                                    const AppliedCommand& command) {
  Bytes& out = begin_entry(lots_, kLots, lot.value(), sequence.value());
  Encoder encoder(out);
  encoder.put(sequence);
  encoder.put(command.time);
  encoder.put(command.sequence);
  encoder.put(number);
  out.insert(out.end(), body.begin(), body.end());
}

Outcome<std::vector<TradeEntry>> HistoryView::trades(InstrumentId instrument,
                                                     HistoryPage page) const {
  const std::string prefix = key_of(instrument.value());
  Outcome<std::vector<TradeEntry>> found;
  std::vector<TradeEntry> run;
  bool readable = true;
  const auto visit = [&](std::string_view, std::string_view value) {
    run.clear();
    readable = read_run<TradeEntry>(value, [&](const TradeEntry& entry) {
      if (page.after == 0 || entry.trade.trade.value() < page.after) run.push_back(entry);
      return true;
    });
    const std::size_t count = std::min(run.size(), page.limit - found.value.size());
    found.value.insert(
        found.value.end(), run.rbegin(), run.rbegin() + static_cast<std::ptrdiff_t>(count));
    return readable && found.value.size() < page.limit;
  };
  if (page.limit == 0) return found;
  found.status = history_.scan({.kind = kTrades,
                                .prefix = prefix,
                                .from = key_below(prefix, page.after),
                                .reverse = true,
                                .limit = std::numeric_limits<std::size_t>::max()},
                               visit);
  if (found.ok() && !readable) found.status = damaged();
  return found;
}

Outcome<std::optional<AuctionEntry>> HistoryView::last_auction(InstrumentId instrument) const {
  return get<AuctionEntry>(history_, kAuctions, key_of(instrument.value()));
}

Outcome<std::optional<StatementEntry>> HistoryView::statement(CancellationId id) const {
  return get<StatementEntry>(history_, kStatements, key_of(id.value()));
}

Outcome<std::optional<StatementEntry>> HistoryView::statement_by_code(
    const std::string& code) const {
  const auto stored = history_.get(kVerificationCodes, code);
  if (!stored.ok() || !stored.value) return {.status = stored.status};
  if (stored.value->size() != sizeof(std::uint64_t)) return {.status = damaged()};
  return statement(CancellationId(number_in(*stored.value)));
}

Outcome<std::vector<StatementEntry>> HistoryView::statements(AccountId account,
                                                             HistoryPage page) const {
  if (!account.is_set()) {
    return scan<StatementEntry>(
        history_, {.kind = kStatements, .from = key_of(page.after + 1), .limit = page.limit});
  }
  return listed<StatementEntry>(
      history_, kStatements, kAccountStatements, key_of(account.value()), page);
}

Outcome<std::vector<ClaimEntry>> HistoryView::claims(AccountId account, HistoryPage page) const {
  if (!account.is_set()) {
    return scan<ClaimEntry>(history_,
                            {.kind = kClaims, .from = key_of(page.after + 1), .limit = page.limit});
  }
  return listed<ClaimEntry>(history_, kClaims, kAccountClaims, key_of(account.value()), page);
}

Outcome<std::vector<ClaimEntry>> HistoryView::claims(CancellationId cancellation,
                                                     HistoryPage page) const {
  return listed<ClaimEntry>(
      history_, kClaims, kCancellationClaims, key_of(cancellation.value()), page);
}

Outcome<std::vector<StatementEntry>> HistoryView::newest_statements(HistoryPage page) const {
  return scan<StatementEntry>(history_,
                              {.kind = kStatements,
                               .from = key_below({}, page.after),
                               .reverse = true,
                               .limit = page.limit});
}

Outcome<std::vector<LotEntry>> HistoryView::lot(LotId id, HistoryPage page) const {
  const std::string prefix = key_of(id.value());
  Outcome<std::vector<LotEntry>> found;
  if (page.limit == 0) return found;
  // The next entry may lie within a run that begins before it.
  std::string from = prefix + key_of(page.after + 1);
  found.status =
      history_.scan({.kind = kLots, .prefix = prefix, .from = from, .reverse = true, .limit = 1},
                    [&](std::string_view key, std::string_view) {
                      from = key;
                      return true;
                    });
  if (!found.ok()) return found;
  bool readable = true;
  const auto visit = [&](std::string_view, std::string_view value) {
    readable = read_run<LotEntry>(value, [&](const LotEntry& entry) {
      if (entry.sequence.value() > page.after) found.value.push_back(entry);
      return found.value.size() < page.limit;
    });
    return readable && found.value.size() < page.limit;
  };
  found.status = history_.scan({.kind = kLots,
                                .prefix = prefix,
                                .from = from,
                                .limit = std::numeric_limits<std::size_t>::max()},
                               visit);
  if (found.ok() && !readable) found.status = damaged();
  return found;
}

}  // namespace origo::gateway
