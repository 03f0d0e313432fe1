#include "tests/bench/kafka_workloads.h"

#include <algorithm>
#include <cstring>
#include <deque>
#include <thread>
#include <vector>

#include "common/base/check.h"
#include "common/base/clock.h"
#include "common/kafka/messages/create_topics.h"
#include "common/kafka/messages/delete_topics.h"
#include "common/kafka/messages/fetch.h"
#include "common/kafka/messages/find_coordinator.h"
#include "common/kafka/messages/metadata.h"
#include "common/kafka/messages/offset_commit.h"
#include "common/kafka/messages/produce.h"
#include "common/wire/record_batch.h"
#include "tests/bench/kafka_connection.h"
#include "tests/support/await.h"

namespace hailstorm::testing {
namespace {

constexpr int64_t kCommitEvery = 1'000;
constexpr int32_t kFetchBytes = 1 << 20;
constexpr int32_t kMaxWaitMs = 500;
constexpr int kPatienceMs = 1'000;
constexpr int16_t kTopicExists = 36;
const std::string kGroup = "g0";

/// One partition's records as they are sent: numbered, one batch a flush.
class KafkaProducer {
 public:
  KafkaProducer(int port, const std::string& topic, const Workload& workload)
      : connection_(port), value_(static_cast<size_t>(workload.size), 'x') {
    request_.acks = -1;
    request_.timeout_ms = KafkaConnection::kTimeoutMs;
    request_.topic_data.emplace_back().name = topic;
    request_.topic_data[0].partition_data.emplace_back();
  }

  void send(int64_t first_number, int64_t records) {
    for (int64_t i = 0; i < records; ++i) {
      const int64_t number = first_number + i;
      std::memcpy(value_.data(), &number, sizeof number);
      const int64_t stamp_us = steady_us();
      std::memcpy(value_.data() + sizeof number, &stamp_us, sizeof stamp_us);
      builder_.append(now_ms_, std::nullopt, value_);
    }
    const auto batch = builder_.finish();
    request_.topic_data[0].partition_data[0].records = kafka::Records{batch};
    connection_.queue(request_, 8);
    unacknowledged_.push_back(records);
    connection_.flush();
  }
  /// How many records were acknowledged now; 0: none in time.
  int64_t acknowledged(int timeout_ms) {
    int64_t records = 0;
    while (const auto response =
               connection_.receive<kafka::ProduceResponse>(records > 0 ? 0 : timeout_ms)) {
      HAIL_CHECK(response->responses.at(0).partition_responses.at(0).error_code == 0);
      records += unacknowledged_.front();
      unacknowledged_.pop_front();
    }
    return records;
  }

 private:
  KafkaConnection connection_;
  kafka::ProduceRequest request_;
  wire::RecordBatchBuilder builder_;
  std::string value_;
  int64_t now_ms_ = SystemClock().wall_ms();
  std::deque<int64_t> unacknowledged_;
};

/// Commits as a client does that does not wait: one is under way, and the newest offset wins.
class KafkaCommits {
 public:
  KafkaCommits(int port, const std::string& topic) : connection_(port) {
    request_.group_id = kGroup;
    request_.topics.emplace_back().name = topic;
    request_.topics[0].partitions.emplace_back();
  }

  void commit(int64_t offset) {
    wanted_ = offset;
    settle(0);
    send();
  }
  void finish() {
    while (is_under_way_ || wanted_ > sent_) {
      settle(KafkaConnection::kTimeoutMs);
      send();
    }
  }

 private:
  void send() {
    if (is_under_way_ || wanted_ == sent_) return;
    request_.topics[0].partitions[0].committed_offset = sent_ = wanted_;
    connection_.queue(request_, 7);
    connection_.flush();
    is_under_way_ = true;
  }
  void settle(int timeout_ms) {
    if (!is_under_way_) return;
    const auto response = connection_.receive<kafka::OffsetCommitResponse>(timeout_ms);
    HAIL_CHECK(response || timeout_ms == 0);
    if (!response) return;
    HAIL_CHECK(response->topics.at(0).partitions.at(0).error_code == 0);
    is_under_way_ = false;
  }

  KafkaConnection connection_;
  kafka::OffsetCommitRequest request_;
  int64_t wanted_ = 0;
  int64_t sent_ = 0;
  bool is_under_way_ = false;
};

class KafkaConsumer {
 public:
  KafkaConsumer(int port, const std::string& topic) : connection_(port) {
    request_.max_wait_ms = kMaxWaitMs;
    request_.min_bytes = 1;
    request_.max_bytes = 50 << 20;
    request_.topics.emplace_back().topic = topic;
    request_.topics[0].partitions.emplace_back().partition_max_bytes = kFetchBytes;
    ask();
  }

  /// Shows the values of the records that come next, in order; none may come in time.
  template <class Visit>
  void poll(const Visit& visit) {
    auto response = connection_.receive<kafka::FetchResponse>(kPatienceMs);
    if (!response) return;
    HAIL_CHECK(response->error_code == 0);
    const auto& partition = response->responses.at(0).partitions.at(0);
    HAIL_CHECK(partition.error_code == 0);
    const Bytes records = partition.records ? partition.records->bytes : Bytes();
    const int64_t wanted = next_;
    for (Bytes rest = records; !rest.empty();) {
      const auto place = wire::place_of_batch(rest);
      if (!place.ok()) break;  // cut off by the broker's bound of bytes
      next_ = place->last_offset + 1;
      rest = rest.subspan(place->size_bytes);
    }
    ask();
    show(records, wanted, visit);
  }

 private:
  void ask() {
    request_.topics[0].partitions[0].fetch_offset = next_;
    connection_.queue(request_, 11);
    connection_.flush();
  }
  template <class Visit>
  void show(Bytes rest, int64_t wanted, const Visit& visit) const {
    while (!rest.empty()) {
      const auto batch = wire::RecordBatchView::parse(rest);
      if (!batch.ok()) return HAIL_CHECK(batch.error().is(wire::BatchErrc::incomplete));
      wire::RecordReader reader(*batch);
      for (wire::RecordView record; reader.next(record).value();) {
        if (record.offset >= wanted) visit(*record.value);
      }
      rest = rest.subspan(batch->size_bytes());
    }
  }

  KafkaConnection connection_;
  kafka::FetchRequest request_;
  int64_t next_ = 0;
};

/// `latencies_us`: the times from the stamp in each record's second eight bytes; null: not wanted.
void kafka_read_all(int port, const std::string& topic, const Workload& workload,
                    std::vector<int64_t>* latencies_us) {
  KafkaConsumer consumer(port, topic);
  KafkaCommits commits(port, topic);
  int64_t got = 0;
  int64_t committed = 0;
  while (got < workload.count) {
    consumer.poll([&](std::string_view value) {
      int64_t number = -1;
      HAIL_CHECK(value.size() == static_cast<size_t>(workload.size));
      std::memcpy(&number, value.data(), sizeof number);
      HAIL_CHECK(number == got);
      ++got;
      if (latencies_us == nullptr) return;
      int64_t stamp_us = 0;
      std::memcpy(&stamp_us, value.data() + sizeof number, sizeof stamp_us);
      latencies_us->push_back(steady_us() - stamp_us);
    });
    if (got - committed < kCommitEvery && got < workload.count) continue;
    commits.commit(got);
    committed = got;
  }
  commits.finish();
}

}  // namespace

void create_kafka_topic(int port, const std::string& topic, const Workload& workload) {
  KafkaConnection connection(port);
  const auto coordinated = [&] {
    kafka::FindCoordinatorRequest request;
    request.key = kGroup;
    return connection.call(request, 1).error_code == 0;
  };
  HAIL_CHECK(await(coordinated));
  kafka::DeleteTopicsRequest old;
  old.topic_names = {topic};
  old.timeout_ms = KafkaConnection::kTimeoutMs;
  connection.call(old, 1);
  kafka::CreateTopicsRequest request;
  request.timeout_ms = KafkaConnection::kTimeoutMs;
  auto& made = request.topics.emplace_back();
  made.name = topic;
  made.num_partitions = 1;
  made.replication_factor = 1;
  made.configs.push_back(
      {"flush.messages", workload.mode == "fsync" ? "1" : std::to_string(INT64_MAX)});
  const auto is_made = [&] {  // Kafka deletes in the background
    const int16_t code = connection.call(request, 2).topics.at(0).error_code;
    HAIL_CHECK(code == 0 || code == kTopicExists);
    return code == 0;
  };
  HAIL_CHECK(await(is_made));
  kafka::MetadataRequest metadata;
  metadata.topics->emplace_back().name = topic;
  const auto is_led = [&] {
    const auto response = connection.call(metadata, 1);
    const auto& partitions = response.topics.at(0).partitions;
    return partitions.size() == 1 && partitions[0].error_code == 0;
  };
  HAIL_CHECK(await(is_led));
}

void kafka_produce(int port, const std::string& topic, const Workload& workload) {
  KafkaProducer producer(port, topic, workload);
  int64_t sent = 0;
  int64_t acknowledged = 0;
  while (acknowledged < workload.count) {
    const int64_t now = std::min(workload.batch, workload.count - sent);
    const bool has_room = now > 0 && sent - acknowledged + now <= workload.window;
    if (has_room) {
      producer.send(sent, now);
      sent += now;
    }
    const int64_t records = producer.acknowledged(has_room ? 0 : KafkaConnection::kTimeoutMs);
    HAIL_CHECK(has_room || records > 0);
    acknowledged += records;
  }
}

void kafka_consume(int port, const std::string& topic, const Workload& workload) {
  kafka_read_all(port, topic, workload, nullptr);
}

Latencies kafka_latency(int port, const std::string& topic, const Workload& workload,
                        int64_t per_second) {
  std::vector<int64_t> latencies_us;
  latencies_us.reserve(static_cast<size_t>(workload.count));
  std::jthread reader([&] { kafka_read_all(port, topic, workload, &latencies_us); });
  KafkaProducer producer(port, topic, workload);
  const int64_t start_us = steady_us();
  for (int64_t i = 0; i < workload.count; ++i) {
    wait_until_us(start_us + i * 1'000'000 / per_second);
    producer.send(i, 1);
    static_cast<void>(producer.acknowledged(0));
  }
  reader.join();
  return latencies_of(std::move(latencies_us), per_second);
}

}  // namespace hailstorm::testing
