#include "gateway/cli/demo/progress.h"

#include <unistd.h>

#include <algorithm>
#include <iostream>

#include "gateway/cli/base/format.h"

namespace origo::gateway {
namespace {

constexpr std::size_t kBar = 24;

}  // namespace

Progress::Progress(std::string what, std::size_t total)
    : what_(std::move(what)), total_(total), terminal_(::isatty(STDOUT_FILENO) != 0) {
  if (terminal_) draw("");
}

Progress::~Progress() {
  if (!finished_ && terminal_) std::cout << "\n";
}

void Progress::add(std::size_t done) {
  done_ = std::min(total_, done_ + done);
  if (terminal_) draw("");
}

void Progress::finish(const std::string& result) {
  done_ = total_;
  finished_ = true;
  draw(result);
  std::cout << std::endl;
}

void Progress::draw(const std::string& result) const {
  const std::size_t full = total_ == 0 ? kBar : done_ * kBar / total_;
  std::string bar;
  for (std::size_t i = 0; i < kBar; ++i) bar += i < full ? "█" : "░";
  const std::string count = group_digits(static_cast<std::int64_t>(done_));
  const std::string space(what_.size() < 26 ? 26 - display_width(what_) : 1, ' ');
  const std::string gap(count.size() < 7 ? 7 - count.size() : 0, ' ');
  if (terminal_) std::cout << "\r\x1b[K";
  std::cout << "  " << what_ << space << bar << " " << gap << count
            << (result.empty() ? "" : "  " + result) << std::flush;
}

}  // namespace origo::gateway
