#pragma once

#include <boost/endian/conversion.hpp>
#include <cstdint>
#include <string>
#include <string_view>

#include "engine/core/encoding.h"
#include "engine/core/ensure.h"
#include "storage/history.h"

// What the tables of the history have in common: their numbers, keys and values.
namespace origo::gateway::history_rows {

// Numbers are the history's: appended, never reused. 1 and 4 were rows of one entry each.
inline constexpr storage::HistoryKind kStatements = 2;         // cancellation -> StatementEntry
inline constexpr storage::HistoryKind kAccountStatements = 3;  // account, cancellation -> nothing
inline constexpr storage::HistoryKind kTrades = 5;   // instrument, first trade -> TradeEntry..
inline constexpr storage::HistoryKind kLots = 6;     // lot, first event sequence -> LotEntry..
inline constexpr storage::HistoryKind kMinutes = 7;  // instrument, start -> Candle
inline constexpr storage::HistoryKind kDays = 8;     // likewise
inline constexpr storage::HistoryKind kAttributeDays =
    9;  // currency, dimension, start, the rest -> AttributeCandle
inline constexpr storage::HistoryKind kReferences = 10;         // instrument, day -> ReferenceEntry
inline constexpr storage::HistoryKind kReferenceDays = 11;      // day, instrument -> ReferenceEntry
inline constexpr storage::HistoryKind kAuctions = 12;           // instrument -> AuctionEntry
inline constexpr storage::HistoryKind kVerificationCodes = 13;  // code -> cancellation
inline constexpr storage::HistoryKind kClaims = 14;             // claim -> ClaimEntry
inline constexpr storage::HistoryKind kAccountClaims = 15;      // account, claim -> nothing
inline constexpr storage::HistoryKind kCancellationClaims = 16;  // cancellation, claim -> nothing
inline constexpr storage::HistoryKind kRegisterMonths =
    17;  // registry, month, the rest of the kind -> RegisterMonth
inline constexpr storage::HistoryKind kRegisterKinds =
    18;  // registry, the rest of the kind -> RegisterTotal
inline constexpr storage::HistoryKind kRegisterLog = 19;  // first command, event -> ExportEntry..

// Keys are big-endian, so that they sort as their numbers do.
inline std::string key_of(std::uint64_t number) {
  std::string key(sizeof(number), '\0');
  boost::endian::store_big_u64(reinterpret_cast<unsigned char*>(key.data()), number);
  return key;
}
inline std::string key_of(std::uint32_t owner) {
  std::string key(sizeof(owner), '\0');
  boost::endian::store_big_u32(reinterpret_cast<unsigned char*>(key.data()), owner);
  return key;
}
inline std::string key_of(std::uint32_t owner, std::uint64_t number) {
  return key_of(owner) + key_of(number);
}
inline std::uint64_t number_in(std::string_view key) {
  ENSURE(key.size() >= sizeof(std::uint64_t));
  const std::string_view tail = key.substr(key.size() - sizeof(std::uint64_t));
  return boost::endian::load_big_u64(reinterpret_cast<const unsigned char*>(tail.data()));
}

template <class T>
void put(storage::HistoryBatch& batch,
         storage::HistoryKind kind,
         const std::string& key,
         const T& entry) {
  const Bytes bytes = encoded(entry);
  batch.put(kind, key, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

template <class T>
bool read(std::string_view value, T& entry) {
  Decoder decoder(reinterpret_cast<const std::uint8_t*>(value.data()), value.size());
  decoder.get(entry);
  return decoder.ok() && decoder.at_end();
}

inline storage::Status damaged() {
  return {storage::StatusCode::damaged, "history holds an entry of unknown form"};
}

}  // namespace origo::gateway::history_rows
