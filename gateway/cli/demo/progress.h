#pragma once

#include <cstddef>
#include <string>

namespace origo::gateway {

// One line that fills up as work is done; redrawn in place on a terminal, printed once elsewhere.
class Progress {
 public:
  Progress(std::string what, std::size_t total);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void add(std::size_t done);
  // Ends the line, with a word on what came of it.
  void finish(const std::string& result);

 private:
  void draw(const std::string& result) const;

  std::string what_;
  std::size_t total_;
  std::size_t done_ = 0;
  bool finished_ = false;
  bool terminal_;
};

}  // namespace origo::gateway
