#include <cstdlib>
#include <gtest/gtest.h>
#include <iostream>
#include <random>

#include "tests/support/kafka_tool.h"
#include "tests/support/matchers.h"
#include "tests/system/history/round.h"

namespace hailstorm::testing {
namespace {

constexpr int64_t kStormMs = 2'000;
constexpr uint64_t kRounds = 20;
constexpr size_t kShownFindings = 10;

uint64_t number_from(const char* name, uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

/// The segments and indexes of every partition.
std::vector<std::filesystem::path> files_in(const std::filesystem::path& data) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(data)) {
    const auto kind = entry.path().extension();
    if (kind == ".log" || kind == ".index" || kind == ".timeindex") files.push_back(entry.path());
  }
  return files;
}

void expect_that_kafka_reads(Round& round) {
  bool well = false;
  const auto files = files_in(round.close(well));
  EXPECT_TRUE(well) << round.story();
  EXPECT_FALSE(files.empty());
  if (!why_no_kafka().empty()) return;
  EXPECT_EQ(kafka_dump(files).complaints, "") << round.story();
}

void run_round(uint64_t seed, std::map<history::Kind, int64_t>& seen) {
  Round round(seed, Clients::librdkafka);
  SCOPED_TRACE("TEST_SEED=" + std::to_string(seed) + ": " + round.shape());
  round.storm(kStormMs);
  EXPECT_TRUE(round.heal()) << round.story();
  const auto events = round.events();
  ASSERT_OK(events);
  for (const auto& [kind, number] : history::count(*events)) seen[kind] += number;
  const auto findings = history::check(*events);
  for (size_t i = 0; i < std::min(findings.size(), kShownFindings); ++i)
    ADD_FAILURE() << name_of(findings[i].fault) << ": " << findings[i].what;
  EXPECT_EQ(findings.size(), 0U) << round.story();
  expect_that_kafka_reads(round);
}

// As HistoryTest, with clients of Kafka's protocol: of what was acknowledged, SIGKILL, SIGSTOP and
// cut connections lose nothing, double nothing and reorder nothing, no commit goes back, and
// Kafka's DumpLogSegments finds nothing wrong in the files that are left.
TEST(KafkaHistoryTest, EveryRoundIsAsIfNothingHadHappened) {
  if (!why_no_kafka().empty())
    std::cout << "DumpLogSegments is not asked: " << why_no_kafka() << "\n";
  const uint64_t seed = number_from("TEST_SEED", std::random_device{}());
  const uint64_t rounds =
      number_from("TEST_ROUNDS", std::getenv("TEST_SEED") == nullptr ? kRounds : 1);
  std::map<history::Kind, int64_t> seen;
  for (uint64_t i = 0; i < rounds && !HasFailure(); ++i) run_round(seed + i, seen);
  std::cout << rounds << " rounds, seeds from " << seed << ":";
  for (const auto& [kind, number] : seen) std::cout << " " << name_of(kind) << " " << number;
  std::cout << "\n";
  for (const auto kind : {history::Kind::acked, history::Kind::read, history::Kind::committed,
                          history::Kind::saw_end, history::Kind::saw_commit}) {
    EXPECT_GT(seen[kind], 0) << name_of(kind) << ": nothing was seen, and so nothing is proved";
  }
}

}  // namespace
}  // namespace hailstorm::testing
