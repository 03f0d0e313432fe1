#include "services/lab/views/recording.h"

#include <fstream>
#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <vector>

#include "services/lab/views/errors.h"
#include "services/lab/views/frame_ring.h"
#include "services/lab/views/recording_reader.h"
#include "tests/support/matchers.h"
#include "tests/support/temp_folder.h"

namespace hailstorm::lab {
namespace {

constexpr int64_t kStart = 1'700'000'000'000;

FrameRing::Text frame(int64_t seq, size_t bytes = 0) {
  return std::make_shared<const std::string>(R"({"v":1,"seq":)" + std::to_string(seq) +
                                             R"(,"pad":")" + std::string(bytes, 'x') + "\"}");
}

TrafficState riders(double rate, int64_t rides) {
  return {rate, {"log", "chain"}, rate > 0, rides};
}

FaultState fault(const std::string& id, int64_t asked_at_ms) {
  FaultState state;
  state.request.id = id;
  state.request.target = "payment";
  state.request.action = FaultAction::freeze;
  state.request.duration_ms = 15'000;
  state.phase = FaultPhase::proven;
  state.asked_at_ms = state.injected_at_ms = state.proven_at_ms = asked_at_ms;
  return state;
}

TEST(FrameRingTest, FramesThatAreTooOldAreDropped) {
  FrameRing ring({.span_ms = 1'000});
  for (int i = 0; i < 20; ++i) ring.add(kStart + 200 * i, frame(i));
  EXPECT_EQ(ring.size(), 6U);
  EXPECT_EQ(ring.begin_ms(), kStart + 200 * 14);
}

TEST(FrameRingTest, AboveItsBytesTheOldestFramesAreThinnedToOneASecond) {
  FrameRing ring({.bytes = 40'000});
  for (int i = 0; i < 100; ++i) ring.add(kStart + 200 * i, frame(i, 1'000));
  EXPECT_LE(ring.bytes(), 40'000U);
  EXPECT_EQ(ring.begin_ms(), kStart) << "no minute is lost as long as there is something to thin";
  const auto all = ring.since(0);
  EXPECT_EQ(*all.front(), *frame(0, 1'000));
  EXPECT_EQ(*all[1], *frame(5, 1'000));
  EXPECT_EQ(*all[all.size() - 2], *frame(98, 1'000));
  EXPECT_EQ(*all.back(), *frame(99, 1'000));
}

TEST(FrameRingTest, ItNeverHoldsMoreThanItsBytes) {
  FrameRing ring({.bytes = 10'000});
  for (int i = 0; i < 1'000; ++i) {
    ring.add(kStart + 1'000 * i, frame(i, i % 7 == 0 ? 4'000 : 100));
    ASSERT_LE(ring.bytes(), 10'000U) << i;
  }
  EXPECT_GE(ring.size(), 3U);
  EXPECT_EQ(*ring.since(0).back(), *frame(999, 100));
}

class RecordingTest : public ::testing::Test {
 protected:
  void add(int64_t after_ms, const TrafficState& traffic, std::vector<FaultState> faults = {}) {
    recording_.add(kStart + after_ms, frame(after_ms), traffic, faults);
  }
  RecordingReader read(int64_t last_ms = 600'000, const std::string& more = "") {
    std::ofstream(file_) << recording_.lines(last_ms) << more;
    auto reader = RecordingReader::open(file_);
    EXPECT_OK(reader);
    return std::move(*reader);
  }

  testing::TempFolder folder_;
  const std::filesystem::path file_ = folder_.path() / "incident.jsonl";
  Recording recording_{{.run = "a run", .seed = 7, .platform = {{"base_port", 7400}}}};
};

TEST_F(RecordingTest, WithoutAFrameItIsEmpty) { EXPECT_EQ(recording_.lines(1'000), ""); }

TEST_F(RecordingTest, AReaderGetsTheScheduleAndEachFrame) {
  add(0, riders(40, 100));
  add(1'000, riders(40, 140));
  add(2'000, riders(0, 150), {fault("f1", kStart + 1'500)});
  auto ended = fault("f1", kStart + 1'500);
  ended.phase = FaultPhase::proven_off;
  ended.reverted_at_ms = kStart + 2'500;
  add(3'000, riders(0, 150), {ended});

  auto reader = read();
  const Schedule& schedule = reader.schedule();
  EXPECT_EQ(schedule.run, "a run");
  EXPECT_EQ(schedule.seed, 7U);
  EXPECT_EQ(schedule.begin_ms, kStart);
  EXPECT_EQ(schedule.duration_ms(), 3'000);
  EXPECT_EQ(json::to_text(schedule.platform), R"({"base_port":7400})");
  ASSERT_EQ(schedule.traffic.size(), 2U);
  EXPECT_EQ(schedule.traffic[0].at_ms, 0);
  EXPECT_EQ(schedule.traffic[0].traffic.rides, 100);
  EXPECT_EQ(schedule.traffic[1].at_ms, 2'000);
  EXPECT_FALSE(schedule.traffic[1].traffic.running);
  ASSERT_EQ(schedule.faults.size(), 1U);
  EXPECT_EQ(schedule.faults[0].at_ms, 1'500);
  EXPECT_EQ(schedule.faults[0].reverted_at_ms, 2'500);
  EXPECT_EQ(schedule.faults[0].phase, FaultPhase::proven_off);
  EXPECT_EQ(schedule.faults[0].request.action, FaultAction::freeze);
  EXPECT_EQ(schedule.faults[0].request.duration_ms, 15'000);

  for (const int64_t seq : {0, 1'000, 2'000, 3'000}) {
    const auto one = reader.next_frame();
    ASSERT_OK(one);
    ASSERT_TRUE(one->has_value());
    EXPECT_EQ((*one)->find("seq")->integer(), seq);
  }
  const auto end = reader.next_frame();
  ASSERT_OK(end);
  EXPECT_FALSE(end->has_value());
  EXPECT_FALSE(reader.audit().has_value());
}

TEST_F(RecordingTest, ALaterPartBeginsWithWhatHoldsThere) {
  add(0, riders(40, 0), {fault("over", kStart), fault("on", kStart + 100)});
  auto over = fault("over", kStart);
  over.reverted_at_ms = kStart + 5'000;
  add(10'000, riders(80, 400), {over, fault("on", kStart + 100)});
  add(20'000, riders(80, 1'200), {over, fault("on", kStart + 100)});

  auto reader = read(5'000);
  const Schedule& schedule = reader.schedule();
  EXPECT_EQ(schedule.begin_ms, kStart + 15'000);
  ASSERT_EQ(schedule.traffic.size(), 1U);
  EXPECT_EQ(schedule.traffic[0].at_ms, 0);
  EXPECT_EQ(schedule.traffic[0].traffic.rate, 80);
  ASSERT_EQ(schedule.faults.size(), 1U);
  EXPECT_EQ(schedule.faults[0].request.id, "on");
  EXPECT_EQ(schedule.faults[0].at_ms, 100 - 15'000);
  EXPECT_FALSE(schedule.faults[0].reverted_at_ms.has_value());
}

TEST_F(RecordingTest, TheAuditAfterTheFramesIsRead) {
  add(0, riders(0, 0));
  auto reader = read(1'000, R"({"audit":{"lost":0}})"
                            "\n");
  ASSERT_OK(reader.next_frame());
  const auto end = reader.next_frame();
  ASSERT_OK(end);
  EXPECT_FALSE(end->has_value());
  ASSERT_TRUE(reader.audit().has_value());
  EXPECT_EQ(json::to_text(*reader.audit()), R"({"lost":0})");
}

TEST_F(RecordingTest, ALineThatWasCutOffIsNoFrame) {
  add(0, riders(0, 0));
  auto reader = read(1'000, R"({"v":1,"seq)");
  ASSERT_OK(reader.next_frame());
  const auto end = reader.next_frame();
  ASSERT_OK(end);
  EXPECT_FALSE(end->has_value());
}

TEST_F(RecordingTest, AFileThatIsNoRecordingIsRefusedByItsLine) {
  const auto refused = [this](const std::string& text) {
    std::ofstream(file_) << text;
    const auto reader = RecordingReader::open(file_);
    return reader.ok() ? "it was taken" : reader.error().message();
  };
  EXPECT_NE(refused("").find("has no line"), std::string::npos);
  EXPECT_NE(refused("no json\n").find("line 1"), std::string::npos);
  EXPECT_NE(refused("{\"v\":1}\n").find("recording"), std::string::npos);
  EXPECT_NE(refused(R"({"recording":2,"run":"","begin_ms":0,"end_ms":0,"seed":0})"
                    "\n")
                .find("its version is 2"),
            std::string::npos);
  EXPECT_NE(refused(R"({"recording":1,"run":"","begin_ms":0,"end_ms":0,"seed":0,"traffic":[],)"
                    R"("faults":[{"at_ms":0,"phase":"proven","fault":{"target":""}}]})"
                    "\n")
                .find("faults: "),
            std::string::npos);
  EXPECT_TRUE(RecordingReader::open(folder_.path() / "none").error().is(ViewErrc::cannot_read));
}

}  // namespace
}  // namespace hailstorm::lab
