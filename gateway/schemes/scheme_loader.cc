#include "gateway/schemes/scheme_loader.h"

#include <openssl/evp.h>

#include <algorithm>
#include <boost/describe.hpp>
#include <boost/mp11.hpp>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <system_error>
#include <utility>

#include "gateway/schemes/base_file.h"

namespace origo::gateway {
namespace {

constexpr std::int64_t kUnitSizeMax = 1'000'000'000'000;  // 1 TWh, or 1 million t
constexpr std::int64_t kMonthsMax = 1200;
constexpr std::int64_t kDaysMax = 36500;
constexpr int kBasesMax = 4;
constexpr std::string_view kNote = "note.";  // ids of rules that say what no key enforces

Hash256 sha256(std::string_view text) {
  Hash256 digest{};
  unsigned size = 0;
  const int done =
      EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr);
  ENSURE(done == 1);
  ENSURE(size == digest.size());
  return digest;
}

// The enumerator called `word`, or nothing after naming what is allowed.
template <class E>
E choose(TomlReader& reader, std::string_view key, const std::string& word, E fallback) {
  E found = fallback;
  bool known = false;
  std::string allowed;
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>([&](auto d) {
    allowed += (allowed.empty() ? "" : ", ") + std::string(d.name);
    if (word == d.name) {
      found = d.value;
      known = true;
    }
  });
  if (!known) reader.fail(key, "\"" + word + "\" must be one of " + allowed);
  return found;
}

template <class E>
E choice(TomlReader& reader, std::string_view key, E fallback) {
  if (!reader.has(key)) {
    static_cast<void>(reader.text(key));  // names the missing key
    return fallback;
  }
  const std::string word = reader.text(key);
  return word.empty() ? fallback : choose(reader, key, word, fallback);
}

// What one file may hold: the reader's error, and which keys need a rule that explains them.
struct Context {
  std::optional<FileError> error;
  std::map<std::string, FilePlace> keys;  // path -> place of every key that states a rule

  void states_rule(const TomlReader& reader, std::string_view key) {
    if (reader.has(key)) keys.emplace(reader.path_of(key), reader.place_of(key));
  }
};

Clock read_clock(TomlReader& parent, std::string_view key, Context& context) {
  const toml::table* table = parent.table_if_any(key);
  if (table == nullptr) return {};
  TomlReader reader(*table, parent.path_of(key), context.error);
  Clock clock;
  clock.basis = choice(reader, "basis", ClockBasis::none);
  if (clock.basis == ClockBasis::none) reader.fail("basis", "must not be none: leave the key out");
  clock.months = static_cast<std::uint16_t>(reader.number_or("months", 0, kMonthsMax, 0));
  clock.days = static_cast<std::uint16_t>(reader.number_or("days", 0, kDaysMax, 0));
  if (clock.months == 0 && clock.days == 0) parent.fail(key, "must have months or days");
  reader.finish();
  context.states_rule(parent, key);
  return clock;
}

std::vector<ParticipantKind> read_kinds(TomlReader& reader,
                                        std::string_view key,
                                        Context& context) {
  std::vector<ParticipantKind> kinds;
  for (const std::string& word : reader.words(key)) {
    kinds.push_back(choose(reader, key, word, ParticipantKind::trader));
  }
  context.states_rule(reader, key);
  return kinds;
}

FieldRule read_field(const toml::table& table, const std::string& path, Context& context) {
  TomlReader reader(table, path, context.error);
  FieldRule field;
  field.name = reader.text("name");
  field.kind = choice(reader, "kind", FieldKind::text);
  field.required = reader.flag_or("required", false);
  field.choices =
      field.kind == FieldKind::choice ? reader.words("choices") : std::vector<std::string>();
  field.attribute = reader.text_or_empty("attribute");
  field.source = reader.text("source");
  reader.finish();
  return field;
}

std::vector<FieldRule> read_fields(TomlReader& parent, std::string_view key, Context& context) {
  std::vector<FieldRule> fields;
  std::set<std::string> names;
  for (const toml::table* table : parent.tables(key)) {
    fields.push_back(read_field(*table, parent.path_of(key), context));
    if (!names.insert(fields.back().name).second) {
      TomlReader(*table, parent.path_of(key), context.error)
          .fail("name", "\"" + fields.back().name + "\" is given twice");
    }
  }
  return fields;
}

std::vector<RuleNote> read_rules(TomlReader& parent, Context& context) {
  std::vector<RuleNote> rules;
  std::set<std::string> ids;
  for (const toml::table* table : parent.tables("rules")) {
    TomlReader reader(*table, "rules", context.error);
    RuleNote rule;
    rule.id = reader.text("id");
    rule.text = reader.text("text");
    rule.source = reader.text("source");
    rule.confidence = choice(reader, "confidence", Confidence::low);
    reader.finish();
    if (!ids.insert(rule.id).second) reader.fail("id", "\"" + rule.id + "\" is given twice");
    if (!context.keys.contains(rule.id) && !rule.id.starts_with(kNote)) {
      reader.fail("id", "\"" + rule.id + "\" is not a rule that this file states");
    }
    rules.push_back(std::move(rule));
  }
  for (const auto& [key, place] : context.keys) {
    if (ids.contains(key) || context.error) continue;
    context.error = FileError{.file = place.file,
                              .line = place.line,
                              .key = key,
                              .rule = "needs a [[rules]] entry with this id that cites its source"};
  }
  return rules;
}

void read_unit(TomlReader& root, Scheme& scheme, Context& context) {
  const toml::table* table = root.table("unit");
  if (table == nullptr) return;
  TomlReader reader(*table, "unit", context.error);
  scheme.dimension = choice(reader, "dimension", Dimension::energy_wh);
  scheme.unit_size = reader.number("size", 1, kUnitSizeMax);
  reader.finish();
  context.states_rule(root, "unit");
}

void read_issuance(TomlReader& root, Scheme& scheme, Context& context) {
  const toml::table* table = root.table("issuance");
  if (table == nullptr) return;
  TomlReader reader(*table, "issuance", context.error);
  scheme.measure = choice(reader, "measure", Measure::gross);
  scheme.deduction_kinds = reader.words_or_none("deductions");
  if (scheme.measure == Measure::gross && !scheme.deduction_kinds.empty()) {
    reader.fail("deductions", "a gross scheme deducts nothing");
  }
  scheme.carriers = reader.words("carriers");
  scheme.production_months_max =
      static_cast<std::uint16_t>(reader.number_or("production_months_max", 1, kMonthsMax, 0));
  scheme.request_deadline = read_clock(reader, "request_by", context);
  scheme.request_deadline_supported = read_clock(reader, "request_by_supported", context);
  reader.finish();
  for (const char* key : {"measure", "deductions", "carriers", "production_months_max"}) {
    context.states_rule(reader, key);
  }
}

void read_life(TomlReader& root, Scheme& scheme, Context& context) {
  if (const toml::table* table = root.table_if_any("transfer")) {
    TomlReader reader(*table, "transfer", context.error);
    scheme.transferable = read_clock(reader, "last_day", context);
    reader.finish();
  }
  const toml::table* table = root.table("cancellation");
  if (table == nullptr) return;
  TomlReader reader(*table, "cancellation", context.error);
  scheme.cancellable = read_clock(reader, "last_day", context);
  scheme.purposes = reader.words("purposes");
  scheme.beneficiary_required = reader.flag("beneficiary_required");
  scheme.consumption_period_required = reader.flag("consumption_period_required");
  reader.finish();
  for (const char* key : {"purposes", "beneficiary_required", "consumption_period_required"}) {
    context.states_rule(reader, key);
  }
}

void read_accounts(TomlReader& root, Scheme& scheme, Context& context) {
  const toml::table* table = root.table("accounts");
  if (table == nullptr) return;
  TomlReader reader(*table, "accounts", context.error);
  scheme.holders = read_kinds(reader, "holders", context);
  scheme.receivers = read_kinds(reader, "receivers", context);
  for (const ParticipantKind kind : scheme.receivers) {
    const bool holds =
        std::find(scheme.holders.begin(), scheme.holders.end(), kind) != scheme.holders.end();
    if (!holds) reader.fail("receivers", "must all be holders");
  }
  reader.finish();
}

void read_bridge(TomlReader& root, Scheme& scheme, Context& context) {
  const toml::table* table = root.table("bridge");
  if (table == nullptr) return;
  TomlReader reader(*table, "bridge", context.error);
  scheme.export_allowed = reader.flag("export");
  scheme.import_allowed = reader.flag("import");
  reader.finish();
  context.states_rule(root, "bridge");
}

Scheme read_scheme(const toml::table& table, Context& context) {
  TomlReader root(table, "", context.error);
  Scheme scheme;
  scheme.code = root.text("code");
  scheme.name = root.text("name");
  scheme.operator_name = root.text("operator");
  scheme.valid_from = root.date("valid_from");
  scheme.valid_to = root.date_or("valid_to", kNever);
  if (scheme.valid_to < scheme.valid_from) root.fail("valid_to", "must not be before valid_from");
  scheme.serial_format = root.text("serial_format");
  context.states_rule(root, "valid_from");
  context.states_rule(root, "valid_to");
  context.states_rule(root, "serial_format");
  read_unit(root, scheme, context);
  read_issuance(root, scheme, context);
  read_life(root, scheme, context);
  read_accounts(root, scheme, context);
  read_bridge(root, scheme, context);
  scheme.device_fields = read_fields(root, "device_fields", context);
  scheme.production_fields = read_fields(root, "production_fields", context);
  scheme.rules = read_rules(root, context);
  root.finish();
  return scheme;
}

AttributeCatalogue read_catalogue(const toml::table& table, Context& context) {
  TomlReader root(table, "", context.error);
  AttributeCatalogue catalogue;
  std::set<std::string> names;
  for (const toml::table* entry : root.tables("attributes")) {
    TomlReader reader(*entry, "attributes", context.error);
    DefineAttribute attribute;
    attribute.name = reader.text("name");
    attribute.kind = choice(reader, "kind", AttributeKind::symbol);
    reader.finish();
    if (!names.insert(attribute.name).second) {
      reader.fail("name", "\"" + attribute.name + "\" is given twice");
    }
    catalogue.push_back(std::move(attribute));
  }
  root.finish();
  return catalogue;
}

// Parses the file called `name` and hands the table to `read`; its value, or the first error.
template <class T, class Read>
std::variant<T, FileError> parse_file(std::string_view text, std::string_view name, Read&& read) {
  Context context;
  try {
    toml::table table = toml::parse(text, name);
    T value = read(table, context);
    if (!context.error) return value;
  } catch (const toml::parse_error& error) {
    context.error = FileError{.file = error.source().path ? *error.source().path : std::string(),
                              .line = error.source().begin.line,
                              .key = {},
                              .rule = std::string(error.description())};
  }
  return *context.error;
}

std::optional<std::string> read_whole(const std::filesystem::path& path) {
  std::error_code none;
  if (!std::filesystem::is_regular_file(path, none)) return std::nullopt;
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (in.bad()) return std::nullopt;
  return text;
}

// Adds to `table`, of a file in `folder`, what the file named as its base states and it does not.
// `source` gets the texts of the bases before its own.
void add_base(toml::table& table,
              const std::filesystem::path& folder,
              std::string& source,
              Context& context) {
  for (int depth = 0; table.contains("base") && !context.error; ++depth) {
    TomlReader reader(table, "", context.error);
    const std::filesystem::path name = reader.text("base");
    if (context.error) return;
    const std::filesystem::path path = folder / name;
    if (folder.empty()) {
      reader.fail("base", "is only known to files in a folder");
    } else if (!name.is_relative() || *name.begin() == ".." || name != name.lexically_normal()) {
      reader.fail("base", "must lie in the file's own folder or below");
    } else if (depth == kBasesMax) {
      reader.fail("base", "must not lead on through more than 4 files");
    } else if (const std::optional<std::string> text = read_whole(path); !text) {
      reader.fail("base", "must exist and be readable: " + path.string());
    } else {
      source.insert(0, *text);
      table.erase("base");
      merge_base(table, toml::parse(*text, path.string()));
    }
  }
}

FileError unreadable(const std::filesystem::path& path) {
  return {.file = path.string(), .line = 0, .key = {}, .rule = "must exist and be readable"};
}

}  // namespace

std::variant<LoadScheme, FileError> parse_scheme(std::string_view text,
                                                 std::string_view name,
                                                 const std::filesystem::path& folder) {
  return parse_file<LoadScheme>(text, name, [&](toml::table& table, Context& context) {
    std::string source(text);
    add_base(table, folder, source, context);
    Scheme scheme = read_scheme(table, context);
    return LoadScheme{.scheme = std::move(scheme), .source = sha256(source)};
  });
}

std::variant<LoadScheme, FileError> load_scheme_file(const std::filesystem::path& path) {
  const std::optional<std::string> text = read_whole(path);
  if (!text) return unreadable(path);
  const std::filesystem::path folder = path.parent_path();
  return parse_scheme(*text, path.string(), folder.empty() ? "." : folder);
}

std::variant<AttributeCatalogue, FileError> parse_attributes(std::string_view text,
                                                             std::string_view name) {
  return parse_file<AttributeCatalogue>(text, name, read_catalogue);
}

std::variant<AttributeCatalogue, FileError> load_attribute_file(const std::filesystem::path& path) {
  const std::optional<std::string> text = read_whole(path);
  if (!text) return unreadable(path);
  return parse_attributes(*text, path.string());
}

}  // namespace origo::gateway
