#include "tests/scenario/names.h"

#include <charconv>

namespace origo::scenario {

std::string_view prefix_of(Kind kind) {
  switch (kind) {
    case Kind::participant:
      return "par";
    case Kind::user:
      return "usr";
    case Kind::account:
      return "acc";
    case Kind::registry:
      return "reg";
    case Kind::scheme:
      return "sch";
    case Kind::device:
      return "dev";
    case Kind::declaration:
      return "dec";
    case Kind::lot:
      return "lot";
    case Kind::cancellation:
      return "can";
    case Kind::claim:
      return "clm";
    case Kind::transfer:
      return "tra";
    case Kind::proposal:
      return "pro";
    case Kind::device_change:
      return "chg";
    case Kind::market:
      return "mar";
    case Kind::instrument:
      return "ins";
    case Kind::order:
      return "ord";
    case Kind::trade:
      return "trd";
    case Kind::site:
      return "site";
  }
  return "id";
}

void Names::bind(Kind kind, const std::string& name, std::uint64_t id) {
  ids_[{kind, name}] = id;
  names_[{kind, id}] = name;
}

std::uint64_t Names::find(Kind kind, std::string_view name) const {
  const auto found = ids_.find({kind, std::string(name)});
  if (found != ids_.end()) return found->second;
  const std::string prefix = std::string(prefix_of(kind)) + "-";
  if (!name.starts_with(prefix)) return 0;
  std::uint64_t id = 0;
  const char* end = name.data() + name.size();
  const auto [stop, error] = std::from_chars(name.data() + prefix.size(), end, id);
  return error == std::errc() && stop == end ? id : 0;
}

std::string Names::name_of(Kind kind, std::uint64_t id) const {
  if (id == 0) return "-";
  const auto found = names_.find({kind, id});
  if (found != names_.end()) return found->second;
  return std::string(prefix_of(kind)) + "-" + std::to_string(id);
}

}  // namespace origo::scenario
