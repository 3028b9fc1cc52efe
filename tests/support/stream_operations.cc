#include <algorithm>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/stream.h"

// Random commands beside orders: certificates, cash, and what those do who run the market.
namespace origo {

Command Stream::draw_transfer(const Exchange& exchange, const Trader& trader) {
  TransferCertificates transfer;
  transfer.from = draw_account(trader);
  transfer.to = draw_account(draw_.one_in(2) ? trader : traders_[draw_.below(traders_.size())]);
  transfer.lot = draw_lot(exchange, transfer.from);
  const Units there = exchange.holdings().available(transfer.from, transfer.lot);
  const std::int64_t most = draw_.one_in(4) ? there.value() : there.value() / 7;
  transfer.units = Units(draw_.between(0, std::max<std::int64_t>(most, 20)));
  if (draw_.one_in(5)) transfer.units = there;
  return transfer;
}

Command Stream::draw_cancellation(const Exchange& exchange, const Trader& trader) {
  CancelCertificates cancel;
  cancel.account = draw_account(trader);
  cancel.lot = draw_lot(exchange, cancel.account);
  const Units there = exchange.holdings().available(cancel.account, cancel.lot);
  cancel.units = Units(draw_.between(0, std::max<std::int64_t>(there.value() / 5, 20)));
  cancel.beneficiary = draw_.one_in(8) ? "" : "Works " + std::to_string(draw_.below(9));
  cancel.country = "FR";
  cancel.purpose = draw_.one_in(8) ? "heat" : "disclosure";
  return cancel;
}

Command Stream::draw_operation(const Exchange& exchange) {
  for (const Venue& venue : exchange.market().venues) {
    const bool trades = takes_orders(venue.phase);
    if (!trades && !draw_.one_in(3))
      return SetPhase{.market = venue.id, .phase = Phase::continuous, .reason = "open"};
  }
  const MarketId market(static_cast<std::uint32_t>(1 + draw_.below(2)));
  const std::uint64_t kind = draw_.below(100);
  if (kind < (calls_ == Calls::some ? 30 : 10)) return draw_phase(exchange, market);
  if (draw_.one_in(40)) return draw_reference_price();
  if (kind < 20) return draw_set_fees(market);
  for (const Participant& participant : exchange.parties().participants()) {
    if (participant.killed && draw_.one_in(2)) return draw_kill_switch(exchange, traders_[0]);
  }
  if (kind < 23) return draw_kill_switch(exchange, traders_[draw_.below(traders_.size())]);
  if (kind < 54) {
    const AccountId account = draw_account(traders_[draw_.below(traders_.size())]);
    const Currency currency = currency_of(draw_.one_in(2) ? "EUR" : "GBP");
    const Cash amount(draw_.between(0, 10'000));
    return DepositCash{
        .account = account, .currency = currency, .amount = amount, .reference = "in"};
  }
  return draw_.one_in(4) ? draw_lot_freeze(exchange) : draw_freeze(exchange);
}

// Serials around a holding's, mostly few; releases more than it freezes, so that the market lives.
Command Stream::draw_lot_freeze(const Exchange& exchange) {
  const AccountId account = draw_account(traders_[draw_.below(traders_.size())]);
  FreezeCertificates freeze{.lot = draw_lot(exchange, account), .frozen = draw_.one_in(3)};
  freeze.reason = "test";
  if (!freeze.frozen && draw_.one_in(2)) return freeze;  // all of the lot
  const HoldingSlot slot = exchange.holdings().find(account, freeze.lot);
  if (slot == Holdings::kNone || draw_.one_in(10)) {
    freeze.first = Serial(draw_.between(0, 100));
    freeze.units = Units(draw_.between(0, 200));
    return freeze;
  }
  const std::vector<SerialRange> ranges = exchange.holdings().ranges(exchange.holdings().get(slot));
  const SerialRange& range = ranges[draw_.below(ranges.size())];
  freeze.first = range.first + Serial(draw_.between(0, range.count.value() - 1));
  freeze.units = Units(draw_.between(1, std::max<std::int64_t>(range.count.value() / 8, 1)));
  return freeze;
}

// Calls last a while.
Command Stream::draw_phase(const Exchange& exchange, MarketId market) {
  if (calls_ == Calls::some && draw_.one_in(3)) return draw_calendar(market);
  const bool in_call = gathers(exchange.market().find(market)->phase);
  SetPhase set{
      .market = market, .phase = static_cast<Phase>(draw_.between(1, 3)), .reason = "test"};
  if (calls_ == Calls::some && !in_call && !draw_.one_in(3)) set.phase = Phase::call;
  if (calls_ == Calls::some && draw_.one_in(8)) set.phase = Phase::pre_open;
  if (in_call && draw_.one_in(2)) set.phase = Phase::continuous;
  set.until_lifted = draw_.one_in(5);
  return set;
}

// A few changes around now, mostly minutes apart.
Command Stream::draw_calendar(MarketId market) {
  SetCalendar set{.market = market,
                  .day_ends = {Instant(now_ns_ + draw_.between(1, 900) * kSecond)},
                  .phases = {},
                  .source = {}};
  std::int64_t at = now_ns_ - draw_.between(0, 120) * kSecond;
  Phase before{};
  for (std::uint64_t left = draw_.below(7); left > 0; --left) {
    Phase phase = static_cast<Phase>(draw_.between(1, 5));
    if (phase == before || draw_.one_in(3))
      phase = before == Phase::continuous ? Phase::call : Phase::continuous;
    if (phase == before) phase = Phase::halt;
    const std::int64_t length = draw_.between(1, 240);
    const std::int64_t random = draw_.one_in(2) ? draw_.between(0, length - 1) : 0;
    set.phases.push_back({.at = Instant(at), .phase = phase, .random_ns = random * kSecond});
    at += length * kSecond;
    before = phase;
  }
  return set;
}

Command Stream::draw_reference_price() {
  const InstrumentId instrument(static_cast<std::uint32_t>(draw_.between(1, 7)));
  return SetReferencePrice{.instrument = instrument, .price = Price(draw_.between(89, 111))};
}

// With tiers by megawatt hours, ascending.
Command Stream::draw_set_fees(MarketId market) {
  SetFees set{.market = market, .fees = draw_fees(), .tiers = {}};
  std::int64_t from = 0;
  for (std::uint64_t left = draw_.below(4); left > 0; --left) {
    from += draw_.between(1, 60) * (market == MarketId(1) ? 1'000'000 : 100'000);
    set.tiers.push_back({.volume_from = from, .fees = draw_fees()});
  }
  return set;
}

// Mostly releases, so that the market lives; now and then somebody tries what only the venue may.
Command Stream::draw_kill_switch(const Exchange& exchange, const Trader& trader) {
  SetKillSwitch set{
      .participant = trader.participant, .engaged = draw_.one_in(2), .reason = "test"};
  for (const Participant& participant : exchange.parties().participants()) {
    if (!participant.killed || draw_.one_in(6)) continue;
    set.participant = participant.id;
    set.engaged = false;
  }
  return set;
}

// Thaws more often than it freezes, so that the market lives.
Command Stream::draw_freeze(const Exchange& exchange) {
  SetFrozen freeze;
  freeze.reason = "test";
  freeze.frozen = false;
  for (const Participant& participant : exchange.parties().participants()) {
    if (!participant.frozen || draw_.one_in(3)) continue;
    freeze.id = participant.id.value();
    return freeze;
  }
  freeze.target = FreezeTarget::account;
  for (const Account& account : exchange.parties().accounts()) {
    if (!account.frozen || draw_.one_in(3)) continue;
    freeze.id = account.id.value();
    return freeze;
  }
  const Trader& trader = traders_[draw_.below(traders_.size())];
  freeze.frozen = draw_.one_in(3);
  freeze.id = draw_account(trader).value();
  if (draw_.one_in(3)) {
    freeze.target = FreezeTarget::participant;
    freeze.id = trader.participant.value();
  }
  return freeze;
}

// Sound ones: a rebate is at most the other role's fee.
FeeSchedule Stream::draw_fees() {
  // At every other rate some notionals make exactly half a minor unit: 5 % of 110 is 5.5.
  constexpr std::int32_t kRound[] = {5'000, 50'000, 100'000};
  const auto draw_rate = [&] {
    if (draw_.one_in(2)) return kRound[draw_.below(std::size(kRound))];
    return static_cast<std::int32_t>(draw_.between(0, 100'000));
  };
  FeeSchedule fees;
  fees.taker.rate_ppm = draw_rate();
  fees.taker.per_contract = Cash(draw_.between(0, 9));
  fees.maker.rate_ppm = draw_rate();
  fees.maker.per_contract = Cash(draw_.between(0, 9));
  if (draw_.one_in(2)) {
    fees.maker.rate_ppm = -std::min(fees.maker.rate_ppm, fees.taker.rate_ppm);
    fees.maker.per_contract = Cash(-draw_.between(0, fees.taker.per_contract.value()));
  } else if (draw_.one_in(4)) {
    std::swap(fees.maker, fees.taker);
  }
  return fees;
}

// Mostly a lot that the account holds, more often one that is soon to expire.
LotId Stream::draw_lot(const Exchange& exchange, AccountId account) {
  LotId lot(static_cast<std::uint32_t>(1 + draw_.below(plants_.size() * 2)));
  std::vector<std::pair<Date, LotId>> held;
  exchange.holdings().for_each_of(account, [&](HoldingSlot slot) {
    const Lot& one = exchange.registry().get(exchange.holdings().get(slot).lot);
    held.emplace_back(one.cancellable_until, one.id);
  });
  std::sort(held.begin(), held.end());
  for (const auto& [last_day, one] : held) {
    if (!draw_.one_in(10)) lot = one;
    if (!draw_.one_in(2)) break;
  }
  return lot;
}

}  // namespace origo
