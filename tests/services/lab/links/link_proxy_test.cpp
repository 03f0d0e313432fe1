#include "services/lab/links/link_proxy.h"

#include <atomic>
#include <future>
#include <gtest/gtest.h>

#include "common/http/client.h"
#include "common/http/server.h"
#include "tests/support/await.h"
#include "tests/support/fake_clock.h"
#include "tests/support/matchers.h"

namespace hailstorm::lab {
namespace {

constexpr int kPatienceMs = 20'000;

/// A server that answers at once, and one that answers when it is released; reached through a
/// proxy.
class LinkProxyTest : public ::testing::Test {
 protected:
  void SetUp() override {
    server_.route("GET", "/now", [](const http::Request&) { return http::Response(); });
    server_.route("POST", "/later", [this](const http::Request&) {
      is_reached_ = true;
      released_.get_future().wait();
      return http::Response();
    });
    ASSERT_OK(server_.start());
    auto opened = LinkProxy::open(server_.port(), clock_);
    ASSERT_OK(opened);
    proxy_ = std::move(opened).value();
  }
  [[nodiscard]] http::Client client() const {
    return http::Client({"127.0.0.1", proxy_->port()}, kPatienceMs);
  }

  testing::FakeClock clock_;
  std::atomic<bool> is_reached_ = false;
  std::promise<void> released_;
  http::Server server_{{}};
  std::unique_ptr<LinkProxy> proxy_;
};

TEST_F(LinkProxyTest, RequestsAndAnswersAreCarried) {
  const auto answer = client().get("/now");
  ASSERT_OK(answer);
  EXPECT_EQ(answer->status, 200);
}

TEST_F(LinkProxyTest, AResetEndsAConnectionInTheMiddleOfARequest) {
  auto answer = std::async(std::launch::async, [this] { return client().post("/later", "{}"); });
  EXPECT_TRUE(testing::await([this] { return is_reached_.load(); }));
  proxy_->reset_peers();
  EXPECT_FALSE(answer.get().ok());
  released_.set_value();
  EXPECT_OK(client().get("/now"));  // new connections are accepted
}

TEST_F(LinkProxyTest, NothingIsCarriedUntilATimeoutIsOver) {
  proxy_->timeout(1'000);
  auto answer = std::async(std::launch::async, [this] { return client().get("/now"); });
  clock_.advance_ms(999);
  EXPECT_EQ(answer.wait_for(std::chrono::milliseconds(50)), std::future_status::timeout);
  clock_.advance_ms(1);
  EXPECT_OK(answer.get());
}

}  // namespace
}  // namespace hailstorm::lab
