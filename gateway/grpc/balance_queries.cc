#include "gateway/grpc/balance_queries.h"

#include <optional>

#include "gateway/grpc/pages.h"
#include "gateway/grpc/registry_views.h"

namespace origo::gateway {
namespace {

using registry_views::text_of;

template <class Line>
void show_sums(const BalanceLine& line, Line& out) {
  out.set_carried_in(line.carried_in.value());
  out.set_booked_in(line.in.value());
  out.set_booked_out(line.out.value());
  out.set_lapsed(line.lapsed.value());
  out.set_carried_out(line.carried_out.value());
  out.set_left(line.held().value());
}

void show_site(const Site& site, v1::Site& out) {
  out.set_site(site.id.value());
  out.set_registry(site.registry.value());
  out.set_participant(site.participant.value());
  out.set_name(site.name);
  out.set_country(site.country);
  out.set_carrier(site.carrier);
  out.set_approved(site.approved);
  if (!site.balances.empty())
    registry_views::write(site.balances.back().period, *out.mutable_newest_period());
  out.set_open(site.open_balance() != nullptr);
}

void show_balance(const Registry& registry,
                  const Site& site,
                  const Balance& balance,
                  v1::SiteBalance& out) {
  out.set_site(site.id.value());
  registry_views::write(balance.period, *out.mutable_period());
  out.set_closed(balance.closed);
  out.set_carry_surplus(balance.carry_surplus);
  show_sums(balance.gas, *out.mutable_gas());
  for (const auto& [id, line] : balance.proofs) {
    const Proof& proof = registry.get(id);
    v1::ProofLine& to = *out.add_proofs();
    to.set_proof(proof.number);
    show_sums(line, to);
    to.set_feedstock(proof.feedstock);
    to.set_feedstock_country(proof.feedstock_country);
    to.set_sustainability_scheme(proof.sustainability_scheme);
    to.set_ghg_intensity(proof.ghg_intensity);
    to.set_entered_at(proof.site.value());
    to.set_lot(proof.lot.value());
  }
}

void show_booking(const Registry& registry, const Booking& booking, v1::Booking& out) {
  out.set_booking(booking.id.value());
  out.set_site(booking.site.value());
  out.set_kind(static_cast<v1::BookingKind>(booking.kind));
  out.set_day(text_of(booking.day));
  out.set_energy(booking.energy.value());
  if (booking.proof.is_set()) out.set_proof(registry.get(booking.proof).number);
  out.set_counterpart(booking.counterpart.value());
  out.set_lot(booking.lot.value());
  out.set_cancellation(booking.cancellation.value());
  out.set_receiver(booking.receiver);
  out.set_note(booking.note);
}

// The balance of the period that `day` lies in, or the newest; nullptr: none.
const Balance* balance_on(const Site& site, const std::optional<Date>& day) {
  for (auto balance = site.balances.rbegin(); balance != site.balances.rend(); ++balance) {
    if (!day || (balance->period.first <= *day && *day <= balance->period.last)) return &*balance;
  }
  return nullptr;
}

}  // namespace

grpc::Status list_sites(const Viewer& viewer,
                        const v1::ListSitesRequest& request,
                        v1::ListSitesResponse& response) {
  return page_by_id(request, response, viewer.exchange().registry().sites, [&](const Site& site) {
    if (request.registry() != 0 && site.registry.value() != request.registry()) return false;
    if (request.participant() != 0 && site.participant.value() != request.participant())
      return false;
    if (!viewer.sees(site)) return false;
    show_site(site, *response.add_sites());
    return true;
  });
}

grpc::Status get_site_balance(const Viewer& viewer,
                              const v1::GetSiteBalanceRequest& request,
                              v1::GetSiteBalanceResponse& response) {
  const Registry& registry = viewer.exchange().registry();
  std::optional<Date> day;
  if (!request.day().empty()) {
    day = parse_date(request.day());
    if (!day) return invalid("day: must be a date like 2026-01-31");
  }
  const Site* site = find_by<SiteId>(registry, request.site());
  if (site == nullptr || !viewer.sees(*site)) return not_found("site");
  const Balance* balance = balance_on(*site, day);
  if (balance == nullptr)
    return {grpc::StatusCode::NOT_FOUND, "day: nothing was held or booked in its period"};
  show_balance(registry, *site, *balance, *response.mutable_balance());
  return grpc::Status::OK;
}

grpc::Status list_bookings(const Viewer& viewer,
                           const v1::ListBookingsRequest& request,
                           v1::ListBookingsResponse& response) {
  const Registry& registry = viewer.exchange().registry();
  const std::optional<Date> first = parse_date(request.period().first());
  const std::optional<Date> last = parse_date(request.period().last());
  if (request.has_period() && (!first || !last || *first > *last))
    return invalid("period: must be two dates like 2026-01-31, the first no later than the last");
  return page_by_id(request, response, registry.bookings, [&](const Booking& booking) {
    if (request.site() != 0 && booking.site.value() != request.site()) return false;
    if (request.has_period() && (booking.day < *first || booking.day > *last)) return false;
    if (!request.proof().empty() &&
        (!booking.proof.is_set() || registry.get(booking.proof).number != request.proof()))
      return false;
    if (!viewer.sees(*registry.find(booking.site))) return false;
    show_booking(registry, booking, *response.add_bookings());
    return true;
  });
}

}  // namespace origo::gateway
