#include "gateway/schemes/base_file.h"

#include <set>
#include <string>
#include <utility>

namespace origo::gateway {
namespace {

using Words = std::set<std::string, std::less<>>;

constexpr const char* kRules = "rules";

// What an entry of a list of tables is known by.
std::string label(const toml::node& entry, bool is_rule) {
  const toml::table* table = entry.as_table();
  if (table == nullptr) return {};
  return (*table)[is_rule ? "id" : "name"].value_or(std::string());
}

// Every key of the file, and every key within a section, by its dotted path.
Words stated_keys(const toml::table& file) {
  Words keys;
  for (const auto& [key, node] : file) {
    keys.emplace(key.str());
    if (const toml::table* section = node.as_table()) {
      for (const auto& [inner, value] : *section)
        keys.insert(std::string(key.str()) + "." + std::string(inner.str()));
    }
  }
  return keys;
}

// Moves `node`, with its place in its file.
void take(toml::table& into, const toml::key& key, toml::node& node) {
  node.visit([&](auto& value) { into.insert(key, std::move(value)); });
}

void add_section(toml::table& section, toml::table& base) {
  for (auto&& [key, node] : base) {
    if (!section.contains(key.str())) take(section, key, node);
  }
}

void add_entries(toml::array& entries, toml::array& base, bool is_rule, const Words& barred) {
  Words known = barred;
  for (const toml::node& entry : entries) known.insert(label(entry, is_rule));
  for (toml::node& entry : base) {
    if (known.contains(label(entry, is_rule))) continue;
    entry.visit([&](auto& value) { entries.push_back(std::move(value)); });
  }
}

}  // namespace

void merge_base(toml::table& file, toml::table&& base) {
  const Words stated = stated_keys(file);
  if (!file.contains(kRules)) file.insert(kRules, toml::array());
  for (auto&& [key, node] : base) {
    const bool is_rule = key.str() == kRules;
    toml::node* own = file.get(key.str());
    if (own == nullptr) {
      take(file, key, node);
    } else if (own->is_table() && node.is_table()) {
      add_section(*own->as_table(), *node.as_table());
    } else if (own->is_array_of_tables() || (is_rule && own->is_array())) {
      if (node.is_array())
        add_entries(*own->as_array(), *node.as_array(), is_rule, is_rule ? stated : Words());
    }
  }
}

}  // namespace origo::gateway
