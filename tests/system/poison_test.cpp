#include <map>
#include <sstream>

#include "common/base/clock.h"
#include "common/events/events.h"
#include "tests/support/lying_batches.h"
#include "tests/support/matchers.h"
#include "tests/support/rides.h"
#include "tests/support/run_program.h"
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

// Invariant 59. Batches as an older broker took them: none of the four services stops there, and
// each keeps the places.
TEST(PoisonTest, WhatNobodyCanDecodeIsADeadLetterAndAllRidesSettle) {
  Platform platform;
  platform.ride(kRides / 2, kPerSecond);
  platform.wait_for_riders();
  platform.wait_until_settled();
  ASSERT_EQ(platform.stop("broker"), 0);
  std::map<std::string, int64_t> places;  // of the second record in each batch
  const auto lying = batch_around({.key_length = varint(100)});
  for (const char* const topic : {"ride_requested", "ride_matched", "payment_authorized"}) {
    for (int i = 0; i < 4; ++i) {
      const std::string partition = std::string(topic) + "-" + std::to_string(i);
      places[partition] = append_unchecked(platform.data() / "broker" / partition, lying) + 1;
    }
  }
  platform.start("broker");
  platform.ride(kRides - kRides / 2, kPerSecond);
  platform.wait_for_riders();
  platform.wait_until_settled();
  expect_all_settled(platform, kRides);
  EXPECT_NE(platform.audit().text.find(R"("undecodable":12)"), std::string::npos)
      << platform.audit().text;

  std::map<std::string, int> kept;  // by group and place
  for (const auto& letter : read_all(platform, "dead_letter", 80)) {
    std::map<std::string, std::string> said;
    for (const auto& [key, value] : letter.headers) said[key] = value.value_or("");
    if (!said.contains("dead_letter_last_offset")) continue;  // the batches' first records
    const std::string partition = said["dead_letter_topic"] + "-" + said["dead_letter_partition"];
    EXPECT_EQ(said["dead_letter_offset"], std::to_string(places[partition])) << partition;
    EXPECT_EQ(said["dead_letter_last_offset"], std::to_string(places[partition] + 1)) << partition;
    ++kept[said["dead_letter_group"] + " " + partition];
  }
  const std::pair<const char*, const char*> readers[] = {{"matching", "ride_requested"},
                                                         {"payment", "ride_requested"},
                                                         {"notification", "ride_requested"},
                                                         {"analytics", "ride_requested"},
                                                         {"gateway", "payment_authorized"}};
  for (const auto& [group, topic] : readers) {
    for (int i = 0; i < 4; ++i) {
      const std::string place = std::string(topic) + "-" + std::to_string(i);
      EXPECT_EQ(kept[std::string(group) + " " + place], 1) << group << " " << place;
    }
  }
}

/// The value of a header; "missing" where there is none.
std::string header_of(const log::ConsumedRecord& record, const std::string& name) {
  for (const auto& [key, value] : record.headers) {
    if (key == name) return value.value_or("null");
  }
  return "missing";
}

// Invariant 58: records just below the limit, whatever is large in them.
TEST(PoisonTest, RecordsOfAnySizeGoToDeadLetterAndAllOthersSettle) {
  constexpr size_t kLargeLine = 4'193'150;
  Platform platform;
  platform.ride(kRides, kPerSecond);
  platform.wait_for_events("matching", 50);
  const auto produced = run_program(
      {program_folder() / "hail", "produce", "ride_requested", "--broker", platform.broker_url()},
      std::string(kLargeLine, 'x') + "\n");
  ASSERT_EQ(produced.exit_code, 0) << produced.err;
  const auto producer = platform.log().make_producer();
  const std::string large(2'000'000, 'r');
  auto of_a_long_id = ride("long-rider");
  of_a_long_id.rider_id = large;
  std::vector<log::Record> all = {events::encode(event(of_a_long_id))};
  all.push_back(events::encode(event(ride("many-headers"))));
  all.back().headers.insert(all.back().headers.begin(), 200'000, {"name", "v"});
  all.back().value = "no ride";
  all.push_back(events::encode(event(ride("long-header"))));
  all.back().headers[1].second = large + large;
  for (auto& record : all) ASSERT_OK(producer->send("ride_requested", std::move(record), nullptr));
  ASSERT_OK(producer->flush(20'000));
  platform.wait_for_riders();
  platform.wait_until_settled();
  expect_all_settled(platform, kRides);

  std::map<std::string, int> letters_by_bytes;
  for (const auto& letter : read_all(platform, "dead_letter", 16)) {
    EXPECT_LT(letter.key.value_or("").size() + letter.value.value_or("").size(), 6'000U);
    EXPECT_NE(header_of(letter, "dead_letter_offset"), "missing");
    EXPECT_LT(header_of(letter, "dead_letter_error").size(), 1'100U);
    ++letters_by_bytes[header_of(letter, "dead_letter_value_bytes")];
  }
  EXPECT_EQ(letters_by_bytes[std::to_string(kLargeLine)], 4);
  for (const char* name : {"matching", "payment", "notification", "analytics"})
    EXPECT_EQ(platform.status(name, "set_aside"), 0) << name;
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
