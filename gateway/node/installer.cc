#include "gateway/node/installer.h"

#include <algorithm>
#include <utility>

#include "gateway/node/ask.h"

namespace origo::gateway {

namespace {

constexpr std::chrono::minutes kPatience{10};

struct Step {
  Command command;
  std::string name;  // "scheme UK-GGCS"
};

bool is_defined(const Exchange& exchange, const DefineAttribute& wanted) {
  const AttributeId id = exchange.vocabulary().find_attribute(wanted.name);
  return id.is_set() && exchange.vocabulary().get_attribute(id).kind == wanted.kind;
}

// Whether the version of the scheme that was loaded last for its days is the wanted one.
bool is_loaded(const Exchange& exchange, const LoadScheme& wanted) {
  const std::vector<Scheme>& schemes = exchange.registry().schemes;
  const auto last = std::find_if(schemes.rbegin(), schemes.rend(), [&](const Scheme& scheme) {
    return scheme.code == wanted.scheme.code && scheme.valid_from == wanted.scheme.valid_from;
  });
  return last != schemes.rend() && encoded(*last) == encoded(wanted.scheme);
}

bool is_relaxed(const Exchange& exchange, const SetRelaxations& wanted) {
  const SetRelaxations& now = exchange.relaxations();
  return now.four_eyes == wanted.four_eyes && now.holds == wanted.holds &&
         (wanted.exit_hold_ns == 0 || now.exit_hold_ns == wanted.exit_hold_ns);
}

std::vector<Step> steps_for(const Exchange& exchange, const Installation& wanted) {
  std::vector<Step> steps;
  for (const DefineAttribute& attribute : wanted.attributes) {
    if (!is_defined(exchange, attribute))
      steps.push_back({attribute, "attribute " + attribute.name});
  }
  for (const LoadScheme& scheme : wanted.schemes) {
    if (!is_loaded(exchange, scheme)) steps.push_back({scheme, "scheme " + scheme.scheme.code});
  }
  if (wanted.relaxations && !is_relaxed(exchange, *wanted.relaxations)) {
    steps.push_back({*wanted.relaxations, "relaxations"});
  }
  return steps;
}

UserId first_admin(const Exchange& exchange) {
  for (const User& user : exchange.parties().users()) {
    if (exchange.parties().may(user.id, Role::admin, Scope{})) return user.id;
  }
  return UserId();
}

// Why it did not work; empty: it did.
std::string run(CommandSink& sink, UserId principal, const Step& step) {
  const Asked asked = ask(sink, Origin{.principal = principal}, step.command);
  if (asked.outcome == FrameOutcome::disk_full)
    return step.name + ": no space left for the journal";
  if (asked.outcome != FrameOutcome::sequenced)
    return step.name + ": the node does not take commands";
  const Answer& answer = asked.answer.answer;
  if (answer.ok()) return {};
  const RejectInfo& info = info_of(answer.code);
  std::string why = step.name + ": " + std::string(info.field) + " " + std::string(info.rule);
  if (!answer.detail.empty()) why += " (" + answer.detail + ")";
  return why;
}

}  // namespace

Installed install(CommandSink& sink, Reader& reader, const Installation& wanted) {
  Installed installed;
  if (!reader.sequence().is_set()) {
    const Command bootstrap =
        Bootstrap{.venue_name = wanted.venue_name, .admin_token = wanted.admin_token};
    installed.trouble = run(sink, UserId(), {bootstrap, "bootstrap"});
    if (!installed.trouble.empty()) return installed;
    installed.done.emplace_back("bootstrap");
  }
  std::vector<Step> steps;
  UserId principal;
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  const ReadOutcome outcome =
      reader.read(Sequence(1), deadline, [&](const Exchange& exchange, Sequence) {
        steps = steps_for(exchange, wanted);
        principal = first_admin(exchange);
      });
  if (outcome != ReadOutcome::done) installed.trouble = "the reader does not follow";
  std::size_t attributes = 0;
  for (const Step& step : steps) {
    if (!installed.trouble.empty()) break;
    installed.trouble = run(sink, principal, step);
    if (!installed.trouble.empty()) break;
    if (std::holds_alternative<DefineAttribute>(step.command)) {
      ++attributes;
    } else {
      installed.done.push_back(step.name);
    }
  }
  if (attributes > 0) installed.done.push_back(std::to_string(attributes) + " attributes");
  return installed;
}

}  // namespace origo::gateway
