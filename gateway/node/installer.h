#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/core/command.h"
#include "gateway/node/command_sink.h"
#include "gateway/node/reader.h"

namespace origo::gateway {

// What an operator's files and options ask of a node when it starts. Enters as journaled commands,
// so a replay needs none of it.
struct Installation {
  std::string venue_name;
  Hash256 admin_token{};  // SHA-256; used by a node's first start only
  std::vector<DefineAttribute> attributes;
  std::vector<LoadScheme> schemes;
  std::optional<SetRelaxations> relaxations;  // unset: leave them as they are
};

struct Installed {
  std::string trouble;            // why it stopped; empty: all is as asked
  std::vector<std::string> done;  // what was journaled, a few words each
};

// Bootstraps a node that is empty, and journals what differs from its state: attributes that are
// not defined, schemes whose file says something else than the version loaded last, relaxations.
// Acts as the node's first admin.
Installed install(CommandSink& sink, Reader& reader, const Installation& wanted);

}  // namespace origo::gateway
