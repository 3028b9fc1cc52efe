#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <string>

#include "engine/core/amount.h"
#include "engine/core/date.h"
#include "engine/core/id.h"

// What is written into a site's mass balance.
namespace origo {

// A set of sustainability characteristics, known by the number of the proof that certifies them. It
// enters a registry once; amounts of it then move between sites, into certificates and out of them.
struct Proof {
  ProofId id;
  RegistryId registry;
  std::string number;
  std::string feedstock;  // several: sorted, with ";" between them; likewise below
  std::string feedstock_country;
  std::string sustainability_scheme;
  std::int64_t ghg_intensity = 0;  // mg CO2e per MJ
  SiteId site;                     // where it entered; unset: with certificates
  LotId lot;                       // with which it entered
};

enum class BookingKind : std::uint8_t {
  input = 1,     // from outside the registry
  output = 2,    // to outside the registry
  sent = 3,      // to another site
  received = 4,  // from another site
  taken_in = 5,  // certificates were used up
  split = 6,     // a lot's proof was parted from its certificates
  issued = 7     // went into certificates
};
BOOST_DESCRIBE_ENUM(BookingKind, input, output, sent, received, taken_in, split, issued)

[[nodiscard]] constexpr bool comes_in(BookingKind kind) {
  return kind == BookingKind::input || kind == BookingKind::received ||
         kind == BookingKind::taken_in || kind == BookingKind::split;
}

// One entry: gas, with so much of a proof or without any.
struct Booking {
  BookingId id;
  SiteId site;
  BookingKind kind = BookingKind::input;
  Date day;
  Measured energy;              // Wh
  ProofId proof;                // unset: gas alone
  SiteId counterpart;           // the other site
  LotId lot;                    // of the certificates
  CancellationId cancellation;  // by which they were used up
  std::string receiver;
  std::string note;
};

BOOST_DESCRIBE_STRUCT(Proof,
                      (),
                      (id,
                       registry,
                       number,
                       feedstock,
                       feedstock_country,
                       sustainability_scheme,
                       ghg_intensity,
                       site,
                       lot))
BOOST_DESCRIBE_STRUCT(
    Booking,
    (),
    (id, site, kind, day, energy, proof, counterpart, lot, cancellation, receiver, note))

}  // namespace origo
