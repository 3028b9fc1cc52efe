#include "gateway/cli/base/parse.h"
#include "gateway/cli/commands.h"
#include "gateway/cli/failure.h"

namespace origo::gateway {
namespace {

void add_claims(CLI::App& app, Shell& shell) {
  CLI::App& claim = group(app, "claim", "What cancelled certificates are used for, each once");
  CommandParts use =
      command_parts(claim,
                    shell,
                    "use",
                    "Record what certificates of a cancellation are used for, finally",
                    "claim_use");
  use.verb.need("cancellation", "of which cancellation, e.g. can-3")
      .need("units", "how many of its certificates; the lowest serials that are left")
      .need("use", "one of the scheme's, e.g. disclosure: `origo scheme show CODE`")
      .need("claimant", "who uses them: the beneficiary, or whoever it passed them on to")
      .need("period", "that is reported on, e.g. 2023-01-01..2023-12-31")
      .may("activity", "whose energy or emissions they stand for")
      .custom("--emissions",
              "of the activity, in t CO2e, up to six decimals",
              false,
              [command = use.command](const std::vector<std::string>& texts) {
                const auto emissions = parse_decimal(texts.front(), 6);
                if (!emissions)
                  throw Failure(Exit::usage, "'" + texts.front() + "' is not an amount in t CO2e");
                command->mutable_claim_use()->set_emissions(*emissions);
              })
      .may("reference", "of the report in which they are used")
      .examples(
          "  origo claim use --cancellation can-3 --units 100 --use disclosure --claimant 'Example "
          "Bakery'\n"
          "    --period 2023-01-01..2023-12-31 --activity 'heat of the ovens' --emissions 20.4");
  list_verb(claim,
            shell,
            "list",
            "Uses of cancelled certificates, oldest first",
            &v1::Registry::Stub::ListClaims,
            {"claim",
             "date",
             "cancellation",
             "account",
             "units",
             "use",
             "claimant",
             "period",
             "activity",
             "emissions",
             "reference",
             "voided"})
      .may("account", "only this one's")
      .may("cancellation", "only of this one; may be any account's")
      .examples("  origo claim list --cancellation can-3");
}

}  // namespace

void add_certificate_commands(CLI::App& app, Shell& shell) {
  list_verb(app,
            shell,
            "lots",
            "Certificates issued together",
            &v1::Registry::Stub::ListLots,
            {"lot",
             "registry",
             "device",
             "period",
             "issued",
             "held",
             "cancelled",
             "expired",
             "withdrawn",
             "cancellable_until"})
      .may("registry", "only here, by id or code")
      .may("device", "only of this one");
  CLI::App& lot = group(app, "lot", "One lot");
  show_verb(lot, shell, "show", "A lot with its sums and attributes", &v1::Registry::Stub::GetLot)
      .place("lot", "which");
  list_verb(lot,
            shell,
            "history",
            "What became of a lot's certificates, oldest first",
            &v1::Registry::Stub::ListLotEvents,
            {"event",
             "time",
             "command",
             "kind",
             "account",
             "units",
             "from",
             "to",
             "range",
             "reason",
             "reference",
             "note"})
      .place("lot", "which");
  list_verb(app,
            shell,
            "holdings",
            "What an account has, by lot and serial number",
            &v1::Registry::Stub::ListHoldings,
            {})
      .need("account", "which")
      .examples("  origo holdings --account acc-12");
  command_verb(
      app, shell, "transfer", "Move certificates to another account", "transfer_certificates")
      .need("from", "the account that gives")
      .need("to", "the account that receives")
      .need("lot", "of which lot")
      .need("units", "how many certificates")
      .examples("  origo transfer --from acc-12 --to acc-13 --lot lot-9 --units 250");
  command_verb(
      app, shell, "recall", "Take back a transfer or withdrawal that is still held", "recall_exit")
      .place("transfer", "e.g. tra-3");
  command_verb(app,
               shell,
               "cancel",
               "Use certificates up, finally, in somebody's name",
               "cancel_certificates")
      .need("account", "that holds them")
      .need("lot", "of which lot")
      .need("units", "how many certificates")
      .may("beneficiary", "in whose name; many schemes require it")
      .need("purpose", "one of the scheme's: `origo scheme show CODE`")
      .may("country", "of consumption, two letters")
      .may("period", "of consumption, e.g. 2023-01-01..2023-03-31")
      .may("consumption_evidence", "what proves it: a meter, an invoice, a document's digest")
      .may("note", "printed on the statement")
      .examples(
          "  origo cancel --account acc-12 --lot lot-9 --units 250 --beneficiary 'Example Bakery'\n"
          "    --purpose disclosure --country FR --period 2023-01-01..2023-03-31");
  command_verb(app,
               shell,
               "convert",
               "Use certificates up as the input of your own production, before its issuance",
               "convert_certificates")
      .need("account", "that holds them")
      .need("lot", "of which lot")
      .need("units", "how many certificates")
      .need("declaration", "of what was made from them")
      .may("efficiency_ppm",
           "output per input in energy, in parts per million; captured CO2 has none")
      .may("co2", "where the output's carbon comes from, e.g. biogenic; may be given several times")
      .may("note", "printed on the statement")
      .examples(
          "  origo convert --account acc-12 --lot lot-9 --units 100 --declaration dcl-7 "
          "--efficiency-ppm 650000\n"
          "  origo convert --account acc-14 --lot lot-3 --units 1980 --declaration dcl-7   # "
          "certificates of captured CO2");
  for (const bool frozen : {true, false}) {
    CommandParts parts =
        command_parts(lot,
                      shell,
                      frozen ? "freeze" : "unfreeze",
                      frozen ? "Let nobody move or use up serials (registry operator, issuing body)"
                             : "Release frozen serials",
                      "freeze_certificates");
    parts.command->mutable_freeze_certificates()->set_frozen(frozen);
    parts.verb.place("lot", "of which lot")
        .may("first", "from this serial on; without it from the first one")
        .may("units", "how many; without it to the last one")
        .need("reason", "told to all whom it concerns");
    if (frozen)
      parts.verb.examples(
          "  origo lot freeze lot-9 --first 41 --units 20 --reason 'under investigation'");
  }
  show_verb(app,
            shell,
            "lineage",
            "What a lot was made from, what was made from it, and where its carbon came from",
            &v1::Registry::Stub::GetLineage)
      .place("lot", "which");
  command_verb(app,
               shell,
               "withdraw",
               "Take certificates back that should not have been issued (issuing body, two users)",
               "withdraw_certificates")
      .need("lot", "of which lot")
      .need("units", "how many certificates")
      .may("first", "from this serial on; without it the latest ones")
      .need("reason", "told to all whom it concerns")
      .examples("  origo withdraw --lot lot-9 --units 40 --reason 'feedstock not sustainable'");
  list_verb(app,
            shell,
            "withdrawals",
            "Certificates that issuing bodies took back",
            &v1::Registry::Stub::ListWithdrawals,
            {"withdrawal",
             "date",
             "lot",
             "requested",
             "withdrawn",
             "voided",
             "shortfall",
             "correction",
             "reason"})
      .may("lot", "only of this one");
  add_statement_commands(app, shell);
  add_claims(app, shell);
  list_verb(app,
            shell,
            "statements",
            "Cancellations within reach",
            &v1::Registry::Stub::ListCancellations,
            {"cancellation",
             "date",
             "account",
             "lot",
             "units",
             "beneficiary",
             "purpose",
             "period",
             "device"})
      .may("account", "only this one's");
}

}  // namespace origo::gateway
