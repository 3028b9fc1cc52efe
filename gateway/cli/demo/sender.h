#pragma once

#include <functional>
#include <string>
#include <vector>

#include "engine/core/command.h"
#include "gateway/cli/session.h"

namespace origo::gateway {

inline constexpr ParticipantId kVenue{1};  // made with the node itself

// What an accepted command created.
template <class Id>
[[nodiscard]] Id id_of(const v1::Answer& answer) {
  return Id(static_cast<typename Id::Rep>(answer.id()));
}

// Sends many commands of one user over the order entry stream: frames of many commands, several
// frames in flight, one answer to each command, in order.
class Sender {
 public:
  explicit Sender(Session& session) : session_(session) {}

  // Answers in the order of `commands`; refusals are in the answers. `answered(n)` is told of
  // progress.
  [[nodiscard]] std::vector<v1::Answer> send(const std::vector<Command>& commands,
                                             const std::function<void(std::size_t)>& answered);
  // As send, but the first refusal is a Failure that names `what`.
  std::vector<v1::Answer> must_send(const std::vector<Command>& commands,
                                    const std::string& what,
                                    const std::function<void(std::size_t)>& answered);
  // One command, which must be accepted.
  v1::Answer must_send(const Command& command, const std::string& what);

  [[nodiscard]] Session& session() { return session_; }

 private:
  Session& session_;
};

}  // namespace origo::gateway
