#include "tests/scenario/scheme_files.h"

#include <system_error>
#include <utility>

#include "tests/scenario/strict_object.h"

namespace origo::scenario {
namespace {

constexpr const char* kAttributes = "attributes.toml";

bool holds_schemes(const std::filesystem::path& folder) {
  std::error_code error;
  return std::filesystem::exists(folder / kAttributes, error);
}

template <class T, class Read>
T whole(Read read) {
  if (const auto* error = std::get_if<gateway::FileError>(&read))
    throw FileMistake(to_string(*error));
  return std::get<T>(std::move(read));
}

}  // namespace

std::filesystem::path SchemeFiles::find_folder(const std::filesystem::path& wanted,
                                               const std::filesystem::path& program) {
  const std::filesystem::path name = "schemes";
  if (!wanted.empty()) {
    if (holds_schemes(wanted)) return wanted;
    throw FileMistake("--schemes " + wanted.string() + ": holds no " + kAttributes);
  }
  if (holds_schemes(name)) return name;
  for (std::filesystem::path above = program; above.has_relative_path();) {
    above = above.parent_path();
    if (holds_schemes(above / name)) return above / name;
  }
  throw FileMistake("no folder \"schemes\" with " + std::string(kAttributes) +
                    " here, nor beside or above " + program.string() + "; name one with --schemes");
}

const gateway::AttributeCatalogue& SchemeFiles::attributes() {
  if (attributes_.empty())
    attributes_ =
        whole<gateway::AttributeCatalogue>(gateway::load_attribute_file(folder_ / kAttributes));
  return attributes_;
}

const LoadScheme& SchemeFiles::scheme(const std::string& name) {
  const auto known = schemes_.find(name);
  if (known != schemes_.end()) return known->second;
  return schemes_
      .emplace(name, whole<LoadScheme>(gateway::load_scheme_file(folder_ / (name + ".toml"))))
      .first->second;
}

const SetCalendar& SchemeFiles::calendar(const std::string& name) {
  const auto known = calendars_.find(name);
  if (known != calendars_.end()) return known->second;
  auto read =
      whole<gateway::TradingCalendar>(gateway::load_calendar_file(folder_ / (name + ".toml")));
  return calendars_.emplace(name, std::move(read.compiled)).first->second;
}

}  // namespace origo::scenario
