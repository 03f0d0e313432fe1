#include <csignal>
#include <filesystem>
#include <fstream>
#include <sys/resource.h>

#include "common/events/events.h"
#include "common/http/client.h"
#include "services/registry/services.h"
#include "tests/support/await.h"
#include "tests/support/matchers.h"
#include "tests/support/run_program.h"
#include "tests/system/system_fixture.h"

namespace hailstorm::testing {
namespace {

const std::vector<std::string> kServices = registry::names();

/// Real processes whose readiness must be true, while each stays alive.
class ReadinessTest : public ::testing::Test {
 protected:
  http::Response get(const std::string& name, const std::string& path) const {
    auto answer = http::Client({"127.0.0.1", platform_.http_port(name)}, 2'000).get(path);
    return answer.ok() ? std::move(answer).value() : http::Response{0, "", "", {}};
  }
  bool is_ready(const std::string& name) const { return get(name, "/readyz").status == 200; }
  /// It comes to say that it is not ready, with these words, and is alive all the same.
  void expect_reason(const std::string& name, const std::string& words) const {
    http::Response last;
    EXPECT_TRUE(await([&] {
      last = get(name, "/readyz");
      return last.status == 503 && last.body.find(words) != std::string::npos;
    })) << name
        << " does not say \"" << words << "\" but " << last.status << ' ' << last.body;
    EXPECT_EQ(get(name, "/healthz").status, 200) << name;
  }
  void expect_ready(const std::vector<std::string>& names) const {
    for (const auto& name : names)
      EXPECT_TRUE(await([&] { return is_ready(name); })) << name << get(name, "/readyz").body;
  }
  ProgramResult hail(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), program_folder() / "hail");
    const int port = platform_.http_port("broker") - 1;
    arguments.insert(arguments.end(),
                     {"--broker", "hailstorm://127.0.0.1:" + std::to_string(port)});
    return run_program(arguments);
  }
  Result<log::TopicInfo> describe(const std::string& topic) {
    HAIL_ASSIGN_OR_RETURN(const auto all,
                          platform_.log().make_admin(1'000)->describe_topics({topic}));
    return all.front();
  }
  void expect_made_again(const std::string& topic, const Uuid& deleted) {
    EXPECT_TRUE(await([&] {
      const auto found = describe(topic);
      return found.ok() && found->topic_id != deleted;
    })) << topic;
  }
  void limit_files(const std::string& name, rlim_t bytes) const {
    rlimit limit{};
    const pid_t pid = platform_.pids().at(name);
    ASSERT_EQ(::prlimit(pid, RLIMIT_FSIZE, nullptr, &limit), 0);
    limit.rlim_cur = std::min(bytes, limit.rlim_max);
    ASSERT_EQ(::prlimit(pid, RLIMIT_FSIZE, &limit, nullptr), 0);
  }
  int post_ride() const {
    http::Request request;
    request.method = "POST";
    request.path = "/rides";
    request.headers = {{"Content-Type", "application/json"}};
    request.body = R"({"rider_id":"r","pickup":{"lat":40.75,"lon":-73.98},)"
                   R"("dropoff":{"lat":40.76,"lon":-73.97}})";
    const auto answer =
        http::Client({"127.0.0.1", platform_.http_port("gateway")}, 5'000).send(request);
    return answer.ok() ? answer->status : 0;
  }

  Platform platform_;
};

TEST_F(ReadinessTest, ADeletedTopicIsMadeAgainUnderRidersAndLaterRidesSettle) {
  const auto before = describe("ride_requested");
  ASSERT_OK(before);
  platform_.ride(900, 300);
  platform_.wait_for_events("matching", 50);
  ASSERT_EQ(hail({"topics", "delete", "ride_requested"}).exit_code, 0);
  expect_made_again("ride_requested", before->topic_id);
  expect_ready(kServices);
  platform_.wait_for_riders();
  platform_.wait_until_settled();
  const auto earlier = platform_.audit();
  platform_.ride(300, 300);
  platform_.wait_for_riders();
  platform_.wait_until_settled();
  const auto all = platform_.audit();
  EXPECT_EQ(all.requested, 1'200) << all.text;
  EXPECT_EQ(all.settled - earlier.settled, 300) << all.text;
  EXPECT_EQ(all.lost, earlier.lost) << all.text;
  EXPECT_EQ(all.duplicated, 0) << all.text;
}

TEST_F(ReadinessTest, EachTopicOfThePlatformIsMadeAgainByARunningService) {
  auto topics = events::all_types();
  topics.emplace_back(events::kDeadLetterTopic);
  for (const auto& topic : topics) {
    const auto before = describe(topic);
    ASSERT_OK(before);
    ASSERT_EQ(hail({"topics", "delete", topic}).exit_code, 0);
    expect_made_again(topic, before->topic_id);
  }
  expect_ready(kServices);
}

TEST_F(ReadinessTest, AFrozenBrokerIsSaidByTheServicesThatNeedIt) {
  const pid_t broker = platform_.pids().at("broker");
  ::kill(broker, SIGSTOP);
  for (const auto& name : {"matching", "payment", "notification", "analytics"})
    expect_reason(name, "the log does not answer");
  EXPECT_TRUE(is_ready("gateway")) << "rides are accepted without the log";
  ::kill(broker, SIGCONT);
  expect_ready(kServices);
}

TEST_F(ReadinessTest, AStoreThatTakesNoWritesIsSaidUntilItTakesThem) {
  limit_files("gateway", 4'096);
  EXPECT_GE(post_ride(), 500);
  expect_reason("gateway", "the store takes no writes");
  limit_files("gateway", RLIM_INFINITY);
  expect_ready({"gateway"});  // and no ride was needed for that
  EXPECT_EQ(post_ride(), 202);
}

TEST_F(ReadinessTest, AnOutboxThatDoesNotMoveIsSaidUntilItMoves) {
  limit_files("broker", 0);
  EXPECT_EQ(post_ride(), 202);
  expect_reason("broker", "disk is full");
  expect_reason("gateway", "the outbox has not moved for ");
  limit_files("broker", RLIM_INFINITY);
  expect_ready({"gateway", "broker"});
  platform_.wait_until_settled();
}

TEST_F(ReadinessTest, APartitionThatIsClosedIsSaidByItsWriterAndItsReadersAndTheBroker) {
  platform_.ride(60, 300);
  platform_.wait_for_riders();
  platform_.wait_until_settled();
  platform_.stop("broker");
  const auto folder = platform_.data() / "broker" / "ride_requested-0";
  std::filesystem::remove(folder / "checkpoint");
  std::fstream file(folder / "00000000000000000000.log",
                    std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(70);
  file.put('\x55');
  file.close();
  platform_.start("broker");
  expect_reason("broker", "ride_requested-0");
  expect_reason("gateway", "ride_requested-0");
  expect_reason("matching", "ride_requested-0");
}

}  // namespace
}  // namespace hailstorm::testing
