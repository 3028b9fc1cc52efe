#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <deque>
#include <set>
#include <string>
#include <vector>

#include "tests/model/minimal.h"
#include "tests/model/pair.h"
#include "tests/support/draw.h"
#include "tests/support/readable.h"

// Up to 40 instruments with random filters in one market: who is narrower than whom is judged by
// brute force over all certificates there could be, and what trades with what by the twin.
// ORIGO_FULL=1 runs more; ORIGO_SEED=n runs one.
namespace origo {
namespace {

constexpr std::int64_t kMegawattHour = 1'000'000;
constexpr std::uint32_t kTraders = 4;
constexpr std::uint32_t kLotsEach = 8;
constexpr std::int64_t kFirstVintage = 2023;
constexpr std::int64_t kLastVintage = 2025;
const std::vector<std::string> kCarriers = {"biomethane", "hydrogen", "heat"};
const std::vector<std::string> kCountries = {"FR", "DE", "NL"};
const std::vector<std::string> kSupports = {"none", "tariff", "premium"};

// What filters can tell of a certificate. One value that no filter names stands for all others.
struct Certificate {
  std::string carrier;
  std::string country;
  std::string support;
  std::int64_t vintage;
};

std::vector<Certificate> all_certificates() {
  std::vector<Certificate> all;
  const auto and_other = [](std::vector<std::string> words) {
    words.emplace_back("other");
    return words;
  };
  for (const std::string& carrier : and_other(kCarriers)) {
    for (const std::string& country : and_other(kCountries)) {
      for (const std::string& support : and_other(kSupports)) {
        for (std::int64_t vintage = kFirstVintage - 1; vintage <= kLastVintage + 1; ++vintage)
          all.push_back({carrier, country, support, vintage});
      }
    }
  }
  return all;
}

bool fits(const Certificate& certificate, const std::vector<ClauseSpec>& filter) {
  return std::all_of(filter.begin(), filter.end(), [&](const ClauseSpec& clause) {
    if (clause.attribute == "vintage")
      return clause.min <= certificate.vintage && certificate.vintage <= clause.max;
    const std::string& word = clause.attribute == "carrier"   ? certificate.carrier
                              : clause.attribute == "country" ? certificate.country
                                                              : certificate.support;
    return std::count(clause.any_of.begin(), clause.any_of.end(), word) > 0;
  });
}

std::vector<bool> what_fits(const std::vector<ClauseSpec>& filter) {
  static const std::vector<Certificate> all = all_certificates();
  std::vector<bool> fitting;
  for (const Certificate& certificate : all) fitting.push_back(fits(certificate, filter));
  return fitting;
}

// An exchange with a lattice of instruments, then orders, cancels and now and then a call.
class LatticeStream {
 public:
  explicit LatticeStream(std::uint64_t seed) : draw_(seed) {
    plan_node();
    for (std::uint32_t number = 0; number < kTraders; ++number) plan_trader(number);
    plan(kAdmin, CreateMarket{.code = "M", .name = "Market"});
    const std::uint64_t wanted = draw_.one_in(3) ? 40 : 2 + draw_.below(38);
    for (std::uint64_t tries = 0; instruments_ < wanted && tries < 400; ++tries) plan_instrument();
  }
  [[nodiscard]] bool sets_up() const { return !planned_.empty(); }

  Step next(const Exchange& exchange) {
    if (!sets_up()) return stamped(draw_command(exchange));
    const auto [principal, command] = planned_.front();
    planned_.pop_front();
    principal_ = principal;
    return stamped(command);
  }

 private:
  static constexpr UserId kAdmin{1};

  void plan(UserId principal, const Command& command) { planned_.emplace_back(principal, command); }

  void plan_node() {
    plan(UserId(), Bootstrap{.venue_name = "Venue", .admin_token = {1, 1}});
    plan(kAdmin, SetRelaxations{.four_eyes = true, .holds = false, .exit_hold_ns = kDayNs});
    for (const Role role : {Role::registry_operator, Role::issuing_body, Role::market_operator})
      plan(kAdmin, GrantRole{.user = kAdmin, .role = role, .scope = {}});
    plan(kAdmin, DefineAttribute{.name = "support", .kind = AttributeKind::symbol});
    Scheme scheme;
    scheme.code = scheme.name = "PLAIN";
    scheme.operator_name = "Registry";
    scheme.valid_from = Date(18'000);
    scheme.unit_size = kMegawattHour;
    scheme.carriers = kCarriers;
    scheme.holders = scheme.receivers = {ParticipantKind::trader};
    scheme.purposes = {"disclosure"};
    scheme.serial_format = "{registry}-{lot}-{serial}";
    FieldRule& support = scheme.production_fields.emplace_back();
    support.name = support.attribute = "support";
    plan(kAdmin, LoadScheme{.scheme = scheme, .source = {}});
    plan(kAdmin, CreateRegistry{.code = "R", .name = "R", .scheme = "PLAIN", .country = "FR"});
  }

  // A trader holds lots of many kinds.
  void plan_trader(std::uint32_t number) {
    const std::uint32_t id = number + 2;
    const std::string name = "trader " + std::to_string(number);
    plan(kAdmin,
         CreateParticipant{.name = name, .country = "FR", .kinds = {ParticipantKind::trader}});
    plan(kAdmin,
         CreateUser{.participant = ParticipantId(id),
                    .name = name,
                    .person = name,
                    .token = {static_cast<std::uint8_t>(id), 1}});
    const Scope own{.kind = ScopeKind::participant, .id = id};
    for (const Role role : {Role::trader, Role::producer, Role::participant_admin})
      plan(kAdmin, GrantRole{.user = UserId(id), .role = role, .scope = own});
    plan(kAdmin,
         OpenAccount{
             .participant = ParticipantId(id), .registry = RegistryId(1), .name = "account"});
    for (const char* currency : {"EUR", "GBP"})
      plan(kAdmin,
           DepositCash{.account = AccountId(id),
                       .currency = currency_of(currency),
                       .amount = Cash(100'000'000),
                       .reference = "opening"});
    for (std::uint32_t lot = 0; lot < kLotsEach; ++lot) plan_lot(id);
  }

  void plan_lot(std::uint32_t trader) {
    ++lots_;
    plan(UserId(trader),
         RegisterDevice{.registry = RegistryId(1),
                        .producer = ParticipantId(trader),
                        .name = "plant",
                        .country = kCountries[draw_.below(kCountries.size())],
                        .carriers = kCarriers,
                        .start = Date(18'000),
                        .fields = {}});
    plan(kAdmin, ApproveDevice{.device = DeviceId(lots_)});
    const auto year = static_cast<int>(draw_.between(kFirstVintage, kLastVintage));
    const std::string carrier = kCarriers[draw_.below(kCarriers.size())];
    const Measured gross(draw_.between(20, 400) * kMegawattHour);
    const std::string support = kSupports[draw_.below(kSupports.size())];
    plan(UserId(trader),
         DeclareProduction{
             .device = DeviceId(lots_),
             .carrier = carrier,
             .period = {.first = *make_date(year, 1, 1), .last = *make_date(year, 1, 31)},
             .gross = gross,
             .deductions = {},
             .fields = {{.name = "support", .value = support}}});
    plan(UserId(trader),
         RequestIssuance{.declaration = DeclarationId(lots_), .account = AccountId(trader)});
    plan(kAdmin, ApproveIssuance{.declaration = DeclarationId(lots_)});
  }

  std::vector<std::string> some_of(const std::vector<std::string>& words) {
    std::vector<std::string> some;
    while (some.empty()) {
      for (const std::string& word : words) {
        if (draw_.one_in(2)) some.push_back(word);
      }
    }
    return some;
  }

  std::vector<ClauseSpec> draw_filter() {
    std::vector<ClauseSpec> filter;
    const std::int64_t from = draw_.between(kFirstVintage, kLastVintage);
    const std::int64_t to = draw_.between(from, kLastVintage);
    if (draw_.one_in(2)) filter.push_back({.attribute = "carrier", .any_of = some_of(kCarriers)});
    if (draw_.one_in(2)) filter.push_back({.attribute = "country", .any_of = some_of(kCountries)});
    if (draw_.one_in(3)) filter.push_back({.attribute = "support", .any_of = some_of(kSupports)});
    if (filter.empty() || draw_.one_in(3))
      filter.push_back({.attribute = "vintage", .any_of = {}, .min = from, .max = to});
    return filter;
  }

  // None that exists already: equal filters with equal terms are refused.
  void plan_instrument() {
    const std::string currency = draw_.one_in(8) ? "GBP" : "EUR";
    const std::vector<ClauseSpec> filter = draw_filter();
    if (!known_.insert({currency, what_fits(filter)}).second) return;
    ++instruments_;
    const std::string code = "I" + std::to_string(instruments_);
    plan(kAdmin,
         CreateInstrument{
             .market = MarketId(1),
             .code = code,
             .name = code,
             .filter = filter,
             .terms = {.currency = currency_of(currency),
                       .tick_value = Cash(1),
                       .dimension = Dimension::energy_wh,
                       .contract_size = kMegawattHour,
                       .quantity_max = Quantity(50),
                       .price_max = Price(110),
                       .price_min = Price(draw_.one_in(3) ? draw_.between(95, 100) : 90)},
             .rules = {}});
  }

  Step stamped(const Command& command) {
    return {.header = {.sequence = Sequence(++sequence_),
                       .time = Instant(20'600 * kDayNs),
                       .origin = {.principal = principal_}},
            .command = command};
  }

  Command draw_command(const Exchange& exchange) {
    const auto trader = static_cast<std::uint32_t>(2 + draw_.below(kTraders));
    const Phase phase = exchange.market().venues.front().phase;
    if (draw_.one_in(phase == Phase::call ? 30 : 150)) {
      principal_ = kAdmin;
      const Phase to = phase == Phase::call ? Phase::continuous : Phase::call;
      return SetPhase{.market = MarketId(1), .phase = to, .reason = "test"};
    }
    principal_ = UserId(trader);
    if (draw_.one_in(6)) {
      const OrderId order(1 + draw_.below(exchange.market().last_order.value() + 1));
      CancelOrder cancel;
      cancel.target.account = AccountId(trader);
      cancel.target.order = order;
      return cancel;
    }
    return draw_order(AccountId(trader), phase);
  }

  PlaceOrder draw_order(AccountId account, Phase phase) {
    PlaceOrder order;
    order.account = account;
    order.instrument = InstrumentId(static_cast<std::uint32_t>(1 + draw_.below(instruments_)));
    order.side = draw_.one_in(2) ? Side::buy : Side::sell;
    order.type = draw_.one_in(12) ? OrderType::market : OrderType::limit;
    if (phase == Phase::continuous && draw_.one_in(5))
      order.time_in_force = draw_.one_in(2) ? TimeInForce::ioc : TimeInForce::fok;
    const bool is_limit = order.type == OrderType::limit;
    const std::int64_t apart = order.side == Side::buy ? -1 : 1;
    if (is_limit) order.price = Price(100 + apart * draw_.between(-2, 5));
    order.quantity = Quantity(draw_.between(1, 12));
    if (is_limit && order.time_in_force == TimeInForce::gtc && draw_.one_in(8))
      order.peak = Quantity(draw_.between(1, order.quantity.value()));
    if (draw_.one_in(4)) order.self_trade = static_cast<SelfTrade>(draw_.between(0, 4));
    return order;
  }

  Draw draw_;
  std::deque<std::pair<UserId, Command>> planned_;
  UserId principal_;
  std::uint64_t sequence_ = 0;
  std::uint32_t lots_ = 0;
  std::uint32_t instruments_ = 0;
  std::set<std::pair<std::string, std::vector<bool>>> known_;
};

// How many pairs are related; fails where core and brute force disagree.
std::size_t compare_relations(const Exchange& core) {
  std::size_t related = 0;
  const std::vector<Instrument>& all = core.market().instruments;
  const auto is_among = [](const std::vector<InstrumentId>& some, InstrumentId id) {
    return std::count(some.begin(), some.end(), id) > 0;
  };
  for (const Instrument& wide : all) {
    const std::vector<bool> fits_wide = what_fits(wide.spec);
    for (const Instrument& narrow : all) {
      const std::vector<bool> fits_narrow = what_fits(narrow.spec);
      bool within = narrow.id != wide.id && narrow.terms.currency == wide.terms.currency;
      for (std::size_t i = 0; i < fits_wide.size(); ++i)
        within = within && (fits_wide[i] || !fits_narrow[i]);
      const std::string which = readable(narrow.spec) + " within " + readable(wide.spec);
      EXPECT_EQ(is_among(wide.narrower, narrow.id), within) << which;
      EXPECT_EQ(is_among(narrow.wider, wide.id), within) << which;
      related += within ? 1 : 0;
    }
  }
  return related;
}

struct Tested {
  Seen seen;
  std::size_t related = 0;
  std::size_t instruments_max = 0;
};

void run_seed(std::uint64_t seed, std::size_t commands, Tested& tested) {
  LatticeStream stream(seed);
  Pair pair;
  while (stream.sets_up())
    ASSERT_EQ(pair.apply(stream.next(pair.core())), "") << "ORIGO_SEED=" << seed;
  tested.related += compare_relations(pair.core());
  tested.instruments_max =
      std::max(tested.instruments_max, pair.core().market().instruments.size());
  const Pair set_up = pair;
  std::vector<Step> steps;
  while (steps.size() < commands) {
    steps.push_back(stream.next(pair.core()));
    std::string what = pair.apply(steps.back(), &tested.seen);
    if (what.empty() && steps.size() % 50 == 0) what = pair.compare_states();
    if (what.empty()) continue;
    const Minimal minimal = shrink(set_up, steps);
    FAIL() << "ORIGO_SEED=" << seed << "\n"
           << minimal.what << "\nAs a scenario file:\n"
           << as_scenario(set_up, minimal, "LATTICE-" + std::to_string(seed));
  }
}

TEST(Lattice, AgreesWithBruteForceOnRandomInstruments) {
  Tested tested;
  if (const char* one = std::getenv("ORIGO_SEED"))
    return run_seed(std::strtoull(one, nullptr, 10), 2'000, tested);
  const std::uint64_t seeds = std::getenv("ORIGO_FULL") != nullptr ? 1'000 : 20;
  for (std::uint64_t seed = 1; seed <= seeds && !::testing::Test::HasFailure(); ++seed)
    run_seed(seed, 500, tested);
  if (::testing::Test::HasFailure()) return;
  EXPECT_EQ(tested.instruments_max, 40u);
  EXPECT_GE(tested.related, 500u);
  for (const char* kind :
       {"Trade", "Trade across", "OrderRefreshed", "Uncrossed", "OrderEnded fok"})
    EXPECT_EQ(tested.seen.events.count(kind), 1u) << kind << " never happened";
}

}  // namespace
}  // namespace origo
