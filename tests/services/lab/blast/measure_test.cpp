#include "services/lab/blast/measure.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/lab/blast/blast_cell.h"
#include "services/lab/blast/prediction.h"

namespace hailstorm::lab {
namespace {

using ::testing::HasSubstr;

const std::string kLog(kLogLane);
const std::string kSettling(kLogSettling);

/// Frames at 5 Hz with 40 rides a second, in which nothing is wrong.
Frames calm(int64_t from_ms, int count) {
  Frames frames;
  for (int i = 0; i < count; ++i) {
    Snapshot frame;
    frame.t_ms = from_ms + i * 200;
    frame.seq = frame.t_ms / 200;
    frame.processes["payment"] = {.state = "running", .ready = true, .rate = 40, .lag = i % 3};
    const int64_t rides = frame.t_ms / 25;
    frame.lanes["log"] = {rides, rides, 0, rides - 2, 2.0, 10.0};
    frames.push_back(frame);
  }
  return frames;
}

TEST(MeasureTest, ALaneIsMeasuredByWhatCameInTheSpan) {
  const auto figures = measure(calm(1'000, 11), kLog);
  EXPECT_EQ(figures.accepted_percent, 100);
  EXPECT_EQ(figures.settled_rate, 40);
  EXPECT_EQ(figures.p99_ms, 10);
  EXPECT_EQ(figures.lag, 2);
}

TEST(UsualTest, AnotherCalmSpanIsNoDeviation) {
  for (const auto& subject : {std::string("payment"), kLog, kSettling}) {
    const Usual usual(calm(0, 10), subject);
    EXPECT_EQ(usual.deviation(calm(2'000, 10)), "") << subject;
    EXPECT_TRUE(usual.is_usual(calm(2'000, 1)[0], calm(2'200, 1)[0])) << subject;
  }
}

TEST(UsualTest, AProcessThatDoesNotWorkInTwoFramesIsHurt) {
  auto frames = calm(2'000, 10);
  frames[4].processes["payment"].ready = false;
  const Usual usual(calm(0, 10), "payment");
  EXPECT_EQ(usual.deviation(frames), "") << "one frame is chance";
  frames[5].processes["payment"].state = "frozen";
  EXPECT_THAT(usual.deviation(frames), HasSubstr("worked in 80 % of the time"));
}

TEST(UsualTest, AProcessThatStaysASecondOfEventsLateIsHurt) {
  const Usual usual(calm(0, 10), "payment");
  auto frames = calm(2'000, 10);
  frames[5].processes["payment"].outbox = 40;
  EXPECT_EQ(usual.deviation(frames), "");
  frames[6].processes["payment"].lag = 43;
  EXPECT_EQ(usual.deviation(frames), "") << "a burst that is read within one frame";
  frames[7].processes["payment"].lag = 43;
  EXPECT_THAT(usual.deviation(frames), HasSubstr("its lag rose to 43, 42 is usual"));
  EXPECT_FALSE(usual.is_usual(frames[5], frames[6]));
}

TEST(UsualTest, DeadLettersHurtTheirReader) {
  auto frames = calm(2'000, 10);
  frames[9].processes["payment"].dead_letters = 1;
  EXPECT_THAT(Usual(calm(0, 10), "payment").deviation(frames), HasSubstr("1 dead letters"));
}

TEST(UsualTest, ALaneThatRefusesRidesOrAnswersLateIsHurt) {
  const Usual usual(calm(0, 10), kLog);
  auto refused = calm(2'000, 10);
  refused[9].lanes["log"].accepted -= 5;
  EXPECT_THAT(usual.deviation(refused), HasSubstr("% were accepted, 100.0 % before"));
  auto late = calm(2'000, 10);
  late[5].lanes["log"].p99_ms = 79;
  EXPECT_EQ(usual.deviation(late), "");
  late[5].lanes["log"].p99_ms = 81;
  EXPECT_THAT(usual.deviation(late), HasSubstr("its p99 rose to 81 ms"));
}

TEST(UsualTest, RidesThatWaitForASecondHoldUpSettling) {
  const Usual usual(calm(0, 10), kSettling);
  auto frames = calm(2'000, 10);
  frames[9].lanes["log"].settled -= 41;
  EXPECT_THAT(usual.deviation(frames), HasSubstr("43 rides waited"));
}

TEST(BlastCellTest, RecoveryLastsUntilTheSubjectIsAsBeforeForGood) {
  BlastFrames frames = {calm(0, 10), calm(2'000, 10), calm(4'000, 15)};
  for (const size_t bad : {0U, 3U, 6U}) frames.after[bad].processes["payment"].ready = false;
  const auto effects = effects_of({"matching", FaultAction::freeze}, frames);
  const BlastEffect& payment = effects.at("payment");
  EXPECT_FALSE(payment.predicted);
  EXPECT_FALSE(payment.observed) << payment.why;
  EXPECT_NEAR(payment.recovered_s, 1.4, 0.01);
  EXPECT_FALSE(effects.contains("matching")) << "the target itself";
}

}  // namespace
}  // namespace hailstorm::lab
