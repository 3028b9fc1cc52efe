#include "gateway/node/node_metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <map>
#include <string>

namespace origo::gateway {

namespace {

using prometheus::BuildCounter;
using prometheus::BuildGauge;
using prometheus::BuildHistogram;

const prometheus::Histogram::BucketBoundaries kBatchBuckets{
    1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096};
const prometheus::Histogram::BucketBoundaries kAppendBuckets{
    25e-6, 50e-6, 100e-6, 200e-6, 400e-6, 1e-3, 2e-3, 5e-3, 10e-3, 25e-3, 50e-3, 100e-3, 1};

prometheus::Gauge& gauge(prometheus::Registry& registry, const char* name, const char* help) {
  return BuildGauge().Name(name).Help(help).Register(registry).Add({});
}

double number(std::uint64_t value) {
  return static_cast<double>(value);
}

}  // namespace

struct NodeMetrics::Parts {
  explicit Parts(prometheus::Registry& registry)
      : commands(BuildCounter()
                     .Name("origo_commands_total")
                     .Help("Commands made durable and applied")
                     .Register(registry)
                     .Add({})),
        refusals(BuildCounter()
                     .Name("origo_refusals_total")
                     .Help("Commands refused by the core, by reason")
                     .Register(registry)),
        turned_away(BuildCounter()
                        .Name("origo_commands_unsequenced_total")
                        .Help("Commands that found the disk full")
                        .Register(registry)
                        .Add({})),
        limited(BuildCounter()
                    .Name("origo_commands_limited_total")
                    .Help("Commands beyond the rate of their user or address")
                    .Register(registry)),
        sessions(BuildCounter()
                     .Name("origo_sessions_over_total")
                     .Help("Clients gone for longer than the grace")
                     .Register(registry)
                     .Add({})),
        disconnected(BuildCounter()
                         .Name("origo_orders_disconnected_total")
                         .Help("Orders that ended with their client's session")
                         .Register(registry)
                         .Add({})),
        batch(BuildHistogram()
                  .Name("origo_batch_commands")
                  .Help("Commands in one group commit")
                  .Register(registry)
                  .Add({}, kBatchBuckets)),
        append(BuildHistogram()
                   .Name("origo_journal_append_seconds")
                   .Help("Time to make one batch durable under the sync policy")
                   .Register(registry)
                   .Add({}, kAppendBuckets)),
        queue(gauge(registry, "origo_queue_commands", "Commands waiting for the sequencer")),
        sequence(gauge(registry, "origo_sequence", "Sequence of the last command applied")),
        synced(gauge(registry, "origo_synced_sequence", "Sequence of the last command on disk")),
        lag(gauge(registry, "origo_reader_lag_commands", "Commands the read model is behind")),
        snapshot(gauge(registry, "origo_snapshot_sequence", "Sequence of the newest snapshot")),
        away(gauge(registry, "origo_clients_away", "Clients whose orders may end with the grace")),
        accepting(
            gauge(registry, "origo_accepting", "1 while commands are taken, 0 without space")) {}

  prometheus::Counter& commands;
  prometheus::Family<prometheus::Counter>& refusals;
  prometheus::Counter& turned_away;
  prometheus::Family<prometheus::Counter>& limited;
  prometheus::Counter& sessions;
  prometheus::Counter& disconnected;
  prometheus::Histogram& batch;
  prometheus::Histogram& append;
  prometheus::Gauge& queue;
  prometheus::Gauge& sequence;
  prometheus::Gauge& synced;
  prometheus::Gauge& lag;
  prometheus::Gauge& snapshot;
  prometheus::Gauge& away;
  prometheus::Gauge& accepting;
  std::map<Reject, prometheus::Counter*> by_reason;  // the sequencer's thread only
};

NodeMetrics::NodeMetrics(prometheus::Registry& registry, storage::SyncPolicy policy)
    : parts_(std::make_unique<Parts>(registry)) {
  BuildGauge()
      .Name("origo_sync_policy_info")
      .Help("When a command survives a power cut; always 1")
      .Register(registry)
      .Add({{"policy", storage::name_of(policy)}})
      .Set(1);
}

NodeMetrics::~NodeMetrics() = default;

void NodeMetrics::observe(const BatchFigures& figures) {
  parts_->queue.Set(number(figures.waiting));
  if (figures.outcome != FrameOutcome::sequenced) {
    parts_->turned_away.Increment(number(figures.commands));
    return;
  }
  parts_->commands.Increment(number(figures.commands));
  parts_->batch.Observe(number(figures.commands));
  parts_->append.Observe(std::chrono::duration<double>(figures.append).count());
  for (const Reject reason : figures.refusals) {
    prometheus::Counter*& counter = parts_->by_reason[reason];
    if (counter == nullptr) {
      counter = &parts_->refusals.Add({{"reason", std::string(info_of(reason).name)}});
    }
    counter->Increment();
  }
}

void NodeMetrics::limited(const char* limit, std::size_t commands) {
  parts_->limited.Add({{"limit", limit}}).Increment(number(commands));
}

void NodeMetrics::session_over(std::uint64_t orders) {
  parts_->sessions.Increment();
  parts_->disconnected.Increment(number(orders));
}

void NodeMetrics::clients_away(std::size_t clients) {
  parts_->away.Set(number(clients));
}

void NodeMetrics::look(const Sequencer& sequencer,
                       const Reader& reader,
                       const storage::Journal& journal) {
  const std::uint64_t read = reader.sequence().value();  // first: it is never ahead
  const std::uint64_t live = sequencer.sequence().value();
  parts_->queue.Set(number(sequencer.waiting()));
  parts_->sequence.Set(number(live));
  parts_->synced.Set(number(journal.statistics().synced_sequence));
  parts_->lag.Set(number(live - read));
  parts_->snapshot.Set(number(reader.snapshot_sequence().value()));
  parts_->accepting.Set(sequencer.disk_full() ? 0 : 1);
}

}  // namespace origo::gateway
