#pragma once

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "gateway/cli/failure.h"
#include "origo/v1/accounts.grpc.pb.h"
#include "origo/v1/admin.grpc.pb.h"
#include "origo/v1/market_data.grpc.pb.h"
#include "origo/v1/orders.grpc.pb.h"
#include "origo/v1/registry.grpc.pb.h"

namespace origo::gateway {

// How to reach a node and as whom, as given on the command line and in the environment. Empty: not
// given.
struct ConnectionOptions {
  std::string server;  // host:port
  std::string token;
  std::string token_file;
  std::string data;  // a node's data directory: addresses and tokens are found in it
  bool tls = false;  // encrypt, trusting the system's authorities
  std::string ca;    // or those of this file; implies tls
  std::string as;    // a name whose token is in the data directory's users/
  unsigned timeout_seconds = 30;
  std::uint64_t at_least_sequence = 0;  // queries wait for it
};

// Fills what is empty from ORIGO_SERVER, ORIGO_TOKEN, ORIGO_TOKEN_FILE, ORIGO_DATA and ORIGO_CA.
void read_environment(ConnectionOptions& options);

// A connection to a node as one user. Beyond loopback only with TLS: a token in the clear is a
// token lost. Every call fails with a Failure that says what to do.
class Session {
 public:
  explicit Session(ConnectionOptions options);
  // The same node as another user.
  Session(const Session& other, std::string token);

  // Sends one command and waits until it is durable. A refusal is in the answer.
  [[nodiscard]] v1::Answer submit(const v1::Command& command);
  // As submit, but a refusal is a Failure.
  v1::Answer must(const v1::Command& command);

  // Asks once. `method` is one of a stub's, e.g. &v1::Registry::Stub::GetLot.
  template <class Service, class Request, class Response>
  [[nodiscard]] Response ask(grpc::Status (Service::*method)(grpc::ClientContext*,
                                                             const Request&,
                                                             Response*),
                             Request request) {
    if (request.at_least_sequence() == 0) request.set_at_least_sequence(*seen_);
    Response response;
    grpc::ClientContext context;
    prepare(context);
    Service stub(channel_);
    check((stub.*method)(&context, request, &response));
    return response;
  }
  // Asks for page after page until the list ends or `limit` rows are there; then next_page_token
  // tells.
  template <class Service, class Request, class Response>
  [[nodiscard]] Response ask_all(grpc::Status (Service::*method)(grpc::ClientContext*,
                                                                 const Request&,
                                                                 Response*),
                                 Request request,
                                 std::size_t limit) {
    Response all;
    do {
      const std::size_t left = limit - rows(all);
      request.set_page_size(static_cast<std::uint32_t>(left < 1000 ? left : 1000));
      Response page = ask(method, request);
      request.set_page_token(page.next_page_token());
      request.set_at_least_sequence(page.sequence());
      all.clear_next_page_token();
      all.MergeFrom(page);
    } while (!all.next_page_token().empty() && rows(all) < limit);
    return all;
  }

  // By id or by code; a Failure names what there is.
  const v1::Instrument& instrument(const std::string& id_or_code);
  const v1::Instrument* find_instrument(std::uint64_t id);
  std::uint64_t registry(const std::string& id_or_code);
  std::uint64_t market(const std::string& id_or_code);

  // Queries from now on, also those of sessions made from this one, show at least this command.
  void see(std::uint64_t sequence) { *seen_ = std::max(*seen_, sequence); }

  // Sets token and deadline; a deadline of 0 seconds means none.
  void prepare(grpc::ClientContext& context) const;
  void prepare(grpc::ClientContext& context, std::chrono::seconds deadline) const;
  // Throws what a status other than OK means for a person.
  void check(const grpc::Status& status) const;

  [[nodiscard]] const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }
  [[nodiscard]] const ConnectionOptions& options() const { return options_; }

 private:
  // Rows of the one repeated field of a list's response.
  static std::size_t rows(const google::protobuf::Message& list);
  void load_instruments();

  ConnectionOptions options_;
  std::string token_;
  std::shared_ptr<std::uint64_t>
      seen_;  // newest command known, shared with sessions made from this one
  std::shared_ptr<grpc::Channel> channel_;
  std::map<std::uint64_t, v1::Instrument> instruments_;  // by id; filled at first use
};

// "field rule (name, code)", with the item meant.
[[nodiscard]] std::string describe(const v1::Reject& reject);

}  // namespace origo::gateway
