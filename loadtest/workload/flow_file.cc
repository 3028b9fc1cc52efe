#include "loadtest/workload/flow_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bit>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <stdexcept>

#include "loadtest/workload/flow_generator.h"

namespace origo::loadtest {
namespace {

static_assert(std::endian::native == std::endian::little, "the file holds little-endian records");

[[noreturn]] void fail(const std::string& name, const std::string& why) {
  throw std::runtime_error(name + ": " + why);
}

// A file beside its place, which takes the place when finished.
class Output {
 public:
  explicit Output(std::filesystem::path path)
      : path_(std::move(path)),
        part_(path_.string() + ".part"),
        file_(std::fopen(part_.c_str(), "wb")) {
    if (file_ == nullptr) fail(part_.string(), std::strerror(errno));
  }
  ~Output() {
    if (file_ == nullptr) return;
    std::fclose(file_);
    std::filesystem::remove(part_);
  }
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  template <class T>
  void write(const T& record) {
    if (std::fwrite(&record, sizeof record, 1, file_) != 1)
      fail(part_.string(), std::strerror(errno));
  }
  void rewind() {
    if (std::fseek(file_, 0, SEEK_SET) != 0) fail(part_.string(), std::strerror(errno));
  }
  void finish() {
    if (std::fclose(std::exchange(file_, nullptr)) != 0) fail(part_.string(), std::strerror(errno));
    std::filesystem::rename(part_, path_);
  }

 private:
  std::filesystem::path path_;
  std::filesystem::path part_;
  std::FILE* file_;
};

}  // namespace

FlowFile::FlowFile(const std::filesystem::path& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) fail(path.string(), std::strerror(errno));
  struct stat status {};
  const bool known = ::fstat(file, &status) == 0;
  size_ = known ? static_cast<std::size_t>(status.st_size) : 0;
  void* mapped = size_ < sizeof(FlowHeader)
                     ? MAP_FAILED
                     : ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE | MAP_POPULATE, file, 0);
  ::close(file);
  if (mapped == MAP_FAILED) fail(path.string(), "not an order-flow file");
  memory_ = mapped;
  try {
    check(path.string());
  } catch (...) {
    ::munmap(memory_, size_);
    throw;
  }
}

FlowFile::~FlowFile() {
  ::munmap(memory_, size_);
}

std::span<const FlowCommand> FlowFile::commands() const {
  const auto* first = static_cast<const std::byte*>(memory_) + sizeof(FlowHeader);
  return {reinterpret_cast<const FlowCommand*>(first),
          (size_ - sizeof(FlowHeader)) / sizeof(FlowCommand)};
}

void FlowFile::check(const std::string& name) const {
  const FlowHeader& head = header();
  if (head.magic != kFlowMagic || head.version != kFlowVersion ||
      head.header_size != sizeof(FlowHeader) || head.command_size != sizeof(FlowCommand)) {
    fail(name, "not an order-flow file of version 1");
  }
  const std::size_t count = commands().size();
  if (head.prefill > count || head.measured != count - head.prefill ||
      (size_ - sizeof(FlowHeader)) % sizeof(FlowCommand) != 0) {
    fail(name, "its length does not fit its header");
  }
  for (const FlowCommand& command : commands()) {
    if (command.instrument >= head.instruments || command.account >= head.accounts ||
        command.order == 0 || command.kind > FlowKind::replace || command.side > FlowSide::sell ||
        command.time_in_force > FlowTif::fok) {
      fail(name, "a command outside the bounds of its header");
    }
  }
}

FlowHeader write_flow(const std::filesystem::path& path,
                      const FlowOptions& options,
                      const std::function<void(std::uint64_t)>& progress) {
  Output out(path);
  out.write(FlowHeader{});
  std::uint64_t written = 0;
  FlowGenerator generator(options, [&](const FlowCommand& command) {
    out.write(command);
    if (++written % 65'536 == 0 && progress) progress(written);
  });
  const FlowHeader header = generator.run();
  out.rewind();
  out.write(header);
  out.finish();
  return header;
}

}  // namespace origo::loadtest
