#include "engine/market/book.h"

namespace origo {

std::size_t BookSide::position(std::int64_t number) const {
  const auto at = std::lower_bound(
      pages_.begin(), pages_.end(), number, [](const Page& page, std::int64_t wanted) {
        return page.number < wanted;
      });
  return static_cast<std::size_t>(at - pages_.begin());
}

BookSide::Page& BookSide::open_page(BookStore& store, std::int64_t number) {
  const auto at = pages_.begin() + static_cast<std::ptrdiff_t>(position(number));
  return *pages_.insert(at, Page{.number = number, .first = store.levels.take(), .used = 0});
}

void BookSide::close(BookStore& store, LevelSlot slot) {
  const Level& level = store.levels[slot];
  ENSURE(level.open.is_zero());
  ENSURE(level.hidden.is_zero());
  const std::int64_t key = key_of(level.price);
  Page* const page = find_page(key >> kPageBits);
  ENSURE(page != nullptr);
  page->used &= ~(std::uint32_t{1} << bit_of(key));
  if (page->used == 0) {
    store.levels.give_back_clean(page->first);
    pages_.erase(pages_.begin() + (page - pages_.data()));
  }
}

LevelSlot BookSide::find(const BookStore&, Price price) const {
  const std::int64_t key = key_of(price);
  const std::size_t at = position(key >> kPageBits);
  if (at == pages_.size() || pages_[at].number != key >> kPageBits) return kNoSlot;
  return (pages_[at].used >> bit_of(key) & 1) != 0 ? pages_[at].first + bit_of(key) : kNoSlot;
}

LevelSlot BookSide::worse_than(const BookStore& store, LevelSlot level) const {
  const std::int64_t key = key_of(store.levels[level].price);
  const std::size_t at = position(key >> kPageBits);
  ENSURE(at < pages_.size());
  const std::uint32_t below = pages_[at].used & ((std::uint32_t{1} << bit_of(key)) - 1);
  if (below != 0) return highest({.number = 0, .first = pages_[at].first, .used = below});
  return highest(pages_[at - 1]);
}

Quantity quantity_within(const BookStore& store,
                         const BookSide& side,
                         Price limit,
                         Quantity enough) {
  Quantity found;
  side.for_each(store, [&](const Level& level) {
    if (side.better(limit, level.price)) return false;
    found += level.open + level.hidden;
    return found < enough;
  });
  return found;
}

}  // namespace origo
