#include <chrono>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "gateway/grpc/audit_export.h"
#include "gateway/grpc/audit_stream.h"
#include "gateway/grpc/pages.h"
#include "gateway/grpc/raw_service.h"
#include "gateway/grpc/services.h"
#include "gateway/node/journal_period.h"
#include "gateway/node/register_balance.h"
#include "gateway/node/register_statistics.h"
#include "origo/v1/reports.grpc.pb.h"

namespace origo::gateway {
namespace {

constexpr std::chrono::seconds kHistoryPatience{5};  // for history and ledger to be at one command
constexpr std::chrono::milliseconds kHistoryPause{1};  // between two looks

// Of the flows' units, as they are or as an amount.
template <class Measure>
void write(const RegisterFlows& flows, Measure measure, v1::RegisterFlows& out) {
  out.set_opening(measure(flows.opening));
  out.set_issued(measure(flows.issued));
  out.set_entered_otherwise(measure(flows.entered_otherwise));
  out.set_transferred(measure(flows.transferred));
  out.set_traded(measure(flows.traded));
  out.set_cancelled(measure(flows.cancelled));
  out.set_converted(measure(flows.converted));
  out.set_expired(measure(flows.expired));
  out.set_withdrawn(measure(flows.withdrawn));
  out.set_left_otherwise(measure(flows.left_otherwise));
  out.set_voided(measure(flows.voided));
  out.set_closing(measure(flows.closing()));
}

void write(const Registry& registry, const RegisterMonth& month, v1::RegisterMonth& out) {
  const RegisterKind& kind = month.kind;
  const RegistryBook& book = registry.get(kind.registry);
  out.set_registry(kind.registry.value());
  out.set_registry_code(book.code);
  out.set_scheme(book.scheme);
  out.set_month(month_text(month.month));
  out.set_carrier(kind.carrier);
  out.set_country(kind.country);
  out.set_dimension(static_cast<v1::Dimension>(kind.dimension));
  out.set_unit_size(kind.unit_size);
  const auto units = [](Units of) { return of.value(); };
  const auto amounts = [&](Units of) { return amount_of(of, kind.unit_size); };
  write(month.flows, units, *out.mutable_units());
  write(month.flows, amounts, *out.mutable_amounts());
}

void write(const Registry& registry, const RegisterBalance& balance, v1::RegisterBalance& out) {
  const RegisterKind& kind = balance.kind;
  out.set_registry(kind.registry.value());
  out.set_registry_code(registry.get(kind.registry).code);
  out.set_carrier(kind.carrier);
  out.set_country(kind.country);
  out.set_dimension(static_cast<v1::Dimension>(kind.dimension));
  out.set_unit_size(kind.unit_size);
  out.set_stock(balance.stock.value());
  out.set_held(balance.held.value());
  out.set_issued(balance.statistics.issued.value());
  out.set_cancelled(balance.statistics.cancelled.value());
  out.set_expired(balance.statistics.expired.value());
  out.set_withdrawn(balance.statistics.withdrawn.value());
  out.set_ledger_issued(balance.ledger.issued.value());
  out.set_ledger_cancelled(balance.ledger.cancelled.value());
  out.set_ledger_expired(balance.ledger.expired.value());
  out.set_ledger_withdrawn(balance.ledger.withdrawn.value());
  out.set_agrees(balance.agrees());
}

grpc::Status unreadable_history(const storage::Status& status) {
  return {grpc::StatusCode::DATA_LOSS, "history: " + status.message};
}

class ReportsService final : public RawService<v1::Reports::Service> {
 public:
  explicit ReportsService(const ServiceParts& parts) : RawService(parts.calls), parts_(parts) {
    query<v1::ListRegisterStatisticsRequest, v1::ListRegisterStatisticsResponse>(
        "ListRegisterStatistics", [this](auto&... all) { return list_statistics(all...); });
    query<v1::ReconcileRegisterRequest, v1::ReconcileRegisterResponse>(
        "ReconcileRegister",
        [](auto&... all) { return may_audit(all...); },
        [this](auto&... all) { return reconcile_register(all...); });
    query<v1::GetJournalChainRequest, v1::GetJournalChainResponse>(
        "GetJournalChain",
        [](auto&... all) { return may_audit(all...); },
        [this](auto&... all) { return get_chain(all...); });
    server_stream("ExportAudit",
                  [this](grpc::CallbackServerContext* context, const grpc::ByteBuffer* in) {
                    return start_export(*context, *in);
                  });
  }

 private:
  grpc::Status list_statistics(const Viewer& viewer,
                               const v1::ListRegisterStatisticsRequest& request,
                               v1::ListRegisterStatisticsResponse& response) const {
    const Registry& registry = viewer.exchange().registry();
    WantedMonths wanted{.carrier = request.carrier(), .country = request.country()};
    if (request.registry() != 0) {
      const RegistryBook* const book = find_by<RegistryId>(registry, request.registry());
      if (book == nullptr) return not_found("registry");
      wanted.registry = book->id;
    }
    if (!request.from().empty()) {
      const auto from = parse_month(request.from());
      if (!from) return invalid("from: must be a month, e.g. 2026-01");
      wanted.from = *from;
    }
    if (!request.to().empty()) {
      const auto to = parse_month(request.to());
      if (!to || *to < wanted.from)
        return invalid("to: must be a month, e.g. 2026-01, not before from");
      wanted.to = *to;
    }
    if (!is_month_token(request.page_token()))
      return invalid("page_token: must be the next_page_token of an answer");
    const auto found = parts_.node.history.registers().months(
        wanted, {.begin = request.page_token(), .limit = page_size(request.page_size())});
    if (!found.ok()) return unreadable_history(found.status);
    for (const RegisterMonth& month : found.value.entries)
      write(registry, month, *response.add_months());
    response.set_next_page_token(found.value.next);
    return grpc::Status::OK;
  }

  template <class Request, class Response>
  static grpc::Status may_audit(const Viewer& viewer, const Request&, const Response&) {
    if (viewer.sees_all()) return grpc::Status::OK;
    return {grpc::StatusCode::PERMISSION_DENIED, "needs the role auditor or admin of the node"};
  }

  // History follows the ledger within moments; both are compared at one command.
  grpc::Status reconcile_register(const v1::ReconcileRegisterRequest&,
                                  v1::ReconcileRegisterResponse& response) const {
    const auto deadline = std::chrono::steady_clock::now() + kHistoryPatience;
    std::optional<grpc::Status> status;
    while (!status) {
      const ReadOutcome outcome = parts_.node.reader.read(
          Sequence(), deadline, [&](const Exchange& exchange, Sequence sequence) {
            if (parts_.node.history.sequence() != sequence) return;
            status = compare(exchange, sequence, response);
          });
      if (outcome != ReadOutcome::done)
        return {grpc::StatusCode::UNAVAILABLE, "the node is ending"};
      if (!status && std::chrono::steady_clock::now() > deadline)
        return {grpc::StatusCode::UNAVAILABLE, "the history is behind the ledger: try again"};
      if (!status) std::this_thread::sleep_for(kHistoryPause);
    }
    return *status;
  }

  grpc::Status compare(const Exchange& exchange,
                       Sequence sequence,
                       v1::ReconcileRegisterResponse& response) const {
    const auto totals = parts_.node.history.registers().totals();
    if (!totals.ok()) return unreadable_history(totals.status);
    response.set_sequence(sequence.value());
    response.set_agrees(true);
    for (const RegisterBalance& balance : reconcile(exchange, totals.value)) {
      write(exchange.registry(), balance, *response.add_balances());
      if (!balance.agrees()) response.set_agrees(false);
    }
    return grpc::Status::OK;
  }

  grpc::Status get_chain(const v1::GetJournalChainRequest& request,
                         v1::GetJournalChainResponse& response) const {
    if (parts_.node.journal == nullptr) return not_kept();
    const Sequence newest = parts_.node.history.sequence();
    const Sequence asked = request.command() == 0 ? newest : Sequence(request.command());
    if (asked > newest) return not_found("command");
    const auto tail = tail_at(*parts_.node.journal, asked);
    if (!tail.ok()) return {grpc::StatusCode::DATA_LOSS, tail.status.message};
    if (tail.value.sequence != asked.value())
      return {grpc::StatusCode::NOT_FOUND, "command: must be the last of a batch"};
    response.set_command(asked.value());
    response.set_chain(tail.value.chain.data(), tail.value.chain.size());
    return grpc::Status::OK;
  }

  static grpc::Status not_kept() {
    return {grpc::StatusCode::UNIMPLEMENTED, "this node keeps no journal"};
  }

  grpc::ServerWriteReactor<grpc::ByteBuffer>* start_export(grpc::CallbackServerContext& context,
                                                           const grpc::ByteBuffer& in) {
    v1::ExportAuditRequest request;
    grpc::Status status = parse(in, request);
    Caller caller;
    if (status.ok()) {
      caller = calls_.authenticator().identify(context);
      status = caller.status;
    }
    const auto from = parse_date(request.from());
    const auto to = parse_date(request.to());
    if (status.ok() && !from) status = invalid("from: must be a date, e.g. 2026-01-31");
    if (status.ok() && (!to || *to < *from))
      status = invalid("to: must be a date, e.g. 2026-01-31, not before from");
    if (status.ok() && Sequence(request.at_least_sequence()) > parts_.node.live_sequence())
      status = {grpc::StatusCode::OUT_OF_RANGE,
                "at_least_sequence: no command has this number yet"};
    if (status.ok() && parts_.node.journal == nullptr) status = not_kept();
    // Whoever may not is told at once, and takes no place among those who wait.
    if (status.ok() && parts_.node.reader.sequence() >= Sequence(request.at_least_sequence()))
      status = admit_auditor(caller.user, Sequence());
    auto* const stream =
        new AuditStream(context, [this, caller, request, from, to](const AuditStream::Sink& sink) {
          grpc::Status allowed = admit_auditor(caller.user, Sequence(request.at_least_sequence()));
          return allowed.ok() ? export_audit(parts_.node, *from, *to, sink) : allowed;
        });
    if (!status.ok() || !audits_.take(stream)) {
      stream->refuse(status.ok() ? grpc::Status(grpc::StatusCode::RESOURCE_EXHAUSTED,
                                                "too many exports wait: try again")
                                 : status);
    }
    return stream;
  }

  grpc::Status admit_auditor(UserId user, Sequence at_least) const {
    const auto deadline = std::chrono::steady_clock::now() + kHistoryPatience;
    grpc::Status status(grpc::StatusCode::DEADLINE_EXCEEDED,
                        "at_least_sequence: not reached in time");
    (void)parts_.node.reader.read(at_least, deadline, [&](const Exchange& exchange, Sequence) {
      const User* const known = exchange.parties().find(user);
      const v1::ExportAuditRequest none;
      if (known != nullptr) status = may_audit(Viewer(exchange, *known), none, none);
    });
    return status;
  }

  const ServiceParts parts_;
  AuditWorker audits_;
};

}  // namespace

std::unique_ptr<grpc::Service> make_reports(const ServiceParts& parts) {
  return std::make_unique<ReportsService>(parts);
}

}  // namespace origo::gateway
