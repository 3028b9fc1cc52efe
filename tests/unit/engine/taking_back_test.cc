#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>

#include "engine/exchange.h"
#include "tests/support/readable.h"
#include "tests/support/stream.h"

// Withdrawals, corrections and claims amid everything else: after each command every sum holds, and
// what a refusal leaves is what was there.
namespace origo {
namespace {

constexpr UserId kIssuer{1};  // the admin of a stream has every role

// Serials of lots that something was said of.
class SaidOf {
 public:
  [[nodiscard]] bool touch(LotId lot, const SerialRange& range) const {
    const auto ranges = lots_.find(lot);
    if (ranges == lots_.end()) return false;
    const auto behind = ranges->second.lower_bound(end_of(range));
    return behind != ranges->second.begin() && std::prev(behind)->second > range.first;
  }
  void add(LotId lot, const SerialRange& range) { lots_[lot][range.first] = end_of(range); }

 private:
  std::map<LotId, std::map<Serial, Serial>> lots_;  // first -> end
};

struct Counts {
  std::size_t withdrawn = 0;
  std::size_t orders_ended = 0;
  std::size_t exits_recalled = 0;
  std::size_t voided = 0;
  std::size_t corrected = 0;
  std::size_t issued_again = 0;
  std::size_t claimed = 0;
  std::size_t uses_voided = 0;
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

  ClaimUse draw_claim() {
    const Records<Cancellation>& cancellations = exchange_.registry().cancellations;
    const std::uint64_t drawn = claim_draw_.below(cancellations.size());
    const Date today = date_of(now_);
    return {.cancellation = CancellationId(drawn + 1),
            .units = Units(claim_draw_.between(1, 2 + cancellations[drawn].left.value() / 3)),
            .use = "disclosure",
            .claimant = "drawn",
            .period = {.first = today, .last = today},
            .activity = {},
            .emissions = {},
            .reference = {}};
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

  // Whoever may use up what the account holds.
  [[nodiscard]] UserId holder_of(AccountId id) const {
    const Parties& parties = exchange_.parties();
    const Account& account = parties.get(id);
    const Scope scope{.kind = ScopeKind::participant, .id = account.participant.value()};
    for (const User& user : parties.users()) {
      if (parties.may(user.id, Role::holder, scope)) return user.id;
    }
    return {};
  }

  // Versions of the stream's schemes that allow disclosure.
  void allow_claims() {
    const std::vector<Scheme> schemes = exchange_.registry().schemes;
    for (Scheme scheme : schemes) {
      scheme.claims = {{.name = "disclosure",
                        .use = "disclosure",
                        .purposes = {"disclosure"},
                        .source = "a test"}};
      const Answer answer = apply(now_, kIssuer, LoadScheme{.scheme = scheme, .source = {}});
      ASSERT_TRUE(answer.ok()) << answer.detail;
    }
  }

  // What the events alone say: nothing is used twice, nor when it is void.
  void follow_claims(Counts& counts) {
    for_each_event(events_.bytes().data(), events_.bytes().size(), [&](const Event& event) {
      if (const auto* one = std::get_if<UseClaimed>(&event)) {
        Units units;
        for (const SerialRange& range : one->ranges) {
          EXPECT_FALSE(used_.touch(one->lot, range)) << print(range);
          EXPECT_FALSE(void_.touch(one->lot, range)) << print(range);
          used_.add(one->lot, range);
          units += range.count;
        }
        EXPECT_EQ(units, one->details.units);
        ++counts.claimed;
      }
      if (const auto* one = std::get_if<ClaimVoided>(&event)) void_.add(one->lot, one->range);
      if (const auto* one = std::get_if<UseVoided>(&event)) {
        EXPECT_TRUE(used_.touch(one->lot, one->range)) << print(one->range);
        EXPECT_TRUE(void_.touch(one->lot, one->range)) << print(one->range);
        ++counts.uses_voided;
      }
    });
  }

  // Some of a lot is cancelled now and then, and of some cancellation something is claimed.
  void claim_some(Counts& counts) {
    const Registry& registry = exchange_.registry();
    const Lot& lot = registry.lots[claim_draw_.below(registry.lots.size())];
    const HoldingSlot slot = exchange_.holdings().first_of_lot(lot.id);
    if (claim_draw_.one_in(4) && slot != Holdings::kNone) {
      const AccountId account = exchange_.holdings().get(slot).account;
      apply(now_,
            holder_of(account),
            CancelCertificates{.account = account,
                               .lot = lot.id,
                               .units = Units(claim_draw_.between(1, 20)),
                               .beneficiary = "drawn",
                               .purpose = "disclosure"});
    }
    if (registry.cancellations.empty()) return;
    const ClaimUse claim = draw_claim();
    apply(now_, holder_of(registry.find(claim.cancellation)->account), claim);
    follow_claims(counts);
  }

  // 1,000 commands of a stream; between them withdrawals and corrections, and claims where wanted.
  Counts run(bool with_claims) {
    Stream stream(GetParam());
    Counts counts;
    for (std::size_t step = 0; step < stream.set_up_size() + 1'000 && !HasFailure(); ++step) {
      const Step next = stream.next(exchange_);
      apply(next.header.time, next.header.origin.principal, next.command);
      if (with_claims && step + 1 == stream.set_up_size()) allow_claims();
      if (step < stream.set_up_size()) continue;
      if (with_claims) claim_some(counts);
      if (!draw_.one_in(4)) continue;
      const Answer answer = apply(now_, kIssuer, draw_command());
      if (answer.ok()) count(counts);
      follow_claims(counts);
    }
    return counts;
  }

  void expect_a_snapshot_holds_all() const {
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
  Draw claim_draw_{GetParam() + 100};
  SaidOf used_;
  SaidOf void_;
};

TEST_P(TakingBack, KeepsEverySum) {
  const Counts counts = run(false);
  EXPECT_GT(counts.withdrawn, 10U);
  EXPECT_GT(counts.orders_ended, 0U);
  EXPECT_GT(counts.corrected, 5U);
  EXPECT_GT(counts.issued_again, 0U);
  expect_a_snapshot_holds_all();
}

TEST_P(TakingBack, KeepsClaims) {
  const Counts counts = run(true);
  EXPECT_GT(counts.withdrawn, 10U);
  EXPECT_GT(counts.claimed, 10U);
  EXPECT_GT(counts.uses_voided, 0U);
  expect_a_snapshot_holds_all();
}

INSTANTIATE_TEST_SUITE_P(Seeds, TakingBack, testing::Values(2, 3));

}  // namespace
}  // namespace origo
