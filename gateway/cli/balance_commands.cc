#include "gateway/cli/commands.h"

namespace origo::gateway {
namespace {

void add_sites(CLI::App& balance, Shell& shell) {
  command_verb(balance, shell, "open", "Name a site whose gas is to be balanced", "open_site")
      .need("registry", "whose scheme keeps mass balances, by id or code")
      .need("participant", "the certified operator")
      .need("name", "of the site")
      .need("country", "two letters")
      .need("carrier", "e.g. biomethane")
      .examples(
          "  origo balance open --registry ERGAR-MB --participant par-4 --name 'Grid DE' "
          "--country DE --carrier biomethane");
  command_verb(balance, shell, "approve", "Admit a site (registry operator)", "approve_site")
      .place("site", "which");
  list_verb(balance,
            shell,
            "sites",
            "Sites within reach",
            &v1::Registry::Stub::ListSites,
            {"site",
             "registry",
             "participant",
             "name",
             "country",
             "carrier",
             "approved",
             "newest_period",
             "open"})
      .may("registry", "only here, by id or code")
      .may("participant", "only this one's");
}

void add_bookings(CLI::App& balance, Shell& shell) {
  CommandParts input = command_parts(
      balance, shell, "input", "Book gas that came in from outside the registry", "book_input");
  input.verb.need("site", "where")
      .need_amount([command = input.command](std::int64_t amount) {
        command->mutable_book_input()->set_energy(amount);
      })
      .may("day", "in the open period; today if left out")
      .may("proof", "number of its proof of sustainability; without one it is gas alone")
      .may("feedstock", "with a proof; several with ; between them")
      .may("feedstock_country", "with a proof")
      .may("sustainability_scheme", "with a proof: which certified it")
      .may("ghg_intensity", "with a proof: mg CO2e per MJ")
      .may("note", "kept with the booking")
      .examples(
          "  origo balance input --site site-1 --amount 1250.5 --proof PoS-2026-17 --feedstock "
          "'manure;straw'\n"
          "    --feedstock-country DE --sustainability-scheme redcert --ghg-intensity 9000");
  CommandParts output =
      command_parts(balance, shell, "output", "Book gas that goes out", "book_output");
  output.verb.need("site", "from where")
      .need_amount([command = output.command](std::int64_t amount) {
        command->mutable_book_output()->set_energy(amount);
      })
      .may("day", "in the open period; today if left out")
      .may("proof", "number of one that the site holds; without one it is gas alone")
      .may("to_site", "another site of the registry, where it comes in")
      .may("receiver", "who gets it, where it leaves the registry")
      .may("note", "kept with the booking")
      .examples(
          "  origo balance output --site site-1 --amount 400 --proof PoS-2026-17 --receiver "
          "'Filling station A7'\n"
          "  origo balance output --site site-1 --amount 400 --proof PoS-2026-17 --to-site site-2");
  command_verb(balance,
               shell,
               "take-in",
               "Use certificates up: their proof and gas go into a balance as one",
               "take_into_balance")
      .need("account", "that holds them")
      .need("lot", "of which lot")
      .need("units", "how many certificates")
      .need("site", "of the same participant")
      .may("note", "printed on the statement");
  command_verb(balance,
               shell,
               "split",
               "Part a lot's proof from its certificates, for good, where the scheme allows it",
               "split_proof")
      .need("account", "that holds all of the lot that is in circulation")
      .need("lot", "which")
      .need("site", "of the same participant, whose balance gets proof and gas");
}

}  // namespace

void add_balance_commands(CLI::App& app, Shell& shell) {
  CLI::App& balance = group(app, "balance", "Mass balances: gas and proofs of sustainability");
  add_sites(balance, shell);
  add_bookings(balance, shell);
  show_verb(balance,
            shell,
            "show",
            "What a site holds, or held at the end of a period, by proof",
            &v1::Registry::Stub::GetSiteBalance)
      .place("site", "which")
      .may("day", "in the period asked for; the newest if left out")
      .examples("  origo balance show site-1 --day 2026-03-31");
  list_verb(balance,
            shell,
            "bookings",
            "What was booked, oldest first",
            &v1::Registry::Stub::ListBookings,
            {"booking",
             "day",
             "site",
             "kind",
             "energy",
             "proof",
             "counterpart",
             "lot",
             "receiver",
             "note"})
      .may("site", "only of this one")
      .may("period", "only of these days, e.g. 2026-01-01..2026-03-31")
      .may("proof", "only of this number");
}

}  // namespace origo::gateway
