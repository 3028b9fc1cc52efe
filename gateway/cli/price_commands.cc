#include <algorithm>
#include <cctype>
#include <iostream>
#include <memory>

#include "gateway/cli/base/format.h"
#include "gateway/cli/base/parse.h"
#include "gateway/cli/base/table.h"
#include "gateway/cli/commands.h"

// Prices over time.
namespace origo::gateway {
namespace {

// What all price commands take.
struct Span {
  std::string interval = "1d";
  std::string from;
  std::string to;
  bool csv = false;
};

v1::Interval interval_of(const std::string& text) {
  static const std::vector<std::string> names{"1m", "5m", "15m", "1h", "1d", "1w", "1mo", "1y"};
  const auto found = std::ranges::find(names, text);
  if (found == names.end())
    throw Failure(Exit::usage,
                  "--interval: '" + text + "' is not one of 1m, 5m, 15m, 1h, 1d, 1w, 1mo, 1y");
  return static_cast<v1::Interval>(found - names.begin() + 1);
}

// A date or an instant; 0 for nothing.
std::int64_t instant_of(const std::string& flag, const std::string& text) {
  if (text.empty()) return 0;
  if (const auto date = parse_date(text)) return start_of(*date).ns();
  if (const auto instant = parse_instant(text)) return instant->ns();
  throw Failure(Exit::usage,
                flag + ": '" + text +
                    "' is neither a date (2026-01-31) nor a UTC instant (2026-01-31T08:00:00Z)");
}

template <class Request>
void fill(const Span& span, Request& request) {
  request.set_interval(interval_of(span.interval));
  request.set_from(instant_of("--from", span.from));
  request.set_to(instant_of("--to", span.to));
}

void add_span(CLI::App& app, Span& span) {
  app.add_option("--interval", span.interval, "1m, 5m, 15m, 1h, 1d, 1w, 1mo or 1y")
      ->capture_default_str();
  app.add_option("--from", span.from, "begins with the span that holds this date or UTC instant");
  app.add_option("--to", span.to, "ends before this date or UTC instant");
  app.add_flag("--csv", span.csv, "comma-separated values, the numbers as the API gives them");
}

void print_csv(const google::protobuf::RepeatedPtrField<v1::Candle>& candles) {
  std::cout << "start,open,high,low,close,volume,turnover,trades,vwap\n";
  for (const v1::Candle& candle : candles) {
    std::cout << format_instant(Instant(candle.start())) << ',' << candle.open() << ','
              << candle.high() << ',' << candle.low() << ',' << candle.close() << ','
              << candle.volume() << ',' << candle.turnover() << ',' << candle.trades() << ','
              << candle.vwap() << '\n';
  }
}

std::string bar(std::int64_t part, std::int64_t whole) {
  constexpr std::int64_t kWidth = 20;
  std::string text;
  const std::int64_t length = whole == 0 ? 0 : (part / (whole / kWidth + 1));
  for (std::int64_t i = 0; i <= length; ++i) text += "█";
  return text;
}

// How prices and amounts of a list of candles read.
struct Words {
  std::string price_unit;
  std::string amount_unit;
  std::function<std::string(std::int64_t)> price;
  std::function<std::string(std::int64_t)> average;
  std::function<std::string(std::int64_t)> amount;
};

template <class Response>
void print(Shell& shell, const Response& list, const Span& span, const Words& words) {
  if (shell.json) {
    std::cout << to_json_line(list) << '\n';
    return;
  }
  if (span.csv) return print_csv(list.candles());
  if (list.candles().empty()) {
    std::cout << "nothing traded\n";
    return;
  }
  std::int64_t most = 0;
  for (const v1::Candle& candle : list.candles()) most = std::max(most, candle.volume());
  Table table({{.title = "from"},
               {.title = "open", .align = Align::right},
               {.title = "high", .align = Align::right},
               {.title = "low", .align = Align::right},
               {.title = "close", .align = Align::right},
               {.title = "average", .align = Align::right},
               {.title = words.amount_unit, .align = Align::right},
               {.title = "trades", .align = Align::right},
               {.title = ""}});
  const bool by_day = interval_of(span.interval) >= v1::INTERVAL_DAY;
  for (const v1::Candle& candle : list.candles()) {
    const std::string start = format_instant(Instant(candle.start()));
    table.add({by_day ? start.substr(0, 10) : start.substr(0, 16) + "Z",
               words.price(candle.open()),
               words.price(candle.high()),
               words.price(candle.low()),
               words.price(candle.close()),
               words.average(candle.vwap()),
               words.amount(candle.volume()),
               group_digits(static_cast<std::int64_t>(candle.trades())),
               bar(candle.volume(), most)});
  }
  std::cout << table.text() << "prices in " << words.price_unit << '\n';
  if (!list.next_page_token().empty()) std::cout << "there is more: --limit shows it\n";
}

Words words_of(const v1::Instrument& instrument) {
  const v1::InstrumentTerms terms = instrument.terms();
  const auto price = [terms](std::int64_t ticks) {
    return format_price(ticks, terms.currency(), terms.tick_value());
  };
  return {
      .price_unit = terms.currency() + " a contract",
      .amount_unit = "contracts",
      .price = price,
      .average = [price](std::int64_t thousandths) { return price((thousandths + 500) / 1'000); },
      .amount = group_digits};
}

Words words_of(const v1::ListPricesRequest& request) {
  const bool mass = request.dimension() == v1::DIMENSION_MASS_GCO2E;
  const auto price = [currency = request.currency()](std::int64_t thousandths) {
    return format_price((thousandths + 500) / 1'000, currency, 1);
  };
  return {.price_unit = request.currency() + (mass ? " a tonne" : " a MWh"),
          .amount_unit = mass ? "t" : "MWh",
          .price = price,
          .average = price,
          .amount = [](std::int64_t amount) { return group_digits(amount / 1'000'000); }};
}

void add_candles(CLI::App& price, Shell& shell) {
  CLI::App& app = *price.add_subcommand("candles", "What an instrument traded for");
  auto which = std::make_shared<std::string>();
  auto span = std::make_shared<Span>();
  app.add_option("instrument", *which, "by id or code")->required();
  add_span(app, *span);
  app.footer(
      "  origo price candles FR-BM --interval 1h --from 2026-01-31\n  origo price candles FR-BM "
      "--interval 1mo --csv > prices.csv");
  app.callback([&shell, which, span] {
    shell.action = [&shell, which, span] {
      v1::ListCandlesRequest request;
      fill(*span, request);
      const v1::Instrument& instrument = shell.session().instrument(*which);
      request.set_instrument(instrument.instrument());
      print(shell,
            shell.session().ask_all(&v1::MarketData::Stub::ListCandles, request, shell.limit),
            *span,
            words_of(instrument));
      return Exit::ok;
    };
  });
}

void add_history(CLI::App& price, Shell& shell) {
  CLI::App& app = *price.add_subcommand(
      "history", "What certificates of a kind traded for, over all instruments");
  struct Kind {
    std::string currency = "EUR";
    std::string carrier;
    std::string country;
    std::int32_t vintage = 0;
    bool mass = false;
  };
  auto kind = std::make_shared<Kind>();
  auto span = std::make_shared<Span>();
  app.add_option("--currency", kind->currency, "ISO 4217 code")->capture_default_str();
  app.add_option("--carrier", kind->carrier, "e.g. biomethane; without it any");
  app.add_option("--country", kind->country, "origin, e.g. FR; without it any");
  app.add_option("--vintage", kind->vintage, "year in which production ended; without it any");
  app.add_flag("--mass", kind->mass, "certificates of CO2 equivalent, not of energy");
  add_span(app, *span);
  app.footer(
      "  origo price history --carrier biomethane --country FR --interval 1mo\nIntervals are a day "
      "or longer.");
  app.callback([&shell, kind, span] {
    shell.action = [&shell, kind, span] {
      v1::ListPricesRequest request;
      fill(*span, request);
      request.set_currency(kind->currency);
      request.set_dimension(kind->mass ? v1::DIMENSION_MASS_GCO2E : v1::DIMENSION_ENERGY_WH);
      request.set_carrier(kind->carrier);
      request.set_country(kind->country);
      request.set_vintage(kind->vintage);
      print(shell,
            shell.session().ask_all(&v1::MarketData::Stub::ListPrices, request, shell.limit),
            *span,
            words_of(request));
      return Exit::ok;
    };
  });
}

void add_today(CLI::App& price, Shell& shell) {
  CLI::App& app = *price.add_subcommand("today", "An instrument's day so far");
  auto which = std::make_shared<std::string>();
  app.add_option("instrument", *which, "by id or code")->required();
  app.callback([&shell, which] {
    shell.action = [&shell, which] {
      const v1::Instrument& instrument = shell.session().instrument(*which);
      v1::GetStatisticsRequest request;
      request.set_instrument(instrument.instrument());
      const v1::GetStatisticsResponse today =
          shell.session().ask(&v1::MarketData::Stub::GetStatistics, request);
      if (shell.json) {
        std::cout << to_json_line(today) << '\n';
        return Exit::ok;
      }
      const Words words = words_of(instrument);
      std::cout << instrument.code() << "  " << instrument.name() << '\n';
      if (today.last_price() != 0)
        std::cout << "last     " << words.price(today.last_price()) << ' ' << words.price_unit
                  << '\n';
      std::cout << "ever     " << group_digits(today.volume()) << " contracts\n";
      if (!today.has_day()) {
        std::cout << "today    nothing traded\n";
        return Exit::ok;
      }
      const v1::Candle& day = today.day();
      std::cout << "today    " << group_digits(day.volume()) << " contracts in "
                << group_digits(static_cast<std::int64_t>(day.trades())) << " trades\nopen     "
                << words.price(day.open()) << "\nhigh     " << words.price(day.high())
                << "\nlow      " << words.price(day.low()) << "\naverage  "
                << words.average(day.vwap()) << '\n';
      return Exit::ok;
    };
  });
}

// "closing call".
std::string words_of(v1::ReferenceMethod method) {
  if (method == v1::REFERENCE_METHOD_CLOSING_CALL) return "closing call";
  if (method == v1::REFERENCE_METHOD_VWAP) return "average of trades";
  if (method == v1::REFERENCE_METHOD_PREVIOUS) return "as before";
  return "set by hand";
}

// The method's name as the API has it, in small letters: "closing_call".
std::string name_of(v1::ReferenceMethod method) {
  std::string name = v1::ReferenceMethod_Name(method).substr(sizeof "REFERENCE_METHOD_" - 1);
  std::ranges::transform(name, name.begin(), [](unsigned char c) { return std::tolower(c); });
  return name;
}

void print_csv(const v1::ListReferencePricesResponse& list) {
  std::cout << "instrument,day,price,method,volume,trades,time\n";
  for (const v1::ReferencePrice& price : list.prices()) {
    std::cout << price.instrument() << ',' << price.day() << ',' << price.price() << ','
              << name_of(price.method()) << ',' << price.volume() << ',' << price.trades() << ','
              << format_instant(Instant(price.time())) << '\n';
  }
}

void print_table(Shell& shell, const v1::ListReferencePricesResponse& list) {
  if (list.prices().empty()) {
    std::cout << "no trading day has ended with a price\n";
    return;
  }
  Table table({{.title = "day"},
               {.title = "instrument"},
               {.title = "price", .align = Align::right},
               {.title = ""},
               {.title = "made by"},
               {.title = "contracts", .align = Align::right},
               {.title = "trades", .align = Align::right}});
  for (const v1::ReferencePrice& price : list.prices()) {
    const v1::Instrument& instrument =
        shell.session().instrument(std::to_string(price.instrument()));
    const Words words = words_of(instrument);
    table.add({price.day(),
               instrument.code(),
               words.price(price.price()),
               instrument.terms().currency(),
               words_of(price.method()),
               group_digits(price.volume()),
               group_digits(price.trades())});
  }
  std::cout << table.text();
  if (!list.next_page_token().empty()) std::cout << "there is more: --limit shows it\n";
}

void add_reference(CLI::App& price, Shell& shell) {
  CLI::App& app = *price.add_subcommand(
      "reference", "The reference prices that trading days ended with, and how each was made");
  struct Asked {
    std::string instrument;
    std::string carrier;
    std::string country;
    std::string from;
    std::string to;
    std::int32_t vintage = 0;
    bool csv = false;
  };
  auto asked = std::make_shared<Asked>();
  auto* which = app.add_option("instrument", asked->instrument, "by id or code; without it all");
  app.add_option("--carrier", asked->carrier, "of instruments that ask for it, e.g. biomethane")
      ->excludes(which);
  app.add_option("--country", asked->country, "likewise of the origin, e.g. FR")->excludes(which);
  app.add_option("--vintage", asked->vintage, "likewise of the year of production")
      ->excludes(which);
  app.add_option("--from", asked->from, "first day, e.g. 2026-01-31");
  app.add_option("--to", asked->to, "last day");
  app.add_flag("--csv", asked->csv, "comma-separated values, the numbers as the API gives them");
  app.footer(
      "  origo price reference FR-BM --from 2026-01-01\n  origo price reference --carrier "
      "biomethane --vintage 2026 --csv > references.csv");
  app.callback([&shell, asked] {
    shell.action = [&shell, asked] {
      v1::ListReferencePricesRequest request;
      if (!asked->instrument.empty())
        request.set_instrument(shell.session().instrument(asked->instrument).instrument());
      request.set_carrier(asked->carrier);
      request.set_country(asked->country);
      request.set_vintage(asked->vintage);
      request.set_from(asked->from);
      request.set_to(asked->to);
      const v1::ListReferencePricesResponse list =
          shell.session().ask_all(&v1::MarketData::Stub::ListReferencePrices, request, shell.limit);
      if (shell.json) {
        std::cout << to_json_line(list) << '\n';
      } else if (asked->csv) {
        print_csv(list);
      } else {
        print_table(shell, list);
      }
      return Exit::ok;
    };
  });
}

}  // namespace

void add_price_commands(CLI::App& app, Shell& shell) {
  CLI::App& price =
      *app.add_subcommand("price", "Prices over time: of an instrument, of a kind of certificates")
           ->require_subcommand(1);
  add_candles(price, shell);
  add_history(price, shell);
  add_today(price, shell);
  add_reference(price, shell);
}

}  // namespace origo::gateway
