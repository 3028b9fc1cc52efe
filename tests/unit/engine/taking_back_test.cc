#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "engine/exchange.h"
#include "tests/support/readable.h"
#include "tests/support/stream.h"

// Withdrawals, corrections and conversions amid everything else: after each command every sum
// holds, and what a refusal leaves is what was there.
namespace origo {
namespace {

constexpr UserId kIssuer{1};  // the admin of a stream has every role

struct Counts {
  std::size_t withdrawn = 0;
  std::size_t orders_ended = 0;
  std::size_t exits_recalled = 0;
  std::size_t voided = 0;
  std::size_t corrected = 0;
  std::size_t issued_again = 0;
};

class TakingBack : public testing::TestWithParam<std::uint64_t> {
 protected:
  Answer apply(Instant time, UserId principal, const Command& command) {
    now_ = std::max(now_, time);
    const CommandHeader header{
        .sequence = next(exchange_.sequence()), .time = now_, .origin = {.principal = principal}};
    events_.clear();
    const Answer answer = exchange_.apply(header, command, events_);
    EXPECT_EQ(exchange_.check_invariants(), std::vector<std::string>()) << readable(command);
    return answer;
  }

  Command draw_command() {
    const Registry& registry = exchange_.registry();
    const Lot& lot = registry.lots[draw_.below(registry.lots.size())];
    if (draw_.one_in(3)) {
      const Declaration& declaration =
          registry.declarations[draw_.below(registry.declarations.size())];
      const std::int64_t gross = declaration.gross.value();
      const std::int64_t change = draw_.between(-3, 2) * lot.unit_size / 2 + draw_.between(-5, 5);
      return CorrectDeclaration{.declaration = declaration.id,
                                .gross = Measured(draw_.one_in(20) ? 1 : gross + change),
                                .deductions = {},
                                .reason = "drawn"};
    }
    const std::int64_t first = draw_.one_in(2) ? 0 : draw_.between(1, lot.issued.value());
    return WithdrawCertificates{
        .lot = lot.id,
        .first = Serial(first),
        .units = Units(draw_.one_in(10) ? lot.issued.value()
                                        : draw_.between(1, 2 + lot.issued.value() / 50)),
        .reason = "drawn"};
  }

  void count(Counts& counts) const {
    for_each_event(events_.bytes().data(), events_.bytes().size(), [&](const Event& event) {
      if (const auto* one = std::get_if<CertificatesWithdrawn>(&event)) {
        ++counts.withdrawn;
        EXPECT_EQ(one->shortfall, one->requested - one->withdrawn);
        EXPECT_LE(one->voided, one->shortfall);
      }
      if (const auto* one = std::get_if<OrderEnded>(&event))
        counts.orders_ended += one->reason == OrderEnd::withdrawn ? 1U : 0U;
      counts.exits_recalled += std::holds_alternative<ExitRecalled>(event) ? 1U : 0U;
      counts.voided += std::holds_alternative<ClaimVoided>(event) ? 1U : 0U;
      counts.corrected += std::holds_alternative<DeclarationCorrected>(event) ? 1U : 0U;
      counts.issued_again += std::holds_alternative<CertificatesIssued>(event) ? 1U : 0U;
    });
  }

  Exchange exchange_;
  Events events_;
  Instant now_;
  Draw draw_{GetParam()};
};

TEST_P(TakingBack, KeepsEverySum) {
  Stream stream(GetParam());
  Counts counts;
  for (std::size_t step = 0; step < stream.set_up_size() + 500; ++step) {
    const Step next = stream.next(exchange_);
    apply(next.header.time, next.header.origin.principal, next.command);
    if (step < stream.set_up_size() || !draw_.one_in(4)) continue;
    const Answer answer = apply(now_, kIssuer, draw_command());
    if (answer.ok()) count(counts);
    if (HasFailure()) return;
  }
  EXPECT_GT(counts.withdrawn, 10U);
  EXPECT_GT(counts.orders_ended, 0U);
  EXPECT_GT(counts.corrected, 5U);
  EXPECT_GT(counts.issued_again, 0U);

  // A snapshot holds all of it.
  Bytes bytes;
  Encoder out(bytes);
  exchange_.encode(out);
  Exchange restored;
  Decoder in(bytes);
  ASSERT_TRUE(restored.decode(in));
  Bytes again;
  Encoder out_again(again);
  restored.encode(out_again);
  EXPECT_EQ(bytes, again);
  EXPECT_EQ(restored.check_invariants(), std::vector<std::string>());
}

INSTANTIATE_TEST_SUITE_P(Seeds, TakingBack, testing::Values(2, 3, 4));

}  // namespace
}  // namespace origo
