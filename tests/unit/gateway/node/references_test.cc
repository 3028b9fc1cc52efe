#include "gateway/node/references.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <limits>
#include <map>
#include <stdexcept>

#include "gateway/node/history.h"
#include "gateway/node/history_rows.h"
#include "tests/support/stream.h"

namespace origo::gateway {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Date day(const char* text) {
  return *parse_date(text);
}

// A directory in which histories are made.
class ReferencesTest : public testing::Test {
 protected:
  ReferencesTest() {
    std::string name =
        (std::filesystem::temp_directory_path() / "origo-references-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory");
    directory_ = name;
  }
  ~ReferencesTest() override {
    history_.reset();
    std::filesystem::remove_all(directory_);
  }

  void open(const char* name) {
    history_.reset();
    auto opened =
        storage::History::open({.directory = directory_ / name, .create_if_missing = true});
    if (!opened.ok()) throw std::runtime_error(opened.status.message);
    history_ = std::move(opened.value);
  }
  void put(std::uint32_t instrument, const char* date, std::int64_t price) {
    storage::HistoryBatch batch;
    put_reference(batch,
                  {.decided = {.instrument = InstrumentId(instrument),
                               .day = day(date),
                               .price = Price(price),
                               .method = ReferenceMethod::vwap,
                               .volume = Quantity(1),
                               .trades = 1},
                   .time = Instant(5)});
    ASSERT_TRUE(history_->apply(++sequence_, batch).ok());
  }
  [[nodiscard]] ReferenceView view() const { return HistoryView(*history_).references(); }
  static std::vector<std::int64_t> prices(const storage::Outcome<ReferenceList>& found) {
    EXPECT_TRUE(found.ok()) << found.status.message;
    std::vector<std::int64_t> all;
    for (const ReferenceEntry& entry : found.value.entries)
      all.push_back(entry.decided.price.value());
    return all;
  }

  // The first commands of a random stream with calls, recorded with `together` at a commit.
  void record(std::uint64_t commands, std::uint64_t together) {
    Stream stream(12, Calls::some);
    Exchange exchange;
    HistoryRecorder recorder(*history_);
    decided_.clear();
    uncrossed_.clear();
    for (std::uint64_t done = 1; done <= stream.set_up_size() + commands; ++done) {
      const Step step = stream.next(exchange);
      Events events;
      const EventSequence first = next(exchange.event_sequence());
      exchange.apply(step.header, step.command, events);
      for_each_event(events.bytes().data(), events.bytes().size(), [&](const Event& event) {
        if (const auto* decided = std::get_if<ReferencePriceDecided>(&event))
          decided_[{decided->instrument, decided->day}] = {.decided = *decided,
                                                           .time = step.header.time};
        if (const auto* uncrossed = std::get_if<Uncrossed>(&event))
          uncrossed_[uncrossed->instrument] = {.uncrossed = *uncrossed, .time = step.header.time};
      });
      recorder.add({.sequence = exchange.sequence(),
                    .time = step.header.time,
                    .first_event = first,
                    .events = events.bytes()},
                   exchange);
      if (done % together == 0) {
        ASSERT_TRUE(recorder.commit(exchange.sequence()).ok());
      }
    }
    ASSERT_TRUE(recorder.commit(exchange.sequence()).ok());
  }

  // Every byte of the tables whose rows do not depend on how commands were committed.
  [[nodiscard]] std::map<std::string, std::string> bytes() const {
    std::map<std::string, std::string> all;
    for (const storage::HistoryKind kind : {history_rows::kMinutes,
                                            history_rows::kDays,
                                            history_rows::kAttributeDays,
                                            history_rows::kReferences,
                                            history_rows::kReferenceDays,
                                            history_rows::kAuctions}) {
      const storage::Status status =
          history_->scan({.kind = kind, .limit = std::numeric_limits<std::size_t>::max()},
                         [&](std::string_view key, std::string_view value) {
                           all[static_cast<char>(kind) + std::string(key)] = value;
                           return true;
                         });
      EXPECT_TRUE(status.ok()) << status.message;
    }
    return all;
  }

  std::filesystem::path directory_;
  std::unique_ptr<storage::History> history_;
  std::uint64_t sequence_ = 0;
  std::map<std::pair<InstrumentId, Date>, ReferenceEntry> decided_;
  std::map<InstrumentId, AuctionEntry> uncrossed_;
};

TEST_F(ReferencesTest, ArePagedByDay) {
  open("one");
  put(1, "2026-01-30", 10);
  put(2, "2026-01-30", 20);
  put(1, "2026-01-31", 11);
  put(2, "2026-01-31", 21);
  put(1, "2026-02-02", 12);
  const InstrumentId one(1);
  EXPECT_THAT(prices(view().of(one, {})), ElementsAre(10, 11, 12));
  EXPECT_THAT(prices(view().of(one, {.from = day("2026-01-31"), .to = day("2026-02-01")})),
              ElementsAre(11));
  const auto page = view().of(one, {.limit = 2});
  EXPECT_THAT(prices(page), ElementsAre(10, 11));
  const auto rest = view().of(one, {.begin = page.value.next, .limit = 2});
  EXPECT_THAT(prices(rest), ElementsAre(12));
  EXPECT_EQ(rest.value.next, 0U);
  EXPECT_THAT(prices(view().of(InstrumentId(3), {})), IsEmpty());
}

TEST_F(ReferencesTest, OfAllAreByDayThenByInstrument) {
  open("one");
  put(2, "2026-01-30", 20);
  put(1, "2026-01-31", 11);
  put(1, "2026-01-30", 10);
  put(3, "2026-01-31", 31);
  const auto any = [](InstrumentId) { return true; };
  EXPECT_THAT(prices(view().all({}, any)), ElementsAre(10, 20, 11, 31));
  EXPECT_THAT(prices(view().all({.from = day("2026-01-31")}, any)), ElementsAre(11, 31));
  EXPECT_THAT(prices(view().all({}, [](InstrumentId id) { return id != InstrumentId(1); })),
              ElementsAre(20, 31));
  std::vector<std::int64_t> all;
  ReferencePage page{.limit = 1};
  do {
    const auto found = view().all(page, any);
    for (const std::int64_t price : prices(found)) all.push_back(price);
    page.begin = found.value.next;
  } while (page.begin != 0);
  EXPECT_THAT(all, ElementsAre(10, 20, 11, 31));
}

TEST_F(ReferencesTest, TheLastIsOfTheNewestDay) {
  open("one");
  EXPECT_FALSE(view().last(InstrumentId(1)).value.has_value());
  put(1, "2026-01-31", 11);
  put(1, "2026-01-30", 10);
  put(2, "2026-02-01", 20);
  EXPECT_EQ(view().last(InstrumentId(1)).value->decided.price, Price(11));
}

TEST(ReferenceKinds, AnInstrumentNamesWhatItsFilterAsksFor) {
  const std::vector<ClauseSpec> filter{
      {.attribute = "carrier", .any_of = {"biomethane", "hydrogen"}},
      {.attribute = "vintage", .any_of = {}, .min = 2025, .max = 2026}};
  EXPECT_TRUE(names(filter, {}));
  EXPECT_TRUE(names(filter, {.carrier = "hydrogen", .country = "", .vintage = 2026}));
  EXPECT_FALSE(names(filter, {.carrier = "electricity", .country = ""}));
  EXPECT_FALSE(names(filter, {.carrier = "", .country = "FR"}));
  EXPECT_FALSE(names(filter, {.carrier = "", .country = "", .vintage = 2027}));
}

TEST_F(ReferencesTest, AreThoseThatTheCoreDecided) {
  open("one");
  record(6'000, 40);
  ASSERT_GT(decided_.size(), 10U);
  ASSERT_GT(uncrossed_.size(), 2U);
  std::map<InstrumentId, std::size_t> kept;
  for (const auto& [key, wanted] : decided_) {
    const auto found = view().of(key.first, {.from = key.second, .to = key.second});
    ASSERT_EQ(found.value.entries.size(), 1U);
    EXPECT_EQ(encoded(found.value.entries.front()), encoded(wanted));
    ++kept[key.first];
  }
  for (const auto& [instrument, count] : kept)
    EXPECT_EQ(view().of(instrument, {.limit = 10'000}).value.entries.size(), count);
  for (const auto& [instrument, wanted] : uncrossed_) {
    const auto found = HistoryView(*history_).last_auction(instrument);
    ASSERT_TRUE(found.value.has_value());
    EXPECT_EQ(encoded(*found.value), encoded(wanted));
  }
}

// Candles too: a history that was lost is made again with the same bytes, however its commands come
// together.
TEST_F(ReferencesTest, MadeAgainFromTheSameCommandsTheyAreTheSameBytes) {
  open("one");
  record(2'000, 7);
  record(6'000, 40);
  const auto once = bytes();
  ASSERT_GT(once.size(), 300U);
  history_.reset();
  std::filesystem::remove_all(directory_ / "one");
  open("one");
  ASSERT_THAT(bytes(), IsEmpty());
  record(6'000, 1'000);
  EXPECT_EQ(bytes(), once);
}

}  // namespace
}  // namespace origo::gateway
