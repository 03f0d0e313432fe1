#pragma once

#include <gtest/gtest.h>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "broker/api/broker.h"
#include "broker/transport/zmq/zmq_codec.h"
#include "common/wire/record_batch.h"
#include "tests/support/fake_clock.h"
#include "tests/support/faulty_file_system.h"
#include "tests/support/matchers.h"
#include "tests/support/run_program.h"
#include "tests/support/temp_folder.h"

namespace hailstorm::broker {

/// Keeps every answer. Thread safety: not safe.
class RecordedReplies final : public ZmqMessageSink {
 public:
  struct Recorded {
    SessionId session;
    wire::DecodedHeader header;
    ZmqMessage reply;
  };
  void send(SessionId session, ZmqMessage message) override {
    Recorded recorded{session, {}, std::move(message)};
    const auto header = wire::decode_header(recorded.reply.head);
    if (header.ok()) recorded.header = *header;
    order.push_back(wire::peek_header(recorded.reply.head).value().correlation_id);
    by_id.insert_or_assign(order.back(), std::move(recorded));
  }
  [[nodiscard]] int64_t credit_bytes(SessionId session) const override {
    return session == broke_session ? 0 : credit;
  }

  std::map<uint64_t, Recorded> by_id;
  std::vector<uint64_t> order;  // correlation ids as they were answered
  SessionId broke_session = 0;  // of nobody
  int64_t credit = INT64_MAX;
};

inline constexpr SessionId kSession = 1;
inline constexpr SessionId kOtherSession = 2;

/// A broker without network, threads or time of its own: the test is all three.
class BrokerFixture : public ::testing::Test {
 protected:
  BrokerFixture() { open(); }
  ~BrokerFixture() override { kill(); }

  void open(BrokerOptions options = {}) {
    auto opened = TopicStore::open(*files_, clock_, folder_.path().string());
    HAIL_CHECK(opened.ok());
    topics_ = std::move(opened).value();
    codec_ = std::make_unique<ZmqCodec>(replies_, broker_metrics_);
    broker_ = std::make_unique<Broker>(*topics_, clock_, broker_metrics_, health_, options);
    broker_->load();
  }

  void restart(BrokerOptions options = {}) {
    run(broker_->shut_down());
    EXPECT_OK(topics_->close());
    reopen(options);
  }
  /// As SIGKILL does: what is unanswered stays so.
  void kill() {
    codec_->close();
    broker_.reset();
    topics_.reset();
  }
  void reopen(BrokerOptions options = {}) {
    kill();
    open(options);
  }

  /// From now on the data lies in memory, on a disk that fails on demand.
  testing::FaultyFileSystem& reopen_on_a_faulty_disk() {
    kill();
    auto disk = std::make_unique<testing::FaultyFileSystem>();
    auto& faulty = *disk;
    files_ = std::move(disk);
    open();
    return faulty;
  }

  /// Sends a request and gives its correlation id.
  template <class Request>
  uint64_t send(wire::Api api, const Request& request, std::vector<uint8_t> batch = {},
                SessionId session = kSession) {
    const uint64_t id = ++last_id_;
    std::vector<uint8_t> head = wire::encode(wire::FrameHeader{api, id}, request);
    std::vector<MutableBytes> frames{head};
    if (!batch.empty()) frames.emplace_back(batch);
    codec_->handle(*broker_, session, frames);
    return id;
  }

  /// The answer, or nothing while there is none.
  template <class Reply>
  std::optional<Reply> reply(uint64_t id) {
    const auto found = replies_.by_id.find(id);
    if (found == replies_.by_id.end()) return std::nullopt;
    auto decoded = wire::decode<Reply>(found->second.header.body);
    EXPECT_OK(decoded);
    return std::move(decoded).value();
  }
  template <class Reply>
  wire::ErrorCode code(uint64_t id) {
    const auto answer = reply<Reply>(id);
    return answer ? answer->outcome.code : wire::ErrorCode::unknown_outcome;
  }
  bool answered(uint64_t id) { return replies_.by_id.contains(id); }

  /// The end of a burst with a disk that is done at once.
  void sync() { run(broker_->end_burst()); }
  void run(std::vector<Partition*> syncing) {
    while (!syncing.empty()) {
      for (Partition* partition : syncing) {
        partition->run_sync();
        broker_->finish_sync(*partition);
      }
      syncing = broker_->end_burst();
    }
  }

  void create(const std::string& name, int32_t partitions = 1, wire::TopicConfig config = {}) {
    config.partitions = partitions;
    const auto id = send(wire::Api::create_topic, wire::CreateTopicRequest{name, config});
    ASSERT_EQ(code<wire::CreateTopicReply>(id), wire::ErrorCode::none);
  }

  static std::vector<uint8_t> batch(const std::vector<std::string>& values, int64_t producer = -1,
                                    int16_t epoch = -1, int32_t sequence = -1) {
    wire::RecordBatchBuilder builder;
    builder.set_producer(producer, epoch, sequence);
    for (const std::string& value : values) builder.append(1'000, std::nullopt, value);
    return builder.finish();
  }
  uint64_t produce(const std::string& topic, std::vector<uint8_t> bytes,
                   wire::Acks acks = wire::Acks::all, SessionId session = kSession) {
    return send(wire::Api::produce, wire::ProduceRequest{topic, 0, acks}, std::move(bytes), session);
  }

  /// So many records in one batch: as far as a reader may commit.
  void produce_many(const std::string& topic, size_t records) {
    const auto id = produce(topic, batch(std::vector<std::string>(records, "x")));
    sync();
    ASSERT_EQ(code<wire::ProduceReply>(id), wire::ErrorCode::none);
  }

  /// Of the member m1 of the group payment, which reads rides.
  wire::GroupHeartbeatReply heartbeat(int32_t epoch, std::vector<wire::TopicPartition> owned = {}) {
    wire::GroupHeartbeatRequest request;
    request.group = "payment";
    request.member_id = "m1";
    request.member_epoch = epoch;
    request.topics = {"rides"};
    request.owned = std::move(owned);
    const auto id = send(wire::Api::group_heartbeat, request);
    sync();
    return reply<wire::GroupHeartbeatReply>(id).value_or(wire::GroupHeartbeatReply{});
  }
  uint64_t commit(int32_t epoch, int64_t offset, const std::string& member = "m1") {
    wire::OffsetCommitRequest request;
    request.group = "payment";
    request.member_id = member;
    request.member_epoch = epoch;
    request.offsets.emplace_back();
    request.offsets.back().id = {"rides", 0};
    request.offsets.back().offset = offset;
    return send(wire::Api::offset_commit, request);
  }
  int64_t committed(const std::string& group = "payment") {
    const auto id = send(wire::Api::offset_fetch, wire::OffsetFetchRequest{group, {{"rides", 0}}});
    const auto answer = reply<wire::OffsetFetchReply>(id);
    return answer && answer->offsets.size() == 1 ? answer->offsets[0].offset : -2;
  }

  uint64_t fetch(const std::string& topic, int64_t offset, int32_t wait_ms = 500,
                 int32_t min_bytes = 1, SessionId session = kSession) {
    wire::FetchRequest request;
    request.partitions.push_back({{topic, 0}, offset, 1 << 20});
    request.max_wait_ms = wait_ms;
    request.min_bytes = min_bytes;
    return send(wire::Api::fetch, request, {}, session);
  }
  /// The values that a fetch brought, in order.
  std::vector<std::string> values(uint64_t fetch_id) {
    std::vector<std::string> out;
    for (const storage::StoredBytes& data : replies_.by_id.at(fetch_id).reply.data) {
      Bytes rest = data.bytes;
      while (!rest.empty()) {
        const auto parsed = wire::RecordBatchView::parse(rest);
        EXPECT_OK(parsed);
        wire::RecordReader reader(*parsed);
        wire::RecordView record;
        while (*reader.next(record)) out.emplace_back(record.value.value_or(""));
        rest = rest.subspan(parsed->size_bytes());
      }
    }
    return out;
  }

  testing::TempFolder folder_;
  testing::FakeClock clock_;
  std::unique_ptr<storage::FileSystem> files_ = storage::make_posix_file_system();
  Metrics metrics_;
  BrokerMetrics broker_metrics_{metrics_};
  Health health_;
  RecordedReplies replies_;
  std::unique_ptr<ZmqCodec> codec_;  // outlives the broker
  std::unique_ptr<TopicStore> topics_;
  std::unique_ptr<Broker> broker_;
  uint64_t last_id_ = 0;
};

}  // namespace hailstorm::broker
