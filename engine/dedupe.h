#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "engine/core/command.h"
#include "engine/core/encoding.h"
#include "engine/core/events.h"
#include "engine/core/result.h"

namespace origo {

// What the core remembers so that a repeated command has one effect and gets its first answer
// again: per client id the last 1,024 numbers with a digest of the body and the answer.
class ClientMemory {
 public:
  static constexpr std::uint64_t kWindow = 1024;

  // The first answer if `origin` repeats a number with the same body; a refusal if the number
  // cannot run; neither: run it, then remember(). A client id belongs to the first user that uses
  // it.
  //
  // Rejects: client_of_other_user, client_sequence_conflict, client_sequence_old,
  // client_sequence_jump.
  struct Found {
    const Answer* first = nullptr;
    Verdict refusal;
  };
  [[nodiscard]] Found find(const Origin& origin) const;
  void remember(const Origin& origin, const Answer& answer);

  // Whose the client id is; unset: nobody has used it.
  [[nodiscard]] UserId owner(ClientId client) const;
  // The highest number that `client` has used; 0: none.
  [[nodiscard]] std::uint64_t highest(ClientId client) const;

  void encode(Encoder& out) const { out.put(clients_); }
  void decode(Decoder& in) { in.get(clients_); }

  struct Entry {
    std::uint64_t number = 0;  // 0: empty
    Hash128 digest{};
    Answer answer;
  };
  // Ring of entries, at number % size; the size doubles up to kWindow as the numbers spread.
  struct Client {
    UserId owner;
    std::uint64_t lowest = 0;  // smallest number in the ring
    std::uint64_t highest = 0;
    std::vector<Entry> ring;
  };

 private:
  std::map<ClientId, Client> clients_;
};

BOOST_DESCRIBE_STRUCT(ClientMemory::Entry, (), (number, digest, answer))
BOOST_DESCRIBE_STRUCT(ClientMemory::Client, (), (owner, lowest, highest, ring))

}  // namespace origo
