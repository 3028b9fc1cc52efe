#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <span>
#include <string>

#include "loadtest/workload/flow_options.h"
#include "loadtest/workload/format.h"

namespace origo::loadtest {

// A whole order-flow file, mapped into memory to be read.
class FlowFile {
 public:
  // Throws std::runtime_error if the file cannot be read or is no order-flow file: a wrong header,
  // a length that does not fit it, or a command outside its bounds.
  explicit FlowFile(const std::filesystem::path& path);
  ~FlowFile();
  FlowFile(const FlowFile&) = delete;
  FlowFile& operator=(const FlowFile&) = delete;

  [[nodiscard]] const FlowHeader& header() const {
    return *static_cast<const FlowHeader*>(memory_);
  }
  [[nodiscard]] std::span<const FlowCommand> commands() const;
  [[nodiscard]] std::span<const FlowCommand> prefill() const {
    return commands().first(header().prefill);
  }
  [[nodiscard]] std::span<const FlowCommand> measured() const {
    return commands().subspan(header().prefill);
  }

 private:
  void check(const std::string& name) const;

  void* memory_ = nullptr;
  std::size_t size_ = 0;
};

// Generates a flow into a file, which appears whole or not at all. `progress`, if any, is told now
// and then how many commands are written. Throws std::runtime_error if the file cannot be written.
FlowHeader write_flow(const std::filesystem::path& path,
                      const FlowOptions& options,
                      const std::function<void(std::uint64_t)>& progress = nullptr);

}  // namespace origo::loadtest
