#include "storage/audit/export_format.h"

#include <array>
#include <boost/mp11.hpp>

namespace origo::storage::audit {
namespace {

template <class... Left>
constexpr auto all_but(boost::mp11::mp_list<Left...>) {
  std::array<bool, std::variant_size_v<Event> + 1> audited{};
  audited.fill(true);
  audited[0] = false;  // no event has this number
  ((audited[boost::mp11::mp_find<Event, Left>::value + 1] = false), ...);
  return audited;
}

constexpr auto kAudited = all_but(boost::mp11::mp_list<CommandRefused,
                                                       CalendarSet,
                                                       PhaseChanged,
                                                       PhaseChangeRefused,
                                                       OrderAccepted,
                                                       OrderRested,
                                                       OrderWaiting,
                                                       StopTriggered,
                                                       OrderRefreshed,
                                                       OrderAmended,
                                                       OrderEnded,
                                                       LevelChanged,
                                                       Trade,
                                                       TradeSettled,
                                                       SettlementScheduled,
                                                       Uncrossed,
                                                       ReferencePriceSet,
                                                       ReferencePriceDecided>());

}  // namespace

bool is_audited(std::uint16_t number) {
  return number < kAudited.size() && kAudited[number];
}

}  // namespace origo::storage::audit
