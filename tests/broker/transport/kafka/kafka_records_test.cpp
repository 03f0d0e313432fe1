#include <algorithm>

#include "tests/broker/transport/kafka/kafka_fixture.h"

namespace hailstorm::broker {
namespace {

/// Records deleted up to an offset, and what else the administration tools ask about the log.
class KafkaRecordsTest : public KafkaFixture {
 protected:
  static kafka::DeleteRecordsResponse::PartitionResult delete_records(KafkaPeer& peer,
                                                                      const std::string& topic,
                                                                      int64_t offset,
                                                                      int16_t version = 2) {
    kafka::DeleteRecordsRequest request;
    request.topics.push_back({topic, {{0, offset}}});
    return peer.ask(request, version).topics.at(0).partitions.at(0);
  }
  static int64_t offset_at(KafkaPeer& peer, const std::string& topic, int64_t timestamp) {
    kafka::ListOffsetsRequest request;
    auto& partition = request.topics.emplace_back(kafka::ListOffsetsRequest::Topic{topic, {}})
                          .partitions.emplace_back();
    partition.timestamp = timestamp;
    return peer.ask(request, 8).topics.at(0).partitions.at(0).offset;
  }
  static kafka::FetchResponse::PartitionData fetched(KafkaPeer& peer, const std::string& topic,
                                                     int64_t offset) {
    return peer.ask(fetch_request(topic, offset), 12).responses.at(0).partitions.at(0);
  }
};

TEST_F(KafkaRecordsTest, TheLogBeginsAtTheRecordThatTheRequestNames) {
  KafkaPeer peer = connect();
  create(peer, "rides");
  produced(peer, "rides", batch({"a", "b", "c"}));
  produced(peer, "rides", batch({"d"}));
  const auto deleted = delete_records(peer, "rides", 2);
  EXPECT_EQ(deleted.error_code, 0);
  EXPECT_EQ(deleted.low_watermark, 2);
  EXPECT_EQ(offset_at(peer, "rides", -2), 2);
  EXPECT_EQ(offset_at(peer, "rides", -4), 2);
  EXPECT_EQ(offset_at(peer, "rides", 0), 2);
  EXPECT_EQ(fetched(peer, "rides", 1).error_code, 1);
  const auto found = fetched(peer, "rides", 2);
  EXPECT_EQ(found.error_code, 0);
  EXPECT_EQ(found.log_start_offset, 2);
  close();
  KafkaPeer again = connect();
  EXPECT_EQ(offset_at(again, "rides", -2), 2);
  EXPECT_EQ(fetched(again, "rides", 1).error_code, 1);
}

TEST_F(KafkaRecordsTest, TheHighWatermarkIsTheFurthestAndAnOlderStartChangesNothing) {
  KafkaPeer peer = connect();
  create(peer, "rides");
  produced(peer, "rides", batch({"a", "b", "c"}));
  EXPECT_EQ(delete_records(peer, "rides", 4).error_code, 1);
  EXPECT_EQ(delete_records(peer, "rides", -2).error_code, 1);
  EXPECT_EQ(delete_records(peer, "rides", -1, 0).low_watermark, 3);
  EXPECT_EQ(delete_records(peer, "rides", 1, 1).low_watermark, 3);
  EXPECT_EQ(produced(peer, "rides", batch({"d"})).base_offset, 3);
  EXPECT_EQ(values_of(*fetched(peer, "rides", 3).records), std::vector<std::string>{"d"});
  EXPECT_EQ(delete_records(peer, "unknown", 0).error_code, 3);
  EXPECT_EQ(delete_records(peer, "__consumer_offsets", 0).error_code, 17);
}

TEST_F(KafkaRecordsTest, AGroupsOffsetsAreDeletedWhileItHasNoMembers) {
  KafkaPeer peer = connect();
  create(peer, "rides", 2);
  kafka::OffsetCommitRequest commit;
  commit.group_id = "g";
  auto& topic = commit.topics.emplace_back();
  topic.name = "rides";
  for (const int32_t partition : {0, 1}) {
    auto& one = topic.partitions.emplace_back();
    one.partition_index = partition;
    one.committed_offset = 5;
  }
  ASSERT_EQ(peer.ask(commit, 7).topics.at(0).partitions.at(0).error_code, 0);
  kafka::OffsetDeleteRequest remove;
  remove.group_id = "g";
  remove.topics.push_back({"rides", {{1}}});
  const auto removed = peer.ask(remove, 0);
  EXPECT_EQ(removed.error_code, 0);
  EXPECT_EQ(removed.topics.at(0).partitions.at(0).error_code, 0);
  kafka::OffsetFetchRequest fetch;
  fetch.group_id = "g";
  fetch.topics = {{"rides", {0, 1}}};
  const auto left = peer.ask(fetch, 5).topics.at(0).partitions;
  EXPECT_EQ(left.at(0).committed_offset, 5);
  EXPECT_EQ(left.at(1).committed_offset, -1);
  remove.group_id = "unknown";
  EXPECT_EQ(peer.ask(remove, 0).error_code, 69);

  kafka::JoinGroupRequest join;
  join.group_id = "g";
  join.session_timeout_ms = join.rebalance_timeout_ms = 6'000;
  join.protocol_type = "consumer";
  join.protocols.push_back({"range", {"subscription"}});
  ASSERT_EQ(peer.ask(join, 3).error_code, 0);
  remove.group_id = "g";
  EXPECT_EQ(peer.ask(remove, 0).topics.at(0).partitions.at(0).error_code, 86);
}

TEST_F(KafkaRecordsTest, TheFolderAndItsPartitionsHaveTheirSizes) {
  KafkaPeer peer = connect();
  create(peer, "rides", 2);
  const std::string bytes = batch({std::string(1'000, 'x')});
  produced(peer, "rides", bytes);
  kafka::DescribeLogDirsRequest all;
  all.topics.reset();
  for (const auto version : {int16_t{1}, int16_t{2}, int16_t{3}, int16_t{4}}) {
    const auto folder = peer.ask(all, version).results.at(0);
    EXPECT_EQ(folder.log_dir, folder_.path().string());
    EXPECT_EQ(folder.total_bytes > folder.usable_bytes, version == 4);
    const auto rides =
        std::ranges::find(folder.topics, "rides", &kafka::DescribeLogDirsResponse::Topic::name);
    ASSERT_NE(rides, folder.topics.end());
    EXPECT_EQ(rides->partitions.at(0).partition_size, std::ssize(bytes));
    EXPECT_EQ(rides->partitions.at(1).partition_size, 0);
  }
  kafka::DescribeLogDirsRequest some;
  some.topics = {{"rides", {1, 9}}, {"unknown", {0}}};
  const auto topics = peer.ask(some, 4).results.at(0).topics;
  ASSERT_EQ(topics.size(), 1u);
  EXPECT_EQ(topics[0].partitions.at(0).partition_index, 1);
}

TEST_F(KafkaRecordsTest, ThePartitionsProducersAreDescribed) {
  KafkaPeer peer = connect();
  create(peer, "rides");
  wire::RecordBatchBuilder builder;
  for (int i = 0; i < 3; ++i) builder.append(kTimeMs, std::nullopt, "x");
  builder.set_producer(7, 0, 0);
  produced(peer, "rides", std::string(as_text(builder.finish())));
  kafka::DescribeProducersRequest request;
  request.topics = {{"rides", {0, 1}}};
  const auto partitions = peer.ask(request, 0).topics.at(0).partitions;
  ASSERT_EQ(partitions.at(0).active_producers.size(), 1u);
  EXPECT_EQ(partitions[0].active_producers[0].producer_id, 7);
  EXPECT_EQ(partitions[0].active_producers[0].last_sequence, 2);
  EXPECT_EQ(partitions.at(1).error_code, 3);
}

TEST_F(KafkaRecordsTest, PartitionsAreDescribedInPartsFromACursorOn) {
  KafkaPeer peer = connect();
  create(peer, "a", 3);
  create(peer, "b", 2);
  create(peer, "c", 1);
  kafka::DescribeTopicPartitionsRequest request;
  request.topics = {{"c"}, {"b"}, {"a"}, {"unknown"}, {"b"}};
  request.response_partition_limit = 2;
  std::vector<std::string> seen;
  for (int i = 0; i < 10; ++i) {
    const auto part = peer.ask(request, 0);
    for (const auto& topic : part.topics) {
      for (const auto& partition : topic.partitions)
        seen.push_back(*topic.name + std::to_string(partition.partition_index));
      if (topic.error_code != 0) seen.push_back(*topic.name + "!");
    }
    if (!part.next_cursor) break;
    request.cursor = kafka::DescribeTopicPartitionsRequest::Cursor{
        part.next_cursor->topic_name, part.next_cursor->partition_index};
  }
  EXPECT_THAT(seen, ::testing::ElementsAre("a0", "a1", "a2", "b0", "b1", "c0", "unknown!"));
  const auto all = peer.ask(kafka::DescribeTopicPartitionsRequest{}, 0);
  EXPECT_FALSE(all.next_cursor);
  EXPECT_GE(all.topics.size(), 3u);
}

TEST_F(KafkaRecordsTest, AClientThatEndsAnEarlierBrokersSessionGetsAllThatItNames) {
  KafkaPeer peer = connect();
  create(peer, "rides");
  produced(peer, "rides", batch({"a"}));
  kafka::FetchRequest fetch = fetch_request("rides", 0);
  fetch.session_id = 77;
  fetch.session_epoch = -1;
  const auto whole = peer.ask(fetch, 12);
  EXPECT_EQ(whole.error_code, 0);
  EXPECT_EQ(whole.session_id, 0);
  EXPECT_EQ(values_of(*whole.responses.at(0).partitions.at(0).records),
            std::vector<std::string>{"a"});
}

}  // namespace
}  // namespace hailstorm::broker
