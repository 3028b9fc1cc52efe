#include <algorithm>
#include <set>

#include "engine/registry/balancing.h"
#include "engine/registry/office.h"

// Certificates with a proof of sustainability: how they come out of a balance and go into one.
namespace origo {
namespace {

// The first characteristic in which two proofs differ; empty: none.
std::string difference(const Proof& a, const Proof& b) {
  if (a.feedstock != b.feedstock) return "feedstock";
  if (a.feedstock_country != b.feedstock_country) return "feedstock_country";
  if (a.sustainability_scheme != b.sustainability_scheme) return "sustainability_scheme";
  return a.ghg_intensity != b.ghg_intensity ? "ghg_intensity" : "";
}

}  // namespace

// "straw; manure" and "manure;straw" are the same.
std::string Balancing::characteristic(const std::string& text) {
  std::set<std::string> words;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(';', at), text.size());
    std::string word = text.substr(at, end - at);
    word.erase(0, std::min(word.find_first_not_of(' '), word.size()));
    word.erase(word.find_last_not_of(' ') + 1);
    if (!word.empty()) words.insert(word);
    at = end + 1;
  }
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ";") + word;
  return out;
}

Result<Balancing::Brought> Balancing::check_lot(AccountId account_id,
                                                LotId lot_id,
                                                SiteId site_id) const {
  const Account* account = working_.state.parties.find(account_id);
  if (account == nullptr) return Reject::account_unknown;
  const Lot* lot = registry_.find(lot_id);
  if (lot == nullptr) return Reject::lot_unknown;
  if (const Verdict bad = check_bookable(site_id, Date())) return *bad;
  const Site& site = *registry_.find(site_id);
  if (site.registry != lot->registry || site.participant != account->participant)
    return Reject::site_unknown;
  if (site.carrier != registry_.find(lot->declaration)->carrier) return Reject::carrier_not_allowed;
  if (lot->split_into.is_set()) return Reject::proof_missing;
  if (lot->proof.is_set()) return Brought{.lot = lot, .proof = registry_.get(lot->proof)};
  // Issued while the scheme kept no balances: its number enters now.
  std::optional<Proof> proof = proof_of(lot->attributes);
  if (!proof) return Reject::proof_missing;
  if (registry_.find_proof(lot->registry, proof->number) != nullptr)
    return Reject::proof_number_taken;
  proof->registry = lot->registry;
  proof->lot = lot->id;
  return Brought{.lot = lot, .proof = std::move(*proof)};
}

Result<BookingId> Balancing::take_in(const TakeIntoBalance& command) {
  const Result<Brought> brought = check_lot(command.account, command.lot, command.site);
  if (!brought) return brought.refusal();
  const Lot& lot = *brought->lot;
  const Site& site = *registry_.find(command.site);
  const Int128 energy = Int128{command.units.value()} * lot.unit_size;
  if (const Verdict bad = check_room(site, energy, brought->proof.id, false)) return *bad;
  const Result<CancellationId> used =
      Office(working_).cancel({.account = command.account,
                               .lot = command.lot,
                               .units = command.units,
                               .beneficiary = working_.state.parties.get(site.participant).name,
                               .country = site.country,
                               .purpose = kBalancePurpose,
                               .period = {},
                               .note = command.note});
  if (!used) return used.refusal();
  const ProofId proof = brought->proof.id.is_set() ? brought->proof.id : enter(brought->proof);
  registry_.get(command.lot).proof = proof;
  return record({.id = {},
                 .site = command.site,
                 .kind = BookingKind::taken_in,
                 .day = {},
                 .energy = Measured(static_cast<std::int64_t>(energy)),
                 .proof = proof,
                 .counterpart = {},
                 .lot = command.lot,
                 .cancellation = *used,
                 .receiver = {},
                 .note = command.note});
}

Result<BookingId> Balancing::split(const SplitProof& command) {
  const Result<Brought> brought = check_lot(command.account, command.lot, command.site);
  if (!brought) return brought.refusal();
  State& state = working_.state;
  const Site& site = *registry_.find(command.site);
  if (state.parties.get(command.account).frozen) return Reject::account_frozen;
  if (now_ >= end_of(brought->lot->cancellable_until)) return Reject::certificates_expired;
  if (scheme_of(site.registry, date_of(now_))->mass_balance.split_purposes.empty())
    return Refusal(Reject::split_barred, "scheme");
  const Units units = state.holdings.circulating(command.lot);
  if (!units.is_positive() || state.holdings.available(command.account, command.lot) != units)
    return Refusal(Reject::split_barred, "units");
  const Int128 energy = Int128{units.value()} * brought->lot->unit_size;
  if (const Verdict bad = check_room(site, energy, brought->proof.id, false)) return *bad;

  const ProofId proof = brought->proof.id.is_set() ? brought->proof.id : enter(brought->proof);
  Lot& lot = registry_.get(command.lot);
  lot.proof = proof;
  lot.split_into = command.site;
  std::erase_if(lot.attributes, [&](const AttributeValue& value) {
    const std::string& name = state.vocabulary.get_attribute(value.attribute).name;
    return name == kProofNumber || name == "sustainability_scheme" || name == "ghg_intensity" ||
           name == "ghg_saving_ppm" || name == "counts_to_target";
  });
  state.market.standings = Standings();  // what the lot can be delivered into is found out anew
  const BookingId booking = record({.id = {},
                                    .site = command.site,
                                    .kind = BookingKind::split,
                                    .day = {},
                                    .energy = Measured(static_cast<std::int64_t>(energy)),
                                    .proof = proof,
                                    .counterpart = {},
                                    .lot = command.lot,
                                    .cancellation = {},
                                    .receiver = {},
                                    .note = {}});
  events_.append(ProofSplit{
      .lot = command.lot, .account = command.account, .units = units, .booking = booking});
  return booking;
}

std::string Balancing::words_of(const AttributeValues& values, const char* name) const {
  const Vocabulary& vocabulary = working_.state.vocabulary;
  const AttributeId attribute = vocabulary.find_attribute(name);
  std::string words;
  for (const AttributeValue& value : values) {
    if (value.attribute == attribute) words += print_value(vocabulary, value) + ";";
  }
  return characteristic(words);
}

// What the attributes say of a proof; nothing if they leave a part of it out.
std::optional<Proof> Balancing::proof_of(const AttributeValues& values) const {
  Proof proof;
  proof.number = words_of(values, kProofNumber);
  proof.feedstock = words_of(values, "feedstock");
  proof.feedstock_country = words_of(values, "feedstock_country");
  proof.sustainability_scheme = words_of(values, "sustainability_scheme");
  const AttributeId ghg = working_.state.vocabulary.find_attribute("ghg_intensity");
  const auto said = std::find_if(values.begin(), values.end(), [&](const AttributeValue& value) {
    return value.attribute == ghg;
  });
  if (said != values.end()) proof.ghg_intensity = said->value;
  const bool whole = said != values.end() && !proof.number.empty() && !proof.feedstock.empty() &&
                     !proof.feedstock_country.empty() && !proof.sustainability_scheme.empty();
  if (!whole) return std::nullopt;
  return proof;
}

Verdict Balancing::check_issuance(const Declaration& declaration, Int128 energy) const {
  const std::optional<Proof> said = proof_of(declaration.attributes);
  if (!said) return std::nullopt;
  const Device& device = *registry_.find(declaration.device);
  const Proof* known = registry_.find_proof(device.registry, said->number);
  if (known == nullptr) return std::nullopt;
  if (known->lot.is_set() && known->lot == declaration.lot) return std::nullopt;
  const Site* site = registry_.find(known->site);
  if (site == nullptr || site->participant != registry_.maker_of(declaration).producer ||
      site->carrier != declaration.carrier)
    return Reject::proof_number_taken;
  if (is_closing(*site)) return Refusal(Reject::booking_day_closed, "closing");
  if (const std::string differs = difference(*said, *known); !differs.empty())
    return Refusal(Reject::proof_invalid, differs);
  return check_held(*site, energy, known->id);
}

void Balancing::issue(const Declaration& declaration, Lot& lot) {
  const std::optional<Proof> said = proof_of(declaration.attributes);
  if (!said) return;
  const Proof* known = registry_.find_proof(lot.registry, said->number);
  if (known == nullptr) {
    Proof entering = proof_of(lot.attributes).value_or(*said);  // evidence may have said otherwise
    entering.registry = lot.registry;
    entering.lot = lot.id;
    lot.proof = enter(std::move(entering));
    return;
  }
  lot.proof = known->id;
  if (known->lot.is_set()) return;
  record({.id = {},
          .site = known->site,
          .kind = BookingKind::issued,
          .day = {},
          .energy = Measured(lot.issued.value() * lot.unit_size),
          .proof = known->id,
          .counterpart = {},
          .lot = lot.id,
          .cancellation = {},
          .receiver = {},
          .note = {}});
}

}  // namespace origo
