#include "broker/api/broker.h"

#include <algorithm>
#include <fmt/format.h>
#include <string>
#include <utility>
#include <vector>

#include "common/base/logging.h"

namespace hailstorm::broker {
namespace {

using wire::ErrorCode;

constexpr int64_t kGroupTickMs = 100;
constexpr int64_t kMeasureMs = 1000;
constexpr size_t kMostNamed = 3;  // partitions, in the reason not to be ready

}  // namespace

Broker::Broker(TopicStore& topics, const Clock& clock, BrokerMetrics& metrics, Health& health,
               BrokerOptions options)
    : topics_(topics),
      clock_(clock),
      metrics_(metrics),
      health_(health),
      options_(options),
      catalog_(topics),
      reserve_(topics, clock, options.disk_reserve_bytes),
      compactor_(topics, clock, options.compaction),
      journal_(topics, clock, options.offsets_segment_bytes),
      coordinator_(journal_, catalog_, clock, options.groups),
      fetches_(topics, clock, metrics, options.fetch),
      produces_(topics, reserve_, metrics),
      topic_api_(
          topics, reserve_, [this] { topics_changed(); }, options.descriptors),
      group_api_(coordinator_, metrics) {}

void Broker::load() {
  load_groups();
  measure();
}

void Broker::load_groups() {
  const Status loaded = journal_.replay_into(coordinator_);
  if (loaded.ok()) {
    groups_damaged_.reset();
    coordinator_.finish_loading();
    // What topics are there now decides what offsets mean. A topic may be deleted and made again
    // soon, and then it is too late to write that down.
    coordinator_.topics_changed();
    if (const Status kept = journal_.sync(); !kept.ok())
      log_warn("the groups' topic could not be brought up to date", {kept.error()});
  } else {
    groups_damaged_ = loaded.error();
    coordinator_.fail_loading(
        {ErrorCode::storage_error,
         fmt::format("no group is served: {}; 'hail verify' says what is damaged; start the "
                     "broker again once that is repaired",
                     loaded.error().message())});
    log_error("the groups' offsets cannot be read; group requests are refused", {loaded.error()});
  }
}

void Broker::try_again() {
  if (topics_.open_again()) topics_changed();
  if (groups_damaged_ && storage::may_pass(*groups_damaged_)) load_groups();
}

void Broker::handle(const wire::ProduceRequest& request, MutableBytes batch,
                    Responder<wire::ProduceReply> responder) {
  produces_.handle(request, batch, std::move(responder));
}

std::vector<Partition*> Broker::end_burst() {
  fetches_.wake();
  return topics_.active().start_syncs(clock_.steady_ms());
}

void Broker::finish_sync(Partition& partition) {
  metrics_.sync_seconds.observe(static_cast<double>(partition.sync_took_us()) / 1e6);
  topics_.finish_sync(partition);
}

void Broker::topics_changed() {
  note_partitions();
  coordinator_.topics_changed();
}

void Broker::note_partitions() {
  if (options_.descriptors == nullptr) return;
  size_t partitions = 0;
  for (const auto& [name, topic] : topics_.topics()) partitions += topic.partitions.size();
  options_.descriptors->set_partitions(partitions);
}

void Broker::tick() {
  const int64_t now_ms = clock_.steady_ms();
  fetches_.expire();
  if (now_ms >= group_tick_due_ms_) {
    group_tick_due_ms_ = now_ms + kGroupTickMs;
    coordinator_.tick();
    if (!groups_damaged_) journal_.compact(coordinator_);
  }
  if (now_ms >= retention_due_ms_) {
    retention_due_ms_ = now_ms + options_.retention_interval_ms;
    const Status kept = topics_.enforce_retention();
    if (!kept.ok()) log_warn("retention could not drop old segments", {kept.error()});
  }
  if (now_ms >= measure_due_ms_) {
    measure_due_ms_ = now_ms + kMeasureMs;
    try_again();
    measure();
  }
}

int64_t Broker::next_due_ms() const {
  return std::min({fetches_.next_deadline_ms(), group_tick_due_ms_, measure_due_ms_});
}

bool Broker::wants_requests() const {
  return topics_.active().waiting() < options_.max_waiting_acks &&
         group_api_.waiting_bytes() < options_.max_waiting_group_bytes;
}

std::vector<Partition*> Broker::shut_down() {
  health_.set_not_ready("stopping");
  fetches_.shut_down();
  compactor_.stop();
  static_cast<void>(compactor_.next_step());  // takes the outcome of the last one
  return topics_.active().start_syncs(ActivePartitions::kEverything);
}

void Broker::measure() {
  note_partitions();
  std::vector<std::string> broken;
  if (groups_damaged_)
    broken.push_back("group offsets cannot be read: " + groups_damaged_->message());
  if (reserve_.is_low()) broken.push_back(reserve_.outcome().message);
  size_t partitions = 0;
  size_t failed = 0;
  int64_t log_bytes = 0;
  for (const auto& [name, topic] : topics_.topics()) {
    for (const auto& partition : topic.partitions) {
      ++partitions;
      if (partition->is_open()) log_bytes += partition->size_bytes();
      const auto failure = partition->is_open() ? partition->failure() : partition->open_error();
      if (!failure) continue;
      ++failed;
      if (failed > kMostNamed) continue;
      broken.push_back(fmt::format("{}-{} takes no writes: {}", name, partition->id().partition,
                                   failure->message()));
    }
  }
  metrics_.topics.set(static_cast<double>(topics_.topics().size()));
  metrics_.partitions.set(static_cast<double>(partitions));
  metrics_.failed_partitions.set(static_cast<double>(failed));
  metrics_.log_bytes.set(static_cast<double>(log_bytes));
  metrics_.waiting_acks.set(static_cast<double>(topics_.active().waiting()));
  metrics_.parked_fetches.set(static_cast<double>(fetches_.parked()));
  group_api_.measure();
  measure_compaction();
  if (failed > kMostNamed)
    broken.push_back(fmt::format("{} partitions more take no writes", failed - kMostNamed));
  if (broken.empty()) return health_.set_ready();
  health_.set_not_ready(fmt::format("{}", fmt::join(broken, "; ")));
}

void Broker::measure_compaction() {
  const auto raise = [](Counter& counter, uint64_t to) { counter.add(to - counter.value()); };
  const Compactor::Totals& totals = compactor_.totals();
  raise(metrics_.compactions, totals.rounds);
  raise(metrics_.failed_compactions, totals.failures);
  raise(metrics_.compaction_read_bytes, totals.read_bytes);
  raise(metrics_.compaction_written_bytes, totals.written_bytes);
  metrics_.uncompacted_bytes.set(static_cast<double>(compactor_.dirty_bytes()));
}

}  // namespace hailstorm::broker
