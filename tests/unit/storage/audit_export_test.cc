#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>

#include "proto/codec/record.h"
#include "storage/audit/export_reader.h"
#include "storage/audit/export_writer.h"
#include "storage/crc32c.h"
#include "storage/little_endian.h"
#include "storage/replay.h"
#include "tests/support/stream.h"
#include "tests/unit/storage/temporary_directory.h"

namespace origo::storage::audit {
namespace {

using testing::HasSubstr;

// The exports of a seeded run: of all of it, or of its second half.
class AuditExportTest : public testing::Test {
 protected:
  struct Kept {
    std::vector<std::byte> bytes;
    Chain chain{};
    std::uint64_t first = 0;
    std::uint32_t count = 0;
  };

  AuditExportTest() : file_(directory_.path() / "export") {
    Stream stream(11);
    BatchBuilder batch;
    Hasher hasher;
    const std::uint64_t commands = stream.set_up_size() + 300;
    std::uint64_t sequence = 0;
    while (sequence < commands) {
      // A batch has one time: the stream's clock stands still within it.
      batch.start(sequence + 1);
      Instant time;
      for (int i = 0; i < 7 && sequence < commands; ++i) {
        Step step = stream.next(exchange_);
        if (i == 0) time = std::max(step.header.time, last_time_);
        step.header.time = time;
        origo::Bytes record;
        proto::append_record(step.header, step.command, record);
        batch.add(as_bytes(record));
        apply(step);
        ++sequence;
      }
      last_time_ = time;
      chain_ = hasher.extend(chain_, batch.bytes());
      batches_.push_back({.bytes = {batch.bytes().begin(), batch.bytes().end()},
                          .chain = chain_,
                          .first = batch.first_sequence(),
                          .count = batch.count()});
    }
  }

  void apply(const Step& step) {
    Events events;
    EventSequence number = exchange_.event_sequence();
    exchange_.apply(step.header, step.command, events);
    for_each_event(events.bytes().data(), events.bytes().size(), [&](const Event& event) {
      number = next(number);
      if (is_audited(static_cast<std::uint16_t>(event.index() + 1)))
        entries_.push_back({.sequence = number,
                            .time = step.header.time,
                            .command = step.header.sequence,
                            .event = event});
    });
  }

  // Writes batches begin..end - 1 and their events.
  void write(std::size_t begin, std::size_t end) {
    std::ofstream out(file_, std::ios::binary);
    ExportWriter writer([&](Bytes bytes) {
      out.write(reinterpret_cast<const char*>(bytes.data()),
                static_cast<std::streamsize>(bytes.size()));
      return true;
    });
    const Sequence first(begin == batches_.size() ? batches_.back().first + batches_.back().count
                                                  : batches_[begin].first);
    const Sequence last(end == 0 ? 0 : batches_[end - 1].first + batches_[end - 1].count - 1);
    ExportHead head{.venue = "Venue",
                    .version = "1",
                    .from = Date(1),
                    .to = kNever,
                    .made_at = last_time_,
                    .first = first,
                    .last = last};
    if (begin > 0) std::memcpy(head.chain_before.data(), batches_[begin - 1].chain.data(), 32);
    ASSERT_TRUE(writer.begin(head));
    for (std::size_t i = begin; i < end; ++i)
      ASSERT_TRUE(writer.add(BatchView{.first_sequence = batches_[i].first,
                                       .count = batches_[i].count,
                                       .bytes = batches_[i].bytes},
                             batches_[i].chain));
    ASSERT_TRUE(writer.add(ExportFacts{.lots = {{.lot = LotId(1), .registry = "R"}}}));
    origo::Bytes bytes;
    std::uint64_t count = 0;
    for (const ExportEntry& entry : entries_) {
      if (entry.command < first || entry.command > last) continue;
      Encoder(bytes).put(entry);
      ++count;
    }
    ASSERT_TRUE(writer.add_events(bytes, count));
    ASSERT_TRUE(writer.end());
  }

  [[nodiscard]] Outcome<ExportReport> read(ReadExportOptions options = {}) const {
    return read_export(file_, options);
  }
  [[nodiscard]] Tail tail_of(std::size_t batch) const {
    return {.sequence = batches_[batch].first + batches_[batch].count - 1,
            .chain = batches_[batch].chain};
  }

  [[nodiscard]] std::string bytes() const {
    std::ifstream in(file_, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  void put(const std::string& bytes) const {
    std::ofstream(file_, std::ios::binary | std::ios::trunc) << bytes;
  }

  // Somebody who forges: takes the export apart, changes its parts, and seals it again.
  struct Part {
    audit::Part kind;
    std::string body;
  };
  [[nodiscard]] std::vector<Part> parts() const {
    std::vector<Part> found;
    const std::string all = bytes();
    for (std::size_t at = kMagic.size(); at < all.size();) {
      const std::uint32_t length =
          load_u32(reinterpret_cast<const std::byte*>(all.data()) + at + 1);
      found.push_back({static_cast<audit::Part>(all[at]), all.substr(at + 5, length)});
      at += 5 + length;
    }
    return found;
  }
  void forge(std::vector<Part> parts) const {
    std::string all(kMagic);
    parts.pop_back();
    for (const Part& part : parts) {
      std::array<std::byte, 4> length{};
      store_u32(length.data(), static_cast<std::uint32_t>(part.body.size()));
      all += static_cast<char>(part.kind);
      all.append(reinterpret_cast<const char*>(length.data()), length.size());
      all += part.body;
    }
    Hasher hasher;
    hasher.begin();
    hasher.update(std::as_bytes(std::span(all)));
    const Chain seal = hasher.finish();
    all += static_cast<char>(audit::Part::seal);
    all += std::string("\x20\0\0\0", 4);
    all.append(reinterpret_cast<const char*>(seal.data()), seal.size());
    put(all);
  }
  // What is found wrong once `change` was made to the parts.
  template <class Change>
  std::string found(Change change, ReadExportOptions options = {}) const {
    const std::string original = bytes();
    std::vector<Part> changed = parts();
    change(changed);
    forge(std::move(changed));
    const auto outcome = read(std::move(options));
    put(original);
    EXPECT_EQ(outcome.status.code, StatusCode::damaged);
    return outcome.status.message;
  }

  TemporaryDirectory directory_;
  std::filesystem::path file_;
  Exchange exchange_;
  Instant last_time_;
  Chain chain_{};
  std::vector<Kept> batches_;
  std::vector<ExportEntry> entries_;
};

TEST_F(AuditExportTest, IsProvedAndReplayed) {
  write(0, batches_.size());
  std::uint64_t events = 0;
  std::uint64_t facts = 0;
  const auto outcome = read({.known = {{"the node", tail_of(batches_.size() - 1)},
                                       {"a witness", tail_of(3)},
                                       {"the future", {.sequence = 1'000'000}}},
                             .replay = true,
                             .on_facts = [&](const ExportFacts& one) { facts += one.lots.size(); },
                             .on_event = [&](const ExportEntry&) { ++events; }});
  ASSERT_TRUE(outcome.ok()) << outcome.status.message;
  const ExportReport& report = outcome.value;
  EXPECT_TRUE(report.replayed);
  EXPECT_EQ(report.tail.batches, batches_.size());
  EXPECT_EQ(report.tail.events, entries_.size());
  EXPECT_EQ(events, entries_.size());
  EXPECT_EQ(facts, 1U);
  EXPECT_GT(events, 100U);
  EXPECT_THAT(report.agreed, testing::ElementsAre("the node", "a witness"));
  EXPECT_THAT(report.outside, testing::ElementsAre("the future"));
}

TEST_F(AuditExportTest, OfALaterPeriodGoesOnWhereAnotherEnds) {
  write(batches_.size() / 2, batches_.size());
  const auto outcome = read({.known = {{"before", tail_of(batches_.size() / 2 - 1)}}});
  ASSERT_TRUE(outcome.ok()) << outcome.status.message;
  EXPECT_THAT(outcome.value.agreed, testing::ElementsAre("before"));
  EXPECT_EQ(read({.replay = true}).status.code, StatusCode::invalid);
  Tail other = tail_of(batches_.size() / 2 - 1);
  other.chain[5] ^= std::byte{1};
  EXPECT_THAT(read({.known = {{"before", other}}}).status.message,
              HasSubstr("differs from before"));
}

TEST_F(AuditExportTest, OfNothingIsAnExport) {
  write(4, 4);
  const auto outcome = read({.known = {{"the node", tail_of(3)}}});
  ASSERT_TRUE(outcome.ok()) << outcome.status.message;
  EXPECT_EQ(outcome.value.tail.commands, 0U);
  EXPECT_THAT(outcome.value.agreed, testing::ElementsAre("the node"));
}

TEST_F(AuditExportTest, EveryAlteredByteIsFound) {
  write(batches_.size() - 2, batches_.size());
  const std::string original = bytes();
  ASSERT_LT(original.size(), 40'000U);
  // ORIGO_FULL=1 alters each of them.
  const bool full = std::getenv("ORIGO_FULL") != nullptr;
  const std::size_t step = full ? 1 : std::max<std::size_t>(original.size() / 300, 1);
  for (std::size_t at = 0; at < original.size(); at += step) {
    std::string altered = original;
    altered[at] = static_cast<char>(altered[at] ^ (1 << (at % 8)));
    put(altered);
    ASSERT_EQ(read().status.code, StatusCode::damaged) << "byte " << at;
  }
  for (const std::size_t length : {original.size() - 1, original.size() / 2, kMagic.size() + 2}) {
    put(original.substr(0, length));
    EXPECT_EQ(read().status.code, StatusCode::damaged) << "cut to " << length;
  }
  put(original + "x");
  EXPECT_EQ(read().status.code, StatusCode::damaged);
  put(original);
  EXPECT_TRUE(read().ok());
  EXPECT_EQ(read_export(directory_.path() / "none", {}).status.code, StatusCode::absent);
}

// A forger who seals the file again cannot make the chain meet what others know of it.
TEST_F(AuditExportTest, AForgersSealDoesNotHelp) {
  write(0, batches_.size());
  const auto of = [](std::vector<Part>& all, audit::Part kind, std::size_t number) {
    std::size_t at = 0;
    while (all[at].kind != kind || number-- > 0) ++at;
    return all.begin() + static_cast<std::ptrdiff_t>(at);
  };
  // A record, with its checksum made to fit.
  const auto alter = [&](std::vector<Part>& all) {
    std::string& body = of(all, audit::Part::batch, 3)->body;
    constexpr std::size_t kFirst = sizeof(Chain) + kBatchHeaderSize;
    auto* const at = reinterpret_cast<std::byte*>(body.data()) + kFirst;
    const std::uint32_t length = load_u32(at);
    at[kRecordHeaderSize + length - 1] ^= std::byte{1};
    store_u32(at + 4, crc32c(Bytes(at + kRecordHeaderSize, length)));
  };
  EXPECT_THAT(found(alter), HasSubstr("fails its chain"));
  EXPECT_THAT(found([&](auto& all) { all.erase(of(all, audit::Part::batch, 3)); }),
              HasSubstr("lacks commands"));
  EXPECT_THAT(found([&](auto& all) {
                std::iter_swap(of(all, audit::Part::batch, 3), of(all, audit::Part::batch, 4));
              }),
              HasSubstr("lacks commands"));
  EXPECT_THAT(found([&](auto& all) { all.erase(of(all, audit::Part::events, 0)); }),
              HasSubstr("does not hold what its tail counts"));
  // One who makes the whole chain anew is found by whoever knows one tail.
  const auto rechain = [&](std::vector<Part>& all) {
    alter(all);
    Hasher hasher;
    Chain chain{};
    for (Part& part : all) {
      if (part.kind == audit::Part::batch) {
        const Bytes body = std::as_bytes(std::span(part.body));
        chain = hasher.extend(chain, body.subspan(sizeof(Chain)));
        std::memcpy(part.body.data(), chain.data(), chain.size());
      }
      if (part.kind == audit::Part::tail)
        std::memcpy(part.body.data() + part.body.size() - 32, chain.data(), chain.size());
    }
  };
  EXPECT_THAT(found(rechain, {.known = {{"the witness", tail_of(batches_.size() - 1)}}}),
              HasSubstr("differs from the witness"));
}

TEST_F(AuditExportTest, EventsThatTheCommandsDoNotCauseAreFoundByAReplay) {
  for (ExportEntry& entry : entries_) {
    auto* const cancelled = std::get_if<CertificatesCancelled>(&entry.event);
    if (cancelled == nullptr) continue;
    cancelled->details.beneficiary += "!";
    break;
  }
  write(0, batches_.size());
  EXPECT_TRUE(read().ok());
  EXPECT_THAT(read({.replay = true}).status.message, HasSubstr("other events than"));
}

}  // namespace
}  // namespace origo::storage::audit
