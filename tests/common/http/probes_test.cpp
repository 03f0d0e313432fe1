#include "common/http/probes.h"

#include <gtest/gtest.h>
#include <string>

#include "common/http/client.h"
#include "tests/support/matchers.h"

namespace hailstorm::http {
namespace {

class ProbesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    add_liveness(server_);
    add_readiness(server_, [this] { return state_; });
    add_metrics(server_, [] { return "hailstorm_rides_total 7\n"; });
    ASSERT_OK(server_.start());
  }
  Response get(const std::string& path) {
    auto answer = Client({"127.0.0.1", server_.port()}, 10'000).get(path);
    EXPECT_OK(answer);
    return answer.ok() ? *std::move(answer) : Response{};
  }

  ReadyState state_;
  Server server_{ServerOptions{}};
};

TEST_F(ProbesTest, AProcessThatAnswersIsAlive) {
  state_.reasons = {"the disk is full"};
  EXPECT_EQ(get("/healthz").status, 200);
  EXPECT_EQ(get("/healthz").body, "{\"alive\":true}\n");
}

TEST_F(ProbesTest, AReadyProcessShowsItsWarning) {
  EXPECT_EQ(get("/readyz").body, "{\"ready\":true}\n");
  state_.warning = "3 events are set aside";
  EXPECT_EQ(get("/readyz").status, 200);
  EXPECT_EQ(get("/readyz").body, "{\"ready\":true,\"warning\":\"3 events are set aside\"}\n");
}

TEST_F(ProbesTest, AProcessThatIsNotReadyNamesEveryReasonInAProblem) {
  state_ = {{"the disk is full", "a partition is closed"}, "3 events are set aside"};
  const Response answer = get("/readyz");
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.content_type, "application/problem+json");
  EXPECT_NE(answer.body.find("\"detail\":\"the disk is full; a partition is closed; "
                             "3 events are set aside\""),
            std::string::npos)
      << answer.body;
}

TEST_F(ProbesTest, MetricsAreInThePrometheusTextFormat) {
  EXPECT_EQ(get("/metrics").body, "hailstorm_rides_total 7\n");
  EXPECT_EQ(get("/metrics").content_type, "text/plain; version=0.0.4");
}

}  // namespace
}  // namespace hailstorm::http
