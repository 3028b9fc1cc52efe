#include "tests/model/twin.h"

#include <algorithm>

namespace origo {
namespace {

constexpr UserId kAdmin{1};

}  // namespace

Answer Twin::refuse(Reject code) {
  Answer answer;
  answer.code = code;
  return answer;
}

Answer Twin::done(std::uint64_t id) {
  Answer answer;
  answer.id = id;
  return answer;
}

Twin::Said Twin::apply(const CommandHeader& header, const Command& command) {
  now_ = header.time;
  principal_ = header.origin.principal;
  client_ = header.origin.client;
  events_.clear();
  moves_.clear();
  do_due_work();
  moves_.clear();
  const Answer answer = run(header, command);
  return {.answer = answer, .events = events_};
}

Answer Twin::run(const CommandHeader& header, const Command& command) {
  const Origin& origin = header.origin;
  auto& numbers = clients_[origin.client];
  if (origin.client.is_set()) {
    const auto known = numbers.find(origin.client_sequence);
    if (known != numbers.end() && known->second.first == origin.digest) return known->second.second;
    if (known != numbers.end()) {
      say(CommandRefused{.reason = Reject::client_sequence_conflict, .detail = ""});
      return refuse(Reject::client_sequence_conflict);
    }
  }
  const Answer answer = std::visit([&](const auto& body) { return execute(body); }, command);
  if (!answer.ok()) say(CommandRefused{.reason = answer.code, .detail = ""});
  if (!origin.client.is_set()) return answer;
  numbers[origin.client_sequence] = {origin.digest, answer};
  client_owners_.emplace(origin.client, origin.principal);
  return answer;
}

bool Twin::owns(AccountId account) const {
  const auto found = accounts_.find(account);
  const auto user = users_.find(principal_);
  return found != accounts_.end() && user != users_.end() &&
         found->second.participant == user->second;
}

Reject Twin::frozen(AccountId id) const {
  const Account& account = accounts_.at(id);
  if (participants_.at(account.participant).frozen) return Reject::participant_frozen;
  return account.frozen ? Reject::account_frozen : Reject::accepted;
}

bool Twin::has_kind(AccountId account, const std::vector<ParticipantKind>& kinds) const {
  for (const ParticipantKind kind : participants_.at(accounts_.at(account).participant).kinds) {
    if (std::find(kinds.begin(), kinds.end(), kind) != kinds.end()) return true;
  }
  return false;
}

// ---- who takes part ----

Answer Twin::execute(const Bootstrap& c) {
  participants_[ParticipantId(1)] = {.kinds = {ParticipantKind::venue}, .accounts = {kVenue}};
  accounts_[kVenue] = {
      .participant = ParticipantId(1), .registry = {}, .frozen = false, .trusted = {}};
  users_[UserId(1)] = ParticipantId(1);
  say(NodeBootstrapped{.venue = ParticipantId(1),
                       .account = kVenue,
                       .admin = UserId(1),
                       .venue_name = c.venue_name});
  return done(1);
}

Answer Twin::execute(const SetRelaxations& c) {
  four_eyes_relaxed_ = c.four_eyes;
  hold_ns_ = c.exit_hold_ns;
  say(RelaxationsSet{.relaxations = c});
  return done(0);
}

Answer Twin::execute(const CreateParticipant& c) {
  const ParticipantId id = next_key(participants_);
  participants_[id].kinds = c.kinds;
  say(ParticipantCreated{.participant = id, .details = c});
  return done(id.value());
}

Answer Twin::execute(const CreateUser& c) {
  const UserId id = next_key(users_);
  users_[id] = c.participant;
  say(UserCreated{.user = id, .participant = c.participant, .name = c.name});
  return done(id.value());
}

Answer Twin::execute(const GrantRole& c) {
  say(RoleGranted{.grant = c});
  return done(c.user.value());
}

Answer Twin::execute(const OpenAccount& c) {
  const AccountId id = next_key(accounts_);
  accounts_[id] = {
      .participant = c.participant, .registry = c.registry, .frozen = false, .trusted = {}};
  participants_[c.participant].accounts.push_back(id);
  say(AccountOpened{.account = id, .details = c});
  return done(id.value());
}

Answer Twin::execute(const TrustAccount& c) {
  if (c.from == c.to) return refuse(Reject::same_account);
  if (!owns(c.from)) return refuse(Reject::account_unknown);
  if (frozen(c.from) != Reject::accepted) return refuse(frozen(c.from));
  std::map<AccountId, Instant>& trusted = accounts_[c.from].trusted;
  if (!c.trusted) trusted.erase(c.to);
  if (c.trusted && trusted.count(c.to) == 0) trusted[c.to] = now_;
  say(AccountTrusted{.trust = c});
  return done(c.from.value());
}

Answer Twin::execute(const SetFrozen& c) {
  const bool whole = c.target == FreezeTarget::participant;
  (whole ? participants_[ParticipantId(c.id)].frozen : accounts_[AccountId(c.id)].frozen) =
      c.frozen;
  say(FreezeSet{.freeze = c});
  if (!c.frozen) return done(c.id);
  if (whole) {
    for (const AccountId account : participants_[ParticipantId(c.id)].accounts)
      end_all_of(account, OrderEnd::frozen);
    return done(c.id);
  }
  end_all_of(AccountId(c.id), OrderEnd::frozen);
  for (const AccountId account : participants_[accounts_[AccountId(c.id)].participant].accounts) {
    std::vector<OrderId> stranded;
    for (const auto& [id, order] : orders_) {
      const bool buys = order.details.account == account && order.details.side == Side::buy;
      if (buys && !can_receive(account, instruments_[order.details.instrument]))
        stranded.push_back(id);
    }
    end_all(stranded, OrderEnd::frozen);
  }
  return done(c.id);
}

// What the venue has engaged, also over the participant's own switch, only the venue releases.
Answer Twin::execute(const SetKillSwitch& c) {
  const bool is_venue = principal_ == kAdmin;
  const auto user = users_.find(principal_);
  if (!is_venue && (user == users_.end() || user->second != c.participant))
    return refuse(Reject::not_permitted);
  const auto found = participants_.find(c.participant);
  if (found == participants_.end()) return refuse(Reject::participant_unknown);
  Participant& participant = found->second;
  const bool takes_over = c.engaged && is_venue && !participant.killed_by_venue;
  if (participant.killed == c.engaged && !takes_over) return refuse(Reject::kill_switch_unchanged);
  if (!c.engaged && participant.killed_by_venue && !is_venue) return refuse(Reject::not_permitted);
  participant.killed = c.engaged;
  participant.killed_by_venue = c.engaged && is_venue;
  say(KillSwitchSet{.kill_switch = c});
  if (c.engaged) {
    for (const AccountId account : participant.accounts) end_all_of(account, OrderEnd::killed);
  }
  return done(c.participant.value());
}

// A client id is its first user's; the node itself ends any.
Answer Twin::execute(const EndSession& c) {
  const auto owner = client_owners_.find(c.client);
  if (owner == client_owners_.end()) return refuse(Reject::client_unknown);
  if (principal_.is_set() && owner->second != principal_) return refuse(Reject::client_unknown);
  std::vector<OrderId> ending;
  for (const auto& [id, order] : orders_) {
    if (order.session == c.client) ending.push_back(id);
  }
  end_all(ending, OrderEnd::disconnect);
  return done(ending.size());
}

// ---- cash ----

std::int64_t Twin::cash_reserved(AccountId account, Currency currency) const {
  std::int64_t sum = 0;
  for (const auto& [id, order] : orders_) {
    if (order.details.account == account &&
        instruments_.at(order.details.instrument).details.terms.currency == currency)
      sum += order.reserved;
  }
  for (const auto& [id, pending] : pending_) {
    if (pending.currency != currency) continue;
    const std::int64_t buyer_fee = pending.buyer_fee.value();
    const std::int64_t fees = buyer_fee + pending.seller_fee.value();
    if (pending.buyer == account)
      sum += pending.cash.value() + std::max<std::int64_t>(buyer_fee, 0);
    if (account == kVenue && fees < 0) sum -= fees;
  }
  for (const auto& [id, exit] : exits_) {
    if (exit.is_cash && exit.cash.account == account && exit.cash.currency == currency)
      sum += exit.cash.amount.value();
  }
  return sum;
}

std::int64_t Twin::cash_available(AccountId account, Currency currency) const {
  const auto found = cash_.find({account, currency});
  return (found == cash_.end() ? 0 : found->second) - cash_reserved(account, currency);
}

Answer Twin::execute(const DepositCash& c) {
  if (c.amount.value() < 1) return refuse(Reject::amount_not_positive);
  cash_[{c.account, c.currency}] += c.amount.value();
  say(CashDeposited{.deposit = c});
  return done(c.account.value());
}

Answer Twin::execute(const WithdrawCash& c) {
  if (c.amount.value() < 1) return refuse(Reject::amount_not_positive);
  if (!owns(c.account)) return refuse(Reject::account_unknown);
  if (frozen(c.account) != Reject::accepted) return refuse(frozen(c.account));
  if (cash_available(c.account, c.currency) < c.amount.value())
    return refuse(Reject::cash_not_available);
  const TransferId id(++transfers_);
  const Instant until(now_.ns() + hold_ns_);
  exits_[id] = {.is_cash = true, .certificates = {}, .cash = c, .until = until};
  say(WithdrawalHeld{.transfer = id, .details = c, .until = until});
  return done(id.value());
}

Answer Twin::execute(const RecallExit& c) {
  const auto found = exits_.find(c.transfer);
  if (found == exits_.end()) return refuse(Reject::transfer_unknown);
  const Exit exit = found->second;
  if (!owns(exit.is_cash ? exit.cash.account : exit.certificates.from))
    return refuse(Reject::transfer_unknown);
  exits_.erase(found);
  give_back(c.transfer, exit);
  return done(c.transfer.value());
}

}  // namespace origo
