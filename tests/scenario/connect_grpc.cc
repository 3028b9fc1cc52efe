#include <google/protobuf/stubs/logging.h>
#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <thread>

#include "engine/ledger/serial_range.h"
#include "engine/registry/lineage.h"
#include "origo/v1/accounts.grpc.pb.h"
#include "origo/v1/admin.grpc.pb.h"
#include "origo/v1/market_data.grpc.pb.h"
#include "origo/v1/orders.grpc.pb.h"
#include "origo/v1/registry.grpc.pb.h"
#include "origo/v1/scenario.grpc.pb.h"
#include "proto/codec/commands.h"
#include "tests/scenario/connect.h"
#include "tests/scenario/from_json.h"

namespace origo::scenario {
namespace {

const std::string kAdminToken(64, '0');
constexpr std::chrono::seconds kDeadline{15};
constexpr std::chrono::seconds kBeginDeadline{30};
constexpr std::chrono::seconds kConnectDeadline{3};
constexpr std::chrono::milliseconds kPause{5};

// A client's session: it lasts as long as its stream is open.
struct Session {
  grpc::ClientContext context;
  std::unique_ptr<grpc::ClientReaderWriter<v1::OrderFrame, v1::AnswerFrame>> stream;
  Session() = default;
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session() {
    if (stream == nullptr) return;
    context.TryCancel();
    v1::AnswerFrame unread;
    while (stream->Read(&unread)) unread.Clear();
    static_cast<void>(stream->Finish());
  }
};

// A node through its public API, seen by its admin and its auditor.
class ServerDriver : public Driver {
 public:
  explicit ServerDriver(std::string address) : address_(std::move(address)) { connect_again(); }

  // Whether it is a node for scenario files; in words if not.
  std::string probe();

  void start(Instant now, bool bootstrapped) override;
  std::vector<Event> set_time(Instant now) override;
  [[nodiscard]] Instant time() const override { return now_; }
  Reply execute(const Submission& submission) override;
  [[nodiscard]] std::vector<LevelView> levels(InstrumentId instrument, Side side) override;
  [[nodiscard]] std::vector<LevelView> combined(InstrumentId instrument, Side side) override;
  [[nodiscard]] PriceFinding indication(InstrumentId instrument) override;
  [[nodiscard]] CashView cash(AccountId account, Currency currency) override;
  [[nodiscard]] std::vector<HoldingView> holdings(AccountId account) override;
  [[nodiscard]] std::vector<SettlementView> settlements(AccountId account) override;
  [[nodiscard]] LotView lot(LotId lot) override;
  [[nodiscard]] DeviceView device(DeviceId device) override;
  [[nodiscard]] LineageView lineage(LotId lot) override;
  [[nodiscard]] Measured carried(DeviceId device, const std::string& carrier) override;
  [[nodiscard]] BalanceView balance(SiteId site) override;
  [[nodiscard]] std::vector<std::string> faults() override { return {}; }
  [[nodiscard]] bool is_core() const override { return false; }
  [[nodiscard]] std::vector<std::string> finish() override { return {}; }

 private:
  void connect_again();
  grpc::Status try_begin(std::uint64_t run, Instant now);
  std::vector<LevelView> read_book(InstrumentId instrument, Side side, bool combined);
  std::vector<Event> read_events(std::uint64_t at_least);
  grpc::Status submit(const Submission& submission, const std::string& token, v1::Answer& answer);
  Session& session_of(const Submission& submission, const std::string& token);
  void learn_tokens(const Command& command, const Answer& answer);
  [[nodiscard]] static v1::Reject const* reject_in(const v1::Answer& answer) {
    return answer.has_reject() ? &answer.reject() : nullptr;
  }

  template <class Context>
  static void prepare(Context& context, const std::string& token) {
    context.set_deadline(std::chrono::system_clock::now() + kDeadline);
    context.AddMetadata("authorization", "Bearer " + token);
  }
  // A query as the auditor sees it.
  template <class Stub, class Request, class Response>
  Response ask(Stub& stub,
               grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
               Request request) {
    request.set_at_least_sequence(seen_);
    grpc::ClientContext context;
    prepare(context, "auditor");
    Response response;
    const grpc::Status status = (stub.*method)(&context, request, &response);
    if (!status.ok()) throw FileMistake("the node answered: " + status.error_message());
    return response;
  }

  std::string address_;
  std::unique_ptr<v1::Admin::Stub> admin_;
  std::unique_ptr<v1::Accounts::Stub> accounts_;
  std::unique_ptr<v1::Registry::Stub> registry_;
  std::unique_ptr<v1::OrderEntry::Stub> orders_;
  std::unique_ptr<v1::MarketData::Stub> market_;
  std::unique_ptr<v1::ScenarioControl::Stub> control_;
  std::uint64_t run_ = 0;
  std::uint64_t seen_ = 0;  // sequence of the last command whose events were read
  Instant now_;
  std::map<UserId, std::string> tokens_;
  std::map<std::pair<UserId, ClientId>, Session> sessions_;
};

void ServerDriver::connect_again() {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 20);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 20);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  const auto channel =
      grpc::CreateCustomChannel(address_, grpc::InsecureChannelCredentials(), arguments);
  admin_ = v1::Admin::NewStub(channel);
  accounts_ = v1::Accounts::NewStub(channel);
  registry_ = v1::Registry::NewStub(channel);
  orders_ = v1::OrderEntry::NewStub(channel);
  market_ = v1::MarketData::NewStub(channel);
  control_ = v1::ScenarioControl::NewStub(channel);
}

grpc::Status ServerDriver::try_begin(std::uint64_t run, Instant now) {
  grpc::ClientContext context;
  prepare(context, kAdminToken);
  // Connections are made while calls wait, and only then.
  context.set_deadline(std::chrono::system_clock::now() + kConnectDeadline);
  context.set_wait_for_ready(true);
  v1::BeginRequest request;
  request.set_run(run);
  request.set_now(now.ns());
  v1::BeginResponse response;
  return control_->Begin(&context, request, &response);
}

std::string ServerDriver::probe() {
  // A run number that no earlier caller of this node has used.
  run_ = static_cast<std::uint64_t>(std::chrono::system_clock::now().time_since_epoch().count());
  const grpc::Status status = try_begin(++run_, Instant(start_of(*make_date(2026, 1, 1)).ns()));
  if (status.ok() || status.error_message().starts_with("the node begins anew")) return {};
  if (status.error_code() == grpc::StatusCode::UNIMPLEMENTED ||
      status.error_code() == grpc::StatusCode::UNAUTHENTICATED) {
    return "the node at " + address_ + " was not started with --scenario";
  }
  return "no node at " + address_ + ": " + status.error_message();
}

void ServerDriver::start(Instant now, bool bootstrapped) {
  if (!bootstrapped) throw NotOffered("a node bootstraps itself");
  ++run_;
  sessions_.clear();
  const auto deadline = std::chrono::steady_clock::now() + kBeginDeadline;
  while (true) {
    const grpc::Status status = try_begin(run_, now);
    if (status.ok()) break;
    if (std::chrono::steady_clock::now() > deadline) {
      throw FileMistake("the node does not begin anew: " + status.error_message());
    }
    std::this_thread::sleep_for(kPause);
  }
  now_ = now;
  seen_ = 0;
  tokens_ = {{UserId(1), kAdminToken}};
  static_cast<void>(read_events(0));
}

std::vector<Event> ServerDriver::read_events(std::uint64_t at_least) {
  grpc::ClientContext context;
  prepare(context, kAdminToken);
  v1::ReadEventsRequest request;
  request.set_after_sequence(seen_);
  request.set_at_least_sequence(at_least);
  v1::ReadEventsResponse response;
  const grpc::Status status = control_->ReadEvents(&context, request, &response);
  if (!status.ok()) throw FileMistake("the node answered: " + status.error_message());
  seen_ = response.sequence();
  std::vector<Event> events;
  const auto* data = reinterpret_cast<const std::uint8_t*>(response.events().data());
  const bool whole = for_each_event(
      data, response.events().size(), [&](const Event& event) { events.push_back(event); });
  if (!whole) throw FileMistake("the node's events cannot be read");
  return events;
}

std::vector<Event> ServerDriver::set_time(Instant now) {
  if (now < now_) throw FileMistake("the clock never goes back");
  grpc::ClientContext context;
  prepare(context, kAdminToken);
  v1::SetTimeRequest request;
  request.set_now(now.ns());
  v1::SetTimeResponse response;
  const grpc::Status status = control_->SetTime(&context, request, &response);
  if (!status.ok()) throw FileMistake("the node answered: " + status.error_message());
  now_ = now;
  return read_events(response.sequence());
}

Reply ServerDriver::execute(const Submission& submission) {
  if (!proto::is_public(submission.command))
    throw NotOffered("a command that the API does not carry");
  const auto token = tokens_.find(submission.principal);
  if (token == tokens_.end()) throw NotOffered("a user without a token");
  v1::Answer answer;
  const grpc::Status status = submit(submission, token->second, answer);
  Reply reply;
  if (!status.ok()) {
    if (status.error_code() != grpc::StatusCode::INVALID_ARGUMENT) {
      throw FileMistake("the node answered: " + status.error_message());
    }
    reply.answer.code = Reject::malformed;
    reply.answer.detail = status.error_message();
    return reply;
  }
  if (const v1::Reject* reject = reject_in(answer)) {
    reply.answer.code = static_cast<Reject>(reject->code());
    reply.answer.detail = reject->detail();
  }
  reply.answer.id = answer.id();
  reply.answer.filled = Quantity(answer.filled());
  reply.answer.open = Quantity(answer.open());
  reply.answer.proposed = answer.proposed();
  if (answer.sequence() != 0) reply.events = read_events(answer.sequence());
  learn_tokens(submission.command, reply.answer);
  return reply;
}

// An order that is to end with its client's session goes through the stream that the session is.
grpc::Status ServerDriver::submit(const Submission& submission,
                                  const std::string& token,
                                  v1::Answer& answer) {
  v1::Command message;
  proto::write_command(submission.command, message);
  message.set_client(submission.client.value());
  message.set_client_sequence(submission.client_sequence);
  const auto* order = std::get_if<PlaceOrder>(&submission.command);
  if (order == nullptr || !order->cancel_on_disconnect || !submission.client.is_set()) {
    grpc::ClientContext context;
    prepare(context, token);
    return admin_->Submit(&context, message, &answer);
  }
  Session& session = session_of(submission, token);
  v1::OrderFrame frame;
  *frame.add_commands() = message;
  v1::AnswerFrame answers;
  if (!session.stream->Write(frame) || !session.stream->Read(&answers) ||
      answers.answers_size() != 1)
    return {grpc::StatusCode::UNAVAILABLE, "the session's stream broke off"};
  answer = answers.answers(0);
  return grpc::Status::OK;
}

Session& ServerDriver::session_of(const Submission& submission, const std::string& token) {
  Session& session = sessions_[{submission.principal, submission.client}];
  if (session.stream == nullptr) {
    session.context.AddMetadata("authorization", "Bearer " + token);
    session.stream = orders_->Trade(&session.context);
  }
  return session;
}

void ServerDriver::learn_tokens(const Command& command, const Answer& answer) {
  if (!answer.ok()) return;
  if (const auto* create = std::get_if<CreateUser>(&command)) {
    tokens_[UserId(static_cast<std::uint32_t>(answer.id))] = text_of(create->token);
  } else if (const auto* replace = std::get_if<ReplaceToken>(&command)) {
    tokens_[replace->user] = text_of(replace->token);
  }
}

std::vector<LevelView> ServerDriver::levels(InstrumentId instrument, Side side) {
  return read_book(instrument, side, false);
}

std::vector<LevelView> ServerDriver::combined(InstrumentId instrument, Side side) {
  return read_book(instrument, side, true);
}

std::vector<LevelView> ServerDriver::read_book(InstrumentId instrument, Side side, bool combined) {
  v1::GetBookRequest request;
  request.set_instrument(instrument.value());
  request.set_depth(1000);
  request.set_combined(combined);
  const auto book = ask(*market_, &v1::MarketData::Stub::GetBook, request);
  std::vector<LevelView> views;
  for (const v1::Level& level : side == Side::buy ? book.bids() : book.asks()) {
    views.push_back({.price = Price(level.price()),
                     .open = Quantity(level.quantity()),
                     .orders = level.orders()});
  }
  return views;
}

PriceFinding ServerDriver::indication(InstrumentId instrument) {
  v1::GetIndicationRequest request;
  request.set_instrument(instrument.value());
  const auto answer = ask(*market_, &v1::MarketData::Stub::GetIndication, request);
  PriceFinding finding;
  if (answer.no_reference()) finding.outcome = PriceOutcome::no_reference;
  if (answer.volume() == 0) return finding;
  return {.outcome = PriceOutcome::found,
          .price = Price(answer.price()),
          .volume = Quantity(answer.volume()),
          .surplus_side = answer.surplus_side() == v1::SIDE_SELL ? Side::sell : Side::buy,
          .surplus = Quantity(answer.surplus())};
}

CashView ServerDriver::cash(AccountId account, Currency currency) {
  v1::ListBalancesRequest request;
  request.set_account(account.value());
  const auto answer = ask(*accounts_, &v1::Accounts::Stub::ListBalances, request);
  for (const v1::Balance& balance : answer.balances()) {
    if (balance.currency() == to_string(currency)) {
      return {.available = Cash(balance.available()),
              .reserved = Cash(balance.reserved()),
              .pending = Cash(balance.pending())};
    }
  }
  return {};
}

std::vector<SerialRange> ranges_of(
    const google::protobuf::RepeatedPtrField<v1::SerialRange>& told) {
  std::vector<SerialRange> ranges;
  for (const v1::SerialRange& range : told)
    ranges.push_back({.first = Serial(range.first()), .count = Units(range.count())});
  return ranges;
}

std::vector<HoldingView> ServerDriver::holdings(AccountId account) {
  v1::ListHoldingsRequest request;
  request.set_account(account.value());
  const auto answer = ask(*registry_, &v1::Registry::Stub::ListHoldings, request);
  std::vector<HoldingView> views;
  for (const v1::Holding& holding : answer.holdings()) {
    HoldingView& view = views.emplace_back();
    view.lot = LotId(static_cast<std::uint32_t>(holding.lot()));
    view.available = Units(holding.available());
    view.reserved = Units(holding.reserved());
    view.pending = Units(holding.pending());
    view.serials = print(ranges_of(holding.ranges()));
    view.frozen = print(ranges_of(holding.frozen_ranges()));
  }
  std::sort(views.begin(), views.end(), [](const auto& a, const auto& b) { return a.lot < b.lot; });
  return views;
}

std::vector<SettlementView> ServerDriver::settlements(AccountId account) {
  v1::ListSettlementsRequest request;
  request.set_account(account.value());
  const auto answer = ask(*accounts_, &v1::Accounts::Stub::ListSettlements, request);
  std::vector<SettlementView> views;
  for (const v1::PendingSettlement& settlement : answer.settlements()) {
    SettlementView& view = views.emplace_back();
    view = {.side = settlement.side() == v1::SIDE_SELL ? Side::sell : Side::buy,
            .cash = Cash(settlement.cash()),
            .fee = Cash(settlement.fee()),
            .due = Instant(settlement.due())};
    for (const v1::PendingDelivery& delivery : settlement.deliveries())
      view.deliveries.emplace_back(LotId(static_cast<std::uint32_t>(delivery.lot())),
                                   Units(delivery.units()));
  }
  return views;
}

Date date_of_text(const std::string& text) {
  return text.empty() ? kNever : parse_date(text).value_or(Date());
}

// Where none is told.
Date day_if_any(const std::string& text) {
  return text.empty() ? Date() : date_of_text(text);
}

LotView ServerDriver::lot(LotId id) {
  v1::GetLotRequest request;
  request.set_lot(id.value());
  const v1::Lot lot = ask(*registry_, &v1::Registry::Stub::GetLot, request).lot();
  std::map<std::string, std::string> attributes;
  for (const v1::Field& attribute : lot.attributes()) {
    std::string& text = attributes[attribute.name()];
    text += (text.empty() ? "" : ";") + attribute.value();
  }
  return {.registry = RegistryId(static_cast<std::uint32_t>(lot.registry())),
          .device = DeviceId(static_cast<std::uint32_t>(lot.device())),
          .issued_on = date_of_text(lot.issued_on()),
          .transferable_until = date_of_text(lot.transferable_until()),
          .cancellable_until = date_of_text(lot.cancellable_until()),
          .issued = Units(lot.issued()),
          .held = Units(lot.held()),
          .cancelled = Units(lot.cancelled()),
          .expired = Units(lot.expired()),
          .withdrawn = Units(lot.withdrawn()),
          .voided = Units(lot.voided()),
          .claimed = Units(lot.claimed()),
          .frozen = Units(lot.frozen()),
          .flagged = WithdrawalId(static_cast<std::uint32_t>(lot.flagged())),
          .captured_co2 = Measured(lot.captured_co2()),
          .first_serial = lot.first_serial(),
          .attributes = std::move(attributes)};
}

DeviceView ServerDriver::device(DeviceId id) {
  v1::GetDeviceRequest request;
  request.set_device(id.value());
  const v1::GetDeviceResponse answer = ask(*registry_, &v1::Registry::Stub::GetDevice, request);
  const v1::Device& device = answer.device();
  DeviceView view{.producer = ParticipantId(static_cast<std::uint32_t>(device.producer())),
                  .name = device.name(),
                  .carriers = {device.carriers().begin(), device.carriers().end()},
                  .start = date_of_text(device.start()),
                  .last_day = day_if_any(device.last_day()),
                  .fields = {},
                  .approved = device.approved(),
                  .suspended = device.suspended(),
                  .waiting = DeviceChangeId(static_cast<std::uint32_t>(device.waiting().change())),
                  .history = {}};
  for (const v1::Field& field : device.fields())
    view.fields.emplace_back(field.name(), field.value());
  for (const v1::DeviceVersion& version : answer.history()) {
    view.history.push_back(
        {.valid_from = day_if_any(version.valid_from()),
         .producer = ParticipantId(static_cast<std::uint32_t>(version.producer())),
         .name = version.name(),
         .change = DeviceChangeId(static_cast<std::uint32_t>(version.change())),
         .asked_by = UserId(static_cast<std::uint32_t>(version.asked_by())),
         .approved_by = UserId(static_cast<std::uint32_t>(version.approved_by()))});
  }
  return view;
}

LineageView ServerDriver::lineage(LotId id) {
  v1::GetLineageRequest request;
  request.set_lot(id.value());
  const v1::GetLineageResponse lineage = ask(*registry_, &v1::Registry::Stub::GetLineage, request);
  LineageView view;
  const auto add = [](const v1::LineageStep& step, std::vector<LineageStepView>& steps) {
    steps.push_back(
        {.kind = boost::describe::enum_to_string(static_cast<LineageKind>(step.kind()), "?"),
         .input = LotId(static_cast<std::uint32_t>(step.input())),
         .units = Units(step.units()),
         .captured_co2 = Measured(step.captured_co2())});
  };
  for (const v1::LineageStep& step : lineage.upstream()) add(step, view.upstream);
  for (const v1::LineageStep& step : lineage.downstream()) add(step, view.downstream);
  for (const v1::CarbonOrigin& origin : lineage.origins()) {
    std::string words;
    for (const int source : origin.sources())
      words += std::string(words.empty() ? "" : ";") +
               boost::describe::enum_to_string(static_cast<Co2Source>(source), "?");
    view.origins.emplace_back(words, Measured(origin.mass()));
  }
  view.complete = lineage.complete();
  return view;
}

Measured ServerDriver::carried(DeviceId id, const std::string& carrier) {
  v1::GetDeviceRequest request;
  request.set_device(id.value());
  const v1::Device device = ask(*registry_, &v1::Registry::Stub::GetDevice, request).device();
  Measured sum;
  for (const v1::Carried& one : device.carried()) {
    if (one.carrier() == carrier) sum += Measured(one.amount());
  }
  return sum;
}

BalanceView ServerDriver::balance(SiteId id) {
  v1::ListSitesRequest all;
  const auto sites = ask(*registry_, &v1::Registry::Stub::ListSites, all);
  const bool booked =
      std::any_of(sites.sites().begin(), sites.sites().end(), [&](const auto& site) {
        return site.site() == id.value() && site.has_newest_period();
      });
  BalanceView view;
  if (!booked) return view;
  v1::GetSiteBalanceRequest request;
  request.set_site(id.value());
  const v1::SiteBalance balance =
      ask(*registry_, &v1::Registry::Stub::GetSiteBalance, request).balance();
  const auto left = [&](const auto& line) {
    return Measured(balance.closed() ? line.carried_out() : line.left());
  };
  view.period = {.first = date_of_text(balance.period().first()),
                 .last = date_of_text(balance.period().last())};
  view.closed = balance.closed();
  view.gas = left(balance.gas());
  for (const v1::ProofLine& line : balance.proofs()) {
    if (left(line).is_positive()) view.proofs[line.proof()] = left(line);
  }
  return view;
}

}  // namespace

std::unique_ptr<Driver> connect(const std::string& address, std::string& error) {
  google::protobuf::SetLogHandler(nullptr);  // it reports the malformed text that scenarios send
  auto driver = std::make_unique<ServerDriver>(address);
  error = driver->probe();
  if (!error.empty()) return nullptr;
  return driver;
}

}  // namespace origo::scenario
