#include "gateway/main/node.h"

#include <prometheus/registry.h>
#include <spdlog/fmt/ranges.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "engine/market/call_book.h"
#include "gateway/feed/book_feed.h"
#include "gateway/feed/http_server.h"
#include "gateway/grpc/server.h"
#include "gateway/grpc/token.h"
#include "gateway/http/first_feed.h"
#include "gateway/http/public_routes.h"
#include "gateway/main/data_files.h"
#include "gateway/main/installation_files.h"
#include "gateway/main/version.h"
#include "gateway/node/clock.h"
#include "gateway/node/installer.h"
#include "gateway/node/last_words.h"
#include "gateway/node/node_metrics.h"
#include "gateway/node/reader.h"
#include "gateway/node/recovery.h"
#include "gateway/node/scenario_control.h"
#include "gateway/node/sequencer.h"
#include "gateway/node/snapshots.h"
#include "storage/abort_note.h"

namespace origo::gateway {

namespace {

constexpr std::chrono::milliseconds kCallGrace{2'000};
// Where a scenario's clock stands at first: 2026-01-01T00:00:00Z.
constexpr Instant kScenarioStart{1'767'225'600'000'000'000};

// Its node is empty, temporary and on loopback, so the admin's token is no secret.
const std::string kScenarioToken(64, '0');

std::filesystem::path addresses_of(const std::filesystem::path& data) {
  return data / "origod.addresses.json";
}

}  // namespace

// Members are destroyed from the last to the first: what serves goes before what it uses.
class Node::Parts {
 public:
  explicit Parts(NodeOptions options) : options_(std::move(options)) {}

  std::string start();
  void look();
  void stop();
  [[nodiscard]] std::optional<NodeOptions> next_run() const;

 private:
  std::string prepare_directory();
  std::string recover_state();
  void build_core(Exchange copy);
  std::optional<FeedReload> feed_reload(Sequence at_least);
  std::optional<FeedRelations> feed_relations(InstrumentId instrument);
  std::optional<PriceFinding> feed_indication(InstrumentId instrument, Sequence at_least);
  std::string install_wanted(Installation wanted);
  std::string check_relaxations();
  std::string serve();
  std::string bind_http();
  std::string write_addresses();
  [[nodiscard]] NodeStatus status() const;
  [[nodiscard]] std::string why_not_ready() const;
  [[nodiscard]] std::string trouble() const;
  [[nodiscard]] std::string banner() const;

  NodeOptions options_;
  std::atomic<bool> ready_{false};
  bool relaxed_ = false;  // as of the start
  bool first_start_ = false;
  bool temporary_ = false;  // the directory goes with the process
  Instant started_at_ = SystemClock().now();
  std::atomic<std::uint64_t> recovering_{0};  // the command that is replayed at the start
  std::unique_ptr<Clock> clock_;
  std::unique_ptr<ScenarioControl> scenario_;
  OpenNode open_;
  std::unique_ptr<storage::SnapshotStore> snapshots_;
  std::shared_ptr<prometheus::Registry> registry_ = std::make_shared<prometheus::Registry>();
  std::unique_ptr<NodeMetrics> metrics_;
  BookFeed book_feed_;
  std::shared_ptr<FeedMetrics> feed_metrics_ = std::make_shared<FeedMetrics>(registry_);
  std::unique_ptr<FeedHub> hub_ = std::make_unique<FeedHub>(book_feed_, feed_metrics_);
  std::unique_ptr<Reader> reader_;
  std::unique_ptr<Sequencer> sequencer_;
  std::optional<NodeAccess> access_;
  std::unique_ptr<GrpcServer> grpc_;
  std::unique_ptr<HttpServer> http_;
};

std::string Node::Parts::start() {
  auto files = read_installation(options_.schemes);
  if (const auto* bad = std::get_if<std::string>(&files)) return *bad;
  if (std::string why = prepare_directory(); !why.empty()) return why;
  if (std::string why = recover_state(); !why.empty()) return why;
  build_core(open_.state.exchange);
  sequencer_->start();
  if (std::string why = install_wanted(std::move(std::get<Installation>(files))); !why.empty()) {
    return why;
  }
  if (std::string why = check_relaxations(); !why.empty()) return why;
  return serve();
}

std::string Node::Parts::prepare_directory() {
  std::error_code error;
  if (options_.scenario) {
    auto clock = std::make_unique<SimulatedClock>(options_.scenario_start.value_or(kScenarioStart));
    scenario_ = std::make_unique<ScenarioControl>(*clock, options_.scenario_run);
    clock_ = std::move(clock);
    if (options_.data.empty()) {
      std::string name =
          (std::filesystem::temp_directory_path() / "origo-scenario-XXXXXX").string();
      if (::mkdtemp(name.data()) == nullptr) return "cannot make a temporary directory";
      options_.data = name;
      temporary_ = true;
    } else if (std::filesystem::exists(options_.data, error)) {
      return "--scenario makes its own directory: " + options_.data.string() + " exists already";
    }
  } else {
    clock_ = std::make_unique<SystemClock>();
  }
  return {};
}

std::string Node::Parts::recover_state() {
  const storage::RocksJournalOptions journal{
      .directory = options_.data,
      .witness = options_.witness,
      .create_if_missing = true,
      .adopt_missing_witness = options_.adopt_missing_witness,
      .policy = options_.sync};
  storage::note_on_abort("recovery", recovering_);
  const auto on_progress = [](const RecoveryProgress& progress) {
    spdlog::info("recovery: command {} of {}", progress.sequence, progress.last);
  };
  auto recovered = recover(journal, on_progress, &recovering_);
  if (!recovered.ok()) {
    return std::string(storage::name_of(recovered.status.code)) + ": " + recovered.status.message;
  }
  open_ = std::move(recovered.value);
  std::error_code ignored;
  std::filesystem::remove(addresses_of(options_.data), ignored);  // of an earlier run
  first_start_ = !open_.state.exchange.sequence().is_set();
  if (options_.clock) {  // the journal's time never goes back, so neither does this clock
    clock_ = std::make_unique<OffsetClock>(std::max(*options_.clock, open_.state.exchange.time()));
    started_at_ = clock_->now();
  }
  const RecoveryReport& report = open_.report;
  for (const std::string& note : report.notes) spdlog::warn("recovery: {}", note);
  spdlog::info("recovery: command {}, snapshot at {}, {} commands replayed, {} ms",
               open_.state.exchange.sequence().value(),
               report.snapshot,
               report.replayed,
               report.elapsed.count());
  return {};
}

void Node::Parts::build_core(Exchange copy) {
  snapshots_ = std::make_unique<storage::SnapshotStore>(snapshots_of(options_.data));
  metrics_ = std::make_unique<NodeMetrics>(*registry_, options_.sync);
  const HistoryView history(*open_.history);
  for (const Instrument& instrument : copy.market().instruments) {
    book_feed_.load(first_feed(copy, history, instrument));
  }
  book_feed_.set_reloader([this](Sequence at_least) { return feed_reload(at_least); });
  book_feed_.set_relator([this](InstrumentId instrument) { return feed_relations(instrument); });
  book_feed_.set_indicator([this](InstrumentId instrument, Sequence at_least) {
    return feed_indication(instrument, at_least);
  });
  reader_ = std::make_unique<Reader>(CoreState{.exchange = std::move(copy),
                                               .journal_chain = open_.state.journal_chain,
                                               .event_chain = open_.state.event_chain,
                                               .snapshot = open_.state.snapshot},
                                     std::make_unique<HistoryRecorder>(*open_.history),
                                     snapshot_writer(*open_.journal, *open_.history, *snapshots_),
                                     ReaderOptions{.snapshot_every = options_.snapshot_every});
  sequencer_ =
      std::make_unique<Sequencer>(std::move(open_.state),
                                  *open_.journal,
                                  *clock_,
                                  SequencerOptions{.observer = [this](const BatchFigures& figures) {
                                    metrics_->observe(figures);
                                  }});
  sequencer_->subscribe(
      [this](const std::shared_ptr<const AppliedBatch>& batch) { reader_->enqueue(batch); });
  sequencer_->subscribe([this](const std::shared_ptr<const AppliedBatch>& batch) {
    book_feed_.submit(*hub_,
                      {.last = batch->last(),
                       .time = batch->time,
                       .events = std::shared_ptr<const Bytes>(batch, &batch->events),
                       .event_ends = {batch, &batch->event_ends}});
  });
  if (scenario_) {
    sequencer_->subscribe(
        [this](const std::shared_ptr<const AppliedBatch>& batch) { scenario_->keep(*batch); });
  }
  storage::note_on_abort("the live core", sequencer_->applying());
  storage::note_on_abort("the reader's core", reader_->applying());
}

std::optional<FeedReload> Node::Parts::feed_reload(Sequence at_least) {
  if (reader_->sequence() < at_least) return std::nullopt;
  std::optional<FeedReload> reload;
  const HistoryView history(*open_.history);
  (void)reader_->read(
      at_least, std::chrono::steady_clock::now(), [&](const Exchange& exchange, Sequence sequence) {
        reload.emplace(
            FeedReload{.sequence = sequence, .time = exchange.time(), .instruments = {}});
        for (const Instrument& instrument : exchange.market().instruments) {
          reload->instruments.push_back(first_feed(exchange, history, instrument));
        }
      });
  return reload;
}

std::optional<FeedRelations> Node::Parts::feed_relations(InstrumentId instrument) {
  std::optional<FeedRelations> related;
  (void)reader_->read(
      Sequence(), std::chrono::steady_clock::now(), [&](const Exchange& exchange, Sequence) {
        const Instrument* const known = exchange.market().find(instrument);
        if (known != nullptr) related = {.narrower = known->narrower, .wider = known->wider};
      });
  return related;
}

std::optional<PriceFinding> Node::Parts::feed_indication(InstrumentId instrument,
                                                         Sequence at_least) {
  if (reader_->sequence() < at_least) return std::nullopt;
  std::optional<PriceFinding> found;
  (void)reader_->read(
      at_least, std::chrono::steady_clock::now(), [&](const Exchange& exchange, Sequence) {
        found = find_call_price(exchange.market(), exchange.market().get(instrument));
      });
  return found;
}

std::string Node::Parts::install_wanted(Installation wanted) {
  wanted.venue_name = options_.venue;
  if (options_.scenario) {  // scenarios bring their own
    wanted.attributes.clear();
    wanted.schemes.clear();
  }
  if (options_.demo) {
    wanted.relaxations = SetRelaxations{.four_eyes = true, .holds = true, .exit_hold_ns = 0};
  }
  if (first_start_) {
    // The token is in this file and nowhere else; the journal has its digest.
    const std::filesystem::path file = options_.data / "admin.token";
    const std::string token = options_.scenario ? kScenarioToken : draw_token();
    const storage::Status written = replace_file(file, token + "\n", true);
    if (!written.ok()) return written.message;
    wanted.admin_token = digest_of_token(token);
    spdlog::info("first start: the admin's token is in {}", file.string());
  }
  const Installed installed = install(*sequencer_, *reader_, wanted);
  if (!installed.done.empty()) spdlog::info("journaled: {}", fmt::join(installed.done, ", "));
  return installed.trouble;
}

std::string Node::Parts::check_relaxations() {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  (void)reader_->read(sequencer_->sequence(), deadline, [&](const Exchange& exchange, Sequence) {
    relaxed_ = exchange.relaxations().four_eyes || exchange.relaxations().holds;
  });
  if (relaxed_ && !(is_loopback(options_.grpc.host) && is_loopback(options_.http.host))) {
    return "this node's rules are relaxed for demonstration: loopback addresses only";
  }
  return {};
}

std::string Node::Parts::serve() {
  if (std::string why = bind_http(); !why.empty()) return why;
  access_.emplace(
      NodeAccess{.sink = *sequencer_,
                 .reader = *reader_,
                 .history = HistoryView(*open_.history),
                 .live_sequence = [this] { return sequencer_->sequence(); },
                 .status = [this] { return status(); },
                 .public_url = options_.public_url.empty() ? http_->url() : options_.public_url,
                 .tokens_changed = [this] { return sequencer_->tokens_changed(); },
                 .scenario = scenario_.get(),
                 .set_time =
                     [this](Instant now) {
                       return scenario_ && scenario_->set_time(now, *sequencer_, *reader_);
                     },
                 .journal = open_.journal.get()});
  const auto on_limited = [this](RateLimit limit, std::size_t commands) {
    metrics_->limited(name_of(limit), commands);
  };
  const auto on_session_over = [this](ClientId client, std::uint64_t orders) {
    metrics_->session_over(orders);
    spdlog::info("client {} is gone: {} of its orders ended", client.value(), orders);
  };
  auto grpc = GrpcServer::start({.address = options_.grpc.host,
                                 .port = options_.grpc.port,
                                 .tls = options_.tls,
                                 .disconnect_grace = options_.disconnect_grace,
                                 .on_session_over = on_session_over,
                                 .rates = options_.rates,
                                 .on_limited = on_limited},
                                *access_);
  if (!grpc.ok()) return grpc.status.message;
  grpc_ = std::move(grpc.value);
  options_.grpc.port = grpc_->port();
  add_public_routes(*http_, *access_);
  http_->set_readiness([this] { return why_not_ready(); });
  http_->start();
  ready_ = true;
  return write_addresses();
}

std::string Node::Parts::bind_http() {
  std::vector<std::string> hosts;
  if (!options_.public_url.empty()) hosts.push_back(host_of(options_.public_url));
  try {
    http_ = std::make_unique<HttpServer>(HttpOptions{.address = options_.http.host,
                                                     .port = options_.http.port,
                                                     .tls = options_.tls,
                                                     .hosts = std::move(hosts)},
                                         *hub_,
                                         feed_metrics_);
    options_.http.port = http_->port();
  } catch (const HttpConfigError& error) {
    return error.what();
  }
  return {};
}

std::string Node::Parts::write_addresses() {
  const nlohmann::ordered_json addresses{{"grpc", to_string(options_.grpc)},
                                         {"http", to_string(options_.http)},
                                         {"tls", options_.tls.has_value()},
                                         {"pid", ::getpid()},
                                         {"data", options_.data.string()}};
  const storage::Status written =
      replace_file(addresses_of(options_.data), addresses.dump(2) + "\n");
  if (!written.ok()) return written.message;
  spdlog::info("origod {} serves: sync {}, gRPC {}, page {}/, WebSocket {}/ws",
               kVersion,
               storage::name_of(options_.sync),
               to_string(options_.grpc),
               http_->url(),
               to_string(options_.http));
  if (!banner().empty()) spdlog::warn("{}", banner());
  return {};
}

NodeStatus Node::Parts::status() const {
  const storage::Tail tail = open_.journal->tail();
  return {.durable = Sequence(open_.journal->statistics().synced_sequence),
          .chain = tail.chain,
          .sync_policy = storage::name_of(options_.sync),
          .banner = banner(),
          .version = kVersion,
          .started_at = started_at_,
          .now = clock_->now(),
          .accepting = ready_ && trouble().empty(),
          .trouble = trouble()};
}

std::string Node::Parts::why_not_ready() const {
  if (!ready_) return "the node is starting or ending";
  return trouble();
}

std::string Node::Parts::trouble() const {
  return sequencer_->disk_full() ? "no space left for the journal" : "";
}

std::string Node::Parts::banner() const {
  if (options_.scenario) return "Scenario node: simulated clock, temporary data.";
  std::string text;
  if (relaxed_) text = "Demonstration: one person suffices, and exits are not held.";
  if (options_.clock) text += std::string(text.empty() ? "" : " ") + "Its clock is not today's.";
  return text;
}

// The same place, a new directory.
std::optional<NodeOptions> Node::Parts::next_run() const {
  if (!scenario_) return std::nullopt;
  const std::optional<ScenarioRun> wanted = scenario_->wanted();
  if (!wanted) return std::nullopt;
  NodeOptions options = options_;
  options.data.clear();
  options.scenario_run = wanted->number;
  options.scenario_start = wanted->start;
  return options;
}

void Node::Parts::look() {
  const storage::Status health = open_.journal->health();
  if (!health.ok()) end_process("journal: " + health.message);
  metrics_->look(*sequencer_, *reader_, *open_.journal);
  metrics_->clients_away(grpc_->clients_away());
  book_feed_.look(*hub_);
}

void Node::Parts::stop() {
  ready_ = false;
  if (http_) http_->stop();
  if (grpc_) grpc_->stop(kCallGrace);
  if (sequencer_) sequencer_->stop();
  if (reader_) reader_->stop(true);
  storage::forget_abort_notes();
  if (sequencer_) spdlog::info("ended at command {}", sequencer_->sequence().value());
  if (!open_.journal) return;  // the directory is not ours
  std::error_code ignored;
  std::filesystem::remove(addresses_of(options_.data), ignored);
  open_.journal.reset();
  open_.history.reset();
  if (temporary_) std::filesystem::remove_all(options_.data, ignored);
}

Node::Node(NodeOptions options) : parts_(std::make_unique<Parts>(std::move(options))) {}
Node::~Node() = default;
std::string Node::start() {
  return parts_->start();
}
void Node::look() {
  parts_->look();
}
void Node::stop() {
  parts_->stop();
}
std::optional<NodeOptions> Node::next_run() const {
  return parts_->next_run();
}

}  // namespace origo::gateway
