#pragma once

#include <cstdint>
#include <string_view>

namespace origo {

// Why a command is refused: number, name, class in scenario files, field, rule.
// Numbers are public: appended, never reused. Which of several is reported: the market's check
// order (syntax, rights, state, phase, tick and limits, collar, duplicate, certificates or cash).
// 147 stays unused: it named a refusal that no command could earn.
// clang-format off
#define ORIGO_REJECTS(X)                                                                             \
  X(1, malformed, "bad_request", "command", "must decode as a known command of this version")        \
  X(2, not_permitted, "not_permitted", "principal", "needs a role that allows this command here")    \
  X(3, user_unknown, "not_permitted", "principal", "must be an active user")                         \
  X(4, client_sequence_conflict, "sequence_conflict", "client_sequence",                             \
    "was used before with another body")                                                             \
  X(5, client_sequence_old, "sequence_old", "client_sequence",                                       \
    "is older than the last 1,024 numbers: outcome unknown, query instead")                          \
  X(6, client_sequence_jump, "sequence_jump", "client_sequence",                                     \
    "must not jump more than 1,024 ahead")                                                           \
  X(7, client_of_other_user, "not_permitted", "client_id", "belongs to another user")                \
  X(8, already_bootstrapped, "bad_request", "command", "a node is bootstrapped once")                \
  X(9, not_bootstrapped, "bad_request", "command", "the node is not bootstrapped yet")               \
  X(10, name_invalid, "bad_text", "name", "must be 1 to 200 bytes of UTF-8 without control characters") \
  X(11, text_invalid, "bad_text", "text", "must be at most 2,000 bytes of UTF-8 without control characters") \
  X(12, code_invalid, "bad_text", "code", "must be 1 to 40 of A-Z a-z 0-9 . _ -")                    \
  X(13, code_taken, "duplicate", "code", "is taken")                                                 \
  X(14, currency_invalid, "bad_request", "currency", "must be three letters A-Z")                    \
  X(15, country_invalid, "bad_request", "country", "must be two letters A-Z")                        \
  X(16, enum_invalid, "bad_request", "enum", "must be a known value, not unspecified")               \
  X(17, instant_invalid, "bad_request", "instant", "must lie between 1970-01-02 and 2199-12-31")     \
  X(18, period_invalid, "bad_period", "period", "must start no later than it ends")                  \
  X(19, too_many_items, "bad_request", "list", "has more items than allowed")                        \
  X(20, rules_version_unknown, "bad_request", "version", "must be a rules version this build knows, not lower than the current one") \
  X(21, quarantined, "quarantined", "command", "stopped the node and was set aside by two operators")   \
  X(22, rate_limited, "overloaded", "command", "exceeds what this user or address may send a second")   \
  X(30, participant_unknown, "unknown", "participant", "must exist")                                 \
  X(31, participant_frozen, "frozen", "participant", "must not be frozen")                           \
  X(32, account_unknown, "unknown", "account", "must exist and be within reach of this user")        \
  X(33, account_frozen, "frozen", "account", "must not be frozen")                                   \
  X(34, account_registry_mismatch, "wrong_account", "account", "must be in the registry of the lot") \
  X(35, account_kind_barred, "wrong_account", "account", "its holder's kind may not hold certificates of this scheme") \
  X(36, account_is_cash_only, "wrong_account", "account", "must be in a registry")                   \
  X(37, same_account, "wrong_account", "to", "must differ from the account that gives")              \
  X(38, user_not_found, "unknown", "user", "must exist")                                             \
  X(39, role_scope_invalid, "bad_request", "scope", "must name an existing participant or registry that fits the role") \
  X(40, role_incompatible, "role_incompatible", "role", "is incompatible with a role this person already has") \
  X(41, role_not_held, "unknown", "role", "must be held by the user")                                \
  X(42, token_invalid, "bad_request", "token", "must be a digest that no other token has")           \
  X(43, proposal_unknown, "unknown", "proposal", "must exist and be open")                           \
  X(44, proposal_own, "four_eyes", "principal", "must be another person than the one who proposed")  \
  X(45, kinds_missing, "bad_request", "kinds", "must name at least one kind of participant")         \
  X(46, transfer_unknown, "unknown", "transfer", "must exist and be waiting")                        \
  X(47, proposals_full, "limit", "proposal", "must leave at most 100 of a user and 1,000 of the node open") \
  X(50, amount_not_positive, "bad_amount", "amount", "must be 1 or more")                            \
  X(51, amount_above_cap, "bad_amount", "amount", "would lift the total supply above 2^62")          \
  X(52, cash_not_available, "no_cash", "amount", "exceeds the available cash")                       \
  X(60, attribute_unknown, "bad_filter", "attribute", "must be defined")                             \
  X(61, attribute_redefined, "duplicate", "attribute", "is defined with another kind")               \
  X(62, attribute_value_invalid, "bad_filter", "attribute", "must have values of its kind")          \
  X(63, filter_empty, "bad_filter", "filter", "must have at least one clause, each with a value or a range") \
  X(64, filter_range_empty, "bad_filter", "filter", "a range must not be empty")                     \
  X(70, scheme_unknown, "unknown", "scheme", "must be loaded and valid on the day")                  \
  X(71, scheme_invalid, "bad_scheme", "scheme", "must be complete and consistent")                   \
  X(72, registry_unknown, "unknown", "registry", "must exist")                                       \
  X(73, device_unknown, "unknown", "device", "must exist")                                           \
  X(74, device_not_approved, "wrong_state", "device", "must be approved by the registry")            \
  X(75, device_already_approved, "wrong_state", "device", "is approved already")                     \
  X(76, device_field_missing, "bad_field", "fields", "a field that the scheme requires is missing")  \
  X(77, device_field_unknown, "bad_field", "fields", "is not a field of the scheme, or is given twice") \
  X(78, device_field_invalid, "bad_field", "fields", "must have a value of the field's kind")        \
  X(79, carrier_not_allowed, "bad_carrier", "carrier", "must be a carrier of the scheme and the device") \
  X(80, period_too_long, "bad_period", "period", "is longer than the scheme allows")                 \
  X(81, period_in_future, "bad_period", "period", "must have ended")                                 \
  X(82, period_before_device, "bad_period", "period", "must not start before the device did")        \
  X(83, period_overlaps, "bad_period", "period", "overlaps a period declared for this device and carrier") \
  X(84, measured_not_positive, "bad_amount", "gross", "must be 1 or more")                           \
  X(85, deduction_unknown, "bad_field", "deductions", "must be a kind that the scheme lists, given once") \
  X(86, deduction_invalid, "bad_amount", "deductions", "must be 0 or more, and together at most the gross amount") \
  X(87, declaration_unknown, "unknown", "declaration", "must exist")                                 \
  X(88, issuance_already_requested, "wrong_state", "declaration", "issuance was requested already")  \
  X(89, issuance_not_requested, "wrong_state", "declaration", "issuance must be requested, and not approved yet") \
  X(90, issuance_deadline_passed, "deadline", "declaration", "issuance must be requested within the scheme's deadline") \
  X(91, lot_unknown, "unknown", "lot", "must exist")                                                 \
  X(92, units_not_positive, "bad_qty", "units", "must be 1 or more")                                 \
  X(93, units_not_available, "no_certificates", "units", "exceed what the account has available")    \
  X(94, certificates_expired, "expired", "lot", "must not be past its last day")                     \
  X(95, transfer_period_ended, "expired", "lot", "must not be past its last day for transfers")      \
  X(96, beneficiary_missing, "bad_field", "beneficiary", "must be named under this scheme")          \
  X(97, purpose_invalid, "bad_field", "purpose", "must be a purpose of the scheme")                  \
  X(98, consumption_period_missing, "bad_period", "period", "must be given under this scheme")       \
  X(99, receiver_barred, "wrong_account", "to", "its holder may not receive certificates under this scheme") \
  X(110, market_unknown, "unknown", "market", "must exist")                                          \
  X(111, calendar_invalid, "bad_calendar", "day_ends", "must be ascending instants in the future")   \
  X(112, phase_invalid, "phase", "phase", "must be continuous, halt, closed or call, and differ from what holds") \
  X(113, fees_invalid, "bad_fees", "fees", "rates must lie within -100,000 to 100,000 ppm and taker plus maker must not be negative") \
  X(114, instrument_unknown, "unknown", "instrument", "must exist")                                  \
  X(115, instrument_terms_invalid, "bad_instrument", "terms", "tick value, contract size, quantity limits and collar must be positive and in order") \
  X(116, instrument_duplicate, "duplicate", "instrument", "an instrument with equal filter and terms exists") \
  X(117, notional_too_large, "bad_instrument", "terms", "price times quantity times tick value would overflow") \
  X(118, instrument_undeliverable, "bad_instrument", "filter", "no registry can deliver it")         \
  X(119, instrument_of_other_market, "bad_instrument", "market", "instruments whose orders can meet belong to one market") \
  X(130, quantity_not_positive, "bad_qty", "quantity", "must be 1 or more")                          \
  X(131, quantity_off_limits, "bad_qty", "quantity", "must lie within the instrument's limits")      \
  X(132, price_not_positive, "bad_px", "price", "must be 1 or more ticks")                           \
  X(133, price_on_market_order, "bad_px", "price", "a market order has no price")                    \
  X(134, price_outside_collar, "bad_px", "price", "must lie within the instrument's collar")         \
  X(136, order_type_invalid, "bad_order", "type", "must be a known order type")                      \
  X(137, time_in_force_invalid, "bad_order", "time_in_force", "must be one that the order type allows") \
  X(138, expiry_missing, "bad_order", "expire_at", "GTD needs one; no other time in force has one")  \
  X(139, expiry_past, "expired", "expire_at", "must be in the future")                               \
  X(140, phase_closed, "phase", "instrument", "its market must be in a phase that takes this")       \
  X(141, client_order_id_live, "duplicate_id", "client_order_id", "is in use by a live order of the account") \
  X(142, order_unknown, "unknown_order", "order", "must be a live order of this account")            \
  X(143, lot_not_deliverable, "bad_lot", "lots", "must match the instrument, be transferable and divide into contracts") \
  X(144, certificates_not_available, "no_certificates", "quantity", "exceeds what the account can deliver") \
  X(145, receiving_account_missing, "no_receiving_account", "account", "its participant needs an account in every registry that can deliver") \
  X(146, quantity_unchanged, "bad_qty", "quantity", "an amendment must change quantity or price")    \
  X(148, lots_on_buy, "bad_lot", "lots", "only a sell order names lots")                             \
  X(149, range_invalid, "bad_px", "price_range", "must start no higher than it ends")                \
  X(160, post_only_invalid, "bad_order", "post_only", "only limit orders that can rest, without a minimum quantity") \
  X(161, post_only_would_trade, "would_cross", "price", "a post-only order must not trade at entry") \
  X(162, min_quantity_invalid, "bad_qty", "min_quantity", "must lie between 0 and the quantity")     \
  X(163, min_quantity_not_met, "min_qty", "min_quantity", "exceeds what can be traded at entry")     \
  X(164, no_liquidity, "no_liquidity", "type", "a market-to-limit order needs an opposite order to trade with") \
  X(165, self_trade_invalid, "bad_order", "self_trade", "must be a known way of preventing self-trades") \
  X(166, stop_price_invalid, "bad_px", "stop_price", "must be 0 or more, and within the instrument's collar") \
  X(167, stop_barred, "bad_order", "stop_price", "only limit and market orders that are neither post-only nor auction-only, without a minimum quantity") \
  X(168, stop_through, "stop_side", "stop_price", "must not be reached by the last trade price already")  \
  X(169, stop_not_waiting, "bad_order", "stop_price", "belongs to an order that still waits for it")      \
  X(170, peak_invalid, "bad_qty", "peak", "must lie between 0 and the quantity")                          \
  X(171, peak_barred, "bad_order", "peak", "only limit orders that can rest show a part")                 \
  X(172, min_visible_invalid, "bad_qty", "min_visible", "must lie between 0 and the peak")                \
  X(173, time_in_force_phase, "tif_phase", "time_in_force", "must be one that the market's phase takes")  \
  X(174, participant_killed, "kill_switch", "participant", "must not have its kill switch engaged")       \
  X(175, kill_switch_unchanged, "wrong_state", "engaged", "must differ from what holds")                  \
  X(176, session_missing, "bad_order", "cancel_on_disconnect", "needs a client id")                       \
  X(177, client_unknown, "unknown", "client", "must be a client id of this user")                         \
  X(178, order_value_off_limits, "bad_qty", "quantity", "times price must lie within the instrument's limits of value") \
  X(179, below_filled, "bad_qty", "quantity", "must be above what is filled in this instrument")          \
  X(180, rules_invalid, "bad_instrument", "rules", "min_visible must be 0 or more")                       \
  X(181, fee_tiers_invalid, "bad_fees", "tiers", "must be at most 16, ascending from above 0, with sound rates") \
  X(182, reference_missing, "no_reference", "phase", "an instrument with market orders only needs a reference price to uncross") \
  X(183, schedule_invalid, "bad_calendar", "phases", "must be ascending changes from one phase to another, each random part at most an hour and over before the next") \
  X(184, reason_missing, "bad_text", "reason", "must say why") \
  X(185, collar_invalid, "bad_instrument", "rules", "collars must be at most 10,000,000 ppm, with a volatility call of 1 to 86,400 s and a random end of at most 3,600 s; without a collar neither") \
  X(186, country_not_allowed, "bad_request", "country", "must be a country of the scheme")                \
  X(187, sender_barred, "wrong_account", "from", "its holder may not pass on certificates under this scheme") \
  X(188, order_type_barred, "bad_order", "type", "must be limit: the instrument, or its calls, take no other") \
  X(189, price_outside_band, "bad_px", "price", "must lie within the instrument's band around its reference price") \
  X(190, settle_days_invalid, "bad_request", "settle_days", "must be 0 to 30")                            \
  X(191, settlement_after_end, "expired", "lots", "must be transferable and cancellable beyond the day on which a trade of today settles")  \
  X(200, evidence_closed, "wrong_state", "declaration", "takes evidence until its certificates are issued") \
  X(201, evidence_invalid, "bad_field", "evidence", "every amount must lie within its limits, with at most 16 sources of electricity and of CO2, and one of green_e") \
  X(202, serials_not_in_lot, "bad_qty", "first", "it and all units must be serials of the lot")           \
  X(203, nothing_to_withdraw, "wrong_state", "units", "must not all be withdrawn or void already")        \
  X(204, correction_unchanged, "wrong_state", "gross", "less the deductions must differ from what counts now") \
  X(205, efficiency_invalid, "bad_field", "efficiency_ppm", "must lie between 1 and 1,000,000; of captured CO2 it must be 0") \
  X(206, conversion_barred, "wrong_state", "declaration", "must be of a device of the account's participant, of energy in another carrier, and not issued yet") \
  X(207, conversion_exceeded, "bad_amount", "declaration", "must not count more than the certificates that it was made from yield") \
  X(210, cancellation_unknown, "unknown", "cancellation", "must exist and be within reach of this user")  \
  X(211, use_not_allowed, "bad_use", "use", "must be allowed by a claim rule of the scheme for the cancellation's purpose and its certificates on this day") \
  X(212, use_barred, "bad_use", "use", "must not be barred for these certificates on this day")           \
  X(213, units_not_claimable, "no_certificates", "units", "exceeds what of the cancellation is neither used nor void") \
  X(214, reporting_period_invalid, "bad_period", "period", "must be given, have begun, and meet the cancellation's period of consumption") \
  X(215, conversion_not_claimable, "wrong_state", "cancellation", "must not have been the input of a production") \
  X(216, emissions_invalid, "bad_amount", "emissions", "must be 0 or more") \
  X(220, programme_unknown, "bad_field", "fields", "must name a CO2 programme of the scheme that is in force on the production's last day") \
  X(221, programme_missing, "bad_field", "fields", "must name the CO2 programme of a fuel that was made from captured CO2") \
  X(222, captured_mass_missing, "bad_field", "fields", "must give the captured CO2 that a fuel under a CO2 programme was made from") \
  X(223, capture_certificates_missing, "wrong_state", "declaration", "needs capture certificates used up for all that the capturer gives up") \
  X(224, capture_certificates_barred, "wrong_state", "lot", "must be of a scheme whose capture certificates the declaration's CO2 programme asks for") \
  X(225, capture_source_barred, "wrong_state", "lot", "must be of CO2 that the fuel may deduct, as its CO2 programme asks") \
  X(226, counting_mixed, "wrong_state", "lot", "its CO2 must be counted as the declaration's is") \
  X(227, capture_certificates_exceeded, "bad_qty", "units", "must not be more than what the capturer gives up") \
  X(228, carbon_source_barred, "wrong_state", "sources", "must be cancelled certificates of fuel from captured CO2, neither converted nor void, each cancellation once, of a declaration of recycled CO2") \
  X(229, carbon_exceeded, "bad_amount", "sources", "must be 1 or more units that nobody has captured, of no more mass than they hold, together no more than is declared") \
  X(230, site_unknown, "unknown", "site", "must exist in the registry and be within reach of this user")  \
  X(231, site_not_approved, "wrong_state", "site", "must be approved by the registry")                    \
  X(232, site_already_approved, "wrong_state", "site", "is approved already")                             \
  X(233, balance_not_kept, "wrong_state", "registry", "its scheme must keep mass balances")               \
  X(234, booking_day_closed, "bad_period", "day", "must lie in the site's open period, at the latest today, once the period before is closed") \
  X(235, proof_number_taken, "duplicate", "proof", "has entered the registry: a number enters once")      \
  X(236, balance_exceeded, "no_balance", "energy", "exceeds what the site's balance holds")               \
  X(237, proof_invalid, "bad_field", "proof", "needs number, feedstock, country, scheme and emissions, as they were said before, and gas alone none of them") \
  X(238, proof_missing, "bad_lot", "lot", "must have its proof of sustainability with it")                \
  X(239, split_barred, "wrong_state", "lot", "is split from its proof only where the scheme says for what, by who has all of it free that is in circulation") \
  X(240, device_change_pending, "wrong_state", "device", "must not have a change that waits already") \
  X(241, device_change_unknown, "unknown", "change", "must exist and be waiting") \
  X(242, device_unchanged, "wrong_state", "device", "must become something else than it is") \
  X(243, device_change_backdated, "bad_period", "valid_from", "must not lie before that of the device's latest change") \
  X(244, device_change_declared, "bad_period", "valid_from", "must lie after all that was declared, if the change is of more than the name") \
  X(245, device_start_fixed, "wrong_state", "start", "must stay as it is once production was declared") \
  X(246, device_decommissioned, "bad_period", "period", "must not reach beyond the device's last day of operation") \
  X(247, period_spans_change, "bad_period", "period", "must not span a change of the device's producer or attributes") \
  X(248, freeze_unchanged, "wrong_state", "units", "must not all be so already, out of circulation, or owed to trades") \
  X(249, certificates_frozen, "frozen", "units", "must not be frozen")
// clang-format on

// A refusal's public number. `accepted` is the absence of one.
enum class Reject : std::uint16_t {
  accepted = 0,
#define ORIGO_REJECT_ENUM(number, name, klass, field, rule) name = number,
  ORIGO_REJECTS(ORIGO_REJECT_ENUM)
#undef ORIGO_REJECT_ENUM
};

struct RejectInfo {
  Reject code;
  std::string_view name;   // public, stable
  std::string_view klass;  // class in scenario files
  std::string_view field;  // what was wrong in the command
  std::string_view rule;   // what must hold, completing "<field> ..."
};

// What is known about a code; unknown numbers answer as `malformed`.
[[nodiscard]] const RejectInfo& info_of(Reject code);

}  // namespace origo
