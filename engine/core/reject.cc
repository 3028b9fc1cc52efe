#include "engine/core/reject.h"

#include <algorithm>
#include <array>

namespace origo {
namespace {

constexpr RejectInfo kAccepted{Reject::accepted, "accepted", "accepted", "", ""};

// Ascending by number, which the table's order gives.
constexpr std::array kInfos = {
#define ORIGO_REJECT_INFO(number, name, klass, field, rule) \
  RejectInfo{Reject::name, #name, klass, field, rule},
    ORIGO_REJECTS(ORIGO_REJECT_INFO)
#undef ORIGO_REJECT_INFO
};

static_assert(std::is_sorted(kInfos.begin(), kInfos.end(), [](const auto& a, const auto& b) {
  return a.code < b.code;
}));

}  // namespace

const RejectInfo& info_of(Reject code) {
  if (code == Reject::accepted) return kAccepted;
  const auto* found =
      std::lower_bound(kInfos.begin(), kInfos.end(), code, [](const RejectInfo& info, Reject c) {
        return info.code < c;
      });
  if (found == kInfos.end() || found->code != code) return kInfos.front();
  return *found;
}

}  // namespace origo
