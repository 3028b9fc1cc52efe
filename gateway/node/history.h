#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/core/command.h"
#include "engine/core/event.h"
#include "gateway/node/event_recorder.h"
#include "gateway/node/prices.h"
#include "gateway/node/references.h"
#include "gateway/node/register_log.h"
#include "gateway/node/register_statistics.h"
#include "storage/history.h"

// The past that the core forgets, in storage/history: what is kept, how it is written and read.
namespace origo::gateway {

struct TradeEntry {
  Trade trade;
  Instant time;
  Sequence command;  // that caused it
};

// What certificates of a cancellation are used for.
struct ClaimEntry {
  ClaimId claim;
  Date date;
  Sequence command;
  CancellationId cancellation;
  AccountId account;
  LotId lot;
  Units units;
  std::string use;       // code
  std::string rule;      // name of the claim rule that allows it
  std::string claimant;  // who uses them
  Period period;         // that is reported on
  std::string activity;
  Measured emissions;  // of the activity, in g CO2e; 0: not stated
  std::string reference;
  std::vector<SerialRange> ranges;
  std::vector<std::string> printed;
  // Withdrawn since: the claim does not hold for them. Filled in as StatementEntry::voided is.
  std::vector<SerialRange> voided;
  std::vector<std::string> voided_printed;
};

// The public statement of a cancellation: everything it shows, as it was on the day.
struct StatementEntry {
  CancellationId cancellation;
  Date date;
  Sequence command;
  AccountId account;
  LotId lot;
  std::string registry;  // code
  std::string registry_name;
  std::string scheme;  // code
  std::string scheme_name;
  Units units;
  Measured amount;  // Wh or g CO2e
  Dimension dimension = Dimension::energy_wh;
  std::int64_t unit_size = 0;  // Wh or g CO2e in one unit
  std::vector<SerialRange> ranges;
  std::vector<std::string> printed;  // each range as "first - last" serial numbers
  std::string beneficiary;
  std::string country;  // of consumption
  std::string purpose;
  Period period;  // of consumption; both dates unset: none
  std::string note;
  std::string consumption_evidence;
  std::string device;  // name
  std::string device_country;
  std::string carrier;
  Period production_period;
  std::string account_name;
  std::string holder;             // the account's participant
  std::string verification_code;  // as printed; see verification_code.h
  // What has become of it since, as tell_since() fills it in: withdrawn, so that nothing can be
  // claimed with it; used; neither.
  std::vector<SerialRange> voided;
  std::vector<std::string> voided_printed;
  std::vector<ClaimEntry> claims;
  bool more_claims = false;  // than are in `claims`
  Units unclaimed;
};

// An event in the life of a lot.
struct LotEntry {
  EventSequence sequence;
  Instant time;
  Sequence command;
  Event event;  // CertificatesIssued, -Moved, -Cancelled, -Expired, -Converted, -Withdrawn,
                // -Frozen, HoldingWithdrawn, HoldingFrozen, ClaimVoided, LotFlagged, UseClaimed,
                // UseVoided, ProofSplit
};

// The last uncross of an instrument.
struct AuctionEntry {
  Uncrossed uncrossed;
  Instant time;
};

BOOST_DESCRIBE_STRUCT(AuctionEntry, (), (uncrossed, time))
BOOST_DESCRIBE_STRUCT(TradeEntry, (), (trade, time, command))
BOOST_DESCRIBE_STRUCT(ClaimEntry,
                      (),
                      (claim,
                       date,
                       command,
                       cancellation,
                       account,
                       lot,
                       units,
                       use,
                       rule,
                       claimant,
                       period,
                       activity,
                       emissions,
                       reference,
                       ranges,
                       printed,
                       voided,
                       voided_printed))
BOOST_DESCRIBE_STRUCT(StatementEntry,
                      (),
                      (cancellation,
                       date,
                       command,
                       account,
                       lot,
                       registry,
                       registry_name,
                       scheme,
                       scheme_name,
                       units,
                       amount,
                       dimension,
                       unit_size,
                       ranges,
                       printed,
                       beneficiary,
                       country,
                       purpose,
                       period,
                       note,
                       consumption_evidence,
                       device,
                       device_country,
                       carrier,
                       production_period,
                       account_name,
                       holder,
                       verification_code,
                       voided,
                       voided_printed,
                       claims,
                       more_claims,
                       unclaimed))
BOOST_DESCRIBE_STRUCT(LotEntry, (), (sequence, time, command, event))

// Writes entries from events. Holds what was added in memory until commit().
//
// Trades and the lives of lots are written in runs: one key for the entries that an instrument or a
// lot got between two commits, as a key costs more than what is under it. What a replay tells again
// of commands that are written already is passed over.
class HistoryRecorder final : public EventRecorder {
 public:
  explicit HistoryRecorder(storage::History& history)
      : history_(history), prices_(history, batch_), registers_(history, batch_), log_(batch_) {}

  void add(const AppliedCommand& command, const Exchange& exchange) override;
  storage::Status commit(Sequence last) override;

 private:
  using Body = std::span<const std::uint8_t>;
  // Entries of one owner, end to end, under the number of the first.
  struct Run {
    std::uint64_t first = 0;
    std::uint32_t count = 0;
    Bytes entries;
  };
  // By owner. In order, so that the same events leave the same batch.
  using Runs = std::map<std::uint32_t, Run>;

  void put_trade(Body body, const AppliedCommand& command);
  void put_statement(const CertificatesCancelled& event,
                     EventSequence sequence,
                     Body body,
                     const AppliedCommand& command,
                     const Exchange& exchange);
  void put_claim(const UseClaimed& event, const AppliedCommand& command, const Exchange& exchange);
  void put_lot_event(LotId lot,
                     EventSequence sequence,
                     std::uint16_t number,
                     Body body,
                     const AppliedCommand& command);
  Bytes& begin_entry(Runs& runs,
                     storage::HistoryKind kind,
                     std::uint32_t owner,
                     std::uint64_t number);
  void end_run(storage::HistoryKind kind, std::uint32_t owner, Run& run);
  void end_runs(storage::HistoryKind kind, Runs& runs);

  storage::History& history_;
  storage::HistoryBatch batch_;
  PriceRecorder prices_;
  RegisterRecorder registers_;
  RegisterLogRecorder log_;
  Runs trades_;
  Runs lots_;
};

// A page of a list: at most `limit` entries, beginning behind `after` (0: at the start).
struct HistoryPage {
  std::uint64_t after = 0;
  std::size_t limit = 100;
};

// Reads entries. Any thread. An entry that cannot be read back is a damaged history: `status` says
// so.
class HistoryView {
 public:
  explicit HistoryView(const storage::History& history) : history_(history) {}

  [[nodiscard]] PriceView prices() const { return PriceView(history_); }
  [[nodiscard]] ReferenceView references() const { return ReferenceView(history_); }
  [[nodiscard]] RegisterView registers() const { return RegisterView(history_); }
  [[nodiscard]] RegisterLogView register_log() const { return RegisterLogView(history_); }

  // The last command whose entries are here.
  [[nodiscard]] Sequence sequence() const { return Sequence(history_.applied_sequence()); }

  // Newest first: those with a trade id below page.after.
  [[nodiscard]] storage::Outcome<std::vector<TradeEntry>> trades(InstrumentId instrument,
                                                                 HistoryPage page) const;

  // Nothing: there was none yet.
  [[nodiscard]] storage::Outcome<std::optional<AuctionEntry>> last_auction(
      InstrumentId instrument) const;

  [[nodiscard]] storage::Outcome<std::optional<StatementEntry>> statement(CancellationId id) const;

  // The one whose verification code it is, in the form of parse_verification_code(); nothing for
  // any other.
  [[nodiscard]] storage::Outcome<std::optional<StatementEntry>> statement_by_code(
      const std::string& code) const;

  // Oldest first: those with an id above page.after, of one account or (unset) of all.
  [[nodiscard]] storage::Outcome<std::vector<StatementEntry>> statements(AccountId account,
                                                                         HistoryPage page) const;

  // Newest first, of all accounts: those with an id below page.after.
  [[nodiscard]] storage::Outcome<std::vector<StatementEntry>> newest_statements(
      HistoryPage page) const;

  // Oldest first: those with an id above page.after, of one account (unset: of all), or of one
  // cancellation.
  [[nodiscard]] storage::Outcome<std::vector<ClaimEntry>> claims(AccountId account,
                                                                 HistoryPage page) const;
  [[nodiscard]] storage::Outcome<std::vector<ClaimEntry>> claims(CancellationId cancellation,
                                                                 HistoryPage page) const;

  // Oldest first: those with an event sequence above page.after.
  [[nodiscard]] storage::Outcome<std::vector<LotEntry>> lot(LotId id, HistoryPage page) const;

 private:
  const storage::History& history_;
};

}  // namespace origo::gateway
