#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/cli/reflect.h"
#include "gateway/cli/session.h"

namespace origo::gateway {

// What all subcommands share: the global options, the action that the command line chose, and the
// connection, made when first needed.
class Shell {
 public:
  ConnectionOptions connection;
  bool json = false;
  std::size_t limit = 200;   // rows of a list
  std::uint64_t client = 0;  // with client_sequence: makes a repeat harmless
  std::uint64_t client_sequence = 0;
  std::function<Exit()> action;  // set while the command line is parsed

  [[nodiscard]] Session& session();
  [[nodiscard]] Shower shower();

  // Sends the command; prints what came of it. Refused: a Failure (with --json also the answer).
  Exit submit(v1::Command command);
  void print_answer(const v1::Command& command, const v1::Answer& answer);
  // A list as a table of `columns` (none: all), or as JSON.
  void print_list(const google::protobuf::Message& list,
                  const std::vector<std::string>& columns,
                  bool more);
  void print_page(const google::protobuf::Message& message);

 private:
  std::optional<Session> session_;
};

// Options that set the fields of one message, named and read as the message describes them: ids
// with or without prefix, enums by name, dates, periods, name=value fields. What needs the node
// (codes, prices in currency) is looked up when the command runs.
class Verb {
 public:
  // `app` outlives the program's run; `message` is the one that options fill.
  Verb(CLI::App& app, Shell& shell, std::shared_ptr<google::protobuf::Message> message);

  // A required option for `field`; "--from" for from, "--registry" for registry_id.
  Verb& need(const std::string& field, const std::string& help);
  // The same, optional.
  Verb& may(const std::string& field, const std::string& help);
  // The same without its name, in its place.
  Verb& place(const std::string& field, const std::string& help);
  // An option of the command's own; `set` runs when the command does, after the fields are set.
  Verb& custom(const std::string& flag,
               const std::string& help,
               bool required,
               std::function<void(const std::vector<std::string>&)> set,
               bool many = false);
  // The required option --amount: what was measured, in MWh or t as a person writes it; `set` gets
  // Wh or g.
  Verb& need_amount(std::function<void(std::int64_t)> set);
  Verb& examples(const std::string& text);
  // Work that needs the node, before the request is sent, after everything above.
  Verb& before(std::function<void()> work);

  // Resolves what was given; called by the action.
  void resolve() const;

 private:
  Verb& add(const std::string& flag,
            const std::string& field,
            const std::string& help,
            bool required);

  struct Given {
    std::shared_ptr<std::vector<std::string>> values;
    std::function<void(const std::vector<std::string>&)> set;
    std::string flag;
  };
  CLI::App& app_;
  Shell& shell_;
  std::shared_ptr<google::protobuf::Message> message_;
  std::shared_ptr<std::vector<Given>> given_ = std::make_shared<std::vector<Given>>();
  std::shared_ptr<std::vector<std::function<void()>>> before_ =
      std::make_shared<std::vector<std::function<void()>>>();
};

// Sets `field` of `message` from what a person typed; codes are looked up at the node.
void set_field(google::protobuf::Message& message,
               const std::string& field,
               const std::vector<std::string>& values,
               Session& session);

// A price as a person gives it: in units of the instrument's currency, or "1250t" in ticks.
[[nodiscard]] std::int64_t ticks_of(const std::string& text, const v1::Instrument& instrument);

// A subcommand that only holds others, such as "account".
CLI::App& group(CLI::App& app, const std::string& name, const std::string& help);

// A subcommand that sends one command. `body` is the name in v1::Command, e.g. "open_account".
Verb command_verb(CLI::App& parent,
                  Shell& shell,
                  const std::string& name,
                  const std::string& help,
                  const std::string& body);
// The message of the command that `verb` sends, for custom options.
struct CommandParts {
  Verb verb;
  std::shared_ptr<v1::Command> command;
};
CommandParts command_parts(CLI::App& parent,
                           Shell& shell,
                           const std::string& name,
                           const std::string& help,
                           const std::string& body);

// A subcommand that asks for a list and prints it as a table of `columns`.
template <class Service, class Request, class Response>
Verb list_verb(CLI::App& parent,
               Shell& shell,
               const std::string& name,
               const std::string& help,
               grpc::Status (Service::*method)(grpc::ClientContext*, const Request&, Response*),
               std::vector<std::string> columns) {
  CLI::App& app = *parent.add_subcommand(name, help);
  auto request = std::make_shared<Request>();
  Verb verb(app, shell, request);
  app.callback([&shell, request, verb, method, columns] {
    shell.action = [&shell, request, verb, method, columns] {
      verb.resolve();
      const Response list = shell.session().ask_all(method, *request, shell.limit);
      shell.print_list(list, columns, !list.next_page_token().empty());
      return Exit::ok;
    };
  });
  return verb;
}

// A subcommand that asks for one thing and prints all of it.
template <class Service, class Request, class Response>
Verb show_verb(CLI::App& parent,
               Shell& shell,
               const std::string& name,
               const std::string& help,
               grpc::Status (Service::*method)(grpc::ClientContext*, const Request&, Response*)) {
  CLI::App& app = *parent.add_subcommand(name, help);
  auto request = std::make_shared<Request>();
  Verb verb(app, shell, request);
  app.callback([&shell, request, verb, method] {
    shell.action = [&shell, request, verb, method] {
      verb.resolve();
      const Response response = shell.session().ask(method, *request);
      shell.print_page(response);
      return Exit::ok;
    };
  });
  return verb;
}

}  // namespace origo::gateway
