#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "loadtest/workload/checksum.h"
#include "loadtest/workload/flow_file.h"
#include "loadtest/workload/flow_generator.h"
#include "loadtest/workload/plain_book.h"
#include "loadtest/workload/standard.h"

namespace origo::loadtest {
namespace {

struct Flow {
  FlowHeader header;
  std::vector<FlowCommand> commands;
};

Flow generate(const FlowOptions& options) {
  Flow flow;
  flow.header = FlowGenerator(options, [&](const FlowCommand& command) {
                  flow.commands.push_back(command);
                }).run();
  return flow;
}

std::string sha256(const Flow& flow) {
  const auto hash =
      std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)>(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  std::array<unsigned char, 32> digest{};
  EVP_DigestInit_ex(hash.get(), EVP_sha256(), nullptr);
  EVP_DigestUpdate(hash.get(), &flow.header, sizeof flow.header);
  EVP_DigestUpdate(hash.get(), flow.commands.data(), flow.commands.size() * sizeof(FlowCommand));
  EVP_DigestFinal_ex(hash.get(), digest.data(), nullptr);
  std::string text;
  for (const unsigned char byte : digest) {
    constexpr char kDigits[] = "0123456789abcdef";
    text += kDigits[byte >> 4U];
    text += kDigits[byte & 15U];
  }
  return text;
}

// The digests are those of files that the format's first generator, another program, wrote for the
// same arguments: what is compared here is two implementations.
TEST(Workload, equal_options_give_the_bytes_of_the_first_generator) {
  struct Case {
    FlowOptions options;
    const char* digest;
  };
  const Case cases[] = {
      {{.ops = 5000}, "103cfa0866b68fec42307231cfd72ada7ae383c413aedccefe6924ef79b25cd3"},
      {{.ops = 5000, .mix = kBasicMix},
       "6671a9972c41a6cd4a66096ace08c026769969d34707143f6f79d9286d096923"},
      {{.ops = 5000, .accounts = 7, .seed = 42},
       "0d8740d8ed16694602c530e44e8ccdb328db622eb940a01f835e5092e7451c79"},
      {{.instruments = 100, .depth = 3000, .ops = 20000},
       "d29cc59408e8aff43e7ec74295b381f7aefcb71b8de6f02f09d12aefcf76f40c"},
      {{.instruments = 33, .depth = 40, .ops = 20000, .zipf = 0},
       "e0008fdbd85fa13881fe99de2d9454dc1d7c6dbfade603d34c8ccf19e74dd0a6"},
      {{.instruments = 10, .depth = 20000, .ops = 5000, .zipf = 2},
       "2494ee33fdaa98f66c4c94b1384ac71103a55e6ecf12f3f43287f300f64a7a3a"},
      {{.ops = 5000, .spread = 40.5, .recent = 0},
       "d3da72b8763d33aae53a591d1e89dbf884b5a11f0f2a18c56075a45e761d0f40"},
      {{.ops = 5000, .spread = 3, .recent = 1},
       "3677535d8ad612a8fbd85f16cc8bfad27c24e45137323d985b57794bc1d942af"},
      {{.instruments = 3, .ops = 5000, .sparse_ids = true},
       "deb2f9cb2a4f8a8f3130257fcff2207573f8ef2a082ce6344d6664e7fb9def12"},
      {{.depth = 500, .ops = 10000, .mix = {10, 20, 30, 5, 10, 30, 20}},
       "ba07e8f3f9622bc6ab48075c4a0691a013dd739bf920079c19e79734786bb3f9"},
      {{.depth = 2, .ops = 5000, .mix = {30.5, 0, 0, 0, 40, 0, 0.25}},
       "c0ba975d19d96863446760d1df3f7d959837b3759473975d2994b709d9518951"},
      {{.instruments = 20, .depth = 5000, .ops = 0},
       "46399dec9e62b48f0c294ba4005613c396c847f2024db09087cedb567a2f4b91"},
      {{.ops = 30000, .seed = 18446744073709551615U, .mix = {60, 30, 20, 30, 0, 0, 0}},
       "ae21c997a26f75f4295432cffdfb1d6585bad3d7c7008198c3731834f076ab7c"},
      {{.depth = 100000, .ops = 300000, .seed = 3, .mix = kBasicMix},
       "5bd32b3eba39bea5ce00d1dfdd6d7b8450f4002fbe6366c540dd08f7a8d6fc75"},
  };
  int number = 0;
  for (const Case& one : cases)
    EXPECT_EQ(sha256(generate(one.options)), one.digest) << "case " << ++number;
}

TEST(Workload, standard_files_are_eleven) {
  const std::vector<NamedFlow> flows = standard_flows();
  ASSERT_EQ(flows.size(), 11u);
  EXPECT_EQ(flows[0].name, "full-i1-d1k.wl");
  EXPECT_EQ(flows[9].name, "basic-i1000-d1m.wl");
  EXPECT_EQ(flows[9].options.mix, kBasicMix);
  EXPECT_EQ(flows[10].name, "full-i1000-d1m-sparse.wl");
  EXPECT_TRUE(flows[10].options.sparse_ids);
}

// How far the prices of limit orders reach, over all commands.
std::int32_t reach(const Flow& flow) {
  return flow.header.price_max - flow.header.price_min;
}

TEST(Workload, rough_flows_are_what_they_say) {
  FlowOptions options{.depth = 10'000, .ops = 100'000, .mix = kBasicMix};
  const Flow calm = generate(options);
  options.swing_percent = 60;
  const Flow swing = generate(options);
  EXPECT_LT(reach(calm), 15'000);
  EXPECT_GT(reach(swing), 30'000);
  options.swing_percent = 0;
  options.sparse_levels = 2000;
  const Flow sparse = generate(options);
  EXPECT_GT(sparse.header.levels_end, 3000u);
  EXPECT_LT(sparse.header.levels_end, 4100u);
  for (const FlowCommand& command : sparse.commands) {
    if (command.kind != FlowKind::replace) {
      ASSERT_EQ(command.price % kSparseGap, 0);
    }
  }
}

TEST(Workload, a_mix_is_two_words_or_seven_weights) {
  EXPECT_EQ(parse_mix("full"), kFullMix);
  EXPECT_EQ(parse_mix("1,2,3,4,5,6,7.5"), (FlowMix{1, 2, 3, 4, 5, 6, 7.5}));
  for (const char* wrong :
       {"", "ful", "1,2,3", "1,2,3,4,5,6,7,8", "1;2;3;4;5;6;7", "1,2,3,4,5,6,x"}) {
    EXPECT_THROW(parse_mix(wrong), std::invalid_argument) << wrong;
  }
}

TEST(Workload, what_cannot_be_generated_is_refused) {
  EXPECT_THROW(generate({.instruments = 0}), std::invalid_argument);
  EXPECT_THROW(generate({.accounts = 0}), std::invalid_argument);
  EXPECT_THROW(generate({.recent = 1.5}), std::invalid_argument);
  EXPECT_THROW(generate({.mix = {}}), std::invalid_argument);
  EXPECT_THROW(generate({.mix = {-1, 1, 0, 0, 0, 0, 0}}), std::invalid_argument);
  EXPECT_THROW(generate({.swing_percent = 91}), std::invalid_argument);
  // Only cancels: after the last order nothing is left to do.
  EXPECT_THROW(generate({.depth = 10, .mix = {0, 0, 0, 0, 1, 0, 0}}), std::runtime_error);
}

// ---- the plain book ----

class PlainBook : public testing::Test {
 protected:
  bool apply(FlowCommand command) {
    trades_.clear();
    return book_.apply(command);
  }
  bool limit(std::uint64_t id,
             FlowSide side,
             std::int32_t price,
             std::uint32_t quantity,
             FlowTif tif = FlowTif::gtc) {
    return apply(
        {.order = id, .price = price, .quantity = quantity, .side = side, .time_in_force = tif});
  }
  bool change(FlowKind kind, std::uint64_t id, std::uint32_t quantity = 0, std::int32_t price = 0) {
    const PlainOrder* order = book_.find(id);
    return apply({.order = id,
                  .price = price,
                  .quantity = quantity,
                  .kind = kind,
                  .side = order == nullptr ? FlowSide::buy : order->side});
  }
  // "maker@price x quantity" of the last command's trades.
  [[nodiscard]] const std::string& trades() const { return trades_; }
  [[nodiscard]] std::string side(FlowSide which) const {
    std::string text;
    book_.for_each_resting(0, which, [&](std::uint64_t id, std::int64_t price, std::uint64_t open) {
      text += std::to_string(id) + "@" + std::to_string(price) + "x" + std::to_string(open) + " ";
    });
    return text;
  }

 private:
  std::string trades_;
  PlainExchange book_{1, [this](const FlowTrade& trade) {
                        trades_ += std::to_string(trade.maker) + "@" + std::to_string(trade.price) +
                                   "x" + std::to_string(trade.quantity) + " ";
                      }};
};

TEST_F(PlainBook, better_price_then_older_order_at_the_makers_price) {
  limit(1, FlowSide::sell, 101, 5);
  limit(2, FlowSide::sell, 100, 5);
  limit(3, FlowSide::sell, 100, 5);
  limit(4, FlowSide::buy, 101, 12);
  EXPECT_EQ(trades(), "2@100x5 3@100x5 1@101x2 ");
  EXPECT_EQ(side(FlowSide::sell), "1@101x3 ");
  limit(5, FlowSide::buy, 103, 4);
  EXPECT_EQ(trades(), "1@101x3 ");
  EXPECT_EQ(side(FlowSide::buy), "5@103x1 ");
}

TEST_F(PlainBook, what_never_rests) {
  limit(1, FlowSide::buy, 100, 5);
  limit(2, FlowSide::buy, 99, 5);
  limit(3, FlowSide::sell, 100, 8, FlowTif::ioc);
  EXPECT_EQ(trades(), "1@100x5 ");
  limit(4, FlowSide::sell, 99, 6, FlowTif::fok);
  EXPECT_EQ(trades(), "");
  limit(5, FlowSide::sell, 99, 3, FlowTif::fok);
  EXPECT_EQ(trades(), "2@99x3 ");
  apply({.order = 6,
         .quantity = 9,
         .kind = FlowKind::market,
         .side = FlowSide::sell,
         .time_in_force = FlowTif::ioc});
  EXPECT_EQ(trades(), "2@99x2 ");
  EXPECT_EQ(side(FlowSide::buy) + side(FlowSide::sell), "");
}

TEST_F(PlainBook, changes) {
  limit(1, FlowSide::buy, 100, 5);
  limit(2, FlowSide::buy, 100, 5);
  limit(3, FlowSide::buy, 100, 5);
  EXPECT_TRUE(change(FlowKind::reduce, 1, 2));
  EXPECT_EQ(side(FlowSide::buy), "1@100x3 2@100x5 3@100x5 ");
  EXPECT_TRUE(change(FlowKind::replace, 1, 5, 100));
  EXPECT_TRUE(change(FlowKind::reduce, 2, 5));
  EXPECT_EQ(side(FlowSide::buy), "3@100x5 1@100x5 ");
  EXPECT_TRUE(change(FlowKind::cancel, 3));
  EXPECT_FALSE(change(FlowKind::cancel, 3));
  EXPECT_FALSE(change(FlowKind::replace, 3, 5, 100));
  EXPECT_FALSE(change(FlowKind::reduce, 99, 1));
  limit(4, FlowSide::sell, 103, 2);
  EXPECT_TRUE(change(FlowKind::replace, 1, 6, 104));
  EXPECT_EQ(trades(), "4@103x2 ");
  EXPECT_EQ(side(FlowSide::buy), "1@104x4 ");
}

// ---- files ----

class FlowFiles : public testing::Test {
 protected:
  ~FlowFiles() override { std::filesystem::remove_all(folder_); }
  [[nodiscard]] std::filesystem::path path() const { return folder_ / "flow.wl"; }
  void patch(std::size_t offset, char byte) {
    std::fstream file(path(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(offset));
    file.put(byte);
  }

 private:
  static std::filesystem::path make() {
    std::string name = (std::filesystem::temp_directory_path() / "origo-flow-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error(name);
    return name;
  }
  std::filesystem::path folder_ = make();
};

TEST_F(FlowFiles, hold_what_was_generated) {
  const FlowOptions options{.instruments = 5, .depth = 100, .ops = 1000};
  const Flow flow = generate(options);
  const FlowHeader written = write_flow(path(), options);
  EXPECT_EQ(std::memcmp(&written, &flow.header, sizeof written), 0);
  const FlowFile file(path());
  EXPECT_EQ(std::memcmp(&file.header(), &flow.header, sizeof flow.header), 0);
  ASSERT_EQ(file.commands().size(), flow.commands.size());
  EXPECT_EQ(file.prefill().size(), 100u);
  EXPECT_EQ(file.measured().size(), 1000u);
  EXPECT_EQ(std::memcmp(file.commands().data(), flow.commands.data(), file.commands().size_bytes()),
            0);
}

TEST_F(FlowFiles, that_are_damaged_are_refused) {
  const FlowOptions options{.depth = 100, .ops = 100};
  EXPECT_THROW(FlowFile{path()}, std::runtime_error);  // not there
  const auto whole = [&] { write_flow(path(), options); };
  whole();
  std::filesystem::resize_file(path(), 100);
  EXPECT_THROW(FlowFile{path()}, std::runtime_error);
  whole();
  std::filesystem::resize_file(path(), 256 + 32 * 199);
  EXPECT_THROW(FlowFile{path()}, std::runtime_error);
  whole();
  std::filesystem::resize_file(path(), 256 + 32 * 200 + 1);
  EXPECT_THROW(FlowFile{path()}, std::runtime_error);
  struct Damage {
    std::size_t offset;
    char byte;
  };
  // Magic, version, prefill, a command's instrument, its kind, its side.
  for (const Damage& damage :
       {Damage{0, 'X'}, {8, 2}, {39, 1}, {256 + 16, 1}, {256 + 24, 5}, {256 + 25, 2}}) {
    whole();
    patch(damage.offset, damage.byte);
    EXPECT_THROW(FlowFile{path()}, std::runtime_error) << damage.offset;
  }
}

}  // namespace
}  // namespace origo::loadtest
