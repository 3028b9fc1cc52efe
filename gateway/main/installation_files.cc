#include "gateway/main/installation_files.h"

#include <algorithm>
#include <system_error>
#include <utility>
#include <vector>

#include "gateway/schemes/scheme_loader.h"

namespace origo::gateway {

namespace {

constexpr const char* kAttributeFile = "attributes.toml";

std::string to_words(const FileError& error) {
  return to_string(error);
}

}  // namespace

std::variant<Installation, std::string> read_installation(const std::filesystem::path& folder) {
  Installation installation;
  if (folder.empty()) return installation;
  std::vector<std::filesystem::path> files;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.path().extension() == ".toml") files.push_back(entry.path());
  }
  if (error) return folder.string() + ": " + error.message();
  std::sort(files.begin(), files.end());
  for (const std::filesystem::path& file : files) {
    if (file.filename() == kAttributeFile) {
      auto attributes = load_attribute_file(file);
      if (const auto* bad = std::get_if<FileError>(&attributes)) return to_words(*bad);
      installation.attributes = std::move(std::get<AttributeCatalogue>(attributes));
    } else {
      auto scheme = load_scheme_file(file);
      if (const auto* bad = std::get_if<FileError>(&scheme)) return to_words(*bad);
      installation.schemes.push_back(std::move(std::get<LoadScheme>(scheme)));
    }
  }
  return installation;
}

}  // namespace origo::gateway
