#include "tests/scenario/expectations.h"

#include <algorithm>

#include "engine/ledger/serial_range.h"
#include "proto/codec/json.h"

namespace origo::scenario {
namespace {

// Those of the lot's attributes that an expectation names; null: the lot does not have it.
Json attributes_asked(const LotView& view, const Json& expected) {
  Json out = Json::object();
  for (const auto& [attribute, value] : expected.items()) {
    const auto found = view.attributes.find(attribute);
    out[attribute] = found == view.attributes.end() ? Json() : Json(found->second);
  }
  return out;
}

// What a node says of a message before the core has seen it.
bool is_edge_refusal(Reject code) {
  return code == Reject::malformed || code == Reject::enum_invalid || code == Reject::text_invalid;
}

}  // namespace

Json date_json(Date date) {
  if (date == kNever) return "never";
  return to_string(date);
}

Json Expectations::pick(const Json& all, const Json& expected) {
  if (!expected.is_object()) return all;
  Json out = Json::object();
  for (const auto& [key, value] : expected.items()) {
    if (!all.contains(key)) throw FileMistake("unknown key \"" + key + "\" in an expectation");
    out[key] = all[key];
  }
  return out;
}

std::vector<Json> Expectations::sorted(std::vector<Json> items) {
  std::sort(
      items.begin(), items.end(), [](const Json& a, const Json& b) { return a.dump() < b.dump(); });
  return items;
}

void Expectations::compare(const std::string& key, const Json& expected, const Json& got) {
  if (expected == got) return;
  differences_.push_back(key + ": expected " + expected.dump() + ", got " + got.dump());
}

const InstrumentSpec& Expectations::spec(InstrumentId id) {
  return world_.spec_of(name(Kind::instrument, id.value()));
}

std::vector<std::string> Expectations::check(const Json& json,
                                             const StepOutcome& outcome,
                                             const std::string& where) {
  differences_.clear();
  told_otherwise_ = false;
  StrictObject expect(json, where + ": expect");
  check_result(expect, outcome);
  check_trades(expect, outcome);
  check_cancels(expect, outcome);
  check_triggered(expect, outcome);
  check_auction(expect, outcome);
  check_phases(expect, outcome);
  check_references(expect, outcome);
  check_market(expect, outcome);
  check_balances(expect);
  check_facts(expect, outcome);
  check_withdrawals(expect, outcome);
  check_claims(expect, outcome);
  check_mass_balances(expect, outcome);
  check_devices(expect);
  static_cast<void>(expect.find("note"));
  expect.finish();
  return differences_;
}

void Expectations::check_result(StrictObject& expect, const StepOutcome& outcome) {
  const std::string expected = expect.text_if_any("result").value_or("accepted");
  if (expected != "accepted" && !expected.starts_with("rejected:")) {
    expect.fail("\"result\" must be \"accepted\" or \"rejected:<class>\"");
  }
  const std::string got = outcome.accepted() ? "accepted" : "rejected:" + outcome.reject_class();
  const RejectInfo& info = info_of(outcome.answer.code);
  if (expected != got && same_by_convention(expect, expected, outcome)) {
    told_otherwise_ = true;
  } else if (expected != "accepted" && !world_.driver().is_core() &&
             is_edge_refusal(outcome.answer.code)) {
    // Refused at the edge already, in the edge's words.
    for (const char* key : {"reject", "field", "detail"}) static_cast<void>(expect.find(key));
    return;
  } else if (expected != got) {
    std::string reason;
    if (!outcome.accepted()) {
      reason = " (" + std::string(info.name) + ": " + std::string(info.field) + " " +
               std::string(info.rule) +
               (outcome.answer.detail.empty() ? "" : "; " + outcome.answer.detail) + ")";
    }
    differences_.push_back("result: expected " + expected + ", got " + got + reason);
  }
  if (const auto reject = expect.text_if_any("reject"))
    compare("reject", *reject, std::string(info.name));
  if (const auto field = expect.text_if_any("field"))
    compare("field", *field, std::string(info.field));
  if (const auto detail = expect.text_if_any("detail"))
    compare("detail", *detail, outcome.answer.detail);
}

// An order that does nothing may be told as refused, or as accepted and cancelled: a killed FOK, an
// IOC that finds nothing, one that the prevention of self-trades stops, a post-only one that would
// trade.
bool Expectations::same_by_convention(StrictObject& expect,
                                      const std::string& expected,
                                      const StepOutcome& outcome) {
  if (outcome.order.empty()) return false;
  if (expected == "accepted") {
    const Json* cancels = expect.find("cancels");
    return outcome.answer.code == Reject::post_only_would_trade && cancels != nullptr &&
           std::any_of(cancels->begin(), cancels->end(), [&](const Json& cancel) {
             return cancel.is_array() && !cancel.empty() && cancel[0] == outcome.order;
           });
  }
  if (!outcome.accepted() || !outcome.answer.filled.is_zero()) return false;
  return std::any_of(outcome.events.begin(), outcome.events.end(), [&](const Event& event) {
    const auto* ended = std::get_if<OrderEnded>(&event);
    return ended != nullptr && ended->order == OrderId(outcome.answer.id) &&
           (ended->reason == OrderEnd::fok || ended->reason == OrderEnd::ioc ||
            ended->reason == OrderEnd::stp);
  });
}

void Expectations::check_balances(StrictObject& expect) {
  if (const Json* cash = expect.find("cash")) {
    for (const auto& [account, currencies] : cash->items()) {
      const AccountId id(static_cast<std::uint32_t>(world_.resolve(Kind::account, account)));
      for (const auto& [currency, expected] : currencies.items()) {
        const CashView view = world_.driver().cash(id, currency_of(currency));
        Json got = expected.is_array()
                       ? Json::array({view.available.value(), view.reserved.value()})
                       : Json(view.available.value());
        if (expected.is_array() && expected.size() > 2) got.push_back(view.pending.value());
        compare("cash " + account + " " + currency, expected, got);
      }
    }
  }
  if (const Json* holdings = expect.find("holdings")) {
    for (const auto& [account, expected] : holdings->items()) {
      const AccountId id(static_cast<std::uint32_t>(world_.resolve(Kind::account, account)));
      Json got = Json::array();
      for (const HoldingView& view : world_.driver().holdings(id)) {
        got.push_back(
            name(Kind::lot, view.lot.value()) + ": " + view.serials +
            (view.reserved.is_zero() ? "" : " reserved " + std::to_string(view.reserved.value())) +
            (view.pending.is_zero() ? "" : " pending " + std::to_string(view.pending.value())) +
            (view.frozen.empty() ? "" : " frozen " + view.frozen));
      }
      compare("holdings " + account, expected, got);
    }
  }
  if (const Json* pending = expect.find("pending")) check_pending(*pending);
  if (const Json* lots = expect.find("lots")) check_lots(*lots);
  if (const Json* lineage = expect.find("lineage")) check_lineage(*lineage);
  if (const Json* carried = expect.find("carried")) {
    for (const auto& [device, carriers] : carried->items()) {
      const DeviceId id(static_cast<std::uint32_t>(world_.resolve(Kind::device, device)));
      for (const auto& [carrier, expected] : carriers.items()) {
        compare("carried " + device + " " + carrier,
                expected,
                world_.driver().carried(id, carrier).value());
      }
    }
  }
}

// [side, cash, own fee, due, ["L: 5"]] of each trade of the account that has yet to settle.
void Expectations::check_pending(const Json& pending) {
  for (const auto& [account, expected] : pending.items()) {
    const AccountId id(static_cast<std::uint32_t>(world_.resolve(Kind::account, account)));
    Json got = Json::array();
    for (const SettlementView& view : world_.driver().settlements(id)) {
      Json units = Json::array();
      for (const auto& [lot, count] : view.deliveries)
        units.push_back(name(Kind::lot, lot.value()) + ": " + std::to_string(count.value()));
      const Json side = view.side == Side::buy ? "B" : "S";
      got.push_back(
          Json::array({side, view.cash.value(), view.fee.value(), print_instant(view.due), units}));
    }
    compare("pending " + account, expected, got);
  }
}

// [kind, lot, units, g of CO2] of each step either way, and the first origins of the CO2.
void Expectations::check_lineage(const Json& lots) {
  for (const auto& [lot, expected] : lots.items()) {
    const LotId id(static_cast<std::uint32_t>(world_.resolve(Kind::lot, lot)));
    const LineageView view = world_.driver().lineage(id);
    const auto steps_json = [&](const std::vector<LineageStepView>& steps) {
      Json all = Json::array();
      for (const LineageStepView& step : steps)
        all.push_back(Json::array({step.kind,
                                   name(Kind::lot, step.input.value()),
                                   step.units.value(),
                                   step.captured_co2.value()}));
      return all;
    };
    Json all;
    all["upstream"] = steps_json(view.upstream);
    all["downstream"] = steps_json(view.downstream);
    all["origins"] = Json::array();
    for (const auto& [sources, mass] : view.origins)
      all["origins"].push_back(Json::array({sources, mass.value()}));
    all["complete"] = view.complete;
    compare("lineage " + lot, expected, pick(all, expected));
  }
}

void Expectations::check_lots(const Json& lots) {
  for (const auto& [lot, expected] : lots.items()) {
    const LotId id(static_cast<std::uint32_t>(world_.resolve(Kind::lot, lot)));
    const LotView view = world_.driver().lot(id);
    Json all;
    all["registry"] = name(Kind::registry, view.registry.value());
    all["device"] = name(Kind::device, view.device.value());
    all["issued_on"] = date_json(view.issued_on);
    all["transferable_until"] = date_json(view.transferable_until);
    all["cancellable_until"] = date_json(view.cancellable_until);
    all["issued"] = view.issued.value();
    all["held"] = view.held.value();
    all["cancelled"] = view.cancelled.value();
    all["expired"] = view.expired.value();
    all["withdrawn"] = view.withdrawn.value();
    all["voided"] = view.voided.value();
    all["claimed"] = view.claimed.value();
    all["frozen"] = view.frozen.value();
    all["flagged"] = view.flagged.is_set();
    all["captured_co2"] = view.captured_co2.value();
    all["first_serial"] = view.first_serial;
    if (expected.contains("attributes"))
      all["attributes"] = attributes_asked(view, expected["attributes"]);
    compare("lots " + lot, expected, pick(all, expected));
  }
}

void Expectations::check_facts(StrictObject& expect, const StepOutcome& outcome) {
  if (const Json* expected = expect.find("issued")) {
    Json all;
    if (const auto* issued = last_of<CertificatesIssued>(outcome.events)) {
      all["lot"] = name(Kind::lot, issued->lot.value());
      all["account"] = name(Kind::account, issued->account.value());
      all["units"] = issued->units.value();
      all["counted"] = issued->counted.value();
      all["carried_in"] = issued->carried_in.value();
      all["carried_out"] = issued->carried_out.value();
      all["transferable_until"] = date_json(issued->transferable_until);
      all["cancellable_until"] = date_json(issued->cancellable_until);
    }
    compare("issued", *expected, all.is_null() ? all : pick(all, *expected));
  }
  if (const Json* expected = expect.find("statement")) {
    Json all;
    if (const auto* cancelled = last_of<CertificatesCancelled>(outcome.events)) {
      const CancelCertificates& details = cancelled->details;
      all["account"] = name(Kind::account, details.account.value());
      all["lot"] = name(Kind::lot, details.lot.value());
      all["units"] = details.units.value();
      all["serials"] = print(cancelled->ranges);
      all["beneficiary"] = details.beneficiary;
      all["country"] = details.country;
      all["purpose"] = details.purpose;
      all["period"] =
          Json::array({date_json(details.period.first), date_json(details.period.last)});
      all["note"] = details.note;
      all["consumption_evidence"] = details.consumption_evidence;
      all["date"] = date_json(cancelled->date);
      all["number"] = cancelled->cancellation.value();
    }
    compare("statement", *expected, all.is_null() ? all : pick(all, *expected));
  }
  if (const Json* expected = expect.find("settled")) {
    Json got = Json::array();
    for (const Event& event : outcome.events) {
      if (const auto* one = std::get_if<TradeSettled>(&event)) {
        got.push_back(
            Json::array({one->cash.value(), one->buyer_fee.value(), one->seller_fee.value()}));
      }
    }
    compare("settled", *expected, got);
  }
  if (const Json* expected = expect.find("scheduled")) {
    Json got = Json::array();
    for (const Event& event : outcome.events) {
      if (const auto* one = std::get_if<SettlementScheduled>(&event)) {
        const PendingSettlement& pending = one->settlement;
        got.push_back(Json::array({pending.cash.value(),
                                   pending.buyer_fee.value(),
                                   pending.seller_fee.value(),
                                   print_instant(pending.due)}));
      }
    }
    compare("scheduled", *expected, got);
  }
  if (const Json* expected = expect.find("expired")) {
    std::vector<Json> got;
    for (const Event& event : outcome.events) {
      if (const auto* one = std::get_if<CertificatesExpired>(&event)) {
        got.push_back(Json::array({name(Kind::lot, one->lot.value()),
                                   name(Kind::account, one->account.value()),
                                   one->units.value()}));
      }
    }
    // Which holder is written off first says nothing.
    const std::vector<Json> wanted(expected->begin(), expected->end());
    compare("expired", Json(sorted(wanted)), Json(sorted(got)));
  }
  if (const Json* expected = expect.find("moved")) {
    Json got = Json::array();
    for (const Event& event : outcome.events) {
      if (const auto* one = std::get_if<CertificatesMoved>(&event)) {
        got.push_back(Json::array({name(Kind::lot, one->lot.value()),
                                   name(Kind::account, one->from.value()),
                                   name(Kind::account, one->to.value()),
                                   print(one->range),
                                   proto::to_json(one->reason)}));
      }
    }
    compare("moved", *expected, got);
  }
  if (const Json* expected = expect.find("events")) {
    Json got = Json::array();
    for (const Event& event : outcome.events) {
      std::visit(
          [&](const auto& one) {
            got.push_back(proto::type_name<std::remove_cvref_t<decltype(one)>>());
          },
          event);
    }
    compare("events", *expected, got);
  }
  if (const Json* expected = expect.find("answer")) {
    Json all;
    all["id"] = outcome.answer.id;
    all["filled"] = outcome.answer.filled.value();
    all["open"] = outcome.answer.open.value();
    compare("answer", *expected, pick(all, *expected));
  }
}

}  // namespace origo::scenario
