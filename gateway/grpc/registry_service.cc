#include <algorithm>
#include <chrono>
#include <optional>
#include <vector>

#include "engine/core/date.h"
#include "engine/market/settlements.h"
#include "engine/registry/lineage.h"
#include "gateway/grpc/balance_queries.h"
#include "gateway/grpc/pages.h"
#include "gateway/grpc/raw_service.h"
#include "gateway/grpc/registry_views.h"
#include "gateway/grpc/services.h"
#include "gateway/statement/document.h"
#include "origo/v1/registry.grpc.pb.h"
#include "proto/codec/schemes.h"

namespace origo::gateway {
namespace {

using registry_views::text_of;
using registry_views::write;

constexpr std::size_t kLineageMax = 1'000;
constexpr std::size_t kVersionsShown = 20;    // of a device
constexpr std::chrono::seconds kPatience{5};  // for the state to be readable

grpc::Status damaged_history(const storage::Status& status) {
  return {grpc::StatusCode::DATA_LOSS, "history: " + status.message};
}

class RegistryService final : public RawService<v1::Registry::Service> {
 public:
  explicit RegistryService(const ServiceParts& parts) : RawService(parts.calls), parts_(parts) {
    command<v1::LoadScheme>("LoadScheme");
    command<v1::CreateRegistry>("CreateRegistry");
    command<v1::RegisterDevice>("RegisterDevice");
    command<v1::ApproveDevice>("ApproveDevice");
    command<v1::ChangeDevice>("ChangeDevice");
    command<v1::ApproveDeviceChange>("ApproveDeviceChange");
    command<v1::RefuseDeviceChange>("RefuseDeviceChange");
    command<v1::SuspendDevice>("SuspendDevice");
    command<v1::DeclareProduction>("DeclareProduction");
    command<v1::RequestIssuance>("RequestIssuance");
    command<v1::ApproveIssuance>("ApproveIssuance");
    command<v1::TransferCertificates>("TransferCertificates");
    command<v1::CancelCertificates>("CancelCertificates");
    command<v1::RecordEvidence>("RecordEvidence");
    command<v1::WithdrawCertificates>("WithdrawCertificates");
    command<v1::FreezeCertificates>("FreezeCertificates");
    command<v1::CorrectDeclaration>("CorrectDeclaration");
    command<v1::ConvertCertificates>("ConvertCertificates");
    command<v1::ClaimUse>("ClaimUse");
    command<v1::OpenSite>("OpenSite");
    command<v1::ApproveSite>("ApproveSite");
    command<v1::BookInput>("BookInput");
    command<v1::BookOutput>("BookOutput");
    command<v1::TakeIntoBalance>("TakeIntoBalance");
    command<v1::SplitProof>("SplitProof");
    query<v1::ListSitesRequest, v1::ListSitesResponse>("ListSites", list_sites);
    query<v1::GetSiteBalanceRequest, v1::GetSiteBalanceResponse>("GetSiteBalance",
                                                                 get_site_balance);
    query<v1::ListBookingsRequest, v1::ListBookingsResponse>("ListBookings", list_bookings);
    command<v1::RecordCarbonSources>("RecordCarbonSources");
    query<v1::ListSchemesRequest, v1::ListSchemesResponse>("ListSchemes", list_schemes);
    query<v1::GetSchemeRequest, v1::GetSchemeResponse>("GetScheme", get_scheme);
    query<v1::ListRegistriesRequest, v1::ListRegistriesResponse>("ListRegistries", list_registries);
    query<v1::GetCancellationRequest, v1::GetCancellationResponse>(
        "GetCancellation", [this](auto&... all) { return get_cancellation(all...); });
    query<v1::GetStatementDocumentRequest, v1::GetStatementDocumentResponse>(
        "GetStatementDocument",
        [](auto&...) { return grpc::Status::OK; },
        [this](auto&... all) { return get_statement_document(all...); });
    query<v1::GetDeviceRequest, v1::GetDeviceResponse>("GetDevice", get_device);
    query<v1::ListDevicesRequest, v1::ListDevicesResponse>("ListDevices", list_devices);
    query<v1::ListDeviceChangesRequest, v1::ListDeviceChangesResponse>("ListDeviceChanges",
                                                                       list_device_changes);
    query<v1::GetDeclarationRequest, v1::GetDeclarationResponse>("GetDeclaration", get_declaration);
    query<v1::ListDeclarationsRequest, v1::ListDeclarationsResponse>("ListDeclarations",
                                                                     list_declarations);
    query<v1::GetLotRequest, v1::GetLotResponse>("GetLot", get_lot);
    query<v1::ListLotsRequest, v1::ListLotsResponse>("ListLots", list_lots);
    query<v1::GetLineageRequest, v1::GetLineageResponse>("GetLineage", get_lineage);
    query<v1::ListWithdrawalsRequest, v1::ListWithdrawalsResponse>("ListWithdrawals",
                                                                   list_withdrawals);
    query<v1::ListLotEventsRequest, v1::ListLotEventsResponse>(
        "ListLotEvents", [this](auto&... all) { return list_lot_events(all...); });
    query<v1::ListHoldingsRequest, v1::ListHoldingsResponse>("ListHoldings", list_holdings);
    query<v1::ListCancellationsRequest, v1::ListCancellationsResponse>(
        "ListCancellations", [this](auto&... all) { return list_cancellations(all...); });
    query<v1::ListClaimsRequest, v1::ListClaimsResponse>(
        "ListClaims", [this](auto&... all) { return list_claims(all...); });
  }

 private:
  static grpc::Status list_schemes(const Viewer& viewer,
                                   const v1::ListSchemesRequest& request,
                                   v1::ListSchemesResponse& response) {
    const std::vector<Scheme>& schemes = viewer.exchange().registry().schemes;
    const auto number = [&](const Scheme& scheme) {
      return static_cast<std::uint64_t>(&scheme - schemes.data()) + 1;
    };
    return page(request, response, schemes, number, [&](const Scheme& scheme) {
      v1::SchemeSummary& out = *response.add_schemes();
      out.set_scheme(number(scheme));
      out.set_code(scheme.code);
      out.set_name(scheme.name);
      out.set_valid_from(text_of(scheme.valid_from));
      out.set_valid_to(text_of(scheme.valid_to));
      return true;
    });
  }

  static grpc::Status get_scheme(const Viewer& viewer,
                                 const v1::GetSchemeRequest& request,
                                 v1::GetSchemeResponse& response) {
    const std::vector<Scheme>& schemes = viewer.exchange().registry().schemes;
    std::optional<Date> day;
    if (!request.day().empty()) {
      day = parse_date(request.day());
      if (!day) return invalid("day: must be a date like 2026-01-31");
    }
    const auto newest = std::find_if(schemes.rbegin(), schemes.rend(), [&](const Scheme& scheme) {
      return scheme.code == request.code() &&
             (!day || (scheme.valid_from <= *day && *day <= scheme.valid_to));
    });
    if (newest == schemes.rend()) return not_found("code");
    proto::write_scheme(*newest, *response.mutable_scheme());
    return grpc::Status::OK;
  }

  static grpc::Status list_registries(const Viewer& viewer,
                                      const v1::ListRegistriesRequest& request,
                                      v1::ListRegistriesResponse& response) {
    return page_by_id(
        request, response, viewer.exchange().registry().books, [&](const RegistryBook& book) {
          v1::RegistryDomain& out = *response.add_registries();
          out.set_registry(book.id.value());
          out.set_code(book.code);
          out.set_name(book.name);
          out.set_scheme(book.scheme);
          out.set_country(book.country);
          return true;
        });
  }

  static grpc::Status get_device(const Viewer& viewer,
                                 const v1::GetDeviceRequest& request,
                                 v1::GetDeviceResponse& response) {
    const Device* device = find_by<DeviceId>(viewer.exchange().registry(), request.device());
    if (device == nullptr || !viewer.sees(*device)) return not_found("device");
    write(viewer.exchange(), *device, *response.mutable_device());
    const std::vector<DeviceVersion>& versions = device->versions;
    for (std::size_t i = versions.size() - std::min(versions.size(), kVersionsShown);
         i < versions.size();
         ++i)
      write(versions[i], *response.add_history());
    return grpc::Status::OK;
  }

  static grpc::Status list_device_changes(const Viewer& viewer,
                                          const v1::ListDeviceChangesRequest& request,
                                          v1::ListDeviceChangesResponse& response) {
    const Device* device = find_by<DeviceId>(viewer.exchange().registry(), request.device());
    if (device == nullptr || !viewer.sees(*device)) return not_found("device");
    const std::vector<DeviceVersion>& versions = device->versions;
    const auto number = [&](const DeviceVersion& version) {
      return static_cast<std::uint64_t>(&version - versions.data()) + 1;
    };
    return page(request, response, versions, number, [&](const DeviceVersion& version) {
      write(version, *response.add_versions());
      return true;
    });
  }

  static grpc::Status list_devices(const Viewer& viewer,
                                   const v1::ListDevicesRequest& request,
                                   v1::ListDevicesResponse& response) {
    const Exchange& exchange = viewer.exchange();
    const Date today = date_of(exchange.time());
    return page_by_id(request, response, exchange.registry().devices, [&](const Device& device) {
      if (request.registry() != 0 && device.registry.value() != request.registry()) return false;
      if (request.producer() != 0 && device.on(today).producer.value() != request.producer())
        return false;
      if (request.waiting() && !device.waiting.is_set()) return false;
      if (!viewer.sees(device)) return false;
      write(exchange, device, *response.add_devices());
      return true;
    });
  }

  static grpc::Status get_declaration(const Viewer& viewer,
                                      const v1::GetDeclarationRequest& request,
                                      v1::GetDeclarationResponse& response) {
    const Exchange& exchange = viewer.exchange();
    const Declaration* declaration =
        find_by<DeclarationId>(exchange.registry(), request.declaration());
    if (declaration == nullptr || !viewer.sees(*declaration)) return not_found("declaration");
    write(exchange, *declaration, *response.mutable_declaration());
    return grpc::Status::OK;
  }

  static grpc::Status list_declarations(const Viewer& viewer,
                                        const v1::ListDeclarationsRequest& request,
                                        v1::ListDeclarationsResponse& response) {
    if (request.has_state() && (request.state() < 1 || request.state() > 3)) {
      return invalid("state: must be a known value, not unspecified");
    }
    const Exchange& exchange = viewer.exchange();
    return page_by_id(
        request, response, exchange.registry().declarations, [&](const Declaration& declaration) {
          if (request.device() != 0 && declaration.device.value() != request.device()) return false;
          if (request.has_state() && static_cast<int>(declaration.state) != request.state())
            return false;
          const Device* device = exchange.registry().find(declaration.device);
          if (request.registry() != 0 && device->registry.value() != request.registry())
            return false;
          if (!viewer.sees(declaration)) return false;
          write(exchange, declaration, *response.add_declarations());
          return true;
        });
  }

  static grpc::Status get_lot(const Viewer& viewer,
                              const v1::GetLotRequest& request,
                              v1::GetLotResponse& response) {
    const Lot* lot = find_by<LotId>(viewer.exchange().registry(), request.lot());
    if (lot == nullptr || !viewer.sees(*lot)) return not_found("lot");
    write(viewer.exchange(), *lot, *response.mutable_lot());
    return grpc::Status::OK;
  }

  static grpc::Status list_lots(const Viewer& viewer,
                                const v1::ListLotsRequest& request,
                                v1::ListLotsResponse& response) {
    return page_by_id(request, response, viewer.exchange().registry().lots, [&](const Lot& lot) {
      if (request.registry() != 0 && lot.registry.value() != request.registry()) return false;
      if (request.device() != 0 && lot.device.value() != request.device()) return false;
      if (!viewer.sees(lot)) return false;
      write(viewer.exchange(), lot, *response.add_lots());
      return true;
    });
  }

  static grpc::Status get_lineage(const Viewer& viewer,
                                  const v1::GetLineageRequest& request,
                                  v1::GetLineageResponse& response) {
    const Lot* lot = find_by<LotId>(viewer.exchange().registry(), request.lot());
    if (lot == nullptr || !viewer.sees(*lot)) return not_found("lot");
    const Exchange& exchange = viewer.exchange();
    const Lineage lineage = trace(exchange.registry(), exchange.vocabulary(), lot->id, kLineageMax);
    for (const LineageStep& step : lineage.upstream)
      write(exchange.registry(), step, *response.add_upstream());
    for (const LineageStep& step : lineage.downstream)
      write(exchange.registry(), step, *response.add_downstream());
    response.set_complete(lineage.complete);
    for (const CarbonOrigin& origin : lineage.origins) write(origin, *response.add_origins());
    return grpc::Status::OK;
  }

  static grpc::Status list_withdrawals(const Viewer& viewer,
                                       const v1::ListWithdrawalsRequest& request,
                                       v1::ListWithdrawalsResponse& response) {
    const Registry& registry = viewer.exchange().registry();
    return page_by_id(request, response, registry.withdrawals, [&](const Withdrawal& withdrawal) {
      if (request.lot() != 0 && withdrawal.lot.value() != request.lot()) return false;
      if (!viewer.sees(registry.get(withdrawal.lot))) return false;
      write(withdrawal, *response.add_withdrawals());
      return true;
    });
  }

  grpc::Status list_lot_events(const Viewer& viewer,
                               const v1::ListLotEventsRequest& request,
                               v1::ListLotEventsResponse& response) const {
    const Registry& registry = viewer.exchange().registry();
    const Lot* lot = find_by<LotId>(registry, request.lot());
    if (lot == nullptr || !viewer.sees(*lot)) return not_found("lot");
    const auto after = request.page_token().empty() ? 0 : parse_uint64(request.page_token());
    if (!after) return invalid("page_token: must be the next_page_token of an answer");
    const std::size_t size = page_size(request.page_size());
    const auto entries = parts_.node.history.lot(lot->id, {.after = *after, .limit = size});
    if (!entries.ok()) return damaged_history(entries.status);
    for (const LotEntry& entry : entries.value)
      write(registry, *lot, entry, *response.add_events());
    if (entries.value.size() == size) {
      response.set_next_page_token(std::to_string(entries.value.back().sequence.value()));
    }
    return grpc::Status::OK;
  }

  static grpc::Status list_holdings(const Viewer& viewer,
                                    const v1::ListHoldingsRequest& request,
                                    v1::ListHoldingsResponse& response) {
    const Exchange& exchange = viewer.exchange();
    const Account* account = find_by<AccountId>(exchange.parties(), request.account());
    if (account == nullptr || !viewer.sees(*account)) return not_found("account");
    std::vector<const Holding*> holdings;
    exchange.holdings().for_each_of(
        account->id, [&](HoldingSlot slot) { holdings.push_back(&exchange.holdings().get(slot)); });
    const auto by_lot = [](const Holding* holding) {
      return static_cast<std::uint64_t>(holding->lot.value());
    };
    std::ranges::sort(holdings, {}, by_lot);
    const PendingSums pending = pending_sums(exchange.market(), account->id);
    return page(request, response, holdings, by_lot, [&](const Holding* holding) {
      write(exchange, pending, *holding, *response.add_holdings());
      return true;
    });
  }

  grpc::Status get_cancellation(const Viewer& viewer,
                                const v1::GetCancellationRequest& request,
                                v1::GetCancellationResponse& response) const {
    auto entry = parts_.node.history.statement(CancellationId(request.cancellation()));
    if (!entry.ok()) return damaged_history(entry.status);
    if (!entry.value.has_value()) return not_found("cancellation");
    const storage::Status told =
        tell_since(viewer.exchange().registry(), parts_.node.history, *entry.value);
    if (!told.ok()) return damaged_history(told);
    write(*entry.value, parts_.node.public_url, *response.mutable_statement());
    return grpc::Status::OK;
  }

  grpc::Status get_statement_document(const v1::GetStatementDocumentRequest& request,
                                      v1::GetStatementDocumentResponse& response) const {
    if (request.format() < v1::DOCUMENT_FORMAT_JSON || request.format() > v1::DOCUMENT_FORMAT_PDF) {
      return invalid("format: must be a known value, not unspecified");
    }
    auto entry = parts_.node.history.statement(CancellationId(request.cancellation()));
    if (!entry.ok()) return damaged_history(entry.status);
    if (!entry.value.has_value()) return not_found("cancellation");
    storage::Status told;
    const ReadOutcome outcome = parts_.node.reader.read(
        Sequence(),
        std::chrono::steady_clock::now() + kPatience,
        [&](const Exchange& exchange, Sequence) {
          told = tell_since(exchange.registry(), parts_.node.history, *entry.value);
        });
    if (outcome != ReadOutcome::done) return {grpc::StatusCode::UNAVAILABLE, "the node is ending"};
    if (!told.ok()) return damaged_history(told);
    constexpr int kFirst = v1::DOCUMENT_FORMAT_JSON;
    Document document = make_document(*entry.value,
                                      parts_.node.public_url,
                                      static_cast<DocumentFormat>(request.format() - kFirst));
    response.set_document(std::move(document.bytes));
    response.set_media_type(document.media_type);
    response.set_file_name(document.file_name);
    return grpc::Status::OK;
  }

  // The account of that number, if the viewer sees it; 0: any, unset.
  static std::optional<AccountId> account_in_reach(const Viewer& viewer, std::uint64_t number) {
    if (number == 0) return AccountId();
    const Account* found = find_by<AccountId>(viewer.exchange().parties(), number);
    if (found == nullptr || !viewer.sees(*found)) return std::nullopt;
    return found->id;
  }

  grpc::Status list_cancellations(const Viewer& viewer,
                                  const v1::ListCancellationsRequest& request,
                                  v1::ListCancellationsResponse& response) const {
    const Exchange& exchange = viewer.exchange();
    const std::optional<AccountId> account = account_in_reach(viewer, request.account());
    if (!account) return not_found("account");
    const auto after = request.page_token().empty() ? 0 : parse_uint64(request.page_token());
    if (!after) return invalid("page_token: must be the next_page_token of an answer");
    const std::size_t size = page_size(request.page_size());
    auto entries = parts_.node.history.statements(*account, {.after = *after, .limit = size});
    if (!entries.ok()) return damaged_history(entries.status);
    for (StatementEntry& entry : entries.value) {
      const Account* holder = exchange.parties().find(entry.account);
      if (holder == nullptr || !viewer.sees(*holder)) continue;
      const storage::Status told =
          tell_since(exchange.registry(), parts_.node.history, entry, kClaimsInList);
      if (!told.ok()) return damaged_history(told);
      write(entry, parts_.node.public_url, *response.add_statements());
    }
    if (entries.value.size() == size) {
      response.set_next_page_token(std::to_string(entries.value.back().cancellation.value()));
    }
    return grpc::Status::OK;
  }

  grpc::Status list_claims(const Viewer& viewer,
                           const v1::ListClaimsRequest& request,
                           v1::ListClaimsResponse& response) const {
    const Exchange& exchange = viewer.exchange();
    if (request.account() != 0 && request.cancellation() != 0)
      return invalid("cancellation: must not be given together with account");
    const CancellationId cancellation(request.cancellation());
    if (cancellation.is_set() && exchange.registry().find(cancellation) == nullptr)
      return not_found("cancellation");
    const std::optional<AccountId> account = account_in_reach(viewer, request.account());
    if (!account) return not_found("account");
    const auto after = request.page_token().empty() ? 0 : parse_uint64(request.page_token());
    if (!after) return invalid("page_token: must be the next_page_token of an answer");
    const HistoryPage page{.after = *after, .limit = page_size(request.page_size())};
    const HistoryView& history = parts_.node.history;
    auto entries =
        cancellation.is_set() ? history.claims(cancellation, page) : history.claims(*account, page);
    if (!entries.ok()) return damaged_history(entries.status);
    for (ClaimEntry& entry : entries.value) {
      const Account* holder = exchange.parties().find(entry.account);
      if (!cancellation.is_set() && (holder == nullptr || !viewer.sees(*holder))) continue;
      tell_voided(exchange.registry(), entry);
      write(entry, *response.add_claims());
    }
    if (entries.value.size() == page.limit) {
      response.set_next_page_token(std::to_string(entries.value.back().claim.value()));
    }
    return grpc::Status::OK;
  }

  const ServiceParts parts_;
};

}  // namespace

std::unique_ptr<grpc::Service> make_registry(const ServiceParts& parts) {
  return std::make_unique<RegistryService>(parts);
}

}  // namespace origo::gateway
