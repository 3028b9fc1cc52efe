#include <iostream>
#include <memory>
#include <variant>

#include "gateway/cli/base/parse.h"
#include "gateway/cli/commands.h"
#include "gateway/schemes/scheme_loader.h"
#include "proto/codec/commands.h"

namespace origo::gateway {
namespace {

// Instrument terms as people give them; turned into the message when the command runs.
struct Terms {
  std::string currency = "EUR";
  std::string tick = "0.01";
  std::string contract = "1";
  std::string quantity_max = "100,000";
  std::string quantity_min;
  std::string value_min;
  std::string value_max;
  std::string price_min;
  std::string price_max;
  bool mass = false;
};

std::int64_t exact(std::optional<std::int64_t> value,
                   const std::string& flag,
                   const std::string& text,
                   const std::string& expected) {
  if (value && *value > 0) return *value;
  throw Failure(Exit::usage, flag + ": '" + text + "' is not " + expected);
}

void fill_terms(const Terms& terms, v1::InstrumentTerms& out) {
  const std::string money = "a positive amount of " + terms.currency;
  out.set_currency(terms.currency);
  out.set_tick_value(exact(parse_cash(terms.tick, terms.currency), "--tick", terms.tick, money));
  out.set_dimension(terms.mass ? v1::DIMENSION_MASS_GCO2E : v1::DIMENSION_ENERGY_WH);
  out.set_contract_size(exact(parse_decimal(terms.contract, 6),
                              "--contract",
                              terms.contract,
                              terms.mass ? "a number of tonnes" : "a number of MWh"));
  const auto contracts = [](const std::string& flag, const std::string& text) {
    const auto count = parse_count(text);
    return exact(count ? std::optional(static_cast<std::int64_t>(*count)) : std::nullopt,
                 flag,
                 text,
                 "a number of contracts");
  };
  out.set_quantity_max(contracts("--quantity-max", terms.quantity_max));
  if (!terms.quantity_min.empty())
    out.set_quantity_min(contracts("--quantity-min", terms.quantity_min));
  const auto value = [&](const std::string& flag, const std::string& text) {
    return text.empty() ? 0 : exact(parse_cash(text, terms.currency), flag, text, money);
  };
  out.set_value_min(value("--value-min", terms.value_min));
  out.set_value_max(value("--value-max", terms.value_max));
  const auto ticks = [&](const std::string& flag, const std::string& text) {
    return exact(parse_price(text, terms.currency, out.tick_value()),
                 flag,
                 text,
                 "a whole number of ticks of " + terms.tick + " " + terms.currency);
  };
  out.set_price_max(ticks("--price-max", terms.price_max));
  out.set_price_min(terms.price_min.empty() ? 1 : ticks("--price-min", terms.price_min));
}

void add_instruments(CLI::App& app, Shell& shell) {
  CLI::App& instrument =
      group(app, "instrument", "What has an order book: a filter over certificates, and terms");
  CommandParts parts =
      command_parts(instrument, shell, "create", "Open an order book", "create_instrument");
  parts.verb.need("market", "by id or code").need("code", "e.g. FR-BM-2023");
  parts.verb.need("name", "for people").need("filter", "conditions that all must hold");
  CLI::App& create = *instrument.get_subcommand("create");
  auto terms = std::make_shared<Terms>();
  create.add_option("--currency", terms->currency, "ISO 4217 code")->capture_default_str();
  create.add_option("--tick", terms->tick, "price step of one contract")->capture_default_str();
  create.add_option("--contract", terms->contract, "size of a contract in MWh (with --mass in t)")
      ->capture_default_str();
  create.add_flag("--mass", terms->mass, "certificates of CO2 equivalent, not of energy");
  create.add_option("--quantity-max", terms->quantity_max, "contracts in one order")
      ->capture_default_str();
  create.add_option("--quantity-min", terms->quantity_min, "contracts in one order at least");
  create.add_option(
      "--value-min", terms->value_min, "of an order at its worst price, in the currency");
  create.add_option("--value-max", terms->value_max, "likewise");
  create.add_option("--price-max", terms->price_max, "upper edge of the price collar")->required();
  create.add_option("--price-min", terms->price_min, "lower edge; without it one tick");
  auto rules = std::make_shared<v1::TradingRules>();
  Verb choices(create, shell, rules);
  choices
      .may("min_visible",
           "an iceberg shows its next peak once it shows fewer contracts; without it once it shows "
           "none")
      .may("iceberg_raise_requeues", "raising only an iceberg's hidden part loses its place")
      .may("amend_below_filled_refused",
           "an amendment to what is filled or less is refused, not a cancellation")
      .may("stop_through_refused", "a stop that is reached already is refused, not triggered")
      .may("auction", "how a call finds its price; t7 if not given")
      .may("market_orders_stay", "what an uncross leaves of market orders waits for the next call")
      .may("market_to_limit_stays",
           "likewise of market-to-limit orders; else it rests at the auction's price")
      .may("dynamic_collar_ppm",
           "a trade further from the last price is not made: a volatility call begins")
      .may("static_collar_ppm", "likewise from the reference price")
      .may("volatility_call_s", "how long that call lasts")
      .may("volatility_random_s", "and by chance so much longer")
      .may("limit_orders_only", "no market and market-to-limit orders are taken")
      .may("price_band_ppm",
           "no limit further from the reference price, in parts per million of it")
      .may("reference_trades",
           "how many of a day's last trades make its reference price without a closing call; 10 if "
           "not given")
      .may("auction_tick_grid",
           "calls by t7 and xetra_nearest judge every tick between the limits");
  parts.verb.before([command = parts.command, terms, rules, choices] {
    choices.resolve();
    *command->mutable_create_instrument()->mutable_rules() = *rules;
    fill_terms(*terms, *command->mutable_create_instrument()->mutable_terms());
  });
  parts.verb.examples(
      "  origo instrument create --market GAS --code FR-BM-2023 --name 'French biomethane 2023'\n"
      "    --filter registry=FR-GRDF vintage:2023 --price-max 100.00\n"
      "Conditions: words, device_type=landfill|industrial or support=none; ranges of numbers, "
      "dates\n"
      "or flags, vintage:2022..2023, production_end:2022-10-01..2023-03-31, state_owned:false");
  CommandParts reference = command_parts(instrument,
                                         shell,
                                         "reference",
                                         "Set today's reference price, that calls fall back on; "
                                         "otherwise the end of each day decides it",
                                         "set_reference_price");
  reference.verb.place("instrument", "by id or code");
  auto price = std::make_shared<std::string>();
  reference.verb.custom("--price", "12.50, or 1250t in ticks", true, [price](const auto& texts) {
    *price = texts.front();
  });
  reference.verb.before([command = reference.command, &shell, price] {
    v1::SetReferencePrice& out = *command->mutable_set_reference_price();
    out.set_price(ticks_of(*price, shell.session().instrument(std::to_string(out.instrument()))));
  });
  reference.verb.examples("  origo instrument reference FR-BM-2023 --price 12.50");
  list_verb(instrument,
            shell,
            "list",
            "All instruments",
            &v1::MarketData::Stub::ListInstruments,
            {"instrument", "market", "code", "name", "last_price"})
      .may("market", "only here, by id or code");
  CLI::App& show = *instrument.add_subcommand("show", "One instrument with its filter and terms");
  auto which = std::make_shared<std::string>();
  show.add_option("instrument", *which, "by id or code")->required();
  show.callback([&shell, which] {
    shell.action = [&shell, which] {
      shell.print_page(shell.session().instrument(*which));
      return Exit::ok;
    };
  });
}

void add_attributes(CLI::App& app, Shell& shell) {
  CLI::App& attribute = group(app, "attribute", "What certificates can be told apart by");
  command_verb(attribute, shell, "define", "Define an attribute", "define_attribute")
      .place("name", "e.g. feedstock")
      .place("kind", "of its values");
  CLI::App& load = *attribute.add_subcommand("load", "Define all attributes of a catalogue file");
  auto file = std::make_shared<std::string>();
  load.add_option("file", *file, "e.g. schemes/attributes.toml")->required();
  load.callback([&shell, file] {
    shell.action = [&shell, file] {
      const auto loaded = load_attribute_file(*file);
      if (const auto* const error = std::get_if<FileError>(&loaded)) {
        throw Failure(Exit::usage, to_string(*error));
      }
      const auto& catalogue = std::get<AttributeCatalogue>(loaded);
      for (const DefineAttribute& definition : catalogue) {
        v1::Command command;
        proto::write_command(definition, command);
        shell.session().must(command);
      }
      std::cout << catalogue.size() << " attributes are defined\n";
      return Exit::ok;
    };
  });
}

void add_fees(CLI::App& market, Shell& shell) {
  CommandParts parts =
      command_parts(market, shell, "fees", "Set fees; open orders keep theirs", "set_fees");
  parts.verb.place("market", "by id or code");
  struct Rates {
    std::int32_t maker_ppm = 0;
    std::int32_t taker_ppm = 0;
    std::int64_t maker_contract = 0;
    std::int64_t taker_contract = 0;
  };
  auto rates = std::make_shared<Rates>();
  CLI::App& fees = *market.get_subcommand("fees");
  fees.add_option(
      "--maker-ppm", rates->maker_ppm, "of notional, parts per million; negative: a rebate");
  fees.add_option("--taker-ppm", rates->taker_ppm, "of notional, parts per million");
  fees.add_option("--maker-per-contract", rates->maker_contract, "minor units, e.g. cents");
  fees.add_option("--taker-per-contract", rates->taker_contract, "minor units, e.g. cents");
  parts.verb.custom(
      "--tier",
      "other fees from a volume on that a participant has traded in this calendar month: "
      "1000MWh:maker=-5,taker=30 in ppm; also maker-per-contract, taker-per-contract; may be given "
      "several "
      "times, ascending",
      false,
      [command = parts.command, &shell](const auto& texts) {
        set_field(*command->mutable_set_fees(), "tiers", texts, shell.session());
      },
      true);
  parts.verb.before([command = parts.command, rates] {
    v1::FeeSchedule& schedule = *command->mutable_set_fees()->mutable_fees();
    schedule.mutable_maker()->set_rate_ppm(rates->maker_ppm);
    schedule.mutable_maker()->set_per_contract(rates->maker_contract);
    schedule.mutable_taker()->set_rate_ppm(rates->taker_ppm);
    schedule.mutable_taker()->set_per_contract(rates->taker_contract);
  });
  parts.verb.examples(
      "  origo market fees GAS --taker-ppm 1000      # taker pays 0.1 %, maker nothing\n"
      "  origo market fees GAS --taker-ppm 1000 --tier 10000MWh:taker=800 --tier "
      "50000MWh:maker=-50,taker=600");
}

}  // namespace

void add_market_commands(CLI::App& app, Shell& shell) {
  CLI::App& market = group(app, "market", "Markets: phase, fees, ends of days");
  command_verb(market, shell, "create", "Open a market", "create_market")
      .need("code", "e.g. GAS")
      .need("name", "for people")
      .may("settle_days",
           "trades settle so many business days later (T+n), at most 30; without it at once");
  list_verb(market, shell, "list", "Markets", &v1::MarketData::Stub::ListMarkets, {});
  add_fees(market, shell);
  command_verb(market,
               shell,
               "phase",
               "Halt, close or reopen, until the calendar says otherwise",
               "set_phase")
      .place("market", "by id or code")
      .place("phase", "the new one")
      .need("reason", "published with it")
      .may("until_lifted", "the calendar does not change it either, only another market phase");
  CommandParts calendar = command_parts(
      market, shell, "calendar", "Set the ends of trading days, without phases", "set_calendar");
  calendar.verb.place("market", "by id or code");
  calendar.verb.custom(
      "--day-ends",
      "UTC instants, ascending, e.g. 2023-04-28T17:30:00Z",
      true,
      [command = calendar.command](const auto& texts) {
        for (const std::string& text : texts) {
          const auto instant = parse_instant(text);
          if (!instant) throw Failure(Exit::usage, "'" + text + "' is not a UTC instant");
          command->mutable_set_calendar()->add_day_ends(instant->ns());
        }
      },
      true);
  add_instruments(app, shell);
  add_attributes(app, shell);
}

}  // namespace origo::gateway
