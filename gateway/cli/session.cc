#include "gateway/cli/session.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>

#include "gateway/cli/base/parse.h"

namespace origo::gateway {
namespace {

constexpr const char* kDefaultServer = "127.0.0.1:7401";

std::optional<std::string> read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  return std::string{std::istreambuf_iterator<char>(file), {}};
}

std::string trimmed(std::string text) {
  const char* const space = " \t\r\n";
  text.erase(text.find_last_not_of(space) + 1);
  text.erase(0, text.find_first_not_of(space));
  return text;
}

std::string read_token(const std::filesystem::path& path) {
  const auto text = read_file(path);
  if (!text) {
    throw Failure(Exit::not_permitted,
                  "cannot read the token file " + path.string(),
                  "check its path and permissions");
  }
  return trimmed(*text);
}

// Whether host:port names this machine.
bool is_local(const std::string& server) {
  const std::string host = server.substr(0, server.rfind(':'));
  return host == "localhost" || host == "[::1]" || host.starts_with("127.");
}

std::shared_ptr<grpc::ChannelCredentials> credentials_of(const ConnectionOptions& options) {
  if (!options.tls && options.ca.empty()) {
    if (is_local(options.server)) return grpc::InsecureChannelCredentials();
    throw Failure(Exit::usage,
                  options.server + " is not this machine: the connection must be encrypted",
                  "add --ca FILE with the node's certificate authority, or --tls for the system's");
  }
  grpc::SslCredentialsOptions trusted;
  if (!options.ca.empty()) {
    const auto pem = read_file(options.ca);
    if (!pem) throw Failure(Exit::usage, "cannot read the certificate authority " + options.ca);
    trusted.pem_root_certs = *pem;
  }
  return grpc::SslCredentials(trusted);
}

// Also learns from the address file whether the node speaks TLS.
std::string find_server(ConnectionOptions& options) {
  if (!options.server.empty()) return options.server;
  if (options.data.empty()) return kDefaultServer;
  const auto path = std::filesystem::path(options.data) / "origod.addresses.json";
  const auto text = read_file(path);
  if (!text) {
    throw Failure(Exit::unreachable,
                  "no node runs on " + options.data + " (no " + path.string() + ")",
                  "start one with `origod --data " + options.data + "`, or name one with --server");
  }
  const auto json = nlohmann::json::parse(*text, nullptr, false);
  if (!json.is_object() || !json.contains("grpc") || !json["grpc"].is_string()) {
    throw Failure(Exit::unreachable, path.string() + " names no gRPC address", "restart the node");
  }
  options.tls = options.tls || json.value("tls", false);
  return json["grpc"].get<std::string>();
}

std::string find_token(const ConnectionOptions& options) {
  const std::filesystem::path data(options.data);
  if (!options.token.empty()) return options.token;
  if (!options.token_file.empty()) return read_token(options.token_file);
  if (!options.as.empty()) {
    if (options.data.empty()) {
      throw Failure(Exit::usage,
                    "--as needs the data directory that holds the tokens",
                    "add --data DIR, or set ORIGO_DATA");
    }
    return read_token(data / "users" / (options.as + ".token"));
  }
  if (!options.data.empty() && std::filesystem::exists(data / "admin.token")) {
    return read_token(data / "admin.token");
  }
  return {};
}

}  // namespace

void read_environment(ConnectionOptions& options) {
  const auto fill = [](std::string& target, const char* name) {
    const char* const value = std::getenv(name);
    if (target.empty() && value != nullptr) target = value;
  };
  fill(options.data, "ORIGO_DATA");
  fill(options.server, "ORIGO_SERVER");
  fill(options.ca, "ORIGO_CA");
  if (!options.as.empty() || !options.token.empty() || !options.token_file.empty()) return;
  fill(options.token_file, "ORIGO_TOKEN_FILE");
  fill(options.token, "ORIGO_TOKEN");
}

Session::Session(ConnectionOptions options)
    : options_(std::move(options)),
      seen_(std::make_shared<std::uint64_t>(options_.at_least_sequence)) {
  options_.server = find_server(options_);
  token_ = find_token(options_);
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(64 << 20);
  channel_ = grpc::CreateCustomChannel(options_.server, credentials_of(options_), arguments);
}

Session::Session(const Session& other, std::string token)
    : options_(other.options_),
      token_(std::move(token)),
      seen_(other.seen_),
      channel_(other.channel_) {}

void Session::prepare(grpc::ClientContext& context) const {
  prepare(context, std::chrono::seconds(options_.timeout_seconds));
}

void Session::prepare(grpc::ClientContext& context, std::chrono::seconds deadline) const {
  if (!token_.empty()) context.AddMetadata("authorization", "Bearer " + token_);
  if (deadline.count() > 0) context.set_deadline(std::chrono::system_clock::now() + deadline);
}

void Session::check(const grpc::Status& status) const {
  if (status.ok()) return;
  using grpc::StatusCode;
  const std::string& said = status.error_message();
  const StatusCode code = status.error_code();
  if (code == StatusCode::UNAVAILABLE) {
    throw Failure(
        Exit::unreachable,
        "no node answers at " + options_.server + ": " + said,
        "start one with `scripts/run`, or name one with --server HOST:PORT or --data DIR");
  }
  if (code == StatusCode::CANCELLED) {
    throw Failure(Exit::unreachable,
                  "the node at " + options_.server + " ended the call; it is stopping or gone",
                  "ask for the state before repeating a command");
  }
  if (code == StatusCode::DEADLINE_EXCEEDED) {
    throw Failure(Exit::unreachable,
                  "no answer within " + std::to_string(options_.timeout_seconds) + " s: " + said,
                  "ask for the state before repeating a command, or allow more with --timeout");
  }
  if (code == StatusCode::UNAUTHENTICATED) {
    throw Failure(Exit::not_permitted,
                  token_.empty() ? "this needs a token" : "the token is not accepted: " + said,
                  "give one with --token, --token-file, ORIGO_TOKEN, or --data DIR [--as NAME]");
  }
  if (code == StatusCode::PERMISSION_DENIED) {
    throw Failure(Exit::not_permitted,
                  "not permitted: " + said,
                  "use the token of a user with the right role; `origo whoami` shows yours");
  }
  if (code == StatusCode::NOT_FOUND) {
    throw Failure(Exit::not_found, "not found: " + said, "it may exist out of this user's reach");
  }
  if (code == StatusCode::FAILED_PRECONDITION) {
    throw Failure(
        Exit::refused,
        "refused: " + said,
        "keep a stream of --client open, or place the order without --cancel-on-disconnect");
  }
  if (code == StatusCode::INVALID_ARGUMENT) {
    throw Failure(Exit::usage, "the request is not valid: " + said);
  }
  throw Failure(Exit::failed, said + " (gRPC status " + std::to_string(code) + ")");
}

v1::Answer Session::submit(const v1::Command& command) {
  v1::Answer answer;
  grpc::ClientContext context;
  prepare(context);
  v1::Admin::Stub stub(channel_);
  check(stub.Submit(&context, command, &answer));
  see(answer.sequence());
  return answer;
}

v1::Answer Session::must(const v1::Command& command) {
  v1::Answer answer = submit(command);
  if (answer.has_reject()) throw Failure(Exit::refused, "refused: " + describe(answer.reject()));
  return answer;
}

std::size_t Session::rows(const google::protobuf::Message& list) {
  const google::protobuf::Descriptor& type = *list.GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    if (!type.field(i)->is_repeated()) continue;
    return static_cast<std::size_t>(list.GetReflection()->FieldSize(list, type.field(i)));
  }
  return 0;
}

void Session::load_instruments() {
  if (!instruments_.empty()) return;
  const auto list =
      ask_all(&v1::MarketData::Stub::ListInstruments, v1::ListInstrumentsRequest(), 100'000);
  for (const v1::Instrument& instrument : list.instruments()) {
    instruments_.emplace(instrument.instrument(), instrument);
  }
}

const v1::Instrument& Session::instrument(const std::string& id_or_code) {
  load_instruments();
  const auto id = parse_id(id_or_code, "ins");
  for (const auto& [number, instrument] : instruments_) {
    if (id ? *id == number : instrument.code() == id_or_code) return instrument;
  }
  throw Failure(
      Exit::not_found, "there is no instrument " + id_or_code, "`origo instrument list` shows all");
}

const v1::Instrument* Session::find_instrument(std::uint64_t id) {
  load_instruments();
  const auto at = instruments_.find(id);
  return at == instruments_.end() ? nullptr : &at->second;
}

std::uint64_t Session::registry(const std::string& id_or_code) {
  if (const auto id = parse_id(id_or_code, "reg")) return *id;
  const auto list =
      ask_all(&v1::Registry::Stub::ListRegistries, v1::ListRegistriesRequest(), 100'000);
  for (const v1::RegistryDomain& registry : list.registries()) {
    if (registry.code() == id_or_code) return registry.registry();
  }
  throw Failure(
      Exit::not_found, "there is no registry " + id_or_code, "`origo registry list` shows all");
}

std::uint64_t Session::market(const std::string& id_or_code) {
  if (const auto id = parse_id(id_or_code, "mkt")) return *id;
  const auto list = ask_all(&v1::MarketData::Stub::ListMarkets, v1::ListMarketsRequest(), 100'000);
  for (const v1::Market& market : list.markets()) {
    if (market.code() == id_or_code) return market.market();
  }
  throw Failure(
      Exit::not_found, "there is no market " + id_or_code, "`origo market list` shows all");
}

std::string describe(const v1::Reject& reject) {
  std::string text = reject.field() + " " + reject.rule();
  if (!reject.detail().empty()) text += ": " + reject.detail();
  return text + " (" + reject.name() + ", " + std::to_string(reject.code()) + ")";
}

}  // namespace origo::gateway
