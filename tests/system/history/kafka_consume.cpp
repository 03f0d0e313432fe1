#include <algorithm>
#include <map>
#include <string>

#include "tests/system/history/kafka_load.h"
#include "tests/system/history/rdkafka_client.h"

namespace hailstorm::history {
namespace {

constexpr int kPollMs = 50;
constexpr int kAskMs = 1'000;

RdKafkaSettings member_settings(const LoadSettings& settings) {
  RdKafkaSettings options(settings.url);
  options.set("group.id", settings.group).set("auto.offset.reset", "earliest");
  options.set("enable.auto.commit", "false").set("enable.auto.offset.store", "false");
  options.set("session.timeout.ms", "800").set("heartbeat.interval.ms", "200");
  options.set("fetch.wait.max.ms", "100");
  return options;
}

/// A member of the group. Thread safety: not safe.
class KafkaMember {
 public:
  KafkaMember(const LoadSettings& settings, HistoryFile& history)
      : settings_(settings), history_(history) {
    RdKafkaSettings options = member_settings(settings);
    rd_kafka_conf_set_rebalance_cb(
        options.callbacks(this),
        [](rd_kafka_t*, rd_kafka_resp_err_t what, rd_kafka_topic_partition_list_t* partitions,
           void* self) { static_cast<KafkaMember*>(self)->rebalanced(what, *partitions); });
    client_ = options.make(RD_KAFKA_CONSUMER);
    rd_kafka_poll_set_consumer(client_.get());
    const RdKafkaPartitions topics(rd_kafka_topic_partition_list_new(1));
    rd_kafka_topic_partition_list_add(topics.get(), settings.topic.c_str(), RD_KAFKA_PARTITION_UA);
    rd_kafka_subscribe(client_.get(), topics.get());
  }

  void run(const StopSignal& stop) {
    while (!stop.requested()) {
      const RdKafkaMessage message(rd_kafka_consumer_poll(client_.get(), kPollMs));
      const bool is_record = message != nullptr && message->err == RD_KAFKA_RESP_ERR_NO_ERROR;
      if (is_record) read(*message);
      const bool is_idle = message == nullptr && uncommitted_ > 0;
      if (uncommitted_ >= settings_.committed_every || is_idle) commit();
    }
    commit();
    rd_kafka_consumer_close(client_.get());
  }

 private:
  void rebalanced(rd_kafka_resp_err_t what, const rd_kafka_topic_partition_list_t& partitions) {
    if (what != RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
      commit();
      positions_.clear();
      rd_kafka_assign(client_.get(), nullptr);
      return;
    }
    for (int i = 0; i < partitions.cnt; ++i) {
      Event event;
      event.kind = Kind::assigned;
      event.who = settings_.who;
      event.group = settings_.group;
      event.partition = partitions.elems[i].partition;
      event.end_ns = now_ns();
      history_.note(event);
    }
    rd_kafka_assign(client_.get(), &partitions);
  }

  void read(const rd_kafka_message_t& message) {
    Event event;
    event.kind = Kind::read;
    event.who = settings_.who;
    event.group = settings_.group;
    event.end_ns = now_ns();
    event.partition = message.partition;
    event.offset = message.offset;
    const std::string value(static_cast<const char*>(message.payload), message.len);
    event.value = value.substr(0, value.find(' '));
    history_.note(event);
    positions_[message.partition] = message.offset + 1;
    ++uncommitted_;
  }

  void commit() {
    if (uncommitted_ == 0 || positions_.empty()) return;
    const RdKafkaPartitions offsets(
        rd_kafka_topic_partition_list_new(static_cast<int>(positions_.size())));
    for (const auto& [partition, offset] : positions_) {
      rd_kafka_topic_partition_list_add(offsets.get(), settings_.topic.c_str(), partition)->offset =
          offset;
    }
    Event event;
    event.kind = Kind::committed;
    event.who = settings_.who;
    event.group = settings_.group;
    event.begin_ns = now_ns();
    if (rd_kafka_commit(client_.get(), offsets.get(), 0) != RD_KAFKA_RESP_ERR_NO_ERROR) return;
    event.end_ns = now_ns();
    for (int i = 0; i < offsets->cnt; ++i) {
      if (offsets->elems[i].err != RD_KAFKA_RESP_ERR_NO_ERROR) continue;
      event.partition = offsets->elems[i].partition;
      event.offset = positions_[event.partition];
      history_.note(event);
    }
    uncommitted_ = 0;
  }

  const LoadSettings& settings_;
  HistoryFile& history_;
  std::map<int32_t, int64_t> positions_;
  int64_t uncommitted_ = 0;
  RdKafkaClient client_;
};

/// All partitions of the topic; empty: they are not known yet.
RdKafkaPartitions partitions_of(rd_kafka_t* client, const std::string& topic) {
  RdKafkaPartitions partitions(rd_kafka_topic_partition_list_new(1));
  const rd_kafka_metadata_t* metadata = nullptr;
  if (rd_kafka_metadata(client, 1, nullptr, &metadata, kAskMs) != RD_KAFKA_RESP_ERR_NO_ERROR)
    return partitions;
  for (int t = 0; t < metadata->topic_cnt; ++t) {
    if (metadata->topics[t].topic != topic) continue;
    rd_kafka_topic_partition_list_add_range(partitions.get(), topic.c_str(), 0,
                                            metadata->topics[t].partition_cnt - 1);
  }
  rd_kafka_metadata_destroy(metadata);
  return partitions;
}

}  // namespace

int consume_over_kafka(const LoadSettings& settings, HistoryFile& history, const StopSignal& stop) {
  KafkaMember(settings, history).run(stop);
  return 0;
}

int observe_over_kafka(const LoadSettings& settings, HistoryFile& history, const StopSignal& stop) {
  const RdKafkaClient client = member_settings(settings).make(RD_KAFKA_CONSUMER);
  while (!stop.wait_for(20)) {
    const RdKafkaPartitions partitions = partitions_of(client.get(), settings.topic);
    Event event;
    for (int i = 0; i < partitions->cnt; ++i) {
      event.kind = Kind::saw_end;
      event.partition = partitions->elems[i].partition;
      event.begin_ns = now_ns();
      int64_t start = 0;
      const auto outcome = rd_kafka_query_watermark_offsets(
          client.get(), settings.topic.c_str(), event.partition, &start, &event.offset, kAskMs);
      event.end_ns = now_ns();
      if (outcome == RD_KAFKA_RESP_ERR_NO_ERROR) history.note(event);
    }
    event.kind = Kind::saw_commit;
    event.group = settings.group;
    event.begin_ns = now_ns();
    if (rd_kafka_committed(client.get(), partitions.get(), kAskMs) != RD_KAFKA_RESP_ERR_NO_ERROR)
      continue;
    event.end_ns = now_ns();
    for (int i = 0; i < partitions->cnt; ++i) {
      if (partitions->elems[i].err != RD_KAFKA_RESP_ERR_NO_ERROR) continue;
      event.partition = partitions->elems[i].partition;
      event.offset = std::max<int64_t>(partitions->elems[i].offset, -1);
      history.note(event);
    }
  }
  return 0;
}

}  // namespace hailstorm::history
