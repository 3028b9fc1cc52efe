#pragma once

#include <optional>
#include <string>

#include "engine/core/result.h"
#include "engine/state.h"

namespace origo {

// The mass balances: per site and period, gas and proofs of sustainability that come in and go out,
// never more than there is. Syntax and rights are checked before it is called. docs/mass_balance.md
//
// Source: Directive (EU) 2018/2001 Article 30(1), Implementing Regulation (EU) 2022/996 Article 19.
class Balancing {
 public:
  explicit Balancing(const Working& working)
      : working_(working),
        events_(working.events),
        now_(working.now),
        registry_(working.state.registry) {}

  // Rejects: registry_unknown, participant_unknown, participant_frozen, scheme_unknown,
  //          balance_not_kept, account_kind_barred, carrier_not_allowed.
  Result<SiteId> open(const OpenSite& command);
  // Rejects: site_unknown, site_already_approved.
  Result<SiteId> approve(const ApproveSite& command);

  // Each books into the period of today, which it opens if need be, once the one before is closed.
  // Rejects, of all: site_unknown, site_not_approved, participant_frozen, scheme_unknown,
  //          balance_not_kept, booking_day_closed, amount_above_cap, too_many_items.
  // Cost:    O(log proofs of the site), and once a period that of close().
  //
  // Rejects: proof_number_taken.
  Result<BookingId> book(const BookInput& command);
  // Rejects: balance_exceeded; with another site same_account, carrier_not_allowed.
  Result<BookingId> book(const BookOutput& command);
  // Rejects: account_unknown, lot_unknown, carrier_not_allowed, proof_missing, proof_number_taken,
  //          and those of Office::cancel.
  Result<BookingId> take_in(const TakeIntoBalance& command);
  // Rejects: account_unknown, account_frozen, lot_unknown, carrier_not_allowed, proof_missing,
  //          proof_number_taken, certificates_expired, split_barred.
  Result<BookingId> split(const SplitProof& command);

  // Certificates of a declaration with a proof: what its number has brought into a site is taken
  // from there, else the number enters with them.
  // Rejects: proof_number_taken, proof_invalid, booking_day_closed, balance_exceeded.
  [[nodiscard]] Verdict check_issuance(const Declaration& declaration, Int128 energy) const;
  // Requires: check_issuance() said nothing.
  void issue(const Declaration& declaration, Lot& lot);

  // Due work: the period of the site's balance is over. Gas is carried on, and so much of the
  // proofs as has gas behind it, those first that entered first; the rest lapses.
  // Shape: ProofLapsed per proof that lapses, BalanceClosed.
  // Cost:  the proofs of the balance, at most kProofsMax.
  void close(SiteId id);

 private:
  static constexpr std::size_t kProofsMax = 1'000;  // in one balance

  [[nodiscard]] const Scheme* scheme_of(RegistryId registry, Date day) const;
  [[nodiscard]] Verdict check_bookable(SiteId id, Date day) const;
  // Whether the site's last period is over and has yet to be closed.
  [[nodiscard]] bool is_closing(const Site& site) const {
    return site.open_balance() != nullptr && now_ >= end_of(site.open_balance()->period.last);
  }
  // Whether so much more can come in, of `proof` or (unset) of one that is new.
  [[nodiscard]] Verdict check_room(const Site& site,
                                   Int128 energy,
                                   ProofId proof,
                                   bool gas_alone) const;
  // One of a proof's words as it is kept: "straw; manure" and "manure;straw" are the same.
  [[nodiscard]] static std::string characteristic(const std::string& text);
  [[nodiscard]] static Verdict check_held(const Site& site, Int128 energy, ProofId proof);
  Balance& open_balance(Site& site);
  // The balance is the site's newest, and closes when its period is over.
  Balance& begin(Site& site, Balance balance);
  BookingId record(Booking booking);
  ProofId enter(Proof proof);
  // The lot with its own proof, for a site of the account's participant.
  struct Brought {
    const Lot* lot;
    Proof proof;
  };
  [[nodiscard]] Result<Brought> check_lot(AccountId account, LotId lot, SiteId site) const;
  [[nodiscard]] std::optional<Proof> proof_of(const AttributeValues& values) const;
  [[nodiscard]] std::string words_of(const AttributeValues& values, const char* attribute) const;

  Working working_;
  Events& events_;
  Instant now_;
  Registry& registry_;
};

}  // namespace origo
