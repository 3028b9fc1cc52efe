#include "gateway/schemes/scheme_loader.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "engine/syntax.h"
#include "gateway/schemes/base_file.h"
#include "gateway/schemes/choice.h"
#include "gateway/schemes/scheme_reader.h"
#include "gateway/schemes/toml_file.h"

namespace origo::gateway {
namespace {

constexpr int kBasesMax = 4;
constexpr const char* kAttributeFile = "attributes.toml";

AttributeCatalogue read_catalogue(const toml::table& table, std::optional<FileError>& error) {
  TomlReader root(table, "", error);
  AttributeCatalogue catalogue;
  std::set<std::string> names;
  for (const toml::table* entry : root.tables("attributes")) {
    TomlReader reader(*entry, "attributes", error);
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

// Adds to `table`, of a file in `folder`, what the file named as its base states and it does not.
// `source` gets the texts of the bases before its own.
void add_base(toml::table& table,
              const std::filesystem::path& folder,
              std::string& source,
              std::optional<FileError>& error) {
  for (int depth = 0; table.contains("base") && !error; ++depth) {
    TomlReader reader(table, "", error);
    const std::filesystem::path name = reader.text("base");
    if (error) return;
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

// The catalogue beside a scheme's file, if there is one.
KnownAttributes known_attributes(const std::filesystem::path& folder,
                                 std::optional<FileError>& error) {
  const std::filesystem::path path = folder / kAttributeFile;
  std::error_code none;
  if (error || folder.empty() || !std::filesystem::exists(path, none)) return std::nullopt;
  auto catalogue = load_attribute_file(path);
  if (auto* bad = std::get_if<FileError>(&catalogue)) {
    error = std::move(*bad);
    return std::nullopt;
  }
  KnownAttributes known;
  known.emplace();
  for (const DefineAttribute& attribute : std::get<AttributeCatalogue>(catalogue))
    known->emplace(attribute.name, attribute.kind);
  return known;
}

// What the core would refuse of it, such as a text that is too long.
void check_core(const Scheme& scheme, std::string_view name, std::optional<FileError>& error) {
  if (error) return;
  const Verdict bad = check_syntax(LoadScheme{.scheme = scheme, .source = {}});
  if (!bad) return;
  error = FileError{.file = std::string(name),
                    .line = 0,
                    .key = bad->detail,
                    .rule = "is refused by the core: " + std::string(info_of(bad->code).rule)};
}

}  // namespace

std::variant<LoadScheme, FileError> parse_scheme(std::string_view text,
                                                 std::string_view name,
                                                 const std::filesystem::path& folder) {
  return parse_file<LoadScheme>(
      text, name, [&](toml::table& table, std::optional<FileError>& error) {
        std::string source(text);
        add_base(table, folder, source, error);
        Scheme scheme = read_scheme(table, known_attributes(folder, error), error);
        check_core(scheme, name, error);
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

std::optional<FileError> lint_file(const std::filesystem::path& path) {
  const auto error_of = [](const auto& loaded) -> std::optional<FileError> {
    if (const auto* error = std::get_if<FileError>(&loaded)) return *error;
    return std::nullopt;
  };
  return path.filename() == kAttributeFile ? error_of(load_attribute_file(path))
                                           : error_of(load_scheme_file(path));
}

}  // namespace origo::gateway
