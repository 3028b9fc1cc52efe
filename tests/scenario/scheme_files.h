#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "gateway/schemes/calendar_loader.h"
#include "gateway/schemes/scheme_loader.h"

namespace origo::scenario {

// The scheme and calendar files that scenarios name, each read once.
class SchemeFiles {
 public:
  explicit SchemeFiles(std::filesystem::path folder) : folder_(std::move(folder)) {}

  // `wanted` if given; else ./schemes, else the folder of that name beside or above `program`: a
  // build tree lies below its sources. Throws FileMistake, naming where it looked.
  [[nodiscard]] static std::filesystem::path find_folder(const std::filesystem::path& wanted,
                                                         const std::filesystem::path& program);

  // All throw FileMistake if the file cannot be read or used.
  [[nodiscard]] const gateway::AttributeCatalogue& attributes();
  [[nodiscard]] const LoadScheme& scheme(const std::string& name);     // without its ending
  [[nodiscard]] const SetCalendar& calendar(const std::string& name);  // likewise

 private:
  std::filesystem::path folder_;
  gateway::AttributeCatalogue attributes_;
  std::map<std::string, LoadScheme> schemes_;
  std::map<std::string, SetCalendar> calendars_;
};

}  // namespace origo::scenario
