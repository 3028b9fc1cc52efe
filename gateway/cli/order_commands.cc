#include <memory>

#include "gateway/cli/base/format.h"
#include "gateway/cli/base/parse.h"
#include "gateway/cli/commands.h"

namespace origo::gateway {
namespace {

using Text = std::shared_ptr<std::string>;

Text price_option(Verb& verb, const std::string& flag, const std::string& help) {
  auto text = std::make_shared<std::string>();
  verb.custom(flag, help, false, [text](const auto& texts) { *text = texts.front(); });
  return text;
}

// The instrument of a live order.
const v1::Instrument& instrument_of(Session& session, const v1::OrderRef& target) {
  v1::ListOrdersRequest request;
  request.set_account(target.account());
  const auto list = session.ask_all(&v1::MarketData::Stub::ListOrders, request, 1'000'000);
  for (const v1::Order& order : list.orders()) {
    const bool same = target.order() != 0 ? order.order() == target.order()
                                          : order.client_order_id() == target.client_order_id();
    if (same) return session.instrument(std::to_string(order.instrument()));
  }
  throw Failure(Exit::not_found,
                "the account has no such live order",
                "`origo orders --account ACC` shows all");
}

void add_place(CLI::App& order, Shell& shell) {
  CommandParts parts = command_parts(order, shell, "place", "Buy or sell", "place_order");
  v1::PlaceOrder& body = *parts.command->mutable_place_order();
  body.set_type(v1::ORDER_TYPE_LIMIT);
  body.set_time_in_force(v1::TIME_IN_FORCE_GTC);
  parts.verb.need("account", "sells from it, or pays from it");
  parts.verb.need("instrument", "by id or code");
  parts.verb.need("side", "what you do");
  parts.verb.need("quantity", "contracts");
  const Text price = price_option(
      parts.verb, "--price", "limit, in units of the currency: 12.50; or 1250t in ticks");
  parts.verb.may("type", "limit if not given");
  parts.verb.may("time_in_force", "gtc if not given; market orders without --stop-price: ioc");
  parts.verb.may("peak", "iceberg: contracts that the book shows at most");
  parts.verb.may("min_visible", "iceberg: show the next peak once fewer contracts are visible");
  const Text stop =
      price_option(parts.verb,
                   "--stop-price",
                   "wait until the last trade price is here or beyond, then be the limit or "
                   "market order that the rest says");
  const Text protection = price_option(parts.verb,
                                       "--protection-price",
                                       "worst price of a market buy; without it the collar's edge");
  const Text expire =
      price_option(parts.verb, "--expire-at", "for gtd: a UTC instant, 2023-05-01T12:00:00Z");
  parts.verb.may("client_order_id",
                 "your own number for it, unique among the account's live orders");
  parts.verb.may("lots", "lots that a sell delivers; without it the soonest to expire first");
  parts.verb.may("post_only", "refuse it rather than let it trade at entry");
  parts.verb.may("min_quantity", "refuse it if fewer contracts can be traded at entry");
  parts.verb.may("cancel_on_disconnect",
                 "end it when the last stream of --client is gone; needs an open one");
  parts.verb.may("self_trade", "what to do when it meets your own orders; allowed if not given");
  CLI::Option* const force = order.get_subcommand("place")->get_option("--time-in-force");
  parts.verb.before([command = parts.command, &shell, price, stop, protection, expire, force] {
    v1::PlaceOrder& out = *command->mutable_place_order();
    const bool limit = out.type() == v1::ORDER_TYPE_LIMIT;
    if (out.type() == v1::ORDER_TYPE_MARKET && force->count() == 0 && stop->empty())
      out.set_time_in_force(v1::TIME_IN_FORCE_IOC);
    if (limit && price->empty()) throw Failure(Exit::usage, "a limit order needs --price");
    const v1::Instrument& instrument = shell.session().instrument(std::to_string(out.instrument()));
    if (!price->empty()) out.set_price(ticks_of(*price, instrument));
    if (!stop->empty()) out.set_stop_price(ticks_of(*stop, instrument));
    if (!protection->empty()) out.set_protection_price(ticks_of(*protection, instrument));
    if (expire->empty()) return;
    const auto instant = parse_instant(*expire);
    if (!instant) throw Failure(Exit::usage, "--expire-at: '" + *expire + "' is not a UTC instant");
    out.set_expire_at(instant->ns());
    if (force->count() == 0) out.set_time_in_force(v1::TIME_IN_FORCE_GTD);
  });
  parts.verb.examples(
      "  origo order place --account acc-12 --instrument FR-BM-2023 --side buy --quantity 250 "
      "--price 12.50\n"
      "  origo order place --account acc-12 --instrument ins-1 --side sell --quantity 100 --type "
      "market\n"
      "  origo order place --account acc-12 --instrument ins-1 --side sell --quantity 100 --type "
      "market "
      "--stop-price 11.80\n"
      "  origo order place --account acc-12 --instrument ins-1 --side buy --quantity 5000 --price "
      "12.50 "
      "--peak 250");
}

// The options that name an order.
void name_order(CommandParts& parts, v1::OrderRef& target) {
  parts.verb.custom("--account",
                    "whose, e.g. acc-12",
                    true,
                    [&target, command = parts.command](const auto& texts) {
                      const auto id = parse_id(texts.front(), "acc");
                      if (!id)
                        throw Failure(Exit::usage,
                                      "'" + texts.front() + "' is not an id such as acc-12");
                      target.set_account(*id);
                    });
  parts.verb.custom("--order",
                    "which, e.g. ord-77",
                    false,
                    [&target, command = parts.command](const auto& texts) {
                      const auto id = parse_id(texts.front(), "ord");
                      if (!id)
                        throw Failure(Exit::usage,
                                      "'" + texts.front() + "' is not an id such as ord-77");
                      target.set_order(*id);
                    });
  parts.verb.custom("--client-order-id",
                    "or by your own number",
                    false,
                    [&target, command = parts.command](const auto& texts) {
                      const auto id = parse_count(texts.front());
                      if (!id)
                        throw Failure(Exit::usage, "'" + texts.front() + "' is not a number");
                      target.set_client_order_id(*id);
                    });
  parts.verb.before([&target, command = parts.command] {
    if (target.order() != 0 || target.client_order_id() != 0) return;
    throw Failure(Exit::usage, "say which order with --order or --client-order-id");
  });
}

void add_amend(CLI::App& order, Shell& shell) {
  CommandParts parts =
      command_parts(order, shell, "amend", "Change quantity, price or stop price", "amend_order");
  name_order(parts, *parts.command->mutable_amend_order()->mutable_target());
  parts.verb.may("quantity",
                 "the new total in contracts; less keeps the order's place in the queue");
  const Text price = price_option(parts.verb, "--price", "the new limit: 12.50, or 1250t in ticks");
  const Text stop =
      price_option(parts.verb, "--stop-price", "the new one of an order that still waits");
  parts.verb.before([command = parts.command, &shell, price, stop] {
    v1::AmendOrder& out = *command->mutable_amend_order();
    if (price->empty() && stop->empty()) return;
    const v1::Instrument& instrument = instrument_of(shell.session(), out.target());
    if (!price->empty()) out.set_price(ticks_of(*price, instrument));
    if (!stop->empty()) out.set_stop_price(ticks_of(*stop, instrument));
  });
  parts.verb.examples("  origo order amend --account acc-12 --order ord-77 --price 12.40");
}

// "engage" or "release" below `parent`.
void add_kill_switch(CLI::App& parent, Shell& shell, bool engaged) {
  CommandParts parts = command_parts(
      parent,
      shell,
      engaged ? "engage" : "release",
      engaged ? "End all live orders of a participant and take no new ones" : "Take orders again",
      "set_kill_switch");
  parts.command->mutable_set_kill_switch()->set_engaged(engaged);
  parts.verb.place("participant", "whose").may("reason", "recorded with it");
  parts.verb.examples(std::string("  origo kill-switch ") + (engaged ? "engage" : "release") +
                      " par-3");
}

void add_mass_cancel(CLI::App& order, Shell& shell) {
  CommandParts parts =
      command_parts(order, shell, "mass-cancel", "Cancel all orders that match", "mass_cancel");
  parts.verb.need("account", "whose")
      .may("instrument", "only here, by id or code; needed for prices");
  parts.verb.may("side", "only this one");
  const Text low = price_option(parts.verb, "--price-min", "only at or above");
  const Text high = price_option(parts.verb, "--price-max", "only at or below");
  parts.verb.before([command = parts.command, &shell, low, high] {
    v1::MassCancel& out = *command->mutable_mass_cancel();
    if (low->empty() && high->empty()) return;
    if (out.instrument() == 0) throw Failure(Exit::usage, "a price range needs --instrument");
    const v1::Instrument& instrument = shell.session().instrument(std::to_string(out.instrument()));
    if (!low->empty()) out.set_price_min(ticks_of(*low, instrument));
    if (!high->empty()) out.set_price_max(ticks_of(*high, instrument));
  });
}

}  // namespace

void add_order_commands(CLI::App& app, Shell& shell) {
  CLI::App& order = group(app, "order", "Order entry");
  add_place(order, shell);
  add_amend(order, shell);
  CommandParts reduce =
      command_parts(order, shell, "reduce", "Take contracts off an order", "reduce_order");
  name_order(reduce, *reduce.command->mutable_reduce_order()->mutable_target());
  reduce.verb.need("by", "contracts");
  CommandParts cancel = command_parts(order, shell, "cancel", "Cancel an order", "cancel_order");
  name_order(cancel, *cancel.command->mutable_cancel_order()->mutable_target());
  add_mass_cancel(order, shell);
  CLI::App& kill_switch = group(app, "kill-switch", "All orders of a participant at once");
  add_kill_switch(kill_switch, shell, true);
  add_kill_switch(kill_switch, shell, false);
  CLI::App& session = group(app, "session", "Orders that end with their client");
  command_verb(session,
               shell,
               "end",
               "End the orders that were placed with cancel-on-disconnect",
               "end_session")
      .place("client", "the client id under which they were placed")
      .examples("  origo session end 4711");
  list_verb(app,
            shell,
            "orders",
            "Live orders of an account, also those that wait for a stop price",
            &v1::MarketData::Stub::ListOrders,
            {"order",
             "instrument",
             "side",
             "type",
             "time_in_force",
             "state",
             "price",
             "stop_price",
             "quantity",
             "filled",
             "open",
             "visible",
             "expire_at",
             "client_order_id"})
      .need("account", "whose")
      .may("instrument", "only here, by id or code")
      .examples("  origo orders --account acc-12");
}

}  // namespace origo::gateway
