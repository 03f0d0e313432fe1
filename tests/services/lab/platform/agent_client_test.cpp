#include "services/lab/platform/agent_client.h"

#include <filesystem>
#include <fmt/format.h>
#include <fstream>

#include "services/lab/agent/agent.h"
#include "services/lab/platform/errors.h"
#include "tests/support/await.h"
#include "tests/support/matchers.h"
#include "tests/support/run_program.h"
#include "tests/support/temp_folder.h"

namespace hailstorm::lab {
namespace {

constexpr const char* kToken = "a-token-of-enough-characters";

struct AgentClientTest : ::testing::Test {
  const testing::TempFolder folder;
  const std::string program = folder.path() / "hail-sleep";
  const SystemClock clock;
  ProcessTable table{clock};
  FaultBoard faults{{}, clock};
  LinkRelay relay{clock};
  LinkTable links{relay};
  Agent agent{table, links, faults, {folder.path(), folder.path()}, {}, kToken};
  std::unique_ptr<AgentClient> client;

  void SetUp() override {
    std::ofstream(program) << "#!/bin/sh\nexec sleep 1000\n";
    std::filesystem::permissions(program, std::filesystem::perms::owner_all);
    ASSERT_OK(agent.start());
    client = std::make_unique<AgentClient>("127.0.0.1", agent.port(), kToken);
    ASSERT_TRUE(client->alive());
  }
};

TEST_F(AgentClientTest, HoldsAProcessOverHttp) {
  const auto started = client->start("sleeper", {{program}, ""});
  ASSERT_OK(started);
  EXPECT_EQ(started->state, ProcessState::running);
  EXPECT_EQ(client->act("sleeper", "freeze")->state, ProcessState::frozen);
  EXPECT_EQ(client->act("sleeper", "thaw")->state, ProcessState::running);
  EXPECT_EQ(client->act("sleeper", "kill")->signal, 9);
  EXPECT_EQ(client->act("sleeper", "start")->restarts, 1);
  const auto view = client->list();
  ASSERT_OK(view);
  ASSERT_EQ(view->processes.size(), 1U);
  EXPECT_EQ(view->processes.front().name, "sleeper");
  EXPECT_GT(view->agent_rss_kb, 0);
}

TEST_F(AgentClientTest, ALinkKeepsItsPortWhenItsProcessIsStartedAgain) {
  std::ofstream(program) << "#!/bin/sh\necho $1 > " << (folder.path() / "where").string()
                         << "\nexec sleep 1000\n";
  ASSERT_OK(client->start("sleeper", {{program, "{broker}"}, ""}, RestartPolicy::never,
                          {{"broker", "127.0.0.1:7400"}}));
  const auto where = [&] { return testing::read_text(folder.path() / "where"); };
  ASSERT_TRUE(testing::await([&] { return where().ends_with("\n"); }));
  const std::string before = where();
  std::filesystem::remove(folder.path() / "where");
  ASSERT_OK(client->act("sleeper", "kill"));
  ASSERT_OK(client->act("sleeper", "start"));
  ASSERT_TRUE(testing::await([&] { return where().ends_with("\n"); }));
  EXPECT_EQ(where(), before);
  EXPECT_EQ(before, fmt::format("127.0.0.1:{}\n", relay.links().at(0).port));
  const auto view = client->list();
  ASSERT_OK(view);
  ASSERT_EQ(view->links.size(), 1U);
  EXPECT_EQ(view->links[0].name, "sleeper:broker");
}

TEST_F(AgentClientTest, StartsNothingButProgramsOfItsFolder) {
  EXPECT_FAILS_WITH(client->start("shell", {{"/bin/sh", "-c", "sleep 1000"}, ""}),
                    PlatformErrc::agent_failed);
  EXPECT_FAILS_WITH(client->start("sleeper", {{program}, "/tmp/../tmp/sleeper.log"}),
                    PlatformErrc::agent_failed);
  EXPECT_TRUE(client->list()->processes.empty());
  EXPECT_OK(client->start("sleeper", {{program}, folder.path() / "sleeper.log"}));
}

TEST_F(AgentClientTest, PassesTheAgentsRefusalOn) {
  const auto refused = client->act("nobody", "kill");
  EXPECT_FAILS_WITH(refused, PlatformErrc::agent_failed);
  EXPECT_NE(refused.error().message().find("nobody"), std::string::npos);
}

TEST_F(AgentClientTest, AnotherTokenIsRefused) {
  AgentClient stranger("127.0.0.1", agent.port(), "some-other-token");
  EXPECT_FAILS_WITH(stranger.list(), PlatformErrc::agent_failed);
  EXPECT_FAILS_WITH(stranger.start("sleeper", {{program}, ""}), PlatformErrc::agent_failed);
  EXPECT_TRUE(table.list().empty());
}

}  // namespace
}  // namespace hailstorm::lab
