#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace origo::integration {

// A directory that goes with the test.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

using Words = std::vector<std::string>;

// Exit codes of `origo`, beside 0.
constexpr int kRefused = 1;
constexpr int kUsage = 2;
constexpr int kUnreachable = 3;
constexpr int kNotPermitted = 4;
constexpr int kNotFound = 5;
constexpr int kFailed = 6;
constexpr int kUnreconciled = 7;

// What a program that has ended said.
struct Ended {
  int code = 0;        // exit code; -signal if killed
  std::string output;  // both streams
};

// Runs one of our programs to its end.
Ended run_program(const std::string& name, const Words& arguments);

// A real node as a child process. Killed, if it still runs, when this goes.
class NodeProcess {
 public:
  // Starts it on free ports of the loopback; what it says goes to `data`.log.
  NodeProcess(std::filesystem::path data, Words more = {});
  ~NodeProcess();
  NodeProcess(const NodeProcess&) = delete;
  NodeProcess& operator=(const NodeProcess&) = delete;

  // Waits until it serves. False: it ended instead, and has been waited for.
  [[nodiscard]] bool wait_until_ready();
  // kill -9, or a request to end; returns the exit code, or -signal.
  int kill();
  int stop();

  [[nodiscard]] const std::string& grpc() const { return grpc_; }
  [[nodiscard]] const std::string& http() const { return http_; }
  [[nodiscard]] std::string admin_token() const;
  [[nodiscard]] std::string log() const;

 private:
  int end(int signal);

  const std::filesystem::path data_;
  pid_t process_ = -1;
  std::string grpc_;
  std::string http_;
};

// A digest of names and bytes of all files below a directory.
[[nodiscard]] std::string fingerprint(const std::filesystem::path& directory);

}  // namespace origo::integration
