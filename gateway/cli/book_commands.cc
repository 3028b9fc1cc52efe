#include <sys/ioctl.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <thread>

#include "gateway/cli/base/book_view.h"
#include "gateway/cli/base/format.h"
#include "gateway/cli/commands.h"

namespace origo::gateway {
namespace {

volatile std::sig_atomic_t stop_asked = 0;

struct BookOptions {
  std::string instrument;
  std::uint32_t depth = 10;
  bool combined = false;
  std::uint32_t trades = 8;
  unsigned interval_ms = 250;
  std::uint64_t rounds = 0;  // 0: until Ctrl-C
};

Canvas terminal() {
  Canvas canvas;
  if (::isatty(STDOUT_FILENO) == 0) return canvas;
  canvas.colour = std::getenv("NO_COLOR") == nullptr;
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 20)
    canvas.width = size.ws_col;
  return canvas;
}

v1::GetBookResponse ask_book(Session& session,
                             const v1::Instrument& instrument,
                             const BookOptions& options) {
  v1::GetBookRequest request;
  request.set_instrument(instrument.instrument());
  request.set_depth(options.depth);
  request.set_combined(options.combined);
  return session.ask(&v1::MarketData::Stub::GetBook, request);
}

BookPicture picture(Session& session,
                    const v1::Instrument& instrument,
                    const BookOptions& options) {
  BookPicture book;
  book.title = instrument.code() + "  " + instrument.name();
  book.currency = instrument.terms().currency();
  book.tick_value = instrument.terms().tick_value();
  const v1::GetBookResponse answer = ask_book(session, instrument, options);
  book.sequence = answer.sequence();
  const auto add = [](const v1::Level& level) {
    return BookLevel{
        .price = level.price(), .quantity = level.quantity(), .orders = level.orders()};
  };
  for (const v1::Level& level : answer.bids()) book.bids.push_back(add(level));
  for (const v1::Level& level : answer.asks()) book.asks.push_back(add(level));
  if (options.trades == 0) return book;
  v1::ListTradesRequest request;
  request.set_instrument(instrument.instrument());
  request.set_page_size(options.trades);
  const v1::ListTradesResponse trades = session.ask(&v1::MarketData::Stub::ListTrades, request);
  for (const v1::TradeReport& trade : trades.trades()) {
    book.trades.push_back({.price = trade.price(),
                           .quantity = trade.quantity(),
                           .bought = trade.aggressor() == v1::SIDE_BUY,
                           .time = format_instant(Instant(trade.time())).substr(11, 8)});
  }
  return book;
}

Exit show_book(Shell& shell, const BookOptions& options) {
  const v1::Instrument& instrument = shell.session().instrument(options.instrument);
  if (shell.json) {
    std::cout << to_json_line(ask_book(shell.session(), instrument, options)) << "\n";
  } else {
    std::cout << draw(picture(shell.session(), instrument, options), terminal());
  }
  return Exit::ok;
}

// Redraws in place on a terminal; elsewhere prints each state that differs from the one before.
Exit watch_book(Shell& shell, const BookOptions& options) {
  const v1::Instrument& instrument = shell.session().instrument(options.instrument);
  const bool in_place = ::isatty(STDOUT_FILENO) != 0 && !shell.json;
  std::signal(SIGINT, [](int) { stop_asked = 1; });
  if (in_place) std::cout << "\x1b[?1049h\x1b[?25l";
  const std::shared_ptr<void> restore(nullptr, [in_place](void*) {
    if (in_place) std::cout << "\x1b[?25h\x1b[?1049l" << std::flush;
  });
  std::string before;
  for (std::uint64_t round = 0; stop_asked == 0 && (options.rounds == 0 || round < options.rounds);
       ++round) {
    if (round > 0) std::this_thread::sleep_for(std::chrono::milliseconds(options.interval_ms));
    const std::string now =
        shell.json ? to_json_line(ask_book(shell.session(), instrument, options)) + "\n"
                   : draw(picture(shell.session(), instrument, options), terminal());
    if (now == before) continue;
    before = now;
    std::cout << (in_place ? "\x1b[H\x1b[2J" : "") << now << (in_place ? "  Ctrl-C ends" : "")
              << std::flush;
  }
  return Exit::ok;
}

void add_options(CLI::App& app, BookOptions& options) {
  app.add_option("--depth", options.depth, "levels a side")->capture_default_str();
  app.add_flag("--combined",
               options.combined,
               "asks that a buyer here can take and bids that a seller can fill: with the narrower "
               "instruments' sells and the wider ones' buys");
  app.add_option("--trades", options.trades, "newest trades shown")->capture_default_str();
}

}  // namespace

void add_book_commands(CLI::App& app, Shell& shell) {
  auto options = std::make_shared<BookOptions>();
  CLI::App& book = group(app, "book", "An instrument's order book");
  CLI::App& show = *book.add_subcommand("show", "The book as it stands");
  CLI::App& watch = *book.add_subcommand("watch", "The book, live, until Ctrl-C");
  for (CLI::App* const one : {&show, &watch}) {
    one->add_option("instrument", options->instrument, "by id or code")->required();
    add_options(*one, *options);
  }
  watch.add_option("--interval-ms", options->interval_ms, "time between looks")
      ->capture_default_str();
  watch.add_option("--rounds", options->rounds, "looks before it ends; 0: no end")
      ->capture_default_str();
  show.footer("Examples:\n  origo book show FR-BM-2023\n  origo book show ins-1 --depth 50 --json");
  watch.footer(
      "Examples:\n  origo book watch ins-1\n  origo book watch ins-1 --rounds 10 | tee book.txt");
  show.callback([&shell, options] {
    shell.action = [&shell, options] { return show_book(shell, *options); };
  });
  watch.callback([&shell, options] {
    shell.action = [&shell, options] { return watch_book(shell, *options); };
  });
  list_verb(app,
            shell,
            "trades",
            "Trades of an instrument, newest first",
            &v1::MarketData::Stub::ListTrades,
            {"trade", "price", "quantity", "aggressor", "time"})
      .place("instrument", "by id or code");
}

}  // namespace origo::gateway
