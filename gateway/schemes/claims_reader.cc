#include "gateway/schemes/claims_reader.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "engine/core/text.h"
#include "gateway/schemes/choice.h"

namespace origo::gateway {
namespace {

using Names = std::set<std::string>;

// What rules and bars have in common: name, days, and who says so.
template <class Rule>
void read_citation(TomlReader& reader, Rule& rule, Names& names) {
  rule.name = reader.text("name");
  if (!names.insert(rule.name).second) reader.fail("name", "\"" + rule.name + "\" is given twice");
  rule.first = reader.date_or("first", Date());
  rule.last = reader.date_or("last", kNever);
  if (rule.last < rule.first) reader.fail("last", "must not be before first");
  rule.text = reader.text("text");
  rule.source = reader.text("source");
  rule.confidence = choice(reader, "confidence", Confidence::low);
}

void check_use(TomlReader& reader, std::string_view key, const std::string& use) {
  if (check_code(use)) reader.fail(key, "\"" + use + "\" must be 1 to 40 of A-Z a-z 0-9 . _ -");
}

}  // namespace

void read_claims(TomlReader& root,
                 const KnownAttributes& attributes,
                 Scheme& scheme,
                 std::optional<FileError>& error) {
  Names names;
  for (const toml::table* table : root.tables("claims")) {
    TomlReader reader(*table, "claims", error);
    ClaimRule rule;
    read_citation(reader, rule, names);
    rule.use = reader.text("use");
    check_use(reader, "use", rule.use);
    rule.purposes = reader.words("purposes");
    for (const std::string& purpose : rule.purposes) {
      if (std::find(scheme.purposes.begin(), scheme.purposes.end(), purpose) ==
          scheme.purposes.end())
        reader.fail("purposes", "\"" + purpose + "\" is not a purpose of the scheme");
    }
    rule.when = read_conditions(reader, "when", attributes, error);
    rule.forbids_double_counting = reader.flag_or("forbids_double_counting", false);
    reader.finish();
    scheme.claims.push_back(std::move(rule));
  }
  names.clear();
  for (const toml::table* table : root.tables("claims_barred")) {
    TomlReader reader(*table, "claims_barred", error);
    ClaimBar bar;
    read_citation(reader, bar, names);
    bar.uses = reader.words_or_none("uses");
    for (const std::string& use : bar.uses) check_use(reader, "uses", use);
    bar.double_counting = reader.flag_or("double_counting", false);
    if (bar.uses.empty() && !bar.double_counting)
      reader.fail("uses", "is missing, and double_counting is not true");
    bar.when = read_conditions(reader, "when", attributes, error);
    bar.unless = read_conditions(reader, "unless", attributes, error);
    reader.finish();
    scheme.claims_barred.push_back(std::move(bar));
  }
}

}  // namespace origo::gateway
