#include "tests/broker/transport/kafka/kafka_fixture.h"
#include "tests/support/await.h"

namespace hailstorm::broker {
namespace {

using hailstorm::testing::await;

class KafkaLimitsTest : public KafkaFixture {};

// Invariant 82.
TEST_F(KafkaLimitsTest, APeerThatNeverReadsCostsBoundedMemoryAndOthersGoOn) {
  options_.limits.peer_credit_bytes = 1 << 20;
  KafkaPeer well_behaved = connect();
  create(well_behaved, "rides");
  const std::string bytes = batch({std::string(500'000, 'x')});
  ASSERT_EQ(produced(well_behaved, "rides", bytes).error_code, 0);
  KafkaPeer lazy = connect();
  std::string frames;
  for (int i = 0; i < 200; ++i) frames += lazy.frame(fetch_request("rides", 0), 11);
  lazy.send_bytes(frames);
  ASSERT_TRUE(await([&] { return broker_metrics_.unread_bytes.value() > 1e6; }));
  for (int i = 0; i < 20; ++i) {
    const auto fetched = well_behaved.ask(fetch_request("rides", 0), 11);
    EXPECT_EQ(fetched.responses.at(0).partitions.at(0).error_code, 0);
    // Its credit, and the one batch that is always read.
    EXPECT_LT(broker_metrics_.unread_bytes.value(), 3e6);
  }
}

TEST_F(KafkaLimitsTest, AnIdlePeerIsClosedAndOneThatWaitsIsNot) {
  options_.idle_ms = 300;
  KafkaPeer waiting = connect();
  create(waiting, "rides");
  const int32_t fetch = waiting.send(fetch_request("rides", 0, 1'500), 11);
  KafkaPeer idle = connect();
  EXPECT_EQ(idle.ask(kafka::ApiVersionsRequest{}, 0).error_code, 0);
  EXPECT_TRUE(idle.is_closed());
  EXPECT_EQ(waiting.receive<kafka::FetchResponse>(fetch, 11).error_code, 0);
}

}  // namespace
}  // namespace hailstorm::broker
