#include <chrono>
#include <cstdlib>
#include <random>

#include "tests/broker/cli/hail_fixture.h"

namespace hailstorm::cli {
namespace {

/// `hail consume --follow` beside a topic that is deleted, made again and written to, at moments
/// that differ from run to run.
class HailRemadeTopicTest : public HailFixture {
 protected:
  static constexpr int kRounds = 4;
  static constexpr int kValues = 40;

  static uint64_t a_seed() {
    const char* const given = std::getenv("TEST_SEED");
    return given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device()();
  }
  void pause() {
    const auto ms = std::uniform_int_distribution<int>(0, 300)(random_);
    (void)testing::await([] { return false; }, std::chrono::milliseconds(ms));
  }
  void make_again() {
    ok({"topics", "delete", "t"});
    pause();
    const int partitions = std::uniform_int_distribution<int>(1, 4)(random_);
    ok({"topics", "create", "t", "--partitions", std::to_string(partitions)});
    pause();
  }
  static std::string value(int round, int number) {
    return "value-" + std::to_string(round) + "-" + std::to_string(number) + ".";
  }
  void produce(int round) {
    std::string lines;
    for (int i = 0; i < kValues; ++i) lines += value(round, i) + "\n";
    ok({"produce", "t"}, lines);
  }
  /// How many values of the round were printed.
  static int printed(const std::string& out, int round) {
    int count = 0;
    for (int i = 0; i < kValues; ++i)
      count += out.find(value(round, i)) != std::string::npos ? 1 : 0;
    return count;
  }
  void expect_no_record_skipped(const std::vector<std::string>& more) {
    SCOPED_TRACE("TEST_SEED=" + std::to_string(seed_));
    ok({"topics", "create", "t", "--partitions", "2"});
    std::vector<std::string> arguments = {"consume", "t", "--follow", "--json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    RunningHail hail(at_broker(arguments));
    for (int round = 0; round < kRounds; ++round) {
      if (round > 0) make_again();
      produce(round);
      EXPECT_TRUE(testing::await([&] { return printed(hail.out(), round) == kValues; }))
          << "round " << round << ": only " << printed(hail.out(), round) << " were printed\n"
          << hail.err();
    }
    EXPECT_EQ(hail.interrupt(), 0) << hail.err();
  }

  const uint64_t seed_ = a_seed();
  std::mt19937_64 random_{seed_};
};

// Invariant 4: what a reader has read of the old topic says nothing about the new one.
TEST_F(HailRemadeTopicTest, AGroupThatFollowsSkipsNoRecordOfTheNewTopic) {
  expect_no_record_skipped({"--group", "g"});
}

TEST_F(HailRemadeTopicTest, AReaderThatFollowsSkipsNoRecordOfTheNewTopic) {
  expect_no_record_skipped({});
}

TEST_F(HailRemadeTopicTest, TheIdOfATopicIsShown) {
  ok({"topics", "create", "t"});
  const std::string before = ok({"topics", "describe", "t"});
  EXPECT_NE(before.find(" id "), std::string::npos) << before;
  make_again();
  EXPECT_NE(ok({"topics", "describe", "t"}), before);
}

}  // namespace
}  // namespace hailstorm::cli
