// Writes the events and the final state of a seeded run to standard output, as canonical bytes.
//
//   origo-determinism SEED COMMANDS
//
// Two builds of the engine agree when they write the same bytes.

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string>
#include <vector>

#include "engine/core/encoding.h"
#include "engine/exchange.h"
#include "tests/support/stream.h"

namespace {

bool write(std::span<const std::uint8_t> bytes) {
  return std::fwrite(bytes.data(), 1, bytes.size(), stdout) == bytes.size();
}

// Counts the kinds of events, so that a run which tests nothing is noticed.
std::string summary_of(const origo::Events& events) {
  std::uint64_t trades = 0;
  std::uint64_t refused = 0;
  std::uint64_t moved = 0;
  const bool whole = origo::for_each_event(
      events.bytes().data(), events.bytes().size(), [&](const origo::Event& event) {
        if (std::holds_alternative<origo::Trade>(event)) ++trades;
        if (std::holds_alternative<origo::CommandRefused>(event)) ++refused;
        if (std::holds_alternative<origo::CertificatesMoved>(event)) ++moved;
      });
  if (!whole || trades == 0 || moved == 0) return "";
  return std::to_string(events.count()) + " events: " + std::to_string(trades) + " trades, " +
         std::to_string(moved) + " movements of certificates, " + std::to_string(refused) +
         " refusals";
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fputs("usage: origo-determinism SEED COMMANDS\n", stderr);
    return 2;
  }
  origo::Stream stream(std::strtoull(argv[1], nullptr, 10));
  origo::Exchange exchange;
  origo::Events events;
  const std::uint64_t commands = stream.set_up_size() + std::strtoull(argv[2], nullptr, 10);
  for (std::uint64_t done = 0; done < commands; ++done) {
    const origo::Step step = stream.next(exchange);
    exchange.apply(step.header, step.command, events);
  }

  const std::vector<std::string> broken = exchange.check_invariants();
  for (const std::string& invariant : broken)
    std::fprintf(stderr, "broken: %s\n", invariant.c_str());
  const std::string summary = summary_of(events);
  std::fprintf(stderr, "%s\n", summary.empty() ? "the run trades nothing" : summary.c_str());

  origo::Bytes state;
  origo::Encoder encoder(state);
  exchange.encode(encoder);
  const bool written = write(events.bytes()) && write(state);
  return written && broken.empty() && !summary.empty() ? 0 : 1;
}
