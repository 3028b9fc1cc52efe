#include "gateway/cli/verb.h"

#include <algorithm>
#include <array>
#include <iostream>
#include <utility>

#include "gateway/cli/base/format.h"
#include "gateway/cli/base/parse.h"
#include "gateway/cli/failure.h"

namespace origo::gateway {
namespace {

// What Answer.id names, by the command's name; others create nothing.
std::string_view created_prefix(std::string_view body) {
  static constexpr auto kCreated = std::to_array<std::pair<std::string_view, std::string_view>>({
      {"create_participant", "par"},
      {"create_user", "usr"},
      {"open_account", "acc"},
      {"load_scheme", "sch"},
      {"create_registry", "reg"},
      {"register_device", "dev"},
      {"change_device", "chg"},
      {"declare_production", "dcl"},
      {"approve_issuance", "lot"},
      {"transfer_certificates", "tra"},
      {"cancel_certificates", "can"},
      {"convert_certificates", "can"},
      {"withdraw_certificates", "wdr"},
      {"correct_declaration", "dcl"},
      {"claim_use", "clm"},
      {"open_site", "site"},
      {"book_input", "bkg"},
      {"book_output", "bkg"},
      {"take_into_balance", "bkg"},
      {"split_proof", "bkg"},
      {"create_market", "mkt"},
      {"create_instrument", "ins"},
      {"place_order", "ord"},
  });
  for (const auto& [name, prefix] : kCreated) {
    if (name == body) return prefix;
  }
  return {};
}

const google::protobuf::FieldDescriptor* body_of(const v1::Command& command) {
  const auto* const oneof = command.GetDescriptor()->FindOneofByName("body");
  return command.GetReflection()->GetOneofFieldDescriptor(command, oneof);
}

// What to do about a refusal, where the rule does not say it; empty: it does.
std::string_view advice(std::string_view reject) {
  static constexpr auto kAdvice = std::to_array<std::pair<std::string_view, std::string_view>>({
      {"participant_killed",
       "`origo kill-switch release PAR` ends it; one that the venue engaged, only the venue "
       "releases"},
      {"kill_switch_unchanged", "`origo participant list` shows which are engaged"},
      {"session_missing", "give --client and --client-sequence"},
      {"time_in_force_phase",
       "`origo market list` shows the phase: auction_only is for calls; ioc, fok and "
       "continuous_only are for continuous trading"},
      {"reference_missing", "set one with `origo instrument reference INS --price P`"},
      {"phase_closed", "`origo market list` shows the phase"},
      {"stop_not_waiting", "`origo orders --account ACC` shows which orders wait"},
  });
  for (const auto& [name, what] : kAdvice) {
    if (name == reject) return what;
  }
  return {};
}

bool is_text(const google::protobuf::FieldDescriptor& field) {
  return field.cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_STRING ||
         field.cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_MESSAGE;
}

std::string flag_of(const std::string& field) {
  std::string flag = "--" + field;
  std::replace(flag.begin(), flag.end(), '_', '-');
  return flag;
}

}  // namespace

Session& Shell::session() {
  if (!session_) {
    read_environment(connection);
    session_.emplace(connection);
  }
  return *session_;
}

Shower Shell::shower() {
  return Shower([this](std::uint64_t instrument, std::int64_t ticks) {
    const v1::Instrument* const found =
        instrument == 0 ? nullptr : session().find_instrument(instrument);
    if (found == nullptr) return group_digits(ticks);
    return format_price(ticks, found->terms().currency(), found->terms().tick_value());
  });
}

Exit Shell::submit(v1::Command command) {
  command.set_client(client);
  command.set_client_sequence(client_sequence);
  const v1::Answer answer = session().submit(command);
  if (json) {
    std::cout << to_json_line(answer) << "\n";
    return answer.has_reject() ? Exit::refused : Exit::ok;
  }
  if (answer.has_reject()) {
    throw Failure(Exit::refused,
                  "refused: " + describe(answer.reject()),
                  std::string(advice(answer.reject().name())));
  }
  print_answer(command, answer);
  return Exit::ok;
}

void Shell::print_answer(const v1::Command& command, const v1::Answer& answer) {
  const std::string body = body_of(command)->name();
  const std::string_view prefix = created_prefix(body);
  std::cout << "accepted as command " << answer.sequence();
  if (answer.proposed()) {
    std::cout << ", but not done: another person must say `origo approve proposal " << answer.id()
              << "`";
  } else if (answer.id() != 0 && !prefix.empty()) {
    std::cout << ": " << format_id(prefix, answer.id());
  } else if (body == "mass_cancel" || body == "end_session") {
    std::cout << ": " << group_digits(static_cast<std::int64_t>(answer.id())) << " orders ended";
  } else if (body == "approve_issuance") {
    std::cout << ": less than one unit, carried to the next period";
  }
  std::cout << "\n";
  if (!answer.token().empty()) std::cout << "token, shown only now: " << answer.token() << "\n";
  if (!command.has_place_order() && !command.has_amend_order()) return;
  std::cout << "traded " << group_digits(answer.filled()) << ", resting "
            << group_digits(answer.open()) << "\n";
  const Shower shower_of_prices = shower();
  for (v1::Fill fill : answer.fills()) {
    v1::TradeReport trade;  // carries the instrument, which says what a tick is worth
    trade.set_instrument(command.place_order().instrument());
    trade.set_price(fill.price());
    const auto* const price = v1::TradeReport::descriptor()->FindFieldByName("price");
    std::cout << "  " << format_id("trd", fill.trade()) << "  " << group_digits(fill.quantity())
              << " at " << shower_of_prices.cell(trade, *price) << "\n";
  }
}

void Shell::print_list(const google::protobuf::Message& list,
                       const std::vector<std::string>& columns,
                       bool more) {
  if (json) {
    std::cout << to_json_line(list) << "\n";
    return;
  }
  std::cout << shower().table(list, columns);
  if (more) std::cout << "… and more: --limit N shows N rows\n";
}

void Shell::print_page(const google::protobuf::Message& message) {
  std::cout << (json ? to_json_line(message) + "\n" : shower().page(message));
}

Verb::Verb(CLI::App& app, Shell& shell, std::shared_ptr<google::protobuf::Message> message)
    : app_(app), shell_(shell), message_(std::move(message)) {}

Verb& Verb::add(const std::string& flag,
                const std::string& field,
                const std::string& help,
                bool required) {
  const auto* const descriptor = message_->GetDescriptor()->FindFieldByName(field);
  if (descriptor == nullptr) throw std::logic_error("no field " + field + " for " + flag);
  auto values = std::make_shared<std::vector<std::string>>();
  CLI::Option* option = nullptr;
  if (descriptor->cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_BOOL) {
    option = app_.add_flag_callback(
        flag, [values] { *values = {"true"}; }, help);
  } else {
    option = app_.add_option(flag, *values, help);
    if (descriptor->is_repeated()) {
      option->take_all();
    } else {
      option->expected(1)->allow_extra_args(false);  // or the first in place takes all
    }
    if (descriptor->cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_ENUM) {
      std::string names;
      for (const std::string& name : choices_of(*descriptor->enum_type()))
        names += (names.empty() ? "" : "|") + name;
      option->type_name(names);
    } else {
      const std::string_view prefix = id_prefix(field);
      option->type_name(!prefix.empty()        ? std::string(prefix) + "-N"
                        : is_text(*descriptor) ? "TEXT"
                                               : "NUMBER");
    }
    option->required(required);
  }
  given_->push_back(
      {.values = values,
       .set = [message = message_, field, &shell = shell_](
                  const auto& texts) { set_field(*message, field, texts, shell.session()); },
       .flag = flag});
  return *this;
}

Verb& Verb::need(const std::string& field, const std::string& help) {
  return add(flag_of(field), field, help, true);
}
Verb& Verb::may(const std::string& field, const std::string& help) {
  return add(flag_of(field), field, help, false);
}
Verb& Verb::place(const std::string& field, const std::string& help) {
  return add(field, field, help, true);
}

Verb& Verb::custom(const std::string& flag,
                   const std::string& help,
                   bool required,
                   std::function<void(const std::vector<std::string>&)> set,
                   bool many) {
  auto values = std::make_shared<std::vector<std::string>>();
  CLI::Option& option = *app_.add_option(flag, *values, help)->required(required);
  many ? option.take_all() : option.expected(1);
  given_->push_back({.values = std::move(values), .set = std::move(set), .flag = flag});
  return *this;
}

Verb& Verb::need_amount(std::function<void(std::int64_t)> set) {
  return custom("--amount",
                "measured, in MWh (or t), up to six decimals",
                true,
                [set = std::move(set)](const std::vector<std::string>& texts) {
                  const auto amount = parse_decimal(texts.front(), 6);
                  if (!amount)
                    throw Failure(Exit::usage,
                                  "'" + texts.front() + "' is not an amount in MWh or t");
                  set(*amount);
                });
}

Verb& Verb::examples(const std::string& text) {
  app_.footer("Examples:\n" + text);
  return *this;
}

Verb& Verb::before(std::function<void()> work) {
  before_->push_back(std::move(work));
  return *this;
}

void Verb::resolve() const {
  for (const Given& given : *given_) {
    if (given.values->empty()) continue;
    try {
      given.set(*given.values);
    } catch (const Failure& failure) {
      if (failure.exit() != Exit::usage) throw;
      throw Failure(Exit::usage, given.flag + ": " + failure.what(), failure.hint());
    }
  }
  for (const auto& work : *before_) work();
}

CLI::App& group(CLI::App& app, const std::string& name, const std::string& help) {
  return *app.add_subcommand(name, help)->require_subcommand(1);
}

CommandParts command_parts(CLI::App& parent,
                           Shell& shell,
                           const std::string& name,
                           const std::string& help,
                           const std::string& body) {
  CLI::App& app = *parent.add_subcommand(name, help);
  auto command = std::make_shared<v1::Command>();
  const auto* const field = command->GetDescriptor()->FindFieldByName(body);
  if (field == nullptr) throw std::logic_error("no command " + body);
  google::protobuf::Message* const message =
      command->GetReflection()->MutableMessage(command.get(), field);
  // Shares ownership with the command that holds it.
  const std::shared_ptr<google::protobuf::Message> part(command, message);
  Verb verb(app, shell, part);
  app.callback([&shell, command, verb] {
    shell.action = [&shell, command, verb] {
      verb.resolve();
      return shell.submit(*command);
    };
  });
  return {.verb = verb, .command = command};
}

Verb command_verb(CLI::App& parent,
                  Shell& shell,
                  const std::string& name,
                  const std::string& help,
                  const std::string& body) {
  return command_parts(parent, shell, name, help, body).verb;
}

}  // namespace origo::gateway
