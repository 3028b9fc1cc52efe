#include "gateway/main/abort_note.h"

#include <unistd.h>

#include <array>
#include <charconv>
#include <csignal>
#include <cstddef>
#include <string_view>

namespace origo::gateway {

namespace {

// A signal handler reaches nothing else.
std::atomic<const std::atomic<std::uint64_t>*> live_applying{nullptr};
std::atomic<const std::atomic<std::uint64_t>*> reader_applying{nullptr};

// Only what is safe in a signal handler: no allocation, no locks.
void write_note(std::string_view who, const std::atomic<std::uint64_t>* applying) {
  const std::uint64_t sequence = applying == nullptr ? 0 : applying->load();
  if (sequence == 0) return;
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size() - 1, sequence).ptr;
  *end = '\n';
  [[maybe_unused]] auto written = ::write(STDERR_FILENO, who.data(), who.size());
  written = ::write(STDERR_FILENO, digits.data(), static_cast<std::size_t>(end + 1 - digits.data()));
}

extern "C" void on_abort(int) {
  write_note("the live core was applying command ", live_applying.load());
  write_note("the reader's core was applying command ", reader_applying.load());
}

}  // namespace

void install_abort_note(const std::atomic<std::uint64_t>& live,
                        const std::atomic<std::uint64_t>& reader) {
  live_applying = &live;
  reader_applying = &reader;
  struct sigaction action {};
  action.sa_handler = on_abort;
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  sigaction(SIGABRT, &action, nullptr);
}

void remove_abort_note() {
  live_applying = nullptr;
  reader_applying = nullptr;
}

}  // namespace origo::gateway
