#include "engine/registry/balancing.h"

#include <algorithm>

namespace origo {
namespace {

// The calendar period of so many months that `day` lies in.
Period period_around(Date day, std::uint16_t months) {
  const std::int32_t first = month_of(day) / months * months;
  const std::int32_t last = first + months - 1;
  return {.first = *make_date(first / 12, static_cast<unsigned>(first % 12) + 1, 1),
          .last = last_of_month(last / 12, static_cast<unsigned>(last % 12) + 1)};
}

// The same, less what the site has balanced already.
Period period_behind(const Site& site, Date day, std::uint16_t months) {
  Period period = period_around(day, months);
  if (!site.balances.empty())
    period.first = std::max(period.first, add_days(site.balances.back().period.last, 1));
  return period;
}

Measured held(const Balance* balance, ProofId proof) {
  if (balance == nullptr) return {};
  const auto line = balance->proofs.find(proof);
  return line == balance->proofs.end() ? Measured() : line->second.held();
}

}  // namespace

const Scheme* Balancing::scheme_of(RegistryId registry, Date day) const {
  const SchemeId version = registry_.scheme_on(registry_.get(registry).scheme, day);
  return version.is_set() ? &registry_.get(version) : nullptr;
}

Result<SiteId> Balancing::open(const OpenSite& command) {
  if (registry_.find(command.registry) == nullptr) return Reject::registry_unknown;
  const Participant* keeper = working_.state.parties.find(command.participant);
  if (keeper == nullptr) return Reject::participant_unknown;
  if (keeper->frozen) return Reject::participant_frozen;
  const Scheme* scheme = scheme_of(command.registry, date_of(now_));
  if (scheme == nullptr) return Reject::scheme_unknown;
  if (scheme->mass_balance.period_months == 0) return Reject::balance_not_kept;
  const bool certified =
      std::any_of(scheme->holders.begin(), scheme->holders.end(), [&](ParticipantKind kind) {
        return Parties::has_kind(*keeper, kind);
      });
  if (!certified) return Refusal(Reject::account_kind_barred, "participant");
  if (std::find(scheme->carriers.begin(), scheme->carriers.end(), command.carrier) ==
      scheme->carriers.end())
    return Reject::carrier_not_allowed;
  const SiteId id(static_cast<std::uint32_t>(registry_.sites.size() + 1));
  registry_.sites.push_back({.id = id,
                             .registry = command.registry,
                             .participant = command.participant,
                             .name = command.name,
                             .country = command.country,
                             .carrier = command.carrier,
                             .approved = false,
                             .balances = {}});
  events_.append(SiteOpened{.site = id, .details = command});
  return id;
}

Result<SiteId> Balancing::approve(const ApproveSite& command) {
  const Site* site = registry_.find(command.site);
  if (site == nullptr) return Reject::site_unknown;
  if (site->approved) return Reject::site_already_approved;
  registry_.get(command.site).approved = true;
  events_.append(SiteApproved{.site = command.site});
  return command.site;
}

Verdict Balancing::check_bookable(SiteId id, Date day) const {
  if (registry_.find(id) == nullptr) return Reject::site_unknown;
  const Site& site = *registry_.find(id);
  if (!site.approved) return Reject::site_not_approved;
  if (working_.state.parties.get(site.participant).frozen) return Reject::participant_frozen;
  const Date today = date_of(now_);
  const Scheme* scheme = scheme_of(site.registry, today);
  if (scheme == nullptr) return Reject::scheme_unknown;
  if (scheme->mass_balance.period_months == 0) return Reject::balance_not_kept;
  if (is_closing(site)) return Refusal(Reject::booking_day_closed, "closing");
  const Balance* open = site.open_balance();
  const Period period = open != nullptr
                            ? open->period
                            : period_behind(site, today, scheme->mass_balance.period_months);
  if (day != Date() && (day < period.first || day > today)) return Reject::booking_day_closed;
  return std::nullopt;
}

Verdict Balancing::check_room(const Site& site,
                              Int128 energy,
                              ProofId proof,
                              bool gas_alone) const {
  const Balance* open = site.open_balance();
  const Int128 gas =
      open == nullptr ? 0 : Int128{open->gas.carried_in.value()} + open->gas.in.value();
  if (gas + energy > kSupplyMax) return Refusal(Reject::amount_above_cap, "energy");
  if (gas_alone || open == nullptr) return std::nullopt;
  if (open->proofs.size() >= kProofsMax && !open->proofs.contains(proof))
    return Refusal(Reject::too_many_items, "proofs");
  return std::nullopt;
}

// Whether the site has so much gas and, if `proof` is set, so much of it.
Verdict Balancing::check_held(const Site& site, Int128 energy, ProofId proof) {
  const Balance* open = site.open_balance();
  if (proof.is_set() && held(open, proof).value() < energy)
    return Refusal(Reject::balance_exceeded, "proof");
  const Measured gas = open == nullptr ? Measured() : open->gas.held();
  if (gas.value() < energy) return Refusal(Reject::balance_exceeded, "gas");
  return std::nullopt;
}

Result<BookingId> Balancing::book(const BookInput& command) {
  if (const Verdict bad = check_bookable(command.site, command.day)) return *bad;
  const Site& site = *registry_.find(command.site);
  const bool gas_alone = command.proof.empty();
  if (!gas_alone && registry_.find_proof(site.registry, command.proof) != nullptr)
    return Reject::proof_number_taken;
  if (const Verdict bad = check_room(site, command.energy.value(), ProofId(), gas_alone))
    return *bad;
  ProofId proof;
  if (!gas_alone)
    proof = enter({.id = {},
                   .registry = site.registry,
                   .number = command.proof,
                   .feedstock = characteristic(command.feedstock),
                   .feedstock_country = characteristic(command.feedstock_country),
                   .sustainability_scheme = characteristic(command.sustainability_scheme),
                   .ghg_intensity = command.ghg_intensity,
                   .site = site.id,
                   .lot = {}});
  return record({.id = {},
                 .site = command.site,
                 .kind = BookingKind::input,
                 .day = command.day,
                 .energy = command.energy,
                 .proof = proof,
                 .counterpart = {},
                 .lot = {},
                 .cancellation = {},
                 .receiver = {},
                 .note = command.note});
}

Result<BookingId> Balancing::book(const BookOutput& command) {
  if (const Verdict bad = check_bookable(command.site, command.day)) return *bad;
  const Site& site = *registry_.find(command.site);
  const Proof* proof =
      command.proof.empty() ? nullptr : registry_.find_proof(site.registry, command.proof);
  if (proof == nullptr && !command.proof.empty()) return Refusal(Reject::balance_exceeded, "proof");
  Booking booking{.id = {},
                  .site = command.site,
                  .kind = command.to_site.is_set() ? BookingKind::sent : BookingKind::output,
                  .day = command.day,
                  .energy = command.energy,
                  .proof = proof == nullptr ? ProofId() : proof->id,
                  .counterpart = command.to_site,
                  .lot = {},
                  .cancellation = {},
                  .receiver = command.receiver,
                  .note = command.note};
  if (command.to_site.is_set()) {
    if (command.to_site == command.site) return Refusal(Reject::same_account, "to_site");
    const Site* to = registry_.find(command.to_site);
    if (to == nullptr || to->registry != site.registry)
      return Refusal(Reject::site_unknown, "to_site");
    if (to->carrier != site.carrier) return Refusal(Reject::carrier_not_allowed, "to_site");
    if (const Verdict bad = check_bookable(command.to_site, command.day))
      return Refusal(bad->code, "to_site");
    if (const Verdict bad =
            check_room(*to, command.energy.value(), booking.proof, proof == nullptr))
      return *bad;
  }
  if (const Verdict bad = check_held(site, command.energy.value(), booking.proof)) return *bad;
  const BookingId sent = record(booking);
  if (command.to_site.is_set()) {
    booking.kind = BookingKind::received;
    std::swap(booking.site, booking.counterpart);
    record(booking);
  }
  return sent;
}

// ---- the book ----

ProofId Balancing::enter(Proof proof) {
  proof.id = ProofId(static_cast<std::uint32_t>(registry_.proofs.size() + 1));
  registry_.proof_numbers.emplace(std::pair(proof.registry, proof.number), proof.id);
  registry_.proofs.push_back(proof);
  events_.append(ProofEntered{.proof = proof});
  return proof.id;
}

// Requires: checked; what goes out is held.
BookingId Balancing::record(Booking booking) {
  Balance& balance = open_balance(registry_.get(booking.site));
  if (booking.day == Date()) booking.day = date_of(now_);
  const auto add = [&](BalanceLine& line) {
    (comes_in(booking.kind) ? line.in : line.out) += booking.energy;
    ENSURE(!line.held().is_negative());
  };
  add(balance.gas);
  if (booking.proof.is_set()) add(balance.proofs[booking.proof]);
  booking.id = BookingId(static_cast<std::uint32_t>(registry_.bookings.size() + 1));
  registry_.bookings.push_back(booking);
  events_.append(BalanceBooked{.booking = booking});
  return booking.id;
}

Balance& Balancing::open_balance(Site& site) {
  if (site.open_balance() != nullptr) return site.balances.back();
  const Date today = date_of(now_);
  const MassBalance& rules = scheme_of(site.registry, today)->mass_balance;
  Balance balance;
  balance.period = period_behind(site, today, rules.period_months);
  balance.period_months = rules.period_months;
  balance.carry_surplus = rules.carry_surplus;
  return begin(site, std::move(balance));
}

Balance& Balancing::begin(Site& site, Balance balance) {
  working_.state.due.insert(
      {.at = closing_time(site, balance), .kind = DueKind::balance_end, .id = site.id.value()});
  return site.balances.emplace_back(std::move(balance));
}

void Balancing::close(SiteId id) {
  Site& site = registry_.get(id);
  ENSURE(site.open_balance() != nullptr);
  Balance& over = site.balances.back();
  Balance following;
  const Measured gas = over.gas.held();
  Measured room = over.carry_surplus ? gas : Measured();
  BalanceClosed event{.site = id,
                      .period = over.period,
                      .gas_carried = gas,
                      .proofs_carried = {},
                      .proofs_lapsed = {}};
  for (auto& [proof, line] : over.proofs) {  // in the order in which they entered
    const Measured left = line.held();
    const Measured kept = std::min(left, room);
    room -= kept;
    line.carried_out = kept;
    line.lapsed = left - kept;
    event.proofs_carried += kept;
    event.proofs_lapsed += line.lapsed;
    if (kept.is_positive()) following.proofs[proof].carried_in = kept;
    if (line.lapsed.is_positive())
      events_.append(ProofLapsed{.site = id, .proof = proof, .energy = line.lapsed});
  }
  over.gas.carried_out = gas;
  over.closed = true;
  events_.append(event);
  if (gas.is_zero()) return;

  following.gas.carried_in = gas;
  const Date first = add_days(over.period.last, 1);
  const Scheme* scheme = scheme_of(site.registry, first);
  const bool ruled = scheme != nullptr && scheme->mass_balance.period_months > 0;
  following.period_months = ruled ? scheme->mass_balance.period_months : over.period_months;
  following.carry_surplus = ruled ? scheme->mass_balance.carry_surplus : over.carry_surplus;
  following.period = {.first = first, .last = period_around(first, following.period_months).last};
  begin(site, std::move(following));
}

}  // namespace origo
