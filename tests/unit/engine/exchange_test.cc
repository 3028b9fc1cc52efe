#include "engine/exchange.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "engine/look_ahead.h"
#include "engine/rights.h"
#include "tests/support/readable.h"
#include "tests/support/stream.h"

namespace origo {
namespace {

constexpr UserId kAdmin{1};
constexpr std::int64_t kSecond = 1'000'000'000;
constexpr Currency kCurrency = currency_of("EUR");

// An exchange with the participants, registries and markets of a stream's set-up, and enough cash.
// Traders 0 to 4 are users 2 to 6; accounts: 2-5, 6-8, 9-11, 12-14, 15-16 (kWh, MWh, cash only).
class ExchangeTest : public ::testing::Test {
 protected:
  [[nodiscard]] OrderId first_ask() const {
    const Market& market = exchange_.market();
    const Level& best = market.store.levels[market.book(InstrumentId(1)).side(Side::sell).best()];
    return market.store.orders[best.first].id;
  }
  void SetUp() override {
    Stream stream(1);
    for (std::size_t step = 0; step < stream.set_up_size(); ++step) {
      const Step next = stream.next(exchange_);
      now_ = next.header.time;
      ASSERT_TRUE(exchange_.apply(next.header, next.command, events_).ok())
          << readable(next.command);
    }
    must(kAdmin, SetFees{.market = MarketId(1), .fees = {}});
    for (const std::uint32_t account : {2u, 6u, 9u, 12u})
      must(kAdmin, deposit(AccountId(account), Cash(1'000'000)));
    events_.clear();
  }

  static DepositCash deposit(AccountId account, Cash amount) {
    return {.account = account, .currency = kCurrency, .amount = amount, .reference = ""};
  }

  CommandHeader header(UserId principal) const {
    return {
        .sequence = next(exchange_.sequence()), .time = now_, .origin = {.principal = principal}};
  }
  Answer send(UserId principal, const Command& command) {
    const Answer answer = exchange_.apply(header(principal), command, events_);
    EXPECT_EQ(exchange_.check_invariants(), std::vector<std::string>());
    return answer;
  }
  std::uint64_t must(UserId principal, const Command& command) {
    const Answer answer = send(principal, command);
    EXPECT_TRUE(answer.ok()) << readable(command) << " refused: " << readable(answer);
    return answer.id;
  }
  Reject refusal(UserId principal, const Command& command) { return send(principal, command).code; }

  // Trader 0's or 1's order at the instrument of both registries.
  static PlaceOrder order(AccountId account, Side side, std::int64_t quantity, std::int64_t price) {
    PlaceOrder place;
    place.account = account;
    place.instrument = InstrumentId(1);
    place.side = side;
    place.price = Price(price);
    place.quantity = Quantity(quantity);
    return place;
  }

  template <class E>
  std::vector<E> all() const {
    std::vector<E> found;
    for_each_event(events_.bytes().data(), events_.bytes().size(), [&](const Event& event) {
      if (const E* wanted = std::get_if<E>(&event)) found.push_back(*wanted);
    });
    return found;
  }

  Exchange exchange_;
  Events events_;
  Instant now_;
};

using ExchangeDeathTest = ExchangeTest;

Bytes state_of(const Exchange& exchange) {
  Bytes bytes;
  Encoder out(bytes);
  exchange.encode(out);
  return bytes;
}

TEST_F(ExchangeDeathTest, StopsAtAGapInTheSequence) {
  CommandHeader gap = header(kAdmin);
  gap.sequence = next(gap.sequence);
  EXPECT_DEATH(exchange_.apply(gap, Tick(), events_), "sequence == next");
  gap.sequence = exchange_.sequence();
  EXPECT_DEATH(exchange_.apply(gap, Tick(), events_), "sequence == next");
}

TEST_F(ExchangeDeathTest, StopsWhenTimeRunsBackwards) {
  CommandHeader back = header(kAdmin);
  back.time = Instant(now_.ns() - 1);
  EXPECT_DEATH(exchange_.apply(back, Tick(), events_), "time >= time_");
}

TEST(Exchange, BeginsWithBootstrap) {
  Exchange exchange;
  Events events;
  std::uint64_t sequence = 0;
  const auto send = [&](UserId principal, const Command& command) {
    return exchange
        .apply({.sequence = Sequence(++sequence),
                .time = Instant(kDayNs),
                .origin = {.principal = principal}},
               command,
               events)
        .code;
  };
  const CreateMarket market{.code = "M", .name = "Market"};
  EXPECT_EQ(send(UserId(1), market), Reject::not_bootstrapped);
  EXPECT_EQ(send(UserId(), market), Reject::not_bootstrapped);
  EXPECT_EQ(send(UserId(), Bootstrap{.venue_name = "", .admin_token = {1}}), Reject::name_invalid);
  EXPECT_EQ(send(UserId(), Bootstrap{.venue_name = "V", .admin_token = {}}), Reject::token_invalid);
  EXPECT_EQ(send(UserId(), Bootstrap{.venue_name = "V", .admin_token = {1}}), Reject::accepted);
  EXPECT_EQ(send(UserId(), Bootstrap{.venue_name = "V", .admin_token = {2}}),
            Reject::already_bootstrapped);
  EXPECT_EQ(send(UserId(), market), Reject::not_permitted);
  EXPECT_EQ(send(UserId(9), market), Reject::user_unknown);
  EXPECT_EQ(send(UserId(1), Tick()), Reject::not_permitted);
  EXPECT_EQ(send(UserId(), Tick()), Reject::accepted);
}

TEST_F(ExchangeTest, TradesTheOlderOfTwoAtTheMakersPrice) {
  const OrderId first(must(UserId(3), order(AccountId(6), Side::sell, 2, 101)));
  const OrderId second(must(UserId(4), order(AccountId(9), Side::sell, 2, 101)));
  const Answer taken = send(UserId(2), order(AccountId(2), Side::buy, 3, 105));
  EXPECT_EQ(taken.filled, Quantity(3));
  EXPECT_EQ(taken.open, Quantity(0));
  const std::vector<Trade> trades = all<Trade>();
  ASSERT_EQ(trades.size(), 2u);
  EXPECT_EQ(trades[0].maker, first);
  EXPECT_EQ(trades[0].quantity, Quantity(2));
  EXPECT_EQ(trades[1].maker, second);
  EXPECT_EQ(trades[1].price, Price(101));
}

TEST_F(ExchangeTest, ADecreaseKeepsPriorityAndAnIncreaseLosesIt) {
  const OrderId first(must(UserId(3), order(AccountId(6), Side::sell, 3, 101)));
  const OrderId second(must(UserId(4), order(AccountId(9), Side::sell, 3, 101)));
  const OrderRef target{.account = AccountId(6), .order = first, .client_order_id = {}};
  must(UserId(3), AmendOrder{.target = target, .quantity = Quantity(2), .price = {}});
  EXPECT_EQ(first_ask(), first);
  must(UserId(3), AmendOrder{.target = target, .quantity = Quantity(3), .price = {}});
  EXPECT_EQ(first_ask(), second);
}

// The seller named its lots, so an increase takes no others.
TEST_F(ExchangeTest, ANominatedOrderGrowsFromItsLotsOnly) {
  std::vector<LotId> lots;
  exchange_.holdings().for_each_of(
      AccountId(6), [&](HoldingSlot slot) { lots.push_back(exchange_.holdings().get(slot).lot); });
  ASSERT_GE(lots.size(), 2u);
  const LotId named = lots.back();
  PlaceOrder sell = order(AccountId(6), Side::sell, 1, 101);
  sell.lots = {named, named};
  EXPECT_EQ(refusal(UserId(3), sell), Reject::lot_not_deliverable);
  sell.lots = {named};
  const OrderId id(must(UserId(3), sell));
  const OrderRef target{.account = AccountId(6), .order = id, .client_order_id = {}};
  must(UserId(3), AmendOrder{.target = target, .quantity = Quantity(2), .price = {}});
  EXPECT_EQ(exchange_.holdings().get(exchange_.holdings().find(AccountId(6), named)).reserved,
            Units(2'000));
  const std::int64_t all_contracts =
      exchange_.holdings().get(exchange_.holdings().find(AccountId(6), named)).total().value() /
      1'000;
  if (all_contracts < 25) {
    EXPECT_EQ(
        refusal(UserId(3),
                AmendOrder{.target = target, .quantity = Quantity(all_contracts + 1), .price = {}}),
        Reject::certificates_not_available);
  }
}

TEST_F(ExchangeTest, AGtdOrderIsGoneAtItsInstant) {
  PlaceOrder buy = order(AccountId(2), Side::buy, 1, 95);
  buy.time_in_force = TimeInForce::gtd;
  buy.expire_at = now_;
  EXPECT_EQ(refusal(UserId(2), buy), Reject::expiry_past);
  buy.expire_at = Instant(now_.ns() + kSecond);
  must(UserId(2), buy);
  EXPECT_EQ(exchange_.next_due(), buy.expire_at);
  now_ = Instant(buy.expire_at.ns() - 1);
  must(UserId(), Tick());
  EXPECT_TRUE(all<OrderEnded>().empty());
  now_ = buy.expire_at;
  must(UserId(), Tick());
  ASSERT_EQ(all<OrderEnded>().size(), 1u);
  EXPECT_EQ(all<OrderEnded>()[0].reason, OrderEnd::expired);
}

TEST_F(ExchangeTest, ARepeatHasTheFirstAnswerAndNoEvents) {
  CommandHeader first = header(UserId(2));
  first.origin.client = ClientId(99);
  first.origin.client_sequence = 1;
  first.origin.digest = {1};
  const Command command = order(AccountId(2), Side::buy, 1, 95);
  const Answer answer = exchange_.apply(first, command, events_);
  ASSERT_TRUE(answer.ok());
  const std::uint64_t said = events_.count();
  CommandHeader again = first;
  again.sequence = next(first.sequence);
  EXPECT_EQ(encoded(exchange_.apply(again, command, events_)), encoded(answer));
  EXPECT_EQ(events_.count(), said);
  again.sequence = next(again.sequence);
  again.origin.digest = {2};
  EXPECT_EQ(exchange_.apply(again, command, events_).code, Reject::client_sequence_conflict);
  // Refusals are remembered as well.
  CommandHeader refused = first;
  refused.sequence = next(again.sequence);
  refused.origin.client_sequence = 2;
  EXPECT_EQ(exchange_.apply(refused, order(AccountId(2), Side::buy, 0, 95), events_).code,
            Reject::quantity_not_positive);
  refused.sequence = next(refused.sequence);
  EXPECT_EQ(exchange_.apply(refused, order(AccountId(2), Side::buy, 1, 95), events_).code,
            Reject::quantity_not_positive);
}

TEST_F(ExchangeTest, AWithdrawalNeedsASecondPerson) {
  must(kAdmin, SetRelaxations{.four_eyes = false, .holds = true, .exit_hold_ns = 0});
  const UserId second(static_cast<std::uint32_t>(must(kAdmin,
                                                      CreateUser{.participant = ParticipantId(2),
                                                                 .name = "second",
                                                                 .person = "Second",
                                                                 .token = {200, 200}})));
  must(kAdmin,
       GrantRole{.user = second,
                 .role = Role::participant_admin,
                 .scope = {.kind = ScopeKind::participant, .id = 2}});
  const WithdrawCash withdraw{
      .account = AccountId(2), .currency = kCurrency, .amount = Cash(5), .reference = ""};
  const Cash before = exchange_.cash().available(AccountId(2), kCurrency);
  const Answer proposed = send(UserId(2), withdraw);
  ASSERT_TRUE(proposed.ok() && proposed.proposed);
  EXPECT_EQ(exchange_.cash().available(AccountId(2), kCurrency), before);
  const ApproveProposal approve{.proposal = ProposalId(static_cast<std::uint32_t>(proposed.id))};
  EXPECT_EQ(refusal(UserId(2), approve), Reject::proposal_own);
  EXPECT_EQ(refusal(UserId(3), approve), Reject::proposal_unknown);
  must(second, approve);
  EXPECT_EQ(exchange_.cash().available(AccountId(2), kCurrency), before - Cash(5));
  EXPECT_EQ(refusal(second, approve), Reject::proposal_unknown);
}

TEST_F(ExchangeTest, ANodeHoldsAThousandOpenProposals) {
  must(kAdmin, SetRelaxations{.four_eyes = false, .holds = true, .exit_hold_ns = 0});
  const WithdrawCash withdraw{
      .account = AccountId(2), .currency = kCurrency, .amount = Cash(1), .reference = ""};
  std::uint64_t last = 0;
  UserId user;
  for (std::uint8_t number = 0; number < 11; ++number) {
    user = UserId(static_cast<std::uint32_t>(must(
        kAdmin,
        CreateUser{
            .participant = ParticipantId(2), .name = "u", .person = "", .token = {200, number}})));
    must(kAdmin,
         GrantRole{.user = user,
                   .role = Role::participant_admin,
                   .scope = {.kind = ScopeKind::participant, .id = 2}});
    for (int i = 0; i < 100 && number < 10; ++i) {
      const Answer answer = exchange_.apply(header(user), withdraw, events_);
      ASSERT_TRUE(answer.proposed);
      last = answer.id;
    }
  }
  const Answer full = send(user, withdraw);
  EXPECT_EQ(full.code, Reject::proposals_full);
  EXPECT_EQ(full.detail, "node");
  must(user, WithdrawProposal{.proposal = ProposalId(static_cast<std::uint32_t>(last))});
  EXPECT_TRUE(send(user, withdraw).proposed);
  now_ = Instant(now_.ns() + 7 * kDayNs);
  must(UserId(), Tick());
  EXPECT_EQ(all<ProposalExpired>().size(), 1000u);
  EXPECT_TRUE(exchange_.proposals().empty());
}

// Approved, it takes away the right by which it and the other were proposed.
TEST_F(ExchangeTest, APersonMayProposeToLoseItsOwnRole) {
  const UserId second(static_cast<std::uint32_t>(must(kAdmin,
                                                      CreateUser{.participant = ParticipantId(1),
                                                                 .name = "second",
                                                                 .person = "Second",
                                                                 .token = {200, 200}})));
  must(kAdmin, GrantRole{.user = second, .role = Role::admin, .scope = {}});
  must(kAdmin, SetRelaxations{.four_eyes = false, .holds = true, .exit_hold_ns = 0});
  const Answer resign = send(kAdmin, RevokeRole{.user = kAdmin, .role = Role::admin, .scope = {}});
  const Answer other = send(kAdmin, GrantRole{.user = second, .role = Role::auditor, .scope = {}});
  ASSERT_TRUE(resign.proposed && other.proposed);
  must(second, ApproveProposal{.proposal = ProposalId(static_cast<std::uint32_t>(resign.id))});
  ASSERT_EQ(all<ProposalWithdrawn>().size(), 1u);
  EXPECT_EQ(all<ProposalWithdrawn>()[0].proposal.value(), other.id);
  EXPECT_EQ(all<ProposalApproved>().size(), 1u);
  EXPECT_TRUE(exchange_.proposals().empty());
}

TEST_F(ExchangeTest, AHeldExitComesBackWhenItsReceiverIsFrozen) {
  LotId lot;
  exchange_.holdings().for_each_of(
      AccountId(6), [&](HoldingSlot slot) { lot = exchange_.holdings().get(slot).lot; });
  const Units before = exchange_.holdings().available(AccountId(6), lot);
  must(UserId(3),
       TransferCertificates{
           .from = AccountId(6), .to = AccountId(9), .lot = lot, .units = Units(10)});
  EXPECT_EQ(exchange_.holdings().available(AccountId(6), lot), before - Units(10));
  must(kAdmin, SetFrozen{.target = FreezeTarget::account, .id = 9, .frozen = true, .reason = ""});
  now_ = Instant(now_.ns() + 3600 * kSecond);
  must(UserId(), Tick());
  EXPECT_EQ(all<ExitRecalled>().size(), 1u);
  EXPECT_EQ(exchange_.holdings().available(AccountId(6), lot), before);
}

TEST_F(ExchangeTest, SweepsExpiredCertificatesInBoundedSteps) {
  now_ = start_of(Date(20'600 + 400));
  must(UserId(), Tick{.sweep_limit = 0});
  EXPECT_TRUE(all<CertificatesExpired>().empty());
  EXPECT_LE(exchange_.next_due(), now_);
  std::size_t swept = 0;
  for (int step = 0; step < 100 && exchange_.next_due() <= now_; ++step) {
    must(UserId(), Tick{.sweep_limit = 2});
    EXPECT_LE(all<CertificatesExpired>().size(), swept + 2);
    swept = all<CertificatesExpired>().size();
  }
  EXPECT_GT(swept, 2u);
  EXPECT_GT(exchange_.next_due(), now_);
  EXPECT_EQ(exchange_.holdings().size(), 0u);
}

// Dates outside the calendar are refused before anything is calculated with them.
TEST_F(ExchangeTest, RefusesDatesOutsideTheCalendar) {
  RegisterDevice device{.registry = RegistryId(1),
                        .producer = ParticipantId(2),
                        .name = "plant",
                        .country = "FR",
                        .carriers = {"biomethane"},
                        .start = Date(std::numeric_limits<std::int32_t>::min()),
                        .fields = {}};
  EXPECT_EQ(refusal(UserId(2), device), Reject::device_field_invalid);
  device.start = Date(std::numeric_limits<std::int32_t>::max());
  EXPECT_EQ(refusal(UserId(2), device), Reject::device_field_invalid);
  device.start = *make_date(1900, 1, 1);
  const DeviceId id(static_cast<std::uint32_t>(must(UserId(2), device)));
  must(kAdmin, ApproveDevice{.device = id});
  DeclareProduction declare{.device = id,
                            .carrier = "biomethane",
                            .period = {},
                            .gross = Measured(1),
                            .deductions = {},
                            .fields = {}};
  for (const std::int32_t days :
       {std::numeric_limits<std::int32_t>::min(), -25'568, kNever.days() + 1}) {
    declare.period = {.first = Date(days), .last = Date(days)};
    EXPECT_EQ(refusal(UserId(2), declare), Reject::period_invalid) << days;
  }
  declare.period = {.first = Date(-25'567), .last = Date(-25'567)};
  must(UserId(2), declare);
  CancelCertificates cancel{
      .account = AccountId(2),
      .lot = LotId(1),
      .units = Units(1),
      .beneficiary = "Works",
      .country = "",
      .purpose = "disclosure",
      .period = {.first = Date(std::numeric_limits<std::int32_t>::min()), .last = Date(1)},
      .note = ""};
  EXPECT_EQ(refusal(UserId(2), cancel), Reject::period_invalid);
}

TEST_F(ExchangeTest, RefusesASerialFormatThatCannotBePrinted) {
  LoadScheme load{.scheme = exchange_.registry().schemes[0], .source = {}};
  for (const char* format : {"{serial:99999999999}",
                             "{serial:x}",
                             "{serial:}",
                             "{serial:0}",
                             "{serial:21}",
                             "{sreial}",
                             "{serial",
                             "serial}",
                             "{}",
                             "{ser{ial}"}) {
    load.scheme.serial_format = format;
    const Answer answer = send(kAdmin, load);
    EXPECT_EQ(answer.code, Reject::scheme_invalid) << format;
    EXPECT_EQ(answer.detail, "serial_format");
  }
  load.scheme.serial_format = "{country}-{registry}/{vintage}.{lot:6}-{serial:20}";
  must(kAdmin, load);
}

TEST_F(ExchangeTest, AFrozenAccountHasNoOrders) {
  must(UserId(3), order(AccountId(6), Side::sell, 1, 101));
  must(UserId(3), order(AccountId(8), Side::buy, 1, 95));  // receives at accounts 6 and 7
  must(kAdmin, SetFrozen{.target = FreezeTarget::account, .id = 6, .frozen = true, .reason = ""});
  EXPECT_EQ(all<OrderEnded>().size(), 2u) << "the sell, and the buy that cannot be delivered";
  EXPECT_EQ(refusal(UserId(3), order(AccountId(6), Side::sell, 1, 101)), Reject::account_frozen);
  EXPECT_EQ(refusal(UserId(3), order(AccountId(8), Side::buy, 1, 95)),
            Reject::receiving_account_missing);
}

// Syntax is judged before rights, so a malformed command tells nothing about who may give it.
TEST_F(ExchangeTest, AStrangersMalformedCommandIsMalformed) {
  const TransferCertificates fine{
      .from = AccountId(6), .to = AccountId(9), .lot = LotId(1), .units = Units(1)};
  TransferCertificates none = fine;
  none.units = Units(0);
  EXPECT_EQ(refusal(UserId(2), none), Reject::units_not_positive);
  EXPECT_EQ(refusal(UserId(2), fine), Reject::account_unknown);
  EXPECT_EQ(refusal(UserId(2), order(AccountId(6), Side::sell, 0, 101)),
            Reject::quantity_not_positive);
  EXPECT_EQ(refusal(UserId(2), CreateMarket{.code = "a b", .name = "M"}), Reject::code_invalid);
  EXPECT_EQ(refusal(UserId(2), CreateMarket{.code = "M", .name = "M"}), Reject::not_permitted);
  EXPECT_EQ(refusal(UserId(99), CreateMarket{.code = "", .name = "M"}), Reject::code_invalid);
}

TEST_F(ExchangeTest, StrangersLearnNothing) {
  const OrderId id(must(UserId(3), order(AccountId(6), Side::sell, 1, 101)));
  EXPECT_EQ(refusal(UserId(2), order(AccountId(6), Side::sell, 1, 101)), Reject::account_unknown);
  EXPECT_EQ(refusal(UserId(2), order(AccountId(999), Side::sell, 1, 101)), Reject::account_unknown);
  const OrderRef foreign{.account = AccountId(2), .order = id, .client_order_id = {}};
  const OrderRef missing{.account = AccountId(2), .order = OrderId(999), .client_order_id = {}};
  EXPECT_EQ(refusal(UserId(2), CancelOrder{.target = foreign}), Reject::order_unknown);
  EXPECT_EQ(refusal(UserId(2), CancelOrder{.target = missing}), Reject::order_unknown);
}

TEST_F(ExchangeTest, RestoresItsStateAndRefusesACutOne) {
  must(UserId(3), order(AccountId(6), Side::sell, 2, 101));
  must(UserId(2), order(AccountId(2), Side::buy, 1, 105));
  const Bytes bytes = state_of(exchange_);
  Exchange back;
  Decoder in(bytes);
  ASSERT_TRUE(back.decode(in));
  EXPECT_TRUE(in.at_end());
  EXPECT_EQ(state_of(back), bytes);
  for (std::size_t size = 0; size < bytes.size(); size += 1 + size / 500) {
    const Bytes cut(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
    Exchange damaged;
    Decoder decoder(cut);
    ASSERT_FALSE(damaged.decode(decoder)) << size;
  }
}

TEST_F(ExchangeTest, ACopyIsAnotherExchange) {
  Exchange copy = exchange_;
  const Bytes before = state_of(copy);
  must(UserId(3), order(AccountId(6), Side::sell, 2, 101));
  EXPECT_EQ(state_of(copy), before);
  EXPECT_NE(state_of(exchange_), before);
}

TEST_F(ExchangeTest, ACommandThatIsSetAsideLeavesNothingButItsRefusal) {
  CommandHeader h = header(UserId(2));
  h.origin.client = ClientId(77);
  h.origin.client_sequence = 1;
  const Instant before = exchange_.time();
  const EventSequence said = exchange_.event_sequence();
  h.time = Instant(1);  // any time: it is not looked at
  const Answer answer = exchange_.set_aside(h, events_);
  EXPECT_EQ(answer.code, Reject::quarantined);
  EXPECT_EQ(exchange_.sequence(), h.sequence);
  EXPECT_EQ(exchange_.time(), before);
  EXPECT_EQ(exchange_.event_sequence(), next(said));
  EXPECT_EQ(events_.count(), 1u);
  EXPECT_EQ(exchange_.check_invariants(), std::vector<std::string>());
  // A repeat of the number gets the same answer, and nothing is done.
  CommandHeader repeat = header(UserId(2));
  repeat.origin = h.origin;
  EXPECT_EQ(exchange_.apply(repeat, order(AccountId(2), Side::buy, 1, 100), events_).code,
            Reject::quarantined);
  EXPECT_DEATH(exchange_.set_aside(h, events_), "sequence == next");
}

TEST_F(ExchangeTest, OnlyTheNodeItselfJournalsAQuarantine) {
  const QuarantineRecord quarantine{
      .record = Sequence(3), .reason = "why", .first = UserId(1), .second = UserId(2)};
  EXPECT_EQ(refusal(kAdmin, quarantine), Reject::not_permitted);
  EXPECT_EQ(refusal(UserId(), quarantine), Reject::accepted);
}

TEST_F(ExchangeTest, TwoPersonsWhoRunTheNodeMaySetACommandAside) {
  const auto user = [&](const std::string& person, Role role, std::uint8_t token) {
    Hash256 digest{};
    digest.fill(token);
    const UserId id(static_cast<std::uint32_t>(must(
        kAdmin,
        CreateUser{
            .participant = ParticipantId(1), .name = "user", .person = person, .token = digest})));
    must(kAdmin, GrantRole{.user = id, .role = role, .scope = {}});
    return id;
  };
  const UserId bea = user("Bea", Role::market_operator, 201);
  const UserId bea_again = user("Bea", Role::market_operator, 202);
  const UserId cid = user("Cid", Role::auditor, 203);
  const State& state = exchange_.state();
  EXPECT_TRUE(may_quarantine(state, kAdmin, bea));
  EXPECT_TRUE(may_quarantine(state, bea, kAdmin));
  EXPECT_FALSE(may_quarantine(state, bea, bea));
  EXPECT_FALSE(may_quarantine(state, bea, bea_again));
  EXPECT_FALSE(may_quarantine(state, kAdmin, cid));
  EXPECT_FALSE(may_quarantine(state, kAdmin, UserId(9999)));
  EXPECT_FALSE(may_quarantine(state, UserId(), bea));
}

// Whatever is said to come, also what is malformed, looking ahead changes nothing.
TEST_F(ExchangeTest, LooksAheadWithoutTouchingAnything) {
  const auto state = [&] {
    Bytes bytes;
    Encoder out(bytes);
    exchange_.encode(out);
    return bytes;
  };
  EXPECT_FALSE(LookAhead(exchange_.state()).pays());
  must(kAdmin, deposit(AccountId(2), Cash(1'000'000'000)));
  PlaceOrder bid = order(AccountId(2), Side::buy, 1, 95);
  for (std::int64_t i = 0; i <= 10'000; ++i) {
    bid.price = Price(90 + i % 20);
    const Answer answer = exchange_.apply(header(UserId(2)), bid, events_);
    ASSERT_TRUE(answer.ok()) << readable(answer);
  }
  std::vector<Command> commands{Tick{}};
  for (const std::int64_t price : {std::numeric_limits<std::int64_t>::min(),
                                   std::int64_t{0},
                                   std::int64_t{100},
                                   std::numeric_limits<std::int64_t>::max()}) {
    for (const int side : {0, 1, 2, 255}) {
      for (const std::uint32_t id : {0u, 1u, 2u, ~0u}) {
        PlaceOrder place = order(AccountId(id), static_cast<Side>(side), 1, price);
        commands.emplace_back(place);
        place.account = AccountId(2);
        place.instrument = InstrumentId(id);
        commands.emplace_back(place);
      }
    }
  }
  for (const std::uint64_t id : {std::uint64_t{0}, std::uint64_t{1}, ~std::uint64_t{0}}) {
    const OrderRef target{.account = AccountId(2), .order = OrderId(id), .client_order_id = {}};
    commands.emplace_back(CancelOrder{.target = target});
    commands.emplace_back(ReduceOrder{.target = target, .by = Quantity(1)});
  }
  const Bytes before = state();
  const LookAhead ahead(exchange_.state());
  ASSERT_TRUE(ahead.pays());
  for (const Command& command : commands) {
    ahead.find(ComingOrder(command));
    ahead.follow(ComingOrder(command));
    ahead.surround(ComingOrder(command));
  }
  EXPECT_EQ(before, state());
}

}  // namespace
}  // namespace origo
