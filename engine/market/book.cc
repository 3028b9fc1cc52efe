#include "engine/market/book.h"

namespace origo {

LevelSlot BookSide::find(const BookStore& store, Price price) const {
  const std::int64_t key = key_of(price);
  const std::size_t at = position(key >> 6);
  if (at == pages_.size() || pages_[at].number != key >> 6) return kNoSlot;
  const LevelPage& page = store.pages[pages_[at].page];
  return (page.used >> bit_of(key) & 1) != 0 ? page.levels[bit_of(key)] : kNoSlot;
}

LevelSlot BookSide::worse_than(const BookStore& store, LevelSlot level) const {
  const std::int64_t key = key_of(store.levels[level].price);
  const std::size_t at = position(key >> 6);
  ENSURE(at < pages_.size());
  const LevelPage& page = store.pages[pages_[at].page];
  const std::uint64_t below = page.used & ((std::uint64_t{1} << bit_of(key)) - 1);
  if (below != 0) return page.levels[63u - static_cast<unsigned>(std::countl_zero(below))];
  return at == 0 ? kNoSlot : highest(store.pages[pages_[at - 1].page]);
}

Quantity quantity_within(const BookStore& store, const BookSide& side, Price limit, Quantity enough) {
  Quantity found;
  side.for_each(store, [&](const Level& level) {
    if (side.better(limit, level.price)) return false;
    found += level.open + level.hidden;
    return found < enough;
  });
  return found;
}

}  // namespace origo
