#include <chrono>

#include "common/kafka/messages/all_messages.h"
#include "tests/broker/transport/kafka/kafka_fixture.h"

namespace hailstorm::broker {
namespace {

using kafka::ApiKey;

/// What users of other brokers ran into with versions; the number before a test is the complaint's.
class VersionComplaintTest : public KafkaFixture {
 protected:
  /// A request for the versions, of a version that may not exist.
  static std::string versions_request(KafkaPeer& peer, uint8_t version) {
    std::string frame = peer.frame(kafka::ApiVersionsRequest{}, version < 3 ? 0 : 3);
    frame[7] = static_cast<char>(version);  // the low byte
    return frame;
  }
  /// An answer means that the version is served: to one that is not the connection ends.
  template <class Request>
  static void expect_answered(KafkaPeer& peer, int16_t version) {
    SCOPED_TRACE(::testing::Message() << Request::kName << " version " << version);
    ASSERT_TRUE(kafka::api_of(Request::kKey).has(version));
    Request request;
    if constexpr (requires { request.acks; }) request.acks = -1;  // 0 has no answer
    static_cast<void>(peer.ask(request, version));
  }
};

// 1: librdkafka 3090, 3283; redpanda 296. 3: kafka-python 2602.
TEST_F(VersionComplaintTest, ATooNewApiVersionsIsAnsweredInVersionZeroWithTheListAndNotClosed) {
  KafkaPeer peer = connect();
  for (const uint8_t version : std::vector<uint8_t>{6, 7, 99}) {
    const std::string request = versions_request(peer, version);
    peer.send_bytes(request);
    const int32_t id = get_be<int32_t>(as_bytes(request).data() + 8);
    const auto response = peer.receive<kafka::ApiVersionsResponse>(id, 0);
    EXPECT_EQ(response.error_code, 35);
    EXPECT_EQ(response.api_keys.size(), std::tuple_size_v<ServedRequests>);
  }
  EXPECT_EQ(peer.ask(kafka::ApiVersionsRequest{}, 4).error_code, 0) << "and it goes on";
}

// 2: kop 166, 176; starlight-for-kafka 117.
TEST_F(VersionComplaintTest, ApiVersionsWithTheClientsNameIsUnderstood) {
  KafkaPeer peer = connect();
  kafka::ApiVersionsRequest request;
  request.client_software_name = "apache-kafka-java";
  request.client_software_version = "4.3.1";
  for (const int16_t version : std::vector<int16_t>{3, 4, 5})
    EXPECT_EQ(peer.ask(request, version).error_code, 0) << version;
}

// 4: kafka 18727, librdkafka 4956, kroxylicious 2851.
TEST_F(VersionComplaintTest, AClientThatLooksForOldVersionsCompressesAndFormsGroups) {
  KafkaPeer peer = connect();
  std::map<ApiKey, std::pair<int16_t, int16_t>> served;
  for (const auto& api : peer.ask(kafka::ApiVersionsRequest{}, 0).api_keys)
    served[static_cast<ApiKey>(api.api_key)] = {api.min_version, api.max_version};
  const auto has = [&](ApiKey key, int16_t version) {
    return served.contains(key) && served[key].first <= version && version <= served[key].second;
  };
  EXPECT_TRUE(has(ApiKey::produce, 0)) << "else librdkafka up to 2.8 has no gzip, snappy and lz4";
  EXPECT_TRUE(has(ApiKey::produce, 7) && has(ApiKey::fetch, 10)) << "else it has no zstd";
  const std::vector<std::pair<ApiKey, int16_t>> switches = {
      {ApiKey::produce, 3},      {ApiKey::fetch, 4},           {ApiKey::find_coordinator, 0},
      {ApiKey::list_offsets, 1}, {ApiKey::offset_commit, 2},   {ApiKey::offset_fetch, 1},
      {ApiKey::join_group, 0},   {ApiKey::sync_group, 0},      {ApiKey::heartbeat, 0},
      {ApiKey::leave_group, 0},  {ApiKey::init_producer_id, 0}};
  for (const auto& [key, version] : switches)
    EXPECT_TRUE(has(key, version)) << kafka::api_of(key).name << " " << version;
}

// 5: redpanda 17581. Such a client does not ask for the versions at all.
TEST_F(VersionComplaintTest, AClientThatIsSetToKafka28IsServedWithoutAskingForVersions) {
  KafkaPeer peer = connect();
  expect_answered<kafka::MetadataRequest>(peer, 11);
  expect_answered<kafka::ProduceRequest>(peer, 9);
  expect_answered<kafka::FetchRequest>(peer, 12);
  expect_answered<kafka::ListOffsetsRequest>(peer, 6);
  expect_answered<kafka::OffsetCommitRequest>(peer, 8);
  expect_answered<kafka::OffsetFetchRequest>(peer, 7);
  expect_answered<kafka::FindCoordinatorRequest>(peer, 3);
  expect_answered<kafka::JoinGroupRequest>(peer, 7);
  expect_answered<kafka::SyncGroupRequest>(peer, 5);
  expect_answered<kafka::HeartbeatRequest>(peer, 4);
  expect_answered<kafka::LeaveGroupRequest>(peer, 4);
  expect_answered<kafka::CreateTopicsRequest>(peer, 7);
  expect_answered<kafka::DescribeConfigsRequest>(peer, 4);
}

// 6: redpanda 17622.
TEST_F(VersionComplaintTest, AClientThatKnowsNewVersionsAloneIsServed) {
  KafkaPeer peer = connect();
  for (int16_t version = 9; version <= 12; ++version)
    expect_answered<kafka::MetadataRequest>(peer, version);
  expect_answered<kafka::ProduceRequest>(peer, 11);
  expect_answered<kafka::FetchRequest>(peer, 17);
  expect_answered<kafka::ListOffsetsRequest>(peer, 9);
  expect_answered<kafka::OffsetCommitRequest>(peer, 9);
  expect_answered<kafka::OffsetFetchRequest>(peer, 9);
  expect_answered<kafka::FindCoordinatorRequest>(peer, 6);
  expect_answered<kafka::JoinGroupRequest>(peer, 9);
  expect_answered<kafka::DeleteTopicsRequest>(peer, 6);
}

// 24: redpanda 25235. It gave the first connection one second.
TEST_F(VersionComplaintTest, AFirstConnectionHasItsMetadataWithinASecond) {
  start();
  const auto began = std::chrono::steady_clock::now();
  auto fastest = std::chrono::steady_clock::duration::max();
  for (int i = 0; i < 5; ++i) {
    const auto connects = std::chrono::steady_clock::now();
    KafkaPeer peer = connect();
    expect_answered<kafka::ApiVersionsRequest>(peer, 3);
    expect_answered<kafka::MetadataRequest>(peer, 12);
    fastest = std::min(fastest, std::chrono::steady_clock::now() - (i == 0 ? began : connects));
  }
  EXPECT_LT(fastest, std::chrono::seconds(1));
}

// 25: vector 21024.
TEST_F(VersionComplaintTest, ALargeMetadataResponseEndsWhereItsArraysSay) {
  KafkaPeer peer = connect();
  for (int i = 0; i < 5; ++i) create(peer, "topic-" + std::to_string(i), 40);
  kafka::MetadataRequest all;
  all.topics.reset();
  for (const int16_t version : std::vector<int16_t>{8, 9, 12}) {
    const auto response = peer.ask(all, version);
    EXPECT_EQ(response.topics.size(), 6u);
    EXPECT_EQ(kafka::encode(response, version).joined(), peer.last_body())
        << "nothing follows the message";
  }
}

// 31: kafka_ex 497.
TEST_F(VersionComplaintTest, AnOldJoinGroupIsAnsweredAndNotClosed) {
  KafkaPeer peer = connect();
  kafka::JoinGroupRequest request;
  request.group_id = "g";
  request.session_timeout_ms = 10'000;
  request.protocol_type = "consumer";
  request.protocols.push_back({"assign", {"subscription"}});
  const auto joined = peer.ask(request, 0);
  EXPECT_EQ(joined.error_code, 0);
  EXPECT_EQ(joined.leader, joined.member_id);
}

}  // namespace
}  // namespace hailstorm::broker
