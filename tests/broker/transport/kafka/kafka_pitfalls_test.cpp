#include "tests/broker/transport/kafka/kafka_fixture.h"
#include "tests/support/await.h"

namespace hailstorm::broker {
namespace {

/// What is easily done wrong in Kafka's protocol, and is not the matter of one request.
class KafkaPitfallsTest : public KafkaFixture {
 protected:
  /// For a request of each kind that is served, with its defaults.
  template <class Use>
  static void each_served(Use use) {
    std::apply([&](const auto&... request) { (use(request), ...); }, ServedRequests());
  }
  static kafka::FetchResponse::PartitionData fetched(KafkaPeer& peer,
                                                     const kafka::FetchRequest& request) {
    return peer.ask(request, 11).responses.at(0).partitions.at(0);
  }
};

TEST_F(KafkaPitfallsTest, EachVersionThatIsAdvertisedIsAnswered) {
  KafkaPeer peer = connect();
  size_t answered = 0;
  each_served([&](auto request) {
    if constexpr (requires { request.acks; }) request.acks = -1;  // 0 has no answer
    const kafka::Api& api = kafka::api_of(request.kKey);
    for (int16_t version = api.first_version; version <= api.last_version; ++version) {
      SCOPED_TRACE(::testing::Message() << api.name << " version " << version);
      static_cast<void>(peer.ask(request, version));
      ++answered;
    }
  });
  EXPECT_GT(answered, 150u);
}

TEST_F(KafkaPitfallsTest, AVersionThatIsNotServedEndsTheConnection) {
  start();
  each_served([&](const auto& request) {
    const kafka::Api& api = kafka::api_of(request.kKey);
    if (api.key == kafka::ApiKey::api_versions) return;  // clients begin with its newest
    for (const int version : {api.first_version - 1, api.last_version + 1}) {
      if (version < 0) continue;
      SCOPED_TRACE(::testing::Message() << api.name << " version " << version);
      KafkaPeer peer = connect();
      std::string frame = peer.frame(request, api.first_version);
      put_be(reinterpret_cast<uint8_t*>(frame.data()) + 6, static_cast<int16_t>(version));
      peer.send_bytes(frame);
      EXPECT_TRUE(peer.is_closed());
    }
  });
}

TEST_F(KafkaPitfallsTest, AClientWithoutANameAndOneWithUnknownTagsAreServed) {
  KafkaPeer peer = connect();
  const auto frame = [](int32_t id, std::optional<std::string> client_id) {
    return kafka::request_frame({0, 3, id, std::move(client_id)}, kafka::ApiVersionsRequest{})
        .joined();
  };
  peer.send_bytes(frame(71, std::nullopt));
  EXPECT_EQ(peer.receive<kafka::ApiVersionsResponse>(71, 3).error_code, 0);
  // Size, key, version, id and a name of one byte; then the header's tags, of which there are none.
  std::string tagged = frame(72, "c");
  const size_t tags = 4 + 2 + 2 + 4 + 2 + 1;
  ASSERT_EQ(tagged.at(tags), 0);
  tagged.replace(tags, 1, std::string("\1\x63\2xx", 5));
  tagged[3] = static_cast<char>(tagged.size() - 4);
  peer.send_bytes(tagged);
  EXPECT_EQ(peer.receive<kafka::ApiVersionsResponse>(72, 3).error_code, 0);
}

TEST_F(KafkaPitfallsTest, AnAddressForAllInterfacesIsNotWhatClientsLearn) {
  options_.host = "0.0.0.0";
  KafkaPeer peer = connect();
  EXPECT_EQ(peer.ask(kafka::MetadataRequest{}, 12).brokers.at(0).host, "127.0.0.1");
  kafka::FindCoordinatorRequest find;
  find.key = "g";
  EXPECT_EQ(peer.ask(find, 3).host, "127.0.0.1");
}

TEST_F(KafkaPitfallsTest, ClientsFromElsewhereAreTakenOnlyWhereThatIsWanted) {
  EXPECT_EQ(KafkaOptions().host, "127.0.0.1");
}

TEST_F(KafkaPitfallsTest, RecordsThatAreNullAreNoBatch) {
  KafkaPeer peer = connect();
  create(peer, "rides");
  auto request = produce_request("rides", "");
  request.topic_data[0].partition_data[0].records.reset();
  EXPECT_NE(peer.ask(request, 9).responses.at(0).partition_responses.at(0).error_code, 0);
}

TEST_F(KafkaPitfallsTest, AFetchHasABatchHoweverLittleItMayTakeAndNoneBeyondTheEnd) {
  KafkaPeer peer = connect();
  create(peer, "rides");
  produced(peer, "rides", batch({std::string(5'000, 'x')}));
  auto small = fetch_request("rides", 0);
  small.max_bytes = small.topics[0].partitions[0].partition_max_bytes = 1;
  EXPECT_EQ(values_of(*fetched(peer, small).records).size(), 1u);
  EXPECT_EQ(fetched(peer, fetch_request("rides", 1)).error_code, 0) << "the end";
  EXPECT_EQ(fetched(peer, fetch_request("rides", 2, 20'000)).error_code, 1) << "at once";
}

TEST_F(KafkaPitfallsTest, TimesThatCannotBeAreRefusedByTheirNumber) {
  KafkaPeer peer = connect();
  create(peer, "rides");
  wire::RecordBatchBuilder builder;
  builder.append(clock_.wall_ms() + int64_t{7'200'000}, std::nullopt, "in two hours");
  EXPECT_EQ(produced(peer, "rides", std::string(as_text(builder.finish()))).error_code, 32);
}

TEST_F(KafkaPitfallsTest, AMemberWhoseConnectionEndsKeepsItsPlaceForItsSession) {
  kafka::JoinGroupRequest join;
  join.group_id = "g";
  join.session_timeout_ms = join.rebalance_timeout_ms = 10'000;
  join.protocol_type = "consumer";
  join.protocols.push_back({"range", {"subscription"}});
  kafka::HeartbeatRequest beat;
  beat.group_id = "g";
  {
    KafkaPeer peer = connect();
    const auto joined = peer.ask(join, 3);
    beat.member_id = joined.member_id;
    beat.generation_id = joined.generation_id;
    kafka::SyncGroupRequest sync;
    sync.group_id = "g";
    sync.member_id = joined.member_id;
    sync.generation_id = joined.generation_id;
    EXPECT_EQ(peer.ask(sync, 2).error_code, 0);
  }
  ASSERT_TRUE(hailstorm::testing::await([&] { return broker_metrics_.connections.value() == 0; }));
  KafkaPeer another = connect();
  EXPECT_EQ(another.ask(beat, 2).error_code, 0);
}

TEST_F(KafkaPitfallsTest, APeerThatGoesAwayWithResponsesUnreadDisturbsNobody) {
  KafkaPeer peer = connect();
  create(peer, "rides");
  produced(peer, "rides", batch({std::string(500'000, 'x')}));
  for (int i = 0; i < 20; ++i) {
    KafkaPeer leaving = connect();
    std::string frames;
    for (int times = 0; times < 20; ++times) frames += leaving.frame(fetch_request("rides", 0), 11);
    leaving.send_bytes(frames);
  }
  EXPECT_EQ(fetched(peer, fetch_request("rides", 0)).error_code, 0);
}

}  // namespace
}  // namespace hailstorm::broker
