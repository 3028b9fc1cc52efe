#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "gateway/schemes/scheme_loader.h"

namespace origo::scenario {

// The scheme files that scenarios name, each read once.
class SchemeFiles {
 public:
  explicit SchemeFiles(std::filesystem::path folder) : folder_(std::move(folder)) {}

  // `wanted` if given; else ./schemes, else the folder of that name beside or above `program`: a build
  // tree lies below its sources. Throws FileMistake, naming where it looked.
  [[nodiscard]] static std::filesystem::path find_folder(const std::filesystem::path& wanted,
                                                         const std::filesystem::path& program);

  // Both throw FileMistake if the file cannot be read or used.
  [[nodiscard]] const gateway::AttributeCatalogue& attributes();
  [[nodiscard]] const LoadScheme& scheme(const std::string& name);  // without its ending

 private:
  std::filesystem::path folder_;
  gateway::AttributeCatalogue attributes_;
  std::map<std::string, LoadScheme> schemes_;
};

}  // namespace origo::scenario
