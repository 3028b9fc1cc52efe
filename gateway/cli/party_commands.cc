#include <memory>

#include "gateway/cli/base/parse.h"
#include "gateway/cli/commands.h"

namespace origo::gateway {
namespace {

// "freeze" or "unfreeze" below `parent`.
void add_freeze(CLI::App& parent,
                Shell& shell,
                v1::FreezeTarget target,
                const std::string& prefix,
                bool frozen) {
  const std::string help = frozen ? "Stop it from trading, sending and receiving" : "End a freeze";
  CommandParts parts =
      command_parts(parent, shell, frozen ? "freeze" : "unfreeze", help, "set_frozen");
  v1::SetFrozen& body = *parts.command->mutable_set_frozen();
  body.set_target(target);
  body.set_frozen(frozen);
  parts.verb.custom(prefix,
                    "which, e.g. " + prefix + "-12",
                    true,
                    [command = parts.command, prefix](const auto& texts) {
                      const auto id = parse_id(texts.front(), prefix);
                      if (!id)
                        throw Failure(
                            Exit::usage,
                            "'" + texts.front() + "' is not an id such as " + prefix + "-12");
                      command->mutable_set_frozen()->set_id(*id);
                    });
  parts.verb.may("reason", "recorded with it");
}

// grant and revoke: the scope is the node unless a participant or a registry is named.
void add_role(CLI::App& parent,
              Shell& shell,
              const std::string& name,
              const std::string& help,
              const std::string& body) {
  CommandParts parts = command_parts(parent, shell, name, help, body);
  const auto scope = [command = parts.command, body]() -> v1::Scope& {
    return body == "grant_role" ? *command->mutable_grant_role()->mutable_scope()
                                : *command->mutable_revoke_role()->mutable_scope();
  };
  scope().set_kind(v1::SCOPE_KIND_NODE);
  parts.verb.need("user", "whose role").need("role", "which");
  parts.verb.custom(
      "--participant", "only for this participant, e.g. par-3", false, [scope](const auto& texts) {
        const auto id = parse_id(texts.front(), "par");
        if (!id) throw Failure(Exit::usage, "'" + texts.front() + "' is not an id such as par-3");
        scope().set_kind(v1::SCOPE_KIND_PARTICIPANT);
        scope().set_id(*id);
      });
  parts.verb.custom("--registry",
                    "only for this registry, by id or code",
                    false,
                    [scope, &shell](const auto& texts) {
                      scope().set_id(shell.session().registry(texts.front()));
                      scope().set_kind(v1::SCOPE_KIND_REGISTRY);
                    });
  parts.verb.examples("  origo role " + name + " --user usr-3 --role trader --participant par-2\n" +
                      "  origo role " + name +
                      " --user usr-4 --role issuing_body --registry FR-GRDF");
}

void add_cash(CLI::App& parent,
              Shell& shell,
              const std::string& name,
              const std::string& help,
              const std::string& body) {
  CommandParts parts = command_parts(parent, shell, name, help, body);
  auto amount = std::make_shared<std::string>();
  parts.verb.need("account", "which account").need("currency", "ISO 4217 code, e.g. EUR");
  parts.verb.custom(
      "--amount", "in units of the currency, e.g. 2500.00", true, [amount](const auto& texts) {
        *amount = texts.front();
      });
  parts.verb.may("reference", "of the bank's statement");
  parts.verb.before([command = parts.command, amount, body] {
    const bool deposit = body == "deposit_cash";
    const std::string& currency =
        deposit ? command->deposit_cash().currency() : command->withdraw_cash().currency();
    const auto minor = parse_cash(*amount, currency);
    if (!minor)
      throw Failure(Exit::usage, "--amount: '" + *amount + "' is not an amount of " + currency);
    if (deposit) {
      command->mutable_deposit_cash()->set_amount(*minor);
    } else {
      command->mutable_withdraw_cash()->set_amount(*minor);
    }
  });
  parts.verb.examples("  origo cash " + name + " --account acc-4 --currency EUR --amount 2500.00");
}

void add_accounts(CLI::App& app, Shell& shell) {
  CLI::App& account = group(app, "account", "Accounts for certificates and cash");
  command_verb(account, shell, "open", "Open an account", "open_account")
      .need("participant", "whose")
      .may("registry",
           "where certificates are held, by id or code; without it the account is for cash")
      .need("name", "a name for people")
      .examples("  origo account open --participant par-2 --registry FR-GRDF --name trading");
  list_verb(account, shell, "list", "Accounts within reach", &v1::Accounts::Stub::ListAccounts, {})
      .may("participant", "only this one's");
  const auto trust = [&](const std::string& name, const std::string& help, bool trusted) {
    CommandParts parts = command_parts(account, shell, name, help, "trust_account");
    parts.command->mutable_trust_account()->set_trusted(trusted);
    parts.verb.need("from", "the account that gives").need("to", "the account that receives");
  };
  trust("trust",
        "Transfers from one account to another are no longer held, after the time of a hold",
        true);
  trust("distrust", "Transfers are held again", false);
  add_freeze(account, shell, v1::FREEZE_TARGET_ACCOUNT, "acc", true);
  add_freeze(account, shell, v1::FREEZE_TARGET_ACCOUNT, "acc", false);
}

}  // namespace

void add_party_commands(CLI::App& app, Shell& shell) {
  CLI::App& participant = group(app, "participant", "Legal entities that take part");
  command_verb(participant, shell, "create", "Admit a participant", "create_participant")
      .need("name", "of the legal entity")
      .need("country", "two letters, e.g. FR")
      .need("kinds", "what it is; may be given several times")
      .examples(
          "  origo participant create --name 'Example Gas' --country FR --kinds supplier trader");
  list_verb(participant,
            shell,
            "list",
            "Participants within reach",
            &v1::Accounts::Stub::ListParticipants,
            {});
  add_freeze(participant, shell, v1::FREEZE_TARGET_PARTICIPANT, "par", true);
  add_freeze(participant, shell, v1::FREEZE_TARGET_PARTICIPANT, "par", false);

  CLI::App& user = group(app, "user", "Credentials that act for a participant");
  command_verb(user, shell, "create", "Create a user; its token is shown once", "create_user")
      .need("participant", "for whom it acts")
      .need("name", "of the credential")
      .may("person", "the natural person behind it; roles are judged per person")
      .may("token_digest", "SHA-256 of a token of your own, in hex; without it the node draws one");
  list_verb(user,
            shell,
            "list",
            "Users within reach, with their roles",
            &v1::Accounts::Stub::ListUsers,
            {})
      .may("participant", "only this one's");
  command_verb(user,
               shell,
               "new-token",
               "Replace a user's token; the old one stops working",
               "replace_token")
      .need("user", "whose")
      .may("token_digest", "SHA-256 of a token of your own, in hex; without it the node draws one");

  CLI::App& role = group(app, "role", "What users may do");
  add_role(role, shell, "grant", "Give a user a role", "grant_role");
  add_role(role, shell, "revoke", "Take a role back", "revoke_role");

  add_accounts(app, shell);

  CLI::App& cash = group(app, "cash", "Money");
  add_cash(cash, shell, "deposit", "Book money that came in", "deposit_cash");
  add_cash(cash,
           shell,
           "withdraw",
           "Pay money out; may need a second person, and may be held",
           "withdraw_cash");
  list_verb(cash,
            shell,
            "balances",
            "Money of the accounts within reach",
            &v1::Accounts::Stub::ListBalances,
            {})
      .may("account", "only this one's");

  list_verb(cash,
            shell,
            "settlements",
            "Trades that have yet to settle, of the accounts within reach",
            &v1::Accounts::Stub::ListSettlements,
            {})
      .may("account", "only this one's: it pays, is paid, gives or gets");

  CLI::App& approve = group(app, "approve", "Second persons' and registries' consent");
  command_verb(
      approve, shell, "proposal", "Consent to a command that needs two persons", "approve_proposal")
      .place("proposal", "`origo approve list` shows what waits");
  command_verb(approve,
               shell,
               "refuse",
               "Refuse consent to a command that needs two persons, or take back one's own",
               "withdraw_proposal")
      .place("proposal", "`origo approve list` shows what waits");
  command_verb(approve, shell, "device", "Admit a device to its registry", "approve_device")
      .place("device", "which");
  command_verb(
      approve, shell, "issuance", "Issue the certificates of a declaration", "approve_issuance")
      .place("declaration", "one whose issuance was requested");
  list_verb(approve,
            shell,
            "list",
            "Commands that wait for a second person",
            &v1::Accounts::Stub::ListProposals,
            {});
}

}  // namespace origo::gateway
