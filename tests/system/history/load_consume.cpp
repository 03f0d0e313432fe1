#include <map>

#include "tests/system/history/load.h"

namespace hailstorm::history {
namespace {

constexpr int kPollMs = 50;
constexpr int32_t kSessionMs = 800;

/// A member of the group. Thread safety: not safe.
class Member {
 public:
  Member(const LoadSettings& settings, log::Engine& engine, HistoryFile& history)
      : settings_(settings), history_(history) {
    log::ConsumerOptions options;
    options.group = settings.group;
    options.session_timeout_ms = kSessionMs;
    options.max_wait_ms = 100;
    options.max_poll_records = 200;
    consumer_ = engine.make_consumer(options);
    log::RebalanceListener listener;
    listener.assigned = [this](const auto& ids) { assigned(ids); };
    listener.revoked = [this](const auto& ids) { revoked(ids); };
    consumer_->subscribe({settings.topic}, listener);
  }

  void run(const StopSignal& stop) {
    while (!stop.requested()) {
      const auto records = consumer_->poll(kPollMs);
      if (!records.ok()) {
        if (records.error().is(log::LogErrc::fenced)) positions_.clear();
        continue;
      }
      read(*records);
      if (uncommitted_ >= settings_.committed_every || (records->empty() && uncommitted_ > 0)) {
        commit();
      }
    }
    commit();
  }

 private:
  void assigned(const std::vector<log::TopicPartition>& ids) {
    for (const log::TopicPartition& id : ids) {
      Event event;
      event.kind = Kind::assigned;
      event.who = settings_.who;
      event.group = settings_.group;
      event.partition = id.partition;
      event.end_ns = now_ns();
      history_.note(event);
    }
  }
  void revoked(const std::vector<log::TopicPartition>& ids) {
    commit();
    for (const log::TopicPartition& id : ids) positions_.erase(id);
  }

  void read(const std::vector<log::ConsumedRecord>& records) {
    std::string lines;
    Event event;
    event.kind = Kind::read;
    event.who = settings_.who;
    event.group = settings_.group;
    event.end_ns = now_ns();
    for (const log::ConsumedRecord& record : records) {
      event.partition = record.partition;
      event.offset = record.offset;
      const std::string value = record.value.value_or("");
      event.value = value.substr(0, value.find(' '));
      lines += to_line(event);
      positions_[{record.topic, record.partition}] = record.next_offset();
      ++uncommitted_;
    }
    if (!lines.empty()) history_.write(lines);
  }

  void commit() {
    if (positions_.empty()) return;
    std::vector<log::Position> positions;
    for (const auto& [id, offset] : positions_) positions.push_back({id, offset});
    Event event;
    event.kind = Kind::committed;
    event.who = settings_.who;
    event.group = settings_.group;
    event.begin_ns = now_ns();
    if (!consumer_->commit(positions).ok()) return;
    event.end_ns = now_ns();
    for (const log::Position& position : positions) {
      event.partition = position.id.partition;
      event.offset = position.offset;
      history_.note(event);
    }
    uncommitted_ = 0;
  }

  const LoadSettings& settings_;
  HistoryFile& history_;
  std::map<log::TopicPartition, int64_t> positions_;
  int64_t uncommitted_ = 0;
  std::unique_ptr<log::Consumer> consumer_;
};

}  // namespace

int consume(const LoadSettings& settings, log::Engine& engine, HistoryFile& history,
            const StopSignal& stop) {
  Member(settings, engine, history).run(stop);
  return 0;
}

int observe(const LoadSettings& settings, log::Engine& engine, HistoryFile& history,
            const StopSignal& stop) {
  const auto admin = engine.make_admin(1'000);
  while (!stop.wait_for(20)) {
    Event event;
    event.kind = Kind::saw_end;
    event.begin_ns = now_ns();
    if (const auto topics = admin->describe_topics({settings.topic}); topics.ok()) {
      event.end_ns = now_ns();
      for (const log::TopicInfo& topic : *topics) {
        for (const log::PartitionInfo& info : topic.partitions) {
          event.partition = info.partition;
          event.offset = info.high_watermark;
          history.note(event);
        }
      }
    }
    event.kind = Kind::saw_commit;
    event.group = settings.group;
    event.begin_ns = now_ns();
    if (const auto group = admin->describe_group(settings.group); group.ok()) {
      event.end_ns = now_ns();
      for (const log::GroupPartitionInfo& info : group->partitions) {
        event.partition = info.id.partition;
        event.offset = info.committed_offset;
        history.note(event);
      }
    }
  }
  return 0;
}

}  // namespace hailstorm::history
