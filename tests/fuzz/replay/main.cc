#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include "tests/support/draw.h"

// Runs a fuzzer's check without the fuzzer: on every file of the folders given, as it is and with a
// few seeded mutations, so that every run of the tests has some. ORIGO_FUZZ_KEEP=FILE keeps the
// last input tried, which after a failure is the failing one.

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using Input = std::vector<std::uint8_t>;

void try_input(const Input& input) {
  static const char* const keep = std::getenv("ORIGO_FUZZ_KEEP");
  if (keep != nullptr)
    std::ofstream(keep, std::ios::binary)
        .write(reinterpret_cast<const char*>(input.data()),
               static_cast<std::streamsize>(input.size()));
  LLVMFuzzerTestOneInput(input.data(), input.size());
}

Input mutated(origo::Draw& draw, Input input, const Input& other) {
  if (draw.one_in(4)) input.resize(draw.below(input.size() + 1));
  if (draw.one_in(8)) input.insert(input.end(), other.begin(), other.end());
  for (std::uint64_t left = 1 + draw.below(4); left > 0 && !input.empty(); --left)
    input[draw.below(input.size())] = static_cast<std::uint8_t>(draw.bits());
  return input;
}

std::vector<Input> read_all(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  std::vector<Input> inputs;
  for (const auto& path : paths) {
    std::ifstream file(path, std::ios::binary);
    inputs.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  return inputs;
}

}  // namespace

int main(int argc, char** argv) {
  std::size_t tried = 0;
  for (int i = 1; i < argc; ++i) {
    const std::vector<Input> inputs = read_all(argv[i]);
    origo::Draw draw(1);
    for (const Input& input : inputs) {
      try_input(input);
      ++tried;
      for (int round = 0; round < 200; ++round, ++tried)
        try_input(mutated(draw, input, inputs[draw.below(inputs.size())]));
    }
  }
  std::cout << tried << " inputs\n";
  return tried > 0 ? 0 : 1;
}
