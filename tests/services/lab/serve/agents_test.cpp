#include <csignal>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <sched.h>
#include <string>
#include <sys/mount.h>
#include <vector>

#include "common/base/token_file.h"
#include "services/lab/api/lab_client.h"
#include "services/registry/services.h"
#include "tests/support/await.h"
#include "tests/support/child.h"
#include "tests/support/free_ports.h"
#include "tests/support/run_program.h"
#include "tests/support/temp_folder.h"

/// A lab of processes that each have an agent of their own, as in containers.
namespace hailstorm::testing {
namespace {

namespace fs = std::filesystem;

/// This process, and what it starts, finds each process of the platform under its own name. False:
/// mounting is not permitted.
bool name_hosts(const std::vector<std::string>& names, const fs::path& file) {
  {
    std::ofstream hosts(file);
    hosts << "127.0.0.1 localhost\n";
    int last = 1;
    for (const auto& name : names) hosts << "127.0.1." << last++ << " " << name << "\n";
  }
  return ::unshare(CLONE_NEWNS) == 0 &&
         ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
         ::mount(file.c_str(), "/etc/hosts", nullptr, MS_BIND, nullptr) == 0;
}

class AgentsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto names = registry::names();
    names.insert(names.begin(), "broker");
    if (!name_hosts(names, folder_.path() / "hosts")) {
      GTEST_SKIP() << "mounting is not permitted here";
    }
    fs::create_directories(data_ / "traffic");
    for (const auto& name : names) start_agent(name);
  }
  void TearDown() override {
    for (auto& agent : agents_) agent.terminate();
    for (auto& agent : agents_) agent.wait();
    ::umount2("/etc/hosts", MNT_DETACH);
  }

  void start_agent(const std::string& name) {
    const fs::path token = folder_.path() / "tokens" / name / "token";
    fs::create_directories(token.parent_path());
    std::vector<std::string> command = {program("lab"), "agent",       "--host",
                                        name,           "--port",      port(registry::kAgentPort),
                                        "--http-hosts", name,          "--fallback-token",
                                        token,          "--hold",      name,
                                        "--",           program(name), "--data",
                                        data_ / name};
    const auto add = [&command](std::vector<std::string> more) {
      command.insert(command.end(), more.begin(), more.end());
    };
    if (name == "broker") {
      add({"--host", name, "--port", port(registry::kBrokerPort), "--http-port",
           port(registry::kBrokerHttpPort), "--kafka-port", "0", "--http-hosts", name});
    } else {
      const auto& service = registry::service(name);
      add({"--broker", "hailstorm://broker:" + port(registry::kBrokerPort), "--http-host", name,
           "--http-port", port(service.port_offset), "--http-hosts", name, "--instance-id",
           name + "-1"});
      if (!service.next_hop.empty()) {
        const int offset = registry::service(service.next_hop).port_offset;
        add({"--next", "http://" + service.next_hop + ":" + port(offset)});
      }
    }
    agents_.emplace_back(command, Streams{.err = folder_.path() / (name + ".log")});
  }

  Child spawn_lab() {
    fs::remove(token_file());
    return Child({program("lab"), "serve", "--agents", "--agent-tokens", folder_.path() / "tokens",
                  "--data", data_, "--base-port", std::to_string(base_port_)},
                 {.err = folder_.path() / "lab.log"});
  }

  Child start_lab() {
    Child lab = spawn_lab();
    EXPECT_TRUE(await([&] {
      if (lab.has_ended()) lab = spawn_lab();  // an agent had no token yet
      return fs::exists(token_file()) && number("processes.payment.ready") == 1;
    }));
    return lab;
  }

  [[nodiscard]] lab::LabClient client() const {
    return {{"127.0.0.1", base_port_ + registry::kLabPort},
            "Bearer " + read_token(token_file()).value()};
  }
  [[nodiscard]] int64_t number(const std::string& path) const {
    const auto value = client().get("/api/value/" + path);
    return value.ok() ? static_cast<int64_t>(value->number().value_or(-1)) : -1;
  }
  [[nodiscard]] std::string token_file() const { return data_ / "lab" / "lab-token"; }
  [[nodiscard]] static std::string program(const std::string& name) {
    return program_folder() / ("hail-" + name);
  }
  [[nodiscard]] std::string port(int offset) const { return std::to_string(base_port_ + offset); }
  /// "T": it stands still.
  [[nodiscard]] static std::string state_of(int64_t pid) {
    const std::string status = read_text("/proc/" + std::to_string(pid) + "/status");
    const size_t at = status.find("State:\t");
    return at == std::string::npos ? "" : status.substr(at + 7, 1);
  }

  const TempFolder folder_;
  const fs::path data_ = folder_.path() / "data";
  const int base_port_ = free_ports(registry::port_range());
  std::vector<Child> agents_;
};

TEST_F(AgentsTest, AFaultEndsInTimeThoughItsLabWasKilled) {
  Child lab = start_lab();
  const auto pid = number("processes.payment.pid");
  ASSERT_GT(pid, 0);
  const auto fault = client().post(
      "/api/faults", {{"target", "payment"}, {"action", "freeze"}, {"duration", "2s"}});
  ASSERT_TRUE(fault.ok()) << fault.error().message();
  ASSERT_EQ(*fault->find("phase")->text(), "proven");
  lab.kill();
  EXPECT_EQ(state_of(pid), "T") << "the agent has the fault, not the lab";
  EXPECT_TRUE(await([pid] { return state_of(pid) == "S"; }));

  lab = start_lab();
  EXPECT_EQ(number("processes.payment.pid"), pid) << "the platform does not end with its lab";
  const auto known = client().get("/api/faults/" + *fault->find("id")->text());
  ASSERT_TRUE(known.ok()) << known.error().message();
  const int64_t lasted_ms =
      *known->find("reverted_at_ms")->integer() - *known->find("injected_at_ms")->integer();
  EXPECT_GE(lasted_ms, 1'990);
  EXPECT_LE(lasted_ms, 4'000);
}

TEST_F(AgentsTest, EachFaultGoesToTheAgentOfItsTargetAndResetEndsAll) {
  const Child lab = start_lab();
  for (const auto* target : {"payment", "matching", "broker"}) {
    const auto fault =
        client().post("/api/faults", {{"target", target}, {"action", "kill"}, {"duration", "5m"}});
    ASSERT_TRUE(fault.ok()) << fault.error().message();
    EXPECT_EQ(*fault->find("phase")->text(), "proven") << json::to_text(*fault);
  }
  EXPECT_EQ(number("faults.on"), 3);
  const auto reset = client().post("/api/faults/reset", json::Value::object());
  ASSERT_TRUE(reset.ok()) << reset.error().message();
  EXPECT_EQ(*reset->find("reverted")->integer(), 3);
  EXPECT_TRUE(await([this] { return number("processes.payment.ready") == 1; }));
}

TEST_F(AgentsTest, RidersOfTheLabRideInThePlatformOfOthers) {
  const Child lab = start_lab();
  ASSERT_TRUE(client().put("/api/traffic", {{"rate", 100}}).ok());
  ASSERT_TRUE(await([this] { return number("traffic.rides") > 50; }));
  ASSERT_TRUE(client().put("/api/traffic", {{"rate", 0}}).ok());
  ASSERT_TRUE(await([this] { return number("traffic.running") == 0; }));
  const auto audit = client().get("/api/audit?within_s=30");
  ASSERT_TRUE(audit.ok()) << audit.error().message();
  EXPECT_EQ(json::to_text(*audit->find("log")->find("settled")),
            json::to_text(*audit->find("log")->find("requested")));
}

TEST_F(AgentsTest, AStoryInThePlatformOfOthersEndsItsFaultsAlsoWhenItIsStopped) {
  (void)start_lab();  // all agents are there; the story needs no lab
  const auto story = [this](const std::string& rides, const std::string& rate) {
    const fs::path claims = data_ / "traffic" / "claimed";
    return std::vector<std::string>{
        program("lab"), "story",   "--agents", "--agent-tokens", folder_.path() / "tokens",
        "--data",       data_,     "--claims", claims,           "--base-port",
        port(0),        "--rides", rides,      "--rate",         rate};
  };
  const auto notified = [this](const std::string& phase) {
    const std::string log = read_text(folder_.path() / "notification.log");
    return log.find("\"phase\":\"" + phase + "\"") != std::string::npos;
  };
  const std::string out = folder_.path() / "story.out";
  Child stopped(story("24", "2"), {.in = {}, .out = out});
  ASSERT_TRUE(await([&] { return notified("proven"); })) << read_text(out);
  stopped.interrupt();
  EXPECT_EQ(stopped.wait(), 128 + SIGINT) << read_text(out);
  EXPECT_TRUE(notified("reverted"));

  const auto whole = run_program(story("240", "200"));
  EXPECT_EQ(whole.exit_code, 0) << whole.out << whole.err;
}

}  // namespace
}  // namespace hailstorm::testing
