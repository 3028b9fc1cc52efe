#pragma once

#include <array>
#include <boost/describe.hpp>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "engine/core/amount.h"
#include "engine/core/currency.h"
#include "engine/core/date.h"
#include "engine/core/id.h"
#include "engine/core/scheme.h"
#include "engine/eligibility/fuel.h"

// Every request that can change state. Imperative names; what was wrong in one is told by reject.h.
namespace origo {

using Hash256 = std::array<std::uint8_t, 32>;  // SHA-256
using Hash128 = std::array<std::uint8_t, 16>;  // first half of a SHA-256

// clang-format off
enum class Side : std::uint8_t { buy = 1, sell = 2 };
// market_to_limit: takes the best opposite limit price, and what is left rests there as a limit order.
enum class OrderType : std::uint8_t { limit = 1, market = 2, market_to_limit = 3 };
// What happens instead of a trade between orders of one participant; the aggressor's choice.
enum class SelfTrade : std::uint8_t {
  allowed = 0, cancel_newest = 1, cancel_oldest = 2, cancel_both = 3, decrement = 4
};
// auction_only: taken in calls only, gone when the call ends. continuous_only: the reverse.
enum class TimeInForce : std::uint8_t {
  gtc = 1, day = 2, gtd = 3, ioc = 4, fok = 5, auction_only = 6, continuous_only = 7
};
// call: orders are taken in and wait for the uncross. pre_open: likewise, but nothing says yet what would trade.
enum class Phase : std::uint8_t { continuous = 1, halt = 2, closed = 3, call = 4, pre_open = 5 };
// Which call: the first trading of the day; the last before the close; one that a collar began; any other.
enum class CallKind : std::uint8_t { none = 0, opening = 1, intraday = 2, closing = 3, volatility = 4 };
// How a call finds its price. Source: market rules, "Call auction".
enum class AuctionRules : std::uint8_t { t7 = 0, xetra_nearest = 1, euronext = 2, jpx = 3, midpoint = 4 };
enum class AttributeKind : std::uint8_t { symbol = 1, number = 2, date = 3, flag = 4 };
enum class Role : std::uint8_t {
  trader = 1, holder = 2, producer = 3, participant_admin = 4, registry_operator = 5, issuing_body = 6,
  market_operator = 7, auctioneer = 8, auditor = 9, admin = 10
};
enum class ScopeKind : std::uint8_t { node = 1, participant = 2, registry = 3 };
enum class FreezeTarget : std::uint8_t { participant = 1, account = 2 };
BOOST_DESCRIBE_ENUM(Side, buy, sell)
BOOST_DESCRIBE_ENUM(OrderType, limit, market, market_to_limit)
BOOST_DESCRIBE_ENUM(SelfTrade, allowed, cancel_newest, cancel_oldest, cancel_both, decrement)
BOOST_DESCRIBE_ENUM(TimeInForce, gtc, day, gtd, ioc, fok, auction_only, continuous_only)
BOOST_DESCRIBE_ENUM(Phase, continuous, halt, closed, call, pre_open)
BOOST_DESCRIBE_ENUM(CallKind, none, opening, intraday, closing, volatility)
BOOST_DESCRIBE_ENUM(AuctionRules, t7, xetra_nearest, euronext, jpx, midpoint)
BOOST_DESCRIBE_ENUM(AttributeKind, symbol, number, date, flag)
BOOST_DESCRIBE_ENUM(Role, trader, holder, producer, participant_admin, registry_operator, issuing_body,
                    market_operator, auctioneer, auditor, admin)
BOOST_DESCRIBE_ENUM(ScopeKind, node, participant, registry)
BOOST_DESCRIBE_ENUM(FreezeTarget, participant, account)
// clang-format on

// ---- the node ----

// The first command of a node: the venue's own participant, its account, and its first user, an
// admin.
struct Bootstrap {
  std::string venue_name;
  Hash256 admin_token;  // SHA-256 of the first user's token
};
// Due work and bounded bookkeeping; sent by the node itself when something falls due.
struct Tick {
  std::uint32_t sweep_limit = 0;  // holdings of expired lots to write off at most
  std::uint64_t draw = 0;  // drawn by the node: decides the random ends of calls that now begin
};
struct SetRulesVersion {
  std::uint32_t version = 0;
};
// What loopback demonstrations may relax; shown in the node's status.
struct SetRelaxations {
  bool four_eyes = false;         // true: one user suffices
  bool holds = false;             // true: exits are not held
  std::int64_t exit_hold_ns = 0;  // length of the hold on exits; 0: keep
};
struct DefineAttribute {
  std::string name;
  AttributeKind kind = AttributeKind::symbol;
};

// ---- who takes part ----

struct CreateParticipant {
  std::string name;
  std::string country;  // ISO 3166-1 alpha-2
  std::vector<ParticipantKind> kinds;
};
struct CreateUser {
  ParticipantId participant;
  std::string name;
  std::string person;  // the natural person behind it: incompatible roles are judged per person
  Hash256 token{};     // SHA-256
};
struct Scope {
  ScopeKind kind = ScopeKind::node;
  std::uint32_t id = 0;  // participant or registry; 0 for the node
  auto operator<=>(const Scope&) const = default;
};
struct GrantRole {
  UserId user;
  Role role = Role::trader;
  Scope scope;
};
struct RevokeRole {
  UserId user;
  Role role = Role::trader;
  Scope scope;
};
struct ReplaceToken {
  UserId user;
  Hash256 token{};
};
struct OpenAccount {
  ParticipantId participant;
  RegistryId registry;  // unset: a cash account
  std::string name;
};
// Makes `to` trusted by `from`: after as long as exits are held, transfers to it no longer are.
struct TrustAccount {
  AccountId from;
  AccountId to;
  bool trusted = true;
};
struct SetFrozen {
  FreezeTarget target = FreezeTarget::participant;
  std::uint32_t id = 0;
  bool frozen = true;
  std::string reason;
};
// Engaged: all live orders of the participant end and no new ones are taken, until it is released;
// what the venue engaged, only the venue releases. Holdings and cash are not touched.
struct SetKillSwitch {
  ParticipantId participant;
  bool engaged = true;
  std::string reason;
};
struct DepositCash {
  AccountId account;
  Currency currency;
  Cash amount;
  std::string reference;  // of the bank's statement
};
struct WithdrawCash {
  AccountId account;
  Currency currency;
  Cash amount;
  std::string reference;
};
// Takes back a transfer or withdrawal that still waits for the end of its hold.
struct RecallExit {
  TransferId transfer;
};
// A second person's consent to a command that needs four eyes.
struct ApproveProposal {
  ProposalId proposal;
};
// The proposer takes it back, or one who could consent refuses to.
struct WithdrawProposal {
  ProposalId proposal;
};

// ---- registry ----

struct LoadScheme {
  Scheme scheme;
  Hash256 source{};  // SHA-256 of the file it came from
};
struct CreateRegistry {
  std::string code;
  std::string name;
  std::string scheme;   // code of a loaded scheme
  std::string country;  // of issuance
};
struct Field {
  std::string name;
  std::string value;  // as text: number "42", date "2026-01-31", flag "true" or "false"
};
struct RegisterDevice {
  RegistryId registry;
  ParticipantId producer;
  std::string name;
  std::string country;
  std::vector<std::string> carriers;
  Date start;  // of operation
  std::vector<Field> fields;
};
struct ApproveDevice {
  DeviceId device;
};
// Asks that a device be something else from a day on; what is left out stays. The registry approves
// it.
struct ChangeDevice {
  DeviceId device;
  Date valid_from;                    // not before that of the latest change, nor what was declared
  ParticipantId producer;             // its owner from then on; unset: stays
  std::string name;                   // empty: stays
  std::vector<std::string> carriers;  // all of them; empty: stay
  Date start;                 // of operation, while nothing is declared; unset (1970-01-01): stays
  Date last_day;              // of operation; kNever: none after all; unset: stays
  std::vector<Field> fields;  // those named; an empty value takes the field away
};
// A registry operator's consent, who is another person than asked for it.
struct ApproveDeviceChange {
  DeviceChangeId change;
};
// The registry refuses it, or its producer takes it back.
struct RefuseDeviceChange {
  DeviceChangeId change;
  std::string reason;  // must say something
};
// Takes the approval back, until the device is approved again: nothing of it is declared, requested
// or issued.
struct SuspendDevice {
  DeviceId device;
  std::string reason;  // must say something
};
struct Deduction {
  std::string kind;
  Measured amount;
};
struct DeclareProduction {
  DeviceId device;
  std::string carrier;
  Period period;
  Measured gross;  // Wh or g, as the scheme's dimension says
  std::vector<Deduction> deductions;
  std::vector<Field> fields;
};
struct RequestIssuance {
  DeclarationId declaration;
  AccountId account;  // receives the certificates
};
struct ApproveIssuance {
  DeclarationId declaration;
};
struct TransferCertificates {
  AccountId from;
  AccountId to;
  LotId lot;
  Units units;
};
struct CancelCertificates {
  AccountId account;
  LotId lot;
  Units units;
  std::string beneficiary;
  std::string country;  // of consumption; may be empty
  std::string purpose;
  Period period;  // of consumption; both dates unset (1970-01-01): none
  std::string note;
  std::string consumption_evidence;  // what proves it: a meter, an invoice, a document's digest;
                                     // may be empty
};

// What the issuing body has verified of a declared fuel, before its certificates are issued. They
// get what follows from it as attributes, in place of what the producer said. Given again, it
// replaces what was recorded.
struct RecordEvidence {
  DeclarationId declaration;
  FuelEvidence evidence;
  std::string reference;  // of the auditor's report
  Hash256 document{};     // SHA-256 of it
};
// Certificates that should not have been issued. Who holds them loses them; what was cancelled
// stays so, and its claim is void.
struct WithdrawCertificates {
  LotId lot;
  Serial first;  // 0: the latest serials
  Units units;
  std::string reason;  // told to all whom it concerns; must say something
};
// Certificates that nobody may move or use up until they are released, whoever holds them. What was
// sold already is still delivered; the issuing body may withdraw them, and they expire.
struct FreezeCertificates {
  LotId lot;
  Serial first;  // 0: from the first serial on
  Units units;   // 0: to the last serial
  bool frozen = true;
  std::string reason;  // told to all whom it concerns; must say something
};
// What was really produced: all of the measurement anew. After issuance a smaller amount withdraws
// certificates, the latest serials first; a larger one issues more.
struct CorrectDeclaration {
  DeclarationId declaration;
  Measured gross;
  std::vector<Deduction> deductions;
  std::string reason;  // must say something
};
// Uses certificates up as the input of what a device of the holder made from them, before that is
// issued.
struct ConvertCertificates {
  AccountId account;
  LotId lot;
  Units units;
  DeclarationId declaration;         // of the output
  std::uint32_t efficiency_ppm = 0;  // output per input in energy, 1 to 1,000,000; captured CO2: 0
  std::vector<Co2Source> co2;        // where the carbon comes from that the output was made with;
                                     // captured CO2: none, its certificates say so
  std::string note;
};
// Records what certificates of a cancellation are used for: the lowest serials that are neither
// used nor void. Final; each certificate is used once.
struct ClaimUse {
  CancellationId cancellation;
  Units units;
  std::string use;        // a code; by a claim rule of the scheme
  std::string claimant;   // who uses them: the beneficiary, or whoever it passed them on to
  Period period;          // that is reported on
  std::string activity;   // whose energy or emissions they stand for; may be empty
  Measured emissions;     // of the activity, in g CO2e; 0: not stated
  std::string reference;  // of the report in which they are used; may be empty
};

// ---- mass balance ----

// A place of a certified operator where gas of one carrier and its proofs of sustainability are
// balanced. Books once the registry has approved it.
struct OpenSite {
  RegistryId registry;
  ParticipantId participant;  // the operator
  std::string name;
  std::string country;
  std::string carrier;
};
struct ApproveSite {
  SiteId site;
};
// Gas that came in from outside the registry, with a proof of sustainability that enters once, or
// without any.
struct BookInput {
  SiteId site;
  Date day;           // of the period that is open, at the latest today; 1970-01-01: today
  Measured energy;    // Wh
  std::string proof;  // its number; empty: gas alone, and nothing below is said
  std::string feedstock;
  std::string feedstock_country;
  std::string sustainability_scheme;  // that certified it
  std::int64_t ghg_intensity = 0;     // mg CO2e per MJ, -1,000,000 to 1,000,000
  std::string note;
};
// Gas that goes out, with so much of a proof that the site holds, or without any.
struct BookOutput {
  SiteId site;
  Date day;  // as in BookInput
  Measured energy;
  std::string proof;     // number of one that the site holds; empty: gas alone
  SiteId to_site;        // of the registry and carrier: there it comes in; unset: it leaves
  std::string receiver;  // who gets it, where it leaves
  std::string note;
};
// Certificates with their proof, and the gas behind them, go into the balance as one: they are
// used up.
struct TakeIntoBalance {
  AccountId account;
  LotId lot;
  Units units;
  SiteId site;  // of the account's participant
  std::string note;
};
// Parts a lot's proof, and the gas behind it, from its certificates, for good: the proof goes into
// the balance, the certificates stay. Needs all of the lot that is in circulation.
struct SplitProof {
  AccountId account;
  LotId lot;
  SiteId site;  // of the account's participant
};

// Burnt fuel whose carbon was captured: cancelled certificates that held captured CO2 before.
struct CarbonSource {
  LotId lot;
  CancellationId cancellation;
  Units units;    // the lowest serials of the cancellation that nobody has captured yet
  Measured mass;  // g of CO2, at most what the units hold
};
// What the issuing body has verified of where a declared capture of recycled CO2 came from, before
// its certificates are issued. Given again, it replaces what was recorded.
struct RecordCarbonSources {
  DeclarationId declaration;
  std::vector<CarbonSource> sources;
};

// ---- market ----

struct CreateMarket {
  std::string code;
  std::string name;
  // Trades settle at the end of so many business days after their own (T+n), 0 to 30; 0: at once.
  // Business days are those of the market's calendar, else Monday to Friday.
  std::uint32_t settle_days = 0;
};
// A market goes over to `phase` at `at`, or by chance up to `random_ns` later.
struct PhaseChange {
  Instant at;
  Phase phase = Phase::closed;
  std::int64_t random_ns = 0;  // 0 to 1 hour; over before the next change's `at`
};
// A market's trading days as UTC instants; replaces what the market had. DAY orders live to the
// next day's end; without one to midnight UTC. Of changes that are past, the last holds at once.
struct SetCalendar {
  MarketId market;
  std::vector<Instant> day_ends;    // ascending, in the future
  std::vector<PhaseChange> phases;  // ascending; may be empty: then phases are set by hand only
  Hash256 source{};                 // SHA-256 of the file it came from
};
// fee = rate x cumulative notional, rounded half up, plus per_contract x quantity. Negative: a
// rebate.
struct FeeRate {
  std::int32_t rate_ppm = 0;
  Cash per_contract;
};
struct FeeSchedule {
  FeeRate maker;
  FeeRate taker;
};
// The schedule of participants who have traded `volume_from` in the market in this calendar month
// (UTC), in Wh or g CO2e, each dimension for itself.
struct FeeTier {
  std::int64_t volume_from = 0;
  FeeSchedule fees;
};
struct SetFees {
  MarketId market;
  FeeSchedule fees;            // below the first tier
  std::vector<FeeTier> tiers;  // ascending by volume; an order keeps the schedule of its entry
};
// By hand: holds until the calendar's next change, or `until_lifted` by another SetPhase.
struct SetPhase {
  MarketId market;
  Phase phase = Phase::continuous;
  std::string reason;  // published; must say something
  bool until_lifted = false;
};
struct InstrumentTerms {
  Currency currency;
  Cash tick_value;  // of one contract, per tick
  Dimension dimension = Dimension::energy_wh;
  std::int64_t contract_size = 0;  // Wh or g CO2e
  Quantity quantity_max;           // per order
  Price price_max;                 // upper edge of the static collar
  Price price_min;                 // lower edge, at least 1
  Quantity quantity_min;           // per order; 0: one contract
  Cash value_min;                  // of a limit order at its limit; 0: none
  Cash value_max;                  // likewise
};
// What venues decide differently. The default is what 0 and false say. Source: market rules, "venue
// choice".
struct TradingRules {
  Quantity min_visible;  // an iceberg shows its next peak once it shows less than this; 0: once it
                         // shows none
  bool iceberg_raise_requeues = false;  // raising only its hidden part: keeps its place
  bool amend_below_filled_refused =
      false;                          // a new total at or below what is filled: cancels the rest
  bool stop_through_refused = false;  // a stop that is through already: triggers at once
  AuctionRules auction = AuctionRules::t7;
  bool market_orders_stay = false;     // what an uncross leaves of market orders: is cancelled
  bool market_to_limit_stays = false;  // and of market-to-limit orders: rests at the auction price
  // How far from the last trade price, and from the reference price, a trade may be in continuous
  // trading, in parts per million of them; beyond, the market goes to a volatility call instead. 0:
  // any distance.
  std::uint32_t dynamic_collar_ppm = 0;
  std::uint32_t static_collar_ppm = 0;
  std::uint32_t volatility_call_s = 0;  // its length, 1 to 86,400 seconds; with a collar only
  std::uint32_t volatility_random_s =
      0;                           // its end by chance up to so much later, 0 to 3,600 seconds
  bool limit_orders_only = false;  // market and market-to-limit orders are refused
  // How far from the reference price a limit price may be, in parts per million of it, at most
  // 1,000,000. 0, or without a reference price: any distance. Limit orders that a new reference
  // price leaves further away end.
  std::uint32_t price_band_ppm = 0;
  // How many of the day's last trades make the reference price where no closing call has; 0: 10; at
  // most 100.
  std::uint32_t reference_trades = 0;
  bool auction_tick_grid =
      false;  // calls by t7 and xetra_nearest judge every tick between the limits, not limits only
};
struct CreateInstrument {
  MarketId market;
  std::string code;
  std::string name;
  std::vector<ClauseSpec> filter;
  InstrumentTerms terms;
  TradingRules rules;
};
// What calls fall back on where orders alone leave the price open, and the base of the static
// collar. Holds for the rest of the trading day and is the day's reference price, whatever trades.
struct SetReferencePrice {
  InstrumentId instrument;
  Price price;
};
struct PlaceOrder {
  AccountId account;  // sells from it, or pays from it
  InstrumentId instrument;
  Side side = Side::buy;
  OrderType type = OrderType::limit;
  TimeInForce time_in_force = TimeInForce::gtc;
  Price price;             // limit; 0 for market orders
  Price protection_price;  // a market buy's worst price; 0: the collar's edge
  Quantity quantity;
  Instant expire_at;              // GTD: gone when now >= expire_at
  ClientOrderId client_order_id;  // unset, or unique among the account's live orders
  std::vector<LotId> lots;        // a sell's nominated lots; empty: soonest to expire first
  bool post_only = false;         // refused if it would trade
  Quantity min_quantity;          // refused if less can be traded at entry; 0: any
  SelfTrade self_trade = SelfTrade::allowed;
  Price stop_price;  // waits until the last trade price reaches it (a buy: or is above, a sell: or
                     // is below); then a market or limit order. 0: none
  Quantity peak;     // shows at most this much in the book; 0: all
  Quantity
      min_visible;  // shows the next peak once it shows less than this; 0: as the instrument says
  bool cancel_on_disconnect = false;  // ends with the session of its client id
};
// An order by its id, or (id unset) by the account's client order id.
struct OrderRef {
  AccountId account;
  OrderId order;
  ClientOrderId client_order_id;
};
struct AmendOrder {
  OrderRef target;
  Quantity quantity;  // the new total; 0: keep
  Price price;        // 0: keep
  Price stop_price;   // of an order that still waits; 0: keep
};
struct ReduceOrder {
  OrderRef target;
  Quantity by;
};
struct CancelOrder {
  OrderRef target;
};
struct MassCancel {
  AccountId account;
  InstrumentId instrument;  // unset: all
  std::uint8_t side = 0;    // 0: both, else a Side
  Price price_min;          // 0: no lower end
  Price price_max;          // 0: no upper end
};

// The session of a client id is over: its orders that were to end with it do.
struct EndSession {
  ClientId client;
};

// Sets a journaled record aside: applying it would stop every core. From the journal's first
// reading on the record applies as a refusal (Exchange::set_aside), so this comes after it in the
// journal and before it in effect. Only an offline tool journals it, after two operators have
// consented; no client can.
struct QuarantineRecord {
  Sequence record;
  std::string reason;
  UserId first;  // who consent; see may_quarantine
  UserId second;
};

// clang-format off
// Numbers (position from 1) are the journal's: appended, never reordered.
using Command = std::variant<
    Bootstrap, Tick, SetRulesVersion, SetRelaxations, DefineAttribute,                       // 1-5
    CreateParticipant, CreateUser, GrantRole, RevokeRole, ReplaceToken, OpenAccount,         // 6-11
    TrustAccount, SetFrozen, DepositCash, WithdrawCash, ApproveProposal,                     // 12-16
    LoadScheme, CreateRegistry, RegisterDevice, ApproveDevice, DeclareProduction,            // 17-21
    RequestIssuance, ApproveIssuance, TransferCertificates, CancelCertificates,              // 22-25
    CreateMarket, SetCalendar, SetFees, SetPhase, CreateInstrument,                          // 26-30
    PlaceOrder, AmendOrder, ReduceOrder, CancelOrder, MassCancel,                            // 31-35
    RecallExit, WithdrawProposal, QuarantineRecord,                                          // 36-38
    SetKillSwitch, EndSession, SetReferencePrice,                                            // 39-41
    RecordEvidence, WithdrawCertificates, CorrectDeclaration, ConvertCertificates,           // 42-45
    ClaimUse,                                                                                // 46
    OpenSite, ApproveSite, BookInput, BookOutput, TakeIntoBalance, SplitProof,               // 47-52
    ChangeDevice, ApproveDeviceChange, RefuseDeviceChange, SuspendDevice,                    // 53-56
    FreezeCertificates, RecordCarbonSources>;                                                // 57-58
// clang-format on

// Who asks, and the number that makes a repeat harmless.
struct Origin {
  UserId principal;  // authenticated by the gateway, authorised by the core; unset: the node itself
  ClientId client;   // unset: no protection against repeats
  std::uint64_t client_sequence = 0;
  Hash128 digest{};  // of the body's canonical bytes, made by the gateway
};

// One journal record: what the sequencer adds to a command.
struct CommandHeader {
  Sequence sequence;  // consecutive from 1
  Instant time;       // never decreasing
  Origin origin;
};

// clang-format off
BOOST_DESCRIBE_STRUCT(Bootstrap, (), (venue_name, admin_token))
BOOST_DESCRIBE_STRUCT(Tick, (), (sweep_limit, draw))
BOOST_DESCRIBE_STRUCT(SetRulesVersion, (), (version))
BOOST_DESCRIBE_STRUCT(SetRelaxations, (), (four_eyes, holds, exit_hold_ns))
BOOST_DESCRIBE_STRUCT(DefineAttribute, (), (name, kind))
BOOST_DESCRIBE_STRUCT(CreateParticipant, (), (name, country, kinds))
BOOST_DESCRIBE_STRUCT(CreateUser, (), (participant, name, person, token))
BOOST_DESCRIBE_STRUCT(Scope, (), (kind, id))
BOOST_DESCRIBE_STRUCT(GrantRole, (), (user, role, scope))
BOOST_DESCRIBE_STRUCT(RevokeRole, (), (user, role, scope))
BOOST_DESCRIBE_STRUCT(ReplaceToken, (), (user, token))
BOOST_DESCRIBE_STRUCT(OpenAccount, (), (participant, registry, name))
BOOST_DESCRIBE_STRUCT(TrustAccount, (), (from, to, trusted))
BOOST_DESCRIBE_STRUCT(SetFrozen, (), (target, id, frozen, reason))
BOOST_DESCRIBE_STRUCT(SetKillSwitch, (), (participant, engaged, reason))
BOOST_DESCRIBE_STRUCT(EndSession, (), (client))
BOOST_DESCRIBE_STRUCT(DepositCash, (), (account, currency, amount, reference))
BOOST_DESCRIBE_STRUCT(WithdrawCash, (), (account, currency, amount, reference))
BOOST_DESCRIBE_STRUCT(ApproveProposal, (), (proposal))
BOOST_DESCRIBE_STRUCT(WithdrawProposal, (), (proposal))
BOOST_DESCRIBE_STRUCT(RecallExit, (), (transfer))
BOOST_DESCRIBE_STRUCT(QuarantineRecord, (), (record, reason, first, second))
BOOST_DESCRIBE_STRUCT(LoadScheme, (), (scheme, source))
BOOST_DESCRIBE_STRUCT(CreateRegistry, (), (code, name, scheme, country))
BOOST_DESCRIBE_STRUCT(Field, (), (name, value))
BOOST_DESCRIBE_STRUCT(RegisterDevice, (), (registry, producer, name, country, carriers, start, fields))
BOOST_DESCRIBE_STRUCT(ApproveDevice, (), (device))
BOOST_DESCRIBE_STRUCT(ChangeDevice, (),
                      (device, valid_from, producer, name, carriers, start, last_day, fields))
BOOST_DESCRIBE_STRUCT(ApproveDeviceChange, (), (change))
BOOST_DESCRIBE_STRUCT(RefuseDeviceChange, (), (change, reason))
BOOST_DESCRIBE_STRUCT(SuspendDevice, (), (device, reason))
BOOST_DESCRIBE_STRUCT(Deduction, (), (kind, amount))
BOOST_DESCRIBE_STRUCT(DeclareProduction, (), (device, carrier, period, gross, deductions, fields))
BOOST_DESCRIBE_STRUCT(RequestIssuance, (), (declaration, account))
BOOST_DESCRIBE_STRUCT(ApproveIssuance, (), (declaration))
BOOST_DESCRIBE_STRUCT(TransferCertificates, (), (from, to, lot, units))
BOOST_DESCRIBE_STRUCT(CancelCertificates, (),
                      (account, lot, units, beneficiary, country, purpose, period, note, consumption_evidence))
BOOST_DESCRIBE_STRUCT(RecordEvidence, (), (declaration, evidence, reference, document))
BOOST_DESCRIBE_STRUCT(WithdrawCertificates, (), (lot, first, units, reason))
BOOST_DESCRIBE_STRUCT(FreezeCertificates, (), (lot, first, units, frozen, reason))
BOOST_DESCRIBE_STRUCT(CorrectDeclaration, (), (declaration, gross, deductions, reason))
BOOST_DESCRIBE_STRUCT(ConvertCertificates, (), (account, lot, units, declaration, efficiency_ppm, co2, note))
BOOST_DESCRIBE_STRUCT(ClaimUse, (),
                      (cancellation, units, use, claimant, period, activity, emissions, reference))
BOOST_DESCRIBE_STRUCT(OpenSite, (), (registry, participant, name, country, carrier))
BOOST_DESCRIBE_STRUCT(ApproveSite, (), (site))
BOOST_DESCRIBE_STRUCT(BookInput, (),
                      (site, day, energy, proof, feedstock, feedstock_country, sustainability_scheme,
                       ghg_intensity, note))
BOOST_DESCRIBE_STRUCT(BookOutput, (), (site, day, energy, proof, to_site, receiver, note))
BOOST_DESCRIBE_STRUCT(TakeIntoBalance, (), (account, lot, units, site, note))
BOOST_DESCRIBE_STRUCT(SplitProof, (), (account, lot, site))
BOOST_DESCRIBE_STRUCT(CarbonSource, (), (lot, cancellation, units, mass))
BOOST_DESCRIBE_STRUCT(RecordCarbonSources, (), (declaration, sources))
BOOST_DESCRIBE_STRUCT(CreateMarket, (), (code, name, settle_days))
BOOST_DESCRIBE_STRUCT(PhaseChange, (), (at, phase, random_ns))
BOOST_DESCRIBE_STRUCT(SetCalendar, (), (market, day_ends, phases, source))
BOOST_DESCRIBE_STRUCT(FeeRate, (), (rate_ppm, per_contract))
BOOST_DESCRIBE_STRUCT(FeeSchedule, (), (maker, taker))
BOOST_DESCRIBE_STRUCT(FeeTier, (), (volume_from, fees))
BOOST_DESCRIBE_STRUCT(SetFees, (), (market, fees, tiers))
BOOST_DESCRIBE_STRUCT(SetPhase, (), (market, phase, reason, until_lifted))
BOOST_DESCRIBE_STRUCT(InstrumentTerms, (),
                      (currency, tick_value, dimension, contract_size, quantity_max, price_max, price_min,
                       quantity_min, value_min, value_max))
BOOST_DESCRIBE_STRUCT(TradingRules, (),
                      (min_visible, iceberg_raise_requeues, amend_below_filled_refused, stop_through_refused,
                       auction, market_orders_stay, market_to_limit_stays, dynamic_collar_ppm, static_collar_ppm,
                       volatility_call_s, volatility_random_s, limit_orders_only, price_band_ppm, reference_trades,
                       auction_tick_grid))
BOOST_DESCRIBE_STRUCT(CreateInstrument, (), (market, code, name, filter, terms, rules))
BOOST_DESCRIBE_STRUCT(PlaceOrder, (),
                      (account, instrument, side, type, time_in_force, price, protection_price, quantity,
                       expire_at, client_order_id, lots, post_only, min_quantity, self_trade, stop_price, peak,
                       min_visible, cancel_on_disconnect))
BOOST_DESCRIBE_STRUCT(SetReferencePrice, (), (instrument, price))
BOOST_DESCRIBE_STRUCT(OrderRef, (), (account, order, client_order_id))
BOOST_DESCRIBE_STRUCT(AmendOrder, (), (target, quantity, price, stop_price))
BOOST_DESCRIBE_STRUCT(ReduceOrder, (), (target, by))
BOOST_DESCRIBE_STRUCT(CancelOrder, (), (target))
BOOST_DESCRIBE_STRUCT(MassCancel, (), (account, instrument, side, price_min, price_max))
BOOST_DESCRIBE_STRUCT(Origin, (), (principal, client, client_sequence, digest))
BOOST_DESCRIBE_STRUCT(CommandHeader, (), (sequence, time, origin))
// clang-format on

}  // namespace origo
