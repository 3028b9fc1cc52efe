#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/scenario/driver.h"
#include "tests/scenario/from_json.h"
#include "tests/scenario/last_price.h"
#include "tests/scenario/names.h"
#include "tests/scenario/scenario_file.h"
#include "tests/scenario/scheme_files.h"

namespace origo::scenario {

inline constexpr const char* kMintRegistry = "MINT";

// What a scenario may take for granted: a bootstrapped exchange with a user for each office, an
// open market with its instruments, and participants that appear on first use.
//
// Users: admin, registrar, issuer, operator, auditor; each account name is also a participant's and
// a user's. Without `registries` there is one that mints ample certificates for every instrument.
class World : public Resolver {
 public:
  World(Driver& driver, SchemeFiles& files, const Scenario& scenario);

  // Builds all of that. Throws FileMistake if the exchange refuses any of it.
  void build();

  std::uint64_t resolve(Kind kind, const std::string& name) override;
  Instant instant(const Json& value, const std::string& where) override;

  [[nodiscard]] Driver& driver() { return driver_; }
  [[nodiscard]] SchemeFiles& files() { return files_; }
  [[nodiscard]] Names& names() { return names_; }
  // In order of first use.
  [[nodiscard]] const std::vector<AccountId>& accounts() const { return accounts_; }
  [[nodiscard]] const InstrumentSpec& spec_of(const std::string& instrument) const;
  // The instrument meant where a step names none.
  [[nodiscard]] const std::string& default_instrument() const { return default_instrument_; }
  [[nodiscard]] const std::map<std::string, InstrumentSpec>& instruments() const {
    return instruments_;
  }

  // How orders that say nothing else prevent self-trades: the scenario's `semantics.stp`.
  [[nodiscard]] std::string default_self_trade() const {
    return scenario_.semantics.is_object() ? scenario_.semantics.value("stp", "none") : "none";
  }
  [[nodiscard]] LastPrice& last() { return last_; }
  // Whether any of the scenario's orders could see a last price.
  [[nodiscard]] bool has_stops() const { return has_stops_; }
  // Of the scenario's own market.
  [[nodiscard]] Phase phase() const { return phase_; }
  void set_phase(Phase phase) { phase_ = phase; }

  // Who acts for an account, a device's producer, a declaration's producer; unset: unknown.
  [[nodiscard]] UserId user_of(AccountId account) const;
  [[nodiscard]] UserId user_of(ParticipantId participant) const;
  [[nodiscard]] UserId user_called(const std::string& name) const;
  void record_account(AccountId account, ParticipantId participant);
  void record_device(DeviceId device, ParticipantId producer) {
    device_producers_[device] = producer;
  }
  void record_declaration(DeclarationId declaration, DeviceId device) {
    declared_for_[declaration] = device;
  }
  void record_cancellation(CancellationId cancellation, AccountId account) {
    cancelled_from_[cancellation] = account;
  }
  [[nodiscard]] UserId canceller_of(CancellationId cancellation) const;
  void record_site(SiteId site, ParticipantId keeper) { site_keepers_[site] = keeper; }
  [[nodiscard]] UserId keeper_of(SiteId site) const;
  [[nodiscard]] UserId producer_of(DeviceId device) const;
  [[nodiscard]] UserId producer_of(DeclarationId declaration) const;

  // Adds sample values for the fields that the device's scheme asks of a declaration and that are
  // missing.
  void fill_required(DeclareProduction& declaration) const;

  // Executes a command that must succeed; its answer's id.
  std::uint64_t must(const std::string& user, Command command);

 private:
  void build_offices();
  void build_registries();
  void build_devices();
  void build_mint();
  void build_market();
  void set_fees(MarketId market);
  void set_starting_prices();
  [[nodiscard]] TradingRules rules_of(const InstrumentSpec& spec);
  void mint_for(const std::string& name);
  void create_instrument(const std::string& name);
  ParticipantId participant(const std::string& name, const std::string& kind_on_first_use);
  AccountId account(const std::string& name);
  void endow(const std::string& name, AccountId account);
  [[nodiscard]] const AccountSpec& account_spec(const std::string& name) const;

  Driver& driver_;
  SchemeFiles& files_;
  const Scenario& scenario_;
  Names names_;
  Instant clock_origin_;
  std::int64_t clock_unit_ns_ = 1'000'000'000;  // of whole numbers in steps
  std::int64_t ample_price_ = 0;
  Phase phase_ = Phase::continuous;
  bool minting_ = false;
  LastPrice last_{*this};
  bool has_stops_ = false;
  std::map<std::string, InstrumentSpec> instruments_;
  std::string default_instrument_;
  std::map<std::string, LotId> minted_;             // by instrument
  std::map<std::string, std::int64_t> unit_sizes_;  // by registry
  std::map<std::string, const Scheme*> schemes_;    // of the registries in the scenario's setting
  std::map<DeviceId, std::string> registry_of_;     // of the devices in the setting
  std::vector<AccountId> accounts_;
  std::map<AccountId, ParticipantId> owners_;
  std::map<ParticipantId, UserId> users_;
  std::map<DeviceId, ParticipantId> device_producers_;
  std::map<DeclarationId, DeviceId> declared_for_;
  std::map<CancellationId, AccountId> cancelled_from_;
  std::map<SiteId, ParticipantId> site_keepers_;
};

// An instant written "2026-01-31" (its first moment) or "2026-01-31T12:00:00Z".
// "2026-01-31T12:00:00Z"
[[nodiscard]] std::string print_instant(Instant instant);
[[nodiscard]] Instant parse_instant(const std::string& text, const std::string& where);

}  // namespace origo::scenario
