#include "tests/scenario/steps.h"

#include "proto/codec/names.h"

namespace origo::scenario {
namespace {

// The words that scenario files use, where they differ from the command's own name.
std::string command_name(const std::string& verb) {
  static const std::map<std::string, std::string> names = {{"declare", "declare_production"},
                                                           {"issue", "approve_issuance"},
                                                           {"transfer", "transfer_certificates"},
                                                           {"deposit", "deposit_cash"},
                                                           {"withdraw", "withdraw_cash"},
                                                           {"grant", "grant_role"},
                                                           {"revoke", "revoke_role"},
                                                           {"freeze", "set_frozen"},
                                                           {"approve", "approve_proposal"}};
  const auto found = names.find(verb);
  return found == names.end() ? verb : found->second;
}

// An empty command called `name`; nothing: there is no such command.
std::optional<Command> command_called(const std::string& name) {
  std::optional<Command> found;
  boost::mp11::mp_for_each<Command>([&](auto empty) {
    if (proto::type_name<decltype(empty)>() == name) found = Command(empty);
  });
  return found;
}

}  // namespace

std::string StepOutcome::reject_class() const {
  if (!edge_reject.empty()) return edge_reject;
  return std::string(info_of(answer.code).klass);
}

StepOutcome Stepper::run(const Json& json, const std::string& where) {
  StrictObject step(json, where);
  static_cast<void>(step.find("expect"));
  static_cast<void>(step.find("note"));
  outcome_ = StepOutcome{};
  outcome_.instrument = world_.default_instrument();
  envelope_ = Envelope{};
  envelope_.principal = step.text_if_any("principal").value_or("");
  envelope_.as = step.text_if_any("as").value_or("");
  envelope_.client = ClientId(static_cast<std::uint64_t>(step.number_if_any("client").value_or(0)));
  envelope_.client_sequence =
      static_cast<std::uint64_t>(step.number_if_any("client_sequence").value_or(0));
  envelope_.times = step.number_if_any("times").value_or(1);
  const std::string verb = step.text("do");
  if (verb == "end_session")
    envelope_.client = ClientId();  // there it is what the command speaks of
  if (verb == "command") {
    generic(step);
  } else if (!do_market_verb(step, verb)) {
    command(step, command_name(verb));
  }
  step.finish();
  return outcome_;
}

bool Stepper::do_market_verb(StrictObject& step, const std::string& verb) {
  if (verb == "place") {
    place(step);
  } else if (verb == "cancel") {
    cancel(step);
  } else if (verb == "amend") {
    amend(step);
  } else if (verb == "reduce") {
    reduce(step);
  } else if (verb == "mass_cancel" && !step.has("account")) {
    mass_cancel(step);
  } else if (verb == "phase") {
    phase(step);
  } else if (verb == "time" || verb == "set_date") {
    set_time(step);
  } else if (verb == "set_last") {
    set_last(step);
  } else if (verb == "set_ref") {
    set_reference(step);
  } else if (verb == "issue_lot") {
    issue_lot(step);
  } else if (verb == "noop" || verb == "indicative") {
    static_cast<void>(instrument(step));  // whose book the expectations speak of
    outcome_.indicative = verb == "indicative";
  } else {
    return false;
  }
  return true;
}

// Declares, requests and issues in one step.
void Stepper::issue_lot(StrictObject& step) {
  DeclareProduction declare;
  if (!step.has("carrier")) declare.carrier = "biomethane";
  const std::string as = envelope_.as;
  const std::string approver = envelope_.principal;
  envelope_.as = envelope_.principal = "";
  const AccountId account = id_of<AccountId>(world_.resolve(Kind::account, step.text("account")));
  FromJson(world_).members(step, declare);
  world_.fill_required(declare);
  execute(declare);
  if (!outcome_.answer.ok()) return;
  const DeclarationId declared = id_of<DeclarationId>(outcome_.answer.id);
  execute(RequestIssuance{.declaration = declared, .account = account});
  if (!outcome_.answer.ok()) return;
  envelope_.as = as;
  envelope_.principal = approver;
  execute(ApproveIssuance{.declaration = declared});
}

void Stepper::command(StrictObject& step, const std::string& name) {
  std::optional<Command> command = command_called(name);
  if (!command) step.fail("no such step: \"" + name + "\"");
  if (auto* load = std::get_if<LoadScheme>(&*command)) {
    if (const auto file = step.text_if_any("file")) {
      *load = world_.files().scheme(*file);
    }
    // Single parts of the file replaced, to see what the core makes of them.
    if (const Json* change = step.find("change")) {
      StrictObject part(*change, step.where() + ".change");
      FromJson(world_).members(part, load->scheme);
      part.finish();
    }
  }
  if (auto* calendar = std::get_if<SetCalendar>(&*command)) {
    if (const auto file = step.text_if_any("file"))
      *calendar = gateway::from_now_on(world_.files().calendar(*file), world_.driver().time());
  }
  std::visit([&](auto& body) { FromJson(world_).members(step, body); }, *command);
  execute(*command);
}

void Stepper::generic(StrictObject& step) {
  std::optional<Command> command = command_called(step.text("type"));
  if (!command) step.fail("no such command: \"" + step.text("type") + "\"");
  static const Json none = Json::object();
  const Json* given = step.find("fields");
  StrictObject fields(given == nullptr ? none : *given, step.where() + ".fields");
  std::visit([&](auto& body) { FromJson(world_).members(fields, body); }, *command);
  fields.finish();
  execute(*command);
}

void Stepper::absorb(const std::vector<Event>& events) {
  for (const Event& event : events) {
    observer_.see(event);
    world_.last().see(event);
    if (const auto* changed = std::get_if<PhaseChanged>(&event)) world_.set_phase(changed->phase);
  }
  outcome_.events.insert(outcome_.events.end(), events.begin(), events.end());
}

void Stepper::execute(Command command) {
  Submission submission{.principal = {},
                        .command = std::move(command),
                        .client = envelope_.client,
                        .client_sequence = envelope_.client_sequence};
  if (envelope_.principal == "node") {
    submission.principal = UserId();
  } else if (!envelope_.principal.empty()) {
    submission.principal = id_of<UserId>(world_.resolve(Kind::user, envelope_.principal));
  } else {
    submission.principal = principal_for(submission.command);
  }
  if (envelope_.client.is_set()) client_owners_.emplace(envelope_.client, submission.principal);
  for (std::int64_t left = envelope_.times; left > 0; --left) {
    const Reply reply = world_.driver().execute(submission);
    outcome_.answer = reply.answer;
    absorb(reply.events);
    if (!reply.answer.ok()) return;
  }
  bind(submission.command);
}

}  // namespace origo::scenario
