#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/core/amount.h"
#include "engine/core/date.h"

// A scheme's rules as data. Written in schemes/*.toml, where every rule cites its source; journaled
// normalised by LoadScheme. The core knows no scheme by name.
namespace origo {

// What a number of units measures.
enum class Dimension : std::uint8_t { energy_wh = 1, mass_gco2e = 2 };
// What of the measured amount is issued. net: less the scheme's deductions. mass_balance: all of
// it, as it was booked into a balance.
enum class Measure : std::uint8_t { gross = 1, net = 2, mass_balance = 3 };
enum class Confidence : std::uint8_t { high = 1, medium = 2, low = 3 };
// member: the name of one of the scheme's members of the day. co2_programme: of one of its CO2
// programmes, of the production's last day. co2_mass: g of captured CO2 that the fuel was made
// from.
enum class FieldKind : std::uint8_t {
  text = 1,
  number = 2,
  date = 3,
  flag = 4,
  choice = 5,
  member = 6,
  co2_programme = 7,
  co2_mass = 8
};
enum class ParticipantKind : std::uint8_t {
  producer = 1,
  trader = 2,
  supplier = 3,
  consumer = 4,
  consultant = 5,
  registry = 6,
  venue = 7,
  certified_operator = 8,
  state = 9,
  municipality = 10
};
// declared: the day that the production declares in the attribute kDeclaredDay.
enum class ClockBasis : std::uint8_t {
  none = 1,
  production_start = 2,
  production_end = 3,
  issuance = 4,
  declared = 5
};
// Where in the calendar a clock runs on to: its own day, or the last of that month, quarter or
// year.
enum class ClockEnd : std::uint8_t { day = 0, month = 1, quarter = 2, year = 3 };
BOOST_DESCRIBE_ENUM(Dimension, energy_wh, mass_gco2e)
BOOST_DESCRIBE_ENUM(Measure, gross, net, mass_balance)
BOOST_DESCRIBE_ENUM(Confidence, high, medium, low)
BOOST_DESCRIBE_ENUM(FieldKind, text, number, date, flag, choice, member, co2_programme, co2_mass)
BOOST_DESCRIBE_ENUM(ParticipantKind,
                    producer,
                    trader,
                    supplier,
                    consumer,
                    consultant,
                    registry,
                    venue,
                    certified_operator,
                    state,
                    municipality)
BOOST_DESCRIBE_ENUM(ClockBasis, none, production_start, production_end, issuance, declared)
BOOST_DESCRIBE_ENUM(ClockEnd, day, month, quarter, year)

// Who reports the CO2 of a fuel that was made from captured CO2, when it is burnt: options 1 to 4
// of [S3], the Methanation council's interim report on CO2 counting (2022-03).
enum class Co2Counting : std::uint8_t {
  capturer_reports = 1,  // as if nothing had been captured; the user counts zero
  user_reports = 2,      // the capturer counts zero
  shared = 3,            // each a share
  neither = 4
};
BOOST_DESCRIBE_ENUM(Co2Counting, capturer_reports, user_reports, shared, neither)
inline constexpr std::uint32_t kWholePpm = 1'000'000;

// The attribute in which production declares its certificates' last day, e.g. that of another
// registry.
inline constexpr const char* kDeclaredDay = "declared_expiry";

// The attribute in which production says the number of its proof of sustainability.
inline constexpr const char* kProofNumber = "proof_of_sustainability";
// The purpose for which certificates are used up when they go into a mass balance.
inline constexpr const char* kBalancePurpose = "mass_balance";

// A period by calendar arithmetic. The last day is basis + months, then + days, then on to the end;
// basis none: never.
struct Clock {
  ClockBasis basis = ClockBasis::none;
  std::uint16_t months = 0;
  std::uint16_t days = 0;
  ClockEnd end = ClockEnd::day;
};

// One conjunct of a filter: symbols (any of) or an inclusive range. Flags are ranges over 0 and 1,
// dates over days since 1970-01-01.
struct ClauseSpec {
  std::string attribute;
  std::vector<std::string> any_of;
  std::int64_t min = 0;
  std::int64_t max = 0;
};

// A field that devices or production declarations carry.
struct FieldRule {
  std::string name;
  FieldKind kind = FieldKind::text;
  bool required = false;
  std::vector<std::string> choices;  // for FieldKind::choice
  std::string attribute;             // the lot attribute that the value becomes; empty: none
  std::string source;
  std::vector<std::int64_t>
      bounds;  // least and greatest value of a number, bytes of a text; empty: none
  std::uint16_t months_old_max =
      0;  // of a date: before the production's last day or a device's registration; 0: any
};

// Who certificates of some production are issued to.
struct RecipientRule {
  std::vector<ClauseSpec> when;  // of what device and production say; empty: always
  std::vector<ParticipantKind> kinds;
};

// What a cancellation may be used for, judged on the day of the claim.
struct ClaimRule {
  std::string name;                   // unique in the scheme
  std::string use;                    // a code: "disclosure", "ghg_scope_2", ...
  std::vector<std::string> purposes;  // of the cancellation, any of
  Date first;
  Date last = kNever;
  std::vector<ClauseSpec> when;          // of the lot's attributes; empty: always
  bool forbids_double_counting = false;  // no other party may report the same quantity
  std::string text;
  std::string source;
  Confidence confidence = Confidence::low;
};

// What lots may not be used for, whatever a claim rule allows; judged on the day of the claim.
struct ClaimBar {
  std::string name;  // unique among the scheme's bars
  std::vector<std::string> uses;
  bool double_counting = false;  // also every use whose rule forbids double counting
  Date first;
  Date last = kNever;
  std::vector<ClauseSpec> when;    // of the lot's attributes; empty: every lot
  std::vector<ClauseSpec> unless;  // likewise: lots that are not barred; empty: none
  std::string text;
  std::string source;
  Confidence confidence = Confidence::low;
};

// Who takes part in the scheme from a day to a day: registries, partner countries.
struct Member {
  std::string name;
  Date first;
  Date last = kNever;
  std::string source;
};

// What the CO2 of recycled carbon fuels is counted by, from a day to a day. A name keeps its
// counting and its share in all rows and versions of a scheme.
struct Co2Programme {
  std::string name;
  Co2Counting counting = Co2Counting::neither;
  // What the user reports, of all: user_reports kWholePpm; shared above 0 and below it; else 0.
  std::uint32_t user_share_ppm = 0;
  // Codes of the schemes whose certificates of captured CO2 compensate the capturer, for the share
  // that the user does not report; empty: no compensation. Where the capturer reports, or shares.
  std::vector<std::string> capture_schemes;
  bool eligible_only = false;  // and only CO2 that a fuel may deduct (judge_co2)
  Date first;
  Date last = kNever;
  std::string source;
};

// A rule in words, for auditors: what it says, where it comes from, how sure that is.
struct RuleNote {
  std::string id;
  std::string text;
  std::string source;
  Confidence confidence = Confidence::low;
};

// How the scheme's operators balance gas and its proofs of sustainability. Source: Directive (EU)
// 2018/2001 Article 30(1), Implementing Regulation (EU) 2022/996 Article 19.
struct MassBalance {
  std::uint16_t period_months = 0;  // 1, 2, 3, 4, 6 or 12, by the calendar; 0: none is kept
  bool carry_surplus = false;       // proofs with gas behind them go on into the next period
  // What a certificate may still be used for once its proof was split off it; empty: it may not be.
  std::vector<std::string> split_purposes;
};

struct Scheme {
  std::string code;  // "UK-GGCS"
  std::string name;
  std::string operator_name;  // the body that runs it
  Date valid_from;
  Date valid_to = kNever;  // last day
  Dimension dimension = Dimension::energy_wh;
  std::int64_t unit_size = 0;  // Wh or g CO2e in one unit
  Measure measure = Measure::gross;
  std::vector<std::string> deduction_kinds;  // what a net scheme deducts
  std::uint16_t production_months_max = 0;   // longest declared period; 0: any
  Clock request_deadline;                    // last day to request issuance
  Clock request_deadline_supported;          // the same where the device receives support; none: no
                                             // difference
  Clock transferable;                        // last day of transfers and trades
  Clock cancellable;  // last day of cancellation; then the certificate expires
  std::vector<std::string> carriers;
  std::vector<ParticipantKind> holders;    // who may have an account
  std::vector<ParticipantKind> receivers;  // who may receive by transfer or trade
  std::vector<std::string> purposes;       // what a cancellation may be for
  bool beneficiary_required = false;
  bool consumption_period_required = false;
  bool export_allowed = false;
  bool import_allowed = false;
  std::string serial_format;  // "{registry}-{lot}-{serial}", see serial_format.h
  std::vector<FieldRule> device_fields;
  std::vector<FieldRule> production_fields;
  std::vector<RuleNote> rules;
  Clock sale;                          // last day of transfers and trades by the rules of that day
  std::vector<std::string> countries;  // of devices; empty: any
  std::vector<ParticipantKind> senders;   // who may pass certificates on; empty: every holder
  std::vector<RecipientRule> recipients;  // the first that applies; none: any holder
  std::vector<Member> members;
  std::vector<ClaimRule> claims;  // of one use the first that applies; none: nothing is claimed
  std::vector<ClaimBar> claims_barred;
  MassBalance mass_balance;
  std::vector<Co2Programme> co2_programmes;
};

BOOST_DESCRIBE_STRUCT(Clock, (), (basis, months, days, end))
BOOST_DESCRIBE_STRUCT(ClauseSpec, (), (attribute, any_of, min, max))
BOOST_DESCRIBE_STRUCT(FieldRule,
                      (),
                      (name, kind, required, choices, attribute, source, bounds, months_old_max))
BOOST_DESCRIBE_STRUCT(RecipientRule, (), (when, kinds))
BOOST_DESCRIBE_STRUCT(
    ClaimRule,
    (),
    (name, use, purposes, first, last, when, forbids_double_counting, text, source, confidence))
BOOST_DESCRIBE_STRUCT(
    ClaimBar,
    (),
    (name, uses, double_counting, first, last, when, unless, text, source, confidence))
BOOST_DESCRIBE_STRUCT(Member, (), (name, first, last, source))
BOOST_DESCRIBE_STRUCT(MassBalance, (), (period_months, carry_surplus, split_purposes))
BOOST_DESCRIBE_STRUCT(
    Co2Programme,
    (),
    (name, counting, user_share_ppm, capture_schemes, eligible_only, first, last, source))
BOOST_DESCRIBE_STRUCT(RuleNote, (), (id, text, source, confidence))
BOOST_DESCRIBE_STRUCT(Scheme,
                      (),
                      (code,
                       name,
                       operator_name,
                       valid_from,
                       valid_to,
                       dimension,
                       unit_size,
                       measure,
                       deduction_kinds,
                       production_months_max,
                       request_deadline,
                       request_deadline_supported,
                       transferable,
                       cancellable,
                       carriers,
                       holders,
                       receivers,
                       purposes,
                       beneficiary_required,
                       consumption_period_required,
                       export_allowed,
                       import_allowed,
                       serial_format,
                       device_fields,
                       production_fields,
                       rules,
                       sale,
                       countries,
                       senders,
                       recipients,
                       members,
                       claims,
                       claims_barred,
                       mass_balance,
                       co2_programmes))

}  // namespace origo
