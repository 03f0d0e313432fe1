#include "tests/broker/transport/kafka/kafka_fixture.h"

namespace hailstorm::broker {
namespace {

class KafkaMetadataTest : public KafkaFixture {
 protected:
  static kafka::MetadataRequest request_for(const std::vector<std::string>& names) {
    kafka::MetadataRequest request;
    for (const auto& name : names) request.topics->push_back({{}, name});
    return request;
  }
};

TEST_F(KafkaMetadataTest, TheBrokerIsAClusterOfOneWhereTheClientHasReachedIt) {
  KafkaPeer peer = connect();
  const auto response = peer.ask(request_for({}), 12);
  ASSERT_EQ(response.brokers.size(), 1u);
  EXPECT_EQ(response.brokers[0].host, "127.0.0.1");
  EXPECT_EQ(response.brokers[0].port, transport_->port());
  EXPECT_EQ(response.controller_id, response.brokers[0].node_id);
  EXPECT_TRUE(response.topics.empty()) << "an empty list is no topics";
}

TEST_F(KafkaMetadataTest, AnAdvertisedAddressIsWhatClientsLearn) {
  cluster_.advertised = Address{"broker.example", 1234};
  KafkaPeer peer = connect();
  const auto response = peer.ask(request_for({}), 1);
  EXPECT_EQ(response.brokers.at(0).host, "broker.example");
  kafka::FindCoordinatorRequest find;
  find.key = "g";
  EXPECT_EQ(peer.ask(find, 3).port, 1234);
}

// Invariant 81.
TEST_F(KafkaMetadataTest, TheClustersIdOutlivesARestart) {
  std::string id;
  {
    KafkaPeer peer = connect();
    id = *peer.ask(request_for({}), 2).cluster_id;
  }
  EXPECT_FALSE(id.empty());
  stop();
  broker_.reset();
  topics_.reset();
  start();
  KafkaPeer peer = connect();
  EXPECT_EQ(peer.ask(request_for({}), 2).cluster_id, id);
}

TEST_F(KafkaMetadataTest, AllTopicsAreGivenForNullAndInVersionZeroForNone) {
  KafkaPeer peer = connect();
  create(peer, "rides", 3);
  kafka::MetadataRequest all;
  all.topics.reset();
  for (const auto& [request, version] : {std::pair{all, int16_t{1}}, std::pair{all, int16_t{12}},
                                         std::pair{request_for({}), int16_t{0}}}) {
    const auto response = peer.ask(request, version);
    ASSERT_EQ(response.topics.size(), 2u) << version;
    EXPECT_EQ(response.topics[0].name, "__consumer_offsets");
    EXPECT_EQ(response.topics[0].is_internal, version > 0);
    EXPECT_EQ(response.topics[1].name, "rides");
    ASSERT_EQ(response.topics[1].partitions.size(), 3u);
    EXPECT_EQ(response.topics[1].partitions[2].partition_index, 2);
    EXPECT_EQ(response.topics[1].partitions[2].leader_id, response.brokers.at(0).node_id);
  }
}

TEST_F(KafkaMetadataTest, ATopicThatIsMissingIsMadeAndCanBeWrittenToAtOnce) {
  KafkaPeer peer = connect();
  const auto response = peer.ask(request_for({"rides"}), 12);
  ASSERT_EQ(response.topics.size(), 1u);
  EXPECT_EQ(response.topics[0].error_code, 0);
  EXPECT_EQ(response.topics[0].partitions.size(), 4u);
  EXPECT_FALSE(response.topics[0].topic_id.is_zero());
  EXPECT_EQ(produced(peer, "rides", batch({"one"}), 3).error_code, 0);
}

TEST_F(KafkaMetadataTest, NoTopicIsMadeWhereTheClientDoesNotWantItOrTheNameIsNotToBeHad) {
  KafkaPeer peer = connect();
  kafka::MetadataRequest request = request_for({"rides"});
  request.allow_auto_topic_creation = false;
  EXPECT_EQ(peer.ask(request, 12).topics.at(0).error_code, 3);
  EXPECT_EQ(peer.ask(request_for({"no topic"}), 12).topics.at(0).error_code, 17);
  EXPECT_EQ(peer.ask(request_for({"__mine"}), 12).topics.at(0).error_code, 44);
}

TEST_F(KafkaMetadataTest, ABrokerThatMakesNoTopicsByItselfSaysThatTheTopicIsUnknown) {
  cluster_.creates_topics = false;
  KafkaPeer peer = connect();
  EXPECT_EQ(peer.ask(request_for({"rides"}), 12).topics.at(0).error_code, 3);
}

TEST_F(KafkaMetadataTest, ATopicIsFoundByItsIdAlone) {
  KafkaPeer peer = connect();
  const Uuid id = create(peer, "rides").topics.at(0).topic_id;
  kafka::MetadataRequest request;
  request.topics->push_back({id, std::nullopt});
  request.topics->push_back({Uuid{{1}}, std::nullopt});
  const auto response = peer.ask(request, 12);
  ASSERT_EQ(response.topics.size(), 2u);
  EXPECT_EQ(response.topics[0].error_code, 100);
  EXPECT_EQ(response.topics[1].name, "rides");
}

TEST_F(KafkaMetadataTest, CoordinatorsOfGroupsAreHereAndOfTransactionsNowhere) {
  KafkaPeer peer = connect();
  kafka::FindCoordinatorRequest find;
  find.key = "g";
  find.coordinator_keys = {"g", ""};
  const auto several = peer.ask(find, 4);
  EXPECT_EQ(several.coordinators.at(0).port, transport_->port());
  EXPECT_EQ(several.coordinators.at(1).error_code, 24);
  EXPECT_EQ(peer.ask(find, 0).port, transport_->port());
  find.key_type = 1;
  EXPECT_EQ(peer.ask(find, 2).error_code, 53) << "clients fail at once";
}

TEST_F(KafkaMetadataTest, AProducerGetsAnIdUnlessItWantsTransactions) {
  KafkaPeer peer = connect();
  kafka::InitProducerIdRequest request;
  request.transactional_id.reset();
  const auto first = peer.ask(request, 4);
  const auto second = peer.ask(request, 4);
  EXPECT_EQ(first.error_code, 0);
  EXPECT_EQ(first.producer_epoch, 0);
  EXPECT_NE(first.producer_id, second.producer_id);
  request.transactional_id = "mine";
  EXPECT_EQ(peer.ask(request, 4).error_code, 35);
}

TEST_F(KafkaMetadataTest, AProducerThatNamesTheIdOfAnotherGetsOneOfItsOwn) {
  KafkaPeer peer = connect();
  kafka::InitProducerIdRequest request;
  request.transactional_id.reset();
  const auto first = peer.ask(request, 4);
  request.producer_id = first.producer_id;
  request.producer_epoch = 0;
  const auto second = peer.ask(request, 4);
  EXPECT_EQ(second.error_code, 0);
  EXPECT_EQ(second.producer_epoch, 0);
  EXPECT_NE(second.producer_id, first.producer_id);
}

}  // namespace
}  // namespace hailstorm::broker
