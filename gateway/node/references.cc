#include "gateway/node/references.h"

#include <algorithm>
#include <limits>

#include "gateway/node/history_rows.h"

namespace origo::gateway {

namespace {

using namespace history_rows;
using storage::Outcome;

// What a page reads at most before it ends, so that no query takes long.
constexpr std::size_t kReferencesReadMax = 50'000;

std::uint32_t number_of(Date day) {
  return static_cast<std::uint32_t>(std::max(day.days(), 0));
}

// Day and instrument as one number, in the order of pages.
std::uint64_t place_of(const ReferencePriceDecided& decided) {
  return (std::uint64_t{number_of(decided.day)} << 32U) | decided.instrument.value();
}

// Reads rows from `from` on, in ascending order of their places.
template <class Take>
Outcome<ReferenceList> read_page(const storage::History& history,
                                 const storage::HistoryScan& scan,
                                 const ReferencePage& page,
                                 Take take) {
  Outcome<ReferenceList> found;
  bool readable = true;
  std::size_t rows = 0;
  found.status = history.scan(scan, [&](std::string_view, std::string_view value) {
    ReferenceEntry entry;
    readable = read(value, entry);
    if (!readable || entry.decided.day > page.to) return false;
    if (found.value.entries.size() == page.limit || rows == kReferencesReadMax) {
      found.value.next = place_of(entry.decided);
      return false;
    }
    ++rows;
    if (take(entry.decided.instrument)) found.value.entries.push_back(entry);
    return true;
  });
  if (found.ok() && !readable) found.status = damaged();
  return found;
}

bool names_word(const std::vector<ClauseSpec>& filter,
                std::string_view attribute,
                const std::string& word) {
  return word.empty() || std::ranges::any_of(filter, [&](const ClauseSpec& clause) {
           return clause.attribute == attribute &&
                  std::ranges::find(clause.any_of, word) != clause.any_of.end();
         });
}

}  // namespace

void put_reference(storage::HistoryBatch& batch, const ReferenceEntry& entry) {
  const std::uint32_t day = number_of(entry.decided.day);
  const std::uint32_t instrument = entry.decided.instrument.value();
  put(batch, kReferences, key_of(instrument, std::uint64_t{day}), entry);
  put(batch, kReferenceDays, key_of(day, std::uint64_t{instrument}), entry);
}

bool names(const std::vector<ClauseSpec>& filter, const WantedKind& wanted) {
  const bool vintage =
      wanted.vintage == 0 || std::ranges::any_of(filter, [&](const ClauseSpec& clause) {
        return clause.attribute == "vintage" && clause.min <= wanted.vintage &&
               wanted.vintage <= clause.max;
      });
  return vintage && names_word(filter, "carrier", wanted.carrier) &&
         names_word(filter, "country", wanted.country);
}

Outcome<ReferenceList> ReferenceView::of(InstrumentId instrument, const ReferencePage& page) const {
  const std::string prefix = key_of(instrument.value());
  const std::uint64_t first = std::max<std::uint64_t>(number_of(page.from), page.begin >> 32U);
  return read_page(history_,
                   {.kind = kReferences,
                    .prefix = prefix,
                    .from = key_of(instrument.value(), first),
                    .limit = std::numeric_limits<std::size_t>::max()},
                   page,
                   [](InstrumentId) { return true; });
}

Outcome<std::optional<ReferenceEntry>> ReferenceView::last(InstrumentId instrument) const {
  Outcome<std::optional<ReferenceEntry>> found;
  bool readable = true;
  const std::string prefix = key_of(instrument.value());
  found.status = history_.scan({.kind = kReferences, .prefix = prefix, .reverse = true, .limit = 1},
                               [&](std::string_view, std::string_view value) {
                                 readable = read(value, found.value.emplace());
                                 return false;
                               });
  if (found.ok() && !readable) found.status = damaged();
  return found;
}

Outcome<ReferenceList> ReferenceView::all(const ReferencePage& page,
                                          const std::function<bool(InstrumentId)>& take) const {
  const std::uint64_t first = std::max(std::uint64_t{number_of(page.from)} << 32U, page.begin);
  return read_page(history_,
                   {.kind = kReferenceDays,
                    .from = key_of(static_cast<std::uint32_t>(first >> 32U),
                                   first & std::numeric_limits<std::uint32_t>::max()),
                    .limit = std::numeric_limits<std::size_t>::max()},
                   page,
                   take);
}

}  // namespace origo::gateway
