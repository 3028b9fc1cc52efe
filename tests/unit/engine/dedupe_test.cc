#include "engine/dedupe.h"

#include <gtest/gtest.h>

#include <map>

#include "tests/support/draw.h"

namespace origo {
namespace {

constexpr std::uint64_t kWindow = ClientMemory::kWindow;

Origin origin(std::uint64_t number,
              std::uint8_t body = 1,
              std::uint32_t user = 1,
              std::uint64_t client = 5) {
  return {.principal = UserId(user),
          .client = ClientId(client),
          .client_sequence = number,
          .digest = {body}};
}

Answer answer(std::uint64_t id) {
  Answer a;
  a.id = id;
  return a;
}

Reject refusal_of(const ClientMemory& memory, const Origin& o) {
  const ClientMemory::Found found = memory.find(o);
  return found.refusal ? found.refusal->code : Reject::accepted;
}

bool runs(const ClientMemory& memory, const Origin& o) {
  const ClientMemory::Found found = memory.find(o);
  return found.first == nullptr && !found.refusal;
}

TEST(ClientMemory, AnswersARepeatOnce) {
  ClientMemory memory;
  EXPECT_TRUE(runs(memory, origin(1)));
  memory.remember(origin(1), answer(77));
  ASSERT_NE(memory.find(origin(1)).first, nullptr);
  EXPECT_EQ(memory.find(origin(1)).first->id, 77u);
  EXPECT_EQ(refusal_of(memory, origin(1, 2)), Reject::client_sequence_conflict);
  EXPECT_TRUE(runs(memory, origin(2)));
  EXPECT_TRUE(runs(memory, origin(1, 1, 1, 6))) << "another client id";
}

TEST(ClientMemory, BelongsToItsFirstUser) {
  ClientMemory memory;
  memory.remember(origin(1), answer(1));
  for (const std::uint64_t number : {1u, 2u, 5000u})
    EXPECT_EQ(refusal_of(memory, origin(number, 1, 2)), Reject::client_of_other_user);
}

TEST(ClientMemory, LimitsJumps) {
  ClientMemory memory;
  EXPECT_EQ(refusal_of(memory, origin(0)), Reject::client_sequence_old);
  EXPECT_TRUE(runs(memory, origin(kWindow)));
  EXPECT_EQ(refusal_of(memory, origin(kWindow + 1)), Reject::client_sequence_jump);
  EXPECT_EQ(refusal_of(memory, origin(~std::uint64_t{0})), Reject::client_sequence_jump);
  memory.remember(origin(10), answer(1));
  EXPECT_EQ(memory.highest(ClientId(5)), 10u);
  EXPECT_TRUE(runs(memory, origin(10 + kWindow)));
  EXPECT_EQ(refusal_of(memory, origin(10 + kWindow + 1)), Reject::client_sequence_jump);
}

TEST(ClientMemory, ForgetsBehindTheWindow) {
  ClientMemory memory;
  for (const std::uint64_t number : {1u, 2u, 900u}) memory.remember(origin(number), answer(number));
  memory.remember(origin(900 + kWindow), answer(9));
  EXPECT_EQ(refusal_of(memory, origin(900)), Reject::client_sequence_old);
  EXPECT_EQ(refusal_of(memory, origin(2)), Reject::client_sequence_old);
  EXPECT_TRUE(runs(memory, origin(901))) << "the lowest of the window was never used";
  EXPECT_TRUE(runs(memory, origin(899 + kWindow)));
}

TEST(ClientMemory, RunsUnusedNumbersInsideTheWindow) {
  ClientMemory memory;
  memory.remember(origin(1000), answer(1));
  EXPECT_TRUE(runs(memory, origin(3)));
  memory.remember(origin(3), answer(3));
  EXPECT_EQ(memory.find(origin(3)).first->id, 3u);
  EXPECT_EQ(memory.find(origin(1000)).first->id, 1u);
  EXPECT_EQ(memory.highest(ClientId(5)), 1000u);
}

// A map of all numbers ever used, judged by the rule's own words.
class Naive {
 public:
  Reject judge(std::uint64_t number, std::uint8_t body, std::uint64_t& id) const {
    id = 0;
    if (number > highest_ + 1024) return Reject::client_sequence_jump;
    if (number == 0 || number + 1023 < highest_) return Reject::client_sequence_old;
    const auto found = used_.find(number);
    if (found == used_.end()) return Reject::accepted;
    if (found->second.first != body) return Reject::client_sequence_conflict;
    id = found->second.second;
    return Reject::accepted;
  }
  void use(std::uint64_t number, std::uint8_t body, std::uint64_t id) {
    used_[number] = {body, id};
    highest_ = std::max(highest_, number);
  }
  [[nodiscard]] std::uint64_t highest() const { return highest_; }

 private:
  std::map<std::uint64_t, std::pair<std::uint8_t, std::uint64_t>> used_;
  std::uint64_t highest_ = 0;
};

TEST(ClientMemory, AgreesWithAMapOfAllNumbers) {
  Draw draw(13);
  for (int round = 0; round < 20; ++round) {
    ClientMemory memory;
    Naive naive;
    for (std::uint64_t step = 1; step <= 3'000; ++step) {
      std::uint64_t number = naive.highest() + 1;
      if (draw.one_in(3)) number = draw.below(naive.highest() + 2);
      if (draw.one_in(4)) number = naive.highest() - std::min(naive.highest(), draw.below(1'030));
      if (draw.one_in(15))
        number = naive.highest() + draw.below(static_cast<std::uint64_t>(30) << draw.below(6));
      if (draw.one_in(30)) number = naive.highest() + 1'022 + draw.below(5);
      const auto body = static_cast<std::uint8_t>(draw.below(2));
      std::uint64_t expected_id = 0;
      const Reject expected = naive.judge(number, body, expected_id);
      const ClientMemory::Found found = memory.find(origin(number, body));
      ASSERT_EQ(found.refusal ? found.refusal->code : Reject::accepted, expected) << number;
      ASSERT_EQ(found.first == nullptr ? 0 : found.first->id, expected_id) << number;
      if (expected == Reject::accepted && expected_id == 0) {
        memory.remember(origin(number, body), answer(step));
        naive.use(number, body, step);
      }
      if (step % 500 == 0) {  // what was saved and restored remembers the same
        Bytes bytes;
        Encoder out(bytes);
        memory.encode(out);
        memory = ClientMemory();
        Decoder in(bytes);
        memory.decode(in);
        ASSERT_TRUE(in.ok() && in.at_end());
      }
    }
  }
}

}  // namespace
}  // namespace origo
