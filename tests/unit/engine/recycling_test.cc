#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "engine/exchange.h"
#include "engine/registry/captured_co2.h"
#include "engine/registry/lineage.h"
#include "tests/support/draw.h"
#include "tests/support/readable.h"

// Carbon that is captured, made into fuel, burnt and captured again, amid withdrawals and
// corrections: every sum holds after each command, and of each lot's CO2 it is told where it came
// from, to the gram.
namespace origo {
namespace {

constexpr UserId kIssuingBody{1};  // and admin, registry operator
constexpr UserId kMaker{2};        // captures, and makes fuel

class Recycling : public testing::TestWithParam<std::uint64_t> {
 protected:
  void SetUp() override {
    must(Bootstrap{.venue_name = "V", .admin_token = {1}});
    must(SetRelaxations{.four_eyes = true, .holds = true, .exit_hold_ns = 0});
    for (const Role role : {Role::registry_operator, Role::issuing_body, Role::market_operator})
      must(GrantRole{.user = kIssuingBody, .role = role, .scope = {}});
    must(CreateParticipant{.name = "M", .country = "JP", .kinds = {ParticipantKind::producer}});
    must(CreateUser{.participant = ParticipantId(2), .name = "m", .person = "m", .token = {2}});
    for (const Role role : {Role::holder, Role::producer})
      must(GrantRole{
          .user = kMaker, .role = role, .scope = {.kind = ScopeKind::participant, .id = 2}});
    for (const auto& [name, kind] : std::vector<std::pair<const char*, AttributeKind>>{
             {"ghg_intensity", AttributeKind::number},
             {"ghg_saving_ppm", AttributeKind::number},
             {"gas_class", AttributeKind::symbol},
             {"rfnbo", AttributeKind::flag},
             {"electricity_case", AttributeKind::symbol},
             {"green_e", AttributeKind::flag},
             {kCo2Source, AttributeKind::symbol},
             {kCo2Counting, AttributeKind::symbol},
             {kCo2Share, AttributeKind::number},
             {kCo2Programme, AttributeKind::symbol}})
      must(DefineAttribute{.name = name, .kind = kind});
    Scheme capture;
    capture.code = capture.name = capture.operator_name = "K";
    capture.valid_from = *make_date(2000, 1, 1);
    capture.dimension = Dimension::mass_gco2e;
    capture.unit_size = 7;
    capture.carriers = {"co2"};
    capture.holders = capture.receivers = {ParticipantKind::producer};
    capture.purposes = {"conversion"};
    capture.serial_format = "{serial}";
    capture.production_fields = {{.name = "source",
                                  .kind = FieldKind::choice,
                                  .choices = {"air", "biogenic", "recycled"},
                                  .attribute = kCo2Source}};
    must(LoadScheme{.scheme = capture, .source = {}});
    Scheme fuel = capture;
    fuel.code = "F";
    fuel.dimension = Dimension::energy_wh;
    fuel.unit_size = 10;
    fuel.carriers = {"methane", "methanol"};
    fuel.purposes = {"conversion", "burning"};
    for (const auto& [name, counting, share] :
         std::vector<std::tuple<const char*, Co2Counting, std::uint32_t>>{
             {"one", Co2Counting::capturer_reports, 0},
             {"two", Co2Counting::user_reports, kWholePpm},
             {"three", Co2Counting::shared, 333'333},
             {"four", Co2Counting::neither, 0}}) {
      Co2Programme programme{.name = name, .counting = counting, .user_share_ppm = share};
      const bool compensates =
          counting == Co2Counting::capturer_reports || counting == Co2Counting::shared;
      if (compensates) programme.capture_schemes = {"K"};
      fuel.co2_programmes.push_back(programme);
    }
    fuel.production_fields = {{.name = "programme", .kind = FieldKind::co2_programme},
                              {.name = "mass", .kind = FieldKind::co2_mass}};
    must(LoadScheme{.scheme = fuel, .source = {}});
    for (const char* code : {"K", "F"}) {
      must(CreateRegistry{.code = code, .name = code, .scheme = code, .country = "JP"});
      const RegistryId registry(code[0] == 'K' ? 1 : 2);
      must(OpenAccount{.participant = ParticipantId(2), .registry = registry, .name = code});
      must(RegisterDevice{.registry = registry,
                          .producer = ParticipantId(2),
                          .name = code,
                          .country = "JP",
                          .carriers = code[0] == 'K' ? capture.carriers : fuel.carriers,
                          .start = *make_date(2000, 1, 1)});
      must(ApproveDevice{.device = DeviceId(registry.value())});
    }
  }

  Answer apply(const Command& command) {
    const bool is_makers = std::holds_alternative<ConvertCertificates>(command) ||
                           std::holds_alternative<CancelCertificates>(command) ||
                           std::holds_alternative<RegisterDevice>(command) ||
                           std::holds_alternative<DeclareProduction>(command) ||
                           std::holds_alternative<RequestIssuance>(command);
    const bool is_first = std::holds_alternative<Bootstrap>(command);
    const UserId principal = is_first ? UserId() : is_makers ? kMaker : kIssuingBody;
    const CommandHeader header{.sequence = next(exchange_.sequence()),
                               .time = start_of(*make_date(2030, 1, 1)),
                               .origin = {.principal = principal}};
    const Answer answer = exchange_.apply(header, command, events_);
    EXPECT_EQ(exchange_.check_invariants(), std::vector<std::string>()) << readable(command);
    if (answer.code == Reject::accepted) accepted_[command.index()] += 1;
    return answer;
  }
  void must(const Command& command) {
    ASSERT_EQ(apply(command).code, Reject::accepted) << readable(command);
  }
  [[nodiscard]] int accepted(const Command& example) const {
    const auto found = accepted_.find(example.index());
    return found == accepted_.end() ? 0 : found->second;
  }

  // A day of its own, so that periods never overlap.
  DeclarationId declare(std::uint32_t device, const char* carrier, std::vector<Field> fields) {
    day_ = add_days(day_, 1);
    const Answer answer = apply(DeclareProduction{.device = DeviceId(device),
                                                  .carrier = carrier,
                                                  .period = {day_, day_},
                                                  .gross = Measured(draw_.between(1, 200)),
                                                  .deductions = {},
                                                  .fields = std::move(fields)});
    return DeclarationId(static_cast<std::uint32_t>(answer.id));
  }
  template <class T>
  const T& any(const Records<T>& all) {
    return all[draw_.below(all.size())];
  }

  void act() {
    const Registry& registry = exchange_.registry();
    if (draw_.one_in(4) || registry.declarations.empty()) return begin();
    // Most things can be done only until certificates are issued.
    const Declaration& declaration =
        draw_.one_in(2) ? registry.declarations.back() : any(registry.declarations);
    if (registry.lots.empty()) return finish(declaration.id);
    const Lot& lot = any(registry.lots);
    const AccountId account(lot.registry == RegistryId(1) ? 2 : 3);
    const Units units(draw_.between(1, 20));
    switch (draw_.below(8)) {
      case 0:
      case 1:
        apply(ConvertCertificates{.account = account,
                                  .lot = lot.id,
                                  .units = units,
                                  .declaration = declaration.id,
                                  .efficiency_ppm = lot.unit_size == 7 ? 0 : kWholePpm,
                                  .co2 = {},
                                  .note = ""});
        break;
      case 2:
        apply(CancelCertificates{
            .account = account, .lot = lot.id, .units = units, .purpose = "burning"});
        break;
      case 3:
      case 4:
        record_sources(declaration.id);
        break;
      case 5:
        finish(declaration.id);
        break;
      case 6:
        if (draw_.one_in(4))
          apply(WithdrawCertificates{.lot = lot.id,
                                     .first = Serial(draw_.between(0, lot.issued.value())),
                                     .units = Units(1),
                                     .reason = "drawn"});
        break;
      default:
        if (draw_.one_in(3))
          apply(CorrectDeclaration{.declaration = declaration.id,
                                   .gross = Measured(draw_.between(1, 200)),
                                   .deductions = {},
                                   .reason = "drawn"});
    }
  }

  void begin() {
    if (draw_.one_in(2)) {
      const char* const sources[] = {"air", "biogenic", "recycled", "recycled;air"};
      declare(1, "co2", {{.name = "source", .value = sources[draw_.below(4)]}});
      return;
    }
    const char* const programmes[] = {"one", "two", "three", "four"};
    declare(2,
            draw_.one_in(2) ? "methane" : "methanol",
            {{.name = "programme", .value = programmes[draw_.below(4)]},
             {.name = "mass", .value = std::to_string(draw_.between(0, 60))}});
  }

  void record_sources(DeclarationId declaration) {
    RecordCarbonSources command{.declaration = declaration, .sources = {}};
    for (const Lot& lot : exchange_.registry().lots) {
      for (const EndedRange& ended : lot.ended) {
        if (ended.reason != MoveReason::cancellation || !draw_.one_in(4)) continue;
        const Units units(draw_.between(1, ended.range.count.value()));
        const auto held = static_cast<std::int64_t>(co2_in(lot, units));
        command.sources.push_back({.lot = lot.id,
                                   .cancellation = CancellationId(ended.reference),
                                   .units = units,
                                   .mass = Measured(draw_.between(1, std::max(held, INT64_C(1))))});
        if (command.sources.size() == 2) break;
      }
      if (command.sources.size() == 2) break;
    }
    apply(command);
  }

  // Compensates the capturer with whatever there is, and issues.
  void finish(DeclarationId id) {
    const Registry& registry = exchange_.registry();
    const Declaration& declaration = *registry.find(id);
    const bool fuel = registry.find(declaration.device)->registry == RegistryId(2);
    for (std::size_t i = 0; fuel && i < registry.lots.size(); ++i) {
      const Lot& lot = registry.lots[i];
      const Int128 missing = co2_given_up(declaration) - co2_compensated(registry, declaration);
      if (missing <= 0 || lot.registry != RegistryId(1)) continue;
      const Units held = exchange_.holdings().available(AccountId(2), lot.id);
      const Units units = std::min(held, Units(static_cast<std::int64_t>((missing + 6) / 7)));
      if (units.is_positive())
        apply(ConvertCertificates{.account = AccountId(2),
                                  .lot = lot.id,
                                  .units = units,
                                  .declaration = id,
                                  .efficiency_ppm = 0,
                                  .co2 = {},
                                  .note = ""});
    }
    apply(RequestIssuance{.declaration = id, .account = AccountId(fuel ? 3 : 2)});
    apply(ApproveIssuance{.declaration = id});
  }

  void check_origins() {
    const Registry& registry = exchange_.registry();
    for (const Lot& lot : registry.lots) {
      Int128 sum = 0;
      const Lineage all = trace(registry, exchange_.vocabulary(), lot.id, 100'000);
      EXPECT_TRUE(all.complete);
      for (const CarbonOrigin& origin : all.origins) {
        EXPECT_TRUE(origin.mass.is_positive());
        sum += origin.mass.value();
      }
      EXPECT_TRUE(sum == co2_in(lot, lot.issued)) << lot.id.value();
      bool complete = true;
      Int128 bounded = 0;
      for (const CarbonOrigin& origin :
           origins_of(registry, exchange_.vocabulary(), lot.id, 1, complete))
        bounded += origin.mass.value();
      EXPECT_TRUE(bounded == sum);
      longest_ = std::max(longest_, all.upstream.size());
    }
  }

  Exchange exchange_;
  Events events_;
  Draw draw_{GetParam()};
  Date day_ = *make_date(2010, 1, 1);
  std::map<std::size_t, int> accepted_;
  std::size_t longest_ = 0;
};

TEST_P(Recycling, everySumHoldsAndEveryGramHasAnOrigin) {
  for (int i = 0; i < 2'000; ++i) act();
  check_origins();
  EXPECT_GT(accepted(ConvertCertificates{}), 30);
  EXPECT_GT(accepted(RecordCarbonSources{.declaration = {}, .sources = {}}), 3);
  EXPECT_GT(accepted(ApproveIssuance{}), 30);
  EXPECT_GT(accepted(WithdrawCertificates{}), 2);
  EXPECT_GT(accepted(CorrectDeclaration{}), 2);
  EXPECT_GT(longest_, 3U);
  Bytes bytes;
  Encoder out(bytes);
  exchange_.encode(out);
  Exchange read;
  Decoder in(bytes);
  ASSERT_TRUE(read.decode(in));
  EXPECT_EQ(read.check_invariants(), std::vector<std::string>());
}

INSTANTIATE_TEST_SUITE_P(Seeds, Recycling, testing::Values(22, 24, 25));

}  // namespace
}  // namespace origo
