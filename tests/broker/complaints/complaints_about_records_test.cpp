#include <chrono>

#include "common/wire/crc32c.h"
#include "common/wire/record_batch_format.h"
#include "tests/broker/transport/kafka/kafka_fixture.h"

namespace hailstorm::broker {
namespace {

using ::testing::ElementsAre;

/// What users of other brokers ran into with records and offsets; the number before a test is the
/// complaint's.
class RecordComplaintTest : public KafkaFixture {
 protected:
  static kafka::ListOffsetsResponse::PartitionResponse listed(KafkaPeer& peer, int64_t timestamp,
                                                              int16_t version = 7) {
    kafka::ListOffsetsRequest request;
    request.topics.push_back({"rides", {{0, -1, timestamp}}});
    return peer.ask(request, version).topics.at(0).partitions.at(0);
  }
  static kafka::FetchResponse::PartitionData fetched(KafkaPeer& peer,
                                                     const kafka::FetchRequest& request,
                                                     int16_t version) {
    return peer.ask(request, version).responses.at(0).partitions.at(0);
  }
  static std::string sequenced(int64_t producer, int16_t epoch, int32_t sequence) {
    wire::RecordBatchBuilder builder;
    builder.append(kTimeMs, std::nullopt, "one");
    builder.set_producer(producer, epoch, sequence);
    return std::string(as_text(builder.finish()));
  }
};

// 7: redpanda 17829.
TEST_F(RecordComplaintTest, TheYoungestRecordIsFoundWhereverItStands) {
  KafkaPeer peer = connect();
  create(peer, "rides");
  wire::RecordBatchBuilder builder;
  builder.append(kTimeMs + 5, std::nullopt, "youngest");
  builder.append(kTimeMs, std::nullopt, "last");
  produced(peer, "rides", std::string(as_text(builder.finish())));
  for (const int16_t version : std::vector<int16_t>{7, 8, 11}) {
    EXPECT_EQ(listed(peer, -3, version).offset, 0);
    EXPECT_EQ(listed(peer, -3, version).timestamp, kTimeMs + 5);
  }
}

// 8: redpanda 4308.
TEST_F(RecordComplaintTest, ATimeAfterAllRecordsHasNoOffset) {
  KafkaPeer peer = connect();
  create(peer, "rides");
  produced(peer, "rides", batch({"one"}));
  for (const int16_t version : std::vector<int16_t>{1, 4, 7}) {
    EXPECT_EQ(listed(peer, kTimeMs + 1, version).offset, -1);
    EXPECT_EQ(listed(peer, kTimeMs + 1, version).timestamp, -1);
  }
}

// 9: redpanda 25769, 27529. Some clients leave the field as it is.
TEST_F(RecordComplaintTest, ABatchWithoutItsYoungestTimeGetsIt) {
  namespace format = wire::batch_format;
  KafkaPeer peer = connect();
  create(peer, "rides");
  std::string bytes = batch({"one", "two"});
  auto* const at = reinterpret_cast<uint8_t*>(bytes.data());
  put_be(at + format::kMaxTimestamp, int64_t{-1});
  put_be(at + format::kCrc, wire::crc32c(as_bytes(bytes).subspan(format::kAttributes)));
  EXPECT_EQ(produced(peer, "rides", bytes).error_code, 0);
  EXPECT_EQ(listed(peer, kTimeMs + 1).offset, 1);
  EXPECT_EQ(listed(peer, -3).timestamp, kTimeMs + 1);
  const auto records = fetched(peer, fetch_request("rides", 0), 11).records;
  EXPECT_THAT(values_of(*records), ElementsAre("one", "two")) << "with a checksum that is right";
}

// 19: redpanda 1123, 1115. 20: sarama 1644, platformatic 315.
TEST_F(RecordComplaintTest, AFetchWithNothingToReadWaitsWithASessionOrWithout) {
  KafkaPeer peer = connect();
  create(peer, "rides");
  auto request = fetch_request("rides", 0);
  request.session_epoch = 0;  // asks for a session
  const auto first = peer.ask(request, 11);
  request.max_wait_ms = 300;
  request.session_id = first.session_id;
  request.session_epoch = first.session_id == 0 ? 0 : 1;
  if (first.session_id != 0) request.topics.clear();
  const auto began = std::chrono::steady_clock::now();
  EXPECT_EQ(peer.ask(request, 11).error_code, 0);
  EXPECT_GE(std::chrono::steady_clock::now() - began, std::chrono::milliseconds(290));
}

// 20: sarama 1644, platformatic 315. Kafka keeps 1,000 of them.
TEST_F(RecordComplaintTest, AClientThatOpensASessionWithEachFetchIsServedAndCostsNoMore) {
  KafkaPeer peer = connect();
  create(peer, "rides");
  auto request = fetch_request("rides", 0);
  request.session_epoch = 0;
  const int32_t oldest = peer.ask(request, 11).session_id;
  for (int i = 0; i < 1'500; ++i) ASSERT_EQ(peer.ask(request, 11).error_code, 0);
  request.session_id = oldest == 0 ? 1 : oldest;
  request.session_epoch = 1;
  EXPECT_EQ(peer.ask(request, 11).error_code, 70) << "it was given up for the others";
}

// 21: redpanda 4029, 7975, 4261.
TEST_F(RecordComplaintTest, SequencesAreCheckedAndTransactionsAreRefusedAtOnce) {
  KafkaPeer peer = connect();
  create(peer, "rides");
  EXPECT_EQ(produced(peer, "rides", sequenced(7, 1, 0)).error_code, 0);
  EXPECT_EQ(produced(peer, "rides", sequenced(7, 1, 2)).error_code, 45);
  EXPECT_EQ(produced(peer, "rides", sequenced(7, 0, 1)).error_code, 47);
  EXPECT_EQ(produced(peer, "rides", sequenced(7, 1, 1)).error_code, 0);

  kafka::InitProducerIdRequest init;
  init.transactional_id = "mine";
  EXPECT_NE(peer.ask(init, 4).error_code, 0);
  kafka::FindCoordinatorRequest find;
  find.key = "mine";
  find.key_type = 1;
  EXPECT_NE(peer.ask(find, 3).error_code, 0);
  const std::string bytes = batch({"one"});
  auto produce = produce_request("rides", bytes);
  produce.transactional_id = "mine";
  EXPECT_NE(peer.ask(produce, 9).responses.at(0).partition_responses.at(0).error_code, 0);
}

// 26: franz-go 295.
TEST_F(RecordComplaintTest, EveryTopicHasAnIdAndNoneIsFoundByAnIdOfZeros) {
  KafkaPeer peer = connect();
  create(peer, "rides");
  kafka::MetadataRequest all;
  all.topics.reset();
  const auto response = peer.ask(all, 12);
  for (const auto& topic : response.topics) EXPECT_FALSE(topic.topic_id.is_zero());
  EXPECT_EQ(fetched(peer, fetch_request("rides", 0), 13).error_code, 100);
}

// 27: inkless 265.
TEST_F(RecordComplaintTest, TheSameRecordsAreReadByNameAndById) {
  KafkaPeer peer = connect();
  const Uuid id = create(peer, "rides").topics.at(0).topic_id;
  produced(peer, "rides", batch({"one"}));
  auto by_id = fetch_request("", 0);
  by_id.topics[0].topic_id = id;
  EXPECT_THAT(values_of(*fetched(peer, fetch_request("rides", 0), 12).records), ElementsAre("one"));
  EXPECT_THAT(values_of(*fetched(peer, by_id, 13).records), ElementsAre("one"));
}

// 33: nisshi.
TEST_F(RecordComplaintTest, AFetchFromTheMiddleOfABatchHasTheBatch) {
  KafkaPeer peer = connect();
  create(peer, "rides");
  produced(peer, "rides", batch({"one", "two", "three"}));
  for (int64_t offset = 0; offset < 3; ++offset) {
    const auto records = fetched(peer, fetch_request("rides", offset), 11).records;
    EXPECT_THAT(values_of(*records), ElementsAre("one", "two", "three")) << offset;
  }
}

// 33: nisshi.
TEST_F(RecordComplaintTest, ABatchAboveTheTopicsLimitIsRefusedAsTooLarge) {
  KafkaPeer peer = connect();
  kafka::CreateTopicsRequest request;
  request.topics.push_back({"rides", 1, 1, {}, {{"max.message.bytes", "2000"}}});
  ASSERT_EQ(peer.ask(request, 7).topics.at(0).error_code, 0);
  EXPECT_EQ(produced(peer, "rides", batch({std::string(1'000, 'x')})).error_code, 0);
  EXPECT_EQ(produced(peer, "rides", batch({std::string(3'000, 'x')})).error_code, 10);
}

}  // namespace
}  // namespace hailstorm::broker
