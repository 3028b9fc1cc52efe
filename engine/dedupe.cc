#include "engine/dedupe.h"

#include <algorithm>
#include <utility>

namespace origo {
namespace {

void grow(ClientMemory::Client& client, std::uint64_t size) {
  std::vector<ClientMemory::Entry> ring(size);
  for (ClientMemory::Entry& entry : client.ring) {
    if (entry.number >= client.lowest && entry.number != 0)
      ring[entry.number % size] = std::move(entry);
  }
  client.ring = std::move(ring);
}

}  // namespace

ClientMemory::Found ClientMemory::find(const Origin& origin) const {
  if (origin.client_sequence == 0)
    return {.first = nullptr, .refusal = Reject::client_sequence_old};
  const auto found = clients_.find(origin.client);
  const std::uint64_t highest = found == clients_.end() ? 0 : found->second.highest;
  if (found != clients_.end() && found->second.owner != origin.principal)
    return {.first = nullptr, .refusal = Reject::client_of_other_user};
  if (origin.client_sequence > highest && origin.client_sequence - highest > kWindow)
    return {.first = nullptr, .refusal = Reject::client_sequence_jump};
  if (origin.client_sequence + kWindow <= highest)
    return {.first = nullptr, .refusal = Reject::client_sequence_old};
  if (found == clients_.end()) return {};
  const std::vector<Entry>& ring = found->second.ring;
  const Entry& entry = ring[origin.client_sequence % ring.size()];
  if (entry.number != origin.client_sequence) return {};
  if (entry.digest != origin.digest)
    return {.first = nullptr, .refusal = Reject::client_sequence_conflict};
  return {.first = &entry.answer, .refusal = {}};
}

void ClientMemory::remember(const Origin& origin, const Answer& answer) {
  Client& client = clients_[origin.client];
  const std::uint64_t number = origin.client_sequence;
  if (client.ring.empty()) {
    client.owner = origin.principal;
    client.lowest = number;
    client.ring.resize(1);
  }
  client.lowest = std::min(client.lowest, number);
  client.highest = std::max(client.highest, number);
  if (client.highest - client.lowest >= kWindow) client.lowest = client.highest - kWindow + 1;
  std::uint64_t size = client.ring.size();
  while (size <= client.highest - client.lowest) size *= 2;
  if (size != client.ring.size()) grow(client, size);
  client.ring[number % size] = {.number = number, .digest = origin.digest, .answer = answer};
}

UserId ClientMemory::owner(ClientId client) const {
  const auto found = clients_.find(client);
  return found == clients_.end() ? UserId() : found->second.owner;
}

std::uint64_t ClientMemory::highest(ClientId client) const {
  const auto found = clients_.find(client);
  return found == clients_.end() ? 0 : found->second.highest;
}

}  // namespace origo
