#include <filesystem>
#include <map>

#include "tests/support/broker_process.h"
#include "tests/support/matchers.h"
#include "tests/system/system_fixture.h"

namespace hailstorm::testing {
namespace {

constexpr int64_t kRides = 600;
constexpr double kPerSecond = 300;

using Log = std::vector<std::string>;  // the values of one partition, by offset

/// Every record of the topic that is there now.
std::map<int32_t, Log> read_all(log::Engine& engine, const std::string& topic) {
  const auto admin = engine.make_admin(20'000);
  std::map<int32_t, Log> logs;
  const auto topics = admin->describe_topics({topic}).value();
  for (const auto& partition : topics.at(0).partitions) {
    const auto consumer = engine.make_consumer({});
    consumer->assign({{{topic, partition.partition}, 0}});
    Log& log = logs[partition.partition];
    while (static_cast<int64_t>(log.size()) < partition.high_watermark) {
      const auto records = consumer->poll(20'000).value();
      for (const auto& record : records) log.push_back(*record.value);
    }
  }
  return logs;
}

bool is_prefix(const Log& part, const Log& whole) {
  return part.size() <= whole.size() && std::equal(part.begin(), part.end(), whole.begin());
}

TEST(BrokerFolderTest, CopiedWhileItIsWrittenOpensAsAPrefix) {
  auto random = seeded_random();
  Platform platform;
  platform.ride(kRides, kPerSecond);
  platform.wait_for_events("analytics", static_cast<int64_t>(50 + random() % 1'000));
  const TempFolder elsewhere;
  std::filesystem::copy(platform.data() / "broker", elsewhere.path() / "data",
                        std::filesystem::copy_options::recursive);
  platform.wait_for_riders();
  platform.wait_until_settled();

  BrokerProcess copy({}, elsewhere.path() / "data");
  const auto copied = log::open(copy.url()).value();
  size_t records = 0;
  for (const auto* topic : {"ride_requested", "ride_matched", "payment_authorized"}) {
    const auto original_logs = read_all(platform.log(), topic);
    const auto copied_logs = read_all(*copied, topic);
    ASSERT_EQ(copied_logs.size(), original_logs.size());
    for (const auto& [partition, part] : copied_logs) {
      EXPECT_TRUE(is_prefix(part, original_logs.at(partition))) << topic << "-" << partition;
      records += part.size();
    }
  }
  EXPECT_GT(records, 0u);
}

}  // namespace
}  // namespace hailstorm::testing
