#include "storage/abort_note.h"

#include <unistd.h>

#include <array>
#include <charconv>
#include <csignal>
#include <cstddef>
#include <string_view>

#include "engine/core/ensure.h"

namespace origo::storage {

namespace {

struct Note {
  std::atomic<const char*> who{nullptr};
  std::atomic<const std::atomic<std::uint64_t>*> applying{nullptr};
};

// A signal handler reaches nothing else.
std::array<Note, 4> notes;

void write_all(std::string_view text) {
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, text.data(), text.size());
}

// Only what is safe in a signal handler: no allocation, no locks.
void write_note(const Note& note) {
  const std::atomic<std::uint64_t>* const applying = note.applying.load();
  const char* const who = note.who.load();
  const std::uint64_t sequence = applying == nullptr || who == nullptr ? 0 : applying->load();
  if (sequence == 0) return;
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size() - 1, sequence).ptr;
  *end = '\n';
  write_all(who);
  write_all(" was applying command ");
  write_all({digits.data(), static_cast<std::size_t>(end + 1 - digits.data())});
}

extern "C" void on_abort(int) {
  for (const Note& note : notes) write_note(note);
}

}  // namespace

void note_on_abort(const char* who, const std::atomic<std::uint64_t>& applying) {
  std::size_t free = 0;
  while (free < notes.size() && notes[free].applying.load() != nullptr) ++free;
  ENSURE(free < notes.size());
  notes[free].who = who;
  notes[free].applying = &applying;
  struct sigaction action {};
  action.sa_handler = on_abort;
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  sigaction(SIGABRT, &action, nullptr);
}

void forget_abort_notes() {
  for (Note& note : notes) note.applying = nullptr;
}

}  // namespace origo::storage
