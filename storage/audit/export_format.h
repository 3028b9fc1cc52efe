#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/event.h"

// An audit export: the journal of a period with what is needed to prove it, and what became of
// certificates in it. A file of
//
//   "ORIGO AUDIT 1\n" | head | batches | facts and events | tail | seal
//
// where each part is  u8 kind | u32 length | length bytes,  all little-endian:
//
//   head    ExportHead
//   batch   32 bytes: the chain after it; then its bytes as in storage/batch.h
//   facts   ExportFacts: about the lots and accounts that the events behind it are of
//   events  ExportEntry, end to end
//   tail    ExportTail
//   seal    SHA-256 of everything before this part
//
// Structures are in the canonical encoding (engine/core/encoding.h). The chain after a batch is
// SHA-256 over the chain before it and its bytes, so batches can be neither changed, added nor left
// out without a different chain at the end, which a node, its witness or another export names.
namespace origo::storage::audit {

inline constexpr std::string_view kMagic = "ORIGO AUDIT 1\n";

enum class Part : std::uint8_t { head = 1, batch = 2, facts = 3, events = 4, tail = 5, seal = 6 };

// A part is never larger: a batch is one group commit.
inline constexpr std::uint32_t kPartMax = std::uint32_t{256} << 20U;

struct ExportHead {
  std::string venue;
  std::string version;     // of the node's program
  Date from;               // first day, UTC
  Date to;                 // last day
  Instant made_at;         // the node's clock
  Sequence first;          // command of the period; last + 1 if there is none
  Sequence last;           // likewise; the newest one there was, if the period was not over
  Hash256 chain_before{};  // of the journal before `first`
};
struct ExportTail {
  std::uint64_t batches = 0;
  std::uint64_t commands = 0;
  std::uint64_t events = 0;
  Hash256 chain_after{};  // of the journal after `last`
};

// What people need to know of a lot to read its events.
struct LotFacts {
  LotId lot;
  std::string registry;  // code
  std::string scheme;    // code
  DeviceId device;
  std::string device_name;
  std::string country;  // of the device
  std::string carrier;
  Period period;  // of production
  Dimension dimension = Dimension::energy_wh;
  std::int64_t unit_size = 0;  // Wh or g CO2e
  std::string first_serial;    // as printed
};
struct AccountFacts {
  AccountId account;
  std::string name;
  ParticipantId participant;
  std::string participant_name;
};
struct ExportFacts {
  std::vector<LotFacts> lots;
  std::vector<AccountFacts> accounts;
};

struct ExportEntry {
  EventSequence sequence;
  Instant time;
  Sequence command;  // that caused it
  Event event;
};

BOOST_DESCRIBE_STRUCT(ExportHead,
                      (),
                      (venue, version, from, to, made_at, first, last, chain_before))
BOOST_DESCRIBE_STRUCT(ExportTail, (), (batches, commands, events, chain_after))
BOOST_DESCRIBE_STRUCT(LotFacts,
                      (),
                      (lot,
                       registry,
                       scheme,
                       device,
                       device_name,
                       country,
                       carrier,
                       period,
                       dimension,
                       unit_size,
                       first_serial))
BOOST_DESCRIBE_STRUCT(AccountFacts, (), (account, name, participant, participant_name))
BOOST_DESCRIBE_STRUCT(ExportFacts, (), (lots, accounts))
BOOST_DESCRIBE_STRUCT(ExportEntry, (), (sequence, time, command, event))

// Whether events of this number (position in the variant, from 1) are kept for audit: all but those
// of orders, trades and prices, which the journal's commands replay.
[[nodiscard]] bool is_audited(std::uint16_t number);

}  // namespace origo::storage::audit
