#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>

#include "engine/core/ensure.h"

namespace origo {

// A name made of a number: compared and stored, never calculated with. 0 names nothing.
// Ids are given by the core from 1 upwards and never reused.
template <class Tag, class Rep_ = std::uint32_t>
class Id {
 public:
  using Rep = Rep_;
  constexpr Id() = default;
  constexpr explicit Id(Rep value) : value_(value) {}
  [[nodiscard]] constexpr Rep value() const { return value_; }
  [[nodiscard]] constexpr bool is_set() const { return value_ != 0; }
  constexpr auto operator<=>(const Id&) const = default;

 private:
  Rep value_ = 0;
};

using ParticipantId = Id<struct ParticipantTag>;
using UserId = Id<struct UserTag>;
using AccountId = Id<struct AccountTag>;
using RegistryId = Id<struct RegistryTag>;
using SchemeId = Id<struct SchemeTag>;  // one dated version of one scheme
using DeviceId = Id<struct DeviceTag>;
using DeviceChangeId = Id<struct DeviceChangeTag>;
using DeclarationId = Id<struct DeclarationTag>;
using LotId = Id<struct LotTag>;
using CancellationId = Id<struct CancellationTag, std::uint64_t>;
using WithdrawalId = Id<struct WithdrawalTag>;
using ClaimId = Id<struct ClaimTag>;  // one use of cancelled certificates
using TransferId = Id<struct TransferTag, std::uint64_t>;
using SiteId = Id<struct SiteTag>;        // a place whose gas is balanced
using ProofId = Id<struct ProofTag>;      // a proof of sustainability
using BookingId = Id<struct BookingTag>;  // one entry in a site's balance
using ProposalId = Id<struct ProposalTag>;
using MarketId = Id<struct MarketTag>;
using InstrumentId = Id<struct InstrumentTag>;
using OrderId = Id<struct OrderTag, std::uint64_t>;
using TradeId = Id<struct TradeTag, std::uint64_t>;
using AttributeId = Id<struct AttributeTag>;
using SymbolId = Id<struct SymbolTag>;  // an interned word, e.g. "biomethane"
using ClientId = Id<struct ClientTag, std::uint64_t>;
using ClientOrderId = Id<struct ClientOrderTag, std::uint64_t>;
using Sequence = Id<struct SequenceTag, std::uint64_t>;            // of commands
using EventSequence = Id<struct EventSequenceTag, std::uint64_t>;  // of events

// Items that are kept in the order of their ids, from 1. nullptr: there is none with this id.
template <class Items, class Tag, class Rep>
[[nodiscard]] auto* find_by_id(Items& items, Id<Tag, Rep> id) {
  const std::uint64_t place = std::uint64_t{id.value()} - 1;  // of an unset id: beyond all
  return place < items.size() ? &items[static_cast<std::size_t>(place)] : nullptr;
}
// Requires: there is one.
template <class Items, class Tag, class Rep>
[[nodiscard]] auto& get_by_id(Items& items, Id<Tag, Rep> id) {
  auto* const found = find_by_id(items, id);
  ENSURE(found != nullptr);
  return *found;
}

// The id after `id`, for counters that hand out ids.
template <class Tag, class Rep>
[[nodiscard]] constexpr Id<Tag, Rep> next(Id<Tag, Rep> id) {
  return Id<Tag, Rep>(static_cast<Rep>(id.value() + 1));
}

}  // namespace origo
