#include <iostream>
#include <memory>

#include "gateway/cli/commands.h"

namespace origo::gateway {
namespace {

// "path;words" for every subcommand: what may follow it.
void list_words(const CLI::App& app, const std::string& path, std::string& out) {
  std::string words;
  for (const CLI::App* const sub : app.get_subcommands([](const CLI::App*) { return true; })) {
    words += sub->get_name() + " ";
  }
  for (const CLI::Option* const option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) words += "--" + name + " ";
  }
  out += "    '" + path + "') words='" + words + "' ;;\n";
  for (const CLI::App* const sub : app.get_subcommands([](const CLI::App*) { return true; })) {
    list_words(*sub, path + " " + sub->get_name(), out);
  }
}

}  // namespace

void add_completion_command(CLI::App& app, Shell& shell) {
  CLI::App& completion =
      *app.add_subcommand("completion", "Completion of this command line for bash");
  completion.footer("Examples:\n  source <(origo completion)");
  completion.callback([&app, &shell] {
    shell.action = [&app] {
      std::string cases;
      list_words(app, "origo", cases);
      std::cout << "_origo() {\n"
                   "  local path=origo word words\n"
                   "  for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
                   "    case \"$word\" in -*) ;; *) path=\"$path $word\" ;; esac\n"
                   "  done\n"
                   "  while :; do\n"
                   "    words=\n"
                   "    case \"$path\" in\n"
                << cases
                << "    esac\n"
                   "    [ -n \"$words\" ] && break\n"
                   "    case \"$path\" in *' '*) path=${path% *} ;; *) break ;; esac\n"
                   "  done\n"
                   "  COMPREPLY=($(compgen -W \"$words\" -- \"${COMP_WORDS[COMP_CWORD]}\"))\n"
                   "}\n"
                   "complete -F _origo -o default origo\n";
      return Exit::ok;
    };
  });
}

}  // namespace origo::gateway
