#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

// Blocking clients over real sockets, for tests.
namespace origo::gateway::test {

using Json = nlohmann::json;

// Waits until `condition` holds; false after 30 seconds.
[[nodiscard]] bool eventually(const std::function<bool()>& condition);

// A TCP connection that sends and reads raw bytes.
class RawClient {
 public:
  explicit RawClient(std::uint16_t port, int receive_buffer = 0);
  ~RawClient();

  void send(std::string_view bytes);      // ignores errors: the server may have gone
  [[nodiscard]] std::string read_some();  // empty at the end
  [[nodiscard]] std::string read_all();   // until the server closes
  void close_send();

  // Opens the WebSocket; false unless the answer is 101.
  bool upgrade(std::uint16_t port, const std::string& extra_headers = {});

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

struct HttpReply {
  int status = 0;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
  [[nodiscard]] Json json() const { return Json::parse(body, nullptr, false); }
};

// One request on a connection of its own. `head` is everything up to the blank line, "{port}" in it
// is replaced.
HttpReply http(std::uint16_t port, std::string head, const std::string& body = {});
HttpReply get(std::uint16_t port, const std::string& path);

// A client frame (RFC 6455): masked, unless told otherwise.
std::string client_frame(unsigned first_byte, std::string_view payload, bool masked = true);

class FeedClient {
 public:
  explicit FeedClient(std::uint16_t port, int receive_buffer = 0);
  ~FeedClient();

  void send(const Json& message);
  void subscribe(const std::string& channel, const std::string& instrument);

  // The next text message; null when the server has closed (see close_reason()).
  [[nodiscard]] Json receive();
  [[nodiscard]] int close_code() const;
  [[nodiscard]] std::string close_reason() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace origo::gateway::test
