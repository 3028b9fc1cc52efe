#include <algorithm>

#include "engine/core/currency.h"
#include "engine/market/settlements.h"
#include "gateway/grpc/pages.h"
#include "gateway/grpc/raw_service.h"
#include "gateway/grpc/services.h"
#include "origo/v1/accounts.grpc.pb.h"
#include "proto/codec/json.h"

namespace origo::gateway {
namespace {

void write(const Viewer& viewer, const Participant& participant, v1::Participant& out) {
  out.set_participant(participant.id.value());
  out.set_name(participant.name);
  out.set_country(participant.country);
  for (const ParticipantKind kind : participant.kinds) {
    out.add_kinds(static_cast<v1::ParticipantKind>(kind));
  }
  out.set_frozen(participant.frozen);
  if (!viewer.sees_orders(participant.id)) return;
  out.set_killed(participant.killed);
  out.set_killed_by_venue(participant.killed_by_venue);
}

void write(const User& user, v1::User& out) {
  out.set_user(user.id.value());
  out.set_participant(user.participant.value());
  out.set_name(user.name);
  for (const Grant& grant : user.grants) {
    v1::RoleGrant& role = *out.add_roles();
    role.set_role(static_cast<v1::Role>(grant.role));
    role.mutable_scope()->set_kind(static_cast<v1::ScopeKind>(grant.scope.kind));
    role.mutable_scope()->set_id(grant.scope.id);
  }
}

void write(const Account& account, v1::Account& out) {
  out.set_account(account.id.value());
  out.set_participant(account.participant.value());
  out.set_registry(account.registry.value());
  out.set_name(account.name);
  out.set_frozen(account.frozen);
}

void write(const Exit& exit, v1::Exit& out) {
  out.set_transfer(exit.id.value());
  out.set_until(exit.until.ns());
  if (exit.is_cash) {
    v1::WithdrawCash& cash = *out.mutable_cash();
    cash.set_account(exit.cash.account.value());
    cash.set_currency(to_string(exit.cash.currency));
    cash.set_amount(exit.cash.amount.value());
    cash.set_reference(exit.cash.reference);
  } else {
    v1::TransferCertificates& transfer = *out.mutable_certificates();
    transfer.set_from(exit.certificates.from.value());
    transfer.set_to(exit.certificates.to.value());
    transfer.set_lot(exit.certificates.lot.value());
    transfer.set_units(exit.certificates.units.value());
  }
}

void write(const SettlementSide& side, v1::PendingSettlement& out) {
  const PendingSettlement& settlement = *side.settlement;
  out.set_trade(settlement.trade.value());
  out.set_market(settlement.market.value());
  out.set_account(side.account().value());
  out.set_side(static_cast<v1::Side>(side.side));
  out.set_currency(to_string(settlement.currency));
  out.set_cash(settlement.cash.value());
  out.set_fee(side.fee().value());
  out.set_due(settlement.due.ns());
  for (const PendingDelivery& delivery : settlement.deliveries) {
    v1::PendingDelivery& part = *out.add_deliveries();
    part.set_lot(delivery.lot.value());
    part.set_account(side.account_of(delivery).value());
    part.set_units(delivery.units.value());
  }
}

class AccountsService final : public RawService<v1::Accounts::Service> {
 public:
  explicit AccountsService(const ServiceParts& parts) : RawService(parts.calls), parts_(parts) {
    command<v1::CreateParticipant>("CreateParticipant");
    command<v1::CreateUser>("CreateUser");
    command<v1::GrantRole>("GrantRole");
    command<v1::RevokeRole>("RevokeRole");
    command<v1::ReplaceToken>("ReplaceToken");
    command<v1::OpenAccount>("OpenAccount");
    command<v1::TrustAccount>("TrustAccount");
    command<v1::SetFrozen>("SetFrozen");
    command<v1::DepositCash>("DepositCash");
    command<v1::WithdrawCash>("WithdrawCash");
    command<v1::RecallExit>("RecallExit");
    command<v1::ApproveProposal>("ApproveProposal");
    command<v1::WithdrawProposal>("WithdrawProposal");
    query<v1::WhoAmIRequest, v1::WhoAmIResponse>("WhoAmI", who_am_i);
    query<v1::ListParticipantsRequest, v1::ListParticipantsResponse>("ListParticipants",
                                                                     list_participants);
    query<v1::ListUsersRequest, v1::ListUsersResponse>("ListUsers", list_users);
    query<v1::ListAccountsRequest, v1::ListAccountsResponse>("ListAccounts", list_accounts);
    query<v1::ListBalancesRequest, v1::ListBalancesResponse>("ListBalances", list_balances);
    query<v1::ListExitsRequest, v1::ListExitsResponse>("ListExits", list_exits);
    query<v1::ListSettlementsRequest, v1::ListSettlementsResponse>("ListSettlements",
                                                                   list_settlements);
    query<v1::ListProposalsRequest, v1::ListProposalsResponse>("ListProposals", list_proposals);
  }

 private:
  static grpc::Status who_am_i(const Viewer& viewer,
                               const v1::WhoAmIRequest&,
                               v1::WhoAmIResponse& response) {
    write(viewer.user(), *response.mutable_user());
    write(viewer,
          viewer.exchange().parties().get(viewer.user().participant),
          *response.mutable_participant());
    return grpc::Status::OK;
  }

  static grpc::Status list_participants(const Viewer& viewer,
                                        const v1::ListParticipantsRequest& request,
                                        v1::ListParticipantsResponse& response) {
    return page_by_id(request,
                      response,
                      viewer.exchange().parties().participants(),
                      [&](const Participant& participant) {
                        if (!viewer.sees(participant)) return false;
                        write(viewer, participant, *response.add_participants());
                        return true;
                      });
  }

  static grpc::Status list_users(const Viewer& viewer,
                                 const v1::ListUsersRequest& request,
                                 v1::ListUsersResponse& response) {
    const Parties& parties = viewer.exchange().parties();
    return page_by_id(request, response, parties.users(), [&](const User& user) {
      if (request.participant() != 0 && user.participant.value() != request.participant())
        return false;
      if (!viewer.sees(parties.get(user.participant))) return false;
      write(user, *response.add_users());
      return true;
    });
  }

  static grpc::Status list_accounts(const Viewer& viewer,
                                    const v1::ListAccountsRequest& request,
                                    v1::ListAccountsResponse& response) {
    return page_by_id(
        request, response, viewer.exchange().parties().accounts(), [&](const Account& account) {
          if (request.participant() != 0 && account.participant.value() != request.participant()) {
            return false;
          }
          if (!viewer.sees(account)) return false;
          write(account, *response.add_accounts());
          return true;
        });
  }

  static grpc::Status list_balances(const Viewer& viewer,
                                    const v1::ListBalancesRequest& request,
                                    v1::ListBalancesResponse& response) {
    const Exchange& exchange = viewer.exchange();
    if (request.account() != 0) {
      const Account* account = find_by<AccountId>(exchange.parties(), request.account());
      if (account == nullptr || !viewer.sees_money(*account)) return not_found("account");
    }
    const std::span<const CashBalance> balances = exchange.cash().balances();
    const PendingSums pending =
        pending_sums(exchange.market(), AccountId(static_cast<std::uint32_t>(request.account())));
    const auto place = [&](const CashBalance& balance) {
      return static_cast<std::uint64_t>(&balance - balances.data()) + 1;
    };
    return page(request, response, balances, place, [&](const CashBalance& balance) {
      if (request.account() != 0 && balance.account.value() != request.account()) return false;
      if (!viewer.sees_money(exchange.parties().get(balance.account))) return false;
      v1::Balance& out = *response.add_balances();
      out.set_account(balance.account.value());
      out.set_currency(to_string(balance.currency));
      out.set_available(balance.available.value());
      out.set_reserved(balance.reserved.value());
      out.set_pending(pending.cash_of(balance.account, balance.currency).value());
      return true;
    });
  }

  static grpc::Status list_exits(const Viewer& viewer,
                                 const v1::ListExitsRequest& request,
                                 v1::ListExitsResponse& response) {
    const Exchange& exchange = viewer.exchange();
    return page(
        request,
        response,
        exchange.registry().exits,
        [](const auto& entry) { return entry.first.value(); },
        [&](const auto& entry) {
          const Exit& exit = entry.second;
          const AccountId from = exit.is_cash ? exit.cash.account : exit.certificates.from;
          const Account& account = exchange.parties().get(from);
          if (exit.is_cash ? !viewer.sees_money(account) : !viewer.sees(account)) return false;
          write(exit, *response.add_exits());
          return true;
        });
  }

  // For those who see the account's orders.
  static grpc::Status list_settlements(const Viewer& viewer,
                                       const v1::ListSettlementsRequest& request,
                                       v1::ListSettlementsResponse& response) {
    const Exchange& exchange = viewer.exchange();
    AccountId account;
    if (request.account() != 0) {
      const Account* known = find_by<AccountId>(exchange.parties(), request.account());
      if (known == nullptr || !viewer.sees_orders(*known)) return not_found("account");
      account = known->id;
    }
    const auto place = [](const SettlementSide& side) {
      return side.settlement->trade.value() * 2 + (side.side == Side::sell ? 1 : 0);
    };
    return page(request,
                response,
                settlement_sides(exchange.market(), account),
                place,
                [&](const SettlementSide& side) {
                  if (!viewer.sees_orders(exchange.parties().get(side.account()))) return false;
                  write(side, *response.add_settlements());
                  return true;
                });
  }

  // For those who see the proposer's participant.
  static grpc::Status list_proposals(const Viewer& viewer,
                                     const v1::ListProposalsRequest& request,
                                     v1::ListProposalsResponse& response) {
    const Exchange& exchange = viewer.exchange();
    return page(
        request,
        response,
        exchange.proposals(),
        [](const auto& entry) { return static_cast<std::uint64_t>(entry.first.value()); },
        [&](const auto& entry) {
          const User& proposer = exchange.parties().get(entry.second.proposer);
          if (!viewer.sees(exchange.parties().get(proposer.participant))) return false;
          proto::Json body = proto::to_json(entry.second.command);
          v1::Proposal& out = *response.add_proposals();
          out.set_proposal(entry.first.value());
          out.set_proposer(proposer.id.value());
          out.set_participant(proposer.participant.value());
          out.set_command(body["type"].template get<std::string>());
          body.erase("type");
          body.erase("token");
          out.set_body(body.dump());
          out.set_until(entry.second.until.ns());
          return true;
        });
  }

  const ServiceParts parts_;
};

}  // namespace

std::unique_ptr<grpc::Service> make_accounts(const ServiceParts& parts) {
  return std::make_unique<AccountsService>(parts);
}

}  // namespace origo::gateway
