#include "tests/broker/transport/kafka/kafka_fixture.h"

namespace hailstorm::broker {
namespace {

/// How requests and responses of one connection follow each other.
class KafkaOrderTest : public KafkaFixture {};

// Invariant 80.
TEST_F(KafkaOrderTest, AFetchThatWaitsHoldsLaterResponsesBackAndNothingElse) {
  KafkaPeer peer = connect();
  create(peer, "rides");
  const int32_t fetch = peer.send(fetch_request("rides", 0, 20'000), 11);
  const int32_t versions = peer.send(kafka::ApiVersionsRequest{}, 0);
  // The batch comes over the same connection, after the fetch that waits for it.
  const std::string bytes = batch({"one"});
  const int32_t produce = peer.send(produce_request("rides", bytes), 9);
  const auto fetched = peer.receive<kafka::FetchResponse>(fetch, 11);
  EXPECT_EQ(values_of(*fetched.responses.at(0).partitions.at(0).records),
            std::vector<std::string>{"one"});
  EXPECT_EQ(peer.receive<kafka::ApiVersionsResponse>(versions, 0).error_code, 0);
  const auto answer = peer.receive<kafka::ProduceResponse>(produce, 9);
  EXPECT_EQ(answer.responses.at(0).partition_responses.at(0).error_code, 0);
}

// Invariant 80.
TEST_F(KafkaOrderTest, RequestsThatComeTogetherAreAnsweredInTheirOrder) {
  KafkaPeer peer = connect();
  create(peer, "rides");
  const std::string bytes = batch({"one"});
  std::string frames;
  constexpr int kCount = 2'000;
  for (int i = 0; i < kCount; ++i) frames += peer.frame(produce_request("rides", bytes), 9);
  peer.send_bytes(frames);
  for (int i = 0; i < kCount; ++i) {
    // Creating the topic was the first request.
    const auto answer = peer.receive<kafka::ProduceResponse>(i + 2, 9);
    EXPECT_EQ(answer.responses.at(0).partition_responses.at(0).base_offset, i);
  }
}

TEST_F(KafkaOrderTest, AnUnknownVersionOfApiVersionsIsAnsweredInTheOldestOne) {
  KafkaPeer peer = connect();
  std::string frame = peer.frame(kafka::ApiVersionsRequest{}, 0);
  frame[7] = 99;  // the low byte of the version
  peer.send_bytes(frame);
  const auto response = peer.receive<kafka::ApiVersionsResponse>(1, 0);
  EXPECT_EQ(response.error_code, 35);
  EXPECT_FALSE(response.api_keys.empty());
  EXPECT_EQ(peer.ask(kafka::ApiVersionsRequest{}, 3).error_code, 0) << "and it goes on";
}

TEST_F(KafkaOrderTest, WhatIsAdvertisedIsServedAndProduceBeginsAtZero) {
  KafkaPeer peer = connect();
  const auto response = peer.ask(kafka::ApiVersionsRequest{}, 4);
  EXPECT_EQ(response.api_keys.size(), std::tuple_size_v<ServedRequests>);
  for (const auto& api : response.api_keys) {
    const kafka::Api* const known = kafka::find_api(api.api_key);
    ASSERT_NE(known, nullptr);
    EXPECT_EQ(api.max_version, known->last_version) << known->name;
    const bool is_produce = known->key == kafka::ApiKey::produce;
    EXPECT_EQ(api.min_version, is_produce ? 0 : known->first_version) << known->name;
  }
}

TEST_F(KafkaOrderTest, WhatIsNotServedEndsItsConnectionAlone) {
  KafkaPeer well_behaved = connect();
  const std::string known = well_behaved.frame(kafka::ApiVersionsRequest{}, 0);
  std::string unknown_key = known;
  unknown_key[5] = 127;
  std::string cut_short = well_behaved.frame(kafka::HeartbeatRequest{}, 4);
  cut_short.resize(cut_short.size() - 1);
  cut_short[3] = static_cast<char>(cut_short.size() - 4);
  const std::string of_a_browser = "GET / HTTP/1.1\r\n\r\n";
  for (const std::string& bytes : {unknown_key, cut_short, of_a_browser}) {
    KafkaPeer peer = connect();
    peer.send_bytes(bytes);
    EXPECT_TRUE(peer.is_closed()) << bytes;
  }
  EXPECT_EQ(well_behaved.ask(kafka::ApiVersionsRequest{}, 0).error_code, 0);
}

TEST_F(KafkaOrderTest, APeerThatEndsItsSideStillGetsItsResponses) {
  KafkaPeer peer = connect();
  const int32_t versions = peer.send(kafka::ApiVersionsRequest{}, 0);
  peer.end_sending();
  EXPECT_EQ(peer.receive<kafka::ApiVersionsResponse>(versions, 0).error_code, 0);
  EXPECT_TRUE(peer.is_closed());
}

}  // namespace
}  // namespace hailstorm::broker
