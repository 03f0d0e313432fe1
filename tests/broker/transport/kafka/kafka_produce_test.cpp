#include "tests/broker/transport/kafka/kafka_fixture.h"
#include "tests/support/await.h"

namespace hailstorm::broker {
namespace {

class KafkaProduceTest : public KafkaFixture {
 protected:
  /// How many records the partition has.
  static int64_t end_of(KafkaPeer& peer, const std::string& topic) {
    kafka::ListOffsetsRequest request;
    request.topics.push_back({topic, {{0, -1, -1}}});
    return peer.ask(request, 5).topics.at(0).partitions.at(0).offset;
  }
};

TEST_F(KafkaProduceTest, SeveralPartitionsInOneRequestAreAnsweredEachForItself) {
  KafkaPeer peer = connect();
  create(peer, "rides", 2);
  const std::string first = batch({"one", "two"});
  const std::string second = batch({"three"});
  kafka::ProduceRequest request = produce_request("rides", first);
  request.topic_data[0].partition_data.push_back({1, kafka::Records{as_bytes(second)}});
  request.topic_data[0].partition_data.push_back({2, kafka::Records{as_bytes(second)}});
  request.topic_data.push_back({"unknown", {}, {{0, kafka::Records{as_bytes(second)}}}});
  for (int64_t times = 0; times < 2; ++times) {
    const auto response = peer.ask(request, 8);
    ASSERT_EQ(response.responses.size(), 2u);
    const auto& rides = response.responses[0].partition_responses;
    ASSERT_EQ(rides.size(), 3u);
    EXPECT_EQ(rides[0].base_offset, 2 * times);
    EXPECT_EQ(rides[1].base_offset, times);
    EXPECT_EQ(rides[2].error_code, 3);
    EXPECT_EQ(rides[2].base_offset, -1);
    EXPECT_FALSE(rides[2].error_message->empty());
    EXPECT_EQ(response.responses[1].partition_responses.at(0).error_code, 3);
  }
}

TEST_F(KafkaProduceTest, AcksZeroHaveNoResponse) {
  KafkaPeer peer = connect();
  create(peer, "rides");
  const std::string bytes = batch({"one"});
  peer.send(produce_request("rides", bytes, 0), 7);
  // Each response is to the next request; the record is there as soon as the disk has it.
  EXPECT_TRUE(hailstorm::testing::await([&] { return end_of(peer, "rides") == 1; }));
}

TEST_F(KafkaProduceTest, AcksZeroThatFailEndTheConnection) {
  KafkaPeer peer = connect();
  const std::string bytes = batch({"one"});
  peer.send(produce_request("unknown", bytes, 0), 7);
  EXPECT_TRUE(peer.is_closed());
}

TEST_F(KafkaProduceTest, WhatIsNoBatchIsRefusedByItsNumber) {
  KafkaPeer peer = connect();
  create(peer, "rides");
  const std::string good = batch({"one"});
  std::string old_magic = good;
  old_magic[16] = 1;
  std::string bad_crc = good;
  bad_crc.back() = static_cast<char>(bad_crc.back() ^ 1);
  const std::string two = good + good;
  EXPECT_EQ(produced(peer, "rides", old_magic).error_code, 87);
  EXPECT_EQ(produced(peer, "rides", bad_crc).error_code, 2);
  EXPECT_NE(produced(peer, "rides", two).error_code, 0) << "a request has one batch a partition";
  EXPECT_EQ(produced(peer, "rides", "").error_code, 87);
  EXPECT_EQ(peer.ask(produce_request("rides", good, 2), 9)
                .responses.at(0)
                .partition_responses.at(0)
                .error_code,
            21);
  EXPECT_EQ(end_of(peer, "rides"), 0);
  EXPECT_EQ(produced(peer, "rides", good).error_code, 0);
}

TEST_F(KafkaProduceTest, ARecordWithoutATimeIsTakenAndFoundByNone) {
  KafkaPeer peer = connect();
  create(peer, "rides");
  wire::RecordBatchBuilder builder;
  builder.append(-1, std::nullopt, "one");
  const std::string bytes(as_text(builder.finish()));
  EXPECT_EQ(produced(peer, "rides", bytes).error_code, 0);
  std::string of_librdkafka = bytes;  // which begins at 0 to look for the youngest
  wire::stamp_max_timestamp({reinterpret_cast<uint8_t*>(of_librdkafka.data()), bytes.size()}, 0);
  EXPECT_EQ(produced(peer, "rides", of_librdkafka).error_code, 0);
  kafka::ListOffsetsRequest request;
  for (const int64_t timestamp : {int64_t{0}, int64_t{-3}}) {
    request.topics = {{"rides", {{0, -1, timestamp}}}};
    const auto listed = peer.ask(request, 7).topics.at(0).partitions.at(0);
    EXPECT_EQ(listed.error_code, 0) << timestamp;
    EXPECT_EQ(listed.offset, -1) << timestamp;
  }
}

TEST_F(KafkaProduceTest, RecordsWithoutAKeyAreNamedWhereTheTopicIsCompacted) {
  KafkaPeer peer = connect();
  kafka::CreateTopicsRequest create;
  create.topics.push_back({"rides", 1, 1, {}, {{"cleanup.policy", "compact"}}});
  ASSERT_EQ(peer.ask(create, 7).topics.at(0).error_code, 0);
  wire::RecordBatchBuilder builder;
  builder.append(kTimeMs, "key", "one");
  builder.append(kTimeMs, std::nullopt, "two");
  const auto answer = produced(peer, "rides", std::string(as_text(builder.finish())));
  EXPECT_EQ(answer.error_code, 87);
  ASSERT_EQ(answer.record_errors.size(), 1u);
  EXPECT_EQ(answer.record_errors[0].batch_index, 1);
  EXPECT_NE(answer.record_errors[0].batch_index_error_message, std::nullopt);
}

TEST_F(KafkaProduceTest, ATopicMayBeNamedByItsId) {
  KafkaPeer peer = connect();
  const Uuid id = create(peer, "rides").topics.at(0).topic_id;
  const std::string bytes = batch({"one"});
  kafka::ProduceRequest request = produce_request("", bytes);
  request.topic_data[0].topic_id = id;
  EXPECT_EQ(peer.ask(request, 13).responses.at(0).partition_responses.at(0).error_code, 0);
  request.topic_data[0].topic_id.bytes[0] ^= 1;
  EXPECT_EQ(peer.ask(request, 13).responses.at(0).partition_responses.at(0).error_code, 100);
}

TEST_F(KafkaProduceTest, AnIdempotentBatchThatIsSentAgainKeepsItsOffset) {
  KafkaPeer peer = connect();
  create(peer, "rides");
  wire::RecordBatchBuilder builder;
  builder.append(kTimeMs, std::nullopt, "one");
  builder.set_producer(0, 0, 0);
  const std::string bytes(as_text(builder.finish()));
  EXPECT_EQ(produced(peer, "rides", bytes).base_offset, 0);
  EXPECT_EQ(produced(peer, "rides", bytes).base_offset, 0);
  EXPECT_EQ(end_of(peer, "rides"), 1);
}

}  // namespace
}  // namespace hailstorm::broker
