#pragma once

#include "gateway/cli/verb.h"

// The subcommands of `origo`, by what they are about.
namespace origo::gateway {

void add_node_commands(CLI::App& app, Shell& shell);  // status, whoami, admin
void add_party_commands(CLI::App& app,
                        Shell& shell);  // participant, user, role, account, cash, approve
void add_scheme_commands(CLI::App& app, Shell& shell);    // scheme
void add_registry_commands(CLI::App& app, Shell& shell);  // registry, device, production, issue
void add_certificate_commands(CLI::App& app,
                              Shell& shell);  // lots, holdings, transfer, cancel, statement
void add_statement_commands(CLI::App& app, Shell& shell);  // statement
void add_balance_commands(CLI::App& app, Shell& shell);    // balance
void add_market_commands(CLI::App& app, Shell& shell);     // market, instrument, attribute
void add_calendar_commands(CLI::App& app, Shell& shell);
void add_order_commands(CLI::App& app, Shell& shell);   // order, orders, kill-switch, session
void add_book_commands(CLI::App& app, Shell& shell);    // book, trades
void add_price_commands(CLI::App& app, Shell& shell);   // price
void add_audit_commands(CLI::App& app, Shell& shell);   // audit
void add_report_commands(CLI::App& app, Shell& shell);  // statistics
void add_import_commands(CLI::App& app, Shell& shell);  // import
void add_demo_command(CLI::App& app, Shell& shell);
void add_replay_command(CLI::App& app, Shell& shell);
void add_completion_command(CLI::App& app, Shell& shell);

}  // namespace origo::gateway
