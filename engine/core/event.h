#pragma once

#include <algorithm>
#include <boost/describe.hpp>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "engine/core/booking.h"
#include "engine/core/command.h"
#include "engine/core/encoding.h"
#include "engine/core/reject.h"

// Every fact that the core decides. Past-tense names. The only output of the core besides the
// answer.
namespace origo {

// clang-format off
enum class OrderEnd : std::uint8_t {
  filled = 1, user = 2, ioc = 3, fok = 4, market_remainder = 5, expired = 6, day = 7, mass = 8, amend = 9,
  phase = 10, certificate_expired = 11, frozen = 12, stp = 13, killed = 14, disconnect = 15, auction_end = 16,
  band = 17, withdrawn = 18
};
enum class MoveReason : std::uint8_t {
  issuance = 1, transfer = 2, trade = 3, cancellation = 4, expiry = 5, withdrawal = 6
};
// What changed a phase: a market operator, the market's calendar, or a trade that would have been outside a collar.
enum class PhaseCause : std::uint8_t { by_hand = 1, calendar = 2, collar = 3 };
// How a day's reference price was made: by the closing call; as the volume-weighted average of the day's last
// trades; as the day before, because nothing traded; by a market operator.
enum class ReferenceMethod : std::uint8_t { closing_call = 1, vwap = 2, previous = 3, set_by_hand = 4 };
BOOST_DESCRIBE_ENUM(OrderEnd, filled, user, ioc, fok, market_remainder, expired, day, mass, amend, phase,
                    certificate_expired, frozen, stp, killed, disconnect, auction_end, band, withdrawn)
BOOST_DESCRIBE_ENUM(MoveReason, issuance, transfer, trade, cancellation, expiry, withdrawal)
BOOST_DESCRIBE_ENUM(PhaseCause, by_hand, calendar, collar)
BOOST_DESCRIBE_ENUM(ReferenceMethod, closing_call, vwap, previous, set_by_hand)
// clang-format on

// Serials first .. first + count - 1 of a lot.
struct SerialRange {
  Serial first;
  Units count;
  auto operator<=>(const SerialRange&) const = default;
};

struct CommandRefused {
  Reject reason = Reject::malformed;
  std::string detail;
};
struct NodeBootstrapped {
  ParticipantId venue;
  AccountId account;
  UserId admin;
  std::string venue_name;
};
struct RulesVersionSet {
  std::uint32_t version = 0;
};
struct RelaxationsSet {
  SetRelaxations relaxations;
};
struct AttributeDefined {
  AttributeId attribute;
  DefineAttribute definition;
};
struct ParticipantCreated {
  ParticipantId participant;
  CreateParticipant details;
};
struct UserCreated {
  UserId user;
  ParticipantId participant;
  std::string name;
};
struct RoleGranted {
  GrantRole grant;
};
struct RoleRevoked {
  RevokeRole grant;
};
struct TokenReplaced {
  UserId user;
};
struct AccountOpened {
  AccountId account;
  OpenAccount details;
};
struct AccountTrusted {
  TrustAccount trust;
};
struct FreezeSet {
  SetFrozen freeze;
};
struct KillSwitchSet {
  SetKillSwitch kill_switch;
};
struct CashDeposited {
  DepositCash deposit;
};
struct CashWithdrawn {
  WithdrawCash withdrawal;
};
// A withdrawal that waits for the end of its hold.
struct WithdrawalHeld {
  TransferId transfer;
  WithdrawCash details;
  Instant until;
};
// A held exit was taken back, or its receiver was frozen meanwhile; what it held is available
// again.
struct ExitRecalled {
  TransferId transfer;
};
struct RecordQuarantined {
  QuarantineRecord quarantine;
};
struct CommandProposed {
  ProposalId proposal;
  UserId proposer;
};
struct ProposalApproved {
  ProposalId proposal;
  UserId approver;
};
// Taken back by its proposer, refused by another person, or (user unset) void: its proposer may no
// longer give the command.
struct ProposalWithdrawn {
  ProposalId proposal;
  UserId user;
};
// Nobody consented in time.
struct ProposalExpired {
  ProposalId proposal;
};
struct SchemeLoaded {
  SchemeId scheme;
  std::string code;
  Date valid_from;
  Hash256 source{};
};
struct RegistryCreated {
  RegistryId registry;
  CreateRegistry details;
};
struct DeviceRegistered {
  DeviceId device;
  RegisterDevice details;
};
struct DeviceApproved {
  DeviceId device;
};
struct DeviceChangeRequested {
  DeviceChangeId change;
  ChangeDevice details;
  UserId asked_by;
};
struct DeviceChanged {
  DeviceChangeId change;
  DeviceId device;
  Date valid_from;
  UserId asked_by;
  UserId approved_by;
};
// Refused by the registry, or taken back.
struct DeviceChangeRefused {
  DeviceChangeId change;
  DeviceId device;
  UserId refused_by;
  std::string reason;
};
struct DeviceSuspended {
  DeviceId device;
  std::string reason;
};
struct ProductionDeclared {
  DeclarationId declaration;
  DeclareProduction details;
};
struct IssuanceRequested {
  DeclarationId declaration;
  AccountId account;
};
// A declaration became certificates. `units` may be 0: then `lot` is unset and all is carried.
struct CertificatesIssued {
  DeclarationId declaration;
  LotId lot;
  AccountId account;
  Units units;
  Measured counted;      // gross or net, as the scheme says
  Measured carried_in;   // remainder of the device's period before
  Measured carried_out;  // counted + carried_in = units x unit size + carried_out
  Date transferable_until;
  Date cancellable_until;
};
// One range changed hands, or left circulation (`to` unset), or entered it (`from` unset).
struct CertificatesMoved {
  LotId lot;
  AccountId from;
  AccountId to;
  SerialRange range;
  MoveReason reason = MoveReason::transfer;
  std::uint64_t reference = 0;  // trade, transfer, cancellation, declaration or withdrawal
};
// A transfer that waits for the end of its hold.
struct TransferHeld {
  TransferId transfer;
  TransferCertificates details;
  Instant until;
};
struct CertificatesTransferred {
  TransferId transfer;
  TransferCertificates details;
};
struct CertificatesCancelled {
  CancellationId cancellation;
  CancelCertificates details;
  Date date;
  std::vector<SerialRange> ranges;
};
struct CertificatesExpired {
  LotId lot;
  AccountId account;
  Units units;
};
// What follows from the evidence; certificates get it when they are issued.
struct EvidenceRecorded {
  RecordEvidence details;
  FuelVerdict verdict;
};
// Certificates used up as the input of a production; CertificatesCancelled is the statement.
struct CertificatesConverted {
  CancellationId cancellation;
  ConvertCertificates details;
  Measured yields;  // Wh of output that the input allows, rounded down
  Measured co2;     // g of captured CO2 that came with it, rounded down
};
// Where captured CO2 came from; replaces what was recorded.
struct CarbonSourcesRecorded {
  RecordCarbonSources details;
};
// Certificates of a lot were taken back; HoldingWithdrawn tells each holder, ClaimVoided whoever
// had cancelled some.
struct CertificatesWithdrawn {
  WithdrawalId withdrawal;
  LotId lot;
  DeclarationId correction;  // whose correction it is; unset: none
  Units requested;
  Units withdrawn;  // from those who held them
  Units voided;     // cancelled before: their claim is void
  Units shortfall;  // requested, and no longer in circulation: cancelled, expired, or withdrawn
                    // before
  std::string reason;
};
struct HoldingWithdrawn {
  WithdrawalId withdrawal;
  LotId lot;
  AccountId account;
  Units units;
};
// Certificates of a lot were frozen or released; HoldingFrozen tells each holder, range by range.
struct CertificatesFrozen {
  FreezeCertificates details;
  Units units;   // that are frozen or released by it, in circulation
  Units spared;  // named, but owed to trades that have yet to settle
};
struct HoldingFrozen {
  LotId lot;
  AccountId account;
  bool frozen = true;  // else released
  SerialRange range;
};
// What was cancelled stays cancelled, but nothing can be claimed with it any more.
struct ClaimVoided {
  WithdrawalId withdrawal;
  LotId lot;
  CancellationId cancellation;
  SerialRange range;
};
// Certificates of a cancellation are used, each for the only time.
struct UseClaimed {
  ClaimId claim;
  ClaimUse details;
  AccountId account;  // from which they were cancelled
  LotId lot;
  Date date;
  std::string rule;  // name of the claim rule that allows it
  std::vector<SerialRange> ranges;
};
// Certificates that were used are withdrawn: the claim made with them does not hold.
struct UseVoided {
  WithdrawalId withdrawal;
  LotId lot;
  CancellationId cancellation;
  ClaimId claim;
  SerialRange range;
};
// A lot was made from certificates that were withdrawn, however many conversions lie between.
struct LotFlagged {
  WithdrawalId withdrawal;
  LotId lot;
};
// A declaration was corrected; what is issued or withdrawn for it follows.
struct DeclarationCorrected {
  CorrectDeclaration details;
  Measured counted_before;
  Measured counted;
  Measured carried_out;  // of the device's carrier, once issued
};
struct SiteOpened {
  SiteId site;
  OpenSite details;
};
struct SiteApproved {
  SiteId site;
};
// A proof of sustainability has entered the registry: with a booking, or (lot set) with
// certificates.
struct ProofEntered {
  Proof proof;
};
struct BalanceBooked {
  Booking booking;
};
// A proof of sustainability without gas behind it, gone at the end of the period.
struct ProofLapsed {
  SiteId site;
  ProofId proof;
  Measured energy;
};
// The period of a site's balance is over: gas goes on, and so much of the proofs as it carries.
struct BalanceClosed {
  SiteId site;
  Period period;
  Measured gas_carried;
  Measured proofs_carried;
  Measured proofs_lapsed;
};
// For good: the lot's certificates are without their proof of sustainability from now on.
struct ProofSplit {
  LotId lot;
  AccountId account;
  Units units;  // that were in circulation
  BookingId booking;
};
struct MarketCreated {
  MarketId market;
  CreateMarket details;
};
struct CalendarSet {
  MarketId market;
  std::uint32_t day_ends = 0;  // how many
  std::uint32_t phases = 0;
  Hash256 source{};
};
struct FeesSet {
  SetFees fees;
};
struct PhaseChanged {
  MarketId market;
  Phase phase = Phase::continuous;
  std::string
      reason;  // of the operator; of a collar the instrument's code; empty if the calendar says so
  PhaseCause cause = PhaseCause::by_hand;
  bool until_lifted = false;       // the calendar does not change it
  CallKind call = CallKind::none;  // which one, if `phase` is a call
};
// The calendar's change could not happen: the phase stays, and the change is tried again a minute
// later.
struct PhaseChangeRefused {
  MarketId market;
  Phase phase = Phase::continuous;
  Reject reason = Reject::malformed;
  std::string detail;
};
struct InstrumentCreated {
  InstrumentId instrument;
  CreateInstrument details;
};
struct OrderAccepted {
  OrderId order;
  AccountId account;
  InstrumentId instrument;
  Side side = Side::buy;
  OrderType type = OrderType::limit;
  TimeInForce time_in_force = TimeInForce::gtc;
  Price price;
  Quantity quantity;
  Instant expire_at;
  ClientOrderId client_order_id;
};
// The order stands in the book, behind all others at its price. Price 0: at any price, for the
// uncross. Told again of an order that stands at any price: what a call left of it is a limit order
// at this price from now on.
struct OrderRested {
  OrderId order;
  InstrumentId instrument;
  Side side = Side::buy;
  Price price;
  Quantity visible;  // what the book shows of it
};
// The order waits outside the book for the last trade price to reach its stop price.
struct OrderWaiting {
  OrderId order;
  InstrumentId instrument;
  Side side = Side::buy;
  Price stop_price;
};
// Its stop price was reached: the order enters the market now, behind all others.
struct StopTriggered {
  OrderId order;
  InstrumentId instrument;
  Side side = Side::buy;
  Price stop_price;
};
// An iceberg shows its next peak: it has left its place and stands behind all others at its price.
struct OrderRefreshed {
  OrderId order;
  InstrumentId instrument;
  Side side = Side::buy;
  Price price;
  Quantity visible;
};
// An amendment or reduction took effect; if `requeued` the order left its place first.
struct OrderAmended {
  OrderId order;
  InstrumentId instrument;
  Side side = Side::buy;
  Price price;
  Quantity quantity;  // total
  Quantity open;
  Quantity visible;  // what the book shows of it; 0 while it is not in the book
  bool requeued = false;
};
struct Trade {
  TradeId trade;
  InstrumentId instrument;       // of the buy order
  InstrumentId sell_instrument;  // delivers; narrower or the same
  Price price;                   // the maker's
  Quantity quantity;
  Side aggressor = Side::buy;
  OrderId maker;
  OrderId taker;
  AccountId buyer;
  AccountId seller;
  Quantity maker_open;  // after
  Quantity taker_open;  // after
  bool uncrossed =
      false;  // of a call: the price is the auction's, the younger order counts as the taker
  bool with_itself = false;  // uncrossed, and both orders are of one participant
};
// A call has found its price; its trades follow. Likewise what a pre-open phase has gathered, where
// continuous trading follows it.
struct Uncrossed {
  InstrumentId instrument;
  Price price;
  Quantity volume;
  Side surplus_side = Side::buy;  // of what is left at the price; means nothing if surplus is 0
  Quantity surplus;
  CallKind call = CallKind::none;  // none: it was a pre-open phase
};
struct ReferencePriceSet {
  SetReferencePrice reference;
};
// Certificates of one lot that a trade will move.
struct PendingDelivery {
  LotId lot;
  AccountId from;
  AccountId to;  // may be `from`: then nothing moves
  Units units;
};
// A trade whose settlement is still to come. Until then both sides keep what they owe, reserved.
struct PendingSettlement {
  TradeId trade;
  MarketId market;
  AccountId buyer;
  AccountId seller;
  Currency currency;
  Cash cash;
  Cash buyer_fee;  // negative: a rebate; the venue reserves what the other side's fee does not
                   // cover of it
  Cash seller_fee;
  Instant due;
  std::vector<PendingDelivery> deliveries;
  // What each side has reserved for it.
  [[nodiscard]] Cash buyer_owes() const { return cash + std::max(buyer_fee, Cash()); }
  [[nodiscard]] Cash venue_owes() const { return std::max(-(buyer_fee + seller_fee), Cash()); }
};
// A trade settles later: TradeSettled follows when it is due.
struct SettlementScheduled {
  PendingSettlement settlement;
};
// A scheduled trade will not settle: certificates of the lot that it was to move are withdrawn.
// Both sides keep what they have, and no fee is due.
struct SettlementUnwound {
  TradeId trade;
  LotId lot;
};
// A trading day has ended and the instrument has a reference price, which holds from now on.
struct ReferencePriceDecided {
  InstrumentId instrument;
  Date day;  // UTC, of the last instant of the trading day
  Price price;
  ReferenceMethod method = ReferenceMethod::previous;
  Quantity volume;           // of the trades that made it; 0: none did; likewise
  std::uint32_t trades = 0;  // how many
};
// The money of one trade: buyer pays cash + buyer_fee, seller gets cash - seller_fee.
struct TradeSettled {
  TradeId trade;
  Currency currency;
  Cash cash;
  Cash buyer_fee;  // negative: a rebate
  Cash seller_fee;
};
// The order is gone. `open` is what was not filled.
struct OrderEnded {
  OrderId order;
  AccountId account;
  InstrumentId instrument;
  Side side = Side::buy;
  Quantity open;
  Quantity filled;
  OrderEnd reason = OrderEnd::filled;
};
// A price level after a change, as the book shows it; orders = 0: it is gone.
struct LevelChanged {
  InstrumentId instrument;
  Side side = Side::buy;
  Price price;
  Quantity open;
  std::uint32_t orders = 0;
};

// clang-format off
// Numbers (position from 1) are public: appended, never reordered.
using Event = std::variant<
    CommandRefused, NodeBootstrapped, RulesVersionSet, RelaxationsSet, AttributeDefined,       // 1-5
    ParticipantCreated, UserCreated, RoleGranted, RoleRevoked, TokenReplaced, AccountOpened,   // 6-11
    AccountTrusted, FreezeSet, CashDeposited, CashWithdrawn, CommandProposed, ProposalApproved,  // 12-17
    SchemeLoaded, RegistryCreated, DeviceRegistered, DeviceApproved, ProductionDeclared,       // 18-22
    IssuanceRequested, CertificatesIssued, CertificatesMoved, TransferHeld,                    // 23-26
    CertificatesTransferred, CertificatesCancelled, CertificatesExpired,                       // 27-29
    MarketCreated, CalendarSet, FeesSet, PhaseChanged, InstrumentCreated,                      // 30-34
    OrderAccepted, OrderRested, OrderAmended, Trade, TradeSettled, OrderEnded, LevelChanged,   // 35-41
    WithdrawalHeld, ExitRecalled, ProposalExpired, ProposalWithdrawn, RecordQuarantined,       // 42-46
    OrderWaiting, StopTriggered, OrderRefreshed, KillSwitchSet,                                // 47-50
    Uncrossed, ReferencePriceSet, PhaseChangeRefused, SettlementScheduled,                     // 51-54
    EvidenceRecorded, CertificatesConverted, CertificatesWithdrawn, HoldingWithdrawn,          // 55-58
    ClaimVoided, LotFlagged, DeclarationCorrected, ReferencePriceDecided,                      // 59-62
    SettlementUnwound, UseClaimed, UseVoided,                                                  // 63-65
    SiteOpened, SiteApproved, ProofEntered, BalanceBooked, ProofLapsed, BalanceClosed,         // 66-71
    ProofSplit, DeviceChangeRequested, DeviceChanged, DeviceChangeRefused,                     // 72-75
    DeviceSuspended, CertificatesFrozen, HoldingFrozen, CarbonSourcesRecorded>;                // 76-79

BOOST_DESCRIBE_STRUCT(SerialRange, (), (first, count))
BOOST_DESCRIBE_STRUCT(CommandRefused, (), (reason, detail))
BOOST_DESCRIBE_STRUCT(NodeBootstrapped, (), (venue, account, admin, venue_name))
BOOST_DESCRIBE_STRUCT(RulesVersionSet, (), (version))
BOOST_DESCRIBE_STRUCT(RelaxationsSet, (), (relaxations))
BOOST_DESCRIBE_STRUCT(AttributeDefined, (), (attribute, definition))
BOOST_DESCRIBE_STRUCT(ParticipantCreated, (), (participant, details))
BOOST_DESCRIBE_STRUCT(UserCreated, (), (user, participant, name))
BOOST_DESCRIBE_STRUCT(RoleGranted, (), (grant))
BOOST_DESCRIBE_STRUCT(RoleRevoked, (), (grant))
BOOST_DESCRIBE_STRUCT(TokenReplaced, (), (user))
BOOST_DESCRIBE_STRUCT(AccountOpened, (), (account, details))
BOOST_DESCRIBE_STRUCT(AccountTrusted, (), (trust))
BOOST_DESCRIBE_STRUCT(FreezeSet, (), (freeze))
BOOST_DESCRIBE_STRUCT(KillSwitchSet, (), (kill_switch))
BOOST_DESCRIBE_STRUCT(CashDeposited, (), (deposit))
BOOST_DESCRIBE_STRUCT(CashWithdrawn, (), (withdrawal))
BOOST_DESCRIBE_STRUCT(WithdrawalHeld, (), (transfer, details, until))
BOOST_DESCRIBE_STRUCT(ExitRecalled, (), (transfer))
BOOST_DESCRIBE_STRUCT(RecordQuarantined, (), (quarantine))
BOOST_DESCRIBE_STRUCT(CommandProposed, (), (proposal, proposer))
BOOST_DESCRIBE_STRUCT(ProposalApproved, (), (proposal, approver))
BOOST_DESCRIBE_STRUCT(ProposalExpired, (), (proposal))
BOOST_DESCRIBE_STRUCT(ProposalWithdrawn, (), (proposal, user))
BOOST_DESCRIBE_STRUCT(SchemeLoaded, (), (scheme, code, valid_from, source))
BOOST_DESCRIBE_STRUCT(RegistryCreated, (), (registry, details))
BOOST_DESCRIBE_STRUCT(DeviceRegistered, (), (device, details))
BOOST_DESCRIBE_STRUCT(DeviceApproved, (), (device))
BOOST_DESCRIBE_STRUCT(DeviceChangeRequested, (), (change, details, asked_by))
BOOST_DESCRIBE_STRUCT(DeviceChanged, (), (change, device, valid_from, asked_by, approved_by))
BOOST_DESCRIBE_STRUCT(DeviceChangeRefused, (), (change, device, refused_by, reason))
BOOST_DESCRIBE_STRUCT(DeviceSuspended, (), (device, reason))
BOOST_DESCRIBE_STRUCT(CertificatesFrozen, (), (details, units, spared))
BOOST_DESCRIBE_STRUCT(HoldingFrozen, (), (lot, account, frozen, range))
BOOST_DESCRIBE_STRUCT(ProductionDeclared, (), (declaration, details))
BOOST_DESCRIBE_STRUCT(IssuanceRequested, (), (declaration, account))
BOOST_DESCRIBE_STRUCT(CertificatesIssued, (),
                      (declaration, lot, account, units, counted, carried_in, carried_out,
                       transferable_until, cancellable_until))
BOOST_DESCRIBE_STRUCT(CertificatesMoved, (), (lot, from, to, range, reason, reference))
BOOST_DESCRIBE_STRUCT(TransferHeld, (), (transfer, details, until))
BOOST_DESCRIBE_STRUCT(CertificatesTransferred, (), (transfer, details))
BOOST_DESCRIBE_STRUCT(CertificatesCancelled, (), (cancellation, details, date, ranges))
BOOST_DESCRIBE_STRUCT(CertificatesExpired, (), (lot, account, units))
BOOST_DESCRIBE_STRUCT(EvidenceRecorded, (), (details, verdict))
BOOST_DESCRIBE_STRUCT(CertificatesConverted, (), (cancellation, details, yields, co2))
BOOST_DESCRIBE_STRUCT(CarbonSourcesRecorded, (), (details))
BOOST_DESCRIBE_STRUCT(CertificatesWithdrawn, (),
                      (withdrawal, lot, correction, requested, withdrawn, voided, shortfall, reason))
BOOST_DESCRIBE_STRUCT(HoldingWithdrawn, (), (withdrawal, lot, account, units))
BOOST_DESCRIBE_STRUCT(ClaimVoided, (), (withdrawal, lot, cancellation, range))
BOOST_DESCRIBE_STRUCT(UseClaimed, (), (claim, details, account, lot, date, rule, ranges))
BOOST_DESCRIBE_STRUCT(UseVoided, (), (withdrawal, lot, cancellation, claim, range))
BOOST_DESCRIBE_STRUCT(LotFlagged, (), (withdrawal, lot))
BOOST_DESCRIBE_STRUCT(DeclarationCorrected, (), (details, counted_before, counted, carried_out))
BOOST_DESCRIBE_STRUCT(SiteOpened, (), (site, details))
BOOST_DESCRIBE_STRUCT(SiteApproved, (), (site))
BOOST_DESCRIBE_STRUCT(ProofEntered, (), (proof))
BOOST_DESCRIBE_STRUCT(BalanceBooked, (), (booking))
BOOST_DESCRIBE_STRUCT(ProofLapsed, (), (site, proof, energy))
BOOST_DESCRIBE_STRUCT(BalanceClosed, (), (site, period, gas_carried, proofs_carried, proofs_lapsed))
BOOST_DESCRIBE_STRUCT(ProofSplit, (), (lot, account, units, booking))
BOOST_DESCRIBE_STRUCT(MarketCreated, (), (market, details))
BOOST_DESCRIBE_STRUCT(CalendarSet, (), (market, day_ends, phases, source))
BOOST_DESCRIBE_STRUCT(FeesSet, (), (fees))
BOOST_DESCRIBE_STRUCT(PhaseChanged, (), (market, phase, reason, cause, until_lifted, call))
BOOST_DESCRIBE_STRUCT(PhaseChangeRefused, (), (market, phase, reason, detail))
BOOST_DESCRIBE_STRUCT(InstrumentCreated, (), (instrument, details))
BOOST_DESCRIBE_STRUCT(OrderAccepted, (),
                      (order, account, instrument, side, type, time_in_force, price, quantity, expire_at,
                       client_order_id))
BOOST_DESCRIBE_STRUCT(OrderRested, (), (order, instrument, side, price, visible))
BOOST_DESCRIBE_STRUCT(OrderWaiting, (), (order, instrument, side, stop_price))
BOOST_DESCRIBE_STRUCT(StopTriggered, (), (order, instrument, side, stop_price))
BOOST_DESCRIBE_STRUCT(OrderRefreshed, (), (order, instrument, side, price, visible))
BOOST_DESCRIBE_STRUCT(OrderAmended, (), (order, instrument, side, price, quantity, open, visible, requeued))
BOOST_DESCRIBE_STRUCT(Trade, (),
                      (trade, instrument, sell_instrument, price, quantity, aggressor, maker, taker, buyer,
                       seller, maker_open, taker_open, uncrossed, with_itself))
BOOST_DESCRIBE_STRUCT(Uncrossed, (), (instrument, price, volume, surplus_side, surplus, call))
BOOST_DESCRIBE_STRUCT(ReferencePriceSet, (), (reference))
BOOST_DESCRIBE_STRUCT(PendingDelivery, (), (lot, from, to, units))
BOOST_DESCRIBE_STRUCT(PendingSettlement, (),
                      (trade, market, buyer, seller, currency, cash, buyer_fee, seller_fee, due, deliveries))
BOOST_DESCRIBE_STRUCT(SettlementScheduled, (), (settlement))
BOOST_DESCRIBE_STRUCT(SettlementUnwound, (), (trade, lot))
BOOST_DESCRIBE_STRUCT(ReferencePriceDecided, (), (instrument, day, price, method, volume, trades))
BOOST_DESCRIBE_STRUCT(TradeSettled, (), (trade, currency, cash, buyer_fee, seller_fee))
BOOST_DESCRIBE_STRUCT(OrderEnded, (), (order, account, instrument, side, open, filled, reason))
BOOST_DESCRIBE_STRUCT(LevelChanged, (), (instrument, side, price, open, orders))
// clang-format on

}  // namespace origo
