#include "gateway/node/register_statistics.h"

#include <algorithm>
#include <limits>
#include <span>
#include <utility>

#include "engine/core/date.h"
#include "engine/core/ensure.h"
#include "gateway/node/candle.h"
#include "gateway/node/history_rows.h"
#include "storage/chain.h"

namespace origo::gateway {

namespace {

using namespace history_rows;
using storage::Outcome;

// What a page reads at most before it ends, so that no query takes long.
constexpr std::size_t kMonthsMax = 20'000;
constexpr std::size_t kTokenMax = 1'024;

std::string key_of_kind(const RegisterKind& kind) {
  return std::string(1, static_cast<char>(kind.dimension)) +
         key_of(static_cast<std::uint64_t>(kind.unit_size)) + kind.country + '\0' + kind.carrier;
}

std::string key_of_month(const RegisterKind& kind, Date month) {
  return key_of(kind.registry.value(), static_cast<std::uint64_t>(month.days())) +
         key_of_kind(kind);
}

std::string to_token(std::string_view key) {
  return storage::to_hex(std::as_bytes(std::span(key)));
}

// The key behind the one that a token names.
std::string key_behind(const std::string& token) {
  std::string key;
  for (std::size_t i = 0; i + 1 < token.size(); i += 2)
    key.push_back(static_cast<char>(std::stoi(token.substr(i, 2), nullptr, 16)));
  return key + '\0';
}

}  // namespace

RegisterKind kind_of(const Registry& registry, const Lot& lot) {
  const Device* const device = registry.find(lot.device);
  const Declaration* const declaration = registry.find(lot.declaration);
  ENSURE(device != nullptr);
  ENSURE(declaration != nullptr);
  return {.registry = lot.registry,
          .dimension = lot.dimension,
          .unit_size = lot.unit_size,
          .country = device->country,
          .carrier = declaration->carrier};
}

void RegisterRecorder::add(LotId lot,
                           Instant time,
                           const Exchange& exchange,
                           storage::audit::RegisterSum sum,
                           Units units) {
  const Registry& registry = exchange.registry();
  const Date month = date_of(start_of(Interval::month, time));
  Row& row = row_of(kind_of(registry, registry.get(lot)), month);
  add_to(row.total.newest.flows.*sum, units);
  add_to(row.total.ever.*sum, units);
  row.changed = true;
}

RegisterRecorder::Row& RegisterRecorder::row_of(RegisterKind kind, Date month) {
  const auto [at, fresh] = rows_.try_emplace(std::move(kind));
  Row& row = at->second;
  RegisterMonth& newest = row.total.newest;
  if (fresh) {
    newest = {.kind = at->first, .month = month};
    const auto stored =
        history_.get(kRegisterKinds, key_of(at->first.registry.value()) + key_of_kind(at->first));
    if (!stored.ok()) {
      trouble_ = stored.status;
    } else if (stored.value && !read(*stored.value, row.total)) {
      trouble_ = damaged();
    }
  }
  if (newest.month != month) {
    if (row.changed) put(row);
    newest = {.kind = at->first, .month = month, .flows = {.opening = newest.flows.closing()}};
  }
  return row;
}

void RegisterRecorder::put(const Row& row) {
  const RegisterMonth& month = row.total.newest;
  history_rows::put(batch_, kRegisterMonths, key_of_month(month.kind, month.month), month);
}

storage::Status RegisterRecorder::flush() {
  for (auto& [kind, row] : rows_) {
    if (!row.changed) continue;
    put(row);
    history_rows::put(
        batch_, kRegisterKinds, key_of(kind.registry.value()) + key_of_kind(kind), row.total);
    row.changed = false;
  }
  return trouble_;
}

Outcome<RegisterMonths> RegisterView::months(const WantedMonths& wanted,
                                             const RegisterPage& page) const {
  Outcome<RegisterMonths> found;
  const std::string prefix = wanted.registry.is_set() ? key_of(wanted.registry.value()) : "";
  std::string from = page.begin.empty() ? std::string() : key_behind(page.begin);
  if (from.empty() && wanted.registry.is_set())
    from = key_of(wanted.registry.value(), static_cast<std::uint64_t>(wanted.from.days()));
  bool readable = true;
  std::size_t rows = 0;
  std::string last;
  const auto visit = [&](std::string_view key, std::string_view value) {
    if (found.value.entries.size() == page.limit || rows == kMonthsMax) {
      found.value.next = to_token(last);
      return false;
    }
    ++rows;
    last = key;
    RegisterMonth month;
    readable = read(value, month);
    if (!readable) return false;
    if (month.month > wanted.to && wanted.registry.is_set()) return false;
    if (month.month < wanted.from || month.month > wanted.to) return true;
    if (!wanted.carrier.empty() && month.kind.carrier != wanted.carrier) return true;
    if (!wanted.country.empty() && month.kind.country != wanted.country) return true;
    found.value.entries.push_back(std::move(month));
    return true;
  };
  found.status = history_.scan({.kind = kRegisterMonths,
                                .prefix = prefix,
                                .from = from,
                                .limit = std::numeric_limits<std::size_t>::max()},
                               visit);
  if (found.ok() && !readable) found.status = damaged();
  return found;
}

Outcome<std::vector<RegisterTotal>> RegisterView::totals() const {
  Outcome<std::vector<RegisterTotal>> found;
  bool readable = true;
  const auto visit = [&](std::string_view, std::string_view value) {
    readable = read(value, found.value.emplace_back());
    return readable;
  };
  found.status = history_.scan(
      {.kind = kRegisterKinds, .limit = std::numeric_limits<std::size_t>::max()}, visit);
  if (found.ok() && !readable) found.status = damaged();
  return found;
}

bool is_month_token(const std::string& text) {
  return text.size() <= kTokenMax && text.size() % 2 == 0 &&
         text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

std::optional<Date> parse_month(const std::string& text) {
  return text.size() == 7 ? parse_date(text + "-01") : std::nullopt;
}

std::string month_text(Date month) {
  return to_string(month).substr(0, 7);
}

std::int64_t amount_of(Units units, std::int64_t unit_size) {
  constexpr Int128 kMost = std::numeric_limits<std::int64_t>::max();
  return static_cast<std::int64_t>(std::min(kMost, Int128{units.value()} * unit_size));
}

}  // namespace origo::gateway
