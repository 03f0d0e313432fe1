#include <csignal>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <gtest/gtest.h>
#include <string>

#include "common/http/client.h"
#include "common/json/json.h"
#include "services/lab/faults/fault.h"
#include "services/lab/faults/proc.h"
#include "tests/support/await.h"
#include "tests/support/child.h"
#include "tests/support/free_ports.h"
#include "tests/support/matchers.h"
#include "tests/support/run_program.h"
#include "tests/support/temp_folder.h"

namespace hailstorm::lab {
namespace {

using testing::await;

constexpr const char* kToken = "a-token-of-enough-characters";

/// An agent as its own process, with a broker that it has started, asked over HTTP.
struct AgentFaultsTest : ::testing::Test {
  const testing::TempFolder folder;
  const int port = testing::free_port();
  testing::Child agent;

  void SetUp() override {
    const std::string token_file = folder.path() / "token";
    std::ofstream(token_file) << kToken << "\n";
    const auto programs = testing::program_folder();
    agent = testing::Child({programs / "hail-lab", "agent", "--port", std::to_string(port),
                            "--token-file", token_file, "--logs", folder.path()},
                           {.err = folder.path() / "agent.log"});
    ASSERT_TRUE(await([this] { return send("GET", "/healthz").status == 200; }));
    const json::Value body = {
        {"argv", std::vector<std::string>{programs / "hail-broker", "--data", folder.path() / "d",
                                          "--port", "0", "--http-port", "0", "--kafka-port", "0"}},
        {"log", "broker.log"},
        {"restart", "always"}};
    ASSERT_EQ(send("PUT", "/processes/broker", json::to_text(body)).status, 200);
    ASSERT_TRUE(await([this] {
      return testing::read_text(folder.path() / "broker.log").find("\"listening\"") !=
             std::string::npos;
    }));
  }
  http::Response send(const std::string& method, const std::string& path, std::string body = "") {
    http::Client client({"127.0.0.1", port}, 10'000);
    http::Request request;
    request.method = method;
    request.path = path;
    request.body = std::move(body);
    request.headers = {{"Authorization", std::string("Bearer ") + kToken},
                       {"Content-Type", "application/json"}};
    auto response = client.send(request);
    http::Response none;
    none.status = 0;
    return response.ok() ? std::move(*response) : none;
  }
  http::Response ask(const std::string& action, const std::string& by = "lesson 2",
                     const std::string& target = "broker", const std::string& duration = "5m") {
    return send("POST", "/faults",
                fmt::format(R"({{"target":"{}","action":"{}","duration":"{}","by":"{}"}})", target,
                            action, duration, by));
  }
  static FaultState state_of(const http::Response& response) {
    const auto document = json::parse(response.body);
    const auto state =
        document.ok() ? fault_state_of(*document) : Result<FaultState>(document.error());
    EXPECT_OK(state);
    return state.ok() ? *state : FaultState();
  }
  pid_t broker_pid() {
    const auto document = json::parse(send("GET", "/processes/broker").body);
    const auto* pid = document.ok() ? document->find("pid") : nullptr;
    return pid == nullptr ? 0 : static_cast<pid_t>(pid->integer().value_or(0));
  }
};

TEST_F(AgentFaultsTest, AFaultIsInjectedListedAndRevertedOverHttp) {
  const auto answer = ask("freeze");
  ASSERT_EQ(answer.status, 201) << answer.body;
  const FaultState fault = state_of(answer);
  EXPECT_EQ(fault.phase, FaultPhase::proven) << fault.evidence;
  EXPECT_EQ(proc_status(broker_pid()).state, 'T');

  const auto list = json::parse(send("GET", "/faults").body);
  ASSERT_OK(list);
  EXPECT_EQ(list->find("faults")->elements()->size(), 1U);
  const std::string path = "/faults/" + fault.request.id;
  EXPECT_TRUE(state_of(send("GET", path)).is_on());
  EXPECT_FALSE(state_of(send("DELETE", path)).is_on());
  EXPECT_TRUE(await([&] { return state_of(send("GET", path)).phase == FaultPhase::proven_off; }));
  EXPECT_NE(proc_status(broker_pid()).state, 'T');
}

TEST_F(AgentFaultsTest, ASecondFaultOfAKindIsRefusedAndNamesTheHolder) {
  const std::string id = state_of(ask("freeze", "lesson 2")).request.id;
  const auto refused = ask("freeze", "lesson 3");
  EXPECT_EQ(refused.status, 409);
  const auto problem = json::parse(refused.body);
  ASSERT_OK(problem);
  EXPECT_EQ(*problem->find("holder")->text(), "lesson 2");
  EXPECT_EQ(*problem->find("holder_id")->text(), id);
}

TEST_F(AgentFaultsTest, WhatCannotBeDoneIsAProblemThatSaysWhy) {
  EXPECT_EQ(ask("freeze", "me", "nobody").status, 404);
  EXPECT_EQ(ask("burn").status, 422);
  EXPECT_EQ(ask("freeze", "me", "broker", "soon").status, 422);
  EXPECT_EQ(ask("disk_full").status, 422);
  EXPECT_EQ(send("POST", "/faults", "{").status, 422);
  EXPECT_EQ(send("GET", "/faults/f-1").status, 404);
  EXPECT_EQ(send("DELETE", "/faults/f-1").status, 404);
}

TEST_F(AgentFaultsTest, ResetRevertsAll) {
  ASSERT_EQ(ask("freeze").status, 201);
  ASSERT_EQ(ask("kill").status, 201);
  const auto reset = json::parse(send("POST", "/faults/reset").body);
  ASSERT_OK(reset);
  EXPECT_EQ(reset->find("reverted")->integer(), 2);
  EXPECT_NE(broker_pid(), 0);
  EXPECT_TRUE(await([this] { return proc_status(broker_pid()).state == 'S'; }));
}

TEST_F(AgentFaultsTest, ALeaseEndsThoughNobodyIsThereToEndIt) {
  const FaultState fault = state_of(ask("kill", "a shell that is gone", "broker", "300ms"));
  EXPECT_TRUE(await([&] {
    return state_of(send("GET", "/faults/" + fault.request.id)).phase == FaultPhase::proven_off;
  }));
  EXPECT_NE(broker_pid(), 0);
}

TEST_F(AgentFaultsTest, AtTheEndOfTheAgentItsFaultsAreRevertedAndItsProcessesEndKindly) {
  ASSERT_EQ(ask("freeze").status, 201);
  const pid_t pid = broker_pid();
  agent.terminate();
  EXPECT_EQ(agent.wait(), 0);
  EXPECT_TRUE(is_gone(pid));
  EXPECT_NE(testing::read_text(folder.path() / "broker.log").find("\"stopping\""),
            std::string::npos)
      << "the broker was killed";
}

TEST_F(AgentFaultsTest, WhatIsFrozenOrSlowDiesWithAnAgentThatIsKilled) {
  ASSERT_EQ(ask("freeze").status, 201);
  ASSERT_EQ(send("POST", "/faults",
                 R"({"target":"broker","action":"slow","duration":"5m",)"
                 R"("attributes":{"share_percent":50}})")
                .status,
            201);
  const pid_t pid = broker_pid();
  agent.kill();
  EXPECT_TRUE(await([pid] { return is_gone(pid); }));
}

}  // namespace
}  // namespace hailstorm::lab
