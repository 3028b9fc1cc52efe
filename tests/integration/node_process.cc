#include "tests/integration/node_process.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <thread>

#include "storage/chain.h"

namespace origo::integration {

namespace {

constexpr std::chrono::seconds kStartTimeout{60};

std::string read_all(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// Our programs lie beside the tests.
std::filesystem::path program(const std::string& name) {
  return std::filesystem::read_symlink("/proc/self/exe").parent_path() / name;
}

pid_t spawn(const std::string& name,
            const std::vector<std::string>& arguments,
            const std::filesystem::path& log) {
  const std::string path = program(name).string();
  std::vector<char*> words{const_cast<char*>(path.c_str())};
  for (const std::string& argument : arguments)
    words.push_back(const_cast<char*>(argument.c_str()));
  words.push_back(nullptr);
  const int out = ::open(log.c_str(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0644);
  const pid_t child = ::fork();
  if (child < 0) throw std::runtime_error("fork failed");
  if (child == 0) {
    ::dup2(out, STDOUT_FILENO);
    ::dup2(out, STDERR_FILENO);
    ::execv(path.c_str(), words.data());
    ::_exit(127);
  }
  ::close(out);
  return child;
}

int code_of(int status) {
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

int wait_for(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return code_of(status);
}

}  // namespace

TemporaryDirectory::TemporaryDirectory() {
  std::string name = (std::filesystem::temp_directory_path() / "origo-test-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory");
  path_ = name;
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

Ended run_program(const std::string& name, const std::vector<std::string>& arguments) {
  const TemporaryDirectory directory;
  const std::filesystem::path log = directory.path() / "log";
  const int code = wait_for(spawn(name, arguments, log));
  return {.code = code, .output = read_all(log)};
}

NodeProcess::NodeProcess(std::filesystem::path data, std::vector<std::string> more)
    : data_(std::move(data)) {
  std::error_code ignored;
  std::filesystem::remove(data_ / "origod.addresses.json", ignored);
  std::vector<std::string> arguments{
      "--data", data_.string(), "--grpc", "127.0.0.1:0", "--http", "127.0.0.1:0"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  process_ = spawn("origod", arguments, data_.string() + ".log");
}

NodeProcess::~NodeProcess() {
  kill();
}

bool NodeProcess::wait_until_ready() {
  const auto deadline = std::chrono::steady_clock::now() + kStartTimeout;
  const std::filesystem::path file = data_ / "origod.addresses.json";
  while (std::chrono::steady_clock::now() < deadline) {
    const auto addresses = nlohmann::json::parse(read_all(file), nullptr, false);
    if (addresses.is_object() && addresses["pid"] == process_) {
      grpc_ = addresses["grpc"];
      http_ = addresses["http"];
      return true;
    }
    int status = 0;
    if (::waitpid(process_, &status, WNOHANG) == process_) {
      process_ = -1;
      return false;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return false;
}

int NodeProcess::end(int signal) {
  if (process_ < 0) return 0;
  ::kill(process_, signal);
  return wait_for(std::exchange(process_, -1));
}

int NodeProcess::kill() {
  return end(SIGKILL);
}
int NodeProcess::stop() {
  return end(SIGTERM);
}

std::string NodeProcess::admin_token() const {
  std::string token = read_all(data_ / "admin.token");
  while (!token.empty() && token.back() == '\n') token.pop_back();
  return token;
}

std::string NodeProcess::log() const {
  return read_all(data_.string() + ".log");
}

std::string fingerprint(const std::filesystem::path& directory) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  storage::Hasher hasher;
  hasher.begin();
  for (const auto& file : files) {
    const std::string name = file.string();
    const std::string content = read_all(file);
    hasher.update(std::as_bytes(std::span(name)));
    hasher.update(std::as_bytes(std::span(content)));
  }
  return storage::to_hex(hasher.finish());
}

}  // namespace origo::integration
