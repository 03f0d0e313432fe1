#include <chrono>
#include <gtest/gtest.h>
#include <string>
#include <sys/resource.h>
#include <vector>

#include "common/http/client.h"
#include "tests/support/await.h"
#include "tests/support/broker_process.h"
#include "tests/support/child.h"
#include "tests/support/process_figures.h"
#include "tests/support/raw_client.h"

namespace hailstorm::testing {
namespace {

const std::string kRide =
    R"({"rider_id":"r","pickup":{"lat":40.7,"lon":-73.9},"dropoff":{"lat":40.8,"lon":-73.9}})";

/// A gateway alone, which takes rides without the log, and what the system lets it have.
class ScarceTest : public ::testing::Test {
 protected:
  ScarceTest() {
    gateway_ = Child({(program_folder() / "hail-gateway").string(), "--broker",
                      "hailstorm://127.0.0.1:" + std::to_string(free_port()), "--data",
                      (folder_.path() / "gateway").string(), "--http-port", std::to_string(port_)},
                     {.in = {}, .out = {}, .err = (folder_.path() / "err").string()});
    EXPECT_TRUE(await([this] { return asks_well(); })) << read_text(folder_.path() / "err");
  }

  bool asks_well() {
    http::Client client({"127.0.0.1", port_}, 1'000);
    const auto answer = client.get("/rides/none");
    return answer.ok() && answer->status == 404;
  }
  /// The limit for as long as this lives.
  class Limit {
   public:
    Limit(pid_t pid, __rlimit_resource what, rlim_t soft) : pid_(pid), what_(what) {
      EXPECT_EQ(::prlimit(pid, what, nullptr, &before_), 0);
      const rlimit now{.rlim_cur = soft, .rlim_max = before_.rlim_max};
      EXPECT_EQ(::prlimit(pid, what, &now, nullptr), 0);
    }
    ~Limit() { ::prlimit(pid_, what_, &before_, nullptr); }
    Limit(const Limit&) = delete;
    Limit& operator=(const Limit&) = delete;

   private:
    pid_t pid_;
    __rlimit_resource what_;
    rlimit before_{};
  };

  TempFolder folder_;
  const int port_ = free_port();
  Child gateway_;
};

// Invariant 71.
// It must wait a moment then, and not ask again and again.
TEST_F(ScarceTest, WithoutADescriptorItDoesNotSpinAndServesAgainAfterwards) {
  {
    const Limit none(gateway_.pid(), RLIMIT_NOFILE, 3);
    std::vector<RawClient> clients;
    for (int i = 0; i < 50; ++i) clients.emplace_back(port_).send("GET / HTTP/1.1\r\n");
    const double before_s = figures_of(gateway_.pid()).cpu_s;
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(1);
    await([&] { return std::chrono::steady_clock::now() > until; });
    EXPECT_LT(figures_of(gateway_.pid()).cpu_s - before_s, 0.5);
    EXPECT_FALSE(asks_well());
  }
  EXPECT_TRUE(await([this] { return asks_well(); }));
  EXPECT_FALSE(gateway_.has_ended());
}

// Invariant 71.
// The address space is used up: there is no memory for a thread, a connection or a request.
TEST_F(ScarceTest, WithoutMemoryItLivesOnAndServesAgainAfterwards) {
  {
    const Limit none(gateway_.pid(), RLIMIT_AS, 1 << 20);
    std::vector<RawClient> clients;
    const std::string head =
        "POST /rides HTTP/1.1\r\nHost: localhost\r\nIdempotency-Key: k\r\n"
        "Content-Type: application/json\r\nContent-Length: ";
    for (int i = 0; i < 400; ++i) {
      clients.emplace_back(port_).send(head + "50000\r\n\r\n" + std::string(40'000, 'x'));
      clients.emplace_back(port_).send("GET /rides/none HTTP/1.1\r\nHost: localhost\r\n\r\n");
      clients.emplace_back(port_).send(head + std::to_string(kRide.size()) + "\r\n\r\n" + kRide);
    }
    for (auto& client : clients) client.end_sending();
    for (auto& client : clients) (void)client.read_to_end();
    EXPECT_FALSE(gateway_.has_ended()) << read_text(folder_.path() / "err");
  }
  EXPECT_TRUE(await([this] { return asks_well(); }));
}

}  // namespace
}  // namespace hailstorm::testing
