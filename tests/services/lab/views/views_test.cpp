#include "services/lab/views/views.h"

#include <atomic>
#include <chrono>
#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <vector>

#include "common/http/server.h"
#include "services/lab/platform/errors.h"
#include "services/lab/views/handlers.h"
#include "tests/support/await.h"
#include "tests/support/matchers.h"
#include "tests/support/raw_client.h"
#include "tests/support/temp_folder.h"

namespace hailstorm::lab {
namespace {

using namespace std::chrono_literals;
using testing::await;

/// Views of a platform that has one process.
class ViewsTest : public ::testing::Test {
 protected:
  Result<FrameSources> look() {
    ++looks_;
    if (is_gone_) return Error(PlatformErrc::agent_failed, "the agent is gone");
    FrameSources sources;
    ProcessSample one;
    one.process.name = "payment";
    one.process.state = ProcessState::running;
    one.is_known = true;
    sources.platform.processes = {one};
    return sources;
  }
  static std::string state_in(const MadeFrame& frame) {
    return *frame.document.find("processes")->find("payment")->find("state")->text();
  }
  std::vector<std::shared_ptr<void>> open_streams(size_t count) {
    std::vector<std::shared_ptr<void>> places;
    for (size_t i = 0; i < count; ++i) {
      places.push_back(http::EventFeed::take_place(views_.feed(), false));
    }
    return places;
  }
  /// How often the platform was looked at meanwhile.
  int looks_during(std::chrono::milliseconds span) {
    const int before = looks_;
    const auto until = std::chrono::steady_clock::now() + span;
    (void)await([&] { return std::chrono::steady_clock::now() > until; });
    return looks_ - before;
  }

  testing::TempFolder folder_;
  SystemClock clock_;
  std::atomic<int> looks_ = 0;
  std::atomic<bool> is_gone_ = false;
  Views views_{[this] { return look(); }, folder_.path(), {.run = "a run"}, clock_};
};

TEST_F(ViewsTest, TheFirstFrameIsThereWhenTheyHaveStarted) {
  EXPECT_EQ(views_.frame(0), nullptr);
  views_.start();
  const auto frame = views_.frame(60'000);
  ASSERT_NE(frame, nullptr);
  EXPECT_EQ(looks_, 1);
  EXPECT_EQ(state_in(*frame), "running");
  EXPECT_EQ(*frame->text, json::to_text(frame->document));
}

TEST_F(ViewsTest, AFrameThatMustBeNewIsMadeAtOnce) {
  views_.start();
  for (int i = 0; i < 5; ++i) {
    const auto begin_ms = clock_.steady_ms();
    const auto frame = views_.frame(0);
    ASSERT_GE(frame->at_ms, begin_ms);
  }
}

TEST_F(ViewsTest, HoweverOftenSomebodyAsksThereAreTenFramesPerSecond) {
  views_.start();
  const auto until = std::chrono::steady_clock::now() + 1s;
  while (std::chrono::steady_clock::now() < until) (void)views_.frame(0);
  EXPECT_LE(looks_, 12);
}

TEST_F(ViewsTest, TheyLookOncePerSecondWhileNobodySees) {
  views_.start();
  EXPECT_LE(looks_during(2'200ms), 3);
}

TEST_F(ViewsTest, HoweverManySeeTheyLookFiveTimesPerSecond) {
  views_.start();
  const auto places = open_streams(http::EventFeed::kMaxStreams);
  EXPECT_LE(looks_during(1'000ms), 6);
  EXPECT_TRUE(await([&] { return looks_ >= 8; }));
}

TEST_F(ViewsTest, WhenThePlatformIsGoneTheFrameSaysSoOnce) {
  views_.start();
  is_gone_ = true;
  auto frame = views_.frame(0);
  EXPECT_EQ(state_in(*frame), "unknown");
  EXPECT_NE(frame->text->find("the agent is gone"), std::string::npos);
  frame = views_.frame(0);
  EXPECT_EQ(testing::count_of(*frame->text, "the agent is gone"), 1U);
  is_gone_ = false;
  EXPECT_EQ(state_in(*views_.frame(0)), "running");
}

TEST_F(ViewsTest, AStreamCarriesEachFrameAndTheServerStopsAtOnce) {
  http::Server server({});
  server.route_stream(
      "/api/stream", [](const http::Request&) { return http::StreamReader::known; }, views_.feed());
  server.route("GET", "/api/state", [this](const http::Request&) { return state_answer(views_); });
  views_.start();
  ASSERT_OK(server.start());
  testing::RawClient reader(server.port());
  reader.send("GET /api/stream HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const std::string stream = reader.read_until("\"seq\":4");
  EXPECT_NE(stream.find("id: 3\ndata: {\"v\":1,\"run\":\"a run\",\"seq\":3,"), stream.npos)
      << stream;
  const std::string state = testing::answer_to(
      server.port(), "GET /api/state HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  EXPECT_NE(state.find("\"run\":\"a run\""), state.npos) << state;
  const auto begin = std::chrono::steady_clock::now();
  server.stop();
  views_.stop();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 1s);
}

TEST_F(ViewsTest, TheRecordingHasTheFramesOfTheLastSeconds) {
  views_.start();
  for (int i = 0; i < 5; ++i) (void)views_.frame(0);
  http::Request request;
  const auto all = recording_answer(views_, request);
  EXPECT_EQ(all.status, 200);
  EXPECT_TRUE(all.body.starts_with(R"({"recording":1,"run":"a run")")) << all.body;
  EXPECT_GE(testing::count_of(all.body, "\n"), 6U);
  for (const char* wrong : {"", "0", "-1", "1x", "90000"}) {
    request.query["seconds"] = wrong;
    EXPECT_EQ(recording_answer(views_, request).status, 422) << wrong;
  }
}

}  // namespace
}  // namespace hailstorm::lab
