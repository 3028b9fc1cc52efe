#include "storage/abort_note.h"

#include <gtest/gtest.h>

#include "engine/core/ensure.h"

namespace origo::storage {
namespace {

TEST(AbortNote, names_the_command_of_each_core_that_was_applying_one) {
  EXPECT_DEATH(
      {
        static std::atomic<std::uint64_t> live{70'321};
        static std::atomic<std::uint64_t> reader{0};
        note_on_abort("the live core", live);
        note_on_abort("the reader's core", reader);
        ENSURE(reader.load() == 1);
      },
      "invariant broken: .*\nthe live core was applying command 70321\n$");
}

TEST(AbortNote, says_nothing_once_forgotten) {
  EXPECT_DEATH(
      {
        static std::atomic<std::uint64_t> live{70'321};
        note_on_abort("the live core", live);
        forget_abort_notes();
        ENSURE(live.load() == 1);
      },
      "invariant broken: [^\n]*\n$");
}

}  // namespace
}  // namespace origo::storage
