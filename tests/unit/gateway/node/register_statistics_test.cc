#include "gateway/node/register_statistics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <stdexcept>

#include "gateway/node/candle.h"
#include "gateway/node/history.h"
#include "gateway/node/history_rows.h"
#include "gateway/node/register_balance.h"
#include "tests/support/stream.h"

namespace origo::gateway {
namespace {

TEST(RegisterFlows, CloseWithWhatIsLeft) {
  RegisterFlows flows{.opening = Units(100), .issued = Units(50), .entered_otherwise = Units(7)};
  flows.transferred = Units(80);
  flows.traded = Units(60);
  flows.cancelled = Units(20);
  flows.converted = Units(5);
  flows.expired = Units(10);
  flows.withdrawn = Units(3);
  flows.left_otherwise = Units(2);
  flows.voided = Units(20);
  EXPECT_EQ(flows.closing(), Units(122));
}

// Whatever reasons there will be, stock is right: in or out is told by the accounts.
TEST(RegisterFlows, AreTotalOverReasons) {
  constexpr auto kNew = static_cast<MoveReason>(99);
  CertificatesMoved moved{.lot = LotId(1), .reason = kNew};
  moved.to = AccountId(2);
  EXPECT_EQ(storage::audit::sum_of(moved), &RegisterFlows::entered_otherwise);
  moved.from = AccountId(1);
  EXPECT_EQ(storage::audit::sum_of(moved), &RegisterFlows::transferred);
  moved.to = AccountId();
  EXPECT_EQ(storage::audit::sum_of(moved), &RegisterFlows::left_otherwise);
}

TEST(RegisterFlows, StopAtTheLargestNumber) {
  Units sum(INT64_MAX - 1);
  add_to(sum, Units(5));
  EXPECT_EQ(sum, Units(INT64_MAX));
  EXPECT_EQ(amount_of(Units(INT64_MAX / 2), 1'000'000), INT64_MAX);
  const RegisterFlows flows{.opening = Units(INT64_MAX), .issued = Units(INT64_MAX)};
  EXPECT_EQ(flows.closing(), Units(INT64_MAX));
}

TEST(RegisterMonths, AreWrittenAsYearAndMonth) {
  EXPECT_EQ(parse_month("2026-02"), make_date(2026, 2, 1));
  EXPECT_EQ(month_text(*make_date(2026, 2, 1)), "2026-02");
  for (const char* text : {"", "2026", "2026-13", "2026-00", "2026-2", "2026-02-01", "abcdefg"})
    EXPECT_FALSE(parse_month(text).has_value()) << text;
  EXPECT_TRUE(is_month_token(""));
  EXPECT_TRUE(is_month_token("00ff"));
  for (const char* text : {"0", "0G", "00FF", "-1", " 0"}) EXPECT_FALSE(is_month_token(text));
  EXPECT_FALSE(is_month_token(std::string(2'000, '0')));
}

// A run of the random stream with its history, beside the plain list of what moved.
class RegisterStatisticsTest : public testing::Test {
 protected:
  using Months = std::map<std::pair<RegisterKind, Date>, RegisterFlows>;

  RegisterStatisticsTest() {
    std::string name = (std::filesystem::temp_directory_path() / "origo-register-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory");
    directory_ = name;
  }
  ~RegisterStatisticsTest() override { std::filesystem::remove_all(directory_); }

  void open(const char* name) {
    recorder_.reset();
    history_.reset();
    auto opened =
        storage::History::open({.directory = directory_ / name, .create_if_missing = true});
    if (!opened.ok()) throw std::runtime_error(opened.status.message);
    history_ = std::move(opened.value);
    recorder_ = std::make_unique<HistoryRecorder>(*history_);
  }

  // Applies the stream's first `commands`, `together` at a commit; at the end the issuing body
  // takes certificates back and a good year passes, so that the rest expires.
  void record(std::uint64_t commands, std::uint64_t together) {
    Stream stream(seed_);
    exchange_ = Exchange();
    told_.clear();
    counted_issued_ = 0;
    for (std::uint64_t done = 1; done <= stream.set_up_size() + commands; ++done) {
      const Step step = stream.next(exchange_);
      apply(step.header, step.command);
      if (done % together == 0) commit();
    }
    commit();
  }

  void apply(const CommandHeader& header, const Command& command) {
    Events events;
    const EventSequence first = next(exchange_.event_sequence());
    exchange_.apply(header, command, events);
    for_each_event(events.bytes().data(), events.bytes().size(), [&](const Event& event) {
      note(event, header.time);
    });
    last_ = header;
    recorder_->add({.sequence = exchange_.sequence(),
                    .time = header.time,
                    .first_event = first,
                    .events = events.bytes()},
                   exchange_);
  }

  void commit() { ASSERT_TRUE(recorder_->commit(exchange_.sequence()).ok()); }

  void tick(std::int64_t nanoseconds) {
    const CommandHeader header{.sequence = next(last_.sequence),
                               .time = Instant(last_.time.ns() + nanoseconds)};
    apply(header, Tick{.sweep_limit = 10'000});
  }

  void note(const Event& event, Instant time) {
    const auto flows = [&](LotId lot) -> RegisterFlows& {
      const Registry& registry = exchange_.registry();
      return told_[{kind_of(registry, registry.get(lot)),
                    date_of(start_of(Interval::month, time))}];
    };
    if (const auto* moved = std::get_if<CertificatesMoved>(&event)) {
      const Units units = moved->range.count;
      RegisterFlows& sums = flows(moved->lot);
      const auto is = [&](MoveReason reason) { return moved->reason == reason; };
      if (moved->from.is_set() && moved->to.is_set()) sums.transferred += units;
      if (is(MoveReason::trade)) sums.traded += units;
      if (!moved->from.is_set())
        (is(MoveReason::issuance) ? sums.issued : sums.entered_otherwise) += units;
      if (!moved->to.is_set())
        (is(MoveReason::cancellation) ? sums.cancelled
         : is(MoveReason::expiry)     ? sums.expired
         : is(MoveReason::withdrawal) ? sums.withdrawn
                                      : sums.left_otherwise) += units;
    }
    if (const auto* issued = std::get_if<CertificatesIssued>(&event))
      counted_issued_ += issued->units.value();
  }

  // All months, in pages of `limit`.
  std::vector<RegisterMonth> kept(const WantedMonths& wanted, std::size_t limit) {
    std::vector<RegisterMonth> all;
    RegisterPage page{.limit = limit};
    do {
      const auto found = HistoryView(*history_).registers().months(wanted, page);
      EXPECT_TRUE(found.ok()) << found.status.message;
      EXPECT_LE(found.value.entries.size(), limit);
      EXPECT_TRUE(is_month_token(found.value.next));
      all.insert(all.end(), found.value.entries.begin(), found.value.entries.end());
      page.begin = found.value.next;
    } while (!page.begin.empty());
    return all;
  }

  // Everything that the statistics consist of, as stored.
  std::string stored() {
    std::string all;
    for (const storage::HistoryKind kind :
         {history_rows::kRegisterMonths, history_rows::kRegisterKinds}) {
      const auto status = history_->scan({.kind = kind, .limit = 100'000},
                                         [&](std::string_view key, std::string_view value) {
                                           all.append(key).append("=").append(value).append("\n");
                                           return true;
                                         });
      EXPECT_TRUE(status.ok());
    }
    return all;
  }

  std::vector<RegisterBalance> balances() {
    const auto totals = HistoryView(*history_).registers().totals();
    EXPECT_TRUE(totals.ok());
    return reconcile(exchange_, totals.value);
  }

  void expect_all() {
    const std::vector<RegisterMonth> months = kept({}, 1'000);
    ASSERT_EQ(months.size(), told_.size());
    std::map<RegisterKind, Units> stock;
    Units issued;
    for (const RegisterMonth& month : months) {
      SCOPED_TRACE(month.kind.carrier + " of " + month.kind.country + " in " +
                   month_text(month.month));
      const auto told = told_.find({month.kind, month.month});
      ASSERT_NE(told, told_.end());
      const RegisterFlows& wanted = told->second;
      EXPECT_EQ(month.flows.opening, stock[month.kind]);
      EXPECT_EQ(month.flows.issued, wanted.issued);
      EXPECT_EQ(month.flows.transferred, wanted.transferred);
      EXPECT_EQ(month.flows.traded, wanted.traded);
      EXPECT_EQ(month.flows.cancelled, wanted.cancelled);
      EXPECT_EQ(month.flows.expired, wanted.expired);
      EXPECT_EQ(month.flows.withdrawn, wanted.withdrawn);
      EXPECT_EQ(month.flows.entered_otherwise, wanted.entered_otherwise);
      EXPECT_EQ(month.flows.left_otherwise, wanted.left_otherwise);
      stock[month.kind] += wanted.issued + wanted.entered_otherwise - wanted.cancelled -
                           wanted.expired - wanted.withdrawn - wanted.left_otherwise;
      EXPECT_EQ(month.flows.closing(), stock[month.kind]);
      issued += month.flows.issued;
    }
    EXPECT_EQ(issued.value(), counted_issued_);
    for (const RegisterBalance& balance : balances()) {
      EXPECT_TRUE(balance.agrees()) << balance.kind.carrier << " " << balance.kind.country;
      EXPECT_EQ(balance.held, stock[balance.kind]);
    }
  }

  std::uint64_t seed_ = 11;
  std::filesystem::path directory_;
  std::unique_ptr<storage::History> history_;
  std::unique_ptr<HistoryRecorder> recorder_;
  Exchange exchange_;
  CommandHeader last_;
  Months told_;
  std::int64_t counted_issued_ = 0;
};

TEST_F(RegisterStatisticsTest, AreWhatMovedAndReconcileWithTheLedger) {
  open("one");
  record(8'000, 40);
  // The stream trades, transfers, cancels and issues; a year later what is left has expired.
  for (int month = 0; month < 14; ++month) tick(31 * kDayNs);
  commit();
  RegisterFlows sums;
  for (const auto& [of, flows] : told_) {
    sums.issued += flows.issued;
    sums.transferred += flows.transferred;
    sums.traded += flows.traded;
    sums.cancelled += flows.cancelled;
    sums.expired += flows.expired;
  }
  EXPECT_TRUE(sums.issued.is_positive() && sums.cancelled.is_positive() &&
              sums.expired.is_positive() && sums.traded.is_positive() &&
              sums.transferred > sums.traded);
  expect_all();
}

TEST_F(RegisterStatisticsTest, ADifferenceIsSeen) {
  open("one");
  record(2'000, 40);
  auto totals = HistoryView(*history_).registers().totals();
  ASSERT_TRUE(totals.ok());
  ASSERT_GT(totals.value.size(), 1U);
  for (Units RegisterFlows::*sum : {&RegisterFlows::issued,
                                    &RegisterFlows::cancelled,
                                    &RegisterFlows::expired,
                                    &RegisterFlows::withdrawn,
                                    &RegisterFlows::voided}) {
    auto wrong = totals.value;
    wrong[1].ever.*sum += Units(1);
    const auto compared = reconcile(exchange_, wrong);
    EXPECT_EQ(std::ranges::count_if(compared, [](const auto& one) { return !one.agrees(); }), 1);
  }
  totals.value.pop_back();  // a kind that the statistics do not know
  const auto compared = reconcile(exchange_, totals.value);
  EXPECT_EQ(std::ranges::count_if(compared, [](const auto& one) { return !one.agrees(); }), 1);
}

// A recorder that begins within a month goes on where the one before it stopped, what it hears
// again counts once, and a history made anew holds the same bytes.
TEST_F(RegisterStatisticsTest, AreTheSameHoweverOftenTheyAreMade) {
  open("one");
  record(1'500, 7);
  open("one");
  record(3'000, 1);
  open("one");
  record(4'500, 1'000);
  const std::string grown = stored();
  open("two");
  record(4'500, 13);
  EXPECT_EQ(stored(), grown);
  EXPECT_GT(grown.size(), 500U);
}

TEST_F(RegisterStatisticsTest, AreFoundByWhatIsAskedFor) {
  open("one");
  record(4'000, 40);
  for (int month = 0; month < 14; ++month) tick(31 * kDayNs);
  commit();
  const std::vector<RegisterMonth> all = kept({}, 1'000);
  ASSERT_GT(all.size(), 4U);
  const auto same = [](const std::vector<RegisterMonth>& found,
                       const std::vector<RegisterMonth>& of,
                       const auto& take) {
    std::vector<Bytes> wanted;
    for (const RegisterMonth& month : of)
      if (take(month)) wanted.push_back(encoded(month));
    std::vector<Bytes> got;
    for (const RegisterMonth& month : found) got.push_back(encoded(month));
    EXPECT_EQ(got, wanted);
  };
  const RegisterMonth& one = all[all.size() / 2];
  for (const std::size_t limit : {1U, 3U, 1'000U}) {
    same(kept({}, limit), all, [](const auto&) { return true; });
    same(kept({.registry = RegistryId(2)}, limit), all, [](const auto& month) {
      return month.kind.registry == RegistryId(2);
    });
    same(kept({.carrier = one.kind.carrier, .country = one.kind.country}, limit),
         all,
         [&](const auto& month) {
           return month.kind.carrier == one.kind.carrier && month.kind.country == one.kind.country;
         });
    for (const RegistryId registry : {RegistryId(), one.kind.registry}) {
      same(kept({.registry = registry, .from = one.month, .to = one.month}, limit),
           all,
           [&](const auto& month) {
             return month.month == one.month &&
                    (!registry.is_set() || month.kind.registry == registry);
           });
      same(kept({.registry = registry, .to = one.month}, limit), all, [&](const auto& month) {
        return month.month <= one.month && (!registry.is_set() || month.kind.registry == registry);
      });
    }
  }
  EXPECT_THAT(kept({.carrier = "nothing"}, 10), testing::IsEmpty());
  EXPECT_THAT(kept({.registry = RegistryId(99)}, 10), testing::IsEmpty());
}

}  // namespace
}  // namespace origo::gateway
