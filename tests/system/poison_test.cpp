#include <map>
#include <sstream>

#include "common/base/clock.h"
#include "common/events/events.h"
#include "tests/support/matchers.h"
#include "tests/system/system_fixture.h"

namespace hailstorm::testing {
namespace {

constexpr int64_t kRides = 300;
constexpr double kPerSecond = 300;

std::vector<log::ConsumedRecord> read_all(Platform& platform, const std::string& topic,
                                          size_t at_least) {
  const auto admin = platform.log().make_admin();
  std::vector<log::TopicPartition> ids;
  for (int32_t i = 0; i < 4; ++i) ids.push_back({topic, i});
  const auto consumer = platform.log().make_consumer({});
  consumer->assign(admin->offsets_at(ids, log::kEarliest).value().positions);
  std::vector<log::ConsumedRecord> all;
  platform.wait_until(topic + " has its records", [&] {
    auto polled = consumer->poll(100);
    if (polled.ok()) all.insert(all.end(), polled->begin(), polled->end());
    return all.size() >= at_least;
  });
  return all;
}

// Poison goes to dead_letter; the rest keep their order and settle.
TEST(PoisonTest, GoesToDeadLetterAndAllOthersSettle) {
  Platform platform;
  platform.ride(kRides, kPerSecond);
  platform.wait_for_events("matching", 50);
  const auto producer = platform.log().make_producer();
  log::Record poison;
  poison.key = "rider-poison";
  poison.value = "{\"ride_id\": 7, this is no event";
  ASSERT_OK(producer->send("ride_requested", poison, nullptr));
  ASSERT_OK(producer->flush(10'000));
  platform.wait_for_riders();
  platform.wait_until_settled();
  expect_all_settled(platform, kRides);

  std::map<std::string, int> letters_by_group;
  for (const auto& letter : read_all(platform, "dead_letter", 4)) {
    EXPECT_EQ(letter.value, poison.value);
    for (const auto& [key, value] : letter.headers) {
      if (key == "dead_letter_group") ++letters_by_group[value.value_or("")];
    }
  }
  const std::map<std::string, int> expected = {
      {"analytics", 1}, {"matching", 1}, {"notification", 1}, {"payment", 1}};
  EXPECT_EQ(letters_by_group, expected);
}

/// The lines of a process's log that are about dead letters, and how many letters they stand for.
struct DeadLetterLines {
  int64_t lines = 0;
  int64_t letters = 0;
};

DeadLetterLines dead_letter_lines(const Platform& platform, const std::string& name) {
  DeadLetterLines found;
  std::istringstream log(platform.log_of(name));
  for (std::string line; std::getline(log, line);) {
    if (line.find("event goes to dead_letter") == std::string::npos) continue;
    ++found.lines;
    if (line.find("\"place\"") != std::string::npos) ++found.letters;
    const std::string count = "\"suppressed\":";
    if (const size_t at = line.find(count); at != std::string::npos)
      found.letters += std::stoll(line.substr(at + count.size()));
  }
  return found;
}

TEST(PoisonTest, AFloodOfItWritesALineASecondWithTheCount) {
  constexpr int kPoison = 5'000;
  Platform platform;
  const int64_t began_ms = SystemClock().steady_ms();
  const auto producer = platform.log().make_producer();
  for (int i = 0; i < kPoison; ++i) {
    log::Record poison;
    poison.key = "rider-poison";
    poison.value = "this is no event";
    ASSERT_OK(producer->send("ride_requested", poison, nullptr));
  }
  ASSERT_OK(producer->flush(10'000));
  for (const char* name : {"matching", "payment", "notification", "analytics"}) {
    platform.wait_until(std::string(name) + " has logged the flood",
                        [&] { return dead_letter_lines(platform, name).letters >= kPoison; });
    const auto found = dead_letter_lines(platform, name);
    EXPECT_EQ(found.letters, kPoison) << name;
    EXPECT_LE(found.lines, (SystemClock().steady_ms() - began_ms) / 1000 + 1) << name;
  }
}

}  // namespace
}  // namespace hailstorm::testing
