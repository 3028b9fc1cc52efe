#include "engine/registry/registry.h"

#include <algorithm>

#include "engine/ledger/serial_range.h"

namespace origo {
namespace {

// The last day of the month, quarter or year of `day`.
Date run_on(Date day, ClockEnd end) {
  const CivilDate at = civil(day);
  switch (end) {
    case ClockEnd::day:
      return day;
    case ClockEnd::month:
      return last_of_month(at.year, at.month);
    case ClockEnd::quarter:
      return last_of_month(at.year, (at.month + 2) / 3 * 3);
    case ClockEnd::year:
      return last_of_month(at.year, 12);
  }
  return day;
}

}  // namespace

std::size_t cut_ended(Lot& lot, std::size_t place, const SerialRange& part) {
  const SerialRange whole = lot.ended[place].range;
  ENSURE(whole.first <= part.first);
  ENSURE(end_of(part) <= end_of(whole));
  const auto put_behind = [&](std::size_t before, Serial first, Serial end) {
    EndedRange piece = lot.ended[before];
    piece.range = {.first = first, .count = Units((end - first).value())};
    lot.ended[before].next = static_cast<std::uint32_t>(lot.ended.size());
    lot.ended.push_back(piece);
    return lot.ended.size() - 1;
  };
  std::size_t cut = place;
  if (whole.first < part.first) {
    lot.ended[place].range.count = Units((part.first - whole.first).value());
    cut = put_behind(place, part.first, end_of(part));
  } else {
    lot.ended[place].range = part;
  }
  if (end_of(part) < end_of(whole)) put_behind(cut, end_of(part), end_of(whole));
  return cut;
}

Date last_day(const Clock& clock, const ClockDays& days) {
  Date basis = days.issued;
  switch (clock.basis) {
    case ClockBasis::production_start:
      basis = days.period.first;
      break;
    case ClockBasis::production_end:
      basis = days.period.last;
      break;
    case ClockBasis::issuance:
      break;
    case ClockBasis::declared:
      basis = days.declared;
      break;
    case ClockBasis::none:
      return kNever;
  }
  return run_on(add_days(add_months(basis, clock.months), clock.days), clock.end);
}

const DeviceVersion& Device::on(Date day) const {
  for (std::size_t i = versions.size() - 1; i > 0; --i) {
    if (versions[i].valid_from <= day) return versions[i];
  }
  return versions.front();
}

void Registry::await_write_off(Date last_day, LotId lot) {
  std::deque<LotId>& ending = to_write_off[last_day];
  const auto at = std::lower_bound(ending.begin(), ending.end(), lot);
  if (at == ending.end() || *at != lot) ending.insert(at, lot);
}

SchemeId Registry::scheme_on(std::string_view code, Date day) const {
  for (std::size_t i = schemes.size(); i > 0; --i) {
    const Scheme& scheme = schemes[i - 1];
    if (scheme.code == code && scheme.valid_from <= day && day <= scheme.valid_to)
      return SchemeId(static_cast<std::uint32_t>(i));
  }
  return {};
}

Date Registry::sale_end(std::string_view code, const ClockDays& days) const {
  Date day = days.issued;
  while (true) {
    const SchemeId version = scheme_on(code, day);
    if (!version.is_set()) return kNever;  // nothing moves then, by that alone
    const Date allowed = last_day(get(version).sale, days);
    // The version rules until it ends or a later one begins.
    Date ruled = get(version).valid_to;
    for (const Scheme& other : schemes) {
      if (other.code == code && other.valid_from > day)
        ruled = std::min(ruled, add_days(other.valid_from, -1));
    }
    if (allowed < ruled) return std::max(allowed, add_days(day, -1));
    if (ruled == kNever) return kNever;
    day = add_days(ruled, 1);
  }
}

}  // namespace origo
