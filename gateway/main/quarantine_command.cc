#include "gateway/main/quarantine_command.h"

#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include "gateway/grpc/token.h"
#include "gateway/main/options.h"
#include "gateway/node/quarantine.h"

namespace origo::gateway {
namespace {

constexpr const char* kDescription =
    R"(origod quarantine: sets aside a journaled command that stops the node.

A node that ends with "invariant broken" names the command that it was applying. Two operators may set
that command aside: their decision is journaled, and from then on the command is refused as
`quarantined` wherever the journal is applied. Nothing of it is done; all other commands stay as they are.

The node must not run. The command is tried once more first, in a process of its own: its last words
are what stopped the node. One that applies well is not set aside.)";

// The digest of the token in a file; false: there is none.
bool read_token(const std::string& path, Hash256& digest) {
  std::ifstream file(path);
  std::string token;
  if (!(file >> token)) return false;
  digest = digest_of_token(token);
  return true;
}

}  // namespace

int run_quarantine(int argc, char** argv) {
  QuarantineRequest request;
  std::vector<std::string> tokens;
  CLI::App app(kDescription, "origod quarantine");
  app.add_option("--data", request.directory, "data directory of the node")->required();
  app.add_option("--witness", request.witness, "the witness file (default: DIR/witness)");
  app.add_option("--sequence", request.record, "number of the command")->required();
  app.add_option("--reason", request.reason, "why, for the journal and all who read it")
      ->required();
  app.add_option("--token-file",
                 tokens,
                 "file with the token of an admin or market operator of the node; given twice, by "
                 "two persons")
      ->required()
      ->expected(1)
      ->take_all();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kUsageError;
  }
  if (tokens.size() != 2) {
    std::cerr << "origod quarantine: --token-file: two operators must consent, each with a token\n";
    return kUsageError;
  }
  Hash256* const digests[] = {&request.first_token, &request.second_token};
  for (std::size_t i = 0; i < 2; ++i) {
    if (read_token(tokens[i], *digests[i])) continue;
    std::cerr << "origod quarantine: no token in " << tokens[i] << "\n";
    return kFailure;
  }
  SystemClock clock;
  Sequence done;
  const storage::Status status = quarantine(request, clock, done);
  if (!status.ok()) {
    std::cerr << "origod quarantine: " << storage::name_of(status.code) << ": " << status.message
              << "\n";
    return kFailure;
  }
  std::cout << "command " << request.record << " is set aside by command " << done.value() << "\n";
  return 0;
}

}  // namespace origo::gateway
