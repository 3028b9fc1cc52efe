#include "engine/exchange.h"

#include "engine/consent.h"
#include "engine/ledger/enrolment.h"
#include "engine/market/desk.h"
#include "engine/market/listing.h"
#include "engine/market/settlements.h"
#include "engine/market/trading_sessions.h"
#include "engine/registry/balancing.h"
#include "engine/registry/office.h"
#include "engine/rights.h"
#include "engine/syntax.h"

namespace origo {
namespace {

Answer refused(const Refusal& refusal) {
  Answer answer;
  answer.code = refusal.code;
  answer.detail = refusal.detail;
  return answer;
}

void refuse(const Refusal& refusal, Answer& answer) {
  answer.code = refusal.code;
  answer.detail = refusal.detail;
}

Answer answer_of(const Result<std::uint64_t>& result) {
  if (!result) return refused(result.refusal());
  Answer answer;
  answer.id = *result;
  return answer;
}

template <class Tag, class Rep>
Answer answer_of(const Result<Id<Tag, Rep>>& result) {
  if (!result) return refused(result.refusal());
  Answer answer;
  answer.id = result->value();
  return answer;
}

Result<Desk::Taken> run_order(Desk& desk, const PlaceOrder& c) {
  return desk.place(c);
}
Result<Desk::Taken> run_order(Desk& desk, const AmendOrder& c) {
  return desk.amend(c);
}
Result<Desk::Taken> run_order(Desk& desk, const ReduceOrder& c) {
  return desk.reduce(c);
}
Result<Desk::Taken> run_order(Desk& desk, const CancelOrder& c) {
  return desk.cancel(c);
}

// Gives each command to the part of the core that decides it.
class Executor {
 public:
  Executor(const Working& working, std::uint32_t& rules_version)
      : working_(working), rules_version_(rules_version) {}

  Answer operator()(const Bootstrap& c) const { return answer_of(enrolment().bootstrap(c)); }
  Answer operator()(const Tick& c) const {
    office().sweep(c.sweep_limit);
    sessions().draw(c.draw);
    return {};
  }
  Answer operator()(const SetRulesVersion& c) const {
    if (c.version < rules_version_ || c.version > kRulesVersion)
      return refused(Reject::rules_version_unknown);
    rules_version_ = c.version;
    working_.events.append(RulesVersionSet{.version = c.version});
    return {};
  }
  Answer operator()(const SetRelaxations& c) const {
    SetRelaxations& settings = working_.state.relaxations;
    settings.four_eyes = c.four_eyes;
    settings.holds = c.holds;
    if (c.exit_hold_ns > 0) settings.exit_hold_ns = c.exit_hold_ns;
    working_.events.append(RelaxationsSet{.relaxations = settings});
    return {};
  }
  // What it sets aside was met before, and is a refusal already.
  Answer operator()(const QuarantineRecord& c) const {
    working_.events.append(RecordQuarantined{.quarantine = c});
    return {};
  }
  Answer operator()(const DefineAttribute& c) const {
    const Result<AttributeId> defined = working_.state.vocabulary.define(c);
    if (defined) working_.events.append(AttributeDefined{.attribute = *defined, .definition = c});
    return answer_of(defined);
  }

  Answer operator()(const CreateParticipant& c) const { return answer_of(enrolment().create(c)); }
  Answer operator()(const CreateUser& c) const { return answer_of(enrolment().create(c)); }
  Answer operator()(const GrantRole& c) const { return answer_of(enrolment().grant(c)); }
  Answer operator()(const RevokeRole& c) const {
    const Result<UserId> result = enrolment().revoke(c);
    if (result) Consent(working_).drop_unfounded(c.user);
    return answer_of(result);
  }
  Answer operator()(const ReplaceToken& c) const { return answer_of(enrolment().replace(c)); }
  Answer operator()(const OpenAccount& c) const {
    return answer_of(enrolment().open(c, date_of(working_.now)));
  }
  Answer operator()(const TrustAccount& c) const { return answer_of(enrolment().trust(c)); }
  Answer operator()(const SetFrozen& c) const {
    const Result<std::uint64_t> result = enrolment().freeze(c);
    if (result && c.frozen) end_frozen_orders(c);
    return answer_of(result);
  }
  Answer operator()(const SetKillSwitch& c) const {
    const Result<ParticipantId> result = enrolment().set(c);
    if (result && c.engaged) {
      for (const AccountId account : working_.state.parties.get(c.participant).accounts)
        desk().end_orders_of_account(account, OrderEnd::killed);
    }
    return answer_of(result);
  }
  // Whose client id it is, was judged before.
  Answer operator()(const EndSession& c) const {
    Answer answer;
    answer.id = desk().end_session(c.client);
    return answer;
  }
  Answer operator()(const DepositCash& c) const { return answer_of(enrolment().deposit(c)); }
  Answer operator()(const WithdrawCash& c) const { return answer_of(office().withdraw(c)); }
  Answer operator()(const RecallExit& c) const { return answer_of(office().recall(c)); }
  // Handled before commands are executed; a proposal never holds one.
  Answer operator()(const ApproveProposal&) const { return refused(Reject::malformed); }
  Answer operator()(const WithdrawProposal&) const { return refused(Reject::malformed); }

  Answer operator()(const LoadScheme& c) const {
    std::vector<LotId> ended;
    const Answer answer = answer_of(office().load(c, ended));
    desk().end_orders_on_lots(ended, OrderEnd::certificate_expired);
    for (const Venue& venue : working_.state.market.venues)
      desk().end_orders_settling_late(venue.id);
    return answer;
  }
  Answer operator()(const CreateRegistry& c) const { return answer_of(office().create(c)); }
  Answer operator()(const RegisterDevice& c) const {
    return answer_of(office().register_device(c));
  }
  Answer operator()(const ApproveDevice& c) const { return answer_of(office().approve(c)); }
  Answer operator()(const ChangeDevice& c) const { return answer_of(office().ask(c)); }
  Answer operator()(const ApproveDeviceChange& c) const { return answer_of(office().approve(c)); }
  Answer operator()(const RefuseDeviceChange& c) const { return answer_of(office().refuse(c)); }
  Answer operator()(const SuspendDevice& c) const { return answer_of(office().suspend(c)); }
  Answer operator()(const DeclareProduction& c) const { return answer_of(office().declare(c)); }
  Answer operator()(const RequestIssuance& c) const { return answer_of(office().request(c)); }
  Answer operator()(const ApproveIssuance& c) const { return answer_of(office().issue(c)); }
  Answer operator()(const TransferCertificates& c) const { return answer_of(office().transfer(c)); }
  Answer operator()(const CancelCertificates& c) const { return answer_of(office().cancel(c)); }

  Answer operator()(const RecordEvidence& c) const { return answer_of(office().record(c)); }
  Answer operator()(const ConvertCertificates& c) const { return answer_of(office().convert(c)); }
  Answer operator()(const ClaimUse& c) const { return answer_of(office().claim(c)); }
  Answer operator()(const RecordCarbonSources& c) const { return answer_of(office().record(c)); }
  Answer operator()(const WithdrawCertificates& c) const {
    if (const Verdict bad = office().check(c)) return refused(*bad);
    give_back(office().losses(c));
    return answer_of(office().withdraw(c));
  }
  // What was sold already is still delivered.
  Answer operator()(const FreezeCertificates& c) const {
    if (const Verdict bad = office().check(c)) return refused(*bad);
    for (const Office::Loss& loss : office().losses(c)) give_back(loss, OrderEnd::frozen);
    return answer_of(office().freeze(c));
  }
  Answer operator()(const CorrectDeclaration& c) const {
    if (const Verdict bad = office().check(c)) return refused(*bad);
    give_back(office().losses(c));
    return answer_of(office().correct(c));
  }

  Answer operator()(const OpenSite& c) const { return answer_of(balancing().open(c)); }
  Answer operator()(const ApproveSite& c) const { return answer_of(balancing().approve(c)); }
  Answer operator()(const BookInput& c) const { return answer_of(balancing().book(c)); }
  Answer operator()(const BookOutput& c) const { return answer_of(balancing().book(c)); }
  Answer operator()(const TakeIntoBalance& c) const { return answer_of(balancing().take_in(c)); }
  Answer operator()(const SplitProof& c) const { return answer_of(balancing().split(c)); }

  Answer operator()(const CreateMarket& c) const { return answer_of(listing().create(c)); }
  Answer operator()(const SetCalendar& c) const { return answer_of(sessions().set(c)); }
  Answer operator()(const SetFees& c) const { return answer_of(listing().set(c)); }
  Answer operator()(const SetPhase& c) const { return answer_of(sessions().set(c)); }
  Answer operator()(const SetReferencePrice& c) const { return answer_of(listing().set(c)); }
  Answer operator()(const CreateInstrument& c) const { return answer_of(listing().create(c)); }
  // Orders are decided before, too.
  Answer operator()(const PlaceOrder&) const { return refused(Reject::malformed); }
  Answer operator()(const AmendOrder&) const { return refused(Reject::malformed); }
  Answer operator()(const ReduceOrder&) const { return refused(Reject::malformed); }
  Answer operator()(const CancelOrder&) const { return refused(Reject::malformed); }
  Answer operator()(const MassCancel& c) const { return answer_of(desk().mass_cancel(c)); }

 private:
  [[nodiscard]] Enrolment enrolment() const { return Enrolment(working_); }
  [[nodiscard]] Office office() const { return Office(working_); }
  [[nodiscard]] Balancing balancing() const { return Balancing(working_); }
  [[nodiscard]] Listing listing() const { return Listing(working_); }
  [[nodiscard]] TradingSessions sessions() const { return TradingSessions(working_); }
  [[nodiscard]] Desk desk() const { return Desk(working_); }

  // What is taken out of a holding can no longer be promised: orders end, then held exits come
  // back, then trades that have yet to settle never do.
  void give_back(const std::vector<Office::Loss>& losses) const {
    for (const Office::Loss& loss : losses) {
      give_back(loss, OrderEnd::withdrawn);
      Settlements(working_).unwind_beyond(loss.holding, loss.left);
    }
  }
  void give_back(const Office::Loss& loss, OrderEnd reason) const {
    desk().end_orders_beyond(loss.holding, loss.left, reason);
    office().recall_beyond(loss.holding, loss.left);
  }

  // Whoever is frozen has no orders, and no buy waits for an account that can no longer receive.
  void end_frozen_orders(const SetFrozen& c) const {
    if (c.target == FreezeTarget::account) {
      desk().end_orders_of_account(AccountId(c.id), OrderEnd::frozen);
      const ParticipantId holder = working_.state.parties.get(AccountId(c.id)).participant;
      desk().end_orders_without_receiver(holder, OrderEnd::frozen);
      return;
    }
    for (const AccountId account : working_.state.parties.get(ParticipantId(c.id)).accounts)
      desk().end_orders_of_account(account, OrderEnd::frozen);
  }

  Working working_;
  std::uint32_t& rules_version_;
};

// Whether a command that is only proposed could be executed now.
struct Rehearsal {
  Working working;

  template <class C>
  Verdict operator()(const C&) const {
    return std::nullopt;
  }
  Verdict operator()(const GrantRole& c) const { return Enrolment(working).check(c); }
  Verdict operator()(const RevokeRole& c) const { return Enrolment(working).check(c); }
  Verdict operator()(const WithdrawCash& c) const { return Office(working).check(c); }
  Verdict operator()(const ApproveIssuance& c) const { return Office(working).check(c); }
  Verdict operator()(const WithdrawCertificates& c) const { return Office(working).check(c); }
  Verdict operator()(const CorrectDeclaration& c) const { return Office(working).check(c); }
};

}  // namespace

// What decide() does with an order, without looking for what orders never are.
template <class C>
void Exchange::decide_order(const C& command,
                            AccountId account,
                            const Working& working,
                            Answer& answer) {
  if (const Verdict bad = check_syntax_of(command)) return refuse(*bad, answer);
  if (!state_.market.standings.knows_trader(account, working.principal, state_.standing_version))
      [[unlikely]] {
    if (const Verdict barred = authorise_order(state_, working.principal, account))
      return refuse(*barred, answer);
  }
  Desk desk(working);
  const Result<Desk::Taken> result = run_order(desk, command);
  if (!result) return refuse(result.refusal(), answer);
  answer.id = result->id.value();
  answer.filled = result->filled;
  answer.open = result->open;
}

// Judges syntax, then rights; runs the command, or keeps it for a second person.
inline void Exchange::decide(const Command& command, const Working& working, Answer& answer) {
  if (const auto* place = std::get_if<PlaceOrder>(&command)) {
    decide_order(*place, place->account, working, answer);
  } else if (const auto* cancel = std::get_if<CancelOrder>(&command)) {
    decide_order(*cancel, cancel->target.account, working, answer);
  } else if (const auto* amend = std::get_if<AmendOrder>(&command)) {
    decide_order(*amend, amend->target.account, working, answer);
  } else if (const auto* reduce = std::get_if<ReduceOrder>(&command)) {
    decide_order(*reduce, reduce->target.account, working, answer);
  } else {
    answer = decide_other(command, working);
  }
}

// Recognises repeats, then judges syntax and rights and runs; what was answered is remembered.
inline void Exchange::run(const CommandHeader& header,
                          const Command& command,
                          Events& events,
                          Answer& answer) {
  const Origin& origin = header.origin;
  const Working working{.state = state_,
                        .events = events,
                        .now = header.time,
                        .principal = origin.principal,
                        .client = origin.client,
                        .sequence = header.sequence};
  bool fresh = false;
  if (origin.client.is_set()) {
    const ClientMemory::Found found = clients_.find(origin);
    if (found.first != nullptr) {
      answer = *found.first;
      return;
    }
    fresh = !found.refusal;
    if (!fresh) refuse(*found.refusal, answer);
  }
  if (answer.ok()) decide(command, working, answer);
  // A refusal is an event, too.
  if (!answer.ok()) events.append(CommandRefused{.reason = answer.code, .detail = answer.detail});
  if (fresh) {
    answer.first_event = next(said_);
    clients_.remember(origin, answer);
  }
}

Answer Exchange::apply(const CommandHeader& header, const Command& command, Events& events) {
  ENSURE(header.sequence == next(sequence_));
  ENSURE(header.time >= time_);
  sequence_ = header.sequence;
  time_ = header.time;
  const std::uint64_t said_before = events.count();
  const EventSequence first = next(said_);
  if (!state_.due.empty() && state_.due.begin()->at <= header.time)
    do_due_work({.state = state_, .events = events, .now = header.time});
  Answer answer;
  run(header, command, events, answer);
  if (!answer.first_event.is_set()) answer.first_event = first;  // a repeat keeps its own
  said_ = EventSequence(said_.value() + events.count() - said_before);
  return answer;
}

Answer Exchange::set_aside(const CommandHeader& header, Events& events) {
  ENSURE(header.sequence == next(sequence_));
  sequence_ = header.sequence;
  Answer answer;
  answer.code = Reject::quarantined;
  answer.first_event = next(said_);
  events.append(CommandRefused{.reason = answer.code, .detail = {}});
  said_ = answer.first_event;
  const Origin& origin = header.origin;
  if (origin.client.is_set()) {
    const ClientMemory::Found found = clients_.find(origin);
    if (found.first == nullptr && !found.refusal) clients_.remember(origin, answer);
  }
  return answer;
}

Answer Exchange::decide_other(const Command& command, const Working& working) {
  if (const Verdict bad = check_syntax(command)) return refused(*bad);
  if (const Verdict barred = authorise(state_, working.principal, command)) return refused(*barred);
  if (const auto* end = std::get_if<EndSession>(&command)) {
    if (!may_end(*end, working.principal)) return refused(Reject::client_unknown);
  } else if (const auto* approval = std::get_if<ApproveProposal>(&command)) {
    return approve(*approval, working.principal, working);
  } else if (const auto* withdrawal = std::get_if<WithdrawProposal>(&command)) {
    return answer_of(Consent(working).withdraw(*withdrawal, working.principal));
  } else if (needs_four_eyes(state_, command)) {
    return propose(command, working.principal, working);
  }
  return execute(command, working);
}

// A session is ended by its user, or by the node when it is gone.
bool Exchange::may_end(const EndSession& command, UserId principal) const {
  const UserId owner = clients_.owner(command.client);
  return owner.is_set() && (!principal.is_set() || principal == owner);
}

Answer Exchange::propose(const Command& command, UserId proposer, const Working& working) {
  if (const Verdict bad = std::visit(Rehearsal{working}, command)) return refused(*bad);
  Answer answer = answer_of(Consent(working).propose(proposer, command));
  answer.proposed = answer.ok();
  return answer;
}

// Executes another person's proposal, with the approver's rights for the command itself.
Answer Exchange::approve(const ApproveProposal& command, UserId approver, const Working& working) {
  Consent consent(working);
  if (const Verdict bad = consent.check(command, approver)) return refused(*bad);
  const Proposal proposal = consent.take(command.proposal);
  const Answer answer = execute(proposal.command, working);
  if (answer.ok()) {
    consent.approved(command.proposal, approver);
  } else {
    consent.put_back(command.proposal, proposal);
  }
  return answer;
}

Answer Exchange::execute(const Command& command, const Working& working) {
  const bool trades =
      std::holds_alternative<MassCancel>(command) || std::holds_alternative<EndSession>(command);
  if (!trades) ++state_.standing_version;
  return std::visit(Executor(working, rules_version_), command);
}

// Takes all lots that are due at this instant for this reason off the list.
std::vector<LotId> Exchange::take_due_lots(Instant at, DueKind kind) {
  std::vector<LotId> lots;
  const auto first = state_.due.begin();
  auto end = first;
  for (; end != state_.due.end() && end->at == at && end->kind == kind; ++end)
    lots.emplace_back(static_cast<std::uint32_t>(end->id));
  state_.due.erase(first, end);
  return lots;
}

// Everything due by now, in the order (instant, kind, id).
void Exchange::do_due_work(const Working& working) {
  while (!state_.due.empty() && state_.due.begin()->at <= working.now) {
    const Due due = *state_.due.begin();
    switch (due.kind) {
      case DueKind::transfer_end:
      case DueKind::expiry: {
        const std::vector<LotId> lots = take_due_lots(due.at, due.kind);
        Desk(working).end_orders_on_lots(lots, OrderEnd::certificate_expired);
        break;
      }
      case DueKind::order:
      case DueKind::day_order:
        Desk(working).expire_order(OrderId(due.id));
        break;  // erases its entry
      case DueKind::phase:
        state_.due.erase(state_.due.begin());
        TradingSessions(working).follow(MarketId(static_cast<std::uint32_t>(due.id)));
        break;
      case DueKind::day_end:  // erases its entry
        TradingSessions(working).end_day(MarketId(static_cast<std::uint32_t>(due.id)));
        break;
      case DueKind::deadline:  // erases its entry
        Consent(working).expire(ProposalId(static_cast<std::uint32_t>(due.id)));
        break;
      case DueKind::hold:
        state_.due.erase(state_.due.begin());
        Office(working).complete_exit(TransferId(due.id));
        break;
      case DueKind::balance_end:
        state_.due.erase(state_.due.begin());
        Balancing(working).close(SiteId(static_cast<std::uint32_t>(due.id)));
        break;
      case DueKind::settlement:
        state_.due.erase(state_.due.begin());
        Settlements(working).complete(TradeId(due.id));
        break;
      case DueKind::settle_day:
        state_.due.erase(state_.due.begin());
        Settlements(working).begin_next_day(MarketId(static_cast<std::uint32_t>(due.id)), due.at);
        break;
    }
  }
}

Instant Exchange::next_due() const {
  if (state_.registry.has_expired(time_) || !state_.market.undrawn.empty()) return time_;
  const auto& ends = state_.registry.to_write_off;
  return std::min(state_.due.empty() ? kInstantMax : state_.due.begin()->at,
                  ends.empty() ? kInstantMax : end_of(ends.begin()->first));
}

void Exchange::encode(Encoder& out) const {
  out.put(sequence_);
  out.put(time_);
  out.put(said_);
  out.put(rules_version_);
  state_.vocabulary.encode(out);
  state_.parties.encode(out);
  state_.cash.encode(out);
  state_.holdings.encode(out);
  out.put(state_.registry);
  state_.market.encode(out);
  out.put(state_.due);
  out.put(state_.relaxations);
  clients_.encode(out);
  out.put(state_.proposals);
}

bool Exchange::decode(Decoder& in) {
  in.get(sequence_);
  in.get(time_);
  in.get(said_);
  in.get(rules_version_);
  state_.vocabulary.decode(in);
  state_.parties.decode(in);
  state_.cash.decode(in);
  state_.holdings.decode(in);
  in.get(state_.registry);
  const std::vector<OrderImage> orders = state_.market.decode(in);
  in.get(state_.due);
  in.get(state_.relaxations);
  clients_.decode(in);
  in.get(state_.proposals);
  if (!in.ok()) return false;
  Events none;
  return Desk({.state = state_, .events = none, .now = time_}).restore(orders);
}

}  // namespace origo
