#include "broker/partition/compactor.h"

#include <algorithm>
#include <chrono>
#include <random>
#include <thread>
#include <utility>

#include "broker/storage/file_names.h"
#include "common/base/logging.h"
#include "common/wire/topic_name.h"

namespace hailstorm::broker {
namespace {

storage::KeyOffsets::Secret new_secret() {
  std::random_device random;
  const auto word = [&] { return uint64_t{random()} << 32 | random(); };
  return {word(), word()};
}

std::string name_of(const Partition& partition) {
  return storage::file_names::partition_folder(partition.id().topic, partition.id().partition);
}

bool is_wanted(const Topic& topic) {
  return topic.config.is_compacted() && !wire::is_internal_topic(topic.name);
}

}  // namespace

Compactor::Compactor(TopicStore& topics, const Clock& clock, CompactorOptions options)
    : topics_(topics), clock_(clock), options_(options), secret_(new_secret()) {}

storage::CompactionLimits Compactor::limits() const {
  storage::CompactionLimits limits;
  limits.key_bytes = options_.key_bytes;
  limits.secret = secret_;
  if (options_.bytes_per_second <= 0) return limits;
  limits.pace = [rate = options_.bytes_per_second](uint64_t bytes) {
    const auto us = static_cast<int64_t>(bytes) * 1'000'000 / rate;
    std::this_thread::sleep_for(std::chrono::microseconds(us));
  };
  return limits;
}

storage::Compaction* Compactor::next_step() {
  if (is_running_) {
    if (!compaction_->has_run()) return nullptr;
    is_running_ = false;
    partition_->set_compaction(nullptr);
    take_outcome();
    topics_.run_quiet_actions();
  }
  if (compaction_ && !partition_->is_open()) end();
  if (is_stopping_) return nullptr;
  if (!compaction_) choose();
  if (!compaction_ || partition_->log().has_swap()) return nullptr;
  is_running_ = true;
  partition_->set_compaction(compaction_.get());
  return compaction_.get();
}

void Compactor::take_outcome() {
  const auto more = partition_->next_step(*compaction_);
  if (more.ok() && *more) return;
  if (more.ok()) {
    ++totals_.rounds;
  } else if (!compaction_->is_stopping()) {
    ++totals_.failures;
    not_before_ms_[name_of(*partition_)] = clock_.steady_ms() + options_.after_failure_ms;
    log_warn("a compaction failed, and is tried again later",
             {distinct_by({"partition", name_of(*partition_)}), {more.error()}});
  }
  end();
}

void Compactor::end() {
  totals_.read_bytes += compaction_->counts().read_bytes;
  totals_.written_bytes += compaction_->counts().written_bytes;
  compaction_.reset();
  partition_.reset();
}

void Compactor::stop() {
  is_stopping_ = true;
  if (is_running_) compaction_->stop();
}

void Compactor::choose() {
  const int64_t now_ms = clock_.steady_ms();
  if (now_ms < look_due_ms_) return;
  std::erase_if(not_before_ms_, [&](const auto& one) { return one.second <= now_ms; });
  uint64_t most = 0;
  std::shared_ptr<Partition> dirtiest;
  for (const auto& [name, topic] : topics_.topics()) {
    if (!is_wanted(topic)) continue;
    for (const auto& partition : topic.partitions) {
      if (!partition->is_open() || partition->failure()) continue;
      if (not_before_ms_.contains(name_of(*partition))) continue;
      const uint64_t dirty = partition->dirty_bytes();
      if (dirty > most && partition->log().wants_compaction(partition->high_watermark())) {
        most = dirty;
        dirtiest = partition;
      }
    }
  }
  if (dirtiest == nullptr || !begin(dirtiest)) look_due_ms_ = now_ms + options_.interval_ms;
}

/// False: there is no room on the disk for what a step writes aside.
bool Compactor::begin(const std::shared_ptr<Partition>& partition) {
  const auto space = topics_.space();
  const Topic* const topic = topics_.find(partition->id().topic);
  const auto aside =
      static_cast<uint64_t>(std::min(topic->config.segment_bytes, partition->size_bytes()));
  if (space.ok() && space->free_bytes < aside + options_.spare_bytes) return false;
  compaction_ = partition->begin_compaction(limits());
  if (compaction_) partition_ = partition;
  return compaction_ != nullptr;
}

uint64_t Compactor::dirty_bytes() const {
  uint64_t bytes = 0;
  for (const auto& [name, topic] : topics_.topics()) {
    if (!is_wanted(topic)) continue;
    for (const auto& partition : topic.partitions) {
      if (partition->is_open()) bytes += partition->dirty_bytes();
    }
  }
  return bytes;
}

}  // namespace hailstorm::broker
