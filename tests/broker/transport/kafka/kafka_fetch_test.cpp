#include "tests/broker/transport/kafka/kafka_fixture.h"

namespace hailstorm::broker {
namespace {

using ::testing::ElementsAre;

class KafkaFetchTest : public KafkaFixture {
 protected:
  static kafka::FetchResponse::PartitionData fetched(KafkaPeer& peer,
                                                     const kafka::FetchRequest& request,
                                                     int16_t version) {
    return peer.ask(request, version).responses.at(0).partitions.at(0);
  }
  static kafka::ListOffsetsResponse::PartitionResponse listed(KafkaPeer& peer, int64_t timestamp,
                                                              int16_t version = 9) {
    kafka::ListOffsetsRequest request;
    request.topics.push_back({"rides", {{0, -1, timestamp}}});
    return peer.ask(request, version).topics.at(0).partitions.at(0);
  }
};

TEST_F(KafkaFetchTest, RecordsComeInEveryVersion) {
  KafkaPeer peer = connect();
  const Uuid id = create(peer, "rides").topics.at(0).topic_id;
  produced(peer, "rides", batch({"one", "two"}));
  const kafka::Api& api = kafka::api_of(kafka::ApiKey::fetch);
  for (int16_t version = api.first_version; version <= api.last_version; ++version) {
    kafka::FetchRequest request = fetch_request("rides", 0);
    if (version >= 13) request.topics[0].topic_id = id;
    const auto data = fetched(peer, request, version);
    EXPECT_EQ(data.error_code, 0) << version;
    EXPECT_EQ(data.high_watermark, 2);
    EXPECT_EQ(data.last_stable_offset, 2);
    EXPECT_THAT(values_of(*data.records), ElementsAre("one", "two")) << version;
  }
}

TEST_F(KafkaFetchTest, EachPartitionHasItsOwnRecordsInItsOwnPlace) {
  KafkaPeer peer = connect();
  create(peer, "rides", 3);
  create(peer, "zones", 1);
  for (int32_t i = 0; i < 3; ++i) produced(peer, "rides", batch({"r" + std::to_string(i)}), i);
  produced(peer, "zones", batch({"z0"}));
  kafka::FetchRequest request = fetch_request("rides", 0);
  const auto first = request.topics[0].partitions[0];
  for (int32_t i = 1; i < 3; ++i) {
    request.topics[0].partitions.push_back(first);
    request.topics[0].partitions.back().partition = i;
  }
  request.topics.push_back(request.topics[0]);
  request.topics[1].topic = "zones";
  request.topics[1].partitions.resize(1);
  // The broker begins each fetch at another partition.
  for (int times = 0; times < 5; ++times) {
    const auto response = peer.ask(request, 12);
    ASSERT_EQ(response.responses.size(), 2u);
    for (size_t i = 0; i < 3; ++i) {
      EXPECT_THAT(values_of(*response.responses[0].partitions.at(i).records),
                  ElementsAre("r" + std::to_string(i)));
    }
    EXPECT_THAT(values_of(*response.responses[1].partitions.at(0).records), ElementsAre("z0"));
  }
}

// Clients may close a connection on which more comes than they asked for.
TEST_F(KafkaFetchTest, AResponseHasMoreThanTheWantedBytesOnlyWhereItsFirstBatchHas) {
  KafkaPeer peer = connect();
  create(peer, "rides", 2);
  const std::string bytes = batch({std::string(600, 'x')});
  for (int32_t i = 0; i < 2; ++i) produced(peer, "rides", bytes, i);
  kafka::FetchRequest request = fetch_request("rides", 0);
  request.topics[0].partitions.push_back(request.topics[0].partitions[0]);
  request.topics[0].partitions[1].partition = 1;
  for (const int32_t max_bytes : {1, 1'000, 2'000}) {
    request.max_bytes = request.min_bytes = max_bytes;
    request.max_wait_ms = max_bytes < 2'000 ? 60'000 : 0;
    size_t got = 0;
    const auto response = peer.ask(request, 11);
    for (const auto& partition : response.responses.at(0).partitions)
      got += partition.records->bytes.size();
    EXPECT_EQ(got, max_bytes < 2'000 ? bytes.size() : 2 * bytes.size()) << max_bytes;
  }
}

TEST_F(KafkaFetchTest, ErrorsStandAtTheirPartitions) {
  KafkaPeer peer = connect();
  create(peer, "rides");
  EXPECT_EQ(fetched(peer, fetch_request("rides", 7), 11).error_code, 1);
  EXPECT_EQ(fetched(peer, fetch_request("unknown", 0), 11).error_code, 3);
  kafka::FetchRequest by_id = fetch_request("", 0, 20'000);
  by_id.topics[0].topic_id = Uuid{{1}};
  EXPECT_EQ(fetched(peer, by_id, 13).error_code, 100) << "at once";
  kafka::FetchRequest of_an_epoch = fetch_request("rides", 0, 20'000);
  of_an_epoch.topics[0].partitions[0].current_leader_epoch = 1;
  EXPECT_EQ(fetched(peer, of_an_epoch, 11).error_code, 75);
}

TEST_F(KafkaFetchTest, NoSessionIsGivenAndNoneIsKnown) {
  KafkaPeer peer = connect();
  create(peer, "rides");
  kafka::FetchRequest request = fetch_request("rides", 0);
  request.session_epoch = 0;  // asks for one
  EXPECT_EQ(peer.ask(request, 11).session_id, 0);
  request.session_id = 7;
  request.session_epoch = 3;
  EXPECT_EQ(peer.ask(request, 11).error_code, 70);
}

TEST_F(KafkaFetchTest, OffsetsAreListedByWhatTheTimestampMeans) {
  KafkaPeer peer = connect();
  create(peer, "rides");
  EXPECT_EQ(listed(peer, -1).offset, 0);
  EXPECT_EQ(listed(peer, -3).offset, -1) << "there is no record";
  produced(peer, "rides", batch({"one", "two", "three"}));
  EXPECT_EQ(listed(peer, -1).offset, 3);
  EXPECT_EQ(listed(peer, -1).timestamp, -1);
  EXPECT_EQ(listed(peer, -2).offset, 0);
  EXPECT_EQ(listed(peer, kTimeMs + 1).offset, 1);
  EXPECT_EQ(listed(peer, kTimeMs + 1).timestamp, kTimeMs + 1);
  EXPECT_EQ(listed(peer, kTimeMs + 9).offset, -1);
  EXPECT_EQ(listed(peer, kTimeMs + 9).timestamp, -1);
  EXPECT_EQ(listed(peer, -3).offset, 2);
  EXPECT_EQ(listed(peer, -3).timestamp, kTimeMs + 2);
  EXPECT_EQ(listed(peer, -4).offset, 0);
  EXPECT_EQ(listed(peer, -5).offset, -1);
  EXPECT_EQ(listed(peer, -9).error_code, 35);
  EXPECT_EQ(listed(peer, -3, 6).error_code, 35) << "it came with version 7";
}

}  // namespace
}  // namespace hailstorm::broker
