#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "common/events/events.h"
#include "common/http/client.h"
#include "common/store/database.h"
#include "common/wire/partitioner.h"
#include "tests/support/await.h"
#include "tests/support/damaged_partition.h"
#include "tests/support/matchers.h"
#include "tests/support/rides.h"
#include "tests/support/run_program.h"
#include "tests/system/system_fixture.h"

namespace hailstorm::testing {
namespace {

constexpr int32_t kPartitions = 4;
constexpr const char* kTopic = "payment_authorized";

void hail(const Platform& platform, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), program_folder() / "hail");
  arguments.insert(arguments.end(), {"--broker", platform.broker_url()});
  const auto result = run_program(arguments);
  ASSERT_EQ(result.exit_code, 0) << result.err;
}

/// Stopped meanwhile, because a running service makes a topic again that is gone.
void remake_topic(Platform& platform, const std::vector<std::string>& settings) {
  const std::vector<std::string> services = {"gateway", "matching", "payment", "notification",
                                             "analytics"};
  for (const auto& name : services) EXPECT_EQ(platform.stop(name), 0);
  hail(platform, {"topics", "delete", kTopic});
  std::vector<std::string> create = {"topics", "create", kTopic};
  create.insert(create.end(), settings.begin(), settings.end());
  hail(platform, create);
  for (const auto& name : services) platform.start(name);
  for (const auto& name : services) platform.wait_until_ready(name);
}

http::Response get(const Platform& platform, const std::string& name, const std::string& path) {
  auto answer = http::Client({"127.0.0.1", platform.http_port(name)}, 10'000).get(path);
  EXPECT_OK(answer);
  return answer.ok() ? std::move(answer).value() : http::Response{};
}

/// The keys of the outbox of payment, row by row.
std::vector<std::string> keys_in_outbox(const Platform& platform) {
  const auto db = store::Database::open(platform.data() / "payment" / "payment.db",
                                        store::Database::Mode::read_only);
  std::vector<std::string> keys;
  EXPECT_OK((*db)->query("SELECT key FROM outbox ORDER BY id", {},
                         [&](const store::Row& row) { keys.push_back(row.text(0)); }));
  return keys;
}

// Invariant 58: what is too large for the topic as a person made it is kept apart by name, and
// nothing else notices.
TEST(UnsendableTest, ATopicOfASmallLimitStopsNoRideThatFitsAndSaysWhatDoesNot) {
  constexpr int64_t kRides = 100;
  Platform platform;
  remake_topic(platform, {"--max-batch-bytes", "1024"});
  // The rider is key and a part of the value: an event of 400 bytes more twice.
  std::string rider;
  for (int i = 0; i < 100; ++i) rider += "\xf0\x9f\x9a\x95";
  const nlohmann::json body = {{"rider_id", rider},
                               {"pickup", {{"lat", 40.7128}, {"lon", -74.006}}},
                               {"dropoff", {{"lat", 40.7306}, {"lon", -73.9866}}}};
  http::Client gateway({"127.0.0.1", platform.http_port("gateway")}, 10'000);
  // With a key the ride has the same id in each run, and its payment the same end: authorized.
  const auto accepted = gateway.post("/rides", body.dump(), {{"Idempotency-Key", "one"}});
  ASSERT_OK(accepted);
  ASSERT_EQ(accepted->status, 202) << accepted->body;
  platform.ride(kRides, 100);
  platform.wait_for_riders();
  platform.wait_until_settled();
  EXPECT_EQ(platform.audit().settled, kRides);
  EXPECT_EQ(platform.status("payment", "set_aside"), 1);
  EXPECT_EQ(platform.number("payment", "SELECT count(*) FROM set_aside"), 1);
  const auto ready = get(platform, "payment", "/readyz");
  EXPECT_EQ(ready.status, 200);
  EXPECT_NE(ready.body.find("takes up to 1024"), std::string::npos) << ready.body;
  const auto metrics = get(platform, "payment", "/metrics").body;
  EXPECT_NE(metrics.find("hailstorm_outbox_set_aside_rows 1"), std::string::npos);

  // The topic that is made again takes it, after a restart.
  remake_topic(platform, {});
  const std::string ride =
      "/rides/" + nlohmann::json::parse(accepted->body).at("ride_id").get<std::string>();
  EXPECT_TRUE(await([&] {
    return get(platform, "gateway", ride).body.find(kTopic) != std::string::npos;
  })) << get(platform, "gateway", ride).body;
  EXPECT_EQ(platform.status("payment", "set_aside"), 0);
}

/// Closes a partition, or opens it again.
void flip_a_bit_of(Platform& platform, int32_t partition) {
  platform.kill("broker");
  const auto folder = platform.data() / "broker" / (kTopic + ("-" + std::to_string(partition)));
  testing::flip_a_bit_of(folder);
  platform.start("broker");
}

// Invariant 58: more events for the partition than a relay has under way.
TEST(UnsendableTest, AClosedPartitionWithManyEventsStopsNoRiderOfAnother) {
  constexpr int kEvents = 9'000;
  constexpr int64_t kRides = 200;
  Platform platform;
  platform.ride(kRides, 200);
  platform.wait_for_riders();
  platform.wait_until_settled();
  const std::string rider = "rider-of-many";
  const int32_t closed = wire::partition_for_key(rider, kPartitions);
  flip_a_bit_of(platform, closed);
  {
    const auto producer = platform.log().make_producer();
    for (int i = 0; i < kEvents; ++i) {
      auto one = ride("many-" + std::to_string(i));
      one.rider_id = rider;
      ASSERT_OK(producer->send("ride_requested", events::encode(event(one)), nullptr));
    }
    ASSERT_OK(producer->flush(30'000));
  }
  platform.ride(kRides, 200);
  platform.wait_for_riders();
  platform.wait_until("payment has handled all rides",
                      [&] { return platform.lag("payment") == 0; });
  std::vector<std::string> keys;
  platform.wait_until("only the closed partition's events wait", [&] {
    keys = keys_in_outbox(platform);
    return keys.size() > 8'000 && std::all_of(keys.begin(), keys.end(), [&](const auto& key) {
             return wire::partition_for_key(key, kPartitions) == closed;
           });
  });
  const auto status = get(platform, "payment", "/status").body;
  EXPECT_NE(status.find("\"held_partitions\":[{"), std::string::npos) << status;
  EXPECT_EQ(get(platform, "payment", "/readyz").status, 503);

  flip_a_bit_of(platform, closed);
  platform.wait_until_settled();
  platform.wait_until_ready("payment");
  EXPECT_EQ(platform.number("payment", "SELECT count(*) FROM set_aside"), 0);
  const auto consumer = platform.log().make_consumer({});
  consumer->assign({{{kTopic, closed}, 0}});
  std::vector<int> numbers;  // of the one rider's rides
  const auto count = std::count(keys.begin(), keys.end(), rider);
  platform.wait_until("all of them are in the log", [&] {
    const auto polled = consumer->poll(100);
    if (!polled.ok()) return false;
    for (const auto& record : *polled) {
      if (record.key != rider) continue;
      const auto id = nlohmann::json::parse(*record.value).at("ride_id").get<std::string>();
      numbers.push_back(std::stoi(id.substr(id.find('-') + 1)));
    }
    return std::ssize(numbers) >= count;
  });
  EXPECT_TRUE(std::is_sorted(numbers.begin(), numbers.end()));
  EXPECT_EQ(std::ssize(numbers), count) << "none twice";
}

}  // namespace
}  // namespace hailstorm::testing
