#include <algorithm>
#include <gtest/gtest.h>
#include <memory>
#include <string>

#include "common/base/clock.h"
#include "common/base/stop_signal.h"
#include "services/lab/serve/own_lab.h"
#include "services/lab/views/record_command.h"
#include "services/lab/views/recording_reader.h"
#include "tests/support/await.h"
#include "tests/support/free_ports.h"
#include "tests/support/matchers.h"
#include "tests/support/raw_client.h"
#include "tests/support/run_program.h"
#include "tests/support/temp_folder.h"

/// Frames of a real platform with real riders, one process of which freezes.
namespace hailstorm::lab {
namespace {

using testing::await;

class LiveFramesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    OwnLabSettings settings;
    settings.platform.data = (folder_.path() / "platform").string();
    settings.platform.base_port = testing::free_ports(registry::port_range());
    settings.platform.programs = testing::program_folder().string();
    auto own = OwnLab::open(settings, clock_, stop_);
    ASSERT_OK(own);
    own_ = std::move(*own);
  }
  /// A number of the frame of now.
  double value(const std::string& path) {
    const auto answered = own_->client().get("/api/value/" + path);
    EXPECT_OK(answered);
    return answered.ok() ? answered->number().value_or(-1) : -1;
  }
  void ride(double rate) { ASSERT_OK(own_->client().put("/api/traffic", {{"rate", rate}})); }
  void freeze_payment() {
    ASSERT_OK(own_->client().post(
        "/api/faults", {{"target", "payment"}, {"action", "freeze"}, {"duration", "3s"}}));
  }
  void expect_frozen_frames(RecordingReader& reader) {
    bool was_frozen = false;
    double highest_lag_s = 0;
    int64_t last_seq = 0;
    while (true) {
      const auto frame = reader.next_frame();
      ASSERT_OK(frame);
      if (!*frame) break;
      const auto seq = (*frame)->find("seq")->integer().value_or(0);
      EXPECT_GT(seq, last_seq);
      last_seq = seq;
      const json::Value& payment = *(*frame)->find("processes")->find("payment");
      was_frozen = was_frozen || *payment.find("state")->text() == "frozen";
      highest_lag_s = std::max(highest_lag_s, payment.find("lag_s")->number().value_or(0));
    }
    EXPECT_TRUE(was_frozen);
    EXPECT_GT(highest_lag_s, 1.0);
    EXPECT_LT(highest_lag_s, 60.0);
  }

  SystemClock clock_;
  StopSignal stop_;
  testing::TempFolder folder_;
  std::unique_ptr<OwnLab> own_;
};

TEST_F(LiveFramesTest, ShowAFaultAndItsEffectAndAreRecordedWithIt) {
  ride(40);
  ASSERT_TRUE(await([&] { return value("lanes.log.settled") > 20; }));
  EXPECT_GT(value("lanes.chain.settled"), 0);
  EXPECT_EQ(value("lanes.chain.accepted_ratio"), 1);
  freeze_payment();
  EXPECT_EQ(value("faults.on"), 1) << "who has just asked for a fault finds it";
  ASSERT_TRUE(await([&] { return value("processes.payment.lag_s") > 1; }));
  EXPECT_GT(value("processes.payment.lag"), 0);
  EXPECT_EQ(value("lanes.log.accepted_ratio"), 1);
  ASSERT_TRUE(await([&] { return value("lanes.chain.accepted_ratio") < 1; }));
  ASSERT_TRUE(await([&] { return value("faults.on") == 0; }));
  ride(0);
  ASSERT_TRUE(await([&] { return value("processes.payment.lag") == 0; }));
  testing::RawClient stream(own_->client().address().port);
  stream.send("GET /api/stream HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_NE(stream.read_until("payment is frozen").find("payment is frozen"), std::string::npos);
  EXPECT_NE(stream.read_until("freeze payment is proven off").find("is proven off"),
            std::string::npos);

  const RecordSettings record{(folder_.path() / "incident.jsonl").string(),
                              {.lab = own_->lab()->url(), .token_file = {}, .bearer = {}},
                              0};
  ASSERT_EQ(run_record(record, stop_), 0);
  auto reader = RecordingReader::open(record.file);
  ASSERT_OK(reader);
  ASSERT_EQ(reader->schedule().faults.size(), 1U);
  const RecordedFault& fault = reader->schedule().faults.front();
  EXPECT_EQ(fault.request.target, "payment");
  EXPECT_EQ(fault.request.duration_ms, 3'000);
  ASSERT_TRUE(fault.reverted_at_ms.has_value());
  EXPECT_GE(*fault.reverted_at_ms - fault.at_ms, 2'900);
  const auto& traffic = reader->schedule().traffic;
  ASSERT_GE(traffic.size(), 3U) << "none, 40 rides per second, none";
  EXPECT_LE(traffic.size(), 4U) << "a frame may have seen the last riders wait";
  EXPECT_EQ(traffic[1].traffic.rate, 40);
  EXPECT_EQ(traffic.back().traffic.rate, 0);
  expect_frozen_frames(*reader);
  ASSERT_TRUE(reader->audit().has_value());
  EXPECT_EQ(reader->audit()->find("log")->find("lost")->integer(), 0);
}

}  // namespace
}  // namespace hailstorm::lab
