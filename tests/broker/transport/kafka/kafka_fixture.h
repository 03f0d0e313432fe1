#pragma once

#include <gmock/gmock.h>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "broker/partition/topic_store.h"
#include "broker/server/event_loop.h"
#include "broker/transport/kafka/kafka_transport.h"
#include "broker/transport/kafka/serve.h"
#include "common/wire/record_batch.h"
#include "tests/broker/transport/kafka/kafka_peer.h"
#include "tests/support/matchers.h"
#include "tests/support/temp_folder.h"

namespace hailstorm::broker {

/// A broker's loop on a thread of its own, with a port for Kafka's clients.
class KafkaFixture : public ::testing::Test {
 protected:
  KafkaFixture() = default;
  ~KafkaFixture() override { stop(); }

  /// Before the first connect().
  void start() {
    auto opened = TopicStore::open(*files_, clock_, folder_.path().string());
    HAIL_CHECK(opened.ok());
    options_.port = 0;
    auto sockets = KafkaSockets::bind(options_, poller_, clock_, broker_metrics_);
    HAIL_CHECK(sockets.ok());
    transport_ = std::make_unique<KafkaTransport>(std::move(sockets).value(), cluster_);
    topics_ = std::move(opened).value();
    transport_->set_cluster_id(topics_->cluster_id());
    broker_options_.groups.initial_rebalance_delay_ms = 0;
    broker_ = std::make_unique<Broker>(*topics_, clock_, broker_metrics_, health_, broker_options_);
    broker_->load();
    stop_ = std::make_unique<StopSignal>();
    loop_ = std::make_unique<EventLoop>(poller_, std::vector<Transport*>{transport_.get()},
                                        *broker_, clock_);
    thread_ = std::thread([this] { loop_->run(*stop_); });
  }
  void stop() {
    if (!thread_.joinable()) return;
    stop_->request();
    thread_.join();
    HAIL_CHECK(topics_->close().ok());
  }
  /// The next connect() is to another broker in the same folder.
  void close() {
    stop();
    loop_.reset();
    broker_.reset();
    topics_.reset();
    transport_.reset();
  }
  KafkaPeer connect() {
    if (!thread_.joinable()) start();
    return KafkaPeer(transport_->port());
  }

  /// A batch with these values.
  static std::string batch(const std::vector<std::string>& values) {
    wire::RecordBatchBuilder builder;
    int64_t time_ms = kTimeMs;
    for (const auto& value : values) builder.append(time_ms++, std::nullopt, value);
    return std::string(as_text(builder.finish()));
  }
  static constexpr int64_t kTimeMs = 1'700'000'000'000;

  /// Of one batch for one partition. `bytes` must remain live while it is in use.
  static kafka::ProduceRequest produce_request(const std::string& topic, const std::string& bytes,
                                               int16_t acks = -1, int32_t partition = 0) {
    kafka::ProduceRequest request;
    request.acks = acks;
    auto& data = request.topic_data.emplace_back();
    data.name = topic;
    data.partition_data.push_back({partition, kafka::Records{as_bytes(bytes)}});
    return request;
  }
  static kafka::ProduceResponse::PartitionProduceResponse produced(KafkaPeer& peer,
                                                                   const std::string& topic,
                                                                   const std::string& bytes,
                                                                   int32_t partition = 0) {
    return peer.ask(produce_request(topic, bytes, -1, partition), 9)
        .responses.at(0)
        .partition_responses.at(0);
  }
  static kafka::CreateTopicsResponse create(KafkaPeer& peer, const std::string& topic,
                                            int32_t partitions = 1) {
    kafka::CreateTopicsRequest request;
    request.topics.push_back({topic, partitions, 1, {}, {}});
    return peer.ask(request, 7);
  }
  static kafka::FetchRequest fetch_request(const std::string& topic, int64_t offset,
                                           int32_t max_wait_ms = 0) {
    kafka::FetchRequest request;
    request.max_wait_ms = max_wait_ms;
    request.min_bytes = 1;
    request.max_bytes = 1 << 20;
    auto& wanted = request.topics.emplace_back();
    wanted.topic = topic;
    auto& partition = wanted.partitions.emplace_back();
    partition.fetch_offset = offset;
    partition.partition_max_bytes = 1 << 20;
    return request;
  }
  static std::vector<std::string> values_of(const kafka::Records& records) {
    std::vector<std::string> values;
    for (Bytes rest = records.bytes; !rest.empty();) {
      const auto view = wire::RecordBatchView::parse(rest);
      HAIL_CHECK(view.ok());
      wire::RecordReader reader(*view);
      wire::RecordView record;
      while (reader.next(record).value()) values.emplace_back(record.value.value_or(""));
      rest = rest.subspan(view->size_bytes());
    }
    return values;
  }

  testing::TempFolder folder_;
  const SystemClock clock_;
  const std::unique_ptr<storage::FileSystem> files_ = storage::make_posix_file_system();
  Metrics metrics_;
  BrokerMetrics broker_metrics_{metrics_};
  Health health_;
  Poller poller_;
  KafkaOptions options_;
  KafkaCluster cluster_;
  BrokerOptions broker_options_;
  std::unique_ptr<KafkaTransport> transport_;
  std::unique_ptr<TopicStore> topics_;
  std::unique_ptr<Broker> broker_;
  std::unique_ptr<StopSignal> stop_;
  std::unique_ptr<EventLoop> loop_;
  std::thread thread_;
};

}  // namespace hailstorm::broker
